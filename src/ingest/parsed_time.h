// What a time text, or a number in the place of one, was read as.
#pragma once

#include <cstdint>

#include "core/time_zone.h"

namespace causal_sessions {

struct ParsedTime {
  enum class Kind : std::uint8_t { kBad, kDate, kNumber };
  Kind kind = Kind::kBad;
  bool zoned = false;                       // kDate: it names its zone
  bool cut = false;                         // digits beyond the microsecond (numbers: beyond the sixth decimal) were cut
  std::int64_t value = 0;                   // kDate: microseconds UTC; kNumber: whole part, towards minus infinity
  std::uint32_t millionths = 0;             // kNumber: the fraction
  ClockChange change = ClockChange::kNone;  // kDate: of the plan's zone
};

}  // namespace causal_sessions
