// causal-sessions simulate: an event stream, and beside it the truth that it was made from.
#include <filesystem>
#include <utility>

#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/staged_files.h"
#include "simulate/simulate.h"
#include "text/report_text.h"

namespace causal_sessions {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

std::optional<Failure> to_standard_output(Simulator& simulator) {
  bool whole = true;
  ByteSink sink([&](std::span<const std::uint8_t> bytes) {
    whole = whole && std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size();
  });
  while (!Watch::stopped() && whole && simulator.next(sink)) {
  }
  if (Watch::stopped()) return stopped();
  sink.flush();
  if (!whole || std::fflush(stdout) != 0) return unwritable("standard output cannot be written");
  return std::nullopt;
}

}  // namespace

std::optional<Failure> run_simulate(const Arguments& arguments) {
  SimulateOptions options;
  for (const auto& [name, text] : simulation_of(arguments)) {
    if (Status status = set_option(options, name, text); !status.ok()) return refused(status.error());
  }
  if (Status status = validate(options); !status.ok()) return refused(status.error());

  const fs::path to = arguments.at("out");
  const bool with_truth = to != "-" && !arguments.has("no-truth");
  Watch watch(true);  // hears an interruption
  Simulator simulator(options, with_truth ? WithTruth::kYes : WithTruth::kNo);
  if (to == "-") return to_standard_output(simulator);
  StagedFiles files(to.parent_path(), {});
  const auto fill = [&](ByteSink& sink) {
    while (!Watch::stopped() && simulator.next(sink)) {
    }
  };
  if (auto failure = files.add({to.filename(), fill})) return failure;
  if (Watch::stopped()) return stopped();
  const fs::path beside = to.parent_path() / to.stem().concat(".truth.json");
  if (with_truth) {
    const auto tell = [&](ByteSink& sink) { write_truth_json(options, simulator.truth(), sink); };
    if (auto failure = files.add({beside.filename(), tell})) return failure;
  }
  if (auto failure = files.rename_all()) return failure;
  std::error_code unknown;
  const std::uint64_t bytes = fs::file_size(to, unknown);
  const std::string truth_path = with_truth ? beside.string() : "";
  if (arguments.has("json")) {
    ordered_json told = {{"path", to.string()}, {"bytes", bytes}, {"events", options.events}, {"seed", options.seed}};
    told["truth"] = with_truth ? ordered_json(truth_path) : ordered_json();
    std::printf("%s\n", told.dump(-1, ' ', false, ordered_json::error_handler_t::replace).c_str());
  } else if (!arguments.has("quiet")) {
    std::optional<double> effect;
    if (with_truth) effect = simulator.truth().effect;
    std::fputs(simulation_text(to.string(), options.events, bytes, truth_path, effect).c_str(), stdout);
  }
  return std::nullopt;
}

}  // namespace causal_sessions
