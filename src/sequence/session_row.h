// What every writer of sessions needs of a row: its id and its tokens, padding included.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sequence/sequence_table.h"

namespace causal_sessions {

// "user_1", in a buffer that keeps its memory from row to row.
inline std::string_view session_id(const SequenceTable& table, std::uint32_t row, std::string& buffer) {
  const std::string_view user = table.users[table.user[row]];
  return buffer.assign(user).append("_").append(std::to_string(table.number[row]));
}

struct Token {
  static constexpr std::uint32_t kPadding = 0xFFFFFFFFu;
  std::uint32_t event_id, item_id;
  double minutes;
  std::uint32_t at;  // in the table's tokens; kPadding: it stands for none
  std::uint32_t i;   // in X
};

// Calls visit(token) for each token of X.
template <class Visit>
void for_each_token(const SequenceTable& table, std::uint32_t row, Visit visit) {
  const std::uint32_t count = table.count[row];
  const auto visit_event = [&](std::uint32_t at, std::uint32_t i) {
    visit(Token{table.event_id[at], table.item_id[at], table.minutes(row, at), at, i});
  };
  if (table.is_listed(row)) {
    for (std::uint32_t i = 0; i < count; ++i) visit_event(table.event_of_x(row, i), i);
  } else {
    const std::uint32_t begin = table.begin[row];
    for (std::uint32_t i = 0; i < count; ++i) visit_event(begin + i, i);
  }
  for (std::uint32_t i = count; i < table.length(row); ++i) {
    visit(Token{table.padding_event_id, table.padding_item_id, 0.0, Token::kPadding, i});
  }
}

// What the outputs call a channel, and what they say of it.
[[nodiscard]] std::string_view channel_name(Channel channel);
[[nodiscard]] std::string_view channel_meaning(Channel channel);
// A token's value in a channel; 0 for padding. Defined for the tables that have it.
[[nodiscard]] double channel_value(const SequenceTable& table, std::uint32_t row, const Token& token, Channel channel);

// A column of whole numbers that some tables have behind the notebook's.
struct RowColumn {
  std::string_view name;
  std::int64_t (*value)(const SequenceTable& table, std::uint32_t row);
  std::string_view meaning;
};

// Where there is a time zero: trial (1, 2, ... within the session), time_zero_us (microseconds since 1970-01-01 UTC)
// and censored (1: the end of the data cuts the follow-up). With folds: fold (0, 1, ...).
[[nodiscard]] std::vector<RowColumn> row_columns(const SequenceTable& table);

// A column of numbers that some tables have behind those.
struct NumberColumn {
  std::string_view name;
  double (*value)(const SequenceTable& table, std::uint32_t row);
  std::string_view meaning;
};

// Where the plan names its column: outcome_value.
[[nodiscard]] std::vector<NumberColumn> number_columns(const SequenceTable& table);

// How many of the rows make the next row group or batch, one at least: readers take one at a time, so that bounds
// their memory and the writer's.
inline std::size_t next_batch(const SequenceTable& table, std::span<const std::uint32_t> rows) {
  constexpr std::size_t kRows = 1 << 16, kTokens = 1 << 20, kTextBytes = 1 << 28;
  std::size_t count = 0, tokens = 0, text_bytes = 0;
  while (count < rows.size() && count < kRows && tokens < kTokens && text_bytes < kTextBytes) {
    const std::uint32_t row = rows[count++];
    tokens += table.length(row);
    text_bytes += table.users[table.user[row]].size();
  }
  return count;
}

}  // namespace causal_sessions
