// The rows, and how many were left out by which rule.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "trial/trial_table.h"

namespace causal_sessions {

// Why a row is left out, in the order in which the rules are asked.
enum class Filter : std::uint8_t {
  kShortSession,  // fewer than min_events events
  kSessionOver,   // kLandmark: the gap had passed before t0
  kNoMatch,       // kMatched: no exposure before the treatment, or no control
  kPriorTreatment,
  kPriorOutcome,
  kWashout,                 // a treatment of the user within washout_us before t0
  kOtherTreatment,          // the first treatment in the window is of neither arm
  kNextExposure,            // kAlign: it came before the drawn delay was over
  kEventBeforeTimeZero,     // kAlign: an outcome or a treatment between exposure and t0
  kThinned,                 // kAlign: its wait ended early, and it was not drawn to stay
  kOutcomeBeforeTreatment,  // inside the window
  kOutcomeInWindow,         // OutcomeFrom::kWindowEnd
  kShortX,                  // fewer than min_events events up to t0, or none
  kCensored,
};
constexpr std::size_t kFilters = 14;
constexpr std::array<const char*, kFilters> kFilterNames = {
    "shortSession", "sessionOver",         "noMatch", "priorTreatment",         "priorOutcome",    "washout", "otherTreatment",
    "nextExposure", "eventBeforeTimeZero", "thinned", "outcomeBeforeTreatment", "outcomeInWindow", "shortX",  "censored"};

// How many rows were still there after each rule; [0] is before all of them.
struct Attrition {
  struct Left {
    std::uint64_t rows = 0, sessions = 0, users = 0;
    std::array<std::uint64_t, 2> arm{}, outcomes{};  // by T

    void add(const Left& more) {
      rows += more.rows;
      sessions += more.sessions;
      users += more.users;
      for (std::size_t t = 0; t < 2; ++t) {
        arm[t] += more.arm[t];
        outcomes[t] += more.outcomes[t];
      }
    }
  };
  std::array<Left, kFilters + 1> after{};
  std::int64_t first_time_zero_us = INT64_MAX;  // of rows that were there before kCensored; without a time zero, none
  // Of the rows that are kept, with a time zero.
  std::uint64_t untreated_window_outcomes = 0;  // T = 0 and an outcome inside the window; of those, Y = 1
  std::uint64_t untreated_window_outcomes_counted = 0;
  std::uint64_t window_holds_exposure = 0;   // the window holds a later exposure of the user
  std::uint64_t treated_after_exposure = 0;  // T = 1 by a treatment behind such an exposure
  std::uint64_t treated_at_once = 0;         // T = 1 by a treatment at the exposure's instant
  // 99 % of the treatments come no later after the last exposure before them; of rows with T = 1, also of those that
  // kOutcomeBeforeTreatment leaves out. 0 where there is none.
  std::int64_t usual_delay_us = 0;
  std::uint64_t controls_after_treatment = 0;  // T = 0 and a treatment of the user within a horizon before t0

  // Of the rows of other users: all but the usual delay, which is no sum.
  void add(const Attrition& others);
};

struct Trials {
  TrialTable table;
  Attrition attrition;
};

}  // namespace causal_sessions
