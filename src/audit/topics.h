// What the audit asks, one topic a file. Of the rows it asks after the vocabulary, before tokens are made of events.
//
// Cost: each linear in events and rows, but for two sorts of the rows' spans and propensities (by digits) and the
//       propensity's fit, on at most 20,000 rows.
#pragma once

#include "audit/audit.h"

namespace causal_sessions {

// How long users are silent between two events, and what sessions become as the gap that ends them grows.
//
// The curve follows the notebook's rule, T and Y being any treatment or outcome event of a session of at least
// min_events events; session.maxHours is not looked at.
//
// Cost:    one pass over the events; then every segment joins the one before it at most once, so all values of the gap
//          together are linear; 25 bytes a silence of more than a minute.
[[nodiscard]] GapsAudit audit_gaps(const OrderedEvents& events, const TrialSetup& setup, const Workers& workers);

// How long users take from an exposure to the treatment and to the outcome.
//
// A treatment is waited for from every instant at which a user has exposures, or from each session's landmark, by the rules of
// the plan but for the length of its window: up to the user's next exposure where the window ends there or the plan has none, and with an item of
// the exposure where it must have one. An outcome is waited for from the same starts; with IndexKind::kMatched from each
// session's first treatment. Whether the start makes a row is not asked.
//
// Cost:    one pass over the events, from each user's last to the first; eight bytes a wait that ends.
[[nodiscard]] DelaysAudit audit_delays(const Run& run);

// Nothing of the events changes but the order of ties in sessions that make no row.
[[nodiscard]] AttritionAudit audit_attrition(Run& run);
[[nodiscard]] LeakageAudit audit_leakage(const Run& run);

// Covariates by arm, before and after inverse propensity weighting, and the overlap of the propensities.
struct BalanceAudit {
  std::vector<BalanceRow> rows;
  std::optional<OverlapAudit> overlap;
};
[[nodiscard]] BalanceAudit audit_balance(const Run& run);

// A bin for each length up to 8, then bins that grow by a quarter, so few hold any length.
[[nodiscard]] LengthsAudit audit_lengths(const TrialTable& table);
// How much of X the vocabulary knows, by part.
[[nodiscard]] VocabularyAudit audit_vocabulary(const Run& run);
// That parts share no user; their arms and times.
[[nodiscard]] SplitAudit audit_split(const Run& run);
[[nodiscard]] WindowAudit audit_window(const Run& run);

}  // namespace causal_sessions
