#include <cmath>

#include "formats/json/fields.h"
#include "plan/section.h"

namespace causal_sessions {
namespace {

// 24, not 24.0: the numbers as a person would type them.
Json number(double value) {
  const bool whole = value == std::floor(value) && std::abs(value) < 1e15;
  return whole ? Json(static_cast<std::int64_t>(value)) : Json(value);
}

Json number_or_null(std::uint32_t value) { return value == 0 ? Json() : Json(value); }

Json column(const ColumnName& name) {
  if (name.number != 0) return name.number;
  return name.name.empty() ? Json() : Json(name.name);
}

std::string character(char c) { return c == 0 ? std::string() : std::string(1, c); }

template <class Enum>
std::string_view word(std::span<const Choice> choices, Enum value) {
  return name_of(choices, value);
}

Json input_json(const Plan& plan) {
  return Fields()
      .text("format", word(kTextFormats, plan.input.format))
      .text("separator", word(kSeparators, plan.input.separator))
      .text("header", word(kCsvHeaders, plan.input.header))
      .text_or_null("quote", character(plan.input.quote))
      .text_or_null("escape", character(plan.input.escape))
      .put("nulls", plan.input.nulls)
      .done();
}

Json columns_json(const Plan& plan) {
  return Fields()
      .put("user", column(plan.columns.user))
      .put("time", column(plan.columns.time))
      .put("type", column(plan.columns.type))
      .put("item", column(plan.columns.item))
      .done();
}

Json time_json(const Plan& plan) {
  return Fields()
      .text("unit", word(kTimeUnits, plan.time.unit))
      .text("zone", plan.time.zone)
      .text("ties", word(kTieRules, plan.time.ties))
      .done();
}

Json events_json(const Plan& plan) {
  Fields without_item;
  for (const auto& [type, token] : plan.events.without_item) without_item.text(type.c_str(), token);
  return Fields()
      .put("types", plan.events.types)
      .put("withoutItem", without_item.done())
      .text("unknown", word(kUnknownTypes, plan.events.unknown))
      .text("duplicates", word(kDuplicates, plan.events.duplicates))
      .done();
}

Json rows_json(const Plan& plan) { return Fields().text("bad", word(kBadRows, plan.rows.bad)).done(); }

Json data_json(const Plan& plan) { return Fields().text_or_null("end", plan.data.end).done(); }

Json session_json(const Plan& plan) {
  return Fields()
      .put("gapHours", number(plan.session.gap_hours))
      .count("minEvents", plan.session.min_events)
      .text("minEventsOf", word(kLengthOf, plan.session.min_events_of))
      .put("maxHours", plan.session.max_hours ? number(*plan.session.max_hours) : Json())
      .done();
}

Json outcome_json(const Plan& plan) {
  return Fields()
      .text("type", plan.outcome.type)
      .text("from", word(kOutcomeFrom, plan.outcome.from))
      .text("prior", word(kPriorOutcomes, plan.outcome.prior))
      .text("censored", word(kCensored, plan.outcome.censored))
      .done();
}

Json index_json(const Plan& plan) {
  return Fields()
      .text("kind", word(kIndexKinds, plan.index.kind))
      .text("type", plan.index.type)
      .put("minutes", number(plan.index.minutes))
      .put("windowMinutes", number(plan.index.window_minutes))
      .put("horizonHours", number(plan.index.horizon_hours))
      .flag("sameItem", plan.index.same_item)
      .text("windowEnds", word(kWindowEnds, plan.index.window_ends))
      .text("gracePeriod", word(kGracePeriods, plan.index.grace))
      .put("washoutHours", number(plan.index.washout_hours))
      .count("controls", plan.index.controls)
      .count("seed", plan.index.seed)
      .done();
}

Json sequence_json(const Plan& plan) {
  Json channels = Json::array();
  for (const Channel channel : plan.sequence.channels) channels.push_back(std::string(word(kChannels, channel)));
  return Fields()
      .count("maxEvents", plan.sequence.max_events)
      .text("keep", word(kKeepEvents, plan.sequence.keep))
      .count("minEvents", plan.sequence.min_events)
      .text_or_null("padding", plan.sequence.padding)
      .put("channels", std::move(channels))
      .done();
}

Json vocabulary_json(const Plan& plan) {
  return Fields()
      .text("fitOn", word(kFitOn, plan.vocabulary.fit_on))
      .count("minCount", plan.vocabulary.min_count)
      .put("specialEvents", plan.vocabulary.special_events)
      .done();
}

Json split_json(const Plan& plan) {
  return Fields()
      .text("kind", word(kSplitKinds, plan.split.kind))
      .count("seed", plan.split.seed)
      .put("train", number(plan.split.train))
      .put("validation", number(plan.split.validation))
      .put("test", number(plan.split.test))
      .put("folds", number_or_null(plan.split.folds))
      .text_or_null("validationFrom", plan.split.validation_from)
      .text_or_null("testFrom", plan.split.test_from)
      .done();
}

Json output_json(const Plan& plan) {
  return Fields()
      .text("csvFormulas", word(kCsvFormulas, plan.output.csv_formulas))
      .put("padTo", number_or_null(plan.output.pad_to))
      .done();
}

}  // namespace

Json plan_json(const Plan& plan) {
  return Fields()
      .text("profile", plan.profile)
      .put("input", input_json(plan))
      .put("columns", columns_json(plan))
      .put("time", time_json(plan))
      .put("events", events_json(plan))
      .put("rows", rows_json(plan))
      .put("data", data_json(plan))
      .put("session", session_json(plan))
      .put("treatment", Fields().text("type", plan.treatment_type).done())
      .put("outcome", outcome_json(plan))
      .put("index", index_json(plan))
      .put("sequence", sequence_json(plan))
      .put("vocabulary", vocabulary_json(plan))
      .put("split", split_json(plan))
      .put("output", output_json(plan))
      .done();
}

std::string write_plan(const Plan& plan) { return plan_json(plan).dump(2, ' ', false, Json::error_handler_t::replace); }

}  // namespace causal_sessions
