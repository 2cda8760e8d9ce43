// Logistic regression by iteratively reweighted least squares, with a ridge penalty of kRidge / 2 times the squared
// coefficients, the intercept's left out. The penalty keeps separable and collinear columns finite; against thousands of
// rows it is nothing.
//
// Needs:   columns of about unit variance; both classes may be empty.
// Cost:    rows * columns^2 / 2 an iteration, five to ten of them. Only +, -, *, / in a fixed order: the same bits
//          everywhere.
// Source:  McCullagh and Nelder 1989, chapter 4; le Cessie and van Houwelingen 1992 for the ridge.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace causal_sessions {

struct LogisticModel {
  static constexpr double kRidge = 1;

  std::vector<double> coefficients;  // the intercept first
  bool converged = false;

  // The probability of class 1 at these columns.
  [[nodiscard]] double probability(std::span<const double> columns) const;
};

// `x` holds `columns` values a row, row after row; `y` is 0 or 1.
[[nodiscard]] LogisticModel fit_logistic(std::span<const double> x, std::size_t columns, std::span<const std::uint8_t> y);

// Of some rows, by their positions. From the coefficients of a model of nearly the same rows, if there is one, it takes two or
// three iterations; they go on until no coefficient moves by more than 1e-5, which leaves an error of about 1e-10.
[[nodiscard]] LogisticModel fit_logistic_of(std::span<const double> x, std::size_t columns, std::span<const std::uint8_t> y,
                                            std::span<const std::uint32_t> rows, const LogisticModel* start);

// Linear regression with the same penalty, which does not depend on the unit of `y`: of some rows, by their positions.
struct LinearModel {
  std::vector<double> coefficients;  // the intercept first

  [[nodiscard]] double mean(std::span<const double> columns) const;
};

[[nodiscard]] LinearModel fit_linear_of(std::span<const double> x, std::size_t columns, std::span<const double> y,
                                        std::span<const std::uint32_t> rows);

}  // namespace causal_sessions
