// A slow and obvious second implementation of the profile "notebook", to hold the fast one against.
//
// Texts are std::string, groups are std::map, sorting is NumPy's algorithm as the design tells it, the generator is the
// textbook's. It shares nothing with src/ but the plan's values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plan/plan.h"

namespace causal_sessions::reference {

struct Event {
  std::string user;
  std::int64_t time_us = 0;
  std::string type;
  std::string item;  // empty: none
};

struct Outputs {
  std::string train, validation, test;  // JSON lines
  std::string vocabulary, metadata;
};

[[nodiscard]] Outputs run(const Plan& plan, const std::vector<Event>& events);

}  // namespace causal_sessions::reference
