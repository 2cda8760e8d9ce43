// A run as far as it has come: the plan, what was read, and what each step made of it (steps/steps.h). Everything that describes
// a run or writes of it takes a `const Run&`.
//
// The events as they were read may be kept, for another run to start from and for a look at single sessions. They belong to
// every run that keeps them, and give way where the memory does not suffice.
//
// Whoever tries many plans on the same events finds an effect with one of them, so runs that share events know of each other's
// estimates.
//
// Memory:  what a later step no longer needs is moved on: `read` into `events`, these and the rows of `trials` into `table`.
//          Kept events take 13 bytes each, beside texts that are not copied.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/notice.h"
#include "core/workers.h"
#include "ingest/event_reader.h"
#include "plan/plan.h"
#include "run/summary.h"
#include "sequence/sequence_table.h"
#include "session/sessionize.h"
#include "split/split.h"
#include "trial/control_outcomes.h"
#include "trial/covariates.h"
#include "trial/outcome_values.h"
#include "trial/trials.h"
#include "vocab/vocabulary.h"

namespace causal_sessions {

struct Audit;

enum class WithAudit : bool { kNo, kYes };

struct Run {
  // What was read, and by which options. Shared by the runs that start from its events.
  struct Reading {
    explicit Reading(const ReadingOptions& by) : options(by), reader(options) {}
    const ReadingOptions options;
    EventReader reader;
    std::vector<Plan> tried;  // whose effects were estimated, each once, in their order
  };

  explicit Run(Plan by, WithAudit with_audit = WithAudit::kNo, unsigned threads = 1, std::size_t least = Workers::kLeast)
      : plan(std::move(by)), audited(with_audit == WithAudit::kYes), workers(threads, least),
        reading(std::make_shared<Reading>(plan.reading)) {}
  Run(const Run&) = delete;  // a step may hold what points at the plan
  Run& operator=(const Run&) = delete;

  [[nodiscard]] EventReader& reader() { return reading->reader; }
  [[nodiscard]] const EventReader& reader() const { return reading->reader; }
  [[nodiscard]] const EventBuilder& builder() const { return reading->reader.builder(); }
  [[nodiscard]] bool keeps_events() const { return kept != nullptr; }
  // What rows are made of its events by; good as long as the run.
  [[nodiscard]] TrialSetup setup() const;
  // Of the runs that share its events, plans whose effects were estimated; without its own.
  [[nodiscard]] std::vector<const Plan*> other_plans() const;
  // Before an estimate of its effect is told.
  void note_estimate() const;
  // Where a local time is told.
  [[nodiscard]] LocalClock clock() const { return {plan.reading.time.zone_offset_us, plan.reading.time.zone_table}; }
  [[nodiscard]] std::span<const std::uint32_t> rows_of(Part part) const { return split.rows[static_cast<std::size_t>(part)]; }

  const Plan plan;
  const bool audited;
  Workers workers;           // that its steps are taken on
  bool keep_events = false;  // asked for before the first step
  std::size_t step = 0;      // the next one; steps/steps.h
  std::shared_ptr<Reading> reading;
  std::shared_ptr<const OrderedEvents> kept;  // by user, each user's in input order
  std::vector<Notice> notices;                // what may be wrong with the data or the plan, once all has been read

  EventTable read;
  OrderedEvents events;
  std::uint64_t event_count = 0, tied = 0, duplicates = 0;
  std::int64_t data_end_us = 0;
  Sessions sessions;
  Trials trials;
  Split split;
  std::vector<IndexRange> fitted;  // what the vocabulary was fitted on; until the audit
  Vocabulary vocabulary;
  CovariateTable covariates;       // with a time zero; until the table has them
  LateEvents late;                 // with a time zero
  std::vector<double> propensity;  // of each row, where the plan names its column; until the table has it
  OutcomeValues outcome_values;    // likewise
  ControlOutcomes controls;        // with a time zero and an audit
  SequenceTable table;
  Summary summary;
  std::shared_ptr<Audit> audit;  // audit/audit.h; null unless it was asked for
};

}  // namespace causal_sessions
