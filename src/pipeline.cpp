#include "pipeline.h"

#include <algorithm>
#include <numeric>

#include "causal/sequence.h"
#include "write/metadata_json.h"
#include "write/report_json.h"
#include "write/vocabulary_json.h"

namespace causal_sessions {
namespace {

std::uint8_t type_id(const std::vector<std::string>& types, const std::string& name) {
  return static_cast<std::uint8_t>(std::find(types.begin(), types.end(), name) - types.begin());
}

SequenceOptions sequence_options(const Plan& plan, const std::vector<std::string>& types) {
  SequenceOptions options;
  options.treatment_type = type_id(types, plan.treatment_type);
  options.outcome_type = type_id(types, plan.outcome_type);
  options.max_events = plan.sequence.max_events;
  options.keep_last = plan.sequence.keep == KeepEvents::kLast;
  options.min_events = plan.sequence.min_events;
  options.pad = !plan.sequence.padding.empty();
  options.padding_type = options.pad ? type_id(types, plan.sequence.padding) : 0;
  options.ties = plan.time.ties;
  return options;
}

}  // namespace

Pipeline::Pipeline(Plan plan) : plan_(std::move(plan)), reader_(plan_) {}

std::string_view Pipeline::stage_name() const {
  constexpr std::array<std::string_view, 8> kNames = {"reading",    "ordering",  "sessions",  "split",
                                                      "vocabulary", "sequences", "reporting", "done"};
  return kNames[static_cast<std::size_t>(stage_)];
}

Status Pipeline::advance() {
  switch (stage_) {
    case Stage::kFinishReading: {
      Result<EventTable> events = reader_.finish();
      if (!events.ok()) return events.error();
      events_ = std::move(events.value());
      event_count_ = events_.size();
      break;
    }
    case Stage::kOrder:
      ordered_ = order_events(std::exchange(events_, {}), plan_.time.ties);
      tied_ = ordered_.tied;
      break;
    case Stage::kSessions:
      sessions_ = sessionize(ordered_, {plan_.max_gap_us(), plan_.max_session_us(), plan_.session.min_events});
      break;
    case Stage::kSplit:
      split_ = split_users(sessions_, ordered_.users.size(),
                           {plan_.split.seed, plan_.split.train, plan_.split.validation});
      break;
    case Stage::kVocabulary: {
      std::vector<std::uint32_t> rows = split_.rows[static_cast<std::size_t>(Part::kTrain)];
      if (plan_.vocabulary.fit_on == FitOn::kAll) {
        rows.resize(sessions_.size());
        std::iota(rows.begin(), rows.end(), 0u);
      }
      vocabulary_ = fit_vocabulary(ordered_, sessions_, rows, {plan_.events.without_item, plan_.vocabulary.min_count});
      break;
    }
    case Stage::kSequences:
      table_ = build_sequences(std::exchange(ordered_, {}), sessions_, vocabulary_,
                               sequence_options(plan_, vocabulary_.types));
      break;
    case Stage::kReport:
      summary_ = summarize(table_, split_);
      break;
    case Stage::kDone:
      return Error{ErrorCode::kBadCall, "the run is already done", {}};
  }
  stage_ = static_cast<Stage>(static_cast<int>(stage_) + 1);
  return {};
}

Status Pipeline::run() {
  while (!done()) {
    if (Status status = advance(); !status.ok()) return status;
  }
  return {};
}

std::string Pipeline::report_json() const {
  return write_report_json({plan_, reader_, event_count_, tied_, table_.users.size(), sessions_, vocabulary_, table_,
                            split_, summary_});
}

std::span<const std::uint32_t> Pipeline::rows_of(Part part) const {
  return split_.rows[static_cast<std::size_t>(part)];
}

std::vector<Output> Pipeline::outputs(std::span<const std::string_view> formats) {
  std::vector<Output> outputs;
  for (const TableFormat& format : table_formats()) {
    if (std::find(formats.begin(), formats.end(), format.name) == formats.end()) continue;
    for (std::size_t part = 0; part < kParts; ++part) {
      outputs.push_back({"data/" + std::string(kPartNames[part]) + "_sessions" + std::string(format.suffix),
                         std::string(format.name), static_cast<Part>(part)});
    }
  }
  outputs.push_back({"data/processing_metadata.json", "metadata", std::nullopt});
  outputs.push_back({"models/vocab.json", "vocabulary", std::nullopt});
  return outputs;
}

std::optional<Output> Pipeline::find_output(std::string_view path) {
  std::vector<std::string_view> names;
  for (const TableFormat& format : table_formats()) names.push_back(format.name);
  for (Output& output : outputs(names)) {
    if (output.path == path) return std::move(output);
  }
  return std::nullopt;
}

Status Pipeline::check(const Output& output) const {
  const TableFormat* format = find_table_format(output.format);
  if (!output.part || format == nullptr || format->check == nullptr) return {};
  return format->check(table_, rows_of(*output.part), plan_);
}

void Pipeline::write(const Output& output, ByteSink& sink) const {
  if (output.part) {
    if (const TableFormat* format = find_table_format(output.format)) {
      format->write(table_, rows_of(*output.part), plan_, sink);
    }
  } else if (output.format == "vocabulary") {
    write_vocabulary_json(vocabulary_, sink);
  } else {
    write_metadata_json(plan_, vocabulary_, split_, summary_, sink);
  }
  sink.flush();
}

std::string Pipeline::manifest_json(std::span<const std::string> input_sha256,
                                    std::span<const ManifestOutput> outputs) const {
  return write_manifest_json({{plan_, reader_, event_count_, tied_, table_.users.size(), sessions_, vocabulary_, table_,
                               split_, summary_},
                              input_sha256,
                              outputs});
}

}  // namespace causal_sessions
