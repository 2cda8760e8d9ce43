// The estimate as people read it on a terminal: the question, the adjusted answer, the naive one, then what could overturn it.
#pragma once

#include <string>

#include "estimate/estimate.h"

namespace causal_sessions {

[[nodiscard]] std::string estimate_text(const EffectEstimate& estimate, std::size_t width);
// Why there is none, in a sentence for whoever asked; empty where there is one.
[[nodiscard]] std::string no_estimate_text(const EffectEstimate& estimate);
// Who the main figure speaks of.
[[nodiscard]] std::string overlap_sentence();
// What may be said of it.
[[nodiscard]] std::string caution_sentence();

}  // namespace causal_sessions
