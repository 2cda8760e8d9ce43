// The rows of the (X, T, Y) table, before their X has become tokens: slices of the ordered events.
//
// A trial is a row: a whole session by the notebook's rule, or one time zero of a session.
// X is the events [begin, begin + count), followed by padding[r] times the padding token; the session's events up to
// time zero are [history, history_end), of which X may be the first or the last ones only.
//
// Units:  microseconds since 1970-01-01 UTC.
// Order:  users by first appearance in the input, then sessions by number, then trials by exposure or time zero.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace causal_sessions {

// Of the rows, for training and for judging what was learned.
enum class Part : std::uint8_t { kTrain, kValidation, kTest };

struct TrialTable {
  std::vector<std::uint32_t> user;      // id in the pool of users
  std::vector<std::uint32_t> number;    // of the session: 1, 2, ... within the user, short ones counted
  std::vector<std::uint32_t> history;   // first event of the session
  std::vector<std::uint32_t> begin;     // first event of X
  std::vector<std::uint32_t> count;     // events of X, without padding
  std::vector<std::uint32_t> padding;   // padding tokens after them
  std::vector<std::int64_t> start_us;   // time of the session's first event
  std::vector<std::uint8_t> treatment;  // T, 0 or 1
  std::vector<std::uint8_t> outcome;    // Y, 0 or 1
  std::vector<std::uint8_t> censored;   // 1: the end of the data cuts what decides T and Y
  // Where there is a time zero; else empty.
  bool with_time_zero = false;
  std::vector<std::int64_t> time_zero_us;
  std::vector<std::uint32_t> history_end;  // one past the last event that time zero has seen
  std::vector<std::uint32_t> trial;        // 1, 2, ... within the session, eligible ones

  [[nodiscard]] std::size_t rows() const { return user.size(); }
  [[nodiscard]] bool has_time_zero() const { return with_time_zero; }
  [[nodiscard]] std::uint32_t length(std::size_t row) const { return count[row] + padding[row]; }
};

}  // namespace causal_sessions
