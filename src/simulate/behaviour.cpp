#include "simulate/behaviour.h"

#include <algorithm>

#include "core/portable_math.h"
#include "simulate/units.h"

namespace causal_sessions {
namespace {

// Between the end of a visit and whatever comes next: more than the half hour that separates
// sessions, by a margin larger than any click can lengthen a visit.
constexpr std::int64_t kSilence = 40 * kMinute;

// Streams of a visit; exposures are numbered upwards from kFirstExposure.
constexpr std::uint64_t kOpeningStream = 0;
constexpr std::uint64_t kAfterwardsStream = 1;
constexpr std::uint64_t kFirstExposure = 2;

constexpr std::int64_t kSlowestClick = 55 * kSecond;  // beyond the soonest one

constexpr std::uint32_t kMaxExposures = 120;

std::int64_t between(Xoshiro256& random, std::int64_t low_us, std::int64_t high_us) {
  return low_us + static_cast<std::int64_t>(random.uniform() * static_cast<double>(high_us - low_us));
}

std::int64_t exponential(Xoshiro256& random, std::int64_t mean_us, std::int64_t max_us) {
  const double waited = -portable_log(1 - random.uniform()) * static_cast<double>(mean_us);
  return static_cast<std::int64_t>(std::min(waited, static_cast<double>(max_us)));
}

std::uint32_t draw_impressions(Xoshiro256& random) {
  const std::uint32_t percent = random.below(100);
  std::uint32_t count = 1;
  for (const std::uint32_t below : {60u, 74u, 84u, 92u, 97u}) count += percent >= below ? 1 : 0;
  return count;
}

// Ends with probability tail / (steps + offset) after each step: lengths with a power tail of
// exponent `tail`.
double end_probability(std::uint32_t steps, double tail, double offset) { return tail / (steps + offset); }

double history_of_impressions(const Visit& visit) { return log_one_plus(visit.impressions); }

double history_of_hours(const Visit& visit, std::int64_t t0_us) {
  return static_cast<double>(t0_us - visit.start_us) / static_cast<double>(kHour);
}

}  // namespace

StreamKey visit_key(StreamKey root, const Visit& visit) { return root.child(visit.user).child(visit.number); }

ExposureDraws draw_exposure(const Behaviour& behaviour, StreamKey visit_key, std::uint32_t exposure) {
  Xoshiro256 random(visit_key.child(kFirstExposure + exposure));
  ExposureDraws draws{};
  draws.click_level = random.uniform();
  draws.purchase_level = random.uniform();
  draws.end_level = random.uniform();
  draws.impressions = draw_impressions(random);
  const bool at_once = random.below(12) == 0;
  draws.impression_delay_us = between(random, 3'000, 60'000);
  if (at_once) draws.impression_delay_us = 0;
  const double haste = random.uniform();
  draws.click_delay_us = kSecond * 4 / 5 + static_cast<std::int64_t>(haste * haste * haste * kSlowestClick);
  draws.second_click_delay_us = between(random, 3 * kSecond, 15 * kSecond);
  if (random.below(8) != 0) draws.second_click_delay_us = 0;
  draws.purchase_pends = random.below(4) == 0;
  draws.purchase_delay_us = between(random, 90 * kSecond, 290 * kSecond);
  draws.gap_us = 5 * kMinute + 3 * kSecond + exponential(random, 150 * kSecond, 15 * kMinute);
  draws.impulse_level = random.uniform();
  draws.impulse_delay_us = between(random, kSecond, 290 * kSecond);
  if (behaviour.linger != 1) {
    constexpr std::int64_t kSoonest = kSecond * 4 / 5;
    const auto waited = static_cast<std::int64_t>((behaviour.linger - 1) * static_cast<double>(kSlowestClick));
    draws.click_delay_us =
        kSoonest + static_cast<std::int64_t>(static_cast<double>(draws.click_delay_us - kSoonest) * behaviour.linger);
    draws.purchase_delay_us += waited;
    draws.gap_us += waited;
  }
  if (behaviour.pace != 1) {
    for (std::int64_t* time : {&draws.impression_delay_us, &draws.click_delay_us, &draws.second_click_delay_us,
                               &draws.purchase_delay_us, &draws.gap_us, &draws.impulse_delay_us}) {
      *time = static_cast<std::int64_t>(static_cast<double>(*time) / behaviour.pace);
    }
  }
  return draws;
}

// The quantiles of a logistic distribution, scaled to variance 1.
double draw_trait(StreamKey user) {
  constexpr double kScale = 0.5513288954217921;  // sqrt(3) / pi
  const double level = Xoshiro256(user).uniform();
  constexpr double kLeast = 0x1.0p-53;
  return kScale * (portable_log(std::max(level, kLeast)) - portable_log(1 - level));
}

Opening open_visit(Visit& visit, StreamKey visit_key) {
  Xoshiro256 random(visit_key.child(kOpeningStream));
  const std::uint32_t thousandth = random.below(1000);
  visit.opened = true;
  visit.start_us = visit.next_us;
  if (thousandth < 50) {
    visit.next_us += 5 * kMinute;
    return Opening::kLonelyAuction;
  }
  if (thousandth >= 60) return Opening::kAuction;
  visit.clicks = 1;
  visit.has_clicked = true;
  visit.last_click_us = visit.start_us;
  visit.next_us += between(random, 20 * kSecond, 90 * kSecond);
  return Opening::kClick;
}

std::int64_t expose(Visit& visit, const ExposureDraws& draws) {
  visit.impressions += draws.impressions;
  ++visit.exposures;
  return visit.next_us + draws.impression_delay_us;
}

bool is_eligible(const Visit& visit, std::int64_t t0_us) {
  return visit.clicks == 0 && visit.purchases == 0 && !visit.clicked_lately(t0_us);
}

double click_probability(const Behaviour& behaviour, const Visit& visit, std::int64_t t0_us) {
  constexpr ClickModel model = kClickModel;
  const double impressions = history_of_impressions(visit);
  return logistic(model.intercept + model.log_impressions * impressions +
                  behaviour.overlap * (impressions - kPurchaseModel.center_log_impressions) +
                  model.hours * history_of_hours(visit, t0_us) + model.log_clicks * log_one_plus(visit.clicks) +
                  behaviour.hidden * visit.trait);
}

double purchase_probability(const Behaviour& behaviour, const Visit& visit, std::int64_t t0_us, bool click) {
  constexpr PurchaseModel model = kPurchaseModel;
  const double impressions = history_of_impressions(visit) - model.center_log_impressions;
  const double history =
      model.log_impressions * impressions + model.hours * (history_of_hours(visit, t0_us) - model.center_hours);
  return logistic(model.intercept + behaviour.confounding * history + model.log_purchases * log_one_plus(visit.purchases) +
                  behaviour.hidden * visit.trait + (visit.clicked_lately(t0_us) ? behaviour.carryover : 0.0) +
                  (click ? behaviour.effect + behaviour.varying * impressions : 0.0));
}

bool buys_on_impulse(const Behaviour& behaviour, const ExposureDraws& draws) { return draws.impulse_level < behaviour.impulse; }

Purchase conclude_exposure(const Behaviour& behaviour, Visit& visit, const ExposureDraws& draws, std::int64_t t0_us, bool click) {
  const bool purchase = draws.purchase_level < purchase_probability(behaviour, visit, t0_us, click);
  if (click) {
    visit.clicks += draws.second_click_delay_us != 0 ? 2 : 1;
    visit.has_clicked = true;
    visit.last_click_us = t0_us + draws.click_delay_us + draws.second_click_delay_us;
  }
  visit.next_us = t0_us + draws.gap_us;
  if (buys_on_impulse(behaviour, draws)) ++visit.purchases;
  if (!purchase) return Purchase::kNone;
  if (draws.purchase_pends) {
    visit.purchase_pending = true;
    return Purchase::kPending;
  }
  ++visit.purchases;
  return Purchase::kSoon;
}

bool visit_ends(const Visit& visit, const ExposureDraws& draws) {
  return visit.exposures >= kMaxExposures || draws.end_level < end_probability(visit.exposures, 2.3, 7.5);
}

Afterwards after_visit(const Behaviour& behaviour, const Visit& visit, StreamKey visit_key) {
  Xoshiro256 random(visit_key.child(kAfterwardsStream));
  const std::int64_t end_us = visit.next_us;
  Afterwards after{};
  const double end_level = random.uniform();
  after.returns = behaviour.always_returns || end_level >= end_probability(visit.number + 1, 1.6, 4.2);

  // Nearly half of the returns come within 20 hours, mostly early, the others after a day or more.
  const bool same_day = random.below(100) < 45;
  const double stretch = random.uniform();
  const auto within_day = static_cast<std::int64_t>(static_cast<double>(kSilence) * portable_exp(stretch * 3.4));
  const std::int64_t days_away = 24 * kHour + kHour / 2 + exponential(random, 30 * kHour, 30 * 24 * kHour);
  const std::int64_t away_us = same_day ? within_day : days_away;
  after.return_us = end_us + away_us;

  const double wait = random.uniform();
  if (after.returns && away_us < 3 * kSilence) {
    // No room for a purchase that would be a session of its own: it still belongs to the visit.
    after.purchase_us = end_us + kMinute + static_cast<std::int64_t>(wait * 3 * kMinute);
  } else {
    const std::int64_t room_us = after.returns ? std::min(away_us - 2 * kSilence, 11 * kHour) : 11 * kHour;
    after.purchase_us = end_us + kSilence + static_cast<std::int64_t>(wait * static_cast<double>(room_us));
  }
  return after;
}

Visit next_visit(const Visit& visit, std::int64_t return_us) {
  Visit next;
  next.user = visit.user;
  next.number = visit.number + 1;
  next.next_us = return_us;
  next.trait = visit.trait;
  next.has_clicked = visit.has_clicked;
  next.last_click_us = visit.last_click_us;
  return next;
}

}  // namespace causal_sessions
