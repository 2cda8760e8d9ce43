// The native command: the same core and the same files as the one in Node, without JavaScript.
//
// Exit codes: 0 done, 1 the data was refused, 2 wrong use.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "pipeline.h"

namespace causal_sessions {

std::optional<Failure> open_file(const std::string& path, FileHandle& file) {
  if (path != "-" && std::filesystem::is_directory(path)) {
    return Failure{1, path + " is a directory; give the event files themselves"};
  }
  file.reset(path == "-" ? stdin : std::fopen(path.c_str(), "rb"));
  if (!file) return Failure{1, path + " cannot be opened"};
  return std::nullopt;
}

std::optional<std::uint64_t> regular_size(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code not_a_file;
  const std::uintmax_t size = path != "-" && fs::is_regular_file(path, not_a_file) ? fs::file_size(path, not_a_file) : 0;
  if (size == 0 || not_a_file) return std::nullopt;
  return size;
}

std::optional<Failure> read_file(Pipeline& pipeline, const std::string& path, unsigned threads, Sha256* hash) {
  constexpr std::size_t kPiece = 1 << 20;
  constexpr std::size_t kLeastBytesForParts = 16 << 20;  // others are read before a thread has started
  const std::string name = path == "-" ? "standard input" : path;
  FileHandle file(nullptr, std::fclose);
  if (auto failure = open_file(path, file)) return failure;
  EventReader& reader = pipeline.reader();
  const std::optional<std::uint64_t> file_size = regular_size(path);
  reader.begin_file(name, file_size);
  bool in_parts = hash == nullptr && threads > 1 && file_size.value_or(0) >= kLeastBytesForParts;
  while (!reader.wanted()) {
    const std::span<char> room = reader.window(kPiece);
    const std::size_t size = std::fread(room.data(), 1, room.size(), file.get());
    if (size == 0) break;
    if (hash != nullptr) hash->update({reinterpret_cast<const std::uint8_t*>(room.data()), size});
    if (Status status = reader.commit(size); !status.ok()) return refused(status.error());
    if (!std::exchange(in_parts, false)) continue;
    if (Status status = read_in_parts(pipeline, file.get(), *file_size, threads); !status.ok()) return refused(status.error());
  }
  while (const auto range = reader.wanted()) {
    const std::span<char> room = reader.window(range->size);
    if (fseeko(file.get(), static_cast<off_t>(range->offset), SEEK_SET) != 0) break;
    const std::size_t size = std::fread(room.data(), 1, room.size(), file.get());
    if (Status status = reader.commit(size); !status.ok()) return refused(status.error());
  }
  if (std::ferror(file.get())) return Failure{1, name + " cannot be read to its end"};
  if (Status status = reader.end_file(); !status.ok()) return refused(status.error());
  return std::nullopt;
}

bool hash_file(const std::string& path, Sha256& hash) {
  FileHandle file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (!file) return false;
  std::vector<std::uint8_t> piece(1 << 18);
  while (const std::size_t size = std::fread(piece.data(), 1, piece.size(), file.get())) {
    hash.update(std::span(piece).first(size));
  }
  return std::ferror(file.get()) == 0;
}

std::optional<Failure> gather_plan(const Arguments& arguments, std::string& text) {
  using nlohmann::ordered_json;
  ordered_json plan = ordered_json::object();
  if (const auto found = arguments.options.find("--plan"); found != arguments.options.end()) {
    std::ifstream file(found->second, std::ios::binary);
    if (!file) return wrong_use("the plan " + found->second + " cannot be read");
    plan = ordered_json::parse(std::string(std::istreambuf_iterator<char>(file), {}), nullptr, false);
    if (plan.is_discarded()) return wrong_use("the plan " + found->second + " is not JSON");
  }
  std::vector<std::string> settings = arguments.settings;
  if (const auto profile = arguments.options.find("--profile"); profile != arguments.options.end()) {
    settings.insert(settings.begin(), std::string("profile=").append(profile->second));
  }
  for (const std::string& setting : settings) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos || equals == 0) {
      return wrong_use("--set " + setting + ": KEY=VALUE is needed, as in session.gapHours=12");
    }
    const std::string value_text = setting.substr(equals + 1);
    ordered_json value = ordered_json::parse(value_text, nullptr, false);
    if (value.is_discarded()) value = value_text;
    ordered_json* section = &plan;
    std::string keys = setting.substr(0, equals);
    for (std::size_t dot; (dot = keys.find('.')) != std::string::npos; keys.erase(0, dot + 1)) {
      if (!section->is_object()) *section = ordered_json::object();
      section = &(*section)[keys.substr(0, dot)];
    }
    if (!section->is_object()) *section = ordered_json::object();
    (*section)[keys] = value;
  }
  text = plan.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  return std::nullopt;
}

std::optional<Failure> write_beside(const std::filesystem::path& partial, const std::function<void(ByteSink&)>& fill) {
  FileHandle file(std::fopen(partial.c_str(), "wb"), std::fclose);
  bool whole = file != nullptr;
  ByteSink sink([&](std::span<const std::uint8_t> bytes) {
    whole = whole && std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size();
  });
  if (whole) fill(sink);
  sink.flush();
  whole = whole && std::fflush(file.get()) == 0;
  if (!whole) return Failure{1, partial.string() + " cannot be written"};
  return std::nullopt;
}

namespace {

using nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr const char* kUsage =
    R"(causal-sessions (native): event streams -> training sets (X, T, Y) for causal models

  causal-sessions prepare FILE... --out DIR [PLAN] [--format LIST] [--no-manifest] [--threads N] [--json] [--quiet]
  causal-sessions audit FILE... [PLAN] [--threads N] [--json]
  causal-sessions verify MANIFEST [--inputs DIR | FILE...] [--quiet]
  causal-sessions inspect FILE [--rows N] [PLAN] [--json]
  causal-sessions plan [PLAN]
  causal-sessions simulate --out FILE [--events N] [--users N] [--items N] [--days X] [--effect X] [--confounding X]
                           [--late X] [--seed N] [--draws N] [--no-truth]

PLAN: [--plan FILE] [--profile notebook|causal] [--set KEY=VALUE]...
A format "audit" among those of prepare writes audit.json. A FILE of - is standard input. Exit codes: 0 done, 1 the data was refused or differs, 2 wrong use.
)";

std::optional<Failure> parse_arguments(int argc, char** argv, Arguments& arguments) {
  const std::map<std::string, std::vector<std::string>> kOptions = {
      {"prepare", {"--out", "--plan", "--profile", "--set", "--format", "--no-manifest", "--threads", "--json", "--quiet"}},
      {"audit", {"--plan", "--profile", "--set", "--threads", "--json"}},
      {"verify", {"--inputs", "--quiet"}},
      {"inspect", {"--rows", "--plan", "--profile", "--set", "--json"}},
      {"plan", {"--plan", "--profile", "--set"}},
      {"simulate",
       {"--out", "--events", "--users", "--items", "--days", "--effect", "--confounding", "--late", "--seed", "--draws",
        "--no-truth"}}};
  if (argc < 2) return wrong_use("a command is missing");
  arguments.command = argv[1];
  const auto known = kOptions.find(arguments.command);
  if (known == kOptions.end()) return wrong_use("there is no command \"" + arguments.command + "\"");
  for (int i = 2; i < argc; ++i) {
    std::string word = argv[i];
    if (!word.starts_with("--")) {
      arguments.files.push_back(word);
      continue;
    }
    std::string value;
    const std::size_t equals = word.find('=');
    const bool inlined = equals != std::string::npos;
    if (inlined) {
      value = word.substr(equals + 1);
      word.resize(equals);
    }
    if (std::find(known->second.begin(), known->second.end(), word) == known->second.end()) {
      return wrong_use(arguments.command + " has no option " + word);
    }
    const bool flag = word == "--json" || word == "--quiet" || word == "--no-manifest" || word == "--no-truth";
    if (!flag && !inlined) {
      if (++i == argc) return wrong_use(word + " needs a value");
      value = argv[i];
    }
    if (word == "--set") {
      arguments.settings.push_back(value);
    } else {
      arguments.options[word] = value;
    }
  }
  return std::nullopt;
}

// Files that stand beside their place until all of them are whole.
class StagedFiles {
 public:
  explicit StagedFiles(fs::path folder) : folder_(std::move(folder)) {}
  ~StagedFiles() {
    std::error_code ignored;
    for (const auto& [partial, to] : staged_) fs::remove(partial, ignored);
  }
  StagedFiles(const StagedFiles&) = delete;
  StagedFiles& operator=(const StagedFiles&) = delete;

  std::optional<Failure> add(const std::string& path, const std::function<void(ByteSink&)>& fill) {
    const fs::path to = folder_ / path;
    std::error_code ignored;
    fs::create_directories(to.parent_path(), ignored);
    const fs::path partial = to.parent_path() / std::string(1, '.').append(to.filename().string()).append(".partial");
    staged_.emplace_back(partial, to);
    if (fs::is_directory(to)) return Failure{1, to.string() + " is a directory; a file is to be written there"};
    return write_beside(partial, fill);
  }

  std::optional<Failure> rename_all() {
    for (const auto& [partial, to] : staged_) {
      std::error_code error;
      fs::rename(partial, to, error);
      if (error) return Failure{1, to.string() + " cannot be written"};
    }
    staged_.clear();
    return std::nullopt;
  }

 private:
  fs::path folder_;
  std::vector<std::pair<fs::path, fs::path>> staged_;
};

// Hashes the files while the run reads them too; what can be read only once, such as a pipe, is hashed as it is read.
class InputHashes {
 public:
  InputHashes(const std::vector<std::string>& paths, bool wanted) : paths_(paths), hashes_(paths.size()) {
    if (!wanted) return;
    thread_ = std::thread([this] {
      for (std::size_t i = 0; i < paths_.size(); ++i) {
        if (!is_stream(i) && !hash_file(paths_[i], hashes_[i])) failed_ = true;
      }
    });
  }
  ~InputHashes() { wait(); }
  InputHashes(const InputHashes&) = delete;
  InputHashes& operator=(const InputHashes&) = delete;

  // Null for a file that is hashed beside the run.
  [[nodiscard]] Sha256* of_stream(std::size_t i) { return is_stream(i) ? &hashes_[i] : nullptr; }
  // Waits; nothing if a file changed or vanished in between.
  std::optional<std::vector<std::string>> finish(const EventReader& reader) {
    wait();
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < hashes_.size(); ++i) {
      if (failed_ || hashes_[i].size() != reader.files()[i].bytes) return std::nullopt;
      texts.push_back(hashes_[i].hex());
    }
    return texts;
  }

 private:
  [[nodiscard]] bool is_stream(std::size_t i) const {
    std::error_code ignored;
    return paths_[i] == "-" || !fs::is_regular_file(paths_[i], ignored);
  }
  void wait() {
    if (thread_.joinable()) thread_.join();
  }

  const std::vector<std::string>& paths_;
  std::vector<Sha256> hashes_;
  bool failed_ = false;
  std::thread thread_;
};

std::optional<Failure> write_outputs(const Pipeline& pipeline, const std::vector<Output>& outputs, const fs::path& out,
                                     InputHashes* inputs) {
  StagedFiles files(out);
  std::vector<ManifestOutput> written;
  for (const Output& output : outputs) {
    if (Status status = pipeline.check(output); !status.ok()) return refused(status.error());
    Sha256 hash;
    auto failure = files.add(output.path, [&](ByteSink& sink) {
      ByteSink through([&](std::span<const std::uint8_t> bytes) {
        if (inputs != nullptr) hash.update(bytes);
        sink.put(bytes);
      });
      pipeline.write(output, through);
    });
    if (failure) return failure;
    written.push_back({output.path, output.format, hash.size(), hash.hex()});
  }
  if (inputs != nullptr) {
    const auto hashes = inputs->finish(pipeline.reader());
    if (!hashes) return Failure{1, "an input changed while it was read; nothing was written"};
    auto failure = files.add(kManifestPath, [&](ByteSink& sink) { sink.put(pipeline.manifest_json(*hashes, written)); });
    if (failure) return failure;
  }
  return files.rename_all();
}

std::optional<Failure> read_formats(const std::string& list, std::vector<std::string_view>& formats) {
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t comma = std::min(list.find(',', at), list.size());
    const std::string_view format = std::string_view(list).substr(at, comma - at);
    if (find_table_format(format) == nullptr && format != "audit") {
      std::string known;
      for (const TableFormat& entry : table_formats()) known.append(known.empty() ? "" : ", ").append(entry.name);
      return wrong_use("\"" + std::string(format) + "\" is not an output format; there are " + known);
    }
    formats.push_back(format);
    at = comma + 1;
  }
  return std::nullopt;
}

std::optional<Failure> run_prepare(const Arguments& arguments) {
  if (arguments.files.empty()) return wrong_use("prepare needs at least one FILE");
  if (!arguments.options.contains("--out")) return wrong_use("prepare needs --out DIR");
  const std::string list = arguments.options.contains("--format") ? arguments.options.at("--format") : "parquet,pickle";
  std::vector<std::string_view> formats;
  if (auto failure = read_formats(list, formats)) return failure;
  unsigned threads;
  if (auto failure = read_threads(arguments, threads)) return failure;
  std::string text;
  if (auto failure = gather_plan(arguments, text)) return failure;
  const Result<Plan> plan = read_plan(text);
  if (!plan.ok()) return refused(plan.error());
  const bool audited = std::find(formats.begin(), formats.end(), "audit") != formats.end();
  Pipeline pipeline(plan.value(), audited ? Audit::kYes : Audit::kNo);
  const bool manifest = !arguments.options.contains("--no-manifest");
  InputHashes hashes(arguments.files, manifest);
  for (std::size_t i = 0; i < arguments.files.size(); ++i) {
    Sha256* hash = manifest ? hashes.of_stream(i) : nullptr;
    if (auto failure = read_file(pipeline, arguments.files[i], threads, hash)) return failure;
  }
  if (Status status = pipeline.run(); !status.ok()) return refused(status.error());
  if (auto failure = write_outputs(pipeline, Pipeline::outputs(formats), arguments.options.at("--out"),
                                   manifest ? &hashes : nullptr)) {
    return failure;
  }
  if (!arguments.options.contains("--quiet")) std::printf("%s\n", pipeline.report_json().c_str());
  return std::nullopt;
}

std::optional<Failure> run_plan(const Arguments& arguments) {
  std::string text;
  if (auto failure = gather_plan(arguments, text)) return failure;
  const Result<Plan> plan = read_plan(text);
  if (!plan.ok()) return refused(plan.error());
  std::printf("%s\n", write_plan(plan.value()).c_str());
  return std::nullopt;
}

int run_command(int argc, char** argv) {
  Arguments arguments;
  if (argc == 2 && (std::string(argv[1]) == "--help" || std::string(argv[1]) == "-h")) {
    std::fputs(kUsage, stdout);
    return 0;
  }
  std::optional<Failure> failure = parse_arguments(argc, argv, arguments);
  if (!failure) {
    failure = arguments.command == "prepare" ? run_prepare(arguments)
              : arguments.command == "audit" ? run_audit(arguments)
              : arguments.command == "verify" ? run_verify(arguments)
              : arguments.command == "inspect" ? run_inspect(arguments)
              : arguments.command == "plan"  ? run_plan(arguments)
                                             : run_simulate(arguments);
  }
  if (!failure) return 0;
  std::fprintf(stderr, "causal-sessions: %s\n", printable(failure->message).c_str());
  if (failure->exit_code == 2) std::fputs("Try: causal-sessions --help\n", stderr);
  return failure->exit_code;
}

}  // namespace
}  // namespace causal_sessions

int main(int argc, char** argv) {
  try {
    return causal_sessions::run_command(argc, argv);
  } catch (const std::bad_alloc&) {
    std::fputs("causal-sessions: out of memory; give it fewer events, or split the input by user\n", stderr);
    return 1;
  }
}
