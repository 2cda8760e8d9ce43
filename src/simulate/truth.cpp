// The true effect by Monte Carlo, from the states that the events themselves pass through. See
// simulate.h.

#include <algorithm>
#include <cmath>

#include "core/random.h"
#include "simulate/behaviour.h"
#include "simulate/event_stream.h"
#include "simulate/simulate.h"

namespace causal_sessions {
namespace {

constexpr std::int64_t kHorizonUs = 24LL * 3600 * 1'000'000;

// Streams of an experiment; event_stream.cpp has the others.
constexpr std::uint64_t kTruthStream = 11;
constexpr std::uint64_t kSelectionStream = 12;

// Only used to plan the effort.
constexpr double kEventsPerEligibleExposure = 9;

// Whether the user buys in (t0, t0 + horizon], given the click or none at the exposure whose
// impressions were just seen. The future comes from the streams of `root`, so both arms meet the
// same one as far as their histories agree.
bool buys(const Behaviour& behaviour, Visit visit, std::int64_t t0_us, bool click, StreamKey root) {
  const std::int64_t end_us = t0_us + kHorizonUs;
  std::int64_t now_us = t0_us;
  StreamKey key = visit_key(root, visit);
  ExposureDraws draws = draw_exposure(key, visit.exposures - 1);
  while (true) {
    if (conclude_exposure(behaviour, visit, draws, now_us, click) == Purchase::kSoon) {
      return now_us + draws.purchase_delay_us <= end_us;
    }
    if (visit_ends(visit, draws)) {
      // Visits of a lonely auction end as soon as they are opened.
      do {
        const Afterwards after = after_visit(behaviour, visit, key);
        if (visit.purchase_pending) return after.purchase_us <= end_us;
        if (!after.returns || after.return_us > end_us) return false;
        visit = next_visit(visit, after.return_us);
        key = visit_key(root, visit);
      } while (open_visit(visit, key) == Opening::kLonelyAuction);
    }
    if (visit.next_us > end_us) return false;
    draws = draw_exposure(key, visit.exposures);
    now_us = expose(visit, draws);
    click = draws.click_level < click_probability(visit, now_us);
  }
}

struct Sums {
  std::uint64_t exposures = 0;
  double treated = 0, untreated = 0;
  double difference = 0, difference_squared = 0;
};

}  // namespace

Truth simulate_truth(const SimulateOptions& options, std::uint32_t draws) {
  const double expected =
      std::max(1.0, static_cast<double>(options.events) / kEventsPerEligibleExposure);
  const double wanted = std::max(1.0, static_cast<double>(draws)) / expected;
  const auto repeats = static_cast<std::uint32_t>(std::max(1.0, wanted + 0.5));
  const Behaviour behaviour = behaviour_of(options);
  const StreamKey root = StreamKey{options.seed}.child(kTruthStream);
  Xoshiro256 selection(StreamKey{options.seed}.child(kSelectionStream));

  Truth truth;
  Sums sums;
  const auto follow = [&](const Visit& visit, std::int64_t t0_us, StreamKey key) {
    if (visit.clicks != 0 || visit.purchases != 0) return;
    ++truth.eligible_exposures;
    if (selection.uniform() >= wanted) return;
    std::uint32_t treated = 0, untreated = 0;
    for (std::uint32_t i = 0; i < repeats; ++i) {
      const StreamKey future = root.child(key.value).child(visit.exposures).child(i);
      treated += buys(behaviour, visit, t0_us, true, future) ? 1 : 0;
      untreated += buys(behaviour, visit, t0_us, false, future) ? 1 : 0;
    }
    const double difference =
        (static_cast<double>(treated) - static_cast<double>(untreated)) / repeats;
    ++sums.exposures;
    sums.treated += static_cast<double>(treated) / repeats;
    sums.untreated += static_cast<double>(untreated) / repeats;
    sums.difference += difference;
    sums.difference_squared += difference * difference;
  };

  EventStream stream(options, follow);
  for (std::uint64_t row = 0; row < options.events; ++row) (void)stream.next();

  if (sums.exposures == 0) return truth;
  const auto count = static_cast<double>(sums.exposures);
  truth.effect = sums.difference / count;
  truth.risk_treated = sums.treated / count;
  truth.risk_untreated = sums.untreated / count;
  if (sums.exposures > 1) {
    const double variance =
        (sums.difference_squared - count * truth.effect * truth.effect) / (count - 1);
    truth.standard_error = std::sqrt(std::max(0.0, variance) / count);
  }
  return truth;
}

}  // namespace causal_sessions
