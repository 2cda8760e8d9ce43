// Spans of time in microseconds, as the behaviour of users and the stream of their events count them.
#pragma once

#include <cstdint>

namespace causal_sessions {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;

}  // namespace causal_sessions
