// What a run knows besides its sessions when it makes rows.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/elapsed.h"
#include "session/order.h"
#include "session/sessionize.h"
#include "trial/trial_options.h"
#include "trial/trial_table.h"

namespace causal_sessions {

// The options of all stages that decide a row, bound to the types of some events.
struct TrialSetup : TrialOptions {
  std::uint8_t treatment_type = 2, outcome_type = 3, exposure_type = 1;
  std::uint8_t comparator_type = 0;  // where there is one
  std::vector<std::uint8_t> other_types = {};
  SessionOptions session;
  SequenceOptions sequence;
  TieRule ties = TieRule::kNumpy;
  std::int64_t data_end_us = 0;  // until when events were observed

  // Whether a session that ends with an event may go on behind the data.
  [[nodiscard]] bool may_go_on(std::int64_t last_us) const {
    return last_us > data_end_us || elapsed_us(last_us, data_end_us) <= session.max_gap.us;
  }

  // The part of a user, where it does not depend on the rows: delays are drawn from users of the training part, controls from
  // users of the same part. Unset: from all.
  std::function<Part(std::uint32_t user)> part_of;
};

// The position of a type; their number where it is none of them.
[[nodiscard]] inline std::uint8_t type_id(const std::vector<std::string>& types, const std::string& name) {
  return static_cast<std::uint8_t>(std::find(types.begin(), types.end(), name) - types.begin());
}

}  // namespace causal_sessions
