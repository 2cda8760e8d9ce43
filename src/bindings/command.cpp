// What the command in Node says and accepts (src/text), beside the module that every host has: an engine of its own, so that pages
// do not load the words of terminals.
#include <memory>
#include <optional>
#include <string>

#include <emscripten/bind.h>

#include "audit/comparison.h"
#include "bindings/run_binding.h"
#include "estimate/table_estimate.h"
#include "formats/json/parse.h"
#include "plan/keys.h"
#include "plan/settings.h"
#include "text/arguments.h"
#include "text/audit_text.h"
#include "text/blind_text.h"
#include "text/comparison_text.h"
#include "text/estimate_text.h"
#include "text/inspection_text.h"
#include "text/lines.h"
#include "text/report_text.h"
#include "text/usage.h"

namespace causal_sessions {
namespace {

// As a terminal shows them: which files were written, as for manifest(); the environment's COLUMNS and those of the terminal.
std::string text_of_report(const RunBinding& run, const std::string& folder, const val& outputs) {
  return report_text(run.run(), folder, outputs_of(outputs));
}

std::string text_of_audit(const RunBinding& run, const std::string& columns, std::size_t terminal) {
  return audit_text(*run.run().audit, line_width(columns, terminal));
}

std::string text_of_blind_audit(const RunBinding& run, const std::string& columns, std::size_t terminal) {
  return blind_text(*run.run().audit, look_blind(run.run()), line_width(columns, terminal));
}

// {text, refusal}: as JSON, or as a terminal shows it, and why there is no estimate, or "".
val told(const EffectEstimate& estimate, bool json, const std::string& columns, std::size_t terminal) {
  val out = val::object();
  out.set("text", json ? estimate_json(estimate) : estimate_text(estimate, line_width(columns, terminal)));
  out.set("refusal", no_estimate_text(estimate));
  return out;
}

val text_of_estimate(const RunBinding& run, bool json, const std::string& columns, std::size_t terminal) {
  return told(estimate_effect(run.run()), json, columns, terminal);
}

// The estimate of a finished table, whose files are put into it as into a run.
class TableBinding {
 public:
  TableBinding(const TableRoles& roles, const Plan& plan) : estimator_(roles, plan) {}

  // `size`: null where the file cannot be read by ranges.
  void begin_file(const std::string& name, const val& size) { estimator_.table().begin_file(name, size_of(size)); }
  val wanted() { return to_js(estimator_.table().wanted()); }
  std::uintptr_t window(std::size_t size) { return reinterpret_cast<std::uintptr_t>(estimator_.table().window(size).data()); }
  val commit(std::size_t size) { return to_js(estimator_.table().commit(size)); }
  val end_file() { return to_js(estimator_.table().end_file()); }
  // {text, refusal, notices} or {error}.
  val estimate(bool json, const std::string& columns, std::size_t terminal) const {
    const Result<EffectEstimate> estimate = estimator_.estimate();
    if (!estimate.ok()) return answer("text", estimate.error());
    val out = told(estimate.value(), json, columns, terminal);
    out.set("notices", notices_text(estimate.value().table->notices));
    return out;
  }

 private:
  TableEstimator estimator_;
};

// Null for options and a plan that check_table() refuses. `options`: names of the command's and their texts in turns.
std::unique_ptr<TableBinding> create_table(const val& options, const std::string& plan_json) {
  const Result<Plan> plan = read_plan(plan_json);
  if (!plan.ok() || !check_table_plan(plan.value()).ok()) return nullptr;
  const auto words = emscripten::vecFromJSArray<std::string>(options);
  TableRoles roles;
  for (std::size_t i = 0; i + 1 < words.size(); i += 2) set_role(roles, words[i], words[i + 1]);
  return std::make_unique<TableBinding>(roles, plan.value());
}

// Null for a plan that a table can be read by; of one that complete_plan() accepts.
val check_table(const std::string& plan_json) { return to_js(check_table_plan(read_plan(plan_json).value())); }

// Of two runs with audits.
std::string comparison_of(const RunBinding& run, const RunBinding& against) {
  return comparison_json(compare_audits(run.run(), against.run()));
}

std::string text_of_comparison(const RunBinding& run, const RunBinding& against, const std::string& file,
                               const std::string& columns, std::size_t terminal) {
  return comparison_text(compare_audits(run.run(), against.run()), file, line_width(columns, terminal));
}

std::string text_of_notices(const RunBinding& run) { return notices_text(run.run().notices); }

// {plan: JSON text} or {error}, of the words of a command: the text and name of a plan's file, a profile, null where not given,
// and the settings.
val plan_of_command(const val& text, const std::string& file, const val& profile, const val& settings) {
  const auto given = [](const val& word) { return word.isNull() ? std::nullopt : std::optional(word.as<std::string>()); };
  const std::vector<std::string> list = emscripten::vecFromJSArray<std::string>(settings);
  return answer("plan", plan_of_words({given(text), file, given(profile), list}));
}

// {plan: JSON text, complete, readsAlike} or {error}. `plan_json`: one that complete_plan() accepts.
val plan_against(const std::string& text, const std::string& file, const std::string& plan_json) {
  const Plan plan = read_plan(plan_json).value();
  const Result<Plan> other = plan_to_compare(text, file, plan);
  if (!other.ok()) return answer("plan", other.error());
  val out = answer("plan", write_plan(other.value()));
  out.set("readsAlike", other.value().reading == plan.reading);
  return out;
}

// {help: text} or {error}. `path`: of a key or a section; empty: all.
val key_help(const std::string& path) { return answer("help", plan_key_help(path)); }

// {command, files, settings, options, simulation} or {error}, of the words of a command.
val arguments_of(const val& words) {
  const Result<Arguments> read = read_arguments(emscripten::vecFromJSArray<std::string>(words));
  val out = val::object();
  if (!read.ok()) {
    out.set("error", to_js(read.error()));
    return out;
  }
  const Arguments& arguments = read.value();
  val options = val::object(), simulation = val::object();
  for (const auto& [name, text] : arguments.options) options.set(name, text);
  for (const auto& [name, text] : simulation_of(arguments)) simulation.set(name, text);
  out.set("command", arguments.command);
  out.set("files", val::array(arguments.files));
  out.set("settings", val::array(arguments.settings));
  out.set("options", options);
  out.set("simulation", simulation);
  return out;
}

// {text, exitCode} of a refusal.
val refusal_of(const std::string& code, const std::string& message) {
  val out = val::object();
  out.set("text", refusal_text(code, message));
  out.set("exitCode", exit_code_of(code));
  return out;
}

std::string text_of_inspection(const std::string& inspection) { return inspection_text(parse_json_value(inspection)); }

std::string text_of_second_reading(const std::string& file) { return read_twice_text(file); }

// `effect`: null where no truth was written.
std::string text_of_verified(double inputs, double outputs) {
  return verified_text(static_cast<std::uint64_t>(inputs), static_cast<std::uint64_t>(outputs));
}

std::string text_of_simulation(const std::string& path, double events, double bytes, const std::string& truth_path,
                               const val& effect) {
  return simulation_text(path, static_cast<std::uint64_t>(events), static_cast<std::uint64_t>(bytes), truth_path,
                         effect.isNull() ? std::nullopt : std::optional(effect.as<double>()));
}

}  // namespace

EMSCRIPTEN_BINDINGS(causal_sessions_command) {
  emscripten::class_<TableBinding>("Table")
      .function("beginFile", &TableBinding::begin_file)
      .function("wanted", &TableBinding::wanted)
      .function("window", &TableBinding::window)
      .function("commit", &TableBinding::commit)
      .function("endFile", &TableBinding::end_file)
      .function("estimate", &TableBinding::estimate);
  emscripten::function("createTable", &create_table);
  emscripten::function("checkTable", &check_table);
  emscripten::function("reportText", &text_of_report);
  emscripten::function("auditText", &text_of_audit);
  emscripten::function("blindText", &text_of_blind_audit);
  emscripten::function("estimateText", &text_of_estimate);
  emscripten::function("comparison", &comparison_of);
  emscripten::function("comparisonText", &text_of_comparison);
  emscripten::function("noticesText", &text_of_notices);
  emscripten::function("planKeyHelp", &key_help);
  emscripten::function("planOfWords", &plan_of_command);
  emscripten::function("planAgainst", &plan_against);
  emscripten::function("readTwiceText", &text_of_second_reading);
  emscripten::function("usage", &usage);
  emscripten::function("readArguments", &arguments_of);
  emscripten::function("refusal", &refusal_of);
  emscripten::function("inspectionText", &text_of_inspection);
  emscripten::function("simulationText", &text_of_simulation);
  emscripten::function("verifiedText", &text_of_verified);
}

}  // namespace causal_sessions
