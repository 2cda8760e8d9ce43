// A row of a finished run with the events of its session: where X ends, and which events decide T and Y. The stages
// themselves order the user's events, free them of duplicates and cut them into sessions.
//
// Units:   microseconds since 1970-01-01 UTC; events are positions among the user's.
// Needs:   a run that keeps its events; it outlives the object.
// Cost:    linear in the user's events, but for their sort; with a time zero once for rows of a user that follow each other.
#pragma once

#include <cstdint>
#include <optional>

#include "run/run.h"
#include "trial/trial_setup.h"

namespace causal_sessions {

class RowSession {
 public:
  explicit RowSession(const Run& run);

  // Goes to a row; what stands below is of it then.
  void enter(std::uint32_t row);

  // Whether an event of the session is a token of X, and which of the table's.
  [[nodiscard]] std::uint32_t token_of(std::uint32_t event) const { return table_.history[row] + (event - begin); }
  [[nodiscard]] bool in_x(std::uint32_t event) const;

  const TrialSetup setup;
  std::uint32_t row = 0;
  OrderedEvents events;                         // of the user
  std::uint32_t begin = 0, end = 0, x_end = 0;  // of the session, of the part of it that X is of
  // The first events by which T and Y are 1; unset where they are 0, or the event is not among the user's.
  std::optional<std::uint32_t> treatment, outcome;
  std::optional<std::int64_t> window_end_us, horizon_end_us;

 private:
  void take_events();
  void find_session();
  void look_at_session();
  void follow_up();
  [[nodiscard]] std::optional<std::uint32_t> find_type(std::uint8_t type, std::uint32_t from, std::uint32_t to) const;

  const Run& run_;
  const OrderedEvents& kept_;  // as group_events() left them
  const SequenceTable& table_;
  std::optional<std::uint32_t> user_;
};

}  // namespace causal_sessions
