// causal-sessions audit FILE...: what stands in the way of a causal interpretation, of one plan or of two.
#include <algorithm>

#include "audit/audit_json.h"
#include "audit/comparison.h"
#include "cli/command.h"
#include "cli/out_of_core.h"
#include "cli/staged_files.h"
#include "text/audit_text.h"
#include "text/blind_text.h"
#include "text/comparison_text.h"
#include "text/report_html.h"

namespace causal_sessions {
namespace {

bool has_stream(const InputFiles& inputs) {
  return std::any_of(inputs.files.begin(), inputs.files.end(), [](const InputFile& file) {
    std::error_code not_there;
    return file.path() == "-" || std::filesystem::is_fifo(file.path(), not_there);
  });
}

void print(const std::string& text) { std::fputs(text.c_str(), stdout); }

}  // namespace

std::optional<Failure> run_audit(const Arguments& arguments) {
  Plan plan;
  if (auto failure = gather_plan(arguments, plan)) return failure;
  std::optional<Plan> other;
  if (auto failure = gather_other_plan(arguments, plan, other)) return failure;
  InputFiles inputs;
  if (auto failure = find_files(arguments.files, inputs)) return failure;
  const std::string against = arguments.at("against");
  const bool once = has_stream(inputs), json = arguments.has("json");
  if (other && once && other->reading != plan.reading) return wrong_use(read_twice_text(against));
  const unsigned threads = arguments.number("threads", default_threads());
  if (auto failure = allow_memory(arguments, temporary_folder())) return failure;
  Run run(plan, WithAudit::kYes, threads);
  run.keep_events = other.has_value();
  Watch watch(json || arguments.has("quiet"));
  if (auto failure = read_and_run(run, inputs, watch)) return failure;
  if (!other) {
    if (arguments.has("report")) {
      StagedFiles files(".", inputs.files);
      const std::string page = report_html(run, {arguments.has("report-counts"), {}});
      const auto put = [&](ByteSink& sink) { sink.put(page); };
      if (auto failure = files.add({std::filesystem::absolute(arguments.at("report")), put})) return failure;
      if (auto failure = files.rename_all()) return failure;
    }
    if (arguments.has("blind")) {
      const BlindAudit blind = look_blind(run);
      watch.clear();
      print(json ? blind_json(*run.audit, blind) : blind_text(*run.audit, blind, terminal_width()));
      return std::nullopt;
    }
    watch.clear();
    print(json ? audit_json(*run.audit) : audit_text(*run.audit, terminal_width()));
    return std::nullopt;
  }
  Run second(*other, WithAudit::kYes, threads);
  const bool reused = start_from(second, run);
  if (!reused && once) return unreadable(read_twice_text(against));  // there was no room for the events
  if (auto failure = reused ? run_steps(second, watch) : read_and_run(second, inputs, watch)) return failure;
  watch.clear();
  const Comparison comparison = compare_audits(run, second);
  print(json ? comparison_json(comparison) : comparison_text(comparison, against, terminal_width()));
  return std::nullopt;
}

}  // namespace causal_sessions
