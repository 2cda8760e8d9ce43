// What a table of this plan can be asked, as sentences: the effect of what, on what, against what, and over whom.
#pragma once

#include <string>

#include "formats/json/fields.h"
#include "trial/trial_options.h"

namespace causal_sessions {

// Plain text; the event types are the plan's, made visible (core/wording.h).
[[nodiscard]] std::string estimand_sentence(const TrialOptions& trial);
// Where time zero is; empty without one.
[[nodiscard]] std::string time_zero_sentence(const TrialOptions& trial);
// Who is eligible at time zero; empty without one.
[[nodiscard]] std::string eligibility_sentence(const TrialOptions& trial);
// The same for programs: {sentence, population, timeZero, treatment, outcome, competingEvents, weights}; null without a time zero.
// `weights`: of the rows that the main figure of an estimate averages over.
[[nodiscard]] Json estimand_json(const TrialOptions& trial);

}  // namespace causal_sessions
