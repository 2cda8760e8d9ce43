// Tables as text under many plans, for the targets that make whole runs of them.
//
// An input begins with the letter of its plan, of which "a" is the first; a line "====" parts two files.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support.h"

namespace causal_sessions::fuzz {

[[nodiscard]] const std::vector<Plan>& table_plans();

struct TableInput {
  const Plan& plan;
  std::vector<std::string_view> files;
};
// Nothing of an empty input.
[[nodiscard]] std::optional<TableInput> table_input(std::string_view input);

struct MadeRun {
  std::unique_ptr<Run> run;
  Status status;
};
// With an audit and kept events, on one thread; `dice` as in feed().
[[nodiscard]] MadeRun make_run(const Plan& plan, const std::vector<std::string_view>& files, Dice* dice);

// What users see of a run and of its sessions; the dice say what is looked at.
[[nodiscard]] std::string everything(const MadeRun& made, Dice dice);

}  // namespace causal_sessions::fuzz
