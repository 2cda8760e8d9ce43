// The delays of treated exposures, to draw from for the others; and how many were not yet treated by then.
//
// Units:   microseconds after the exposure.
// Cost:    a sort to finish; a search a question.
// Source:  Kaplan and Meier 1958; trials.h says what the draws are for.
#pragma once

#include <cstdint>
#include <vector>

#include "core/workers.h"

namespace causal_sessions {

class Delays {
 public:
  // Of an exposure that was treated after so long.
  void add_treated(std::int64_t delay_us) { delays_us_.push_back(delay_us); }
  // Of one that was treated otherwise, so that its wait was over: it tells when exposures are still untreated, and is not drawn.
  void add_otherwise_treated(std::int64_t delay_us) { others_us_.push_back(delay_us); }
  // Of one that was not treated, and that could have been until so long after it.
  void add_untreated(std::int64_t free_us) { free_us_.push_back(free_us); }

  // Of what was gathered elsewhere.
  void add(Delays&& others);
  // Once all have been added.
  void finish(const Workers& workers = Workers());
  // By a level in [0, 1); 0 where there is none to draw.
  [[nodiscard]] std::int64_t draw(double level) const;
  // The probability with which an untreated exposure stays that was free for so long: the less time it had to be treated, the
  // surer it is to be among the untreated.
  [[nodiscard]] double stays(std::int64_t free_us) const {
    return untreated_.empty() ? 1 : untreated_.back() / untreated(free_us);
  }

 private:
  // Of treatments of any kind.
  [[nodiscard]] const std::vector<std::int64_t>& treated_us() const { return others_us_.empty() ? delays_us_ : others_us_; }
  void fit_untreated();
  [[nodiscard]] double untreated(std::int64_t by_us) const;

  std::vector<std::int64_t> delays_us_, free_us_;
  std::vector<std::int64_t> others_us_;  // once finished with the delays that are drawn, unless there is none
  std::vector<double> sums_;             // of the weights up to each delay
  std::vector<double> untreated_;        // share not treated by the delay of each treatment
};

}  // namespace causal_sessions
