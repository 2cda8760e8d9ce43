// causal-sessions verify MANIFEST: the inputs are the manifest's, a new run gives the manifest's outputs, and they are
// the files on disk. Nothing is written.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/manifest.h"
#include "cli/out_of_core.h"
#include "report/manifest_json.h"
#include "report/report_json.h"
#include "steps/outputs.h"
#include "text/report_text.h"

namespace causal_sessions {
namespace {

using nlohmann::ordered_json;
namespace fs = std::filesystem;

std::optional<Failure> open_manifest(const std::string& path, Manifest& manifest) {
  std::ifstream file(path, std::ios::binary);
  if (!file || fs::is_directory(path)) return wrong_use("the manifest " + path + " cannot be read");
  std::optional<Manifest> read = read_manifest(std::string(std::istreambuf_iterator<char>(file), {}));
  if (!read) return wrong_use(path + " is not a manifest of causal-sessions");
  manifest = std::move(*read);
  return std::nullopt;
}

// Where each input is: the files given, else by name in --inputs or beside the manifest.
std::optional<Failure> find_inputs(const Arguments& arguments, const Manifest& manifest, InputFiles& inputs) {
  if (arguments.files.size() > 1) {
    const std::vector<std::string> given(arguments.files.begin() + 1, arguments.files.end());
    if (auto failure = find_files(given, inputs)) return failure;
    if (inputs.files.size() == manifest.inputs.size()) return std::nullopt;
    return wrong_use("the manifest has " + std::to_string(manifest.inputs.size()) + " inputs, and " +
                     std::to_string(inputs.files.size()) + " files were given");
  }
  const fs::path folder = arguments.has("inputs") ? fs::path(arguments.at("inputs")) : fs::path(arguments.files[0]).parent_path();
  for (const ManifestFile& input : manifest.inputs) {
    const std::vector<std::string> places = places_of(input.name);
    const auto there =
        std::find_if(places.begin(), places.end(), [&](const std::string& place) { return fs::is_regular_file(folder / place); });
    if (there == places.end()) {
      return differs("the input " + (folder / places.front()).string() +
                     " is not there; name its folder with --inputs DIR, or give the "
                     "files behind the manifest");
    }
    const bool found = input.name.find('/') != input.name.npos;
    if (found) inputs.files.emplace_back((folder / *there).string(), input.name);
    else inputs.files.emplace_back((folder / *there).string());
  }
  return std::nullopt;
}

std::optional<Failure> check_input(const std::string& path, const ManifestFile& input) {
  Sha256 hash;
  if (!hash_file(path, hash)) return unreadable(path + " cannot be read");
  if (hash.size() != input.bytes) {
    return differs(path + " has " + std::to_string(hash.size()) + " bytes; the input of the manifest has " +
                   std::to_string(input.bytes));
  }
  if (hash.hex() != input.sha256) {
    return differs(path + " is not the input of the manifest: its SHA-256 is " + hash.hex() + ", not " +
                   (input.sha256.empty() ? "known" : input.sha256));
  }
  return std::nullopt;
}

// Compares bytes as they come with a file.
class Comparison {
 public:
  explicit Comparison(const fs::path& path) : file_(std::fopen(path.c_str(), "rb"), std::fclose) {}

  [[nodiscard]] bool open() const { return file_ != nullptr; }
  void take(std::span<const std::uint8_t> bytes) {
    if (differs_) return;
    there_.resize(bytes.size());
    const std::size_t got = std::fread(there_.data(), 1, bytes.size(), file_.get());
    std::size_t same = 0;
    while (same < got && there_[same] == bytes[same]) lines_ += bytes[same++] == '\n' ? 1 : 0;
    position_ += same;
    differs_ = same < bytes.size();
  }
  // After the last byte: the file must end there too.
  void finish() { differs_ = differs_ || std::fgetc(file_.get()) != EOF; }

  [[nodiscard]] bool differs() const { return differs_; }
  // The place of the first difference as people count: from 1.
  [[nodiscard]] std::string place(const ManifestFile& output) const {
    const std::string byte = "byte " + std::to_string(position_ + 1);
    const bool lines = output.name.ends_with(".jsonl") || output.name.ends_with(".json");
    return lines ? "line " + std::to_string(lines_ + 1) + " (" + byte + ")" : byte;
  }

 private:
  FileHandle file_;
  std::vector<std::uint8_t> there_;
  std::uint64_t position_ = 0, lines_ = 0;
  bool differs_ = false;
};

std::optional<Failure> compare_output(const Run& run, const Manifest& manifest, const ManifestFile& named,
                                      const fs::path& folder) {
  const std::optional<Output> output = find_output(named.name);
  if (!output) return differs(named.name + " is not a file that this version writes");
  if (Status status = check_output(run, *output); !status.ok()) return refused(status.error());
  Comparison comparison(folder / output->path);
  if (!comparison.open()) return differs((folder / output->path).string() + " is missing");
  Sha256 hash;
  ByteSink sink([&](std::span<const std::uint8_t> bytes) {
    hash.update(bytes);
    comparison.take(bytes);
  });
  write_output(run, *output, sink);
  comparison.finish();
  const bool replayed = hash.size() == named.bytes && hash.hex() == named.sha256;
  if (replayed && !comparison.differs()) return std::nullopt;
  if (replayed) {
    return differs(named.name +
                   " is not what was written: it differs from the replay, which is as the manifest "
                   "says, at " +
                   comparison.place(named));
  }
  const std::string made = named.name +
                           ": the replay (engine " CAUSAL_SESSIONS_VERSION
                           ") is not what the manifest "
                           "(engine " +
                           manifest.engine_version + ") says";
  return differs(made + (comparison.differs() ? "; the file on disk differs from it at " + comparison.place(named)
                                              : "; the file on disk is the replay's"));
}

// The row ledger, made again.
std::optional<Failure> check_ledger(const Run& run, const Manifest& manifest) {
  const ordered_json again = ordered_json::parse(manifest_json(run, {}, {}), nullptr, false);
  for (const auto& [key, value] : again["rows"].items()) {
    const auto found = manifest.rows.find(key);
    if (found != manifest.rows.end() && *found == value) continue;
    const std::string there = found == manifest.rows.end() ? "nothing" : found->dump();
    return differs("the manifest's rows." + key + " is " + there + "; the replay's is " + value.dump());
  }
  return std::nullopt;
}

}  // namespace

std::optional<Failure> run_verify(const Arguments& arguments) {
  Manifest manifest;
  if (auto failure = open_manifest(arguments.files[0], manifest)) return failure;
  const Result<Plan> plan = read_plan(manifest.plan);
  if (!plan.ok()) return refused(plan.error());
  InputFiles inputs;
  if (auto failure = find_inputs(arguments, manifest, inputs)) return failure;
  for (std::size_t i = 0; i < inputs.files.size(); ++i) {
    if (auto failure = check_input(inputs.files[i].path(), manifest.inputs[i])) return failure;
  }
  const bool audited = std::any_of(manifest.outputs.begin(), manifest.outputs.end(),
                                   [](const ManifestFile& output) { return output.name == "audit.json"; });
  if (auto failure = allow_memory(arguments, temporary_folder())) return failure;
  Run run(plan.value(), audited ? WithAudit::kYes : WithAudit::kNo, default_threads());
  Watch watch(arguments.has("json") || arguments.has("quiet"));
  if (auto failure = read_and_run(run, inputs, watch)) return failure;
  const fs::path folder = fs::path(arguments.files[0]).parent_path();
  for (const ManifestFile& output : manifest.outputs) {
    if (auto failure = compare_output(run, manifest, output, folder)) return failure;
  }
  if (auto failure = check_ledger(run, manifest)) return failure;
  watch.clear();
  const std::size_t files = manifest.inputs.size(), outputs = manifest.outputs.size();
  if (arguments.has("json")) {
    std::printf("{\"same\":true,\"inputs\":%zu,\"outputs\":%zu}\n", files, outputs);
  } else if (!arguments.has("quiet")) {
    std::fputs(verified_text(files, outputs).c_str(), stdout);
  }
  return std::nullopt;
}

}  // namespace causal_sessions
