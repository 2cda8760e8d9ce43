// A look at a file as a terminal shows it.
#pragma once

#include <string>

#include "formats/json/fields.h"

namespace causal_sessions {

// `inspection`: as preview_json() writes it.
[[nodiscard]] std::string inspection_text(const Json& inspection);

}  // namespace causal_sessions
