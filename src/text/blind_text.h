// The audit without outcomes as a terminal shows it. blind_json() is the whole of it, for machines.
#pragma once

#include <cstddef>
#include <string>

#include "estimate/blind.h"

namespace causal_sessions {

// In lines of `width`; text/lines.h.
[[nodiscard]] std::string blind_text(const Audit& audit, const BlindAudit& blind, std::size_t width);

}  // namespace causal_sessions
