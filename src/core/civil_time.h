// Days and offsets of the civil calendar; calendar text of a time, for reports: "2025-09-05T00:11:14.887526Z", without a fraction where it is zero.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace causal_sessions {

[[nodiscard]] std::string format_utc(std::int64_t time_us);

// "+02:00", "-0530", "+02", "Z" as microseconds east of UTC.
[[nodiscard]] std::optional<std::int64_t> read_utc_offset(std::string_view text);

// Days since 1970-01-01 of a date of the proleptic Gregorian calendar.
[[nodiscard]] std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day);

// Microseconds of a day; nothing if no day has such a time. `cut`: a leap second had a fraction.
[[nodiscard]] std::optional<std::int64_t> clock_us(int hour, int minute, int second, std::int64_t fraction_us, bool& cut);

// A time of the day, counted from midnight in units of which a second has `per_second`, as text: "07:03:00", "07:03:00.250", with
// three, six or nine digits behind the point. Nothing is written where no day has such a time; 24:00:00 is its end. Needs room for
// kMaxClockText; returns the end.
inline constexpr std::size_t kMaxClockText = 18;
char* write_clock(std::int64_t value, std::int64_t per_second, char* out);

[[nodiscard]] int days_in_month(int year, int month);

}  // namespace causal_sessions
