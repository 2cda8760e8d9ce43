// The audit as JSON: the only writer of it. Its keys are the names that documents, TypeScript and findings use.
#pragma once

#include <string>
#include <vector>

#include "audit/audit.h"

namespace causal_sessions {

[[nodiscard]] std::string audit_json(const Audit& audit);
// Empty where there was none.
[[nodiscard]] std::string audit_json(const Run& run);

// What of it asks for no outcome of rows or sessions: no rate of them, no difference, and no rule that outcomes decide.
[[nodiscard]] Json audit_without_outcomes(const Audit& audit);
[[nodiscard]] std::vector<Finding> findings_without_outcomes(const Audit& audit);

[[nodiscard]] Json finding_json(const Finding& finding);

// Topics that findings show as their figures.
[[nodiscard]] Json figures_of(const CellsOf& cells);
[[nodiscard]] Json figures_of(const OutcomeBeforeTreatment& before);
[[nodiscard]] Json figures_of(const ImmortalTime& immortal);
[[nodiscard]] Json figures_of(const TieDifference& difference);
[[nodiscard]] Json rows_and_share(std::uint64_t rows, std::uint64_t of);

}  // namespace causal_sessions
