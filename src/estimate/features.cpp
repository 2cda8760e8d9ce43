#include "estimate/features.h"

#include <cmath>

#include "core/portable_math.h"

namespace causal_sessions {

Features Features::without(CovariateGroup group) const {
  Features rest;
  std::vector<std::size_t> kept;
  for (std::size_t j = 0; j < columns.size(); ++j) {
    if (columns[j].group == group) continue;
    kept.push_back(j);
    rest.columns.push_back(columns[j]);
  }
  const std::size_t rows = columns.empty() ? 0 : values.size() / columns.size();
  rest.values.reserve(rows * kept.size());
  for (std::size_t r = 0; r < rows; ++r) {
    for (const std::size_t j : kept) rest.values.push_back(row(r)[j]);
  }
  return rest;
}

Features make_features(std::span<const std::string> names, std::span<const double> covariates,
                       std::span<const std::uint32_t> rows) {
  Features features;
  std::vector<std::vector<double>> made;
  const auto n = static_cast<double>(rows.size());
  for (std::size_t j = 0; j < names.size(); ++j) {
    const CovariateTraits& traits = covariate_traits(names[j]);
    const bool amount = traits.scale == CovariateScale::kAmount;
    std::vector<double> values;
    values.reserve(rows.size());
    double sum = 0, squares = 0;
    for (const std::uint32_t row : rows) {
      const double value = covariates[row * names.size() + j];
      values.push_back(amount ? portable_log(1 + value) : value);
      sum += values.back();
    }
    const double mean = rows.empty() ? 0 : sum / n;
    for (double& value : values) {
      value -= mean;
      squares += value * value;
    }
    const double deviation = rows.empty() ? 0 : std::sqrt(squares / n);
    if (deviation <= 1e-9 * (1 + std::abs(mean))) continue;
    for (double& value : values) value /= deviation;
    features.columns.push_back({amount ? "log " + names[j] : names[j], traits.group});
    made.push_back(std::move(values));
  }
  features.values.reserve(rows.size() * made.size());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (const std::vector<double>& values : made) features.values.push_back(values[r]);
  }
  return features;
}

}  // namespace causal_sessions
