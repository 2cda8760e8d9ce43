// What decides which rows there are and what their X, T and Y hold; trials.h says what each option means.
#pragma once

#include <cstdint>
#include <functional>

#include "session/order.h"
#include "trial/trial_table.h"

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
  WindowEnds window_ends = WindowEnds::kWindow;
  GracePeriod grace = GracePeriod::kExclude;  // of kExposure
  std::int64_t washout_us = 0;                // 0: none
  std::uint32_t controls = 1;  // of kMatched, for each treated row
  std::uint32_t seed = 42;     // of what kMatched and kAlign draw
  OutcomeFrom from = OutcomeFrom::kTimeZero;
  PriorOutcome prior = PriorOutcome::kCount;
  Censored censored = Censored::kKeep;
  std::int64_t max_gap_us = 0;   // between events of one session
  std::int64_t data_end_us = 0;  // until when events were observed
  std::uint32_t min_events = 2;
  LengthOf min_events_of = LengthOf::kSession;
  std::uint32_t max_tokens = 500;
  bool keep_last = false;
  std::uint32_t min_tokens = 2;
  bool pad = true;
  TieRule ties = TieRule::kNumpy;
  // The part of a user, where it does not depend on the rows: delays are drawn from users of the training part, controls from
  // users of the same part. Unset: from all.
  std::function<Part(std::uint32_t user)> part_of;
};

}  // namespace causal_sessions
