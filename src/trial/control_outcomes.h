// Negative controls: events that the treatment cannot have caused, followed up as the outcome is, for the estimate to find no
// effect on. Follow-up is FollowUp's; only the event type is another. One in the history up to time zero is no matter, as it is
// known.
//
// Needs:   ordered events, and the rows made of them.
// Threads: ranges of users.
// Cost:    for each type a pass over the events of users with rows; a byte a row.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "session/order.h"
#include "trial/trial_setup.h"
#include "trial/trial_table.h"

namespace causal_sessions {

struct ControlOutcomes {
  struct Control {
    std::string type;
    std::vector<std::uint8_t> outcome;  // of each row: 1 where an event of the type follows its time zero
  };
  std::vector<Control> controls;  // as the plan names them
};

// None without a time zero.
[[nodiscard]] ControlOutcomes follow_controls(const OrderedEvents& events, const TrialSetup& setup, const TrialTable& table,
                                              const Workers& workers);

}  // namespace causal_sessions
