#include "steps/steps.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "audit/auditor.h"
#include "core/civil_time.h"
#include "core/cold.h"
#include "core/number_text.h"
#include "core/room.h"
#include "core/wording.h"
#include "ingest/build/row_issues.h"
#include "ingest/file_notices.h"
#include "sequence/build_sequences.h"
#include "session/duplicates.h"
#include "trial/column_covariates.h"
#include "trial/covariates.h"
#include "trial/data_end.h"
#include "trial/rules.h"
#include "trial/treatment_group.h"

namespace causal_sessions {
namespace {

// Bytes an event: of what is kept, of the steps from the sessions to the table, of an audit's copy with input ranks, and at most of
// how often items were shown.
constexpr std::size_t kKeptBytes = 13, kLaterBytes = 12, kAuditBytes = 25, kPopularityBytes = 12;

// The event types that are to make rows, T, Y and what the treatment cannot cause.
std::vector<PlannedType> planned_types(const TrialOptions& trial) {
  std::vector<PlannedType> types = {
      {"treatment.type", "noTreatmentEvents", "T is 0 in every row", trial.treatment},
      {"outcome.type", "noOutcomeEvents", "Y is 0 in every row", trial.outcome},
      {"index.type", "noExposureEvents", "there is no row", trial.exposure, rule_of(trial.kind).exposure}};
  if (trial.compares())
    types.push_back({"treatment.comparator", "noComparatorEvents", "there is no row with T = 0", trial.comparator});
  for (const std::string& type : trial.other_treatments)
    types.push_back({"treatment.otherTypes", "noOtherTreatmentEvents", "it leaves no row out", type});
  for (const std::string& type : trial.negative_controls)
    types.push_back({"estimate.negativeControls", "noControlEvents", "this negative control tells nothing", type});
  return types;
}

// Without items no treatment has that of its exposure, and T would be 0 in every row.
Status check_items(const Run& run) {
  const auto has_items = [](const FileSummary& file) {
    return file.schema().column[static_cast<std::size_t>(Role::kItem)].has_value();
  };
  const auto& files = run.reader().files();
  if (!run.plan.trial.same_item || std::any_of(files.begin(), files.end(), has_items)) return {};
  return Error{ErrorCode::kMissingColumn,
               "index.sameItem is true, but no column was found that holds the items, so no treatment could have the item of its "
               "exposure. Name the "
               "column in the plan: columns.item; or set index.sameItem to false",
               {{}, {}, {}, "columns.item"}};
}

// Each column that the plan names besides an event's own has to be in one of the files; one that others lack is missing there.
COLD Status check_values(Run& run) {
  std::vector<const FileSummary*> files;
  for (const FileSummary& file : run.reader().files()) {
    if (file.rows != 0) files.push_back(&file);
  }
  const std::vector<std::string> names = run.plan.reading.values.names();
  for (std::size_t v = 0; v < names.size(); ++v) {
    const auto lacks = [&](const FileSummary* file) { return !file->schema().values[v]; };
    const auto first = std::find_if(files.begin(), files.end(), lacks);
    if (first == files.end()) continue;
    const auto count = static_cast<std::size_t>(std::count_if(files.begin(), files.end(), lacks));
    const std::string column = filled("\"{}\"", {visible(names[v])});
    const std::string key = run.plan.reading.values.key_of(v);
    if (count == files.size()) {
      return Error{ErrorCode::kMissingColumn,
                   filled("{}: there is no column {}; the file has {}. Name one of them in the plan: {}",
                          {(*first)->name, column, listed_names((*first)->schema().names), key}),
                   {(*first)->name, {}, {}, key}};
    }
    const std::string others = count == 1 ? "" : " and " + counted(count - 1, "other file", "other files");
    run.notices.push_back({"columnNotInFiles",
                           filled("{}{} of {} files {} no column {}, so it is missing in their events",
                                  {(*first)->name, others, count_text(files.size()), count == 1 ? "has" : "have", column}),
                           {{"files", count}, {"of", files.size()}},
                           key});
  }
  return {};
}

Status finish_reading(Run& run) {
  if (!run.kept) {
    Result<EventTable> events = run.reader().finish(run.workers);
    if (!events.ok()) return events.error();
    run.read = std::move(events.value());
  }
  const EventBuilder& builder = run.builder();
  const std::vector<PlannedType> types = planned_types(run.plan.trial);
  if (Status status = check_event_types(types, builder.types()); !status.ok()) return status;
  if (Status status = check_items(run); !status.ok()) return status;
  run.notices = file_notices(run.reader().files(), run.plan.reading, run.plan.order.duplicates == Duplicates::kDrop);
  for (const std::vector<Notice>& more : {builder.notices(), type_notices(types, builder.types())}) {
    run.notices.insert(run.notices.end(), more.begin(), more.end());
  }
  return check_values(run);
}

// Drops the kept events if they stand in the way of so many bytes.
void give_way(Run& run, std::size_t bytes) {
  if (run.kept && !has_room(bytes)) run.kept = nullptr;
}

// Without a time zero the notebook's rule asks no more of it than which sessions may go on.
void find_end(Run& run) {
  const TimeSummary& times = run.builder().times();
  run.data_end_us = times.max_us;
  if (run.plan.trial.data_end.is_set()) {
    run.data_end_us = run.plan.trial.data_end.us;
  } else if (rule_of(run.plan.trial.kind).time_zero) {
    const DataEnd end = find_data_end(run.events.time_us, times.min_us, times.max_us);
    run.data_end_us = end.time_us;
    if (end.later_events == 0) return;
    run.notices.push_back({"lateEvents",
                           "The last " + counted(end.later_events, "event", "events") + " of " + std::to_string(run.event_count) +
                               " span more than a tenth of the time, up to " + format_utc(times.max_us) +
                               ", so the end of the data is taken to be " + format_utc(end.time_us) +
                               "; where it was observed longer, set data.end",
                           {{"events", end.later_events}, {"of", run.event_count}},
                           "data.end"});
  }
}

// Events of the treatment's type that are not of its group get a type of their own.
COLD Status tell_group(Run& run) {
  const TrialOptions& trial = run.plan.trial;
  if (trial.group.empty()) return {};
  OrderedEvents& events = run.events;
  const std::string others_type = trial.treatment_of_others();
  const auto refused = [](std::string message, const char* key) {
    return Error{ErrorCode::kBadPlan, std::move(message), {{}, {}, {}, key}};
  };
  const bool full = events.types.size() >= kMostTypes;
  if (full || type_id(events.types, others_type) < events.types.size()) {
    return refused(
        filled("treatment.group: events of other groups would become \"{}\", {}",
               {visible(others_type), full ? "for which there are too many event types" : "which the data have already"}),
        "treatment.group");
  }
  TreatmentGroup group(trial, *events.values, run.plan.reading.values.place_of("treatment.group"), events.types);
  for (std::uint32_t user = 0; user + 1 < events.user_begin.size(); ++user)
    group.tell_apart(events, user, events.user_begin[user], events.user_begin[user + 1]);
  events.types.push_back(others_type);
  const auto& [treatments, others, lacking] = group.counts();
  const std::uint64_t all = treatments + others;
  const std::string of_all = filled("{} \"{}\"", {counted(all, "event", "events"), visible(trial.treatment)}),
                    column = filled("\"{}\"", {visible(trial.group)});
  if (treatments == 0 && others != 0) {
    return refused(
        filled("treatment.groupValues: none of {} has one of them in column {}, so T would be 0 in every row; there is {}",
               {of_all, column, lacking == others ? "no value" : group.other_texts()}),
        "treatment.groupValues");
  }
  if (others == 0) return {};
  run.notices.push_back({"treatmentGroup",
                         filled("{} of {} {} not of the group that column {} tells, and {} of them {} no value there; they are "
                                "told as \"{}\", and a row "
                                "whose first treatment is one of them is left out",
                                {count_text(others), of_all, others == 1 ? "is" : "are", column, count_text(lacking),
                                 lacking == 1 ? "has" : "have", visible(others_type)}),
                         {{"events", others}, {"of", all}, {"lacking", lacking}},
                         "treatment.group"});
  return {};
}

Status order(Run& run) {
  if (run.kept) {
    run.events = *run.kept;
    if (!run.keep_events) run.kept = nullptr;
  } else {
    run.events = group_events(std::exchange(run.read, {}), run.workers);
    if (run.keep_events && has_room(run.events.size() * (kKeptBytes + kLaterBytes))) {
      run.kept = std::make_shared<OrderedEvents>(run.events);
    }
  }
  run.event_count = run.events.size();
  if (run.audited) give_way(run, run.event_count * kAuditBytes);
  find_end(run);
  const bool ranked = run.audited || run.events.values != nullptr;
  order_users(run.events, run.plan.order.ties, ranked ? InputRank::kKeep : InputRank::kForget, run.workers);
  run.tied = run.events.tied;
  return tell_group(run);
}

Status audit_events(Run& run) {
  run.audit = std::make_shared<Audit>();
  look_at_events(run, *run.audit);
  return {};
}

Status cut_sessions(Run& run) {
  if (run.plan.order.duplicates == Duplicates::kDrop) run.duplicates = drop_duplicates(run.events, run.workers);
  if (const std::uint64_t dropped = run.duplicates; dropped != 0) {
    run.notices.push_back({"duplicatesLeftOut",
                           counted(dropped, "event", "events") + " of " + std::to_string(run.event_count) +
                               (dropped == 1 ? " equals" : " equal") + " another one in user, time, type and item, and " +
                               (dropped == 1 ? "was" : "were") + " left out by events.duplicates",
                           {{"events", dropped}, {"of", run.event_count}},
                           "events.duplicates"});
  }
  run.sessions = sessionize(run.events, session_options(run.plan), run.workers);
  return {};
}

// Of the rules the last one asks whether the data hold the whole follow-up, so whoever came to it met all others.
Notice note_no_rows(const Attrition& attrition) {
  const std::uint64_t censored = attrition.after[static_cast<std::size_t>(Filter::kCensored)].rows;
  if (censored != 0) {
    return {"noRows",
            "The data end before the follow-up of " +
                (censored == 1 ? std::string("the one row") : "each of " + counted(censored, "row", "rows")) +
                " does, so every table is empty; set index.horizonHours to less, or add later data",
            {{"rows", censored}},
            "index.horizonHours"};
  }
  return {"noRows",
          "No session became a row, so every table is empty; the report counts what each rule left out",
          {},
          "session.minEvents"};
}

Status make_rows(Run& run) {
  run.trials = build_trials(run.events, run.sessions, run.setup(), run.workers);
  if (run.trials.table.rows() == 0) run.notices.push_back(note_no_rows(run.trials.attrition));
  return {};
}

Status split_users(Run& run) {
  run.split = split_rows(run.trials.table, run.events.users, run.plan.split, purged_us(run.plan));
  return {};
}

std::vector<IndexRange> vocabulary_ranges(const Run& run) {
  const auto train = run.rows_of(Part::kTrain);
  if (run.plan.vocabulary.fit_on == FitOn::kTrainX) return x_ranges(run.trials.table, train);
  if (run.plan.vocabulary.fit_on == FitOn::kTrain) return session_ranges(run.sessions, run.trials.table, train);
  std::vector<IndexRange> ranges;
  for (std::size_t s = 0; s < run.sessions.size(); ++s) ranges.push_back({run.sessions.begin[s], run.sessions.end[s]});
  return ranges;
}

Status fit_words(Run& run) {
  run.fitted = vocabulary_ranges(run);
  run.vocabulary = fit_vocabulary(
      run.events, run.fitted, run.plan.vocabulary,
      {run.plan.reading.events.without_item, run.plan.sequence.padding, run.plan.reading.events.types.size()}, run.workers);
  if (!run.audited) run.fitted = {};
  return {};
}

// Two of one name would be one column of the table.
COLD Status check_names(const std::vector<std::string>& names) {
  for (auto name = names.begin(); name != names.end(); ++name) {
    if (std::find(names.begin(), name, *name) == name) continue;
    return Error{ErrorCode::kBadPlan,
                 filled("Two values of covariates.columns would both be the covariate \"{}\"; leave one of the columns out",
                        {visible(*name)}),
                 {{}, {}, {}, "covariates.columns"}};
  }
  return {};
}

// Before the events become tokens, which tell unknown items no longer apart.
Status gather_covariates(Run& run) {
  const TrialTable& table = run.trials.table;
  if (!table.has_time_zero()) return {};
  const TrialSetup setup = run.setup();
  give_way(run, run.events.size() * kPopularityBytes);
  const ItemPopularity popularity(run.events, setup.exposure_type,
                                  training_events(table, run.events.users, run.plan.split, run.split));
  const CovariateSources sources{
      run.events, setup, run.plan.reading.events.without_item, run.clock(), run.builder().times().min_us, &popularity};
  CovariateTable& made = run.covariates;
  made.names = Covariates(sources, table).names();
  std::optional<ColumnCovariates> of_columns;
  if (const auto& columns = run.plan.reading.values.covariates; !columns.empty()) {
    of_columns.emplace(columns, run.events, setup, table, run.rows_of(Part::kTrain), run.plan.covariates);
    if (Status status = check_names(of_columns->names()); !status.ok()) return status;
    made.names.insert(made.names.end(), of_columns->names().begin(), of_columns->names().end());
    for (Notice& notice : of_columns->take_notices()) run.notices.push_back(std::move(notice));
  }
  const std::size_t columns = made.names.size();
  give_way(run, table.rows() * columns * sizeof(double));
  made.values.resize(table.rows() * columns);
  const std::vector<IndexRange> ranges = cut_members(table.user, run.workers);
  std::vector<LateEvents> late(ranges.size());
  run.workers.each(ranges.size(), [&](std::size_t i) {
    Covariates covariates(sources, table);
    for (std::size_t row = ranges[i].begin; row < ranges[i].end; ++row) {
      const std::span<const double> of_row = covariates.row(row);
      double* const end = std::copy(of_row.begin(), of_row.end(), made.values.data() + row * columns);
      if (of_columns) of_columns->put(row, end);
    }
    late[i] = covariates.late();
  });
  for (const LateEvents& more : late) {
    run.late.rows += more.rows;
    run.late.events += more.events;
  }
  made.leave_out_constants();
  return {};
}

// The probability of treatment that a column holds, where it is known by design.
COLD Status gather_propensity(Run& run) {
  const ReadingOptions::Values& values = run.plan.reading.values;
  const TrialTable& table = run.trials.table;
  if (values.propensity.empty() || !table.has_time_zero()) return {};
  const std::size_t column = values.place_of("treatment.propensity");
  const SharedTexts& texts = run.events.values->columns[column].texts;
  std::uint64_t refused = 0;
  std::string first;
  const std::vector<std::uint32_t> codes = codes_at_time_zero(run.events, run.setup(), table, column);
  for (std::size_t row = 0; row < codes.size(); ++row) {
    const bool missing = codes[row] == StringPool::kNone;
    const double value = missing ? 0 : read_cell_number(texts[codes[row]]).value_or(0);
    run.propensity.push_back(value);
    if ((value > 0 && value < 1) || refused++ != 0) continue;
    first = filled("user \"{}\", time zero {}: {}",
                   {visible(run.events.users[table.user[row]]), format_utc(table.time_zero_us[row]),
                    missing ? "there is no value" : filled("the value is \"{}\"", {visible(texts[codes[row]])})});
  }
  if (refused == 0) return {};
  return Error{
      ErrorCode::kBadRows,
      filled("column \"{}\", {}; the probability of treatment is a number above 0 and below 1 at each row's time zero, which "
             "{} of {} rows lack. Leave such events out, or name another column in the plan: treatment.propensity",
             {visible(values.propensity), first, count_text(refused), count_text(codes.size())}),
      {{}, {}, {}, "treatment.propensity"}};
}

// What the audit finds, of a run without one.
COLD void note_late(Run& run) {
  const auto& [rows, events] = run.late;
  const std::size_t of = run.trials.table.rows();
  if (run.audited || rows == 0) return;
  run.notices.push_back(
      {"arrivedAfterTimeZero",
       filled("{} became known only behind the time zero of a row whose covariates and X would have used {}, in "
              "{} of {}; by columns.knownAt they are left out there",
              {counted(events, "event", "events"), events == 1 ? "it" : "them", count_text(rows), counted(of, "row", "rows")}),
       {{"rows", rows}, {"of", of}, {"events", events}},
       "columns.knownAt"});
}

// What a column says of the outcomes that make Y.
COLD Status gather_outcome_values(Run& run) {
  const TrialOptions& trial = run.plan.trial;
  if (trial.outcome_value.empty()) return {};
  Result<OutcomeValues> values =
      add_up_outcomes(run.events, run.setup(), run.trials.table, run.plan.reading.values.place_of("outcome.value"), run.workers);
  if (!values.ok()) return values.error();
  run.outcome_values = std::move(values.value());
  const auto& [of_row, capped, lacking, with_outcomes] = run.outcome_values;
  const std::string column = filled("\"{}\"", {visible(trial.outcome_value)});
  if (lacking != 0) {
    run.notices.push_back(
        {"outcomeValuesMissing",
         filled("{} of {} rows with outcomes {} one without a value in column {}, which adds nothing to the sum",
                {count_text(lacking), count_text(with_outcomes), lacking == 1 ? "has" : "have", column}),
         {{"rows", lacking}, {"of", with_outcomes}},
         "outcome.value"});
  }
  if (capped != 0) {
    char cap[kMaxNumberText];
    run.notices.push_back({"outcomeValuesCapped",
                           filled("{} of {} rows with outcomes {} a larger sum of column {} than {}, as which it counts",
                                  {count_text(capped), count_text(with_outcomes), capped == 1 ? "has" : "have", column,
                                   std::string(cap, write_id(*trial.value_cap, cap))}),
                           {{"rows", capped}, {"of", with_outcomes}},
                           "outcome.valueCap"});
  }
  return {};
}

// What is known of each row at its time zero, and what came of it beside Y.
Status gather_known(Run& run) {
  Status status = gather_covariates(run);
  if (status.ok()) note_late(run);
  if (status.ok()) status = gather_propensity(run);
  return status.ok() ? gather_outcome_values(run) : status;
}

Status audit_rows(Run& run) {
  if (Status status = gather_known(run); !status.ok()) return status;
  run.controls = follow_controls(run.events, run.setup(), run.trials.table, run.workers);
  look_at_rows(run, *run.audit);
  run.fitted = {};
  return {};
}

Status make_sequences(Run& run) {
  std::optional<std::uint8_t> padding;
  if (!run.plan.sequence.padding.empty()) padding = type_id(run.events.types, run.plan.sequence.padding);
  if (!run.audited) {
    if (Status status = gather_known(run); !status.ok()) return status;
  }
  run.table =
      build_sequences(std::exchange(run.events, {}), std::exchange(run.trials.table, {}), run.vocabulary, padding, run.workers);
  run.table.covariate_names = std::move(run.covariates.names);
  run.table.covariates = std::move(run.covariates.values);
  run.table.propensity = std::move(run.propensity);
  run.table.with_outcome_value = !run.plan.trial.outcome_value.empty();
  run.table.outcome_value = std::move(run.outcome_values.of_row);
  run.table.values_capped = run.outcome_values.capped;
  run.table.constant_covariates = std::move(run.covariates.left_out);
  run.table.channels = run.plan.sequence.channels;
  run.table.keep = run.plan.sequence.keep;
  run.table.with_folds = run.plan.split.folds != 0;
  run.table.fold = std::move(run.split.fold);
  return {};
}

Status sum_up(Run& run) {
  run.summary = summarize(run.table, run.split);
  return {};
}

struct Step {
  std::string_view name;
  Status (*take)(Run& run);
  bool of_audit = false;
};

constexpr std::array kSteps = {
    Step{"reading", finish_reading},
    Step{"ordering", order},
    Step{"auditing", audit_events, true},
    Step{"sessions", cut_sessions},
    Step{"trials", make_rows},
    Step{"split", split_users},
    Step{"vocabulary", fit_words},
    Step{"auditing", audit_rows, true},
    Step{"sequences", make_sequences},
    Step{"reporting", sum_up},
};

}  // namespace

bool start_from(Run& run, const Run& earlier) {
  if (!earlier.kept || run.plan.reading != earlier.reading->options) return false;
  run.reading = earlier.reading;
  run.kept = earlier.kept;
  return true;
}

Status advance(Run& run) {
  if (done(run)) return Error{ErrorCode::kBadCall, "the run is already done", {}};
  if (Status status = kSteps[run.step].take(run); !status.ok()) return status;
  do ++run.step;
  while (!done(run) && kSteps[run.step].of_audit && !run.audited);
  return {};
}

bool done(const Run& run) { return run.step == kSteps.size(); }

std::string_view step_name(const Run& run) { return done(run) ? "done" : kSteps[run.step].name; }

Status run_to_end(Run& run) {
  while (!done(run)) {
    if (Status status = advance(run); !status.ok()) return status;
  }
  return {};
}

}  // namespace causal_sessions
