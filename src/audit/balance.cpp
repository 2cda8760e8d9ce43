#include <algorithm>
#include <bit>
#include <cmath>

#include "audit/logistic.h"
#include "audit/topics.h"
#include "trial/covariates.h"

namespace causal_sessions {
namespace {

constexpr std::size_t kMostFitted = 20'000;

// Sums by arm of every covariate, as differences from the first row's values, which keeps their digits.
class Moments {
 public:
  explicit Moments(std::size_t columns) : columns_(columns), sums_(2 * columns), squares_(2 * columns) {}

  void add(std::span<const double> row, bool arm, double weight) {
    if (shift_.empty()) shift_.assign(row.begin(), row.end());
    weight_[arm] += weight;
    ++rows_[arm];
    double* sums = sums_.data() + arm * columns_;
    double* squares = squares_.data() + arm * columns_;
    for (std::size_t j = 0; j < columns_; ++j) {
      const double off = row[j] - shift_[j];
      sums[j] += weight * off;
      squares[j] += weight * off * off;
    }
  }
  [[nodiscard]] bool both_arms() const { return rows_[0] != 0 && rows_[1] != 0; }
  [[nodiscard]] std::array<double, 2> means(std::size_t j) const {
    return {shift_[j] + sums_[j] / weight_[0], shift_[j] + sums_[columns_ + j] / weight_[1]};
  }
  // Of rows of weight one, over their number less one.
  [[nodiscard]] std::array<double, 2> variances(std::size_t j) const {
    std::array<double, 2> variance{};
    for (int arm = 0; arm < 2; ++arm) {
      const double sum = sums_[arm * columns_ + j], n = weight_[arm];
      if (rows_[arm] > 1) variance[arm] = std::max(0.0, (squares_[arm * columns_ + j] - sum * sum / n) / (n - 1));
    }
    return variance;
  }

 private:
  std::size_t columns_;
  std::array<double, 2> weight_{};
  std::array<std::uint64_t, 2> rows_{};
  std::vector<double> shift_, sums_, squares_;  // control, then treated
};

// The rows a propensity is fitted on, their covariates standardized.
class Propensity {
 public:
  Propensity(std::span<const std::uint32_t> train, std::size_t columns) : columns_(columns), train_(train) {
    sample_ = std::min(train.size(), kMostFitted);
    values_.reserve(sample_ * columns);
    treated_.reserve(sample_);
  }
  // Rows in order.
  void offer(std::size_t row, std::span<const double> values, bool treated) {
    if (treated_.size() == sample_ || train_[treated_.size() * train_.size() / sample_] != row) return;
    values_.insert(values_.end(), values.begin(), values.end());
    treated_.push_back(treated);
  }
  // False without both arms.
  bool fit() {
    const auto ones = static_cast<std::size_t>(std::count(treated_.begin(), treated_.end(), 1));
    if (ones == 0 || ones == treated_.size()) return false;
    mean_.assign(columns_, 0.0);
    scale_.assign(columns_, 0.0);
    const auto n = static_cast<double>(sample_);
    for (std::size_t i = 0; i < values_.size(); ++i) mean_[i % columns_] += values_[i];
    for (double& mean : mean_) mean /= n;
    for (std::size_t i = 0; i < values_.size(); ++i) {
      const double off = values_[i] - mean_[i % columns_];
      scale_[i % columns_] += off * off;
    }
    for (std::size_t j = 0; j < columns_; ++j) {
      const double deviation = std::sqrt(scale_[j] / n);
      scale_[j] = deviation > 1e-9 * (1 + std::abs(mean_[j])) ? 1 / deviation : 0;  // a constant column says nothing
    }
    for (std::size_t i = 0; i < values_.size(); ++i) values_[i] = (values_[i] - mean_[i % columns_]) * scale_[i % columns_];
    model_ = fit_logistic(values_, columns_, treated_);
    standardized_.resize(columns_);
    return true;
  }
  double of(std::span<const double> values) {
    for (std::size_t j = 0; j < columns_; ++j) standardized_[j] = (values[j] - mean_[j]) * scale_[j];
    return model_.probability(standardized_);
  }
  [[nodiscard]] std::size_t fitted() const { return sample_; }
  [[nodiscard]] const LogisticModel& model() const { return model_; }

 private:
  std::size_t columns_, sample_ = 0;
  std::span<const std::uint32_t> train_;
  std::vector<double> values_, mean_, scale_, standardized_;
  std::vector<std::uint8_t> treated_;
  LogisticModel model_;
};

// Propensities by arm.
class Overlap {
 public:
  void add(double p, bool treated, double weight) {
    OverlapAudit::Arm& arm = audit_.arms[treated];
    ++arm.rows;
    ++arm.histogram[std::min(OverlapAudit::kBins - 1, static_cast<std::size_t>(p * OverlapAudit::kBins))];
    arm.outside1 += p < 0.01 || p > 0.99;
    arm.outside5 += p < 0.05 || p > 0.95;
    weight_[treated] += weight;
    squares_[treated] += weight * weight;
    keys_.push_back(std::bit_cast<std::uint64_t>(p) << 1 | (treated ? 1u : 0u));  // positive, so in order as numbers
  }
  // By a propensity that was fitted; null: it is known.
  [[nodiscard]] OverlapAudit finish(const Propensity* propensity) {
    audit_.fitted_rows = propensity == nullptr ? 0 : propensity->fitted();
    audit_.converged = propensity == nullptr || propensity->model().converged;
    audit_.auc = auc_of_keys(keys_);
    for (std::size_t arm = 0; arm < 2; ++arm) {
      if (audit_.arms[arm].rows != 0) audit_.arms[arm].effective_sample_size = weight_[arm] * weight_[arm] / squares_[arm];
    }
    return audit_;
  }

 private:
  OverlapAudit audit_;
  std::array<double, 2> weight_{}, squares_{};
  std::vector<std::uint64_t> keys_;
};

std::vector<BalanceRow> balance_rows(const std::vector<std::string>& names, const Moments& raw, const Moments* weighted) {
  std::vector<BalanceRow> rows;
  for (std::size_t j = 0; j < names.size(); ++j) {
    BalanceRow& row = rows.emplace_back();
    row.covariate = names[j];
    if (!raw.both_arms()) continue;
    const std::array<double, 2> means = raw.means(j), variances = raw.variances(j);
    row.control = means[0];
    row.treated = means[1];
    row.smd = standardized_difference(means, variances);
    if (weighted != nullptr) row.weighted_smd = standardized_difference(weighted->means(j), variances);
  }
  return rows;
}

}  // namespace

BalanceAudit audit_balance(const Run& run) {
  const TrialTable& table = run.trials.table;
  const TrialSetup setup = run.setup();
  Covariates of_x({run.events, setup, run.plan.reading.events.without_item, run.clock(), run.builder().times().min_us}, table);
  const std::vector<std::string>& names = table.has_time_zero() ? run.covariates.names : of_x.names();
  const std::size_t columns = names.size();
  const auto values_of = [&](std::size_t r) {
    return table.has_time_zero() ? std::span<const double>(run.covariates.values).subspan(r * columns, columns) : of_x.row(r);
  };
  Moments raw(columns);
  Propensity propensity(run.rows_of(Part::kTrain), columns);
  for (std::size_t r = 0; r < table.rows(); ++r) {
    const auto values = values_of(r);
    raw.add(values, table.treatment[r] != 0, 1);
    propensity.offer(r, values, table.treatment[r] != 0);
  }
  const bool known = !run.propensity.empty();
  if (!known && !propensity.fit()) return {balance_rows(names, raw, nullptr), std::nullopt};
  Moments weighted(columns);
  Overlap overlap;
  for (std::size_t r = 0; r < table.rows(); ++r) {
    const auto values = values_of(r);
    const bool treated = table.treatment[r] != 0;
    const double p = known ? run.propensity[r] : propensity.of(values);
    const double weight = treated ? 1 / p : 1 / (1 - p);
    weighted.add(values, treated, weight);
    overlap.add(p, treated, weight);
  }
  return {balance_rows(names, raw, &weighted), overlap.finish(known ? nullptr : &propensity)};
}

}  // namespace causal_sessions
