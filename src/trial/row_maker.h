// What the rules of trials share: rows that may be left out, what is asked of each, and the table that the others become.
//
// Needs:   rows of a session, and sessions of a user, follow each other.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "core/random.h"
#include "core/ranges.h"
#include "session/sessionize.h"
#include "trial/attrition.h"
#include "trial/delays.h"
#include "trial/follow_up.h"
#include "trial/known_events.h"
#include "trial/trial_setup.h"

namespace causal_sessions {

// A row that may be left out.
struct Candidate {
  std::uint32_t x_end = 0;  // one past the last event of X
  std::int64_t time_zero_us = 0;
  bool treated = false, outcome = false, censored = false;
  std::uint32_t history = 0;  // events of the session up to there that were known
  // For the figures of the window.
  bool window_outcome = false, window_exposure = false, treated_late = false, treated_at_once = false, treated_before = false;
  std::optional<Filter> left_out;

  void leave_out(Filter filter, bool if_so) {
    if (if_so && (!left_out || filter < *left_out)) left_out = filter;
  }
};

// Counts a candidate in every step up to the rule that leaves it out.
class AttritionCounter {
 public:
  void count(const Candidate& row, std::uint32_t user, std::uint32_t session);
  [[nodiscard]] Attrition finish();

 private:
  void close_session();
  void close_user();

  Attrition reached_;                               // by how many steps a candidate reaches; summed up by finish()
  std::uint32_t session_ = 0, user_ = 0;            // of the last row
  std::size_t session_steps_ = 0, user_steps_ = 0;  // the most that one of its rows reached
};

class RowMaker {
 public:
  static constexpr std::uint32_t kNone = FollowUp::kNone;

  // Makes rows of the sessions in a range, which holds whole users. `delays`: to draw from, once they are known.
  RowMaker(OrderedEvents& events, const Sessions& sessions, const TrialSetup& setup, IndexRange range,
           const Delays* delays = nullptr);

  OrderedEvents& events;
  const Sessions& sessions;
  const TrialSetup& setup;
  const IndexRange range;
  const Delays* const delays;
  FollowUp follow_up;  // of the user that was entered

  // Sessions of a user follow each other; start_over() before they are gone through once more.
  void enter_user_of(std::uint32_t session);
  void start_over() { user_.reset(); }

  // Whether delays are drawn from a session.
  [[nodiscard]] bool is_donor(std::uint32_t session) const {
    return !setup.part_of || setup.part_of(sessions.user[session]) == Part::kTrain;
  }
  // Random numbers of a session's row, whatever else is in the data.
  [[nodiscard]] StreamKey key_of(std::uint32_t session);
  // The first event of a type in a session; its end without one.
  [[nodiscard]] std::uint32_t find_type(std::uint32_t session, std::uint8_t type) const;

  // `last`: the last treatment of the user before the row's X ends, in an earlier session too.
  void look_for_washout(Candidate& row, std::uint32_t last) const;
  // The treatment of a row with T = 1, by what came first in its window; leaves the row out if that makes it one of neither arm.
  [[nodiscard]] std::uint32_t treatment_of(Candidate& row, const FollowUp::Assigned& first) const;
  // T and Y after time zero.
  void follow(Candidate& row, const FollowUp::Window& window, std::uint32_t treatment) const;
  // From the last exposure before it to a treatment that makes T = 1.
  void note_delay(std::int64_t delay_us) { treated_delays_us_.push_back(delay_us); }
  // Counts the row, and makes one of it unless it is left out.
  void finish(Candidate& row, std::uint32_t session);

  [[nodiscard]] Trials take() {
    trials_.attrition = counter_.finish();
    return std::move(trials_);
  }
  [[nodiscard]] std::vector<std::int64_t> take_delays() { return std::move(treated_delays_us_); }

 private:
  void reserve();
  void look_at_known(Candidate& row, std::uint32_t s);
  void look_at_length(Candidate& row, std::uint32_t s) const;
  void append(const Candidate& row, std::uint32_t s);

  Trials trials_;
  KnownEvents known_;  // of the row at hand
  AttritionCounter counter_;
  std::vector<std::int64_t> treated_delays_us_;
  std::optional<std::uint32_t> user_;        // entered
  std::optional<std::uint32_t> keyed_user_;  // whose key is this:
  StreamKey user_key_;
};

}  // namespace causal_sessions
