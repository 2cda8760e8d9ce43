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
// The same in two parts, where there may be many files: without any, and a list of those from a place on, at most so many.
[[nodiscard]] std::string report_json_without_files(const Run& run);
[[nodiscard]] std::string report_files_json(const Run& run, std::size_t begin, std::size_t most);

// The first tokens of a row of run.summary.samples, and its session's id.
struct SampleToken {
  std::string type, item;
  std::uint32_t item_id;
  double minutes;
};
[[nodiscard]] std::vector<SampleToken> sample_tokens(const Run& run, std::uint32_t row);
[[nodiscard]] std::string sample_id(const Run& run, std::uint32_t row);

}  // namespace causal_sessions
