// The behaviour model: what a user does next, given the history so far. The formulas are in
// simulate.h.
//
// Events and truth come from the same functions. All draws of one exposure are made before any of
// them is used, from a stream of their own, so that two arms that part at a click stay in step
// afterwards.
//
// Units: times in microseconds, *_us.
#pragma once

#include <cstdint>

#include "core/random.h"

namespace causal_sessions {

// The model's parameters, with L, M, C and B as in simulate.h.
struct ClickModel {
  double intercept = -3.4;
  double log_impressions = 0.70;
  double hours = -0.10;
  double log_clicks = 0.50;
};
struct PurchaseModel {
  double intercept = -4.6;
  double log_impressions = 1.00;  // of L - center_log_impressions; this and `hours` times the confounding
  double center_log_impressions = 2;
  double hours = -0.15;  // of M - center_hours
  double center_hours = 0.5;
  double log_purchases = -1.2;
};
inline constexpr ClickModel kClickModel;
inline constexpr PurchaseModel kPurchaseModel;

// In which the truth counts a purchase, and before which an eligible exposure has no click.
inline constexpr std::int64_t kTruthHorizonHours = 24;

struct Behaviour {
  double effect = 0;
  double confounding = 1;
  double varying = 0, overlap = 0, hidden = 0, carryover = 0, impulse = 0, pace = 1, linger = 1;  // as SimulateOptions has them
  bool always_returns = false;  // users never leave for good: few users, many events
};

// A visit under way, or the next one of a user who is away: all that the future depends on.
struct Visit {
  std::int64_t start_us = 0;  // its first event
  std::int64_t next_us = 0;   // the opening; then the auction of the next exposure
  std::uint32_t user = 0;
  std::uint32_t number = 0;  // 0, 1, ... within the user
  std::uint32_t exposures = 0;
  std::uint32_t impressions = 0;
  std::uint32_t clicks = 0;
  std::uint32_t purchases = 0;
  bool opened = false;
  bool purchase_pending = false;  // decided, to be made once the visit has ended
  // Of the user.
  double trait = 0;  // hidden: mean 0, variance 1
  bool has_clicked = false;
  std::int64_t last_click_us = 0;

  [[nodiscard]] bool clicked_lately(std::int64_t now_us) const {
    return has_clicked && now_us - last_click_us <= kTruthHorizonHours * 3600 * 1'000'000;
  }
};

enum class Opening {
  kAuction,        // an exposure follows
  kClick,          // a click from outside, say from a mail, comes before the first exposure
  kLonelyAuction,  // one auction without impressions is the whole visit
};

// The randomness of one exposure.
struct ExposureDraws {
  std::uint32_t impressions;
  std::int64_t impression_delay_us;  // after the auction; 0 in one exposure of twelve
  std::int64_t click_delay_us;
  std::int64_t second_click_delay_us;  // after the first; 0: no second click
  std::int64_t purchase_delay_us;
  std::int64_t gap_us;  // to the next exposure's auction, or to the end of the visit
  std::int64_t impulse_delay_us;
  double click_level, purchase_level, end_level, impulse_level;  // it happens if the level is below its probability
  bool purchase_pends;
};

// Where a visit leads once it has ended.
struct Afterwards {
  bool returns;
  std::int64_t return_us;    // opening of the next visit
  std::int64_t purchase_us;  // of a pending purchase
};

[[nodiscard]] StreamKey visit_key(StreamKey root, const Visit& visit);
[[nodiscard]] ExposureDraws draw_exposure(const Behaviour& behaviour, StreamKey visit_key, std::uint32_t exposure);
// The hidden trait of a user, from a stream of their own.
[[nodiscard]] double draw_trait(StreamKey user);

// Opens a visit at visit.next_us; kLonelyAuction ends it.
Opening open_visit(Visit& visit, StreamKey visit_key);

// Takes the exposure's impressions into the history; returns t0.
std::int64_t expose(Visit& visit, const ExposureDraws& draws);

// No click and no purchase of the visit so far, no click of the user in the hours before.
[[nodiscard]] bool is_eligible(const Visit& visit, std::int64_t t0_us);
[[nodiscard]] double click_probability(const Behaviour& behaviour, const Visit& visit, std::int64_t t0_us);
// Whether a purchase is made at the exposure that asks nothing of the click.
[[nodiscard]] bool buys_on_impulse(const Behaviour& behaviour, const ExposureDraws& draws);
[[nodiscard]] double purchase_probability(const Behaviour& behaviour, const Visit& visit, std::int64_t t0_us, bool click);

enum class Purchase { kNone, kSoon, kPending };

// Takes what follows the impressions into the history; visit.next_us moves to the next auction, or
// to the visit's end.
Purchase conclude_exposure(const Behaviour& behaviour, Visit& visit, const ExposureDraws& draws, std::int64_t t0_us, bool click);

[[nodiscard]] bool visit_ends(const Visit& visit, const ExposureDraws& draws);
[[nodiscard]] Afterwards after_visit(const Behaviour& behaviour, const Visit& visit, StreamKey visit_key);
// The next visit of the user, not yet opened.
[[nodiscard]] Visit next_visit(const Visit& visit, std::int64_t return_us);

}  // namespace causal_sessions
