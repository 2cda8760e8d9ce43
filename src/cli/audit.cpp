// causal-sessions audit FILE...: what stands in the way of a causal reading.
#include "audit/audit_json.h"
#include "cli/command.h"
#include "text/audit_text.h"

namespace causal_sessions {

std::optional<Failure> run_audit(const Arguments& arguments) {
  Plan plan;
  if (auto failure = gather_plan(arguments, plan)) return failure;
  InputFiles inputs;
  if (auto failure = find_files(arguments.files, inputs)) return failure;
  Run run(plan, WithAudit::kYes);
  Watch watch(arguments.has("json") || arguments.has("quiet"));
  if (auto failure = read_and_run(run, inputs, arguments.number("threads", default_threads()), watch)) return failure;
  watch.clear();
  std::fputs((arguments.has("json") ? audit_json(*run.audit) : audit_text(*run.audit, terminal_width())).c_str(), stdout);
  return std::nullopt;
}

}  // namespace causal_sessions
