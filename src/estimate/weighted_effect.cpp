#include "estimate/weighted_effect.h"

#include <algorithm>

#include "core/portable_math.h"

namespace causal_sessions {
namespace {

// The outcome's surprise in the arm that a row is in, weighted as the overlap weights ask: T (1 - e) (Y - m1), (1 - T) e (Y - m0).
double surprise(const TreatedRows& rows, const Nuisances& nuisances, Measured measured, std::size_t r, int arm) {
  if (rows.treatment[r] != arm) return 0;
  const double e = nuisances.propensity[r], y = measured == Measured::kValue ? rows.value[r] : rows.outcome[r];
  return (arm == 1 ? 1 - e : e) * (y - nuisances.risk[arm][r]);
}

// `value(r)`: the numerator; `contrast(r)`: what the overlap weights average.
template <class Value, class Contrast>
Score overlap_weighted(const TreatedRows& rows, const Nuisances& nuisances, Value value, Contrast contrast) {
  Score score;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const double e = nuisances.propensity[r];
    score.numerator.push_back(value(r));
    score.denominator.push_back(e * (1 - e));
    if (!rows.propensity.empty()) continue;  // then the weights are no estimate
    score.slope.push_back((1 - 2 * e) * (rows.treatment[r] - e));
    score.contrast.push_back(contrast(r));
  }
  return score;
}

}  // namespace

Score overlap_score(const TreatedRows& rows, const Nuisances& nuisances, Measured measured) {
  const auto contrast = [&](std::size_t r) { return nuisances.risk[1][r] - nuisances.risk[0][r]; };
  const auto value = [&](std::size_t r) {
    const double e = nuisances.propensity[r];
    return e * (1 - e) * contrast(r) + surprise(rows, nuisances, measured, r, 1) - surprise(rows, nuisances, measured, r, 0);
  };
  return overlap_weighted(rows, nuisances, value, contrast);
}

Score risk_score(const TreatedRows& rows, const Nuisances& nuisances, int arm, Measured measured) {
  const auto contrast = [&](std::size_t r) { return nuisances.risk[arm][r]; };
  const auto value = [&](std::size_t r) {
    const double e = nuisances.propensity[r];
    return e * (1 - e) * contrast(r) + surprise(rows, nuisances, measured, r, arm);
  };
  return overlap_weighted(rows, nuisances, value, contrast);
}

Score treated_score(const TreatedRows& rows, const Nuisances& nuisances) {
  Score score;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const double e = nuisances.propensity[r], off = rows.outcome[r] - nuisances.risk[0][r];
    score.numerator.push_back(rows.treatment[r] != 0 ? off : -e / (1 - e) * off);
    score.denominator.push_back(rows.treatment[r]);
  }
  return score;
}

Score all_score(const TreatedRows& rows, const Nuisances& nuisances) {
  Score score;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const double e = std::clamp(nuisances.propensity[r], kLeastPropensity, 1 - kLeastPropensity);
    const double m1 = nuisances.risk[1][r], m0 = nuisances.risk[0][r], y = rows.outcome[r];
    score.numerator.push_back(m1 - m0 + (rows.treatment[r] != 0 ? (y - m1) / e : -(y - m0) / (1 - e)));
    score.denominator.push_back(1);
  }
  return score;
}

std::optional<Weighted> weighted_ratio(const Score& score, std::span<const double> weight) {
  const std::size_t n = score.numerator.size();
  const auto weight_of = [weight](std::size_t r) { return weight.empty() ? 1.0 : weight[r]; };
  double above = 0, below = 0;
  for (std::size_t r = 0; r < n; ++r) {
    above += weight_of(r) * score.numerator[r];
    below += weight_of(r) * score.denominator[r];
  }
  if (!(below > 0)) return std::nullopt;
  Weighted out{above / below, std::vector<double>(n)};
  const double mean = below / static_cast<double>(n);
  for (std::size_t r = 0; r < n; ++r) {
    double moved = score.numerator[r] - out.value * score.denominator[r];
    if (!score.slope.empty()) moved += score.slope[r] * (score.contrast[r] - out.value);
    out.influence[r] = weight_of(r) * moved / mean;
  }
  return out;
}

Effect effect_of(const Weighted& weighted, const Clusters& clusters) {
  return clusters.with_interval(weighted.value, clusters.standard_error(weighted.influence));
}

Effect ratio_with_interval(double ratio, double error, const Clusters& clusters) {
  const Effect log = clusters.with_interval(portable_log(ratio), error);
  return {ratio, error, {portable_exp(log.interval95[0]), portable_exp(log.interval95[1])}};
}

std::optional<Effect> ratio_of(const Weighted& treated, const Weighted& control, const Clusters& clusters) {
  if (!(treated.value > 0) || !(control.value > 0)) return std::nullopt;
  std::vector<double> influence(treated.influence.size());
  for (std::size_t r = 0; r < influence.size(); ++r) {
    influence[r] = treated.influence[r] / treated.value - control.influence[r] / control.value;
  }
  const double error = clusters.standard_error(influence);
  return ratio_with_interval(treated.value / control.value, error, clusters);
}

}  // namespace causal_sessions
