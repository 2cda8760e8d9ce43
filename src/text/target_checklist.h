// The 21 items of the TARGET checklist, for the report: what a run knows of each, and what its author has to write.
//
// Source:  Cashin, Hansford, Hernán et al., "Transparent Reporting of Observational Studies Emulating a Target Trial: the TARGET
//          Statement", JAMA 334 (2025), 1084-1093, doi:10.1001/jama.2025.13350; the items in our own words.
#pragma once

#include <string>
#include <vector>

#include "run/run.h"

namespace causal_sessions {

struct ChecklistItem {
  std::string number, topic;
  std::string known;   // sentences, plain text; empty: nothing
  std::string author;  // what is left to the author; empty: nothing
};

// Of a finished run. `count`: how a count is shown.
[[nodiscard]] std::vector<ChecklistItem> target_checklist(const Run& run, std::string (*count)(std::uint64_t count));

}  // namespace causal_sessions
