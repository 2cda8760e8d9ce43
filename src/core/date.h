// An instant as it was given, as text, and in microseconds since 1970-01-01 UTC.
#pragma once

#include <cstdint>
#include <string>

namespace causal_sessions {

struct Date {
  std::string given;  // empty: unset
  std::int64_t us = 0;

  [[nodiscard]] bool is_set() const { return !given.empty(); }
};

}  // namespace causal_sessions
