// causal-sessions estimate FILE...: the adjusted effect, or which rule refuses to tell one; of events, or of a finished table.
#include "estimate/estimate.h"
#include "cli/command.h"
#include "cli/out_of_core.h"
#include "estimate/table_estimate.h"
#include "text/estimate_text.h"
#include "text/report_text.h"

namespace causal_sessions {
namespace {

std::optional<Failure> print(const EffectEstimate& estimate, std::span<const Notice> notices, bool json) {
  const std::string text = json ? estimate_json(estimate) : estimate_text(estimate, terminal_width());
  std::fputs(text.c_str(), stdout);
  std::fputs(notices_text(notices).c_str(), stderr);
  if (estimate.figures) return std::nullopt;
  Failure failure{no_estimate_text(estimate), "noEstimate"};
  failure.told = true;
  return failure;
}

std::optional<Failure> read_table(PlainTable& table, const InputFile& input, Watch& watch, std::uint64_t& read) {
  constexpr std::size_t kPiece = 1 << 20;
  FileHandle file(nullptr, std::fclose);
  if (auto failure = open_file(input.path(), file)) return failure;
  table.begin_file(input.name(), regular_size(input.path()));
  for (;;) {
    const auto range = table.wanted();
    if (range && fseeko(file.get(), static_cast<off_t>(range->offset), SEEK_SET) != 0) break;
    const std::span<char> room = table.window(range ? range->size : kPiece);
    const std::size_t size = std::fread(room.data(), 1, room.size(), file.get());
    if (size == 0 && !range) break;
    if (Status status = table.commit(size); !status.ok()) return refused(status.error());
    watch.show_read(read += size);
    if (Watch::stopped()) return stopped();
    if (range && !table.wanted()) break;
  }
  if (std::ferror(file.get())) return unreadable(input.name() + " cannot be read to its end");
  if (Status status = table.end_file(); !status.ok()) return refused(status.error());
  return std::nullopt;
}

std::optional<Failure> estimate_table(const Arguments& arguments, const Plan& plan, const InputFiles& inputs) {
  if (Status status = check_table_plan(plan); !status.ok()) return refused(status.error());
  TableRoles roles;
  for (const auto& [option, columns] : arguments.options) set_role(roles, option, columns);
  TableEstimator estimator(roles, plan);
  const bool json = arguments.has("json");
  Watch watch(json || arguments.has("quiet"));
  std::uint64_t read = 0;
  for (const InputFile& input : inputs.files) {
    if (auto failure = read_table(estimator.table(), input, watch, read)) return failure;
  }
  watch.show_stage("estimate");
  const Result<EffectEstimate> estimate = estimator.estimate();
  watch.clear();
  if (!estimate.ok()) return refused(estimate.error());
  return print(estimate.value(), estimate.value().table->notices, json);
}

}  // namespace

std::optional<Failure> run_estimate(const Arguments& arguments) {
  Plan plan;
  if (auto failure = gather_plan(arguments, plan)) return failure;
  InputFiles inputs;
  if (auto failure = find_files(arguments.files, inputs)) return failure;
  if (auto failure = allow_memory(arguments, temporary_folder())) return failure;
  if (arguments.has("table")) return estimate_table(arguments, plan, inputs);
  const bool json = arguments.has("json"), quiet = arguments.has("quiet");
  Run run(plan, WithAudit::kYes, arguments.number("threads", default_threads()));
  Watch watch(json || quiet);
  if (auto failure = read_and_run(run, inputs, watch)) return failure;
  watch.show_stage("estimate");
  const EffectEstimate estimate = estimate_effect(run);
  watch.clear();
  return print(estimate, run.notices, json);
}

}  // namespace causal_sessions
