// A weighted mean, its standard error clustered by user, and the interval that few users allow.
//
// Source:  the jackknife that leaves a user out, Tukey 1958, here by the rows' influence; t by effective users, as Kish 1965 counts
//          them; the quantile of t by its expansion, Abramowitz and Stegun 26.7.5.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

namespace causal_sessions {

// With less, an estimate would be more noise than answer.
inline constexpr std::uint64_t kLeastTreatedUsers = 50, kLeastOutcomes = 20;
inline constexpr double kLeastEffectiveUsers = 30;

struct Effect {
  double effect = 0, standard_error = 0;
  std::array<double, 2> interval95{};
};

// Rows in order of their users, and how many users they are worth: N^2 / sum of squared rows a user.
struct Clusters {
  explicit Clusters(std::span<const std::uint32_t> user_of_row);

  std::vector<std::uint32_t> begin;  // of each user's rows; ends with the number of rows
  double effective = 0;

  [[nodiscard]] std::size_t users() const { return begin.size() - 1; }
  // Of the estimate, by each row's influence on it, whose mean is 0.
  [[nodiscard]] double standard_error(std::span<const double> influence) const;
  // Of several estimates: influence_of(row) points at the row's influence on each of them.
  template <class InfluenceOf>
  [[nodiscard]] std::vector<double> standard_errors(std::size_t estimates, InfluenceOf influence_of) const {
    const auto groups = static_cast<double>(users()), all = static_cast<double>(begin.back());
    std::vector<double> sums(estimates), of_user(estimates);
    for (std::size_t g = 0; g < users(); ++g) {
      std::fill(of_user.begin(), of_user.end(), 0.0);
      for (std::uint32_t r = begin[g]; r < begin[g + 1]; ++r) {
        const double* const influence = influence_of(r);
        for (std::size_t j = 0; j < estimates; ++j) of_user[j] += influence[j];
      }
      for (std::size_t j = 0; j < estimates; ++j) {
        const double moved = of_user[j] / (all - (begin[g + 1] - begin[g]));
        sums[j] += moved * moved;
      }
    }
    for (double& sum : sums) sum = std::sqrt((groups - 1) / groups * sum);
    return sums;
  }
  // 95 %, of an estimate with a standard error.
  [[nodiscard]] Effect with_interval(double effect, double standard_error) const;
};

// Of Student's t with so many degrees of freedom: the point that 2.5 % lie beyond. Needs: 8 or more, the error is then below 1e-4.
[[nodiscard]] double t_quantile(double degrees);
// How often a standard normal is as far from 0 as this, or farther.
[[nodiscard]] double two_sided_p(double z);

}  // namespace causal_sessions
