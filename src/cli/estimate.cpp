// causal-sessions estimate FILE...: the adjusted effect, or which rule refuses to tell one.
#include "estimate/estimate.h"
#include "cli/command.h"
#include "text/estimate_text.h"
#include "text/report_text.h"

namespace causal_sessions {

std::optional<Failure> run_estimate(const Arguments& arguments) {
  Plan plan;
  if (auto failure = gather_plan(arguments, plan)) return failure;
  InputFiles inputs;
  if (auto failure = find_files(arguments.files, inputs)) return failure;
  const bool json = arguments.has("json"), quiet = arguments.has("quiet");
  Run run(plan, WithAudit::kYes, arguments.number("threads", default_threads()));
  Watch watch(json || quiet);
  if (auto failure = read_and_run(run, inputs, watch)) return failure;
  watch.show_stage("estimate");
  const EffectEstimate estimate = estimate_effect(run);
  watch.clear();
  const std::string text = json ? estimate_json(estimate) : estimate_text(estimate, terminal_width());
  std::fputs(text.c_str(), stdout);
  std::fputs(notices_text(run.notices).c_str(), stderr);
  if (estimate.figures) return std::nullopt;
  Failure failure{no_estimate_text(estimate), "noEstimate"};
  failure.told = true;
  return failure;
}

}  // namespace causal_sessions
