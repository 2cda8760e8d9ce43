// How alike the groups are in what the models see, before and after the overlap weights, and how many rows these leave. Outcomes
// are not looked at.
//
// Source:  Austin 2009 (standardized differences); Kish 1965 (effective rows).
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "estimate/clustered_ratio.h"
#include "estimate/features.h"
#include "estimate/nuisances.h"

namespace causal_sessions {

inline constexpr double kMostImbalance = 0.1, kChanceErrors = 3;

// A feature (features.h) by arm: differences of means over the deviation of all rows, unweighted and by overlap weights.
struct FeatureBalance {
  std::string feature;
  double smd, weighted_smd;
  double weighted_error;  // standard error of the weighted one, by user

  // Beyond the limit, and by more than chance makes of the many features that there are.
  [[nodiscard]] bool imbalanced() const;
};

struct WeightedGroups {
  std::vector<FeatureBalance> features;
  double clipped_share = 0;  // of the rows, propensities outside of 0.01 .. 0.99
  std::array<double, 2> effective_rows{};
};

// T (1 - e) + (1 - T) e of each row.
[[nodiscard]] std::vector<double> overlap_weights(const TreatedRows& rows, std::span<const double> propensity);

[[nodiscard]] WeightedGroups weigh_groups(const Features& features, const TreatedRows& rows, std::span<const double> propensity,
                                          const Clusters& clusters);

}  // namespace causal_sessions
