// What every writer of sessions needs of a row: its id and its tokens, padding included.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "causal/sequence_table.h"

namespace causal_sessions {

// "user_1", in a buffer that keeps its memory from row to row.
inline std::string_view session_id(const SequenceTable& table, std::uint32_t row,
                                   std::string& buffer) {
  const std::string_view user = table.users[table.user[row]];
  return buffer.assign(user).append("_").append(std::to_string(table.number[row]));
}

// Calls visit(event_id, item_id, minutes) for each token of X.
template <class Visit>
void for_each_token(const SequenceTable& table, std::uint32_t row, Visit visit) {
  const std::size_t begin = table.begin[row];
  const std::size_t end = begin + table.count[row];
  for (std::size_t token = begin; token < end; ++token) {
    visit(table.event_id[token], table.item_id[token], table.minutes(row, token));
  }
  for (std::uint32_t i = 0; i < table.padding[row]; ++i) {
    visit(table.padding_event_id, table.padding_item_id, 0.0);
  }
}

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
