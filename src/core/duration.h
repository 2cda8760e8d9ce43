// A span of time as it was given, in hours or minutes, and in the microseconds in which the stages count.
#pragma once

#include <cstdint>

namespace causal_sessions {

struct Duration {
  double given = 0;
  std::int64_t us = 0;

  bool operator==(const Duration&) const = default;
};

// To whole nanoseconds as pandas' Timedelta(hours=...) computes them, 4.1 hours being one short of 14,760 seconds; then
// down to whole microseconds: times have no finer digits, so "longer than" stays exact.
constexpr Duration hours(double given) { return {given, static_cast<std::int64_t>(given * 3600 * 1e9) / 1000}; }

constexpr Duration minutes(double given) { return {given, static_cast<std::int64_t>(given * 60 * 1e6)}; }

}  // namespace causal_sessions
