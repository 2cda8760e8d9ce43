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

#include "core/result.h"
#include "formats/byte_sink.h"
#include "simulate/options.h"
#include "simulate/true_effect.h"

namespace causal_sessions {

class EventStream;
class TruthMeter;

enum class WithTruth : bool { kNo, kYes };

// Writes USER_ID,event_timestamp,event_type,product_id,auction_id,placement with one header line.
class Simulator {
 public:
  explicit Simulator(const SimulateOptions& options, WithTruth with_truth = WithTruth::kNo);
  ~Simulator();
  Simulator(Simulator&&) noexcept;
  Simulator& operator=(Simulator&&) noexcept;

  // Writes the next rows, some thousands; false once all are written. The caller flushes the sink.
  bool next(ByteSink& sink);
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
[[nodiscard]] Truth simulate_truth(const SimulateOptions& options);

// The truth with what it is the truth of: the estimand in a sentence, the model's parameters, the options.
void write_truth_json(const SimulateOptions& options, const Truth& truth, ByteSink& sink);

}  // namespace causal_sessions
