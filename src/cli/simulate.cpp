// causal-sessions simulate: an event stream, and beside it the truth that it was made from.
#include <array>
#include <filesystem>
#include <utility>

#include "cli/command.h"
#include "simulate/simulate.h"

namespace causal_sessions {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::pair<const char*, const char*>, 9> kOptionNames = {{{"--events", "events"},
                                                                              {"--users", "users"},
                                                                              {"--items", "items"},
                                                                              {"--days", "days"},
                                                                              {"--effect", "effect"},
                                                                              {"--confounding", "confounding"},
                                                                              {"--late", "lateShare"},
                                                                              {"--seed", "seed"},
                                                                              {"--draws", "draws"}}};

// Two files that appear together or not at all.
class StagedPair {
 public:
  ~StagedPair() {
    std::error_code ignored;
    for (const auto& [partial, to] : staged_) fs::remove(partial, ignored);
  }

  std::optional<Failure> add(const fs::path& to, const std::function<void(ByteSink&)>& fill) {
    const fs::path partial = to.string() + ".partial";
    if (fs::is_directory(to)) return Failure{1, to.string() + " cannot be written"};
    staged_.emplace_back(partial, to);
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
  std::vector<std::pair<fs::path, fs::path>> staged_;
};

std::optional<Failure> to_standard_output(Simulator& simulator) {
  bool whole = true;
  ByteSink sink([&](std::span<const std::uint8_t> bytes) {
    whole = whole && std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size();
  });
  while (simulator.next(sink)) {
  }
  sink.flush();
  if (!whole || std::fflush(stdout) != 0) return Failure{1, "standard output cannot be written"};
  return std::nullopt;
}

}  // namespace

std::optional<Failure> run_simulate(const Arguments& arguments) {
  if (!arguments.files.empty()) return wrong_use("simulate takes no FILE");
  if (!arguments.options.contains("--out") || arguments.options.at("--out").empty()) {
    return wrong_use("simulate needs --out FILE (or - for standard output)");
  }
  SimulateOptions options;
  for (const auto& [word, name] : kOptionNames) {
    const auto given = arguments.options.find(word);
    if (given == arguments.options.end()) continue;
    if (Status status = set_option(options, name, given->second); !status.ok()) return refused(status.error());
  }
  if (Status status = validate(options); !status.ok()) return refused(status.error());

  const fs::path to = arguments.options.at("--out");
  const bool with_truth = to != "-" && !arguments.options.contains("--no-truth");
  Simulator simulator(options, with_truth ? WithTruth::kYes : WithTruth::kNo);
  if (to == "-") return to_standard_output(simulator);
  StagedPair files;
  if (auto failure = files.add(to, [&](ByteSink& sink) {
        while (simulator.next(sink)) {
        }
      })) {
    return failure;
  }
  if (with_truth) {
    const fs::path beside = to.parent_path() / to.stem().concat(".truth.json");
    if (auto failure = files.add(beside, [&](ByteSink& sink) { write_truth_json(options, simulator.truth(), sink); })) {
      return failure;
    }
  }
  return files.rename_all();
}

}  // namespace causal_sessions
