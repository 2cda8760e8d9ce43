#include "ingest/calendar.h"

namespace causal_sessions {
namespace {

bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

}  // namespace

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
  return ((hour * 60 + minute) * std::int64_t{60} + second) * 1'000'000 + fraction_us;
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
  const std::int64_t us = (hours * 60 + minutes) * std::int64_t{60} * 1'000'000;
  return text[0] == '-' ? -us : us;
}

}  // namespace causal_sessions
