// Whether there is memory for something that can be done without.
#pragma once

#include <cstddef>

namespace causal_sessions {

// Memory for `bytes` in one piece. What cannot be done without is taken without asking.
[[nodiscard]] bool has_room(std::size_t bytes);

}  // namespace causal_sessions
