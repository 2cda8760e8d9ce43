#include <algorithm>

#include "audit/topics.h"
#include "trial/rules.h"

namespace causal_sessions {
namespace {

// Of all sessions, also those that were dropped for being short before there were rows.
Attrition attrition_of_all(Run& run, const TrialSetup& setup) {
  SessionOptions options = session_options(run.plan);
  if (options.min_events <= 1) return run.trials.attrition;
  options.min_events = 1;
  const Sessions all = sessionize(run.events, options, run.workers);
  if (rule_of(setup.kind).controls) return build_trials(run.events, all, setup, run.workers).attrition;
  // Otherwise a row depends on its own user alone, so the short sessions can be looked at by themselves.
  Sessions few;
  for (std::size_t s = 0; s < all.size(); ++s) {
    if (all.end[s] - all.begin[s] >= setup.session.min_events) continue;
    few.user.push_back(all.user[s]);
    few.number.push_back(all.number[s]);
    few.begin.push_back(all.begin[s]);
    few.end.push_back(all.end[s]);
  }
  const Attrition dropped = build_trials(run.events, few, setup, run.workers).attrition;
  Attrition attrition = run.trials.attrition;
  Attrition::Left& before = attrition.after[0];
  before.add(dropped.after[0]);
  before.users = 0;
  const auto type = run.events.type.begin();
  for (std::size_t user = 0; user + 1 < run.events.user_begin.size(); ++user) {
    const auto first = type + run.events.user_begin[user], last = type + run.events.user_begin[user + 1];
    const bool exposure = rule_of(setup.kind).exposure;
    before.users += exposure ? std::find(first, last, setup.exposure_type) != last : first != last;
  }
  return attrition;
}

// Whether a filter asks what came after the row's time zero, or is asked in one arm alone. GracePeriod::kAlign's own look
// at what came before it, in both; kThinned looks at when the wait of an untreated exposure ended, to undo what the treatment
// itself selects (trials.h).
bool looks_past(Filter filter, IndexKind kind) {
  switch (filter) {
    case Filter::kShortSession:
    case Filter::kOutcomeBeforeTreatment:
    case Filter::kOutcomeInWindow: return true;
    case Filter::kPriorOutcome:  // of the treated alone
    case Filter::kShortX:        // the treatment cuts X
      return !rule_of(kind).time_zero;
    default: return false;
  }
}

}  // namespace

AttritionAudit audit_attrition(Run& run) {
  const TrialSetup setup = run.setup();
  const Attrition attrition = attrition_of_all(run, setup);
  AttritionAudit audit;
  audit.read = run.builder().rows();
  audit.left_out = &run.builder().issues();
  audit.duplicates = run.duplicates;
  audit.events = run.events.size();
  audit.start = attrition.after[0];
  audit.end = attrition.after[kFilters];
  for (std::size_t at = 0; at < kFilters; ++at) {
    const Attrition::Left &before = attrition.after[at], &after = attrition.after[at + 1];
    const auto filter = static_cast<Filter>(at);
    if (before.rows != after.rows)
      audit.steps.push_back({filter, looks_past(filter, setup.kind), before.rows - after.rows, before, after});
  }
  return audit;
}

}  // namespace causal_sessions
