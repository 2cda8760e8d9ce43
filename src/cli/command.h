// What the parts of the native command share.
#pragma once

#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/watch.h"
#include "core/sha256.h"
#include "ingest/file_search.h"
#include "steps/steps.h"
#include "text/arguments.h"

namespace causal_sessions {

// What ends the program early: a sentence, a code (text/arguments.h: exit_code_of), and the place where there is one.
struct Failure {
  std::string message, code;
  Where where = {};
  bool told = false;  // standard output holds it already
};

[[nodiscard]] inline Failure refused(const Error& error) {
  return {error.message, std::string(code_name(error.code)), error.where};
}
[[nodiscard]] inline Failure wrong_use(std::string message) { return {std::move(message), "wrongUse"}; }
[[nodiscard]] inline Failure unreadable(std::string message) { return {std::move(message), "unreadable"}; }
[[nodiscard]] inline Failure unwritable(std::string message) { return {std::move(message), "unwritable"}; }
[[nodiscard]] inline Failure differs(std::string message) { return {std::move(message), "differs"}; }
[[nodiscard]] inline Failure stopped() { return {"", "stopped"}; }

using FileHandle = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

// A file that is to be read: where it is, what it is called, and whether it was looked for (ingest/file_summary.h). There may be
// tens of thousands, and nearly all are called as they are placed, or as the end of that.
class InputFile {
 public:
  explicit InputFile(std::string path) : path_(std::move(path)) {}
  explicit InputFile(FoundFile file) : path_(std::move(file.path)), name_at_(file.name_at), found_(true) {}
  InputFile(std::string path, std::string name, bool found = true)
      : path_(std::move(path)), name_(std::make_unique<std::string>(std::move(name))), found_(found) {}

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string name() const { return name_ ? *name_ : path_ == "-" ? "standard input" : path_.substr(name_at_); }
  [[nodiscard]] bool found() const { return found_; }

 private:
  std::string path_;
  std::unique_ptr<std::string> name_;
  std::size_t name_at_ = 0;
  bool found_ = false;
};
struct InputFiles {
  std::vector<InputFile> files;
  std::uint64_t passed_over = 0;
};

// The files that words stand for: files, standard input for "-", folders and patterns. inputs.cpp.
[[nodiscard]] std::optional<Failure> find_files(const std::vector<std::string>& words, InputFiles& inputs);

// Opens a file, or standard input for "-".
[[nodiscard]] std::optional<Failure> open_file(const std::string& path, FileHandle& file);

// Bytes of a file whose ranges can be read: one that is there, regular and not empty.
[[nodiscard]] std::optional<std::uint64_t> regular_size(const std::string& path);
// Of a file from `offset` on, how many bytes there were: fewer at its end.
std::size_t read_at(int file, std::uint64_t offset, std::span<char> room);
// What is left of a file; nothing if it cannot be read to its end.
[[nodiscard]] std::optional<std::string> read_to_end(std::FILE* file);

// As many as the machine runs at once, within reason.
[[nodiscard]] unsigned default_threads();

// Feeds files in their order to a run's reader, on its threads. `hash_of(i)`: what a file's bytes go to besides, or null; `ended(i)`:
// called behind each.
[[nodiscard]] std::optional<Failure> read_files(Run& run, const InputFiles& inputs, Watch& watch,
                                                const std::function<Sha256*(std::size_t)>& hash_of = {},
                                                const std::function<void(std::size_t)>& ended = {});

// The same, and takes all its steps.
[[nodiscard]] std::optional<Failure> read_and_run(Run& run, const InputFiles& inputs, Watch& watch,
                                                  const std::function<Sha256*(std::size_t)>& hash_of = {});

// Takes all steps of a run that has read its events.
[[nodiscard]] std::optional<Failure> run_steps(Run& run, Watch& watch);

// Hashes a file; false if it cannot be read.
[[nodiscard]] bool hash_file(const std::string& path, Sha256& hash);

// The plan, checked: --plan FILE, or else `otherwise`, then --profile, then each --set on top of it.
[[nodiscard]] std::optional<Failure> gather_plan(const Arguments& arguments, Plan& plan, std::string otherwise = "{}");

// The plan behind --against, which is not the plan.
[[nodiscard]] std::optional<Failure> gather_other_plan(const Arguments& arguments, const Plan& plan, std::optional<Plan>& other);

// Columns of the terminal that standard output is, or as COLUMNS asks; text/lines.h.
[[nodiscard]] std::size_t terminal_width();

// The formats that --format names, and whether they or the report need an audit.
[[nodiscard]] std::optional<Failure> read_formats(const Arguments& arguments, std::vector<std::string>& formats);
[[nodiscard]] WithAudit with_audit(const Arguments& arguments, const std::vector<std::string>& formats);

// The SHA-256 of the inputs: whether they are what was read, and each in hexadecimal digits.
struct InputSums {
  std::function<bool()> finish;
  std::function<std::string(std::size_t)> hex;
};
// Writes the files of a finished run, and tells of it. `inputs` are not written over.
[[nodiscard]] std::optional<Failure> write_run(const Run& run, const std::vector<std::string>& formats,
                                               const std::vector<InputFile>& inputs, const InputSums& sums,
                                               const Arguments& arguments, Watch& watch);

// Sessions, vocabulary and split as files: prepare.cpp.
[[nodiscard]] std::optional<Failure> run_prepare(const Arguments& arguments);

// Reads on one machine of several; and what prepare writes, of what they have read: partial.cpp.
[[nodiscard]] std::optional<Failure> run_partial(const Arguments& arguments);
[[nodiscard]] std::optional<Failure> run_merge(const Arguments& arguments);

// Shows what stands in the way of a causal reading: audit.cpp.
[[nodiscard]] std::optional<Failure> run_audit(const Arguments& arguments);

// The adjusted effect, and what could overturn it: estimate.cpp.
[[nodiscard]] std::optional<Failure> run_estimate(const Arguments& arguments);

// Shows what a file is: inspect.cpp.
[[nodiscard]] std::optional<Failure> run_inspect(const Arguments& arguments);

// Runs a manifest again and compares: verify.cpp.
[[nodiscard]] std::optional<Failure> run_verify(const Arguments& arguments);

// Makes an event stream: simulate.cpp.
[[nodiscard]] std::optional<Failure> run_simulate(const Arguments& arguments);

}  // namespace causal_sessions
