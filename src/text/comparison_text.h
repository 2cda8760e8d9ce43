// Two audits side by side as a terminal shows them. audit/comparison.h is what they are compared by.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "audit/comparison.h"

namespace causal_sessions {

// `file`: of the other plan. In lines of `width`; text/lines.h.
[[nodiscard]] std::string comparison_text(const Comparison& comparison, std::string_view file, std::size_t width);

// What is said of events that would have to be read a second time and cannot be.
[[nodiscard]] std::string read_twice_text(std::string_view file);

}  // namespace causal_sessions
