#include "estimate/features.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "core/portable_math.h"

namespace causal_sessions {

Features Features::without(std::string_view group) const {
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

void FeatureMaker::add(std::string name, std::string_view group, std::vector<double> values) {
  const auto n = static_cast<double>(values.size());
  double sum = 0, squares = 0;
  for (const double value : values) sum += value;
  const double mean = values.empty() ? 0 : sum / n;
  for (double& value : values) {
    value -= mean;
    squares += value * value;
  }
  const double deviation = values.empty() ? 0 : std::sqrt(squares / n);
  if (deviation <= 1e-9 * (1 + std::abs(mean))) return;
  for (double& value : values) value /= deviation;
  columns_.push_back({std::move(name), std::string(group)});
  made_.push_back(std::move(values));
}

void FeatureMaker::add_log(const std::string& name, std::string_view group, std::vector<double> values) {
  for (double& value : values) value = portable_log(1 + value);
  add("log " + name, group, std::move(values));
}

void FeatureMaker::add(FeatureMaker more) {
  std::move(more.columns_.begin(), more.columns_.end(), std::back_inserter(columns_));
  std::move(more.made_.begin(), more.made_.end(), std::back_inserter(made_));
}

Features FeatureMaker::done(std::size_t rows) {
  Features features;
  features.columns = std::move(columns_);
  features.values.reserve(rows * made_.size());
  for (std::size_t r = 0; r < rows; ++r) {
    for (const std::vector<double>& values : made_) features.values.push_back(values[r]);
  }
  return features;
}

Features make_features(std::span<const std::string> names, std::span<const double> covariates,
                       std::span<const std::uint32_t> rows, const Workers& workers) {
  std::vector<FeatureMaker> of_covariate(names.size());
  workers.each(names.size(), [&](std::size_t j) {
    std::vector<double> values;
    values.reserve(rows.size());
    for (const std::uint32_t row : rows) values.push_back(covariates[row * names.size() + j]);
    add_covariate(of_covariate[j], names[j], std::move(values));
  });
  FeatureMaker maker;
  for (FeatureMaker& more : of_covariate) maker.add(std::move(more));
  return maker.done(rows.size());
}

namespace {

// Not below zero, and more than two different numbers.
bool may_be_amount(std::span<const double> values) {
  if (values.empty()) return false;
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  return *least >= 0 && std::any_of(values.begin(), values.end(),
                                    [least = *least, most = *most](double value) { return value != least && value != most; });
}

}  // namespace

void add_covariate(FeatureMaker& maker, const std::string& name, std::vector<double> values) {
  const CovariateTraits& traits = covariate_traits(name);
  const char* const group = kCovariateGroupNames[static_cast<std::size_t>(traits.group)];
  // Of a column of the input nothing says whether it is an amount.
  if (traits.group == CovariateGroup::kColumns && may_be_amount(values)) maker.add_log(name, group, values);
  if (traits.scale == CovariateScale::kAmount) maker.add_log(name, group, std::move(values));
  else maker.add(name, group, std::move(values));
}

}  // namespace causal_sessions
