#include "pipeline.h"

#include <algorithm>
#include <numeric>

#include "causal/sequence.h"
#include "write/metadata_json.h"
#include "write/report_json.h"
#include "write/session_json_lines.h"
#include "write/session_parquet.h"
#include "write/session_pickle.h"
#include "write/vocabulary_json.h"

namespace causal_sessions {
namespace {

constexpr std::array<std::string_view, 3> kTableFormats = {"parquet", "pickle", "jsonl"};

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

std::span<const std::string_view> table_formats() { return kTableFormats; }

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

std::vector<Output> Pipeline::outputs(std::span<const std::string_view> formats) {
  std::vector<Output> outputs;
  for (const std::string_view format : formats) {
    for (std::size_t part = 0; part < kParts; ++part) {
      const std::string_view extension = format == "pickle" ? "pkl" : format;
      outputs.push_back({"data/" + std::string(kPartNames[part]) + "_sessions." + std::string(extension),
                         std::string(format), static_cast<Part>(part)});
    }
  }
  outputs.push_back({"data/processing_metadata.json", "metadata", std::nullopt});
  outputs.push_back({"models/vocab.json", "vocabulary", std::nullopt});
  return outputs;
}

std::optional<Output> Pipeline::find_output(std::string_view path) {
  for (Output& output : outputs(kTableFormats)) {
    if (output.path == path) return std::move(output);
  }
  return std::nullopt;
}

void Pipeline::write(const Output& output, ByteSink& sink) const {
  if (output.part) {
    const auto& rows = split_.rows[static_cast<std::size_t>(*output.part)];
    if (output.format == "parquet") write_session_parquet(table_, rows, sink);
    if (output.format == "pickle") write_session_pickle(table_, rows, sink);
    if (output.format == "jsonl") write_session_json_lines(table_, rows, sink);
  } else if (output.format == "vocabulary") {
    write_vocabulary_json(vocabulary_, sink);
  } else {
    write_metadata_json(plan_, vocabulary_, split_, summary_, sink);
  }
  sink.flush();
}

}  // namespace causal_sessions
