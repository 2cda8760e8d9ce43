// What the parts of the native command share.
#pragma once

#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "cli/watch.h"
#include "core/sha256.h"
#include "run/pipeline.h"

namespace causal_sessions {

struct Arguments {
  std::string command;
  std::vector<std::string> files, settings;
  std::map<std::string, std::string> options;

  [[nodiscard]] bool has(const std::string& option) const { return options.contains(option); }
};

// What ends the program early: an exit code and a sentence; for machines a code, and the place where there is one.
struct Failure {
  int exit_code;
  std::string message, code;
  Where where = {};
  bool told = false;  // standard output holds it already
};

[[nodiscard]] inline Failure refused(const Error& error) {
  return {error.code == ErrorCode::kBadPlan ? 2 : 1, error.message, std::string(code_name(error.code)), error.where};
}
[[nodiscard]] inline Failure wrong_use(std::string message) { return {2, std::move(message), "wrongUse"}; }
[[nodiscard]] inline Failure unreadable(std::string message) { return {1, std::move(message), "unreadable"}; }
[[nodiscard]] inline Failure unwritable(std::string message) { return {1, std::move(message), "unwritable"}; }
[[nodiscard]] inline Failure differs(std::string message) { return {1, std::move(message), "differs"}; }
[[nodiscard]] inline Failure stopped() { return {130, "stopped; nothing was written.", "stopped"}; }

// A file that was written.
struct WrittenFile {
  std::string path;
  std::uint64_t bytes = 0;
  std::string sha256;  // empty where no manifest was asked for, and of the manifest itself
};

// The words of the command line.
[[nodiscard]] std::optional<Failure> parse_arguments(int argc, char** argv, Arguments& arguments);

using FileHandle = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

// Opens a file, or standard input for "-".
[[nodiscard]] std::optional<Failure> open_file(const std::string& path, FileHandle& file);

// Bytes of a file whose ranges can be read: one that is there, regular and not empty.
[[nodiscard]] std::optional<std::uint64_t> regular_size(const std::string& path);

// As many as the machine runs at once, within reason.
[[nodiscard]] unsigned default_threads();

// --threads, or the default.
[[nodiscard]] std::optional<Failure> read_threads(const Arguments& arguments, unsigned& threads);

// Feeds files in their order, each standard input for "-", to the pipeline, and runs it. `hash_of(i)`: what a file's bytes
// go to besides, or null.
[[nodiscard]] std::optional<Failure> run_pipeline(Pipeline& pipeline, const std::vector<std::string>& paths, unsigned threads,
                                                  Watch& watch, const std::function<Sha256*(std::size_t)>& hash_of = {});

// Reads most of a file of `size` bytes, of which some has been read, on several threads, where its format allows it.
// `go_on(position)` is asked after each step.
[[nodiscard]] Status read_in_chunks(Pipeline& pipeline, std::FILE* file, std::uint64_t size, unsigned threads,
                                   const std::function<bool(std::uint64_t)>& go_on);

// Hashes a file; false if it cannot be read.
[[nodiscard]] bool hash_file(const std::string& path, Sha256& hash);

// The plan, checked: --plan FILE, then --profile, then each --set on top of it.
[[nodiscard]] std::optional<Failure> gather_plan(const Arguments& arguments, Plan& plan);

// The report on a terminal: print_report.cpp.
void print_report(const nlohmann::ordered_json& report, const std::string& folder, const std::vector<WrittenFile>& outputs);

// Notices, where they are seen also if the report goes elsewhere, and one of them as a line of text: print_report.cpp.
void print_notices(const nlohmann::ordered_json& notices);
[[nodiscard]] std::string notice_text(const nlohmann::ordered_json& notice);

// Sessions, vocabulary and split as files: prepare.cpp.
[[nodiscard]] std::optional<Failure> run_prepare(const Arguments& arguments);

// Shows what stands in the way of a causal reading: audit.cpp.
[[nodiscard]] std::optional<Failure> run_audit(const Arguments& arguments);

// Shows what a file is: inspect.cpp.
[[nodiscard]] std::optional<Failure> run_inspect(const Arguments& arguments);

// Runs a manifest again and compares: verify.cpp.
[[nodiscard]] std::optional<Failure> run_verify(const Arguments& arguments);

// Makes an event stream: simulate.cpp.
[[nodiscard]] std::optional<Failure> run_simulate(const Arguments& arguments);

}  // namespace causal_sessions
