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

#include "core/sha256.h"
#include "pipeline.h"

namespace causal_sessions {

struct Arguments {
  std::string command;
  std::vector<std::string> files, settings;
  std::map<std::string, std::string> options;
};

// What ends the program early: an exit code and a sentence.
struct Failure {
  int exit_code;
  std::string message;
};

[[nodiscard]] inline Failure refused(const Error& error) {
  return {error.code == ErrorCode::kBadPlan ? 2 : 1, error.message};
}
[[nodiscard]] inline Failure wrong_use(std::string message) { return {2, std::move(message)}; }

using FileHandle = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

// Opens a file, or standard input for "-".
[[nodiscard]] std::optional<Failure> open_file(const std::string& path, FileHandle& file);

// Bytes of a file whose ranges can be read: one that is there, regular and not empty.
[[nodiscard]] std::optional<std::uint64_t> regular_size(const std::string& path);

// As many as the machine runs at once, within reason.
[[nodiscard]] unsigned default_threads();

// --threads, or the default.
[[nodiscard]] std::optional<Failure> read_threads(const Arguments& arguments, unsigned& threads);

// Feeds a file, or standard input for "-", to the pipeline; into the hash too if there is one.
[[nodiscard]] std::optional<Failure> read_file(Pipeline& pipeline, const std::string& path, unsigned threads,
                                               Sha256* hash = nullptr);

// Reads most of a file of `size` bytes, of which some has been read, on several threads, where its format allows it.
[[nodiscard]] Status read_in_parts(Pipeline& pipeline, std::FILE* file, std::uint64_t size, unsigned threads);

// Hashes a file; false if it cannot be read.
[[nodiscard]] bool hash_file(const std::string& path, Sha256& hash);

// The plan as JSON: --plan FILE, then --profile, then each --set on top of it.
[[nodiscard]] std::optional<Failure> gather_plan(const Arguments& arguments, std::string& text);

// Writes through `fill` to a file beside its place; the caller renames it.
[[nodiscard]] std::optional<Failure> write_beside(const std::filesystem::path& partial,
                                                  const std::function<void(ByteSink&)>& fill);

// The length that JavaScript gives a text, so that columns are as wide in both commands.
[[nodiscard]] std::size_t display_length(std::string_view text);

// A line whose control characters cannot drive the terminal.
[[nodiscard]] std::string printable(const std::string& line);

// Shows what stands in the way of a causal reading: audit.cpp.
[[nodiscard]] std::optional<Failure> run_audit(const Arguments& arguments);

// Shows what a file is: inspect.cpp.
[[nodiscard]] std::optional<Failure> run_inspect(const Arguments& arguments);

// Runs a manifest again and compares: verify.cpp.
[[nodiscard]] std::optional<Failure> run_verify(const Arguments& arguments);

// Makes an event stream: simulate.cpp.
[[nodiscard]] std::optional<Failure> run_simulate(const Arguments& arguments);

}  // namespace causal_sessions
