// What a run knows besides its sessions when it makes rows.
#pragma once

#include <cstdint>
#include <functional>

#include "session/order.h"
#include "session/sessionize.h"
#include "trial/trial_options.h"
#include "trial/trial_table.h"

namespace causal_sessions {

// The options of all stages that decide a row, bound to the types of some events.
struct TrialSetup : TrialOptions {
  std::uint8_t treatment_type = 2, outcome_type = 3, exposure_type = 1;
  SessionOptions session;
  SequenceOptions sequence;
  TieRule ties = TieRule::kNumpy;
  std::int64_t data_end_us = 0;  // until when events were observed
  // The part of a user, where it does not depend on the rows: delays are drawn from users of the training part, controls from
  // users of the same part. Unset: from all.
  std::function<Part(std::uint32_t user)> part_of;
};

}  // namespace causal_sessions
