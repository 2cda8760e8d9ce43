// Trials: sessions -> rows with their X, T and Y, by one declared rule for both arms.
//
// kSession   the notebook's rule, one row a session: T = 1 if it has a treatment event, Y = 1 if it has an outcome
//            event anywhere. X = the events before the first treatment event (that one alone if it comes first), or all
//            events where there is none; padded to min_tokens, cut to max_tokens. Each session is ordered once more by
//            the tie rule before it is cut, as the notebook does: NumPy's unstable sort can move ties again.
// kExposure  one row for each instant t0 at which the session has exposures.
// kLandmark  one row a session, t0 = its start + landmark_us, while the session is not over by the gap.
// kMatched   one row a session; treated: t0 = the microsecond before the first treatment; others: t0 = start + a time
//            to treatment drawn from those treated sessions of donors within which the session is still under way.
// With a time zero:
//   X = the session's events up to and including t0; T = 1 if the user has a treatment event in (t0, t0 + window];
//   Y = 1 if the user has an outcome event in (t0, t0 + horizon], or in (t0 + window, t0 + window + horizon] with
//   OutcomeFrom::kWindowEnd. Not eligible: a treatment event of the session up to t0, an outcome event up to t0
//   (PriorOutcome::kExclude), an outcome in the window before the treatment, with kWindowEnd any outcome in it.
//   All of it but the last two, and kMatched's choice of arms, looks at nothing after t0.
//
// Every row that is left out is counted, by the first rule that it meets.
//
// Needs:   ordered events and their sessions.
// Cost:    linear in the events of users with sessions; 46 bytes a row, 37 without a time zero.
// Source:  the notebook's transform_session_to_sequence; Hernan et al. 2016 for one time zero in both arms.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "causal/trial_table.h"
#include "session/order.h"
#include "session/sessionize.h"

namespace causal_sessions {

struct TrialOptions {
  IndexKind kind = IndexKind::kSession;
  std::uint8_t treatment_type = 2;
  std::uint8_t outcome_type = 3;
  std::uint8_t exposure_type = 1;
  std::int64_t landmark_us = 0;
  std::int64_t window_us = 0;
  std::int64_t horizon_us = 0;
  bool same_item = false;
  std::uint32_t seed = 42;  // of the times that kMatched draws
  OutcomeFrom from = OutcomeFrom::kTimeZero;
  PriorOutcome prior = PriorOutcome::kCount;
  Censored censored = Censored::kKeep;
  std::int64_t max_gap_us = 0;   // between events of one session
  std::int64_t data_end_us = 0;  // time of the last event of all
  std::uint32_t min_events = 2;
  LengthOf min_events_of = LengthOf::kSession;
  std::uint32_t max_tokens = 500;
  bool keep_last = false;
  std::uint32_t min_tokens = 2;
  bool pad = true;
  TieRule ties = TieRule::kNumpy;
  std::function<bool(std::uint32_t user)> is_donor;  // whose sessions kMatched draws times from; unset: all
};

// What a plan says of trials; `types` are the events', and data_end_us the time of the last of them.
[[nodiscard]] TrialOptions trial_options(const Plan& plan, const std::vector<std::string>& types, std::int64_t data_end_us);

// Why a row is left out, in the order in which the rules are asked.
enum class Filter : std::uint8_t {
  kShortSession,            // fewer than min_events events
  kSessionOver,             // kLandmark: the gap had passed before t0
  kNoMatch,                 // kMatched: no donor was treated as early
  kPriorTreatment,
  kPriorOutcome,
  kOutcomeBeforeTreatment,  // inside the window
  kOutcomeInWindow,         // OutcomeFrom::kWindowEnd
  kShortX,                  // fewer than min_events events up to t0, or none
  kCensored,
};
constexpr std::size_t kFilters = 9;
constexpr std::array<const char*, kFilters> kFilterNames = {
    "shortSession",           "sessionOver",     "noMatch", "priorTreatment", "priorOutcome",
    "outcomeBeforeTreatment", "outcomeInWindow", "shortX",  "censored"};

// How many rows were still there after each rule; [0] is before all of them.
struct Attrition {
  struct Left {
    std::uint64_t rows = 0, sessions = 0, users = 0;
    std::array<std::uint64_t, 2> arm{}, outcomes{};  // by T
  };
  std::array<Left, kFilters + 1> after{};
  std::int64_t first_time_zero_us = INT64_MAX;  // of rows that were there before kCensored; without a time zero, none
  std::uint64_t untreated_window_outcomes = 0;  // rows kept with T = 0 and an outcome inside the window
};

struct Trials {
  TrialTable table;
  Attrition attrition;
};

[[nodiscard]] Trials build_trials(OrderedEvents& events, const Sessions& sessions, const TrialOptions& options);

}  // namespace causal_sessions
