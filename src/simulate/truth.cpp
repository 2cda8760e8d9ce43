// The true effect by Monte Carlo, from the states that the events themselves pass through. See
// simulate.h.

#include <algorithm>
#include <cmath>

#include "core/random.h"
#include "simulate/behaviour.h"
#include "simulate/event_stream.h"
#include "simulate/simulate.h"
#include "simulate/truth_meter.h"

namespace causal_sessions {
namespace {

constexpr std::int64_t kHorizonUs = kTruthHorizonHours * 3600 * 1'000'000;

// Streams of an experiment; event_stream.cpp has the others.
constexpr std::uint64_t kTruthStream = 11;
constexpr std::uint64_t kSelectionStream = 12;

// Only used to plan the effort.
constexpr double kEventsPerEligibleExposure = 9;

// Whether the user buys in (t0, t0 + horizon], given the click or none at the exposure whose
// impressions were just seen. The future comes from the streams of `root`, so both arms meet the
// same one as far as their histories agree. An impulse before the click is left aside: then there
// would be no row.
bool buys(const Behaviour& behaviour, Visit visit, std::int64_t t0_us, bool click, StreamKey root) {
  const std::int64_t end_us = t0_us + kHorizonUs;
  std::int64_t now_us = t0_us;
  StreamKey key = visit_key(root, visit);
  ExposureDraws draws = draw_exposure(behaviour, key, visit.exposures - 1);
  while (true) {
    if (buys_on_impulse(behaviour, draws) && (now_us != t0_us || draws.impulse_delay_us >= draws.click_delay_us)) {
      return now_us + draws.impulse_delay_us <= end_us;
    }
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
    draws = draw_exposure(behaviour, key, visit.exposures);
    now_us = expose(visit, draws);
    click = draws.click_level < click_probability(behaviour, visit, now_us);
  }
}

double expected_exposures(const SimulateOptions& options) {
  return std::max(1.0, static_cast<double>(options.events) / kEventsPerEligibleExposure);
}

}  // namespace

TruthMeter::TruthMeter(const SimulateOptions& options)
    : behaviour_(behaviour_of(options)), root_(StreamKey{options.seed}.child(kTruthStream)),
      selection_(StreamKey{options.seed}.child(kSelectionStream)) {
  const double pairs = std::max(1.0, static_cast<double>(options.draws)) / expected_exposures(options);
  repeats_ = static_cast<std::uint32_t>(std::max(2.0, pairs + 0.5));  // one tells nothing of their spread
  share_ = std::min(1.0, pairs / repeats_);
}

void TruthMeter::follow(const Visit& visit, std::int64_t t0_us, StreamKey key) {
  if (!is_eligible(visit, t0_us)) return;
  ++eligible_;
  if (selection_.uniform() >= share_) return;
  std::uint32_t treated = 0, untreated = 0, differ = 0;
  for (std::uint32_t i = 0; i < repeats_; ++i) {
    const StreamKey future = root_.child(key.value).child(visit.exposures).child(i);
    const bool with = buys(behaviour_, visit, t0_us, true, future), without = buys(behaviour_, visit, t0_us, false, future);
    treated += with;
    untreated += without;
    differ += with != without;
  }
  const double repeats = repeats_;
  const double difference = (static_cast<double>(treated) - static_cast<double>(untreated)) / repeats;
  const double click = click_probability(behaviour_, visit, t0_us);
  ++followed_;
  treated_ += treated / repeats;
  untreated_ += untreated / repeats;
  difference_ += difference;
  on_treated_.add(click, difference);
  on_overlap_.add(click * (1 - click), difference);
  // Of the mean of the pairs: their differences are -1, 0 and 1.
  within_ += (differ - repeats * difference * difference) / (repeats - 1) / repeats;
  UserSums& user = users_[visit.user];
  user.count += 1;
  user.difference += difference;
}

// Of the average over the exposures of these events. Which futures were drawn is uncertain, and where not all exposures
// were followed, which of them; those of a user go together.
double TruthMeter::standard_error() const {
  const auto count = static_cast<double>(followed_);
  const double mean = difference_ / count;
  double between = 0;
  for (const auto& [user, sums] : users_) {
    const double off = sums.difference - sums.count * mean;
    between += off * off;
  }
  const double part = std::min(1.0, count / static_cast<double>(eligible_));
  return std::sqrt(std::max(0.0, (1 - part) * between + part * within_)) / count;
}

Truth TruthMeter::truth() const {
  Truth truth;
  truth.eligible_exposures = eligible_;
  truth.pairs = followed_ * repeats_;
  if (followed_ == 0) return truth;
  const auto count = static_cast<double>(followed_);
  truth.effect = difference_ / count;
  truth.effect_on_treated = on_treated_.mean();
  truth.effect_on_overlap = on_overlap_.mean();
  truth.risk_treated = treated_ / count;
  truth.risk_untreated = untreated_ / count;
  truth.standard_error = standard_error();
  return truth;
}

Truth simulate_truth(const SimulateOptions& options) {
  TruthMeter meter(options);
  EventStream stream(options, [&](const Visit& visit, std::int64_t t0_us, StreamKey key) { meter.follow(visit, t0_us, key); });
  for (std::uint64_t row = 0; row < options.events; ++row) (void)stream.next();
  return meter.truth();
}

}  // namespace causal_sessions
