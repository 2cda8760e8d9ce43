// Time zones by their IANA names: the offsets that the host has for 1990 to 2037, asked once and kept as a table.
//
// Local times are read as Temporal's "compatible" reads them: one that the clock jumped over with the offset before the jump,
// so that it moves forward; one that it showed twice as the earlier of both.
//
// Units:   microseconds since 1970-01-01, UTC or local.
// Edges:   before 1990 and after 2037 the offsets at the ends hold.
// Cost:    some thousand questions to the host a zone; a local time is found at once in the interval of the one before, or
//          else by bisection.
// Source:  the IANA time zone database, by way of the host; TC39, Temporal, "disambiguation".
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace causal_sessions {

// What a zone's clock did at a local time: it jumped over it, or showed it twice.
enum class ClockChange : std::uint8_t { kNone, kSkipped, kRepeated };

class TimeZone {
 public:
  // Asks for the offset, in seconds, at so many seconds since 1970-01-01 UTC.
  using OffsetAt = std::int64_t (*)(std::int64_t utc_seconds);

  // Null: the host has no zone of this name, or the name is not one of the IANA list that all hosts have.
  [[nodiscard]] static std::shared_ptr<const TimeZone> load(const std::string& name);
  explicit TimeZone(OffsetAt ask);

  // UTC of a local time. `near`: where the last one was found, of no matter whom; it becomes where this one is.
  [[nodiscard]] std::pair<std::int64_t, ClockChange> to_utc(std::int64_t local_us, std::size_t& near) const;
  [[nodiscard]] std::int64_t offset_at(std::int64_t utc_us) const;
  // Whether its offset is the same in all these years.
  [[nodiscard]] bool is_fixed() const { return intervals_.size() == 1; }

  bool operator==(const TimeZone&) const = default;

 private:
  // A time without a change of the offset.
  struct Interval {
    std::int64_t begin_us;      // UTC; of the first one the beginning of all time
    std::int64_t offset_us;     // east of UTC
    std::int64_t local_end_us;  // what its clock would show at its end; of the last one the end of all time
    bool operator==(const Interval&) const = default;
  };
  std::vector<Interval> intervals_;
};

}  // namespace causal_sessions
