#include "run/pipeline.h"

#include <algorithm>
#include <numeric>

#include "core/civil_time.h"
#include "core/room.h"
#include "ingest/build/row_issues.h"
#include "ingest/file_notices.h"
#include "look/session_list.h"
#include "look/session_view.h"
#include "report/metadata_json.h"
#include "report/report_json.h"
#include "report/vocabulary_json.h"
#include "sequence/build_sequences.h"
#include "session/duplicates.h"
#include "trial/covariates.h"
#include "trial/data_end.h"
#include "trial/rules.h"

namespace causal_sessions {
namespace {

constexpr std::string_view kAuditFormat = "audit";

// Bytes an event: of what is kept, of the stages from the sessions to the table, of an audit's copy with input ranks.
constexpr std::size_t kKeptBytes = 13, kLaterBytes = 12, kAuditBytes = 25;

// The event types that are to make rows, T and Y.
std::array<PlannedType, 3> planned_types(const TrialOptions& trial) {
  return {PlannedType{"treatment.type", "noTreatmentEvents", "T is 0 in every row", trial.treatment},
          PlannedType{"outcome.type", "noOutcomeEvents", "Y is 0 in every row", trial.outcome},
          PlannedType{"index.type", "noExposureEvents", "there is no row", trial.exposure, rule_of(trial.kind).exposure}};
}

std::vector<EventRange> vocabulary_ranges(const Plan& plan, const Sessions& sessions, const TrialTable& table,
                                          const Split& split) {
  const auto& train = split.rows[static_cast<std::size_t>(Part::kTrain)];
  if (plan.vocabulary.fit_on == FitOn::kTrainX) return x_ranges(table, train);
  if (plan.vocabulary.fit_on == FitOn::kTrain) return session_ranges(sessions, table, train);
  std::vector<EventRange> ranges;
  for (std::size_t s = 0; s < sessions.size(); ++s) ranges.push_back({sessions.begin[s], sessions.end[s]});
  return ranges;
}

}  // namespace

Pipeline::Pipeline(Plan plan, Audit audit)
    : plan_(std::move(plan)), audit_(audit), reading_(std::make_shared<Reading>(plan_.reading)) {}

bool Pipeline::start_from(const Pipeline& earlier) {
  if (!earlier.kept_ || plan_.reading != earlier.reading_->options) return false;
  reading_ = earlier.reading_;
  kept_ = earlier.kept_;
  return true;
}

std::string_view Pipeline::stage_name() const {
  constexpr std::array<std::string_view, 11> kNames = {"reading", "ordering",   "auditing", "sessions",  "trials",   "split",
                                                       "vocabulary", "auditing", "sequences", "reporting", "done"};
  return kNames[static_cast<std::size_t>(stage_)];
}

Status Pipeline::advance() {
  switch (stage_) {
    case Stage::kFinishReading:
      if (Status status = finish_reading(); !status.ok()) return status;
      break;
    case Stage::kOrder:
      order();
      break;
    case Stage::kAuditEvents:
      auditor_.look_at_events(plan_, ordered_, data_end_us_);
      break;
    case Stage::kSessions: {
      if (plan_.order.duplicates == Duplicates::kDrop) duplicates_ = drop_duplicates(ordered_);
      if (duplicates_ != 0) {
        notices_.push_back({"duplicatesLeftOut",
                            counted(duplicates_, "event", "events") + " of " + std::to_string(event_count_) + (duplicates_ == 1 ? " equals" : " equal") +
                                " another one in user, time, type and item, and " + (duplicates_ == 1 ? "was" : "were") + " left out by events.duplicates",
                            {{"events", duplicates_}, {"of", event_count_}}, "events.duplicates"});
      }
      sessions_ = sessionize(ordered_, session_options(plan_));
      break;
    }
    case Stage::kTrials:
      trials_ = build_trials(ordered_, sessions_, setup_of_trials());
      if (trials_.table.rows() == 0) {
        notices_.push_back({"noRows", "No session became a row, so every table is empty; the report counts what each rule left out", {},
                            "session.minEvents"});
      }
      break;
    case Stage::kSplit:
      split_ = split_rows(trials_.table, ordered_.users, plan_.split, purged_us(plan_));
      break;
    case Stage::kVocabulary:
      fit_words();
      break;
    case Stage::kAuditRows:
      audit_rows();
      break;
    case Stage::kSequences: {
      std::optional<std::uint8_t> padding;
      if (!plan_.sequence.padding.empty()) padding = type_id(ordered_.types, plan_.sequence.padding);
      if (audit_ == Audit::kNo) gather_covariates();
      table_ = build_sequences(std::exchange(ordered_, {}), std::exchange(trials_.table, {}), vocabulary_, padding);
      table_.covariate_names = std::move(covariate_names_);
      table_.covariates = std::move(covariates_);
      table_.channels = plan_.sequence.channels;
      table_.keep = plan_.sequence.keep;
      table_.with_folds = plan_.split.folds != 0;
      table_.fold = std::move(split_.fold);
      break;
    }
    case Stage::kReport:
      summary_ = summarize(table_, split_);
      break;
    case Stage::kDone:
      return Error{ErrorCode::kBadCall, "the run is already done", {}};
  }
  const auto is_audit = [](Stage stage) { return stage == Stage::kAuditEvents || stage == Stage::kAuditRows; };
  do {
    stage_ = static_cast<Stage>(static_cast<int>(stage_) + 1);
  } while (audit_ == Audit::kNo && is_audit(stage_));
  return {};
}

Status Pipeline::finish_reading() {
  if (!kept_) {
    Result<EventTable> events = reader().finish();
    if (!events.ok()) return events.error();
    events_ = std::move(events.value());
  }
  const EventBuilder& builder = reader().builder();
  if (Status status = check_event_types(planned_types(plan_.trial), builder.types()); !status.ok()) return status;
  if (Status status = check_items(); !status.ok()) return status;
  notices_ = file_notices(reader().files(), plan_.reading, plan_.order.duplicates == Duplicates::kDrop);
  for (const std::vector<Notice>& more : {builder.notices(), type_notices(planned_types(plan_.trial), builder.types())}) {
    notices_.insert(notices_.end(), more.begin(), more.end());
  }
  return {};
}

// Without items no treatment has that of its exposure, and T would be 0 in every row.
Status Pipeline::check_items() const {
  const auto has_items = [](const FileSummary& file) { return file.schema.column[static_cast<std::size_t>(Role::kItem)].has_value(); };
  const auto& files = reader().files();
  if (!plan_.trial.same_item || std::any_of(files.begin(), files.end(), has_items)) return {};
  return Error{ErrorCode::kMissingColumn,
               "index.sameItem is true, but no column was found that holds the items, so no treatment could have the item of its exposure. Name the "
               "column in the plan: columns.item; or set index.sameItem to false",
               {{}, {}, {}, "columns.item"}};
}

void Pipeline::order() {
  if (kept_) {
    ordered_ = *kept_;
    if (!keep_) kept_ = nullptr;
  } else {
    ordered_ = group_events(std::exchange(events_, {}));
    if (keep_ && has_room(ordered_.size() * (kKeptBytes + kLaterBytes))) kept_ = std::make_shared<OrderedEvents>(ordered_);
  }
  event_count_ = ordered_.size();
  if (audit_ == Audit::kYes) give_way(event_count_ * kAuditBytes);
  find_end();
  order_users(ordered_, plan_.order.ties, audit_ == Audit::kYes ? InputRank::kKeep : InputRank::kForget);
  tied_ = ordered_.tied;
}

// Without a time zero the notebook's rule asks no more of it than which sessions may go on.
void Pipeline::find_end() {
  const TimeSummary& times = reader().builder().times();
  data_end_us_ = times.max_us;
  if (plan_.trial.data_end.is_set()) {
    data_end_us_ = plan_.trial.data_end.us;
  } else if (rule_of(plan_.trial.kind).time_zero) {
    const DataEnd end = find_data_end(ordered_.time_us, times.min_us, times.max_us);
    data_end_us_ = end.time_us;
    if (end.later_events == 0) return;
    notices_.push_back({"lateEvents",
                        "The last " + counted(end.later_events, "event", "events") + " of " + std::to_string(event_count_) + " span more than a tenth of the time, up to " +
                            format_utc(times.max_us) + ", so the end of the data is taken to be " + format_utc(end.time_us) + "; where it was observed longer, set data.end",
                        {{"events", end.later_events}, {"of", event_count_}}, "data.end"});
  }
}

// Drops the kept events if they stand in the way of so many bytes.
void Pipeline::give_way(std::size_t bytes) {
  if (kept_ && !has_room(bytes)) kept_ = nullptr;
}

TrialSetup Pipeline::setup_of_trials() const {
  TrialSetup setup = trial_setup(plan_, ordered_.types, data_end_us_);
  if (plan_.split.kind == SplitKind::kHash) {  // nothing of other users decides what training users get
    setup.part_of = [this](std::uint32_t user) { return part_by_hash(ordered_.users[user], plan_.split); };
  }
  return setup;
}

void Pipeline::fit_words() {
  fitted_ = vocabulary_ranges(plan_, sessions_, trials_.table, split_);
  vocabulary_ = fit_vocabulary(ordered_, fitted_, plan_.vocabulary,
                               {plan_.reading.events.without_item, plan_.sequence.padding, plan_.reading.events.types.size()});
  if (audit_ == Audit::kNo) fitted_ = {};
}

// Before the events become tokens, which tell unknown items no longer apart.
void Pipeline::gather_covariates() {
  const TrialTable& table = trials_.table;
  if (!table.has_time_zero()) return;
  Covariates covariates(ordered_, table, plan_.reading.events.without_item, absent_types(ordered_, setup_of_trials()));
  give_way(table.rows() * covariates.names().size() * sizeof(double));
  covariates_.reserve(table.rows() * covariates.names().size());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::span<const double> of_row = covariates.row(row);
    covariates_.insert(covariates_.end(), of_row.begin(), of_row.end());
  }
  covariate_names_ = covariates.names();
}

void Pipeline::audit_rows() {
  gather_covariates();
  const TrialSetup setup = setup_of_trials();
  auditor_.look_at_rows({plan_, setup, ordered_, sessions_, trials_.table, trials_.attrition, split_, vocabulary_,
                         fitted_, covariates_, reader().builder(), duplicates_, notices_});
  fitted_ = {};
}

Status Pipeline::run() {
  while (!done()) {
    if (Status status = advance(); !status.ok()) return status;
  }
  return {};
}

ReportParts Pipeline::report_parts() const {
  return {plan_, reader(), event_count_, tied_, duplicates_, table_.users.size(), sessions_, trials_.attrition, vocabulary_,
          table_, split_, summary_, notices_};
}

std::string Pipeline::report_json() const { return write_report_json(report_parts()); }

std::string Pipeline::list_sessions(std::string_view query) const { return list_sessions_json(table_, split_, query); }

std::string Pipeline::look_at(std::uint32_t row) const {
  const TrialSetup setup = trial_setup(plan_, kept_->types, data_end_us_);
  return session_view_json({plan_, setup, *kept_, table_, split_}, row);
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
  if (std::find(formats.begin(), formats.end(), kAuditFormat) != formats.end()) {
    outputs.push_back({"audit.json", std::string(kAuditFormat), std::nullopt});
  }
  return outputs;
}

std::optional<Output> Pipeline::find_output(std::string_view path) {
  std::vector<std::string_view> names = {kAuditFormat};
  for (const TableFormat& format : table_formats()) names.push_back(format.name);
  for (Output& output : outputs(names)) {
    if (output.path == path) return std::move(output);
  }
  return std::nullopt;
}

Status Pipeline::check(const Output& output) const {
  if (output.format == kAuditFormat && audit_ == Audit::kNo) {
    return Error{ErrorCode::kBadCall, "the run was started without an audit, so there is none to write", {}};
  }
  const TableFormat* format = find_table_format(output.format);
  if (!output.part || format == nullptr || format->check == nullptr) return {};
  return format->check(table_, rows_of(*output.part), plan_.write);
}

void Pipeline::write(const Output& output, ByteSink& sink) const {
  if (output.part) {
    if (const TableFormat* format = find_table_format(output.format)) {
      format->write(table_, rows_of(*output.part), plan_.write, sink);
    }
  } else if (output.format == "vocabulary") {
    write_vocabulary_json(vocabulary_, sink);
  } else if (output.format == kAuditFormat) {
    sink.put(audit_json());
  } else {
    write_metadata_json(plan_, vocabulary_, split_, summary_, sink);
  }
  sink.flush();
}

std::string Pipeline::manifest_json(std::span<const std::string> input_sha256,
                                    std::span<const ManifestOutput> outputs) const {
  return write_manifest_json({report_parts(), input_sha256, outputs});
}

}  // namespace causal_sessions
