#include "ingest/build/epoch_numbers.h"

#include <vector>

#include "core/civil_time.h"
#include "core/cold.h"
#include "ingest/build/row_issues.h"

namespace causal_sessions {
namespace {

struct Date {
  std::int64_t year, month, day;
  [[nodiscard]] bool fits() const { return year >= 1900 && year <= 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31; }
};

// Eight digits, in any order in which people write a date.
bool is_date(std::int64_t digits) {
  const Date year_first{digits / 10'000, digits / 100 % 100, digits % 100};
  const Date day_first{digits % 10'000, digits / 10'000 % 100, digits / 1'000'000};
  const Date month_first{digits % 10'000, digits / 1'000'000, digits / 10'000 % 100};
  return year_first.fits() || day_first.fits() || month_first.fits();
}

// Digits behind the date, HH[MM[SS[mmm]]], as many as `scale` has zeros.
bool is_clock(std::int64_t digits, std::int64_t scale) {
  if (scale == 1'000'000'000) {
    digits /= 1000;
    scale /= 1000;
  }
  std::int64_t most = 60;  // a leap second
  for (; scale > 100; scale /= 100, digits /= 100) {
    if (digits % 100 > (scale == 1'000'000 ? most : 59)) return false;
  }
  return scale == 1 || digits <= 24;
}

// What numbers of this size usually are if they are no Unix times. Figures: 45,901 days after 1899-12-30, and 638.9e15
// ticks of 100 ns after the year 1, are in September 2025; FILETIME and WebKit count from 1601.
COLD std::string likely_meaning(double value, const std::string& date_column) {
  if (value >= 0 && value < 86'400 && !date_column.empty()) {
    return "They look like times of the day; the column \"" + date_column + "\" may hold the date: write both into one column";
  }
  if (value >= 20'000 && value < 80'000)
    return "They look like a spreadsheet's days, or like seconds of the day: export the column again as date and time";
  if (value >= 0 && value < 86'400) return "They look like times of the day without their date, or like a count";
  if (value >= 6.2e17 && value < 6.7e17) return "They look like .NET ticks (100 ns since the year 1)";
  if (value >= 1.1e17 && value < 1.5e17) return "They look like a Windows FILETIME (100 ns since 1601)";
  if (value >= 1.1e16 && value < 1.5e16) return "They look like microseconds since 1601, as WebKit counts";
  return "They look like a count, not like times";
}

}  // namespace

bool EpochNumbers::reads_as_calendar(std::int64_t value) {
  for (const std::int64_t scale :
       {std::int64_t{1}, std::int64_t{100}, std::int64_t{10'000}, std::int64_t{1'000'000}, std::int64_t{1'000'000'000}}) {
    const std::int64_t date = value / scale;
    if (date >= 1'000'000 && date <= 99'999'999 && is_date(date) && is_clock(value % scale, scale)) return true;
  }
  return false;
}

COLD void EpochNumbers::begin(Example& example, std::int64_t value, std::string_view text, const std::string& file,
                              std::uint64_t row) {
  example.row = row;
  example.file = file;
  example.text = text.empty() ? std::to_string(value) : std::string(text);
}

COLD Result<std::size_t> EpochNumbers::unit(const ReadingOptions& options, const std::string& column) const {
  if (options.time.unit != TimeUnit::kAuto) return static_cast<std::size_t>(options.time.unit) - 1;
  std::vector<std::size_t> seen;
  for (std::size_t i = 0; i < units.size(); ++i) {
    if (units[i].rows != 0) seen.push_back(i);
  }
  if (seen.empty()) return 0u;
  if (seen.size() == 1) return seen[0];
  const Example& a = units[seen[0]];
  const Example& b = units[seen[1]];
  Error error{ErrorCode::kMixedTimeUnits, {}, {b.file, b.row, std::nullopt, column}};
  error.message = place(error.where) + ": \"" + b.text + "\" looks like an epoch time in " + kUnitNames[seen[1]] + ", but \"" +
                  a.text + "\" in row " + std::to_string(a.row) + (a.file == b.file ? std::string() : " of " + a.file) +
                  " like one in " + kUnitNames[seen[0]] +
                  "; a column has one unit. If that is so, name it in the plan: time.unit";
  return error;
}

COLD Status EpochNumbers::check_calendar(const ReadingOptions& options, const std::string& column) const {
  if (any.rows == 0 || !calendar || options.time.unit != TimeUnit::kAuto) return {};
  Error error{ErrorCode::kBadTimes, {}, {any.file, any.row, std::nullopt, column}};
  error.message =
      place(error.where) + ": " + shown_cell(any.text) + " reads as a calendar date, not as a Unix time" +
      (any.rows > 1 ? ", and so does every time of the column" : "") +
      "; write it as in 2025-09-05 00:11:14. If it is an epoch number all the same, name its unit in the plan: time.unit";
  return error;
}

COLD Error EpochNumbers::implausible(std::size_t unit, std::int64_t first_us, const std::string& column,
                                     const std::string& date_column) const {
  constexpr double kPerUnit[] = {1e6, 1e3, 1, 1e-3};
  Error error{ErrorCode::kBadTimes, {}, {any.file, any.row, std::nullopt, column}};
  error.message = place(error.where) + ": " + shown_cell(any.text) + " read as an epoch time in " + kUnitNames[unit] + " is " +
                  format_utc(first_us) + ", and no time of the column lies between 1991 and 2033, so they are no such times. " +
                  likely_meaning(static_cast<double>(first_us) / kPerUnit[unit], date_column) +
                  ". If they are epoch numbers all the same, name their unit in the plan: time.unit";
  return error;
}

}  // namespace causal_sessions
