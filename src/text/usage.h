// How the command is used, as both commands print it: the native one and the one in Node.
#pragma once

#include <string>

namespace causal_sessions {

[[nodiscard]] std::string usage();

}  // namespace causal_sessions
