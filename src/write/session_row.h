// What every writer of sessions needs of a row: its id and its tokens, padding included.
#pragma once

#include <cstddef>
#include <cstdint>
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

}  // namespace causal_sessions
