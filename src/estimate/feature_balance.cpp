#include "estimate/feature_balance.h"

#include <algorithm>
#include <cmath>

#include "estimate/weighted_effect.h"

namespace causal_sessions {
namespace {

using ByGroup = std::array<double, 2>;

// Sums by arm of a feature, which has mean 0 and variance 1 over all rows.
double difference_of(const Features& features, std::size_t j, const TreatedRows& rows, const std::vector<double>& weight) {
  ByGroup sum{}, total{};
  for (std::size_t r = 0; r < rows.size(); ++r) {
    sum[rows.treatment[r]] += weight[r] * features.row(r)[j];
    total[rows.treatment[r]] += weight[r];
  }
  return sum[1] / total[1] - sum[0] / total[0];
}

// Of a weighted difference, by the users' shares of both means.
double error_of_difference(const Features& features, std::size_t j, const TreatedRows& rows, const std::vector<double>& weight,
                           const Clusters& clusters) {
  ByGroup sum{}, total{};
  for (std::size_t r = 0; r < rows.size(); ++r) {
    sum[rows.treatment[r]] += weight[r] * features.row(r)[j];
    total[rows.treatment[r]] += weight[r];
  }
  const auto n = static_cast<double>(rows.size());
  std::vector<double> influence(rows.size());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const std::uint8_t arm = rows.treatment[r];
    const double share = n * weight[r] * (features.row(r)[j] - sum[arm] / total[arm]) / total[arm];
    influence[r] = arm != 0 ? share : -share;
  }
  return clusters.standard_error(influence);
}

}  // namespace

bool FeatureBalance::imbalanced() const {
  return std::abs(weighted_smd) > std::max(kMostImbalance, kChanceErrors * weighted_error);
}

std::vector<double> overlap_weights(const TreatedRows& rows, std::span<const double> propensity) {
  std::vector<double> weight(rows.size());
  for (std::size_t r = 0; r < rows.size(); ++r) weight[r] = rows.treatment[r] != 0 ? 1 - propensity[r] : propensity[r];
  return weight;
}

WeightedGroups weigh_groups(const Features& features, const TreatedRows& rows, std::span<const double> propensity,
                            const Clusters& clusters) {
  WeightedGroups out;
  const std::vector<double> one(rows.size(), 1.0), weight = overlap_weights(rows, propensity);
  ByGroup total{}, squares{};
  for (std::size_t r = 0; r < rows.size(); ++r) {
    total[rows.treatment[r]] += weight[r];
    squares[rows.treatment[r]] += weight[r] * weight[r];
  }
  const auto clipped = std::count_if(propensity.begin(), propensity.end(),
                                     [](double e) { return e < kLeastPropensity || e > 1 - kLeastPropensity; });
  for (std::size_t arm = 0; arm < 2; ++arm)
    out.effective_rows[arm] = squares[arm] > 0 ? total[arm] * total[arm] / squares[arm] : 0;
  out.clipped_share = static_cast<double>(clipped) / static_cast<double>(rows.size());
  for (std::size_t j = 0; j < features.size(); ++j) {
    out.features.push_back({features.columns[j].name, difference_of(features, j, rows, one),
                            difference_of(features, j, rows, weight), error_of_difference(features, j, rows, weight, clusters)});
  }
  return out;
}

}  // namespace causal_sessions
