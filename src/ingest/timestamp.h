// Time texts: ISO 8601 / RFC 3339 dates and times and a few others that can be read in one way alone, the formats of a plan,
// and epoch numbers whose unit is decided later, over all rows.
//
// Dates:   YYYY-MM-DD, optionally `T` or a space and HH:MM[:SS[.fraction of up to 9 digits]], optionally `Z`,
//          ` UTC`, ` GMT`, the name of the plan's zone or an offset (+HH, +HHMM, +HH:MM). Without `-` and `:` as in 20250905T070300Z; as in e-mails
//          and HTTP (RFC 2822), as in the logs of Apache, and as JavaScript writes a Date. Text without a zone is local to the plan's.
// Numbers: digits with an optional sign, decimal point or comma, and exponent. Where the plan says that they are a spreadsheet's days,
//          they become microseconds here, local ones and rounded to the millisecond, as a millionth of a day is too coarse.
// Units:   microseconds since 1970-01-01 UTC; finer digits are cut and reported.
// Edges:   24:00:00 is midnight at the end of its day; a leap second, :60, is the first instant of the next second.
// Cost:    a day that was the last one parsed is not computed again; YYYY-MM-DD HH:MM:SS.ffffff without a
//          zone is read in words of eight bytes. Other forms are tried once these have failed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/parsed_time.h"
#include "ingest/reading_options.h"
#include "ingest/time_format.h"

namespace causal_sessions {

class TimestampParser {
 public:
  explicit TimestampParser(std::int64_t zone_offset_us = 0) : zone_offset_us_(zone_offset_us) {}
  explicit TimestampParser(const ReadingOptions::Time& options);
  [[nodiscard]] ParsedTime parse(std::string_view text);
  // A number that no text is: digits of a format, or a number as parse() gives it.
  [[nodiscard]] ParsedTime parse(std::int64_t value);
  // A local time becomes UTC by the plan's zone.
  void to_utc(ParsedTime& time) {
    time.value -= zone_offset_us_;
    if (zone_table_ != nullptr) [[unlikely]]
      time = by_table(time);
  }

 private:
  [[nodiscard]] bool is_last_day(const char* text) const;
  [[nodiscard]] ParsedTime parse_other(std::string_view text);
  [[nodiscard]] ParsedTime parse_planned(std::string_view text);
  [[nodiscard]] ParsedTime parse_days(std::string_view text);
  // By value, so that the time of a fast path stays in registers.
  [[nodiscard]] ParsedTime by_table(ParsedTime time);
  std::int64_t zone_offset_us_;  // 0 where there is a table
  std::shared_ptr<const TimeZone> zone_table_;
  std::size_t near_ = 0;             // in the table
  std::string zone_name_;            // as the plan has it
  bool days_ = false;                // numbers are a spreadsheet's
  bool planned_ = false;             // numbers or texts are read as the plan says, and in no other way
  std::vector<TimeFormat> formats_;  // the plan's
  std::size_t last_other_ = 0;       // of the other forms: that of the last text that had one
  char last_day_[10] = {};
  std::int64_t last_day_us_ = 0;  // its midnight
};

}  // namespace causal_sessions
