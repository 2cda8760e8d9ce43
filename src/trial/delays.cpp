#include "trial/delays.h"

#include <algorithm>
#include <functional>

#include "core/sort_in_ranges.h"

namespace causal_sessions {

void Delays::add(Delays&& others) {
  delays_us_.insert(delays_us_.end(), others.delays_us_.begin(), others.delays_us_.end());
  free_us_.insert(free_us_.end(), others.free_us_.begin(), others.free_us_.end());
  others_us_.insert(others_us_.end(), others.others_us_.begin(), others.others_us_.end());
  others = {};
}

void Delays::finish(const Workers& workers) {
  sort_in_ranges(delays_us_, workers, std::less<>());
  sort_in_ranges(free_us_, workers, std::less<>());
  if (!others_us_.empty()) {
    others_us_.insert(others_us_.end(), delays_us_.begin(), delays_us_.end());
    sort_in_ranges(others_us_, workers, std::less<>());
  }
  fit_untreated();
  // Of those who are free at each delay, from the last one down; one whose wait ended early stands for fewer.
  std::vector<double> weights(delays_us_.size());
  double free = 0;
  for (std::size_t d = delays_us_.size(), u = free_us_.size(); d-- > 0;) {
    while (u > 0 && free_us_[u - 1] >= delays_us_[d]) free += 1 / untreated(free_us_[--u]);
    weights[d] = free == 0 ? 0 : 1 / free;
  }
  double sum = 0;
  for (const double weight : weights) sums_.push_back(sum += weight);
  free_us_ = {};
}

std::int64_t Delays::draw(double level) const {
  if (sums_.empty() || sums_.back() <= 0) return 0;
  const auto drawn = std::upper_bound(sums_.begin(), sums_.end(), level * sums_.back());
  return delays_us_[static_cast<std::size_t>(std::min(drawn, std::prev(sums_.end())) - sums_.begin())];
}

// Kaplan and Meier's share of exposures not treated by each delay, were nothing else to end their wait. A last factor of 0
// is left out: beyond it nothing is known.
void Delays::fit_untreated() {
  const std::vector<std::int64_t>& treated = treated_us();
  double share = 1;
  for (std::size_t d = 0; d < treated.size();) {
    std::size_t next = d + 1;
    while (next < treated.size() && treated[next] == treated[d]) ++next;
    const auto others = free_us_.end() - std::lower_bound(free_us_.begin(), free_us_.end(), treated[d]);
    const double at_risk = static_cast<double>(treated.size() - d) + static_cast<double>(others);
    const double stay = 1 - static_cast<double>(next - d) / at_risk;
    if (stay > 0) share *= stay;
    untreated_.resize(next, share);
    d = next;
  }
}

double Delays::untreated(std::int64_t by_us) const {
  const std::vector<std::int64_t>& treated = treated_us();
  const auto later = std::upper_bound(treated.begin(), treated.end(), by_us);
  return later == treated.begin() ? 1 : untreated_[static_cast<std::size_t>(later - treated.begin()) - 1];
}

}  // namespace causal_sessions
