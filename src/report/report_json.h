// Report: what went in, what was made of it, and the notebook's printed numbers, as one JSON object.
//
// The same input and plan give the same bytes everywhere: no times of day, no durations, no machine.
// Rates are shares; a rate of nothing is null.
#pragma once

#include <string>
#include <vector>

#include "formats/json/fields.h"
#include "ingest/event_reader.h"
#include "plan/plan.h"
#include "report/summary.h"
#include "sequence/sequence_table.h"
#include "session/sessionize.h"
#include "split/split.h"
#include "trial/trials.h"
#include "vocab/vocabulary.h"

namespace causal_sessions {

struct ReportParts {
  const Plan& plan;
  const EventReader& reader;
  std::uint64_t events, tied_events, duplicates;
  std::uint32_t users;
  const Sessions& sessions;
  const Attrition& attrition;
  const Vocabulary& vocabulary;
  const SequenceTable& table;
  const Split& split;
  const Summary& summary;
  std::span<const Notice> notices;
};

// {name, version}.
[[nodiscard]] Json engine_json();
// Rows left out by reason, those that occurred.
[[nodiscard]] Json issue_counts_json(const IssueSummary& issues);

[[nodiscard]] std::string write_report_json(const ReportParts& parts);

}  // namespace causal_sessions
