#include "audit/logistic.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "core/cold.h"
#include "core/portable_math.h"

namespace causal_sessions {
namespace {

constexpr int kIterations = 100;
constexpr double kTolerance = 1e-4;  // of a step in any coefficient; the error left is about its square
constexpr double kFineTolerance = 1e-5;
constexpr double kMostLogit = 30;  // probabilities stay away from 0 and 1, where weights vanish
constexpr double kMostStep = 4;    // of a coefficient in one iteration
constexpr double kMostRise = 0.5;  // of the slope at a step's end against its beginning, once it points back
constexpr std::size_t kFirstRows = 2000;

constexpr std::size_t kBlock = 4;  // rows that are looked at together
constexpr std::size_t kFour = 4;   // numbers of a row that are reckoned with together

double bounded_logit(double logit) { return std::clamp(logit, -kMostLogit, kMostLogit); }

double logit_at(const double* row, const std::vector<double>& coefficients) {
  double logit = coefficients[0];
  for (std::size_t j = 1; j < coefficients.size(); ++j) logit += coefficients[j] * row[j - 1];
  return bounded_logit(logit);
}

// The same of each of some rows: a sum waits for its last addition, but not for those of other rows.
std::array<double, kBlock> logits_at(const std::array<const double*, kBlock>& rows, const std::vector<double>& coefficients) {
  std::array<double, kBlock> logits;
  logits.fill(coefficients[0]);
  for (std::size_t j = 1; j < coefficients.size(); ++j) {
    for (std::size_t k = 0; k < kBlock; ++k) logits[k] += coefficients[j] * rows[k][j - 1];
  }
  for (double& logit : logits) logit = bounded_logit(logit);
  return logits;
}

double probability_at(double logit) { return 1 / (1 + quick_exp(-logit)); }

std::array<double, kBlock> probabilities_at(std::array<double, kBlock> logits) {
  for (double& logit : logits) logit = -logit;
  std::array<double, kBlock> probabilities = quick_exps(logits);
  for (double& p : probabilities) p = 1 / (1 + p);
  return probabilities;
}

// kBlock rows with their weights and residuals; `stride`: from one row to the next, whose last columns are zeros.
struct Block {
  const double *rows, *weight, *residual;
  std::size_t size, stride;
};

// Adds the rows, one after the other, to the right-hand side.
void add_residuals(const Block& block, double* right) {
  const double *a = block.rows, *b = a + block.stride, *c = b + block.stride, *d = c + block.stride, *r = block.residual;
  for (std::size_t i = 0; i < block.size; ++i) right[i] = right[i] + r[0] * a[i] + r[1] * b[i] + r[2] * c[i] + r[3] * d[i];
}

// The same to the lower triangle.
void add_products(const Block& block, double* matrix) {
  const double *a = block.rows, *b = a + block.stride, *c = b + block.stride, *d = c + block.stride, *w = block.weight;
  for (std::size_t i = 0; i < block.size; ++i) {
    const double wa = w[0] * a[i], wb = w[1] * b[i], wc = w[2] * c[i], wd = w[3] * d[i];
    double* const to = matrix + i * block.stride;
    for (std::size_t j = 0; j <= i; ++j) to[j] = to[j] + wa * a[j] + wb * b[j] + wc * c[j] + wd * d[j];
  }
}

#if defined(__x86_64__)
// Four numbers that are reckoned with side by side, each as it would be alone. They are copied from and to where they stand, as no
// four of a row need be aligned.
using Four = double __attribute__((vector_size(kFour * sizeof(double))));
[[gnu::always_inline]] inline void fetch(const double* from, Four& four) { std::memcpy(&four, from, sizeof(Four)); }
[[gnu::always_inline]] inline void put(const Four& four, double* to) { std::memcpy(to, &four, sizeof(Four)); }

// The same in the wide registers that newer processors have, and without a fused multiplication, whose numbers would be others. Of
// the matrix two rows at a time, so that what both need of the block is fetched once; a few numbers beside the triangle come along.
[[gnu::target("avx2")]] void add_products_wide(const Block& block, double* matrix) {
  const double *a = block.rows, *b = a + block.stride, *c = b + block.stride, *d = c + block.stride, *w = block.weight;
  for (std::size_t i = 0; i < block.size; i += 2) {
    const double wa = w[0] * a[i], wb = w[1] * b[i], wc = w[2] * c[i], wd = w[3] * d[i];
    const double va = w[0] * a[i + 1], vb = w[1] * b[i + 1], vc = w[2] * c[i + 1], vd = w[3] * d[i + 1];
    double *const to = matrix + i * block.stride, *const next = to + block.stride;
    for (std::size_t j = 0; j <= i; j += kFour) {
      Four fa, fb, fc, fd, sum;
      fetch(a + j, fa);
      fetch(b + j, fb);
      fetch(c + j, fc);
      fetch(d + j, fd);
      fetch(to + j, sum);
      put(sum + wa * fa + wb * fb + wc * fc + wd * fd, to + j);
      fetch(next + j, sum);
      put(sum + va * fa + vb * fb + vc * fc + vd * fd, next + j);
    }
  }
}

// Whether the processor has them, and the system keeps them.
COLD bool has_wide_registers() {
  unsigned a = 0, b = 0, c = 0, d = 0, low = 0, high = 0;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & bit_OSXSAVE) == 0 || (c & bit_AVX) == 0) return false;
  asm("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (low & 6) == 6 && __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & bit_AVX2) != 0;
}

void add_products_of(const Block& block, double* matrix) {
  static const bool kWide = has_wide_registers();
  if (kWide) add_products_wide(block, matrix);
  else add_products(block, matrix);
}
#else
void add_products_of(const Block& block, double* matrix) { add_products(block, matrix); }
#endif

// The lower triangle of a symmetric matrix and a right-hand side. Rows are added by fours, one after the other all the same, so
// that each of the matrix's numbers is fetched and put back once for them.
class NormalEquations {
 public:
  explicit NormalEquations(std::size_t size)
      : size_(size), stride_((size + kFour - 1) / kFour * kFour), matrix_(stride_ * stride_), right_(size),
        block_(kBlock * stride_) {
    for (std::size_t k = 0; k < kBlock; ++k) block_[k * stride_] = 1;  // of the intercept
  }

  void clear(const std::vector<double>& coefficients) {
    std::fill(matrix_.begin(), matrix_.end(), 0.0);
    std::fill(right_.begin(), right_.end(), 0.0);
    for (std::size_t j = 1; j < size_; ++j) {
      matrix_[j * stride_ + j] = LogisticModel::kRidge;
      right_[j] = -LogisticModel::kRidge * coefficients[j];
    }
  }
  void add(const double* x, double weight, double residual) {
    // A model without columns has no row to point at, and nothing may be added to a null pointer, not even to be taken off again.
    std::copy_n(x, size_ - 1, block_.begin() + static_cast<std::ptrdiff_t>(filled_ * stride_ + 1));
    weight_[filled_] = weight;
    residual_[filled_] = residual;
    if (++filled_ == kBlock) flush();
  }
  // Of the likelihood, once all rows are in; until they are solved.
  const std::vector<double>& gradient() {
    complete();
    return right_;
  }
  // Cholesky; the solution is put into `right_`. Pivots that rounding has eaten give a step of zero.
  const std::vector<double>& solve() {
    complete();
    for (std::size_t i = 0; i < size_; ++i) {
      double* row = matrix_.data() + i * stride_;
      for (std::size_t j = 0; j < i; ++j) {
        const double* other = matrix_.data() + j * stride_;
        for (std::size_t k = 0; k < j; ++k) row[j] -= row[k] * other[k];
        row[j] = other[j] > 0 ? row[j] / other[j] : 0;
        right_[i] -= row[j] * right_[j];
      }
      for (std::size_t k = 0; k < i; ++k) row[i] -= row[k] * row[k];
      row[i] = row[i] > 1e-12 ? std::sqrt(row[i]) : 0;
      right_[i] = row[i] > 0 ? right_[i] / row[i] : 0;
    }
    for (std::size_t i = size_; i-- > 0;) {
      for (std::size_t j = i + 1; j < size_; ++j) right_[i] -= matrix_[j * stride_ + i] * right_[j];
      const double pivot = matrix_[i * stride_ + i];
      right_[i] = pivot > 0 ? right_[i] / pivot : 0;
    }
    return right_;
  }

 private:
  // What is left of an earlier block counts for nothing.
  void complete() {
    for (; filled_ != 0 && filled_ != kBlock; ++filled_) weight_[filled_] = residual_[filled_] = 0;
    if (filled_ != 0) flush();
  }
  void flush() {
    const Block block{block_.data(), weight_.data(), residual_.data(), size_, stride_};
    add_residuals(block, right_.data());
    add_products_of(block, matrix_.data());
    filled_ = 0;
  }

  std::size_t size_, stride_;
  std::vector<double> matrix_, right_, block_;
  std::array<double, kBlock> weight_{}, residual_{};
  std::size_t filled_ = 0;
};

// How fast a function grows along a step.
double slope_along(const std::vector<double>& step, const std::vector<double>& gradient) {
  double slope = 0;
  for (std::size_t j = 0; j < step.size(); ++j) slope += step[j] * gradient[j];
  return slope;
}

// Every `stride`-th of so many rows; `row_at(i)` is the i-th one.
//
// Newton's step may lead far beyond the top, where columns are rare or a start is bad, and the next one farther still. The likelihood
// is concave, so its slope along a step falls: where it points back more steeply than half of what it was, half of the step is taken.
template <class RowAt>
bool iterate(std::span<const double> x, std::size_t columns, std::span<const std::uint8_t> y, std::size_t rows, RowAt row_at,
             std::size_t stride, double tolerance, std::vector<double>& coefficients) {
  NormalEquations equations(columns + 1);
  std::vector<double> step(columns + 1);
  double slope = 0;  // along the step, where it began
  for (int iteration = 0; iteration < kIterations; ++iteration) {
    equations.clear(coefficients);
    for (std::size_t i = 0; i < rows;) {
      std::array<std::size_t, kBlock> row;
      std::array<const double*, kBlock> at = {};
      std::size_t count = 0;
      for (; count < kBlock && i < rows; ++count, i += stride) {
        row[count] = row_at(i);
        at[count] = x.data() + row[count] * columns;
      }
      std::fill(at.begin() + static_cast<std::ptrdiff_t>(count), at.end(), at[0]);
      const std::array<double, kBlock> probabilities = probabilities_at(logits_at(at, coefficients));
      for (std::size_t k = 0; k < count; ++k) {
        const double p = probabilities[k];
        equations.add(at[k], p * (1 - p), y[row[k]] - p);
      }
    }
    const std::vector<double> gradient = equations.gradient();
    if (-slope_along(step, gradient) > kMostRise * slope) {
      slope /= 2;
      for (std::size_t j = 0; j <= columns; ++j) coefficients[j] -= step[j] /= 2;
      continue;
    }
    step = equations.solve();
    double largest = 0;
    for (const double by : step) largest = std::max(largest, by < 0 ? -by : by);
    for (std::size_t j = 0; j <= columns; ++j) {
      if (largest > kMostStep) step[j] *= kMostStep / largest;
      coefficients[j] += step[j];
    }
    slope = slope_along(step, gradient);
    if (largest < tolerance) return true;
  }
  return false;
}

}  // namespace

double LogisticModel::probability(std::span<const double> columns) const {
  return probability_at(logit_at(columns.data(), coefficients));
}

LogisticModel fit_logistic(std::span<const double> x, std::size_t columns, std::span<const std::uint8_t> y) {
  LogisticModel model;
  model.coefficients.assign(columns + 1, 0.0);
  const auto row_at = [](std::size_t i) { return i; };
  // Few rows lead close to the solution; from there on all rows need an iteration or two.
  if (const std::size_t stride = y.size() / kFirstRows; stride > 1) {
    iterate(x, columns, y, y.size(), row_at, stride, 1e-2, model.coefficients);
  }
  model.converged = iterate(x, columns, y, y.size(), row_at, 1, kTolerance, model.coefficients);
  return model;
}

LogisticModel fit_logistic_of(std::span<const double> x, std::size_t columns, std::span<const std::uint8_t> y,
                              std::span<const std::uint32_t> rows, const LogisticModel* start) {
  LogisticModel model;
  const auto row_at = [rows](std::size_t i) { return rows[i]; };
  if (start != nullptr) {
    model.coefficients = start->coefficients;
  } else {
    model.coefficients.assign(columns + 1, 0.0);
    if (const std::size_t stride = rows.size() / kFirstRows; stride > 1) {
      iterate(x, columns, y, rows.size(), row_at, stride, 1e-2, model.coefficients);
    }
  }
  model.converged = iterate(x, columns, y, rows.size(), row_at, 1, kFineTolerance, model.coefficients);
  return model;
}

double LinearModel::mean(std::span<const double> columns) const { return logit_at(columns.data(), coefficients); }

// One step of Newton's from zero is all that a square loss needs.
LinearModel fit_linear_of(std::span<const double> x, std::size_t columns, std::span<const double> y,
                          std::span<const std::uint32_t> rows) {
  NormalEquations equations(columns + 1);
  equations.clear(std::vector<double>(columns + 1));
  for (const std::uint32_t row : rows) equations.add(x.data() + row * columns, 1, y[row]);
  return {equations.solve()};
}

}  // namespace causal_sessions
