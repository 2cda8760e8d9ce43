// The effect averaged over rows in three ways, from the nuisances: each is a ratio of sums whose influence is known.
//
// Overlap  each row counts by e (1 - e), so those that could have gone either way count most. Nothing has to be cut off, and
//          the weights balance the arms where e is right.
// Treated  each row counts by e: the effect on those who were treated.
// All      each row counts alike; propensities are moved into 0.01 .. 0.99, so it may be told only where few are moved.
//
// Source:  Li, Morgan and Zaslavsky 2018 (overlap weights); Hahn 1998 (treated); Robins, Rotnitzky and Zhao 1994 (all), each as
//          its efficient score; Crump et al. 2009 on why tails of e are trouble.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "estimate/clustered_ratio.h"
#include "estimate/nuisances.h"

namespace causal_sessions {

inline constexpr double kLeastPropensity = 0.01;

// Sums over rows of weight * numerator / weight * denominator, and what else of a row moves the ratio: that the overlap
// weights are estimated.
struct Score {
  std::vector<double> numerator, denominator;
  // What a row's weight, which is an estimate, adds: slope * (contrast - ratio). Empty where weights are none.
  std::vector<double> slope, contrast;
};

// Whether a row has the outcome, or what its outcomes are worth, by the nuisances of that.
enum class Measured : bool { kOutcome, kValue };

[[nodiscard]] Score overlap_score(const TreatedRows& rows, const Nuisances& nuisances, Measured measured = Measured::kOutcome);
// The overlap-weighted risk, or mean value, under one treatment.
[[nodiscard]] Score risk_score(const TreatedRows& rows, const Nuisances& nuisances, int arm,
                               Measured measured = Measured::kOutcome);
[[nodiscard]] Score treated_score(const TreatedRows& rows, const Nuisances& nuisances);
[[nodiscard]] Score all_score(const TreatedRows& rows, const Nuisances& nuisances);

struct Weighted {
  double value = 0;
  std::vector<double> influence;  // of each row, 0 in the mean
};

// `weight` of each row; empty: 1. Unset where the denominators add up to nothing.
[[nodiscard]] std::optional<Weighted> weighted_ratio(const Score& score, std::span<const double> weight = {});

[[nodiscard]] Effect effect_of(const Weighted& weighted, const Clusters& clusters);

// A positive ratio, by the error of its logarithm, on whose scale its interval is more nearly symmetric.
[[nodiscard]] Effect ratio_with_interval(double ratio, double error, const Clusters& clusters);
// Of two risks; unset where one is not positive.
[[nodiscard]] std::optional<Effect> ratio_of(const Weighted& treated, const Weighted& control, const Clusters& clusters);

}  // namespace causal_sessions
