// Time texts: ISO 8601 / RFC 3339 dates and times, and epoch numbers whose unit is decided later, over all rows.
//
// Dates:   YYYY-MM-DD, optionally `T` or a space and HH:MM[:SS[.fraction of up to 9 digits]], optionally `Z`,
//          ` UTC` or an offset (+HH, +HHMM, +HH:MM). Text without a zone is local to the given offset.
// Numbers: digits with an optional sign, decimal point and exponent.
// Units:   microseconds since 1970-01-01 UTC; finer digits are cut and reported.
// Cost:    a day that was the last one parsed is not computed again; YYYY-MM-DD HH:MM:SS.ffffff without a
//          zone is read in words of eight bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace causal_sessions {

struct ParsedTime {
  enum class Kind : std::uint8_t { kBad, kDate, kNumber };
  Kind kind = Kind::kBad;
  bool zoned = false;            // kDate: it names its zone
  bool cut = false;              // digits beyond the microsecond (numbers: beyond the sixth decimal) were cut
  std::int64_t value = 0;        // kDate: microseconds UTC; kNumber: whole part, towards minus infinity
  std::uint32_t millionths = 0;  // kNumber: the fraction
};

class TimestampParser {
 public:
  explicit TimestampParser(std::int64_t zone_offset_us = 0) : zone_offset_us_(zone_offset_us) {}
  [[nodiscard]] ParsedTime parse(std::string_view text);

 private:
  [[nodiscard]] bool is_last_day(const char* text) const;

  std::int64_t zone_offset_us_;
  char last_day_[10] = {};
  std::int64_t last_day_us_ = 0;  // its midnight
};

// "+02:00", "-0530", "+02", "Z" as microseconds east of UTC.
[[nodiscard]] std::optional<std::int64_t> read_utc_offset(std::string_view text);

// Days since 1970-01-01 of a date of the proleptic Gregorian calendar.
[[nodiscard]] std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day);

}  // namespace causal_sessions
