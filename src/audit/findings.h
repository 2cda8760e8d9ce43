// Findings: what the audit's figures mean, worst first.
//
// A finding is {code, severity, figures, consequence, repair}; repair is the plan key and value that would mend it, or
// null where no plan can. Severities: error, the table cannot be used for what it is for; warning, a result from it may
// be wrong; note, something to know.
#pragma once

#include "formats/json/fields.h"
#include "plan/plan.h"

namespace causal_sessions {

// `audit` holds every topic.
[[nodiscard]] Json find_problems(const Json& audit, const Plan& plan);

}  // namespace causal_sessions
