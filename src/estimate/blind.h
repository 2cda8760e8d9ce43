// What a table could show, told before anybody looks at outcomes: the audit without them (audit/audit_json.h), balance and overlap
// of the groups, and the smallest effect that the rows have the power to show. A plan that is chosen by these cannot have been
// chosen by its answer.
//
// No outcome of a row is read, and no rate of them: the power stands for outcome rates that are given. Which rows there are asks
// for outcomes before time zero, as eligibility does.
//
// Power    The smallest difference is (t_0.975 + z_0.8) sqrt(p (1 - p) V), t by the effective users. V is the variance of a
//          difference of overlap-weighted means in units of the outcome's: the sum of squared weights over rows where rows of a
//          user have nothing in common, over users and groups where all of them in a group have the same outcome. The truth lies
//          between. What the models of the outcome explain makes it a little smaller.
//
// Needs:   a finished run with an audit.
// Cost:    one cross-fitted model.
// Source:  Bloom 1995 (minimum detectable effects); Kish 1965 (effective sizes); Li, Morgan and Zaslavsky 2018 (the weights).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/audit.h"
#include "estimate/feature_balance.h"

namespace causal_sessions {

struct BlindAudit {
  static constexpr double kPower = 0.8, kLevel = 0.05;
  // Differences of outcome rates that would be found in four of five such tables, where one group has that rate.
  struct Smallest {
    double outcome_rate = 0, independent = 0, alike = 0;
  };
  struct Figures {
    WeightedGroups groups;
    std::vector<Smallest> smallest;
  };

  std::string estimand;
  ControlName control;
  std::uint64_t censored_left_out = 0, users = 0, users_treated = 0;
  ByArm<std::uint64_t> rows{};
  double effective_users = 0;
  std::optional<Figures> figures;
  std::string no_figures;  // why, in a sentence
};

[[nodiscard]] BlindAudit look_blind(const Run& run);

// With the audit's topics that ask for no outcome. The same bytes everywhere.
[[nodiscard]] std::string blind_json(const Audit& audit, const BlindAudit& blind);
[[nodiscard]] std::string blind_json(const Run& run);

}  // namespace causal_sessions
