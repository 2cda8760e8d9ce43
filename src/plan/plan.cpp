#include "plan/plan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <span>

#include <nlohmann/json.hpp>

#include "ingest/json_text.h"
#include "ingest/timestamp.h"

namespace causal_sessions {
namespace {

using json = nlohmann::ordered_json;  // one kind of JSON value in the engine, not two

constexpr double kMaxHours = 1e6;  // 114 years: in nanoseconds still an int64
constexpr std::size_t kMaxTypes = 254;

template <class Enum>
using Names = std::initializer_list<std::pair<const char*, Enum>>;

const Names<TimeUnit> kTimeUnits = {{"auto", TimeUnit::kAuto},
                                    {"s", TimeUnit::kSeconds},
                                    {"ms", TimeUnit::kMilliseconds},
                                    {"us", TimeUnit::kMicroseconds},
                                    {"ns", TimeUnit::kNanoseconds}};
const Names<TieRule> kTieRules = {
    {"numpy", TieRule::kNumpy}, {"input", TieRule::kInput}, {"priority", TieRule::kPriority}};
const Names<UnknownTypes> kUnknownTypes = {
    {"error", UnknownTypes::kError}, {"drop", UnknownTypes::kDrop}, {"add", UnknownTypes::kAdd}};
const Names<TextFormat> kTextFormats = {{"auto", TextFormat::kAuto}, {"csv", TextFormat::kCsv}, {"json", TextFormat::kJson}};
const Names<char> kSeparators = {{"auto", '\0'}, {",", ','}, {";", ';'}, {"\t", '\t'}, {"|", '|'}};
const Names<CsvHeader> kCsvHeaders = {{"auto", CsvHeader::kAuto}, {"yes", CsvHeader::kYes}, {"no", CsvHeader::kNo}};
const Names<KeepEvents> kKeepEvents = {{"first", KeepEvents::kFirst}, {"last", KeepEvents::kLast}};
const Names<FitOn> kFitOn = {{"all", FitOn::kAll}, {"train", FitOn::kTrain}};
const Names<CsvFormulas> kCsvFormulas = {{"harmless", CsvFormulas::kHarmless}, {"keep", CsvFormulas::kKeep}};

template <class Enum>
std::string name_of(const Names<Enum>& names, Enum value) {
  for (const auto& [name, entry] : names) {
    if (entry == value) return name;
  }
  return {};
}

std::string join(std::span<const std::string> words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

// A value as a message shows it: short, and valid text whatever the bytes were.
std::string shown(const json& value) {
  std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace);
  constexpr std::size_t kMost = 57;
  if (text.size() <= kMost + 3) return text;
  std::size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // between characters
  return text.substr(0, end) + "...";
}

// One section of the plan while it is read: hands out its keys, then refuses what nobody asked for.
// The first error stays; later reads change nothing that matters.
class Section {
 public:
  Section(const json& parent, const char* key, std::optional<Error>& error)
      : path_(key), error_(error) {
    const auto found = parent.find(key);
    if (found == parent.end()) return;
    if (found->is_object()) {
      object_ = *found;
    } else {
      refuse("", *found, "it must be an object");
    }
  }
  Section(json whole, std::optional<Error>& error) : object_(std::move(whole)), error_(error) {}

  ~Section() {
    for (const auto& [key, value] : object_.items()) {
      if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
      if (error_) return;
      const std::string owner = path_.empty() ? "the plan" : path_;
      error_ = Error{ErrorCode::kBadPlan,
                     full(key) + " is not a plan key; " + owner + " has " + join(known_), {}};
      error_->where.column = full(key);
    }
  }

  const json* find(const char* key) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.push_back(key);
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
  }

  void number(const char* key, double& target, double low, double high, const char* rule) {
    const json* value = find(key);
    if (!value) return;
    if (!value->is_number() || !(value->get<double>() >= low && value->get<double>() <= high)) {
      refuse(key, *value, rule);
      return;
    }
    target = value->get<double>();
  }

  void whole(const char* key, std::uint32_t& target, std::uint32_t low, std::uint32_t high) {
    const json* value = find(key);
    if (!value) return;
    const double number = value->is_number() ? value->get<double>() : std::nan("");
    if (!(number >= low && number <= high) || number != std::floor(number)) {
      refuse(key, *value,
             "it must be a whole number from " + std::to_string(low) + " to " + std::to_string(high));
      return;
    }
    target = static_cast<std::uint32_t>(number);
  }

  void text(const char* key, std::string& target, const char* rule = "it must be a text that is not empty") {
    const json* value = find(key);
    if (!value) return;
    if (!value->is_string() || value->get_ref<const std::string&>().empty()) {
      refuse(key, *value, rule);
      return;
    }
    target = value->get<std::string>();
  }

  template <class Enum>
  void choice(const char* key, Enum& target, const Names<Enum>& names) {
    const json* value = find(key);
    if (!value) return;
    std::vector<std::string> allowed;
    for (const auto& [name, entry] : names) {
      if (value->is_string() && value->get_ref<const std::string&>() == name) {
        target = entry;
        return;
      }
      allowed.push_back('"' + std::string(name) + '"');
    }
    refuse(key, *value, "allowed: " + join(allowed));
  }

  void column(const char* key, ColumnName& target) {
    const json* value = find(key);
    if (!value || value->is_null()) return;
    if (value->is_string() && !value->get_ref<const std::string&>().empty()) {
      target.name = value->get<std::string>();
    } else if (value->is_number_unsigned() && value->get<double>() >= 1 && value->get<double>() <= 100'000) {
      target.number = value->get<std::uint32_t>();
    } else {
      refuse(key, *value, "it must be a column name, or a column number from 1");
    }
  }

  void refuse(const std::string& key, const json& value, const std::string& rule) {
    if (error_) return;
    error_ = Error{ErrorCode::kBadPlan, full(key) + " is " + shown(value) + "; " + rule, {}};
    error_->where.column = full(key);
  }

  [[nodiscard]] std::string full(const std::string& key) const {
    if (path_.empty() || key.empty()) return path_ + key;
    return path_ + "." + key;
  }

 private:
  json object_ = json::object();
  std::string path_;
  std::optional<Error>& error_;
  std::vector<std::string> known_;
};

bool has(const std::vector<std::string>& types, const std::string& type) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

void read_types(Section& section, Plan& plan) {
  const json* value = section.find("types");
  if (!value) return;
  const bool usable = value->is_array() && !value->empty() && value->size() <= kMaxTypes;
  std::vector<std::string> types;
  for (const json& type : usable ? *value : json::array()) {
    if (!type.is_string() || type.get_ref<const std::string&>().empty()) break;
    if (has(types, type.get<std::string>())) break;
    types.push_back(type.get<std::string>());
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
  } else if (value->is_string() && has(plan.events.types, value->get<std::string>())) {
    plan.sequence.padding = value->get<std::string>();
  } else {
    section.refuse("padding", *value,
                   "it must be null (no padding) or one of events.types (" + join(plan.events.types) + ")");
  }
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

void read_split(Section section, Plan& plan, std::optional<Error>& error) {
  const char* share = "it must be a number from 0 to 1";
  std::string kind = "shuffle";
  section.choice("kind", kind, Names<std::string>{{"shuffle", "shuffle"}});
  section.whole("seed", plan.split.seed, 0, 0xFFFFFFFFu);
  section.number("train", plan.split.train, 0, 1, share);
  section.number("validation", plan.split.validation, 0, 1, share);
  section.number("test", plan.split.test, 0, 1, share);
  const double sum = plan.split.train + plan.split.validation + plan.split.test;
  if (!error && !(std::abs(sum - 1) < 1e-6)) {  // the notebook's own tolerance
    error = Error{ErrorCode::kBadPlan,
                  "split.train + split.validation + split.test is " + json(sum).dump() +
                      "; the three shares must sum to 1", {}};
    error->where.column = "split";
  }
}

void read_type_name(const json& whole, const char* key, std::string& target, const Plan& plan,
                    std::optional<Error>& error) {
  Section section(whole, key, error);
  section.text("type", target);
  if (plan.events.unknown == UnknownTypes::kAdd || has(plan.events.types, target)) return;
  section.refuse("type", target,
                 "it must be one of events.types (" + join(plan.events.types) +
                     "); name your event types there, or set events.unknown to \"add\"");
}

void read_sections(const json& whole, Plan& plan, std::optional<Error>& error) {
  {
    Section input(whole, "input", error);
    input.choice("format", plan.input.format, kTextFormats);
    input.choice("separator", plan.input.separator, kSeparators);
    input.choice("header", plan.input.header, kCsvHeaders);
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
    std::string duplicates = "keep";
    events.choice("duplicates", duplicates, Names<std::string>{{"keep", "keep"}});
  }
  {
    Section session(whole, "session", error);
    const char* hours = "it must be a number of hours from 0 to 1,000,000";
    session.number("gapHours", plan.session.gap_hours, 0, kMaxHours, hours);
    session.whole("minEvents", plan.session.min_events, 1, 0x7FFFFFFF);
    if (const json* max = session.find("maxHours"); max && !max->is_null()) {
      double value = 0;
      session.number("maxHours", value, 0, kMaxHours, hours);
      plan.session.max_hours = value;
    }
  }
  read_type_name(whole, "treatment", plan.treatment_type, plan, error);
  read_type_name(whole, "outcome", plan.outcome_type, plan, error);
  {
    Section index(whole, "index", error);
    std::string kind = "session";
    index.choice("kind", kind, Names<std::string>{{"session", "session"}});
  }
  {
    Section sequence(whole, "sequence", error);
    sequence.whole("maxEvents", plan.sequence.max_events, 1, 0x7FFFFFFF);
    sequence.choice("keep", plan.sequence.keep, kKeepEvents);
    sequence.whole("minEvents", plan.sequence.min_events, 0, 1'000'000);
    read_padding(sequence, plan);
  }
  {
    Section vocabulary(whole, "vocabulary", error);
    vocabulary.choice("fitOn", plan.vocabulary.fit_on, kFitOn);
    vocabulary.whole("minCount", plan.vocabulary.min_count, 1, 0x7FFFFFFF);
  }
  read_split(Section(whole, "split", error), plan, error);
  {
    Section output(whole, "output", error);
    output.choice("csvFormulas", plan.output.csv_formulas, kCsvFormulas);
    if (const json* length = output.find("padTo"); length && !length->is_null()) {
      output.whole("padTo", plan.output.pad_to, 1, 1'000'000);
    }
  }
}

}  // namespace

namespace {

// To whole nanoseconds as pandas' Timedelta(hours=...) computes them, 4.1 hours being one short of 14,760 seconds; then
// down to whole microseconds: times have no finer digits, so "longer than" stays exact.
std::int64_t hours_to_us(double hours) { return static_cast<std::int64_t>(hours * 3600 * 1e9) / 1000; }

}  // namespace

std::int64_t Plan::max_gap_us() const { return hours_to_us(session.gap_hours); }

std::optional<std::int64_t> Plan::max_session_us() const {
  if (!session.max_hours) return std::nullopt;
  return hours_to_us(*session.max_hours);
}

Result<Plan> read_plan(std::string_view json_text) {
  Plan plan;
  if (json_text.find_first_not_of(" \t\r\n") == std::string_view::npos) return plan;
  const json whole = parse_json_value(json_text);
  if (whole.is_discarded()) return Error{ErrorCode::kBadPlan, "the plan is not valid JSON", {}};
  if (!whole.is_object()) {
    return Error{ErrorCode::kBadPlan, "the plan is " + shown(whole) + "; it must be a JSON object", {}};
  }
  std::optional<Error> error;
  {
    Section top(whole, error);
    top.choice("profile", plan.profile, Names<std::string>{{"notebook", "notebook"}});
    for (const char* key : {"input", "columns", "time", "events", "session", "treatment", "outcome", "index",
                            "sequence", "vocabulary", "split", "output"}) {
      top.find(key);
    }
  }
  if (!error) read_sections(whole, plan, error);
  if (error) return *error;
  return plan;
}

json plan_json(const Plan& plan) {
  // 24, not 24.0: the numbers as a person would type them.
  const auto number = [](double value) {
    const bool whole = value == std::floor(value) && std::abs(value) < 1e15;
    return whole ? json(static_cast<std::int64_t>(value)) : json(value);
  };
  const auto column = [](const ColumnName& name) {
    if (name.number != 0) return json(name.number);
    return name.name.empty() ? json(nullptr) : json(name.name);
  };
  json without_item = json::object();
  for (const auto& [type, token] : plan.events.without_item) without_item[type] = token;
  json whole;
  whole["profile"] = plan.profile;
  whole["input"] = {{"format", name_of(kTextFormats, plan.input.format)},
                    {"separator", name_of(kSeparators, plan.input.separator)},
                    {"header", name_of(kCsvHeaders, plan.input.header)}};
  whole["columns"] = {{"user", column(plan.columns.user)}, {"time", column(plan.columns.time)},
                      {"type", column(plan.columns.type)}, {"item", column(plan.columns.item)}};
  whole["time"] = {{"unit", name_of(kTimeUnits, plan.time.unit)},
                   {"zone", plan.time.zone},
                   {"ties", name_of(kTieRules, plan.time.ties)}};
  whole["events"]["types"] = plan.events.types;
  whole["events"]["withoutItem"] = without_item;
  whole["events"]["unknown"] = name_of(kUnknownTypes, plan.events.unknown);
  whole["events"]["duplicates"] = "keep";
  whole["session"]["gapHours"] = number(plan.session.gap_hours);
  whole["session"]["minEvents"] = plan.session.min_events;
  whole["session"]["maxHours"] =
      plan.session.max_hours ? number(*plan.session.max_hours) : json(nullptr);
  whole["treatment"]["type"] = plan.treatment_type;
  whole["outcome"]["type"] = plan.outcome_type;
  whole["index"]["kind"] = "session";
  whole["sequence"]["maxEvents"] = plan.sequence.max_events;
  whole["sequence"]["keep"] = name_of(kKeepEvents, plan.sequence.keep);
  whole["sequence"]["minEvents"] = plan.sequence.min_events;
  whole["sequence"]["padding"] =
      plan.sequence.padding.empty() ? json(nullptr) : json(plan.sequence.padding);
  whole["vocabulary"] = {{"fitOn", name_of(kFitOn, plan.vocabulary.fit_on)},
                         {"minCount", plan.vocabulary.min_count}};
  whole["split"]["kind"] = "shuffle";
  whole["split"]["seed"] = plan.split.seed;
  whole["split"]["train"] = number(plan.split.train);
  whole["split"]["validation"] = number(plan.split.validation);
  whole["split"]["test"] = number(plan.split.test);
  whole["output"] = {{"csvFormulas", name_of(kCsvFormulas, plan.output.csv_formulas)},
                     {"padTo", plan.output.pad_to ? json(plan.output.pad_to) : json(nullptr)}};
  return whole;
}

std::string write_plan(const Plan& plan) { return plan_json(plan).dump(2, ' ', false, json::error_handler_t::replace); }

}  // namespace causal_sessions
