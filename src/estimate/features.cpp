#include "estimate/features.h"

#include <cmath>

#include "core/portable_math.h"

namespace causal_sessions {
namespace {

constexpr double kHours = 24, kWeekdays = 7;

// One feature: which covariate it is made of, and how.
struct Maker {
  std::size_t covariate;
  double per_turn;  // 0: an amount
  double shift;     // in turns: a quarter makes a cosine of the sine
  std::string name;
  CovariateGroup group;

  [[nodiscard]] double of(double value) const {
    if (per_turn == 0) return portable_log(1 + value);
    const double turns = value / per_turn;
    return portable_sine(turns - std::floor(turns) + shift);
  }
};

std::vector<Maker> makers_of(std::span<const std::string> names) {
  std::vector<Maker> makers;
  for (std::size_t j = 0; j < names.size(); ++j) {
    const CovariateTraits& traits = covariate_traits(names[j]);
    if (traits.scale == CovariateScale::kAmount) {
      makers.push_back({j, 0, 0, "log " + names[j], traits.group});
      continue;
    }
    const bool hour = traits.scale == CovariateScale::kHour;
    for (int cycles = 1; cycles <= (hour ? 2 : 1); ++cycles) {
      const double per_turn = (hour ? kHours : kWeekdays) / cycles;
      const std::string cycle = std::to_string(cycles);
      makers.push_back({j, per_turn, 0, names[j] + " sin " + cycle, traits.group});
      makers.push_back({j, per_turn, 0.25, names[j] + " cos " + cycle, traits.group});
    }
  }
  return makers;
}

}  // namespace

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
  for (const Maker& maker : makers_of(names)) {
    std::vector<double> values;
    values.reserve(rows.size());
    double sum = 0, squares = 0;
    for (const std::uint32_t row : rows) {
      values.push_back(maker.of(covariates[row * names.size() + maker.covariate]));
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
    features.columns.push_back({maker.name, maker.group});
    made.push_back(std::move(values));
  }
  features.values.reserve(rows.size() * made.size());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (const std::vector<double>& values : made) features.values.push_back(values[r]);
  }
  return features;
}

}  // namespace causal_sessions
