#include "estimate/feature_balance.h"

#include <algorithm>
#include <cmath>

#include "estimate/weighted_effect.h"

namespace causal_sessions {
namespace {

using ByGroup = std::array<double, 2>;

// Means by arm, of all features at once, as a row holds them side by side.
class Means {
 public:
  Means(const Features& features, const TreatedRows& rows, const std::vector<double>& weight) {
    for (auto& of_arm : mean_) of_arm.resize(features.size());
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const std::uint8_t arm = rows.treatment[r];
      const double* const row = features.row(r);
      total_[arm] += weight[r];
      for (std::size_t j = 0; j < features.size(); ++j) mean_[arm][j] += weight[r] * row[j];
    }
    for (std::size_t arm = 0; arm < 2; ++arm) {
      for (double& sum : mean_[arm]) sum /= total_[arm];
    }
  }
  [[nodiscard]] double difference(std::size_t j) const { return mean_[1][j] - mean_[0][j]; }
  [[nodiscard]] const std::vector<double>& of(std::size_t arm) const { return mean_[arm]; }
  [[nodiscard]] double total(std::size_t arm) const { return total_[arm]; }

 private:
  std::array<std::vector<double>, 2> mean_;
  ByGroup total_{};
};

// Of weighted differences, by the users' shares of both means.
std::vector<double> errors_of_differences(const Features& features, const TreatedRows& rows, const std::vector<double>& weight,
                                          const Means& means, const Clusters& clusters) {
  const auto n = static_cast<double>(rows.size());
  std::vector<double> influence(features.size());
  return clusters.standard_errors(features.size(), [&](std::uint32_t r) -> const double* {
    const std::uint8_t arm = rows.treatment[r];
    const double* const row = features.row(r);
    for (std::size_t j = 0; j < features.size(); ++j) {
      const double share = n * weight[r] * (row[j] - means.of(arm)[j]) / means.total(arm);
      influence[j] = arm != 0 ? share : -share;
    }
    return influence.data();
  });
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
  const Means raw(features, rows, one), weighted(features, rows, weight);
  const std::vector<double> errors = errors_of_differences(features, rows, weight, weighted, clusters);
  for (std::size_t j = 0; j < features.size(); ++j)
    out.features.push_back({features.columns[j].name, raw.difference(j), weighted.difference(j), errors[j]});
  return out;
}

}  // namespace causal_sessions
