// Which events were known at a row's time zero, where the data say when each became known (columns.knownAt): an event that
// happened before time zero and came in behind it is none that a model which is asked at time zero could have seen.
//
// All that a row knows asks here: X, the covariates, and what columns say at time zero. Who is a row, T and Y follow the times of
// the events, whenever these became known.
//
// Known are events that were known at time zero or before, and the exposures that time zero belongs to, those of the last instant
// of the history that has some: whoever is asked there is asked because of them.
//
// A history is what its session was then: an event that was not known bridges no silence that is longer than the gap.
//
// Needs:   ordered events with their sessions; they and the options outlive the object.
#pragma once

#include <cstdint>
#include <vector>

#include "core/elapsed.h"
#include "session/order.h"
#include "trial/rules.h"
#include "trial/trial_setup.h"

namespace causal_sessions {

// The last instant of the events [begin, end) that has exposures: from its first event up to behind its last exposure. Empty where
// there is none.
struct ExposedInstant {
  std::uint32_t begin, end;
};
[[nodiscard]] ExposedInstant last_exposed(const OrderedEvents& events, std::uint8_t exposure_type, std::uint32_t begin,
                                          std::uint32_t end);

// Whether time zero belongs to exposures.
[[nodiscard]] inline bool is_of_exposures(const TrialSetup& setup) {
  return rule_of(setup.kind).exposure || rule_of(setup.kind).controls;
}

class KnownEvents {
 public:
  KnownEvents(const OrderedEvents& events, const TrialSetup& setup) : events_(events), setup_(setup) {}

  // Whether the data say it; else all events are known.
  [[nodiscard]] bool told() const { return !events_.known_us.empty() && rule_of(setup_.kind).time_zero; }

  // Goes to a row, whose session up to time zero is the events [begin, end).
  void enter(std::uint32_t begin, std::uint32_t end, std::int64_t time_zero_us);

  // Of an event up to there, in an earlier session too.
  [[nodiscard]] bool has(std::uint32_t at) const {
    return events_.known_us[at] <= time_zero_us_ ||
           (at >= own_.begin && at < own_.end && events_.type[at] == setup_.exposure_type);
  }
  // Whether an event begins a session after the last one before it that was known.
  [[nodiscard]] bool parts(std::uint32_t last, std::uint32_t at) const {
    return elapsed_us(events_.time_us[last], events_.time_us[at]) > setup_.session.max_gap.us;
  }
  [[nodiscard]] std::int64_t time_zero_us() const { return time_zero_us_; }
  [[nodiscard]] std::int64_t since_us(std::uint32_t at) const { return events_.known_us[at]; }

  // What was known of the session of the row, ascending; once it has been looked for.
  void find_history();
  [[nodiscard]] const std::vector<std::uint32_t>& history() const { return history_; }

 private:
  const OrderedEvents& events_;
  const TrialSetup& setup_;
  std::uint32_t begin_ = 0, end_ = 0;
  std::int64_t time_zero_us_ = 0;
  ExposedInstant own_{};
  std::vector<std::uint32_t> history_;
};

}  // namespace causal_sessions
