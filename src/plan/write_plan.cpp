#include <cmath>

#include "plan/section.h"

namespace causal_sessions {
namespace {

using json = Section::Json;

// 24, not 24.0: the numbers as a person would type them.
json number(double value) {
  const bool whole = value == std::floor(value) && std::abs(value) < 1e15;
  return whole ? json(static_cast<std::int64_t>(value)) : json(value);
}

json column(const ColumnName& name) {
  if (name.number != 0) return json(name.number);
  return name.name.empty() ? json(nullptr) : json(name.name);
}

json text_or_null(const std::string& text) { return text.empty() ? json(nullptr) : json(text); }

template <class Enum>
json word(std::span<const Choice> choices, Enum value) {
  return std::string(name_of(choices, value));
}

void write_index(const Plan& plan, json& index) {
  index["kind"] = word(kIndexKinds, plan.index.kind);
  index["type"] = plan.index.type;
  index["minutes"] = number(plan.index.minutes);
  index["windowMinutes"] = number(plan.index.window_minutes);
  index["horizonHours"] = number(plan.index.horizon_hours);
  index["sameItem"] = plan.index.same_item;
  index["seed"] = plan.index.seed;
}

void write_sequence(const Plan& plan, json& sequence) {
  sequence["maxEvents"] = plan.sequence.max_events;
  sequence["keep"] = word(kKeepEvents, plan.sequence.keep);
  sequence["minEvents"] = plan.sequence.min_events;
  sequence["padding"] = text_or_null(plan.sequence.padding);
  sequence["channels"] = json::array();
  for (const Channel channel : plan.sequence.channels) sequence["channels"].push_back(word(kChannels, channel));
}

void write_split(const Plan& plan, json& split) {
  split["kind"] = word(kSplitKinds, plan.split.kind);
  split["seed"] = plan.split.seed;
  split["train"] = number(plan.split.train);
  split["validation"] = number(plan.split.validation);
  split["test"] = number(plan.split.test);
  split["folds"] = plan.split.folds == 0 ? json(nullptr) : json(plan.split.folds);
  split["validationFrom"] = text_or_null(plan.split.validation_from);
  split["testFrom"] = text_or_null(plan.split.test_from);
}

}  // namespace

json plan_json(const Plan& plan) {
  json without_item = json::object();
  for (const auto& [type, token] : plan.events.without_item) without_item[type] = token;
  json whole;
  whole["profile"] = plan.profile;
  whole["input"]["format"] = word(kTextFormats, plan.input.format);
  whole["input"]["separator"] = word(kSeparators, plan.input.separator);
  whole["input"]["header"] = word(kCsvHeaders, plan.input.header);
  whole["columns"]["user"] = column(plan.columns.user);
  whole["columns"]["time"] = column(plan.columns.time);
  whole["columns"]["type"] = column(plan.columns.type);
  whole["columns"]["item"] = column(plan.columns.item);
  whole["time"]["unit"] = word(kTimeUnits, plan.time.unit);
  whole["time"]["zone"] = plan.time.zone;
  whole["time"]["ties"] = word(kTieRules, plan.time.ties);
  whole["events"]["types"] = plan.events.types;
  whole["events"]["withoutItem"] = without_item;
  whole["events"]["unknown"] = word(kUnknownTypes, plan.events.unknown);
  whole["events"]["duplicates"] = word(kDuplicates, plan.events.duplicates);
  whole["session"]["gapHours"] = number(plan.session.gap_hours);
  whole["session"]["minEvents"] = plan.session.min_events;
  whole["session"]["minEventsOf"] = word(kLengthOf, plan.session.min_events_of);
  whole["session"]["maxHours"] = plan.session.max_hours ? number(*plan.session.max_hours) : json(nullptr);
  whole["treatment"]["type"] = plan.treatment_type;
  whole["outcome"]["type"] = plan.outcome.type;
  whole["outcome"]["from"] = word(kOutcomeFrom, plan.outcome.from);
  whole["outcome"]["prior"] = word(kPriorOutcomes, plan.outcome.prior);
  whole["outcome"]["censored"] = word(kCensored, plan.outcome.censored);
  write_index(plan, whole["index"]);
  write_sequence(plan, whole["sequence"]);
  whole["vocabulary"]["fitOn"] = word(kFitOn, plan.vocabulary.fit_on);
  whole["vocabulary"]["minCount"] = plan.vocabulary.min_count;
  whole["vocabulary"]["specialEvents"] = plan.vocabulary.special_events;
  write_split(plan, whole["split"]);
  whole["output"]["csvFormulas"] = word(kCsvFormulas, plan.output.csv_formulas);
  whole["output"]["padTo"] = plan.output.pad_to ? json(plan.output.pad_to) : json(nullptr);
  return whole;
}

std::string write_plan(const Plan& plan) { return plan_json(plan).dump(2, ' ', false, json::error_handler_t::replace); }

}  // namespace causal_sessions
