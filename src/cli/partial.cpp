// causal-sessions partial FILE... --out FILE: what reading gives, as one file; causal-sessions merge FILE... --out DIR: the files of
// the run over all of them.
#include "run/partial.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "cli/command.h"
#include "cli/input_hashes.h"
#include "cli/out_of_core.h"
#include "cli/staged_files.h"
#include "formats/json/fields.h"
#include "text/report_text.h"

namespace causal_sessions {
namespace {

namespace fs = std::filesystem;

InputShare share_of(const Arguments& arguments) {
  const auto [number, of] = arguments.share();
  return {number, of};
}

// The inputs of this run, and their places among all of them.
void take_share(const InputShare& share, const Arguments& arguments, InputFiles& inputs, std::vector<std::string>& names,
                std::vector<std::uint64_t>& places) {
  std::vector<InputFile> taken;
  for (InputFile& file : inputs.files) {
    if (file.path() == "-" && arguments.has("name")) file = InputFile("-", arguments.at("name"), false);
    names.push_back(file.name());
    if (!share.takes(names.size() - 1)) continue;
    if (share.is_one()) places.push_back(names.size() - 1);
    taken.push_back(std::move(file));
  }
  if (!share.is_one()) {
    std::stable_sort(taken.begin(), taken.end(),
                     [](const InputFile& one, const InputFile& other) { return one.name() < other.name(); });
    places.assign(taken.size(), 0);
  }
  if (share.number > 1) inputs.passed_over = 0;  // which the first one tells
  inputs.files = std::move(taken);
}

std::optional<Failure> put_part(const std::string& to, const std::vector<InputFile>& inputs,
                                const std::function<void(ByteSink&)>& fill) {
  if (to != "-") {
    const fs::path path = to;
    StagedFiles files(path.parent_path(), inputs);
    if (auto failure = files.add({path.filename(), fill})) return failure;
    return Watch::stopped() ? stopped() : files.rename_all();
  }
  bool whole = true;
  ByteSink sink([&](std::span<const std::uint8_t> bytes) {
    whole = whole && std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size();
  });
  fill(sink);
  if (!whole || std::fflush(stdout) != 0) return unwritable("standard output cannot be written");
  return std::nullopt;
}

// What a part is read from; of standard input all of it has to come first.
std::optional<Failure> open_part(const InputFile& input, PartialSource& source) {
  auto file = std::make_shared<FileHandle>(nullptr, std::fclose);
  if (auto failure = open_file(input.path(), *file)) return failure;
  source.name = input.name();
  if (const auto size = regular_size(input.path())) {
    source.size = *size;
    source.read_at = [file](std::uint64_t offset, std::span<char> room) { return read_at(fileno(file->get()), offset, room); };
    return std::nullopt;
  }
  std::optional<std::string> text = read_to_end(file->get());
  if (!text) return unreadable(source.name + " cannot be read to its end");
  source = source_of_bytes(std::move(source.name), *std::move(text));
  return std::nullopt;
}

void print_json(const PartialFacts& facts) {
  Fields told;
  told.text("path", facts.path).count("bytes", facts.bytes).count("events", facts.events);
  told.count("inputs", facts.inputs).count("rows", facts.rows).count("unusable", facts.unusable);
  std::fputs(document_of(told.done()).c_str(), stdout);
}

}  // namespace

std::optional<Failure> run_partial(const Arguments& arguments) {
  Plan plan;
  if (auto failure = gather_plan(arguments, plan)) return failure;
  const std::string to = arguments.at("out");
  if (auto failure = allow_memory(arguments, to == "-" ? temporary_folder() : fs::path(to).parent_path())) return failure;
  Run run(plan, WithAudit::kNo, arguments.number("threads", default_threads()));
  Watch watch(arguments.has("json") || arguments.has("quiet"));
  InputFiles inputs;
  if (auto failure = find_files(arguments.files, inputs)) return failure;
  const InputShare share = share_of(arguments);
  std::vector<std::string> names;
  std::vector<std::uint64_t> places;
  take_share(share, arguments, inputs, names, places);
  InputHashes hashes(inputs.files, true);
  PartialRun part(run);
  const auto hash_of = [&](std::size_t i) { return hashes.of_stream(i); };
  const auto ended = [&](std::size_t i) { part.end_input(places[i]); };
  if (auto failure = read_files(run, inputs, watch, hash_of, ended)) return failure;
  watch.show("writing " + to);
  if (!hashes.finish(run.reader())) return unreadable("an input changed while it was read; nothing was written");
  std::uint64_t bytes = 0;
  const auto fill = [&](ByteSink& sink) {
    part.write(share, names, [&](std::size_t i) { return hashes.hex(i); }, sink);
    bytes = sink.position();
  };
  if (auto failure = put_part(to, inputs.files, fill)) return failure;
  watch.clear();
  const PartialFacts facts{to, bytes, run.builder().size(), inputs.files.size(), part.rows(), part.unusable()};
  if (to != "-" && arguments.has("json")) print_json(facts);
  else if (to != "-" && !arguments.has("quiet")) std::fputs(partial_text(facts).c_str(), stdout);
  std::fflush(stdout);
  std::fputs(unusable_text(facts).c_str(), stderr);
  return std::nullopt;
}

std::optional<Failure> run_merge(const Arguments& arguments) {
  std::vector<std::string> formats;
  if (auto failure = read_formats(arguments, formats)) return failure;
  if (auto failure = allow_memory(arguments, arguments.at("out"))) return failure;
  Watch watch(arguments.has("json") || arguments.has("quiet"));
  InputFiles inputs;
  if (auto failure = find_files(arguments.files, inputs)) return failure;
  std::vector<PartialSource> sources(inputs.files.size());
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (auto failure = open_part(inputs.files[i], sources[i])) return failure;
  }
  watch.show_stage("reading the parts");
  const Result<std::unique_ptr<PartialMerge>> merge = PartialMerge::open(std::move(sources));
  if (!merge.ok()) return refused(merge.error());
  std::string of_parts;
  if (!arguments.has("plan")) {
    const Result<std::string> text = merge.value()->plan();
    if (!text.ok()) return refused(text.error());
    of_parts = text.value();
  }
  Plan plan;
  if (auto failure = gather_plan(arguments, plan, of_parts)) return failure;
  Run run(plan, with_audit(arguments, formats), arguments.number("threads", default_threads()));
  run.workers.stop_when(Watch::stopped);
  const auto go_on = [&] {
    tell_out_of_core(watch);
    return !Watch::stopped();
  };
  if (Status status = merge.value()->read_into(run, go_on); !status.ok()) return refused(status.error());
  if (Watch::stopped()) return stopped();
  if (auto failure = run_steps(run, watch)) return failure;
  const InputSums sums{[] { return true; }, [&](std::size_t i) { return merge.value()->sha256(i); }};
  return write_run(run, formats, inputs.files, sums, arguments, watch);
}

}  // namespace causal_sessions
