// Times between instants, which reach to the end of 64 bits.
#pragma once

#include <cstdint>

namespace causal_sessions {

// From one instant to a later one; INT64_MAX where 64 bits do not hold it.
constexpr std::int64_t elapsed_us(std::int64_t from_us, std::int64_t to_us) {
  const std::uint64_t between = static_cast<std::uint64_t>(to_us) - static_cast<std::uint64_t>(from_us);
  return between > INT64_MAX ? INT64_MAX : static_cast<std::int64_t>(between);
}

// The instant that is later by so much, at most the last one.
constexpr std::int64_t later(std::int64_t time_us, std::int64_t by_us) {
  return time_us > INT64_MAX - by_us ? INT64_MAX : time_us + by_us;
}

}  // namespace causal_sessions
