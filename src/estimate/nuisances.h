// The two models that an adjusted estimate needs, cross-fitted: who is treated, unless that is known, and who has the outcome in
// either arm; and where outcomes have values, what these are on average.
//
// Each row is judged by ridge logistic models (audit/logistic.h), of values linear ones, of the users of the other folds, so that
// no row is judged by what it taught them.
//
// Threads: the models that are cross-fitted, side by side.
// Source:  Chernozhukov et al. 2018 (double/debiased machine learning), definition 3.2.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/workers.h"
#include "estimate/features.h"

namespace causal_sessions {

struct Nuisances {
  std::vector<double> propensity;  // e(x) = P(T = 1 | x)
  std::vector<double> risk[2];     // m0(x), m1(x) = P(Y = 1 | x, T = a)
  bool converged = true;           // the search for every model came to its end
};

// Rows of the analysis, in the order of the features.
struct TreatedRows {
  std::vector<double> value;  // what the outcomes of each row are worth, where that is asked; else empty
  std::vector<std::uint8_t> treatment, outcome;
  std::vector<std::uint32_t> user;
  std::vector<std::uint16_t> fold;
  std::uint32_t folds = 0;
  // Where what assigned the treatment is known, as in an experiment: of each row, in place of a fitted one. Else empty.
  std::vector<double> propensity;

  [[nodiscard]] std::size_t size() const { return treatment.size(); }
};

// Users with such a row, by its position.
template <class Is>
[[nodiscard]] std::uint64_t users_with(const TreatedRows& rows, Is is) {
  std::uint64_t users = 0;
  std::size_t last = rows.size();
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (!is(r) || (last != rows.size() && rows.user[r] == rows.user[last])) continue;
    last = r;
    ++users;
  }
  return users;
}
[[nodiscard]] inline std::uint64_t users_treated(const TreatedRows& rows) {
  return users_with(rows, [&rows](std::size_t r) { return rows.treatment[r] != 0; });
}

// By models of all rows, those that are judged among them: quicker, for comparisons of one set of features with another.
[[nodiscard]] std::optional<Nuisances> fit_all(const Features& features, const TreatedRows& rows);

// Nothing where the rows outside of some fold lack an outcome, or its absence, in an arm. `propensity`: what was fitted for the same
// features and treatments, where that has been done.
[[nodiscard]] std::optional<Nuisances> cross_fit(const Features& features, const TreatedRows& rows, const Workers& workers,
                                                 const std::vector<double>& propensity = {});
// For the values of rows in place of their outcomes, whose risks have been fitted: `propensity` as there, `risk` the means of the
// values.
[[nodiscard]] Nuisances cross_fit_values(const Features& features, const TreatedRows& rows, const Workers& workers,
                                         const std::vector<double>& propensity);
// The propensities alone, for which no outcome is looked at.
[[nodiscard]] std::optional<std::vector<double>> cross_fit_propensity(const Features& features, const TreatedRows& rows,
                                                                      const Workers& workers);

}  // namespace causal_sessions
