// The rows of the (X, T, Y) table, before their X has become tokens: slices of the ordered events.
//
// A trial is a row: a whole session by the notebook's rule, or one time zero of a session.
// X is the events [begin, begin + count), followed by padding[r] times the padding token; the session's events up to
// time zero are [history, history_end), of which X may be the first or the last ones only.
// Where some of these were not known at time zero (known_events.h), X is listed: listed[listed_from[r]] and count - 1 more, with the
// event that was known before them in front, or the first of them once more where there is none. begin[r] is the first of them too.
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
  // Where the data say when events became known; else empty. kContiguous: X of the row is not listed.
  static constexpr std::uint64_t kContiguous = ~std::uint64_t{0};
  std::vector<std::uint64_t> listed_from;
  std::vector<std::uint32_t> listed;

  [[nodiscard]] std::size_t rows() const { return user.size(); }
  [[nodiscard]] bool has_time_zero() const { return with_time_zero; }
  [[nodiscard]] std::uint32_t length(std::size_t row) const { return count[row] + padding[row]; }
  [[nodiscard]] bool is_listed(std::size_t row) const { return !listed_from.empty() && listed_from[row] != kContiguous; }
  // The i-th event of X.
  [[nodiscard]] std::uint32_t event_of_x(std::size_t row, std::uint32_t i) const {
    return is_listed(row) ? listed[listed_from[row] + i] : begin[row] + i;
  }
  // What the session had before it; the event itself where it had none.
  [[nodiscard]] std::uint32_t event_before(std::size_t row, std::uint32_t i) const {
    if (is_listed(row)) return listed[listed_from[row] + i - 1];
    const std::uint32_t at = begin[row] + i;
    return at == history[row] ? at : at - 1;
  }
};

}  // namespace causal_sessions
