// The truth of a simulation, as it is measured while its events are made (truth_meter.h) or afterwards (simulate_truth()).
#pragma once

#include <cstdint>

namespace causal_sessions {

// The effect of a click at an exposure against none at this exposure, with natural behaviour
// afterwards, on a purchase of the user, in this session or a later one, in (t0, t0 + 24 h].
struct Truth {
  double effect = 0;             // risk_treated - risk_untreated, averaged over exposures
  double effect_on_treated = 0;  // weighted by the probability of a click, p
  double effect_on_overlap = 0;  // weighted by p (1 - p)
  double standard_error = 0;     // of `effect`, Monte Carlo alone: falls with the root of the draws
  double risk_treated = 0;
  double risk_untreated = 0;
  // In these events: those without a click and without a purchase of the session up to t0, and without a click of the user
  // in the 24 hours before.
  std::uint64_t eligible_exposures = 0;
  std::uint64_t pairs = 0;  // of futures followed
};

}  // namespace causal_sessions
