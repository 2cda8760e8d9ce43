// Time from one instant to a later one; INT64_MAX where 64 bits do not hold it.
#pragma once

#include <cstdint>

namespace causal_sessions {

constexpr std::int64_t elapsed_us(std::int64_t from_us, std::int64_t to_us) {
  const std::uint64_t between = static_cast<std::uint64_t>(to_us) - static_cast<std::uint64_t>(from_us);
  return between > INT64_MAX ? INT64_MAX : static_cast<std::int64_t>(between);
}

}  // namespace causal_sessions
