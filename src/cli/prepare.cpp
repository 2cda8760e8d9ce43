// causal-sessions prepare FILE... --out DIR: the files of a run, all of them or none.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/input_hashes.h"
#include "cli/out_of_core.h"
#include "cli/staged_files.h"
#include "core/wording.h"
#include "formats/json/fields.h"
#include "report/report_json.h"
#include "steps/outputs.h"
#include "text/report_html.h"
#include "text/report_text.h"
#include "write/table_formats.h"

namespace causal_sessions {
namespace {

using nlohmann::ordered_json;
namespace fs = std::filesystem;

std::optional<Failure> write_outputs(const Run& run, const std::vector<Output>& outputs,
                                     const std::vector<InputFile>& input_files, const fs::path& out, const InputSums* inputs,
                                     const Arguments& arguments, Watch& watch, std::vector<ManifestOutput>& written) {
  StagedFiles files(out, input_files);
  HtmlReportOptions report{arguments.has("report-counts"), {}};
  std::vector<StagedFile> staged;
  for (const Output& output : outputs) {
    if (inputs == nullptr && output.format == kDictionaryFormat) continue;
    if (Status status = check_output(run, output); !status.ok()) return refused(status.error());
    written.push_back({output.path, output.format, 0, ""});
    staged.push_back({output.path, [&, at = written.size() - 1](ByteSink& sink) {
                        if (Watch::stopped()) return;
                        watch.show("writing " + output.path);
                        Sha256 hash;
                        ByteSink through([&](std::span<const std::uint8_t> bytes) {
                          if (inputs != nullptr) hash.update(bytes);
                          written[at].bytes += bytes.size();
                          sink.put(bytes);
                        });
                        write_output(run, output, through);
                        if (inputs != nullptr) written[at].sha256 = hash.hex();
                      }});
  }
  if (auto failure = files.add(staged, run.workers)) return failure;
  if (Watch::stopped()) return stopped();
  if (inputs != nullptr) {
    watch.show(std::string("writing ") + kManifestPath);
    if (!inputs->finish()) return unreadable("an input changed while it was read; nothing was written");
    Sha256 hash;
    const auto put = [&](ByteSink& sink) {
      write_manifest(
          run, [&](std::size_t i) { return inputs->hex(i); }, written,
          [&](std::string_view text) {
            hash.update({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
            sink.put(text);
          });
    };
    if (auto failure = files.add({kManifestPath, put})) return failure;
    written.push_back({kManifestPath, "", hash.size(), ""});
    report.manifest_sha256 = hash.hex();
  }
  if (arguments.has("report")) {
    const std::string page = report_html(run, report);
    if (auto failure = files.add({fs::absolute(arguments.at("report")), [&](ByteSink& sink) { sink.put(page); }})) return failure;
  }
  if (Watch::stopped()) return stopped();
  std::vector<fs::path> others = {kManifestPath};
  for (Output& output : all_outputs()) others.emplace_back(std::move(output.path));
  watch.clear();
  return files.rename_all(others);
}

void print_json(const ordered_json& report, const std::vector<ManifestOutput>& outputs) {
  ordered_json files = ordered_json::array();
  for (const ManifestOutput& file : outputs) {
    files.push_back({{"path", file.path}, {"bytes", file.bytes}});
    if (!file.sha256.empty()) files.back()["sha256"] = file.sha256;
  }
  std::fputs(document_of({{"report", report}, {"outputs", files}}).c_str(), stdout);
}

}  // namespace

std::optional<Failure> read_formats(const Arguments& arguments, std::vector<std::string>& formats) {
  const std::string list = arguments.has("format") ? arguments.at("format") : "parquet,pickle";
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t comma = std::min(list.find(',', at), list.size());
    std::string format = list.substr(at, comma - at);
    if (find_table_format(format) == nullptr && format != "audit") {
      std::string known;
      for (const TableFormat& entry : kTableFormats) known.append(known.empty() ? "" : ", ").append(entry.name);
      return Failure{filled("\"{}\" is not an output format; there are {}.", {format, known}), "badFormat"};
    }
    formats.push_back(std::move(format));
    at = comma + 1;
  }
  return std::nullopt;
}

WithAudit with_audit(const Arguments& arguments, const std::vector<std::string>& formats) {
  const bool named = std::find(formats.begin(), formats.end(), "audit") != formats.end();
  return named || arguments.has("report") ? WithAudit::kYes : WithAudit::kNo;
}

std::optional<Failure> write_run(const Run& run, const std::vector<std::string>& formats, const std::vector<InputFile>& inputs,
                                 const InputSums& sums, const Arguments& arguments, Watch& watch) {
  const bool manifest = !arguments.has("no-manifest");
  const std::string folder = arguments.at("out");
  const std::vector<std::string_view> names(formats.begin(), formats.end());
  std::vector<ManifestOutput> written;
  if (auto failure =
          write_outputs(run, outputs_in(names), inputs, folder, manifest ? &sums : nullptr, arguments, watch, written)) {
    return failure;
  }
  watch.clear();
  if (arguments.has("json")) {
    print_json(ordered_json::parse(report_json(run), nullptr, false), written);
    return std::nullopt;
  }
  if (!arguments.has("quiet")) std::fputs(report_text(run, folder, written).c_str(), stdout);
  std::fflush(stdout);
  std::fputs(notices_text(run.notices).c_str(), stderr);
  return std::nullopt;
}

std::optional<Failure> run_prepare(const Arguments& arguments) {
  std::vector<std::string> formats;
  if (auto failure = read_formats(arguments, formats)) return failure;
  Plan plan;
  if (auto failure = gather_plan(arguments, plan)) return failure;
  if (auto failure = allow_memory(arguments, arguments.at("out"))) return failure;
  Run run(plan, with_audit(arguments, formats), arguments.number("threads", default_threads()));
  const bool manifest = !arguments.has("no-manifest");
  Watch watch(arguments.has("json") || arguments.has("quiet"));
  InputFiles inputs;
  if (auto failure = find_files(arguments.files, inputs)) return failure;
  InputHashes hashes(inputs.files, manifest);
  const auto hash_of = [&](std::size_t i) { return manifest ? hashes.of_stream(i) : nullptr; };
  if (auto failure = read_and_run(run, inputs, watch, hash_of)) return failure;
  const InputSums sums{[&] { return hashes.finish(run.reader()); }, [&](std::size_t i) { return hashes.hex(i); }};
  return write_run(run, formats, inputs.files, sums, arguments, watch);
}

}  // namespace causal_sessions
