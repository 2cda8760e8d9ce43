#include <algorithm>

#include "audit/rows.h"
#include "audit/statistics.h"

namespace causal_sessions {
namespace {

Json left_json(const Attrition::Left& left) {
  Fields fields;
  fields.count("rows", left.rows)
      .count("sessions", left.sessions)
      .count("users", left.users)
      .count("control", left.arm[0])
      .count("treated", left.arm[1])
      .count("controlOutcomes", left.outcomes[0])
      .count("treatedOutcomes", left.outcomes[1])
      .share("treatmentRate", left.arm[1], left.rows)
      .share("controlOutcomeRate", left.outcomes[0], left.arm[0])
      .share("treatedOutcomeRate", left.outcomes[1], left.arm[1]);
  return fields.done();
}

// Of all sessions, also those that were dropped for being short before there were rows.
Attrition attrition_of_all(const AuditRows& rows) {
  SessionOptions options = session_options(rows.plan);
  if (options.min_events <= 1) return rows.attrition;
  options.min_events = 1;
  const Sessions all = sessionize(rows.events, options);
  if (rule_of(rows.setup.kind).controls) return build_trials(rows.events, all, rows.setup).attrition;
  // Otherwise a row depends on its own user alone, so the short sessions can be looked at by themselves.
  Sessions few;
  for (std::size_t s = 0; s < all.size(); ++s) {
    if (all.end[s] - all.begin[s] >= rows.setup.session.min_events) continue;
    few.user.push_back(all.user[s]);
    few.number.push_back(all.number[s]);
    few.begin.push_back(all.begin[s]);
    few.end.push_back(all.end[s]);
  }
  const Attrition dropped = build_trials(rows.events, few, rows.setup).attrition;
  Attrition attrition = rows.attrition;
  Attrition::Left& before = attrition.after[0];
  const Attrition::Left& more = dropped.after[0];
  before.rows += more.rows;
  before.sessions += more.sessions;
  for (int arm = 0; arm < 2; ++arm) {
    before.arm[arm] += more.arm[arm];
    before.outcomes[arm] += more.outcomes[arm];
  }
  before.users = 0;
  const auto type = rows.events.type.begin();
  for (std::size_t user = 0; user + 1 < rows.events.user_begin.size(); ++user) {
    const auto first = type + rows.events.user_begin[user], last = type + rows.events.user_begin[user + 1];
    const bool exposure = rule_of(rows.setup.kind).exposure;
    before.users += exposure ? std::find(first, last, rows.setup.exposure_type) != last : first != last;
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
    case Filter::kOutcomeInWindow:
      return true;
    case Filter::kPriorOutcome:  // of the treated alone
    case Filter::kShortX:        // the treatment cuts X
      return !rule_of(kind).time_zero;
    default:
      return false;
  }
}

}  // namespace

Json audit_attrition(const AuditRows& rows) {
  const IssueSummary& issues = rows.builder.issues();
  Json by_reason = Json::object();
  for (std::size_t reason = 0; reason < kIssueReasons; ++reason) {
    if (issues.rows[reason] != 0) by_reason[kIssueNames[reason]] = issues.rows[reason];
  }
  const Attrition attrition = attrition_of_all(rows);
  Json filters = Json::array();
  for (std::size_t filter = 0; filter < kFilters; ++filter) {
    const std::uint64_t removed = attrition.after[filter].rows - attrition.after[filter + 1].rows;
    if (removed == 0) continue;
    filters.push_back(Fields()
                          .text("filter", kFilterNames[filter])
                          .count("removed", removed)
                          .flag("looksPastTimeZero", looks_past(static_cast<Filter>(filter), rows.setup.kind))
                          .put("before", left_json(attrition.after[filter]))
                          .put("after", left_json(attrition.after[filter + 1]))
                          .done());
  }
  return Fields()
      .count("read", rows.builder.rows())
      .count("leftOut", issues.total())
      .put("leftOutByReason", std::move(by_reason))
      .count("duplicatesDropped", rows.duplicates)
      .count("events", rows.events.size())
      .put("start", left_json(attrition.after[0]))
      .put("filters", std::move(filters))
      .put("end", left_json(attrition.after[kFilters]))
      .done();
}

}  // namespace causal_sessions
