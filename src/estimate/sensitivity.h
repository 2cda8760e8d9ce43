// What could overturn an estimate: how strong something would have to be that nobody recorded.
//
// Source:  VanderWeele and Ding 2017 (E-value); Cinelli and Hazlett 2020 (robustness value), with the residuals of the
//          cross-fitted models in place of those of a regression.
#pragma once

#include <optional>
#include <span>

#include "estimate/clustered_ratio.h"

namespace causal_sessions {

// Of the estimate, and of the end of its interval that is nearer to no effect.
struct Strength {
  double estimate = 0, limit = 0;
};

// How strongly, as a risk ratio, a trait would have to go with treatment and outcome both; 1: not at all. `low` and `high`: the
// interval of the ratio. Needs: positive ratios.
[[nodiscard]] Strength e_value(double ratio, double low, double high);

// The share of what is left of treatment and outcome, beyond what the models explain, that a trait would have to explain in
// both. `treatment` and `outcome`: the residuals T - e and Y - e m1 - (1 - e) m0. Unset where one of them does not vary.
[[nodiscard]] std::optional<Strength> robustness_value(std::span<const double> treatment, std::span<const double> outcome,
                                                       const Effect& effect);

}  // namespace causal_sessions
