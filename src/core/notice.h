// Notices: what may be wrong with the data or the plan although the run went through. What is surely wrong is an Error.
//
// A notice is one sentence that names place and finding, the counts behind it, and the plan key that settles it. It is
// the same on every face: report, command, page, audit and manifest.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace causal_sessions {

struct Notice {
  std::string_view code;  // a literal: "nullMarkers", "emptyFiles", ...
  std::string message;
  std::vector<std::pair<std::string_view, std::uint64_t>> counts;  // name (a literal), number
  std::string_view key;                                            // a literal; empty where no key settles it
};

}  // namespace causal_sessions
