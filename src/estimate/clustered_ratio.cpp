#include "estimate/clustered_ratio.h"

#include <cmath>

#include "core/portable_math.h"

namespace causal_sessions {

double t_quantile(double degrees) {
  constexpr double z = 1.959963984540054, z2 = z * z;
  const double n = 1 / degrees;
  const double first = z * (z2 + 1) / 4;
  const double second = z * ((5 * z2 + 16) * z2 + 3) / 96;
  const double third = z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384;
  const double fourth = z * ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160;
  return z + n * (first + n * (second + n * (third + n * fourth)));
}

// The complementary error function: its series near 0, else its continued fraction; Abramowitz and Stegun 7.1.6, 7.1.14.
double two_sided_p(double z) {
  constexpr double kRootOfPi = 1.7724538509055160273, kRootOfTwo = 1.4142135623730950488;
  const double x = std::abs(z) / kRootOfTwo, square = x * x;
  if (x > 25) return 0;
  if (x < 2) {
    double term = x, sum = x;
    for (int n = 1; n < 60; ++n) {
      term *= 2 * square / (2 * n + 1);
      sum += term;
    }
    return 1 - 2 / kRootOfPi * portable_exp(-square) * sum;
  }
  double fraction = x;
  for (int n = 120; n > 0; --n) fraction = x + n / 2.0 / fraction;
  return portable_exp(-square) / kRootOfPi / fraction;
}

Clusters::Clusters(std::span<const std::uint32_t> user_of_row) {
  double squares = 0;
  for (std::size_t r = 0; r < user_of_row.size(); ++r) {
    if (r == 0 || user_of_row[r] != user_of_row[r - 1]) begin.push_back(static_cast<std::uint32_t>(r));
  }
  begin.push_back(static_cast<std::uint32_t>(user_of_row.size()));
  for (std::size_t g = 0; g + 1 < begin.size(); ++g) {
    const double rows = begin[g + 1] - begin[g];
    squares += rows * rows;
  }
  const auto all = static_cast<double>(user_of_row.size());
  effective = squares > 0 ? all * all / squares : 0;
}

double Clusters::standard_error(std::span<const double> influence) const {
  return standard_errors(1, [influence](std::uint32_t r) { return &influence[r]; }).front();
}

Effect Clusters::with_interval(double effect, double standard_error) const {
  const double reach = t_quantile(effective - 1) * standard_error;
  return {effect, standard_error, {effect - reach, effect + reach}};
}

}  // namespace causal_sessions
