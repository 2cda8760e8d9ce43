// The audit as a terminal shows it. audit_json.h is the whole of it, for machines.
#pragma once

#include <cstddef>
#include <string>

#include "audit/audit.h"
#include "text/lines.h"

namespace causal_sessions {

// How many there are of each severity.
[[nodiscard]] std::string severities_text(const std::vector<Finding>& findings);
// What each says, with its repair. `is_notebook`: of the profile, which the other one mends at once.
[[nodiscard]] Lines finding_lines(const std::vector<Finding>& findings, bool is_notebook);

// In lines of `width`; text/lines.h.
[[nodiscard]] std::string audit_text(const Audit& audit, std::size_t width);

}  // namespace causal_sessions
