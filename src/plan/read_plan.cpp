#include <algorithm>
#include <cmath>

#include "formats/json/parse.h"
#include "ingest/timestamp.h"
#include "plan/section.h"

namespace causal_sessions {
namespace {

using json = Section::Json;

constexpr double kMaxHours = 1e6;  // 114 years: in nanoseconds still an int64
constexpr std::size_t kMaxTypes = 254;
constexpr std::size_t kMostNulls = 100;
constexpr const char* kHours = "it must be a number of hours from 0 to 1,000,000";
constexpr const char* kMinutes = "it must be a number of minutes from 0 to 1,000,000";

bool has(const std::vector<std::string>& types, const std::string& type) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

void read_types(Section& section, Plan& plan) {
  const json* value = section.find("types");
  if (!value) return;
  const bool usable = value->is_array() && !value->empty() && value->size() <= kMaxTypes;
  std::vector<std::string> types;
  for (const json& type : usable ? *value : json::array()) {
    const std::optional<std::string> name = Section::type_name(type);
    if (!name || has(types, *name)) break;
    types.push_back(*name);
  }
  if (!usable || types.size() != value->size()) {
    section.refuse("types", *value, "it must be a list of 1 to 254 different event types");
    return;
  }
  plan.events.types = std::move(types);
  // Defaults that name the notebook's "auction" go with it.
  if (!has(plan.events.types, "auction")) {
    plan.events.without_item.clear();
    plan.sequence.padding.clear();
  }
}

bool reserved(const std::string& token) { return token.empty() || token == "[PAD]" || token == "[UNK]"; }

void read_without_item(Section& section, Plan& plan) {
  const json* value = section.find("withoutItem");
  if (!value) return;
  if (!value->is_object()) {
    section.refuse("withoutItem", *value, "it must be an object from event type to item token");
    return;
  }
  plan.events.without_item.clear();
  for (const auto& [type, token] : value->items()) {
    if (!token.is_string() || reserved(token.get_ref<const std::string&>())) {
      section.refuse("withoutItem." + type, token, "it must be a token such as \"[AUCTION]\", not [PAD] or [UNK]");
    } else if (plan.events.unknown != UnknownTypes::kAdd && !has(plan.events.types, type)) {
      section.refuse("withoutItem." + type, token,
                     "\"" + type + "\" is not one of events.types (" + join(plan.events.types) + ")");
    } else {
      plan.events.without_item.emplace_back(type, token.get<std::string>());
    }
  }
}

void read_padding(Section& section, Plan& plan) {
  const json* value = section.find("padding");
  if (!value) return;
  if (value->is_null()) {
    plan.sequence.padding.clear();
  } else if (const auto type = Section::type_name(*value); type && has(plan.events.types, *type)) {
    plan.sequence.padding = *type;
  } else {
    section.refuse("padding", *value,
                   "it must be null (no padding) or one of events.types (" + join(plan.events.types) + ")");
  }
}

void read_channels(Section& section, Plan& plan) {
  const json* value = section.find("channels");
  if (!value) return;
  if (!value->is_array()) {
    section.refuse("channels", *value, "it must be a list, as in [\"gap\", \"hour\"]");
    return;
  }
  plan.sequence.channels.clear();
  for (const json& name : *value) {
    const std::optional<int> channel = section.chosen("channels", &name, kChannels);
    if (!channel) return;
    const auto known = static_cast<Channel>(*channel);
    auto& channels = plan.sequence.channels;
    if (std::find(channels.begin(), channels.end(), known) != channels.end()) {
      section.refuse("channels", *value, "a channel is named twice");
      return;
    }
    channels.push_back(known);
  }
  if (plan.index.kind == IndexKind::kSession && has_channel(plan, Channel::kToTimeZero)) {
    section.refuse("channels", *value, "\"toTimeZero\" needs a time zero: set index.kind to exposure, landmark or matched");
  }
}

// A list of texts; one text is a list of one.
void read_nulls(Section& section, Plan& plan) {
  const json* value = section.find("nulls");
  if (!value || value->is_null()) return;
  plan.input.nulls.clear();
  const json list = value->is_array() ? *value : json::array({*value});
  const bool usable = list.size() <= kMostNulls && std::all_of(list.begin(), list.end(), [](const json& text) {
    return text.is_string() && !text.get_ref<const std::string&>().empty();
  });
  if (!usable) {
    section.refuse("nulls", *value, "it must be a list of at most 100 texts, as in [\"\\\\N\", \"NULL\"]; an empty cell is missing in any case");
    return;
  }
  for (const json& text : list) plan.input.nulls.push_back(text.get<std::string>());
}

void read_zone(Section& section, Plan& plan) {
  section.text("zone", plan.time.zone);
  if (plan.time.zone == "UTC" || plan.time.zone == "Z") return;
  const std::optional<std::int64_t> offset = read_utc_offset(plan.time.zone);
  if (offset) {
    plan.time.zone_offset_us = *offset;
  } else {
    section.refuse("zone", plan.time.zone, "it must be \"UTC\" or a fixed offset such as \"+02:00\"");
  }
}

// An event type that the plan names elsewhere.
void read_type_name(Section& section, std::string& target, const Plan& plan, bool needed = true) {
  section.type("type", target);
  if (!needed || plan.events.unknown == UnknownTypes::kAdd || has(plan.events.types, target)) return;
  section.refuse("type", target,
                 "it must be one of events.types (" + join(plan.events.types) +
                     "); name your event types there, or set events.unknown to \"add\"");
}

// Returns whether the plan names the grace period itself.
bool read_index(Section section, Plan& plan) {
  auto& index = plan.index;
  section.choice("kind", index.kind, kIndexKinds);
  const bool exposure = index.kind == IndexKind::kExposure;
  read_type_name(section, index.type, plan, exposure);
  if (exposure && index.type == plan.treatment_type) {
    section.refuse("type", index.type, "that is treatment.type; an exposure is what the treatment may follow");
  }
  section.number("minutes", index.minutes, 0, kMaxHours, kMinutes);
  section.number("windowMinutes", index.window_minutes, 1e-6, kMaxHours,
                 "it must be a number of minutes above 0, at most 1,000,000");
  section.number("horizonHours", index.horizon_hours, 1e-9, kMaxHours,
                 "it must be a number of hours above 0, at most 1,000,000");
  if (plan.profile == "causal") index.washout_hours = index.horizon_hours;
  section.number("washoutHours", index.washout_hours, 0, kMaxHours, kHours);
  if ((exposure || index.kind == IndexKind::kLandmark) && plan.horizon_us() < plan.window_us()) {
    section.refuse("horizonHours", index.horizon_hours,
                   "it is shorter than index.windowMinutes, so the end of the data could cut T where it does not cut Y; make it at least as long");
  }
  section.flag("sameItem", index.same_item);
  if (index.same_item && !exposure) {
    section.refuse("sameItem", true, "only an exposure has items of its own: set index.kind to \"exposure\"");
  }
  section.choice("windowEnds", index.window_ends, kWindowEnds);
  // Each of them alone is allowed; by default the rule gives way, and where it is named it says what it needs.
  if (!exposure || index.window_ends != WindowEnds::kNextExposure) index.grace = GracePeriod::kExclude;
  section.choice("gracePeriod", index.grace, kGracePeriods);
  if (index.grace == GracePeriod::kAlign && !exposure) {
    section.refuse("gracePeriod", "align", "it moves the time zero of exposures: set index.kind to \"exposure\"");
  } else if (index.grace == GracePeriod::kAlign && index.window_ends != WindowEnds::kNextExposure) {
    section.refuse("gracePeriod", "align", "it needs a window that ends before the next exposure: set index.windowEnds to \"nextExposure\"");
  }
  section.whole("controls", index.controls, 1, 100);
  section.whole("seed", index.seed, 0, 0xFFFFFFFFu);
  return section.find("gracePeriod") != nullptr;
}

void read_outcome(Section section, Plan& plan, bool grace_is_named) {
  read_type_name(section, plan.outcome.type, plan);
  if (plan.outcome.type == plan.treatment_type) {
    section.refuse("type", plan.outcome.type, "that is treatment.type; an outcome is what the treatment may lead to");
  } else if (plan.index.kind == IndexKind::kExposure && plan.outcome.type == plan.index.type) {
    section.refuse("type", plan.outcome.type, "that is index.type; an outcome is what may follow an exposure");
  }
  const bool time_zero = plan.index.kind != IndexKind::kSession;
  // Counting an outcome before time zero is the notebook's alone.
  if (time_zero && plan.outcome.prior == PriorOutcome::kCount) plan.outcome.prior = PriorOutcome::kExclude;
  section.choice("from", plan.outcome.from, kOutcomeFrom);
  if (plan.outcome.from == OutcomeFrom::kWindowEnd && plan.index.grace == GracePeriod::kAlign) {
    if (grace_is_named) section.refuse("from", "windowEnd", "index.gracePeriod \"align\" counts outcomes from time zero on: set one of the two otherwise");
    plan.index.grace = GracePeriod::kExclude;
  }
  section.choice("prior", plan.outcome.prior, kPriorOutcomes);
  section.choice("censored", plan.outcome.censored, kCensored);
  if (time_zero && plan.outcome.prior == PriorOutcome::kCount) {
    section.refuse("prior", "count", "with a time zero (index.kind) only what follows it counts: ignore or exclude");
  }
  if (!time_zero && plan.outcome.from == OutcomeFrom::kWindowEnd) {
    section.refuse("from", "windowEnd", "that needs a time zero: set index.kind to exposure, landmark or matched");
  }
}

// Null leaves the targets alone.
void read_date(Section& section, const char* key, const Plan& plan, std::string& text, std::int64_t& time_us) {
  const json* value = section.find(key);
  if (!value || value->is_null()) return;
  const std::string given = value->is_string() ? value->get<std::string>() : std::string();
  const ParsedTime time = TimestampParser(plan.time.zone_offset_us).parse(given);
  if (time.kind != ParsedTime::Kind::kDate) {
    section.refuse(key, *value, "it must be a date such as \"2025-09-12\" or \"2025-09-12 06:00\"");
  }
  text = given;
  time_us = time.value;
}

void read_cut(Section& section, const char* key, const Plan& plan, std::string& text, std::int64_t& time_us) {
  const json* value = section.find(key);
  if (value && !value->is_null() && plan.split.kind != SplitKind::kTime) section.refuse(key, *value, "that needs split.kind \"time\"");
  read_date(section, key, plan, text, time_us);
}

void read_split(Section section, Plan& plan, std::optional<Error>& error) {
  const char* share = "it must be a number from 0 to 1";
  section.choice("kind", plan.split.kind, kSplitKinds);
  section.whole("seed", plan.split.seed, 0, 0xFFFFFFFFu);
  section.number("train", plan.split.train, 0, 1, share);
  section.number("validation", plan.split.validation, 0, 1, share);
  section.number("test", plan.split.test, 0, 1, share);
  if (plan.split.kind == SplitKind::kFolds) plan.split.folds = 5;
  if (const json* folds = section.find("folds"); folds && !folds->is_null()) {
    section.whole("folds", plan.split.folds, 2, 1000);
  }
  read_cut(section, "validationFrom", plan, plan.split.validation_from, plan.split.validation_from_us);
  read_cut(section, "testFrom", plan, plan.split.test_from, plan.split.test_from_us);
  if (plan.split.validation_from.empty() != plan.split.test_from.empty()) {
    section.refuse(plan.split.test_from.empty() ? "testFrom" : "validationFrom", nullptr,
                   "give both dates, validationFrom and testFrom, or neither");
  } else if (plan.split.test_from_us < plan.split.validation_from_us) {
    section.refuse("testFrom", plan.split.test_from, "it must not be before validationFrom");
  }
  const double sum = plan.split.train + plan.split.validation + plan.split.test;
  if (!error && !(std::abs(sum - 1) < 1e-6)) {  // the notebook's own tolerance
    error = Error{ErrorCode::kBadPlan,
                  "split.train + split.validation + split.test is " + json(sum).dump() +
                      "; the three shares must sum to 1", {}};
    error->where.column = "split";
  }
}

void read_session(Section section, Plan& plan) {
  section.number("gapHours", plan.session.gap_hours, 0, kMaxHours, kHours);
  section.whole("minEvents", plan.session.min_events, 1, 0x7FFFFFFF);
  section.choice("minEventsOf", plan.session.min_events_of, kLengthOf);
  if (const json* max = section.find("maxHours"); max && !max->is_null()) {
    double value = 0;
    section.number("maxHours", value, 0, kMaxHours, kHours);
    plan.session.max_hours = value;
  }
}

void read_input(const json& whole, Plan& plan, std::optional<Error>& error) {
  {
    Section input(whole, "input", error);
    input.choice("format", plan.input.format, kTextFormats);
    input.choice("separator", plan.input.separator, kSeparators);
    input.choice("header", plan.input.header, kCsvHeaders);
    input.character("quote", plan.input.quote);
    input.character("escape", plan.input.escape);
    read_nulls(input, plan);
    if (plan.input.quote != 0 && plan.input.quote == plan.input.escape) {
      input.refuse("escape", std::string(1, plan.input.escape),
                   "that is input.quote, which is doubled inside a cell in any case; leave the escape null");
    }
  }
  {
    Section columns(whole, "columns", error);
    columns.column("user", plan.columns.user);
    columns.column("time", plan.columns.time);
    columns.column("type", plan.columns.type);
    columns.column("item", plan.columns.item);
  }
  {
    Section time(whole, "time", error);
    time.choice("unit", plan.time.unit, kTimeUnits);
    read_zone(time, plan);
    time.choice("ties", plan.time.ties, kTieRules);
  }
  {
    Section events(whole, "events", error);
    read_types(events, plan);
    events.choice("unknown", plan.events.unknown, kUnknownTypes);
    read_without_item(events, plan);
    events.choice("duplicates", plan.events.duplicates, kDuplicates);
  }
  {
    // Until there was a key of their own, bad rows were left out together with unknown types: plans of that time go on.
    if (plan.events.unknown == UnknownTypes::kDrop) plan.rows.bad = BadRows::kDrop;
    Section rows(whole, "rows", error);
    rows.choice("bad", plan.rows.bad, kBadRows);
  }
}

void read_sections(const json& whole, Plan& plan, std::optional<Error>& error) {
  read_input(whole, plan, error);
  {
    Section data(whole, "data", error);
    read_date(data, "end", plan, plan.data.end, plan.data.end_us);
  }
  read_session({whole, "session", error}, plan);
  {
    Section treatment(whole, "treatment", error);
    read_type_name(treatment, plan.treatment_type, plan);
  }
  const bool grace_is_named = read_index({whole, "index", error}, plan);
  read_outcome({whole, "outcome", error}, plan, grace_is_named);
  {
    Section sequence(whole, "sequence", error);
    sequence.whole("maxEvents", plan.sequence.max_events, 1, 0x7FFFFFFF);
    sequence.choice("keep", plan.sequence.keep, kKeepEvents);
    sequence.whole("minEvents", plan.sequence.min_events, 0, 1'000'000);
    read_padding(sequence, plan);
    read_channels(sequence, plan);
  }
  {
    Section vocabulary(whole, "vocabulary", error);
    vocabulary.choice("fitOn", plan.vocabulary.fit_on, kFitOn);
    vocabulary.whole("minCount", plan.vocabulary.min_count, 1, 0x7FFFFFFF);
    vocabulary.flag("specialEvents", plan.vocabulary.special_events);
  }
  read_split({whole, "split", error}, plan, error);
  {
    Section output(whole, "output", error);
    output.choice("csvFormulas", plan.output.csv_formulas, kCsvFormulas);
    if (const json* length = output.find("padTo"); length && !length->is_null()) {
      output.whole("padTo", plan.output.pad_to, 1, 1'000'000);
    }
  }
}

}  // namespace

Result<Plan> read_plan(std::string_view json_text) {
  if (json_text.find_first_not_of(" \t\r\n") == std::string_view::npos) return Plan();
  const json whole = parse_json_value(json_text);
  if (whole.is_discarded()) {
    const bool too_large = is_json(json_text);
    return Error{ErrorCode::kBadPlan,
                 too_large ? "the plan has more than 64 levels, or more than 1,000 keys in one object" : "the plan is not valid JSON", {}};
  }
  if (!whole.is_object()) {
    return Error{ErrorCode::kBadPlan, "the plan is " + shown(whole) + "; it must be a JSON object", {}};
  }
  std::optional<Error> error;
  Plan plan;
  {
    Section top(whole, error);
    if (const json* profile = top.find("profile")) {
      const std::string name = profile->is_string() ? profile->get<std::string>() : std::string();
      if (std::optional<Plan> defaults = default_plan(name)) {
        plan = *std::move(defaults);
      } else {
        top.refuse("profile", *profile, "allowed: \"notebook\", \"causal\"");
      }
    }
    for (const char* key : {"input", "columns", "time", "events", "rows", "data", "session", "treatment", "outcome", "index",
                            "sequence", "vocabulary", "split", "output"}) {
      top.find(key);
    }
  }
  if (!error) read_sections(whole, plan, error);
  if (error) return *error;
  return plan;
}

}  // namespace causal_sessions
