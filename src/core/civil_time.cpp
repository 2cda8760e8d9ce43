#include "core/civil_time.h"

#include <algorithm>
#include <utility>

namespace causal_sessions {
namespace {

// With leading zeros up to a width. (snprintf would be a fifth of the engine's C library.)
void put_digits(std::string& text, std::int64_t value, std::size_t width) {
  const std::string digits = std::to_string(value);
  text.append(width - std::min(width, digits.size()), '0').append(digits);
}

}  // namespace

std::string format_utc(std::int64_t time_us) {
  constexpr std::int64_t kDay = 86'400'000'000;
  std::int64_t days = time_us / kDay;
  std::int64_t us = time_us % kDay;
  if (us < 0) {
    us += kDay;
    --days;
  }
  // The inverse of days_from_civil. Source: H. Hinnant, "chrono-compatible low-level date algorithms".
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const std::int64_t day_of_era = days - era * 146097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted = (5 * day_of_year + 2) / 153;  // months from March
  const auto day = static_cast<int>(day_of_year - (153 * shifted + 2) / 5 + 1);
  const auto month = static_cast<int>(shifted < 10 ? shifted + 3 : shifted - 9);
  const std::int64_t year = year_of_era + era * 400 + (month <= 2);
  const auto seconds = static_cast<int>(us / 1'000'000);
  const auto fraction = static_cast<int>(us % 1'000'000);
  std::string text;
  if (year < 0) text = "-";
  put_digits(text, year < 0 ? -year : year, year < 0 ? 3 : 4);
  for (const auto& [mark, value] :
       {std::pair{'-', month}, {'-', day}, {'T', seconds / 3600}, {':', seconds / 60 % 60}, {':', seconds % 60}}) {
    put_digits(text += mark, value, 2);
  }
  if (fraction != 0) put_digits(text += '.', fraction, 6);
  return text += 'Z';
}

}  // namespace causal_sessions
