#include <algorithm>

#include "audit/topics.h"
#include "core/elapsed.h"
#include "trial/rules.h"

namespace causal_sessions {
namespace {

double hours_between(std::int64_t first_us, std::int64_t last_us) {
  return static_cast<double>(elapsed_us(first_us, std::max(first_us, last_us))) / 3.6e9;
}

}  // namespace

WindowAudit audit_window(const Run& run) {
  const TimeSummary& times = run.builder().times();
  const TrialSetup setup = run.setup();
  const Attrition& attrition = run.trials.attrition;
  const Rule& rule = rule_of(setup.kind);
  WindowAudit audit;
  audit.sessions = run.sessions.size();
  for (std::size_t s = 0; s < run.sessions.size(); ++s) {
    audit.begin_within_gap += elapsed_us(times.min_us, run.events.time_us[run.sessions.begin[s]]) <= setup.session.max_gap.us;
    audit.open_at_end += setup.may_go_on(run.events.time_us[run.sessions.end[s] - 1]);
  }
  const auto& censored = run.trials.table.censored;
  const auto step = static_cast<std::size_t>(Filter::kCensored);
  audit.rows = run.trials.table.rows();
  audit.censored_rows = static_cast<std::uint64_t>(std::count(censored.begin(), censored.end(), 1));
  audit.censored_left_out = attrition.after[step].rows - attrition.after[step + 1].rows;
  audit.data_hours = hours_between(times.min_us, setup.data_end_us);
  if (rule.time_zero) {
    audit.follow_up_hours = static_cast<double>(setup.follow_up_us()) / 3.6e9;
    if (attrition.first_time_zero_us != INT64_MAX)
      audit.longest_follow_up_hours = hours_between(attrition.first_time_zero_us, setup.data_end_us);
    audit.controls_after_treatment = attrition.controls_after_treatment;
  }
  if (rule.window) {
    audit.holds_exposure = attrition.window_holds_exposure;
    audit.treated_after_exposure = attrition.treated_after_exposure;
  }
  if (rule.exposure) audit.treated_at_once = attrition.treated_at_once;
  return audit;
}

}  // namespace causal_sessions
