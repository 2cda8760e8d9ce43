#include "ingest/build/epoch_numbers.h"

#include <algorithm>
#include <iterator>
#include <optional>
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

// How people order the parts of a date of eight digits, and what a clock behind it may add, in strptime's letters. A form is a
// date and a clock, number date * kClocks + clock.
constexpr const char* kDates[] = {"%Y%m%d", "%d%m%Y", "%m%d%Y"};
constexpr const char* kClocks[] = {"", "%H", "%H%M", "%H%M%S", "%H%M%S%f"};
constexpr std::int64_t kScales[] = {1, 100, 10'000, 1'000'000, 1'000'000'000};
constexpr unsigned kForms = std::size(kDates) * std::size(kClocks);

// The orders in which eight digits are a date, a bit each.
unsigned orders_of(std::int64_t digits) {
  const Date year_first{digits / 10'000, digits / 100 % 100, digits % 100};
  const Date day_first{digits % 10'000, digits / 10'000 % 100, digits / 1'000'000};
  const Date month_first{digits % 10'000, digits / 1'000'000, digits / 10'000 % 100};
  return (year_first.fits() ? 1u : 0u) | (day_first.fits() ? 2u : 0u) | (month_first.fits() ? 4u : 0u);
}

COLD std::string form_text(unsigned form) {
  return std::string("\"") + kDates[form / std::size(kClocks)] + kClocks[form % std::size(kClocks)] + "\"";
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

// What a unit counts: microseconds since 1970 are its number times `us`, less `start_us`.
struct Unit {
  double us;
  double start_us;
  const char* what;
};
constexpr Unit kUnitsOf[kUnits] = {{1e6, 0, "seconds"},
                                   {1e3, 0, "milliseconds"},
                                   {1, 0, "microseconds"},
                                   {1e-3, 0, "nanoseconds"},
                                   {8.64e10, 25'569 * 8.64e10, "a spreadsheet's days"},
                                   {0.1, 62'135'596'800e6, ".NET ticks (100 ns since the year 1)"},
                                   {0.1, 11'644'473'600e6, "a Windows FILETIME (100 ns since 1601)"},
                                   {1, 11'644'473'600e6, "microseconds since 1601, as WebKit counts"}};

// The unit in which all numbers from the least to the greatest, of which `unit` made these times, lie in plausible years.
COLD std::optional<std::size_t> plausible_unit(std::size_t unit, double least_us, double greatest_us) {
  const auto plausible = [&](std::size_t other, double us) {
    const double number = us / kUnitsOf[unit].us;
    const double then = number * kUnitsOf[other].us - kUnitsOf[other].start_us;
    return then >= static_cast<double>(kFirstPlausibleUs) && then < static_cast<double>(kLastPlausibleUs);
  };
  for (std::size_t other = 0; other < kUnits; ++other) {
    if (other != unit && plausible(other, least_us) && plausible(other, greatest_us)) return other;
  }
  return std::nullopt;
}

// What the numbers of a column usually are if they are no Unix times, and what then mends them.
COLD std::string likely_meaning(double value, std::optional<std::size_t> unit, const std::string& column,
                                const std::string& date_column) {
  if (value >= 0 && value < 240'000 && !date_column.empty()) {
    return "They look like times of the day; the column \"" + date_column + "\" may hold the date: set columns.time to [\"" +
           date_column + "\", \"" + column + "\"], and time.unit to what they count, as in \"s\", or, of hours, minutes and " +
           "seconds in a row, time.format, as in \"%Y-%m-%d %H%M%S\". " +
           "If they are epoch numbers all the same, name their unit in the plan: time.unit";
  }
  if (unit) {
    const bool days = *unit == static_cast<std::size_t>(TimeUnit::kExcel) - 1;
    return std::string("They look like ") + kUnitsOf[*unit].what + (days ? ", or like seconds of the day" : "") +
           ": name their unit in the plan, set time.unit to \"" + kUnitNames[*unit] + "\"" +
           (days ? " if they are days; else export the column again with its date" : "");
  }
  return std::string(value >= 0 && value < 86'400 ? "They look like times of the day without their date, or like a count"
                                                  : "They look like a count, not like times") +
         ". If they are epoch numbers all the same, name their unit in the plan: time.unit";
}

}  // namespace

UnitTime time_of_number(std::size_t unit, std::int64_t whole, std::uint32_t millionths) {
  UnitTime time;
  const auto divided = [&](std::int64_t divisor, std::int64_t start_us) {
    time.us = whole / divisor;
    if (time.us * divisor > whole) --time.us;  // towards the past, also before 1970
    time.cut = millionths != 0 || time.us * divisor != whole;
    time.fits = time.us >= INT64_MIN + start_us;
    if (time.fits) time.us -= start_us;
  };
  constexpr std::int64_t kOf1601 = 11'644'473'600'000'000, kOf0001 = 62'135'596'800'000'000;
  switch (static_cast<TimeUnit>(unit + 1)) {
    case TimeUnit::kSeconds:
      time.fits = whole <= 9'000'000'000'000 && whole >= -9'000'000'000'000;
      if (time.fits) time.us = whole * 1'000'000 + millionths;
      break;
    case TimeUnit::kMilliseconds:
      time.fits = whole <= 9'000'000'000'000'000 && whole >= -9'000'000'000'000'000;
      if (time.fits) time.us = whole * 1000 + millionths / 1000;
      time.cut = millionths % 1000 != 0;
      break;
    case TimeUnit::kNanoseconds: divided(1000, 0); break;
    case TimeUnit::kDotnet: divided(10, kOf0001); break;
    case TimeUnit::kFiletime: divided(10, kOf1601); break;
    case TimeUnit::kWebkit: divided(1, kOf1601); break;
    default: divided(1, 0);
  }
  return time;
}

std::uint16_t EpochNumbers::calendar_forms(std::int64_t value) {
  unsigned forms = 0;
  for (unsigned clock = 0; clock < std::size(kClocks); ++clock) {
    const std::int64_t date = value / kScales[clock];
    if (date < 1'000'000 || date > 99'999'999 || !is_clock(value % kScales[clock], kScales[clock])) continue;
    const unsigned orders = orders_of(date);
    for (unsigned order = 0; order < std::size(kDates); ++order) {
      if ((orders >> order & 1u) != 0) forms |= 1u << (order * std::size(kClocks) + clock);
    }
  }
  return static_cast<std::uint16_t>(forms);
}

void EpochNumbers::note_calendar(std::int64_t value) {
  const std::uint16_t forms = calendar_forms(value);
  calendar = forms != 0;
  all_forms &= forms;
  first_forms |= static_cast<std::uint16_t>(forms & (~forms + 1u));
}

COLD void EpochNumbers::begin(Example& example, std::int64_t value, std::string_view text, const std::string& file,
                              std::uint64_t row) {
  example.row = row;
  example.file = file;
  example.text = text.empty() ? std::to_string(value) : std::string(text);
}

void EpochNumbers::add(const EpochNumbers& more) {
  calendar = calendar && more.calendar;
  all_forms &= more.all_forms;
  first_forms |= more.first_forms;
  const auto add_example = [](Example& example, const Example& other) {
    const std::uint64_t rows = example.rows + other.rows;
    if (example.rows == 0) example = other;
    example.rows = rows;
  };
  add_example(any, more.any);
  for (std::size_t i = 0; i < units.size(); ++i) add_example(units[i], more.units[i]);
}

COLD Result<std::size_t> EpochNumbers::unit(const std::string& column) const {
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
                  "; a column has one unit. If that is so, name it in the plan: time.unit" +
                  (a.file == b.file ? "" : "; if each file has its own, that of each: input.files");
  return error;
}

COLD Status EpochNumbers::check_calendar(const std::string& column) const {
  if (any.rows == 0 || !calendar) return {};
  Error error{ErrorCode::kBadTimes, {}, {any.file, any.row, std::nullopt, column}};
  error.message = place(error.where) + ": " + shown_cell(any.text) + " reads as a calendar date, not as a Unix time" +
                  (any.rows > 1 ? ", and so does every time of the column" : "") + ": set time.format to ";
  // Where the day or the month may stand first in all of them, both are asked for; else the first that reads all, or a list.
  std::string list;
  const unsigned count = static_cast<unsigned>(std::size(kClocks));
  for (unsigned form = 0; form < kForms; ++form) {
    if ((all_forms >> form & 1u) == 0) continue;
    list = form_text(form);
    if (form >= count && form < 2 * count && (all_forms >> (form + count) & 1u) != 0) list += " or to " + form_text(form + count);
    break;
  }
  if (list.empty()) {
    for (unsigned form = 0; form < kForms; ++form) {
      if ((first_forms >> form & 1u) != 0) list += (list.empty() ? "[" : ", ") + form_text(form);
    }
    list += ']';
  }
  error.message += list + ". If it is an epoch number all the same, name its unit in the plan: time.unit";
  return error;
}

COLD Error EpochNumbers::implausible(std::size_t unit, const BlockColumn<std::int64_t>& time_us, const std::string& column,
                                     const std::string& date_column) const {
  double least = 0, greatest = 0;
  for (std::size_t b = 0; b < time_us.block_count(); ++b) {
    for (const std::int64_t time : time_us.block(b)) {  // a time of 0 is a missing one
      if (time == 0) continue;
      const auto us = static_cast<double>(time);
      least = least == 0 ? us : std::min(least, us);
      greatest = greatest == 0 ? us : std::max(greatest, us);
    }
  }
  const std::int64_t first_us = time_us[0];
  Error error{ErrorCode::kBadTimes, {}, {any.file, any.row, std::nullopt, column}};
  error.message = place(error.where) + ": " + shown_cell(any.text) + " read as an epoch time in " + kUnitNames[unit] + " is " +
                  format_utc(first_us) + ", and no time of the column lies between 1991 and 2033, so they are no such times. " +
                  likely_meaning(static_cast<double>(first_us) / kUnitsOf[unit].us, plausible_unit(unit, least, greatest), column,
                                 date_column);
  return error;
}

}  // namespace causal_sessions
