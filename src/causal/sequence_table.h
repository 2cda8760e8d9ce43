// The (X, T, Y) table: one row a session, its X a slice of a token buffer that all rows share.
//
// Tokens are the ordered events themselves, so nothing is copied: row r has the tokens
// [begin[r], begin[r] + count[r]) followed by padding[r] times the padding token.
// A token is (event_id, item_id, minutes since the session's first event).
//
// Units:  time_us and start_us are microseconds since 1970-01-01 UTC; minutes are doubles.
// Order:  users by first appearance in the input, then sessions by number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/string_pool.h"

namespace causal_sessions {

// Minutes as pandas' Timedelta.total_seconds() / 60.0 gives them. It adds whole seconds and their fraction, each
// already rounded, which in one value of thirty differs in the last bit from microseconds / 1e6.
inline double minutes_from_us(std::int64_t us) {
  return (static_cast<double>(us / 1'000'000) + static_cast<double>(us % 1'000'000) / 1e6) / 60.0;
}

struct SequenceTable {
  // Tokens.
  std::vector<std::uint8_t> event_id;
  std::vector<std::uint32_t> item_id;
  std::vector<std::int64_t> time_us;

  // Rows.
  std::vector<std::uint32_t> user;       // id in `users`
  std::vector<std::uint32_t> number;     // 1, 2, ... within the user, counted before short sessions are dropped
  std::vector<std::uint32_t> begin;      // first token of X
  std::vector<std::uint32_t> count;      // tokens of X, without padding
  std::vector<std::uint32_t> padding;    // padding tokens after them
  std::vector<std::int64_t> start_us;    // time of the session's first event
  std::vector<std::uint8_t> treatment;   // T, 0 or 1
  std::vector<std::uint8_t> outcome;     // Y, 0 or 1

  StringPool users;
  std::uint8_t padding_event_id = 0;
  std::uint32_t padding_item_id = 0;

  [[nodiscard]] std::size_t rows() const { return user.size(); }
  [[nodiscard]] std::uint32_t length(std::size_t row) const { return count[row] + padding[row]; }
  [[nodiscard]] double minutes(std::size_t row, std::size_t token) const {
    return minutes_from_us(time_us[token] - start_us[row]);
  }
};

}  // namespace causal_sessions
