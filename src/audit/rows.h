// What the audit asks of the rows, one topic a file: after the vocabulary, before tokens are made of events.
//
// Cost: each linear in events and rows, but for two sorts of the rows' spans and propensities (by digits) and the
//       propensity's fit, on at most 20,000 rows.
#pragma once

#include <cstdint>
#include <span>

#include "formats/json/fields.h"
#include "ingest/build/event_builder.h"
#include "plan/plan.h"
#include "split/split.h"
#include "trial/rules.h"
#include "trial/trials.h"
#include "vocab/vocabulary.h"

namespace causal_sessions {

struct AuditRows {
  const Plan& plan;
  const TrialSetup& setup;
  OrderedEvents& events;  // types and items as they were read; nothing but unused sessions' ties is moved
  const Sessions& sessions;
  const TrialTable& table;
  const Attrition& attrition;
  const Split& split;
  const Vocabulary& vocabulary;
  std::span<const EventRange> fitted;  // events that the vocabulary was fitted on
  std::span<const double> covariates;  // row after row; empty without a time zero
  const EventBuilder& builder;
  std::uint64_t duplicates;            // dropped
  std::span<const Notice> notices;     // of the run
};

// Filters with rows, sessions, users, T and Y rates by arm before and after; those that ask what came after time zero.
[[nodiscard]] Json audit_attrition(const AuditRows& rows);

// T and Y where they must not be: tokens in X, the length and end of X, outcomes before the treatment.
[[nodiscard]] Json audit_leakage(const AuditRows& rows);

// Covariates by arm, before and after inverse propensity weighting, and the overlap of the propensities.
struct BalanceAudit {
  Json balance, overlap;
};
[[nodiscard]] BalanceAudit audit_balance(const AuditRows& rows);

// Rows by arm and length of X, padding included: counts[i] have edges[i] or more and fewer than edges[i + 1]. A bin for each
// length up to 8, then bins that grow by a quarter, so few hold any length.
[[nodiscard]] Json audit_lengths(const AuditRows& rows);

// How much of X the vocabulary knows, by part.
[[nodiscard]] Json audit_vocabulary(const AuditRows& rows);

// That parts share no user; their arms and times.
[[nodiscard]] Json audit_split(const AuditRows& rows);

// What the begin and the end of the data cut.
[[nodiscard]] Json audit_window(const AuditRows& rows);

}  // namespace causal_sessions
