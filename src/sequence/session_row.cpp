#include "sequence/session_row.h"

#include <array>

namespace causal_sessions {
namespace {

constexpr std::int64_t kHour = 3'600'000'000, kDay = 24 * kHour;

// Rounded towards the past, also before 1970.
std::int64_t floor_of(std::int64_t time_us, std::int64_t unit) { return time_us / unit - (time_us % unit < 0); }

}  // namespace

std::string_view channel_name(Channel channel) {
  constexpr std::array<std::string_view, 4> kNames = {"gap_minutes", "hour", "weekday", "minutes_to_time_zero"};
  return kNames[static_cast<std::size_t>(channel)];
}

std::string_view channel_meaning(Channel channel) {
  constexpr std::array<std::string_view, 4> kMeanings = {
      "Minutes since the session's previous event; 0 for the first.", "Hour of the event, 0 to 23, UTC.",
      "Weekday of the event, 0 (Monday) to 6, UTC.", "Minutes from the event to time zero."};
  return kMeanings[static_cast<std::size_t>(channel)];
}

double channel_value(const SequenceTable& table, std::uint32_t row, const Token& token, Channel channel) {
  if (token.at == Token::kPadding) return 0;
  const std::int64_t time = table.time_us[token.at];
  const std::int64_t day = floor_of(time, kDay);
  switch (channel) {
    case Channel::kGap: return minutes_from_us(time - table.time_us[table.event_before(row, token.i)]);
    case Channel::kHour: return static_cast<double>(floor_of(time, kHour) - 24 * day);
    case Channel::kWeekday: return static_cast<double>(((day + 3) % 7 + 7) % 7);  // 1970-01-01 was a Thursday
    case Channel::kToTimeZero: return minutes_from_us(table.time_zero_us[row] - time);
  }
  return 0;
}

std::vector<RowColumn> row_columns(const SequenceTable& table) {
  std::vector<RowColumn> columns;
  if (table.has_time_zero()) {
    columns.push_back({"trial", [](const SequenceTable& t, std::uint32_t row) -> std::int64_t { return t.trial[row]; },
                       "Number of the row within its session: 1, 2, …"});
    columns.push_back({"time_zero_us", [](const SequenceTable& t, std::uint32_t row) { return t.time_zero_us[row]; },
                       "Time zero in microseconds since 1970-01-01 UTC: X lies before it, T and Y after it."});
    columns.push_back({"censored", [](const SequenceTable& t, std::uint32_t row) -> std::int64_t { return t.censored[row]; },
                       "1: the end of the data cuts the follow-up, so an outcome may be missing; else 0."});
  }
  if (table.with_folds) {
    columns.push_back({"fold", [](const SequenceTable& t, std::uint32_t row) -> std::int64_t { return t.fold[row]; },
                       "Fold for cross-fitting: 0, 1, …; a user is in one fold."});
  }
  return columns;
}

std::vector<NumberColumn> number_columns(const SequenceTable& table) {
  if (!table.with_outcome_value) return {};
  return {{"outcome_value", [](const SequenceTable& t, std::uint32_t row) { return t.outcome_value[row]; },
           "Sum of the plan's column (outcome.value) over the outcomes that make Y; 0 where Y is 0."}};
}

}  // namespace causal_sessions
