// Epoch numbers: times given as numbers, whose unit, and whether they are Unix times at all, is decided over all of them.
//
// A number is a time only if all of them can be one. Digits that read as calendar dates (20250901, 20250901103000), and
// numbers that all lie outside of kFirstPlausible to kLastPlausible in their unit (days of a spreadsheet, times of the day,
// other clocks' ticks), are refused unless the plan names the unit.
//
// Units:   s, ms, us, ns since 1970-01-01 UTC, told by magnitude.
// Errors:  kMixedTimeUnits, kBadTimes.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.h"
#include "ingest/reading_options.h"

namespace causal_sessions {

// 1991: later than anything that .NET's ticks, read as nanoseconds, give before the year 2100.
constexpr std::int64_t kFirstPlausibleUs = 662'688'000'000'000;
// 2033-05-18: 2,000,000,000 seconds, from which on every second would also read as YYYYMMDDHH. A fixed date, not the clock
// of the machine, so that the same input gives the same answer on every day.
constexpr std::int64_t kLastPlausibleUs = 2'000'000'000'000'000;

constexpr std::array<const char*, 4> kUnitNames = {"s", "ms", "us", "ns"};

struct TimeSummary {
  std::string unit = "text";            // text, s, ms, us or ns
  std::int64_t min_us = 0, max_us = 0;  // over the events kept
  std::uint64_t cut = 0;                // times with digits beyond the microsecond
  std::uint64_t zoned = 0;              // times that name their zone; epoch numbers need none
};

struct EpochNumbers {
  // A number as it stands in the data, for messages.
  struct Example {
    std::uint64_t rows = 0;  // that are like it
    std::uint64_t row = 0;   // of the first
    std::string file, text;
  };
  Example any;                   // all numbers
  std::array<Example, 4> units;  // those of one unit; zero is 1970 in every unit
  bool calendar = true;          // each reads as a calendar date so far

  void note(std::int64_t value, std::string_view text, const std::string& file, std::uint64_t row) {
    if (any.rows++ == 0) begin(any, value, text, file, row);
    if (calendar) calendar = reads_as_calendar(value);
    if (value == 0) return;
    Example& example = units[unit_of(value)];
    if (example.rows++ == 0) begin(example, value, text, file, row);
  }

  // The position of the unit in kUnitNames: the plan's, or the one that all have.
  [[nodiscard]] Result<std::size_t> unit(const ReadingOptions& options, const std::string& column) const;
  // Whether digits that read as a calendar date are meant as one. Refuses them.
  [[nodiscard]] Status check_calendar(const ReadingOptions& options, const std::string& column) const;
  // Refuses times that all lie outside of what is plausible; `date_column` as in IssueContext.
  [[nodiscard]] Error implausible(std::size_t unit, std::int64_t first_us, const std::string& column,
                                  const std::string& date_column) const;

  // The unit whose years 1973 to 5138 hold the number; seconds also hold everything nearer to 1970.
  [[nodiscard]] static std::size_t unit_of(std::int64_t value) {
    const std::int64_t size = value < 0 ? -value : value;
    return size < 100'000'000'000 ? 0 : size < 100'000'000'000'000 ? 1 : size < 100'000'000'000'000'000 ? 2 : 3;
  }
  // Whether the digits are a date of 1900 to 2100 in one of the usual orders, with or without hours, minutes, seconds and
  // milliseconds.
  [[nodiscard]] static bool reads_as_calendar(std::int64_t value);

 private:
  static void begin(Example& example, std::int64_t value, std::string_view text, const std::string& file, std::uint64_t row);
};

}  // namespace causal_sessions
