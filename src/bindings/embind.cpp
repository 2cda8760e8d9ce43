// Embind: the core as a JavaScript module. Translates and does nothing else: no loops over rows, no defaults, no policy.
//
// A failure crosses as {code, message, where}; success as null or the value. Arrays cross as owned typed arrays, one
// copy, never as views into the heap. The one address that crosses is window()'s, to be filled before the next call.
#include <memory>
#include <optional>
#include <string>

#include <emscripten/bind.h>
#include <emscripten/val.h>

#include "bindings/run_binding.h"
#include "ingest/file_search.h"
#include "ingest/formats.h"
#include "ingest/inspection/inspect.h"
#include "plan/keys.h"
#include "plan/settings.h"
#include "simulate/simulate.h"
#include "steps/outputs.h"
#include "steps/steps.h"
#include "write/table_formats.h"

namespace causal_sessions {
namespace {

// Null for a plan that complete_plan() refuses.
std::unique_ptr<RunBinding> create_run(const std::string& plan_json, bool audit) {
  const Result<Plan> plan = read_plan(plan_json);
  return plan.ok() ? std::make_unique<RunBinding>(plan.value(), audit ? WithAudit::kYes : WithAudit::kNo) : nullptr;
}

// {plan: JSON text, complete} or {error}.
val complete_plan(const std::string& plan_json) {
  const Result<Plan> plan = read_plan(plan_json);
  return answer("plan", plan.ok() ? Result(write_plan(plan.value())) : plan.error());
}

// {inspection: JSON text} or {error}. `size`: of the whole file; null where it is not known.
val inspect(const std::string& name, const std::string& bytes, bool last, const std::string& plan_json, int rows,
            const val& size) {
  const Result<Plan> plan = read_plan(plan_json);
  if (!plan.ok()) return answer("inspection", plan.error());
  return answer("inspection",
                inspect_json(name, bytes, last, plan.value().reading, static_cast<std::size_t>(rows), size_of(size)));
}

// The files of a folder, or of a pattern; src/ingest/file_search.h.
class FileSearching {
 public:
  FileSearching(const std::string& word, bool pattern) : search_(word, pattern) {}
  val folder() {
    const auto folder = search_.folder();
    return folder ? val(*folder) : val::null();
  }
  bool begin(const std::string& identity) { return search_.begin(identity); }
  void add(const std::string& name, int kind) { search_.add(name, static_cast<EntryKind>(kind)); }
  // {paths, before, passedOver} or {error}. `before`: what of each path is no part of the file's name.
  val found() {
    const Result<std::vector<FoundFile>> found = search_.found();
    val out = val::object(), paths = val::array();
    if (!found.ok()) {
      out.set("error", to_js(found.error()));
      return out;
    }
    for (const FoundFile& file : found.value()) paths.call<void>("push", file.path);
    const FoundFile& first = found.value().front();  // all are of one root
    out.set("before", first.path.substr(0, first.name_at));
    out.set("paths", paths);
    out.set("passedOver", static_cast<double>(search_.passed_over()));
    return out;
  }

 private:
  FileSearch search_;
};

bool has_pattern(const std::string& word) { return is_pattern(word); }

// {taken, passedOver}.
val choose(const val& paths) {
  const ChosenFiles chosen = choose_files(emscripten::vecFromJSArray<std::string>(paths));
  val out = val::object();
  out.set("taken", copy_array("Uint32Array", chosen.taken));
  out.set("passedOver", static_cast<double>(chosen.passed_over));
  return out;
}

std::string roles_of(const std::string& types) { return guess_roles_json(types); }

val places(const std::string& name) { return val::array(places_of(name)); }

bool needs_codecs(const std::string& start) { return may_need_codecs(start); }

// The preview of a file that is read by ranges.
class RangedPreview {
 public:
  explicit RangedPreview(std::unique_ptr<RangedInspection> inspection) : inspection_(std::move(inspection)) {}

  val wanted() const { return to_js(inspection_->wanted()); }
  std::uintptr_t window(std::size_t size) { return reinterpret_cast<std::uintptr_t>(inspection_->room(size).data()); }
  void commit(std::size_t size) { inspection_->supply(size); }
  std::string result() const { return inspection_->json(); }

 private:
  std::unique_ptr<RangedInspection> inspection_;
};

// Null for a plan that complete_plan() refuses.
std::unique_ptr<RangedPreview> inspect_ranges(const std::string& name, const std::string& start, double size,
                                              const std::string& plan_json, int rows) {
  const Result<Plan> plan = read_plan(plan_json);
  if (!plan.ok()) return nullptr;
  return std::make_unique<RangedPreview>(
      inspect_by_ranges(name, start, static_cast<std::uint64_t>(size), plan.value().reading, static_cast<std::size_t>(rows)));
}

bool begins_ranged(const std::string& start) { return needs_ranges(start); }

// {path, format, part} of every file in these formats.
val list_outputs(const val& format_names) {
  const auto names = emscripten::vecFromJSArray<std::string>(format_names);
  const std::vector<std::string_view> formats(names.begin(), names.end());
  val out = val::array();
  for (const Output& output : outputs_in(formats)) {
    val entry = val::object();
    entry.set("path", output.path);
    entry.set("format", output.format);
    entry.set("part", output.part ? val(kPartNames[static_cast<std::size_t>(*output.part)]) : val::null());
    out.call<void>("push", entry);
  }
  return out;
}

val list_formats() {
  val out = val::array();
  for (const TableFormat& format : kTableFormats) {
    val entry = val::object();
    entry.set("name", std::string(format.name));
    entry.set("label", std::string(format.label));
    entry.set("extension", std::string(format.extension()));
    entry.set("description", std::string(format.description));
    entry.set("needsTimeZero", format.needs_time_zero);
    out.call<void>("push", entry);
  }
  return out;
}

// SHA-256 of bytes that are put into its window piece by piece.
class Hasher {
 public:
  std::uintptr_t window(std::size_t size) {
    window_.resize(size);
    return reinterpret_cast<std::uintptr_t>(window_.data());
  }
  void update(std::size_t size) { hash_.update(std::span(window_).first(size)); }
  std::string hex() const { return hash_.hex(); }

 private:
  Sha256 hash_;
  std::vector<std::uint8_t> window_;
};

// From a name and its text in turns: ["events", "20000", "effect", "2"].
Result<SimulateOptions> simulate_options(const val& words) {
  const auto texts = emscripten::vecFromJSArray<std::string>(words);
  SimulateOptions options;
  for (std::size_t i = 0; i + 1 < texts.size(); i += 2) {
    if (Status status = set_option(options, texts[i], texts[i + 1]); !status.ok()) return status.error();
  }
  if (Status status = validate(options); !status.ok()) return status.error();
  return options;
}

// Null for options that can be simulated.
val check_simulation(const val& words) {
  const auto options = simulate_options(words);
  return options.ok() ? val::null() : to_js(options.error());
}

std::string truth_text(const SimulateOptions& options, const Truth& truth) {
  std::string text;
  ByteSink sink([&text](std::span<const std::uint8_t> bytes) { text.append(bytes.begin(), bytes.end()); }, 1 << 12);
  write_truth_json(options, truth, sink);
  sink.flush();
  return text;
}

// A simulated event stream, in steps; of options that check_simulation() accepts.
class Simulation {
 public:
  Simulation(const val& words, bool with_truth)
      : options_(simulate_options(words).value()), simulator_(options_, with_truth ? WithTruth::kYes : WithTruth::kNo) {}
  // Hands the next rows to on_piece; false once all are written.
  bool next(val on_piece) {
    ByteSink sink([&on_piece](std::span<const std::uint8_t> bytes) { on_piece(copy_bytes(bytes)); });
    const bool more = simulator_.next(sink);
    sink.flush();
    return more;
  }
  // JSON text.
  std::string truth() const { return truth_text(options_, simulator_.truth()); }

 private:
  SimulateOptions options_;
  Simulator simulator_;
};

// Without the events' text; of options that check_simulation() accepts.
std::string truth_of(const val& words) {
  const SimulateOptions options = simulate_options(words).value();
  return truth_text(options, simulate_truth(options));
}

}  // namespace

EMSCRIPTEN_BINDINGS(causal_sessions) {
  emscripten::class_<RunBinding>("Run")
      .function("beginFile", &RunBinding::begin_file)
      .function("passOver", &RunBinding::pass_over)
      .function("wanted", &RunBinding::wanted)
      .function("window", &RunBinding::window)
      .function("commit", &RunBinding::commit)
      .function("useThreads", &RunBinding::use_threads)
      .function("beginChunks", &RunBinding::begin_chunks)
      .function("readChunks", &RunBinding::read_chunks)
      .function("position", &RunBinding::position)
      .function("endFile", &RunBinding::end_file)
      .function("inputs", &RunBinding::inputs)
      .function("keepEvents", &RunBinding::keep_events)
      .function("keepsEvents", &RunBinding::keeps_events)
      .function("startFrom", &RunBinding::start_from)
      .function("stage", &RunBinding::stage)
      .function("advance", &RunBinding::advance)
      .function("report", &RunBinding::report)
      .function("reportFiles", &RunBinding::report_files)
      .function("audit", &RunBinding::audit)
      .function("reportHtml", &RunBinding::report_html)
      .function("estimate", &RunBinding::estimate)
      .function("blindAudit", &RunBinding::blind_audit)
      .function("listSessions", &RunBinding::list_sessions)
      .function("lookAt", &RunBinding::look_at)
      .function("vocabulary", &RunBinding::vocabulary)
      .function("split", &RunBinding::split)
      .function("write", &RunBinding::write)
      .function("digest", &RunBinding::digest)
      .function("manifest", &RunBinding::manifest);
  emscripten::class_<Hasher>("Hasher")
      .constructor<>()
      .function("window", &Hasher::window)
      .function("update", &Hasher::update)
      .function("hex", &Hasher::hex);
  emscripten::class_<Simulation>("Simulation")
      .constructor<const val&, bool>()
      .function("next", &Simulation::next)
      .function("truth", &Simulation::truth);
  emscripten::class_<RangedPreview>("RangedPreview")
      .function("wanted", &RangedPreview::wanted)
      .function("window", &RangedPreview::window)
      .function("commit", &RangedPreview::commit)
      .function("result", &RangedPreview::result);
  emscripten::class_<FileSearching>("FileSearch")
      .constructor<const std::string&, bool>()
      .function("folder", &FileSearching::folder)
      .function("begin", &FileSearching::begin)
      .function("add", &FileSearching::add)
      .function("found", &FileSearching::found);
  emscripten::function("isPattern", &has_pattern);
  emscripten::function("chooseFiles", &choose);
  emscripten::function("placesOf", &places);
  emscripten::function("guessRoles", &roles_of);
  emscripten::function("createRun", &create_run);
  emscripten::function("inspectRanges", &inspect_ranges);
  emscripten::function("needsRanges", &begins_ranged);
  emscripten::function("completePlan", &complete_plan);
  emscripten::function("planKeys", &plan_keys_json);
  emscripten::function("inspect", &inspect);
  emscripten::function("checkSimulation", &check_simulation);
  emscripten::function("simulateTruth", &truth_of);
  emscripten::function("needsCodecs", &needs_codecs);
  emscripten::function("listOutputs", &list_outputs);
  emscripten::function("listFormats", &list_formats);
}

}  // namespace causal_sessions
