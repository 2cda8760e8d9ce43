#include "estimate/sensitivity.h"

#include <algorithm>
#include <cmath>

namespace causal_sessions {
namespace {

double e_value_of(double ratio) {
  const double above = ratio < 1 ? 1 / ratio : ratio;
  return above + std::sqrt(above * (above - 1));
}

double robustness_of(double f) {
  const double squared = f * f;
  return (std::sqrt(squared * squared + 4 * squared) - squared) / 2;
}

}  // namespace

Strength e_value(double ratio, double low, double high) {
  const bool holds_none = low <= 1 && high >= 1;
  return {e_value_of(ratio), holds_none ? 1 : e_value_of(ratio > 1 ? low : high)};
}

std::optional<Strength> robustness_value(std::span<const double> treatment, std::span<const double> outcome,
                                         const Effect& effect) {
  const auto n = static_cast<double>(treatment.size());
  double t_mean = 0, y_mean = 0;
  for (std::size_t r = 0; r < treatment.size(); ++r) {
    t_mean += treatment[r];
    y_mean += outcome[r];
  }
  t_mean /= n;
  y_mean /= n;
  double tt = 0, yy = 0, ty = 0;
  for (std::size_t r = 0; r < treatment.size(); ++r) {
    const double t = treatment[r] - t_mean, y = outcome[r] - y_mean;
    tt += t * t;
    yy += y * y;
    ty += t * y;
  }
  if (!(tt > 0) || !(yy > 0)) return std::nullopt;
  const double explained = ty * ty / (tt * yy);
  if (!(explained < 1)) return std::nullopt;
  const double f = std::sqrt(explained / (1 - explained));
  const auto [low, high] = effect.interval95;
  const double nearer = low > 0 ? low : high < 0 ? -high : 0;
  const double size = std::abs(effect.effect);
  return Strength{robustness_of(f), size > 0 ? robustness_of(f * nearer / size) : 0};
}

}  // namespace causal_sessions
