// Embind: the core as a JavaScript module. Translates and does nothing else: no loops over rows, no defaults, no policy.
//
// A failure crosses as {code, message, where}; success as null or the value. Arrays cross as owned typed arrays, one
// copy, never as views into the heap. The one address that crosses is window()'s, to be filled before the next call.
#include <memory>
#include <optional>
#include <string>

#include <emscripten/bind.h>
#include <emscripten/val.h>

#include "audit/audit_json.h"
#include "audit/comparison.h"
#include "core/sha256.h"
#include "estimate/estimate.h"
#include "formats/json/parse.h"
#include "ingest/chunks/chunk_reader.h"
#include "ingest/file_search.h"
#include "ingest/formats.h"
#include "ingest/inspection/inspect.h"
#include "look/session_list.h"
#include "look/session_view.h"
#include "plan/keys.h"
#include "plan/settings.h"
#include "report/manifest_json.h"
#include "report/report_json.h"
#include "simulate/simulate.h"
#include "steps/outputs.h"
#include "steps/steps.h"
#include "text/arguments.h"
#include "text/audit_text.h"
#include "text/comparison_text.h"
#include "text/estimate_text.h"
#include "text/inspection_text.h"
#include "text/lines.h"
#include "text/report_html.h"
#include "text/report_text.h"
#include "text/usage.h"
#include "write/split_columns.h"
#include "write/table_formats.h"

namespace causal_sessions {
namespace {

using emscripten::typed_memory_view;
using emscripten::val;

val to_js(const Error& error) {
  val where = val::object();
  if (!error.where.file.empty()) where.set("file", error.where.file);
  if (error.where.row) where.set("row", static_cast<double>(*error.where.row));
  if (error.where.line) where.set("line", static_cast<double>(*error.where.line));
  if (!error.where.column.empty()) where.set("column", error.where.column);
  val out = val::object();
  out.set("code", std::string(code_name(error.code)));
  out.set("message", error.message);
  out.set("where", where);
  return out;
}

val to_js(const Status& status) { return status.ok() ? val::null() : to_js(status.error()); }

template <class T>
val copy_array(const char* type, const std::vector<T>& values) {
  return val::global(type).new_(typed_memory_view(values.size(), values.data()));
}

val copy_named(const std::vector<SplitColumns::Further>& columns) {
  val out = val::object();
  for (const auto& [name, values] : columns) out.set(std::string(name), copy_array("Float64Array", values));
  return out;
}

val copy_bytes(std::span<const std::uint8_t> bytes) {
  return val::global("Uint8Array").new_(typed_memory_view(bytes.size(), bytes.data()));
}

val copy_bytes(std::span<const char> bytes) {
  return copy_bytes(std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
}

std::optional<Part> part_named(const std::string& name) {
  for (std::size_t part = 0; part < kParts; ++part) {
    if (name == kPartNames[part]) return static_cast<Part>(part);
  }
  return std::nullopt;
}

// {offset, size} or null.
val to_js(const std::optional<ByteRange>& range) {
  if (!range) return val::null();
  val out = val::object();
  out.set("offset", static_cast<double>(range->offset));
  out.set("size", range->size);
  return out;
}

std::optional<std::uint64_t> size_of(const val& size) {
  if (size.isNull()) return std::nullopt;
  return static_cast<std::uint64_t>(size.as<double>());
}

// From {path, format, bytes, sha256} of each; the two texts may be missing.
std::vector<ManifestOutput> outputs_of(const val& outputs) {
  const auto text = [](const val& value) { return value.isUndefined() ? std::string() : value.as<std::string>(); };
  std::vector<ManifestOutput> out;
  for (const val& output : emscripten::vecFromJSArray<val>(outputs)) {
    out.push_back({output["path"].as<std::string>(), text(output["format"]),
                   static_cast<std::uint64_t>(output["bytes"].as<double>()), text(output["sha256"])});
  }
  return out;
}

// Engine of one run: a plan, the files pushed into it, the result.
class RunBinding {
 public:
  RunBinding(const Plan& plan, WithAudit audit) : run_(plan, audit) {}

  // `size`: null where the file cannot be read by ranges.
  void begin_file(const std::string& name, const val& size, bool found) { run_.reader().begin_file(name, size_of(size), found); }
  void pass_over(double count) { run_.reader().pass_over(static_cast<std::uint64_t>(count)); }
  val wanted() { return to_js(run_.reader().wanted()); }
  std::uintptr_t window(std::size_t size) { return reinterpret_cast<std::uintptr_t>(run_.reader().window(size).data()); }
  val commit(std::size_t size) { return to_js(run_.reader().commit(size)); }
  val chunk_task() {
    const auto task = run_.reader().chunk_task();
    return task ? copy_bytes(*task) : val::null();
  }
  double position() { return static_cast<double>(run_.reader().position()); }
  std::uintptr_t chunk_room(std::size_t size) {
    chunk_.resize(size);
    return reinterpret_cast<std::uintptr_t>(chunk_.data());
  }
  bool absorb(std::size_t reader, double offset) {
    return run_.reader().absorb(reader, static_cast<std::uint64_t>(offset), chunk_);
  }
  val end_file() { return to_js(run_.reader().end_file()); }
  // {name, bytes} of each.
  val inputs() const {
    val out = val::array();
    for (const InputSummary& input : run_.reader().inputs()) {
      val entry = val::object();
      entry.set("name", input.name);
      entry.set("bytes", static_cast<double>(input.bytes));
      out.call<void>("push", entry);
    }
    return out;
  }

  // Before the first file.
  void keep_events() { run_.keep_events = true; }
  bool keeps_events() const { return run_.keeps_events(); }
  bool start_from(const RunBinding& earlier) { return causal_sessions::start_from(run_, earlier.run_); }

  std::string stage() const { return std::string(step_name(run_)); }
  val advance() { return to_js(causal_sessions::advance(run_)); }

  std::string report() const { return report_json(run_); }
  std::string audit() const { return audit_json(run_); }

  // As a terminal shows them: which files were written, as for manifest(); the environment's COLUMNS and those of the terminal.
  std::string report_text(const std::string& folder, const val& outputs) const {
    return causal_sessions::report_text(run_, folder, outputs_of(outputs));
  }
  std::string audit_text(const std::string& columns, std::size_t terminal) const {
    return causal_sessions::audit_text(*run_.audit, line_width(columns, terminal));
  }
  // JSON text, of a run with an audit.
  std::string estimate() const { return estimate_json(estimate_effect(run_)); }
  // {text, refusal}: as a terminal shows it, and why there is none, or "".
  val estimate_text(const std::string& columns, std::size_t terminal) const {
    const EffectEstimate estimate = estimate_effect(run_);
    val out = val::object();
    out.set("text", causal_sessions::estimate_text(estimate, line_width(columns, terminal)));
    out.set("refusal", no_estimate_text(estimate));
    return out;
  }
  // Of a run with an audit.
  std::string report_html(bool exact_counts, const std::string& manifest_sha256) const {
    return causal_sessions::report_html(run_, {exact_counts, manifest_sha256});
  }
  // Of two runs with audits.
  std::string comparison(const RunBinding& against) const { return comparison_json(compare_audits(run_, against.run_)); }
  std::string comparison_text(const RunBinding& against, const std::string& file, const std::string& columns,
                              std::size_t terminal) const {
    return causal_sessions::comparison_text(compare_audits(run_, against.run_), file, line_width(columns, terminal));
  }
  std::string notices_text() const { return causal_sessions::notices_text(run_.notices); }

  // JSON texts. The query is one, too; the row has to be one of the run, which keeps its events.
  std::string list_sessions(const std::string& query) const { return list_sessions_json(run_, query); }
  std::string look_at(std::uint32_t row) const { return session_view_json(run_, row); }

  val vocabulary() const {
    const VocabularyTexts texts = build_vocabulary_texts(run_.vocabulary);
    val out = val::object();
    out.set("eventTypes", val::array(run_.vocabulary.types));
    out.set("size", run_.vocabulary.size());
    out.set("offsets", copy_array("Uint32Array", texts.offsets));
    out.set("bytes", copy_array("Uint8Array", texts.bytes));
    return out;
  }

  val split(const std::string& name) const {
    const std::optional<Part> part = part_named(name);
    if (!part) return to_js(Error{ErrorCode::kBadCall, "\"" + name + "\" is not train, validation or test", {}});
    const auto& rows = run_.split.rows[static_cast<std::size_t>(*part)];
    const SplitColumns columns = build_split_columns(run_.table, rows);
    val out = val::object();
    out.set("index", copy_array("Uint32Array", rows));
    out.set("offsets", copy_array("Uint32Array", columns.offsets));
    out.set("eventIds", copy_array("Uint8Array", columns.event_ids));
    out.set("itemIds", copy_array("Uint32Array", columns.item_ids));
    out.set("minutes", copy_array("Float64Array", columns.minutes));
    out.set("treatment", copy_array("Uint8Array", columns.treatment));
    out.set("outcome", copy_array("Uint8Array", columns.outcome));
    out.set("startUs", copy_array("Float64Array", columns.start_us));
    out.set("sessionNumbers", copy_array("Uint32Array", columns.session_numbers));
    out.set("userOffsets", copy_array("Uint32Array", columns.user_offsets));
    out.set("userBytes", copy_array("Uint8Array", columns.user_bytes));
    out.set("channels", copy_named(columns.channels));
    out.set("rowColumns", copy_named(columns.row_columns));
    return out;
  }

  // Hands the file's bytes to on_piece, piece by piece.
  val write(const std::string& path, val on_piece) const {
    const Result<Output> output = writable(path);
    if (!output.ok()) return to_js(output.error());
    ByteSink sink([&on_piece](std::span<const std::uint8_t> bytes) { on_piece(copy_bytes(bytes)); });
    write_output(run_, output.value(), sink);
    return val::null();
  }

  // {bytes, sha256} of the file, which is made for it and not kept.
  val digest(const std::string& path) const {
    const Result<Output> output = writable(path);
    if (!output.ok()) return to_js(output.error());
    Sha256 hash;
    ByteSink sink([&hash](std::span<const std::uint8_t> bytes) { hash.update(bytes); });
    write_output(run_, output.value(), sink);
    val out = val::object();
    out.set("bytes", static_cast<double>(hash.size()));
    out.set("sha256", hash.hex());
    return out;
  }

  // manifest.json, from the inputs' digests and {path, format, bytes, sha256} of each output.
  std::string manifest(const val& input_sha256, const val& outputs) const {
    return manifest_json(run_, emscripten::vecFromJSArray<std::string>(input_sha256), outputs_of(outputs));
  }

 private:
  // The output at a path, or why it cannot be written.
  Result<Output> writable(const std::string& path) const {
    std::optional<Output> output = find_output(path);
    if (!output) return Error{ErrorCode::kBadCall, "\"" + path + "\" is not a file of this run", {}};
    if (const Status status = check_output(run_, *output); !status.ok()) return status.error();
    return *std::move(output);
  }

  Run run_;
  std::vector<char> chunk_;  // what a reader of chunks made
};

// Reads chunks of a file for another engine.
class ChunkReading {
 public:
  ChunkReading(ReadingOptions options, std::span<const char> task) : reader_(std::move(options), task) {}
  std::uintptr_t window(std::size_t size) { return reinterpret_cast<std::uintptr_t>(reader_.window(size).data()); }
  val read(std::size_t size, std::size_t chunk_size) {
    const std::vector<char> chunk = reader_.read(size, chunk_size);
    return chunk.empty() ? val::null() : copy_bytes(chunk);
  }

 private:
  ChunkReader reader_;
};

// Null for a plan that complete_plan() refuses.
std::unique_ptr<ChunkReading> create_chunk_reader(const std::string& plan_json, const std::string& task) {
  const Result<Plan> plan = read_plan(plan_json);
  return plan.ok() ? std::make_unique<ChunkReading>(plan.value().reading, task) : nullptr;
}

// Null for a plan that complete_plan() refuses.
std::unique_ptr<RunBinding> create_run(const std::string& plan_json, bool audit) {
  const Result<Plan> plan = read_plan(plan_json);
  return plan.ok() ? std::make_unique<RunBinding>(plan.value(), audit ? WithAudit::kYes : WithAudit::kNo) : nullptr;
}

// {[name]: text} or {error}.
val answer(const char* name, const Result<std::string>& text) {
  val out = val::object();
  if (text.ok()) {
    out.set(name, text.value());
  } else {
    out.set("error", to_js(text.error()));
  }
  return out;
}

// {plan: JSON text, complete} or {error}.
val complete_plan(const std::string& plan_json) {
  const Result<Plan> plan = read_plan(plan_json);
  return answer("plan", plan.ok() ? Result(write_plan(plan.value())) : plan.error());
}

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
std::string text_of_simulation(const std::string& path, double events, double bytes, const std::string& truth_path,
                               const val& effect) {
  return simulation_text(path, static_cast<std::uint64_t>(events), static_cast<std::uint64_t>(bytes), truth_path,
                         effect.isNull() ? std::nullopt : std::optional(effect.as<double>()));
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
  // {files: [{path, name}], passedOver} or {error}.
  val found() {
    const Result<std::vector<FoundFile>> found = search_.found();
    val out = val::object(), files = val::array();
    if (!found.ok()) {
      out.set("error", to_js(found.error()));
      return out;
    }
    for (const FoundFile& file : found.value()) {
      val entry = val::object();
      entry.set("path", file.path);
      entry.set("name", file.name);
      files.call<void>("push", entry);
    }
    out.set("files", files);
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
      .function("chunkTask", &RunBinding::chunk_task)
      .function("position", &RunBinding::position)
      .function("chunkRoom", &RunBinding::chunk_room)
      .function("absorb", &RunBinding::absorb)
      .function("endFile", &RunBinding::end_file)
      .function("inputs", &RunBinding::inputs)
      .function("keepEvents", &RunBinding::keep_events)
      .function("keepsEvents", &RunBinding::keeps_events)
      .function("startFrom", &RunBinding::start_from)
      .function("stage", &RunBinding::stage)
      .function("advance", &RunBinding::advance)
      .function("report", &RunBinding::report)
      .function("audit", &RunBinding::audit)
      .function("reportText", &RunBinding::report_text)
      .function("auditText", &RunBinding::audit_text)
      .function("reportHtml", &RunBinding::report_html)
      .function("estimate", &RunBinding::estimate)
      .function("estimateText", &RunBinding::estimate_text)
      .function("comparison", &RunBinding::comparison)
      .function("comparisonText", &RunBinding::comparison_text)
      .function("noticesText", &RunBinding::notices_text)
      .function("listSessions", &RunBinding::list_sessions)
      .function("lookAt", &RunBinding::look_at)
      .function("vocabulary", &RunBinding::vocabulary)
      .function("split", &RunBinding::split)
      .function("write", &RunBinding::write)
      .function("digest", &RunBinding::digest)
      .function("manifest", &RunBinding::manifest);
  emscripten::class_<ChunkReading>("ChunkReader").function("window", &ChunkReading::window).function("read", &ChunkReading::read);
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
  emscripten::function("createChunkReader", &create_chunk_reader);
  emscripten::function("inspectRanges", &inspect_ranges);
  emscripten::function("needsRanges", &begins_ranged);
  emscripten::function("completePlan", &complete_plan);
  emscripten::function("planKeys", &plan_keys_json);
  emscripten::function("planKeyHelp", &key_help);
  emscripten::function("planOfWords", &plan_of_command);
  emscripten::function("planAgainst", &plan_against);
  emscripten::function("readTwiceText", &text_of_second_reading);
  emscripten::function("usage", &usage);
  emscripten::function("readArguments", &arguments_of);
  emscripten::function("refusal", &refusal_of);
  emscripten::function("inspectionText", &text_of_inspection);
  emscripten::function("simulationText", &text_of_simulation);
  emscripten::function("inspect", &inspect);
  emscripten::function("checkSimulation", &check_simulation);
  emscripten::function("simulateTruth", &truth_of);
  emscripten::function("needsCodecs", &needs_codecs);
  emscripten::function("listOutputs", &list_outputs);
  emscripten::function("listFormats", &list_formats);
}

}  // namespace causal_sessions
