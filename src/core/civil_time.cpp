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

// Two digits as a number, or -1.
int two_digits(const char* at) {
  if (at[0] < '0' || at[0] > '9' || at[1] < '0' || at[1] > '9') return -1;
  return (at[0] - '0') * 10 + (at[1] - '0');
}

bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

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

std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day) {
  // Years from March, in eras of 400 years, so that the leap day is the last of its year.
  // Source: H. Hinnant, "chrono-compatible low-level date algorithms".
  year -= month <= 2;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

std::optional<std::int64_t> read_utc_offset(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  if (text.size() < 3 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const int hours = two_digits(text.data() + 1);
  std::string_view rest = text.substr(3);
  if (!rest.empty() && rest[0] == ':') rest.remove_prefix(1);
  const bool minutes_given = text.size() > 3;
  if (minutes_given && rest.size() != 2) return std::nullopt;
  const int minutes = minutes_given ? two_digits(rest.data()) : 0;
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
  const std::int64_t us = (hours * 60LL + minutes) * 60 * 1'000'000;
  return text[0] == '-' ? -us : us;
}

char* write_clock(std::int64_t value, std::int64_t per_second, char* out) {
  constexpr std::int64_t kDay = 86'400;
  if (value < 0 || value / per_second > kDay || (value / per_second == kDay && value % per_second != 0)) return out;
  const auto put = [&](std::int64_t part, int digits) {
    for (int i = digits; i-- > 0; part /= 10) out[i] = static_cast<char>('0' + part % 10);
    out += digits;
  };
  const std::int64_t seconds = value / per_second;
  put(seconds / 3600, 2);
  *out++ = ':';
  put(seconds / 60 % 60, 2);
  *out++ = ':';
  put(seconds % 60, 2);
  std::int64_t fraction = value % per_second;
  if (fraction != 0) *out++ = '.';
  for (std::int64_t scale = per_second; fraction != 0; fraction %= scale) {
    scale /= 1000;
    put(fraction / scale, 3);
  }
  return out;
}

int days_in_month(int year, int month) {
  constexpr std::int8_t kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays[month - 1];
}

std::optional<std::int64_t> clock_us(int hour, int minute, int second, std::int64_t fraction_us, bool& cut) {
  if (hour < 0 || hour > 24 || minute < 0 || minute > 59 || second < 0 || second > 60) return std::nullopt;
  if (hour == 24 && (minute != 0 || second != 0 || fraction_us != 0)) return std::nullopt;
  if (second == 60) {
    cut |= fraction_us != 0;
    fraction_us = 0;
  }
  return ((hour * 60LL + minute) * 60 + second) * 1'000'000 + fraction_us;
}

}  // namespace causal_sessions
