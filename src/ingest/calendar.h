// The calendar and the clock: dates as days, times of a day and offsets as microseconds.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace causal_sessions {

// "+02:00", "-0530", "+02", "Z" as microseconds east of UTC.
[[nodiscard]] std::optional<std::int64_t> read_utc_offset(std::string_view text);

// Microseconds of a day; nothing if no day has such a time. `cut`: a leap second had a fraction.
[[nodiscard]] std::optional<std::int64_t> clock_us(int hour, int minute, int second, std::int64_t fraction_us, bool& cut);

[[nodiscard]] int days_in_month(int year, int month);

// Days since 1970-01-01 of a date of the proleptic Gregorian calendar.
[[nodiscard]] std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day);

// Two digits as a number, or -1.
[[nodiscard]] inline int two_digits(const char* at) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!is_digit(at[0]) || !is_digit(at[1])) return -1;
  return (at[0] - '0') * 10 + (at[1] - '0');
}

}  // namespace causal_sessions
