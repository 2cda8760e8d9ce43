// Epoch numbers: times given as numbers, whose unit, and whether they are Unix times at all, is decided over all of them.
//
// A number is a time only if all of them can be one. Digits that read as calendar dates (20250901, 20250901103000), and
// numbers that all lie outside of kFirstPlausible to kLastPlausible in their unit (days of a spreadsheet, times of the day,
// other clocks' ticks), are refused unless the plan names the unit. The refusal names the format or the unit that fits.
//
// Units:   s, ms, us, ns since 1970-01-01 UTC, told by magnitude; if the plan names them also "excel", days since 1899-12-30,
//          local, to the millisecond; "dotnet", 100 ns since 0001-01-01, "filetime", 100 ns since 1601-01-01, and "webkit",
//          microseconds since then, all UTC.
// Errors:  kMixedTimeUnits, kBadTimes.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/block_column.h"
#include "core/result.h"
#include "ingest/reading_options.h"

namespace causal_sessions {

// 1991: later than anything that .NET's ticks, read as nanoseconds, give before the year 2100.
constexpr std::int64_t kFirstPlausibleUs = 662'688'000'000'000;
// 2033-05-18: 2,000,000,000 seconds, from which on every second would also read as YYYYMMDDHH. A fixed date, not the clock
// of the machine, so that the same input gives the same answer on every day.
constexpr std::int64_t kLastPlausibleUs = 2'000'000'000'000'000;

constexpr std::size_t kUnits = 8, kUnixUnits = 4;
constexpr std::array<const char*, kUnits> kUnitNames = {"s", "ms", "us", "ns", "excel", "dotnet", "filetime", "webkit"};

// Of a unit that the plan names.
[[nodiscard]] constexpr std::size_t position_of(TimeUnit unit) { return static_cast<std::size_t>(unit) - 1; }

// A number as microseconds since 1970, towards the past.
struct UnitTime {
  std::int64_t us = 0;
  bool fits = false;  // into the range of microseconds
  bool cut = false;   // it had finer digits
};
// `unit`: its position in kUnitNames, but for "excel", whose days are microseconds already (timestamp.h).
[[nodiscard]] UnitTime time_of_number(std::size_t unit, std::int64_t whole, std::uint32_t millionths);

struct TimeSummary {
  std::string unit = "text";                // text, or one of kUnitNames
  std::int64_t min_us = 0, max_us = 0;      // over the events kept
  std::uint64_t cut = 0;                    // times with digits beyond the microsecond
  std::uint64_t zoned = 0;                  // times that name their zone; epoch numbers need none
  std::uint64_t skipped = 0, repeated = 0;  // local times that the zone's clock jumped over, or showed twice
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
  // As which of calendar_forms() all of them read, and the first ones of each.
  std::uint16_t all_forms = 0xFFFF, first_forms = 0;

  void note(std::int64_t value, std::string_view text, const std::string& file, std::uint64_t row) {
    if (any.rows++ == 0) begin(any, value, text, file, row);
    if (calendar) note_calendar(value);
    if (value == 0) return;
    Example& example = units[unit_of(value)];
    if (example.rows++ == 0) begin(example, value, text, file, row);
  }

  // Those of rows that come behind.
  void add(const EpochNumbers& more);

  // The position in kUnitNames of the unit that all have.
  [[nodiscard]] Result<std::size_t> unit(const std::string& column) const;
  // Refuses digits that all read as a calendar date.
  [[nodiscard]] Status check_calendar(const std::string& column) const;
  // Refuses times that all lie outside of what is plausible; `date_column` as in IssueContext.
  [[nodiscard]] Error implausible(std::size_t unit, const BlockColumn<std::int64_t>& time_us, const std::string& column,
                                  const std::string& date_column) const;

  // The unit whose years 1973 to 5138 hold the number; seconds also hold everything nearer to 1970.
  [[nodiscard]] static std::size_t unit_of(std::int64_t value) {
    const std::int64_t size = value < 0 ? -value : value;
    return size < 100'000'000'000 ? 0 : size < 100'000'000'000'000 ? 1 : size < 100'000'000'000'000'000 ? 2 : 3;
  }
  // As which dates of 1900 to 2100 the digits read, a bit each: year, day or month first, each without or with hours, minutes,
  // seconds and milliseconds. 0: as none.
  [[nodiscard]] static std::uint16_t calendar_forms(std::int64_t value);

 private:
  void note_calendar(std::int64_t value);
  static void begin(Example& example, std::int64_t value, std::string_view text, const std::string& file, std::uint64_t row);
};

}  // namespace causal_sessions
