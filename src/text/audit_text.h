// The audit as a terminal shows it. audit_json.h is the whole of it, for machines.
#pragma once

#include <cstddef>
#include <string>

#include "audit/audit.h"

namespace causal_sessions {

// In lines of `width`; text/lines.h.
[[nodiscard]] std::string audit_text(const Audit& audit, std::size_t width);

}  // namespace causal_sessions
