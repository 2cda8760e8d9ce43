// Simulation: an event log of a shop with sponsored items whose true treatment effect is known.
//
// Users arrive over `days`, by hour of day; each comes for one or more visits, a visit is a chain
// of exposures. An exposure is an auction and its impressions, all at one instant t0; then perhaps
// a click within seconds and a purchase minutes later, auctions that show nothing in between, and
// after more than five minutes the next exposure or the end. Visits, and purchases made after one
// has ended, lie more than 30 minutes apart and hold no longer silence, so sessions cut at half an
// hour are exactly the visits; a window of five minutes after t0 holds its own clicks alone.
//
// With, of the session up to and including t0,
//   L = log(1 + impressions),  M = hours since the session's first event,
//   C = log(1 + clicks),       B = log(1 + purchases),
// the model is
//   logit P(click at t0)                   = -3.4 + 0.70 L - 0.10 M + 0.50 C + overlap (L - 2) + hidden U
//   logit P(purchase after t0 | click = T) = -4.6 + confounding H - 1.2 B + (effect + varying (L - 2)) T
//                                            + carryover K + hidden U,      H = 1.00 (L - 2) - 0.15 (M - 0.5)
// U is a trait of the user that no row tells of, and K = 1 after a click of the user in the last 24 hours. Without them
// both depend on the same recorded history, so those who click differ from those who do not
// (confounding by self-selection), and on nothing unrecorded, so adjustment for L and M suffices:
// in eligible exposures C = B = 0. Three purchases in four follow 90 to 290 seconds after t0; the
// others once the visit has ended, within twelve hours. Whether a visit or a user goes on depends
// on how long it has lasted, which gives both heavy tails, and never on clicks; so without effect a
// click changes no purchase, and the truth is exactly zero.
//
// Rows come in order of time but for late ones; the file ends with row `events`, whatever is still
// under way.
//
// Units:   times in microseconds since 1970-01-01 UTC.
// Needs:   options that validate() accepts.
// Cost:    under a microsecond a row; memory for users who will still return, about 100 bytes each.
// Errors:  kBadPlan from validate(), with the option's name in where.column.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "core/on_demand.h"
#include "core/result.h"
#include "formats/byte_sink.h"

namespace causal_sessions {

struct SimulateOptions {
  std::uint64_t events = 100'000;  // rows, exactly
  // Exactly this many, who all return until the end, at most events / 70; 0: about events / 70, who
  // come and go.
  std::uint32_t users = 0;
  std::uint32_t items = 0;    // in the catalogue; 0: events / 20, within 500 .. 500,000
  double days = 14;           // over which users arrive, about, from 2025-09-05 on
  double effect = 2;          // of a click on the purchase, in log odds; 0: none
  double confounding = 1;     // weight of the history; at 0 it is only that longer visits sell more
  // What breaks designs; each is off by default.
  double pace = 1;          // within visits all times are divided by it: at 10 exposures are half a minute apart
  double linger = 1;        // clicks come so many times later; purchases and the next exposure wait for the latest of them
  double impulse = 0;       // probability of a purchase at an exposure, within five minutes, that asks nothing of the click
  double hidden = 0;        // weight of a trait of the user, in log odds a standard deviation, on clicks and purchases
  double overlap = 0;       // weight of L - 2 that makes clicks all but certain or impossible
  double carryover = 0;     // of a click in the last 24 hours on the purchase at a later exposure, in log odds
  double varying = 0;       // of a click on the purchase, in log odds for each unit of L - 2, beside the effect
  double coarse_clock = 0;  // seconds of a tick of the clock that times are told by; 0: microseconds
  double late_share = 0.004;  // of rows up to 20 minutes later in the file than their time
  std::uint32_t seed = 1;
  std::uint32_t draws = 200'000;  // pairs of futures that the truth is averaged from, about; no event depends on it
};

[[nodiscard]] Status validate(const SimulateOptions& options);

// Sets one option by its name ("events", "lateShare", ...) from a number as text, as commands and pages give it.
// Errors:  kBadPlan for a name that is none, and for what is no number or not allowed.
[[nodiscard]] Status set_option(SimulateOptions& options, std::string_view name, std::string_view text);

// For a page or a README: small enough to look at, large enough to show the effect and the bias.
[[nodiscard]] SimulateOptions small_example();

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

class EventStream;
class TruthMeter;

enum class WithTruth : bool { kNo, kYes };

// Writes USER_ID,event_timestamp,event_type,product_id,auction_id,placement with one header line.
class Simulator {
 public:
  ON_DEMAND explicit Simulator(const SimulateOptions& options, WithTruth with_truth = WithTruth::kNo);
  ~Simulator();
  Simulator(Simulator&&) noexcept;
  Simulator& operator=(Simulator&&) noexcept;

  // Writes the next rows, some thousands; false once all are written. The caller flushes the sink.
  ON_DEMAND bool next(ByteSink& sink);
  [[nodiscard]] std::uint64_t rows() const { return rows_; }  // written so far
  // Of the rows written so far; zeros without WithTruth::kYes.
  [[nodiscard]] Truth truth() const;

 private:
  SimulateOptions options_;
  std::unique_ptr<TruthMeter> meter_;
  std::unique_ptr<EventStream> stream_;
  std::uint64_t rows_ = 0;
};

// Averages over the eligible exposures of the very events that Simulator writes: from the state at
// each, both arms are followed for 24 hours, past the end of the file too, with the same random
// numbers in both. About options.draws pairs are followed: several for an exposure, or a random part
// of the exposures where there are more.
// Cost: about a microsecond a pair, and the events once without their text.
[[nodiscard]] ON_DEMAND Truth simulate_truth(const SimulateOptions& options);

// The truth with what it is the truth of: the estimand in a sentence, the model's parameters, the options.
void write_truth_json(const SimulateOptions& options, const Truth& truth, ByteSink& sink);

}  // namespace causal_sessions
