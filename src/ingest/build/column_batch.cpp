#include "ingest/build/column_batch.h"

#include "core/civil_time.h"
#include "core/cold.h"
#include "core/wording.h"

namespace causal_sessions {

COLD std::string cannot_be(const std::string& type, Role role) {
  const char* const taken = is_of_times(role) ? "a timestamp, a date, an epoch number or text is needed"
                                              : "text, a number, a boolean or a UUID is needed";
  const bool value = role == Role::kValue, known = role == Role::kKnownAt;
  const std::string name = value || known ? "" : kRoleNames[static_cast<std::size_t>(role)];
  return filled("its type, {}, cannot be {}; {}. Cast the column before it is written, or name another in the plan: {}",
                {type,
                 value   ? "a covariate"
                 : known ? "when an event became known"
                         : "the " + name,
                 taken,
                 value   ? "covariates.columns"
                 : known ? "columns.knownAt"
                         : "columns." + name});
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

COLD std::string TimeColumn::text(std::size_t row) const {
  const std::int64_t value = values[row];
  const std::int64_t scale = unit == Unit::kSeconds ? 1'000'000 : unit == Unit::kMilliseconds ? 1000 : 1;
  constexpr std::int64_t kMostUs = INT64_MAX - 100'000'000'000'000;  // as the event builder has it
  const bool fits = value <= kMostUs / scale && value >= -kMostUs / scale;
  if (unit == Unit::kEpoch || !fits || state(row) > kDigitsCut) return shown(row);
  std::string text = format_utc(unit == Unit::kNanoseconds ? value / 1000 - (value % 1000 < 0) : value * scale);
  if (local) text.pop_back();  // the Z: it has no zone
  return dates ? text.substr(0, text.find('T')) : text;
}

}  // namespace causal_sessions
