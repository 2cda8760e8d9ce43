// One run for JavaScript. The one address that crosses is window()'s, to be filled before the next call.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "audit/audit_json.h"
#include "bindings/js_values.h"
#include "bindings/shared_file.h"
#include "core/sha256.h"
#include "estimate/blind.h"
#include "estimate/estimate.h"
#include "ingest/chunks/chunked_reading.h"
#include "look/session_list.h"
#include "look/session_view.h"
#include "report/report_json.h"
#include "steps/outputs.h"
#include "steps/steps.h"
#include "text/report_html.h"

namespace causal_sessions {

// Engine of one run: a plan, the files pushed into it, the result.
class RunBinding {
 public:
  RunBinding(const Plan& plan, WithAudit audit) : run_(plan, audit) {}

  // How many that have been started it may take; before its first step.
  void use_threads(unsigned threads) { run_.workers.use(threads); }

  // `size`: null where the file cannot be read by ranges.
  void begin_file(const std::string& name, const val& size, bool found) { run_.reader().begin_file(name, size_of(size), found); }
  void pass_over(double count) { run_.reader().pass_over(static_cast<std::uint64_t>(count)); }
  val wanted() { return to_js(run_.reader().wanted()); }
  std::uintptr_t window(std::size_t size) { return reinterpret_cast<std::uintptr_t>(run_.reader().window(size).data()); }
  val commit(std::size_t size) { return to_js(run_.reader().commit(size)); }

  // Where there are threads and the format allows it, the rest of the file is read on them, by what its host calls it.
  bool begin_chunks([[maybe_unused]] double file, [[maybe_unused]] double size, [[maybe_unused]] double chunk_bytes) {
#ifdef CAUSAL_SESSIONS_THREADS
    file_ = file;
    unreadable_ = false;
    const auto read_at = [this, file](std::uint64_t offset, std::span<char> room) {
      const int read = read_shared_file(file, static_cast<double>(offset), room.data(), static_cast<int>(room.size()));
      if (read < 0) unreadable_ = true;
      return static_cast<std::size_t>(std::max(read, 0));
    };
    chunked_ = ChunkedReading::start(run_.reader(), run_.plan.reading, static_cast<std::uint64_t>(size), run_.workers.threads(),
                                     read_at, static_cast<std::uint64_t>(chunk_bytes));
    return chunked_ != nullptr;
#else
    return false;
#endif
  }
  // For about so long; {failure, more}. Without more and short of the end, the host cannot read the file any more.
  val read_chunks([[maybe_unused]] double milliseconds) {
    Status status;
    bool more = false;
#ifdef CAUSAL_SESSIONS_THREADS
    using Clock = std::chrono::steady_clock;
    const auto until = Clock::now() + std::chrono::duration<double, std::milli>(milliseconds);
    status = chunked_->read(run_.workers, [&](std::uint64_t position) {
      tell_taken(file_, static_cast<double>(position));
      return !unreadable_ && Clock::now() < until;
    });
    more = !unreadable_ && !chunked_->is_over();
    if (!more) chunked_.reset();
#endif
    val out = val::object();
    out.set("failure", to_js(status));
    out.set("more", more);
    return out;
  }
  double position() { return static_cast<double>(run_.reader().position()); }
  val end_file() { return to_js(run_.reader().end_file()); }
  // {name, bytes} of each.
  val inputs() const {
    val out = val::array();
    for (std::size_t i = 0; i < run_.reader().inputs(); ++i) {
      const InputSummary input = run_.reader().input(i);
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
  val advance() {
    const Status status = causal_sessions::advance(run_);
    if (!status.ok() || done(run_)) run_.workers.rest();
    return to_js(status);
  }

  std::string report() const { return report_json_without_files(run_); }
  std::string report_files(double begin, double most) const {
    return report_files_json(run_, static_cast<std::size_t>(begin), static_cast<std::size_t>(most));
  }
  std::string audit() const { return audit_json(run_); }

  // JSON texts, of a run with an audit.
  std::string estimate() const { return estimate_json(estimate_effect(run_)); }
  std::string blind_audit() const { return blind_json(run_); }
  // Of a run with an audit.
  std::string report_html(bool exact_counts, const std::string& manifest_sha256) const {
    return causal_sessions::report_html(run_, {exact_counts, manifest_sha256});
  }
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

  // What was made of it, for who says more of it.
  const Run& run() const { return run_; }

 private:
  // The output at a path, or why it cannot be written.
  Result<Output> writable(const std::string& path) const {
    std::optional<Output> output = find_output(path);
    if (!output) return Error{ErrorCode::kBadCall, "\"" + path + "\" is not a file of this run", {}};
    if (const Status status = check_output(run_, *output); !status.ok()) return status.error();
    return *std::move(output);
  }

  Run run_;
#ifdef CAUSAL_SESSIONS_THREADS
  std::unique_ptr<ChunkedReading> chunked_;  // of the file at hand
  double file_ = 0;                          // what its host calls it
  std::atomic<bool> unreadable_ = false;
#endif
};

}  // namespace causal_sessions
