// The audit as JSON: the only writer of it. Its keys are the names that documents, TypeScript and findings use.
#pragma once

#include <string>

#include "audit/audit.h"

namespace causal_sessions {

[[nodiscard]] std::string audit_json(const Audit& audit);
// Empty where there was none.
[[nodiscard]] std::string audit_json(const Run& run);

[[nodiscard]] Json finding_json(const Finding& finding);

// Topics that findings show as their figures.
[[nodiscard]] Json figures_of(const CellsOf& cells);
[[nodiscard]] Json figures_of(const OutcomeBeforeTreatment& before);
[[nodiscard]] Json figures_of(const ImmortalTime& immortal);
[[nodiscard]] Json figures_of(const TieDifference& difference);
[[nodiscard]] Json rows_and_share(std::uint64_t rows, std::uint64_t of);

}  // namespace causal_sessions
