// Findings: what the audit's figures mean, worst first.
//
// Each kind of finding is one row of the table in findings.cpp: code, severity, repair and when it is there; what it
// says stands in finding_words.cpp. The
// repair is the plan key and value that would mend it, unset where no plan can. Severities: error, the table cannot be used for
// what it is for; warning, a result from it may be wrong; note, something to know.
#pragma once

#include <vector>

#include "audit/audit.h"

namespace causal_sessions {

// `audit` holds every topic.
[[nodiscard]] std::vector<Finding> find_problems(const Audit& audit, const Plan& plan);

}  // namespace causal_sessions
