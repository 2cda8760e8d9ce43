#include <algorithm>

#include "audit/rows.h"
#include "core/elapsed.h"

namespace causal_sessions {

Json audit_window(const AuditRows& rows) {
  const TimeSummary& times = rows.builder.times();
  const std::int64_t gap = rows.setup.session.max_gap.us, end_us = rows.setup.data_end_us;
  std::uint64_t begun = 0, open = 0;
  for (std::size_t s = 0; s < rows.sessions.size(); ++s) {
    begun += elapsed_us(times.min_us, rows.events.time_us[rows.sessions.begin[s]]) <= gap;
    open += rows.setup.may_go_on(rows.events.time_us[rows.sessions.end[s] - 1]);
  }
  const auto& censored = rows.table.censored;
  const auto cut = static_cast<std::uint64_t>(std::count(censored.begin(), censored.end(), 1));
  const auto step = static_cast<std::size_t>(Filter::kCensored);
  const Rule& rule = rule_of(rows.setup.kind);
  const bool timed = rule.time_zero;
  std::optional<double> longest;
  if (const std::int64_t first_us = rows.attrition.first_time_zero_us; timed && first_us != INT64_MAX) {
    longest = static_cast<double>(elapsed_us(first_us, std::max(first_us, end_us))) / 3.6e9;
  }
  const double span = static_cast<double>(elapsed_us(times.min_us, std::max(times.min_us, end_us))) / 3.6e9;
  const Attrition& found = rows.attrition;
  const auto figure = [](bool there, std::uint64_t value) { return there ? Json(value) : Json(); };
  return Fields()
      .count("sessions", rows.sessions.size())
      .count("beginWithinGapOfFirstEvent", begun)
      .count("openAtLastEvent", open)
      .count("rows", rows.table.rows())
      .count("censoredRows", cut)
      .count("censoredLeftOut", rows.attrition.after[step].rows - rows.attrition.after[step + 1].rows)
      .number("dataHours", span)
      .number("followUpHours", timed ? std::optional(static_cast<double>(rows.plan.trial.follow_up_us()) / 3.6e9) : std::nullopt)
      .number("longestFollowUpHours", longest)
      .put("windowHoldsExposure", figure(rule.window, found.window_holds_exposure))
      .put("treatedAfterLaterExposure", figure(rule.window, found.treated_after_exposure))
      .put("treatedAtExposureInstant", figure(rule.exposure, found.treated_at_once))
      .put("controlsAfterTreatment", figure(timed, found.controls_after_treatment))
      .done();
}

}  // namespace causal_sessions
