// What a simulation is asked for; the model that its numbers belong to stands in simulate.h.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/result.h"

namespace causal_sessions {

// On average in the default two weeks, users who leave and those cut short by the end included.
inline constexpr std::uint32_t kRowsPerUser = 70;

struct SimulateOptions {
  std::uint64_t events = 100'000;  // rows, exactly
  // Exactly this many, who all return until the end, at most events / 70; 0: about events / 70, who
  // come and go.
  std::uint32_t users = 0;
  std::uint32_t items = 0;  // in the catalogue; 0: events / 20, within 500 .. 500,000
  double days = 14;         // over which users arrive, about, from 2025-09-05 on
  double effect = 2;        // of a click on the purchase, in log odds; 0: none
  double confounding = 1;   // weight of the history; at 0 it is only that longer visits sell more
  // What breaks designs; each is off by default.
  double pace = 1;            // within visits all times are divided by it: at 10 exposures are half a minute apart
  double linger = 1;          // clicks come so many times later; purchases and the next exposure wait for the latest of them
  double impulse = 0;         // probability of a purchase at an exposure, within five minutes, that asks nothing of the click
  double hidden = 0;          // weight of a trait of the user, in log odds a standard deviation, on clicks and purchases
  double overlap = 0;         // weight of L - 2 that makes clicks all but certain or impossible
  double carryover = 0;       // of a click in the last 24 hours on the purchase at a later exposure, in log odds
  double varying = 0;         // of a click on the purchase, in log odds for each unit of L - 2, beside the effect
  double coarse_clock = 0;    // seconds of a tick of the clock that times are told by; 0: microseconds
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

}  // namespace causal_sessions
