#include "ingest/build/column_batch.h"

#include "core/cold.h"

namespace causal_sessions {

COLD std::string cannot_be(const std::string& type, Role role) {
  const char* const taken = role == Role::kTime ? "a timestamp, a date, an epoch number or text is needed"
                                                : "text, a number, a boolean or a UUID is needed";
  return "its type, " + type + ", cannot be the " + kRoleNames[static_cast<std::size_t>(role)] + "; " + taken +
         ". Cast the column before it is written, or name another in the plan: columns." +
         kRoleNames[static_cast<std::size_t>(role)];
}

COLD std::string too_coarse(const std::string& type) {
  return "its type, " + type +
         ", cannot be the time: it has at most seven digits, and the epoch seconds of these years have ten. Write the times as "
         "timestamps, whole numbers or 64-bit floats, or name another column in the plan: columns.time";
}

COLD std::string TimeColumn::shown(std::size_t row) const {
  switch (state(row)) {
    case kUnsigned: return std::to_string(static_cast<std::uint64_t>(values[row]));
    case kJulian: return "Julian day " + std::to_string(values[row]);
    default: return std::to_string(values[row]);
  }
}

}  // namespace causal_sessions
