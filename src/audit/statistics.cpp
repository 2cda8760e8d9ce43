#include "audit/statistics.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace causal_sessions {
namespace {

// Rows of equal scores, from the lowest score upwards.
class RankSum {
 public:
  void add(std::uint64_t zeros, std::uint64_t ones) {
    twice_u_ += ones * (2 * n_[0] + zeros);
    n_[0] += zeros;
    n_[1] += ones;
  }
  [[nodiscard]] std::optional<double> auc() const {
    if (n_[0] == 0 || n_[1] == 0) return std::nullopt;
    return static_cast<double>(twice_u_) / (2 * static_cast<double>(n_[0]) * static_cast<double>(n_[1]));
  }

 private:
  std::uint64_t twice_u_ = 0;
  std::array<std::uint64_t, 2> n_{};
};

// Digit by digit from the lowest: linear, where std::sort spends most of the audit's time.
void sort_keys(std::vector<std::uint64_t>& keys) {
  constexpr unsigned kBits = 11;
  if (keys.size() < 4096) {
    std::sort(keys.begin(), keys.end());
    return;
  }
  std::uint64_t all_or = 0, all_and = ~std::uint64_t{0};
  for (const std::uint64_t key : keys) {
    all_or |= key;
    all_and &= key;
  }
  std::vector<std::uint64_t> other(keys.size());
  std::vector<std::uint32_t> next(1u << kBits);
  constexpr std::uint64_t kMask = (1u << kBits) - 1;
  for (unsigned shift = 0; shift < 64; shift += kBits) {
    if ((((all_or ^ all_and) >> shift) & kMask) == 0) continue;
    std::fill(next.begin(), next.end(), 0u);
    for (const std::uint64_t key : keys) ++next[(key >> shift) & kMask];
    std::uint32_t sum = 0;
    for (std::uint32_t& slot : next) sum += std::exchange(slot, sum);
    for (const std::uint64_t key : keys) other[next[(key >> shift) & kMask]++] = key;
    keys.swap(other);
  }
}

constexpr double kZ95 = 1.959963984540054;

struct Wilson {
  double share, low, high;
};

Wilson wilson(double part, double whole) {
  const double p = part / whole;
  const double root = kZ95 * std::sqrt(kZ95 * kZ95 + 4 * part * (1 - p));
  const double scale = 2 * (whole + kZ95 * kZ95);
  return {p, std::max(0.0, (2 * part + kZ95 * kZ95 - root) / scale), std::min(1.0, (2 * part + kZ95 * kZ95 + root) / scale)};
}

}  // namespace

std::optional<double> Arms::difference() const {
  if (rows[0] == 0 || rows[1] == 0) return std::nullopt;
  return *share_of(outcomes[1], rows[1]) - *share_of(outcomes[0], rows[0]);
}

std::optional<std::array<double, 2>> Arms::newcombe() const {
  if (rows[0] == 0 || rows[1] == 0) return std::nullopt;
  const Wilson treated = wilson(static_cast<double>(outcomes[1]), static_cast<double>(rows[1]));
  const Wilson control = wilson(static_cast<double>(outcomes[0]), static_cast<double>(rows[0]));
  const double difference = treated.share - control.share;
  const auto both = [](double a, double b) { return std::sqrt(a * a + b * b); };
  return std::array{difference - both(treated.share - treated.low, control.high - control.share),
                    difference + both(treated.high - treated.share, control.share - control.low)};
}

void ClusteredArms::close() {
  const std::array<std::uint64_t, 4> sums = {own_.outcomes[1], own_.rows[1], own_.outcomes[0], own_.rows[0]};
  if (sums[1] + sums[3] == 0) return;
  ++users_;
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 4; ++j) products_[i][j] += sums[i] * sums[j];
  }
  own_ = {};
}

std::optional<std::array<double, 2>> ClusteredArms::interval() {
  close();
  if (users_ == arms_.rows[0] + arms_.rows[1]) return arms_.newcombe();
  const auto difference = arms_.difference();
  if (!difference || users_ < 2) return std::nullopt;
  const double n1 = static_cast<double>(arms_.rows[1]), n0 = static_cast<double>(arms_.rows[0]);
  const double p1 = static_cast<double>(arms_.outcomes[1]) / n1, p0 = static_cast<double>(arms_.outcomes[0]) / n0;
  // A user's share is (y1 - p1 n1) / N1 - (y0 - p0 n0) / N0.
  const std::array<double, 4> weights = {1 / n1, -p1 / n1, -1 / n0, p0 / n0};
  double squares = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 4; ++j) squares += weights[i] * weights[j] * static_cast<double>(products_[i][j]);
  }
  const double users = static_cast<double>(users_);
  const double reach = kZ95 * std::sqrt(std::max(0.0, squares * users / (users - 1)));
  return std::array{std::max(-1.0, *difference - reach), std::min(1.0, *difference + reach)};
}

void ScoreCounts::grow(std::size_t score) { counts_.resize(std::max(score + 1, 2 * counts_.size())); }

void ScoreCounts::add(const ScoreCounts& others) {
  if (others.counts_.size() > counts_.size()) counts_.resize(others.counts_.size());
  for (std::size_t score = 0; score < others.counts_.size(); ++score) {
    for (std::size_t arm = 0; arm < 2; ++arm) counts_[score][arm] += others.counts_[score][arm];
  }
}

std::optional<double> ScoreCounts::auc() const {
  RankSum ranks;
  for (const auto& [zeros, ones] : counts_) ranks.add(zeros, ones);
  return ranks.auc();
}

std::optional<double> ScoreCounts::auc_of_shares() const {
  std::vector<std::array<std::uint64_t, 2>> sorted = counts_;
  const auto lower = [](const auto& a, const auto& b) { return a[1] * (b[0] + b[1]) < b[1] * (a[0] + a[1]); };
  std::erase_if(sorted, [](const auto& entry) { return entry[0] + entry[1] == 0; });
  std::sort(sorted.begin(), sorted.end(), lower);
  RankSum ranks;
  for (std::size_t i = 0; i < sorted.size();) {
    std::array<std::uint64_t, 2> group = sorted[i];
    std::size_t next = i + 1;
    for (; next < sorted.size() && !lower(sorted[i], sorted[next]); ++next) {
      group[0] += sorted[next][0];
      group[1] += sorted[next][1];
    }
    ranks.add(group[0], group[1]);
    i = next;
  }
  return ranks.auc();
}

std::optional<double> ScoreCounts::smd() const {
  std::array<double, 2> n{}, mean{}, variance{};
  for (int arm = 0; arm < 2; ++arm) {
    std::uint64_t rows = 0, sum = 0;
    for (std::size_t score = 0; score < counts_.size(); ++score) {
      rows += counts_[score][arm];
      sum += score * counts_[score][arm];
    }
    if (rows == 0) return std::nullopt;
    n[arm] = static_cast<double>(rows);
    mean[arm] = static_cast<double>(sum) / n[arm];
    double squares = 0;
    for (std::size_t score = 0; score < counts_.size(); ++score) {
      const double off = static_cast<double>(score) - mean[arm];
      squares += static_cast<double>(counts_[score][arm]) * off * off;
    }
    variance[arm] = rows > 1 ? squares / (n[arm] - 1) : 0;
  }
  return standardized_difference(mean, variance);
}

std::optional<double> auc_of_keys(std::vector<std::uint64_t>& keys) {
  sort_keys(keys);
  RankSum ranks;
  for (std::size_t i = 0; i < keys.size();) {
    std::array<std::uint64_t, 2> group{};
    const std::uint64_t score = keys[i] >> 1;
    for (; i < keys.size() && keys[i] >> 1 == score; ++i) ++group[keys[i] & 1];
    ranks.add(group[0], group[1]);
  }
  return ranks.auc();
}

std::optional<double> standardized_difference(const std::array<double, 2>& mean, const std::array<double, 2>& variance) {
  const double off = mean[1] - mean[0];
  const double pooled = std::sqrt((variance[0] + variance[1]) / 2);
  if (pooled > 0) return off / pooled;
  if (off == 0) return 0;
  return std::nullopt;
}

}  // namespace causal_sessions
