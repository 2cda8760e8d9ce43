// What the outcomes of a row were worth: of each row the sum of a column of the input over the outcome events that make its Y, 0
// where Y is 0.
//
// Which events these are FollowUp alone says, as it does for Y: those of all rules and of OutcomeScope, up to the end of the
// follow-up, by the times at which they happened and not by when they became known. An outcome in the follow-up of several rows
// counts in each of them, as it makes Y = 1 in each. Where that ends early, so does the sum.
//
// Errors:  kBadRows where the value of such an event is a text that is no number; one that is missing adds nothing, and is counted.
// Needs:   ordered events with their input ranks and values, and the rows made of them.
// Threads: ranges of users.
// Cost:    a pass over the events of users with rows; eight bytes a row.
#pragma once

#include <cstdint>
#include <vector>

#include "core/result.h"
#include "session/order.h"
#include "trial/trial_setup.h"
#include "trial/trial_table.h"

namespace causal_sessions {

struct OutcomeValues {
  std::vector<double> of_row;       // at most TrialOptions::value_cap
  std::uint64_t capped = 0;         // rows with a larger sum
  std::uint64_t lacking = 0;        // rows with an outcome whose value is missing
  std::uint64_t with_outcomes = 0;  // of so many
};

// `column`: the place of TrialOptions::outcome_value among the events' values.
[[nodiscard]] Result<OutcomeValues> add_up_outcomes(const OrderedEvents& events, const TrialSetup& setup, const TrialTable& table,
                                                    std::size_t column, const Workers& workers);

}  // namespace causal_sessions
