// The plan as the options of a command give it: the text of --plan, then --profile, then each --set on top of it.
//
// A value of --set is JSON where it is JSON, else a text, as in treatment.type=cart or input.escape=\\. Numbers are
// JavaScript's, so that both commands read them alike: one with too many digits to be held stays a text, and 2.0 is 2.
//
// Errors:  kBadCall for words that are no plan or no setting; kBadPlan for a plan of too many levels or keys, or none at all.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "core/result.h"
#include "plan/plan.h"

namespace causal_sessions {

struct PlanWords {
  std::optional<std::string> text;  // of the file behind --plan
  std::string file;                 // its name
  std::optional<std::string> profile;
  std::span<const std::string> settings;
};

// As JSON text; read_plan() has yet to check it.
[[nodiscard]] Result<std::string> plan_of_words(const PlanWords& words);

// The plan that another one is compared with, complete, from the text of a file. It stands for itself: no profile and no setting
// of the command goes into it. Refuses one that is the same as `plan`, in words that name the file.
[[nodiscard]] Result<Plan> plan_to_compare(const std::string& text, const std::string& file, const Plan& plan);

}  // namespace causal_sessions
