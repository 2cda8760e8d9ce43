// Microseconds -> minutes as pandas gives them: Timedelta.total_seconds() / 60.0.
#pragma once

#include <cstdint>

namespace causal_sessions {

// pandas adds whole seconds and their fraction, each already rounded, which in one value of thirty differs in the last
// bit from microseconds / 1e6.
inline double minutes_from_us(std::int64_t us) {
  return (static_cast<double>(us / 1'000'000) + static_cast<double>(us % 1'000'000) / 1e6) / 60.0;
}

}  // namespace causal_sessions
