// Two audits of the same events side by side: of a run under the plan, and of one under another plan.
//
// Findings are told apart by their code, settings by what the complete plans have.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "audit/audit.h"
#include "plan/keys.h"

namespace causal_sessions {

struct Comparison {
  struct Side {
    const Audit* audit = nullptr;
    std::uint64_t rows = 0;
    Share treatment_rate, outcome_rate, naive_difference;
    std::optional<std::array<double, 2>> interval95;
    std::vector<const Finding*> own;  // the worst of each code that the other side does not have
  };
  struct Shared {
    std::string_view code;
    std::array<Severity, 2> severity;  // the worst of each side
  };
  std::array<Side, 2> sides;  // the plan's, then the other's
  std::vector<Shared> shared;
  std::vector<DifferingSetting> settings;
};

// How the two sides are called, in JSON and on a terminal.
inline constexpr std::array<const char*, 2> kSideNames = {"plan", "against"};

// Of two finished runs with audits, which outlive what is made of them.
[[nodiscard]] Comparison compare_audits(const Run& by_plan, const Run& against);
[[nodiscard]] std::string comparison_json(const Comparison& comparison);

}  // namespace causal_sessions
