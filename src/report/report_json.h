// Report: what went in, what was made of it, and the notebook's printed numbers, as one JSON object.
//
// The same input and plan give the same bytes everywhere: no times of day, no durations, no machine.
// Rates are shares; a rate of nothing is null.
#pragma once

#include <string>
#include <vector>

#include "formats/json/fields.h"
#include "run/run.h"

namespace causal_sessions {

// {name, version}.
[[nodiscard]] Json engine_json();
// Rows left out by reason, those that occurred.
[[nodiscard]] Json issue_counts_json(const IssueSummary& issues);

[[nodiscard]] std::string report_json(const Run& run);

// The first tokens of a row of run.summary.samples, and its session's id.
struct SampleToken {
  std::string type, item;
  std::uint32_t item_id;
  double minutes;
};
[[nodiscard]] std::vector<SampleToken> sample_tokens(const Run& run, std::uint32_t row);
[[nodiscard]] std::string sample_id(const Run& run, std::uint32_t row);

}  // namespace causal_sessions
