#include "plan/keys.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>

#include "core/civil_time.h"
#include "ingest/columns/path.h"
#include "ingest/timestamp.h"

namespace causal_sessions {
namespace {

using Refused = std::optional<Refusal>;

constexpr std::uint32_t kMany = 0x7FFFFFFF;
constexpr double kMaxSpan = 1e6;  // hours, 114 years: in nanoseconds still an int64

Refused refuse(const Json& value, std::string rule) { return Refusal{{}, value, std::move(rule)}; }

bool has(const std::vector<std::string>& types, const std::string& type) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

std::optional<std::string> type_name(const Json& value) {
  if (value.is_number_integer()) return value.dump();
  if (!value.is_string() || value.get_ref<const std::string&>().empty()) return std::nullopt;
  return value.get<std::string>();
}

// --- reading, by the type of what is set ---

Refused read(const Key& key, const Json& value, double& target) {
  const double number = value.is_number() ? value.get<double>() : std::nan("");
  if (!(number >= key.limits.low && number <= key.limits.high)) return refuse(value, rule_of(key));
  target = number;
  return {};
}

Refused read(const Key& key, const Json& value, std::optional<double>& target) {
  if (value.is_null()) return {};
  return read(key, value, target.emplace());
}

Refused read(const Key& key, const Json& value, std::uint32_t& target) {
  if (key.nullable && value.is_null()) return {};
  double number = 0;
  if (Refused refused = read(key, value, number)) return refused;
  if (number != std::floor(number)) return refuse(value, rule_of(key));
  target = static_cast<std::uint32_t>(number);
  return {};
}

Refused read(const Key& key, const Json& value, Duration& target) {
  double number = 0;
  if (Refused refused = read(key, value, number)) return refused;
  target = key.kind == KeyKind::kHours ? hours(number) : minutes(number);
  return {};
}

Refused read(const Key& key, const Json& value, std::optional<Duration>& target) {
  if (value.is_null()) return {};
  Duration given;
  if (Refused refused = read(key, value, given)) return refused;
  target = given;
  return {};
}

Refused read(const Key& key, const Json& value, bool& target) {
  if (!value.is_boolean()) return refuse(value, rule_of(key));
  target = value.get<bool>();
  return {};
}

Refused read(const Key& key, const Json& value, char& target) {
  const std::string text = value.is_string() ? value.get<std::string>() : std::string();
  const bool usable = text.size() == 1 && text[0] > ' ' && text[0] < 0x7F && text.find_first_of(",;|") == text.npos;
  if (!value.is_null() && !usable) return refuse(value, rule_of(key));
  target = usable ? text[0] : '\0';
  return {};
}

// The text in {"name": "..."}, where there is nothing else; nothing if it is something else.
std::optional<std::string> only_text(const Json& value, const char* name) {
  const bool fits = value.is_object() && value.size() == 1 && value.contains(name) && value[name].is_string();
  if (!fits || value[name].get_ref<const std::string&>().empty()) return std::nullopt;
  return value[name].get<std::string>();
}

Refused read(const Key& key, const Json& value, ColumnName& target) {
  target = {};
  if (value.is_null()) return {};
  if (value.is_string() && !value.get_ref<const std::string&>().empty()) {
    target.name = value.get<std::string>();
  } else if (value.is_number_unsigned() && value.get<double>() >= key.limits.low && value.get<double>() <= key.limits.high) {
    target.number = value.get<std::uint32_t>();
  } else if (std::optional<std::string> constant = only_text(value, "value")) {
    target.constant = std::move(constant);
  } else if (value.is_array() && !value.empty() && value.size() <= kMostAlternatives) {
    for (const Json& one : value) {
      if (Refused refused = read(key, one, target.several.emplace_back()); refused || !target.several.back().several.empty())
        return refuse(value, rule_of(key));
      if (one.is_null() || target.several.back().constant) return refuse(value, rule_of(key));
    }
  } else {
    return refuse(value, rule_of(key));
  }
  return {};
}

template <class Enum>
Refused read_choice(const Key& key, const Json& value, Enum& target) {
  for (const Choice& choice : key.choices) {
    if (!value.is_string() || value.get_ref<const std::string&>() != choice.name) continue;
    target = static_cast<Enum>(choice.value);
    return {};
  }
  return refuse(value, allowed_words(key));
}

Refused read_type(const Key& key, const Json& value, std::string& target) {
  const std::optional<std::string> name = type_name(value);
  if (!name) return refuse(value, rule_of(key));
  target = *name;
  return {};
}

Refused read_types(const Key& key, const Json& value, std::vector<std::string>& target) {
  const bool usable = value.is_array() && static_cast<double>(value.size()) >= key.limits.low && value.size() <= kMostTypes;
  std::vector<std::string> types;
  for (const Json& type : usable ? value : Json::array()) {
    const std::optional<std::string> name = type_name(type);
    if (!name || has(types, *name)) break;
    types.push_back(*name);
  }
  if (!usable || types.size() != value.size()) return refuse(value, rule_of(key));
  target = std::move(types);
  return {};
}

Refused read_tokens(const Key& key, const Json& value, Plan& plan) {
  if (!value.is_object()) return refuse(value, rule_of(key));
  auto& tokens = plan.reading.events.without_item;
  tokens.clear();
  for (const auto& [type, token] : value.items()) {
    const std::string text = token.is_string() ? token.get<std::string>() : std::string();
    if (text.empty() || text == kPadToken || text == kUnknownToken) {
      return Refusal{"." + type, token, "it must be a token such as \"[AUCTION]\", not [PAD] or [UNK]"};
    }
    tokens.emplace_back(type, text);
  }
  return {};
}

Refused read_texts(const Key& key, const Json& value, std::vector<std::string>& target) {
  if (value.is_null()) return {};
  const Json list = value.is_array() ? value : Json::array({value});
  const bool usable = list.size() <= kMostNulls && std::all_of(list.begin(), list.end(), [](const Json& text) {
                        return text.is_string() && !text.get_ref<const std::string&>().empty();
                      });
  if (!usable) return refuse(value, rule_of(key));
  target.clear();
  for (const Json& text : list) target.push_back(text.get<std::string>());
  return {};
}

Refused read_nulls(const Key& key, const Json& value, Plan& plan) { return read_texts(key, value, plan.reading.input.nulls); }
Refused read_group_values(const Key& key, const Json& value, Plan& plan) {
  return read_texts(key, value, plan.trial.group_values);
}

Refused read_columns(const Key& key, const Json& value, Plan& plan) {
  if (value.is_null()) return {};
  std::vector<std::string>& columns = plan.reading.values.covariates;
  columns.clear();
  for (const Json& name : value.is_array() ? value : Json::array({value})) {
    const std::string text = name.is_string() ? name.get<std::string>() : std::string();
    if (text.empty() || has(columns, text) || columns.size() == kMostValueColumns) return refuse(value, rule_of(key));
    columns.push_back(text);
  }
  return {};
}

// The name of a column that events bring along, which reading and rows both ask for.
Refused read_name(const Key& key, const Json& value, std::string& of_reading, std::string& of_rows) {
  const std::string text = value.is_string() ? value.get<std::string>() : std::string();
  if (!value.is_null() && text.empty()) return refuse(value, rule_of(key));
  of_reading = of_rows = text;
  return {};
}

Refused read_propensity(const Key& key, const Json& value, Plan& plan) {
  return read_name(key, value, plan.reading.values.propensity, plan.trial.propensity);
}

Refused read_group(const Key& key, const Json& value, Plan& plan) {
  return read_name(key, value, plan.reading.values.group, plan.trial.group);
}

Refused read_outcome_value(const Key& key, const Json& value, Plan& plan) {
  return read_name(key, value, plan.reading.values.outcome, plan.trial.outcome_value);
}

Refused read_comparator(const Key& key, const Json& value, Plan& plan) {
  plan.trial.comparator.clear();
  return value.is_null() ? Refused() : read_type(key, value, plan.trial.comparator);
}

Refused read_rows(const Key& key, const Json& value, Plan& plan) {
  std::string rows = value.is_string() ? value.get<std::string>() : std::string();
  const std::optional<Path> path = read_path(rows);
  const auto lists = path ? std::count_if(path->begin(), path->end(), [](const PathStep& step) { return step.is_list(); }) : 0;
  if (!value.is_null() && (!path || lists > 1 || (lists == 1 && !path->back().is_list()))) return refuse(value, rule_of(key));
  plan.reading.input.rows = std::move(rows);
  return {};
}

Refused read_zone(const Key& key, const Json& value, LocalZone& time) {
  if (!value.is_string() || value.get_ref<const std::string&>().empty())
    return refuse(value, "it must be a text that is not empty");
  time.zone = value.get<std::string>();
  const bool utc = time.zone == "UTC" || time.zone == "Z";
  if (const std::optional<std::int64_t> offset = utc ? std::optional<std::int64_t>(0) : read_utc_offset(time.zone)) {
    time.zone_offset_us = *offset;
    time.zone_table = nullptr;
    return {};
  }
  const std::shared_ptr<const TimeZone> table = TimeZone::load(time.zone);
  if (!table && !TimeZone::load("Europe/Berlin")) return refuse(value, rule_of(key) + "; but this machine has no data of zones");
  if (!table) return refuse(value, rule_of(key));
  time.zone_offset_us = table->offset_at(0);
  time.zone_table = table->is_fixed() ? nullptr : table;
  return {};
}

// A file's own unit is none that is told.
Refused read_unit(const Json& value, TimeUnit& unit) {
  std::string names;
  for (const Choice& choice : kTimeUnits) {
    const auto one = static_cast<TimeUnit>(choice.value);
    if (one == TimeUnit::kAuto) continue;
    if (value == choice.name) unit = one;
    names.append(names.empty() ? "" : ", ").append(choice.name);
  }
  if (unit == TimeUnit::kAuto) return refuse(value, "the unit of a file must be one of " + names);
  return {};
}

Refused read_files(const Key& key, const Json& value, Plan& plan) {
  std::vector<FileRule>& rules = plan.reading.input.files;
  rules.clear();
  if (value.is_null()) return {};
  if (!value.is_array() || value.size() > kMostFileRules) return refuse(value, rule_of(key));
  for (const Json& entry : value) {
    const auto text = [&](const char* name) { return only_text(Json{{name, entry.value(name, Json())}}, name); };
    if (!entry.is_object() || entry.size() < 2 || !text("match")) return refuse(value, rule_of(key));
    FileRule& rule = rules.emplace_back();
    rule.match = *text("match");
    for (const auto& [name, set] : entry.items()) {
      if (name == "match" || (name == "type" && (rule.type = type_name(set)))) continue;
      if (name != "unit" && name != "zone") return refuse(value, rule_of(key));
      if (Refused refused =
              name == "unit" ? read_unit(set, rule.unit) : read_zone(*find_key("time.zone"), set, rule.zone.emplace()))
        return refuse(value, std::move(refused->rule));
    }
  }
  return {};
}

Refused read_zone(const Key& key, const Json& value, Plan& plan) { return read_zone(key, value, plan.reading.time); }

Refused read_formats(const Key& key, const Json& value, Plan& plan) {
  if (value.is_null()) return {};
  const Json list = value.is_array() ? value : Json::array({value});
  if (list.empty() || list.size() > kMostFormats) return refuse(value, rule_of(key));
  plan.reading.time.format.clear();
  for (const Json& format : list) {
    const std::string text = format.is_string() ? format.get<std::string>() : std::string();
    if (text.empty() || text.size() > kMostFormatBytes) return refuse(value, rule_of(key));
    if (std::string problem = TimeFormat::problem(text); !problem.empty()) return refuse(format, std::move(problem));
    plan.reading.time.format.push_back(text);
  }
  return {};
}

Refused read_padding(const Key&, const Json& value, Plan& plan) {
  if (value.is_null()) {
    plan.sequence.padding.clear();
    return {};
  }
  const std::vector<std::string>& types = plan.reading.events.types;
  const std::optional<std::string> type = type_name(value);
  if (!type || !has(types, *type))
    return refuse(value, "it must be null (no padding) or one of events.types (" + join(types) + ")");
  plan.sequence.padding = *type;
  return {};
}

Refused read_channels(const Key& key, const Json& value, Plan& plan) {
  if (!value.is_array()) return refuse(value, rule_of(key));
  std::vector<Channel>& channels = plan.sequence.channels;
  channels.clear();
  for (const Json& name : value) {
    Channel channel{};
    if (Refused refused = read_choice(key, name, channel)) return refused;
    if (std::find(channels.begin(), channels.end(), channel) != channels.end()) return refuse(value, "a channel is named twice");
    channels.push_back(channel);
  }
  return {};
}

// The zone stands before every date.
Refused read_date(const Key& key, const Json& value, const Plan& plan, Date& target) {
  if (value.is_null()) return {};
  const std::string given = value.is_string() ? value.get<std::string>() : std::string();
  ReadingOptions::Time zone = plan.reading.time;
  zone.format.clear();
  zone.unit = TimeUnit::kAuto;
  const ParsedTime time = TimestampParser(zone).parse(given);
  if (time.kind != ParsedTime::Kind::kDate) return refuse(value, rule_of(key));
  target = {given, time.value};
  return {};
}

// --- writing ---

Json name_or_null(const std::string& name) { return name.empty() ? Json() : Json(name); }

Json written(double value) { return plain_number(value); }
Json written(const Duration& value) { return plain_number(value.given); }
template <class T>
Json written(const std::optional<T>& value) {
  return value ? written(*value) : Json();
}
Json written(char value) { return value == 0 ? Json() : Json(std::string(1, value)); }
Json written(const Date& value) { return value.is_set() ? Json(value.given) : Json(); }
Json written(const ColumnName& value) {
  if (value.number != 0) return value.number;
  if (value.constant) return Fields().text("value", *value.constant).done();
  if (!value.several.empty()) {
    Json list = Json::array();
    for (const ColumnName& one : value.several) list.push_back(written(one));
    return list;
  }
  return name_or_null(value.name);
}

Json write_tokens(const Plan& plan) {
  Fields tokens;
  for (const auto& [type, token] : plan.reading.events.without_item) tokens.text(type.c_str(), token);
  return tokens.done();
}

Json write_files(const Plan& plan) {
  Json rules = Json::array();
  for (const FileRule& rule : plan.reading.input.files) {
    Json& entry = rules.emplace_back(Fields().text("match", rule.match).done());
    if (rule.type) entry["type"] = *rule.type;
    if (rule.unit != TimeUnit::kAuto) entry["unit"] = std::string(name_of(kTimeUnits, rule.unit));
    if (rule.zone) entry["zone"] = rule.zone->zone;
  }
  return rules;
}

Json write_formats(const Plan& plan) {
  const std::vector<std::string>& formats = plan.reading.time.format;
  if (formats.empty()) return {};
  return formats.size() == 1 ? Json(formats[0]) : Json(formats);
}

Json write_channels(const Plan& plan) {
  Json channels = Json::array();
  for (const Channel channel : plan.sequence.channels) channels.push_back(std::string(name_of(kChannelChoices, channel)));
  return channels;
}

// --- rows of the table ---

struct Words {
  std::string_view label, help, unit = {};
};

#define AT(member) [](auto& plan) -> auto& { return plan.member; }

template <auto at>
Refused read_at(const Key& key, const Json& value, Plan& plan) {
  return read(key, value, at(plan));
}

template <auto at>
Json write_at(const Plan& plan) {
  return written(at(plan));
}

template <auto at>
constexpr Key number(std::string_view path, KeyKind kind, Limits limits, Words words, bool nullable = false) {
  return {path, kind, nullable, limits, {}, words.unit, words.label, words.help, read_at<at>, write_at<at>};
}

template <auto at>
constexpr Key whole(std::string_view path, std::uint32_t low, std::uint32_t high, Words words) {
  return {path,        KeyKind::kWhole, false,       {static_cast<double>(low), static_cast<double>(high)}, {}, words.unit,
          words.label, words.help,      read_at<at>, [](const Plan& plan) -> Json { return at(plan); }};
}

// 0 stands for null.
template <auto at>
constexpr Key whole_or_null(std::string_view path, std::uint32_t low, std::uint32_t high, Words words) {
  return {path,        KeyKind::kWhole,
          true,        {static_cast<double>(low), static_cast<double>(high)},
          {},          words.unit,
          words.label, words.help,
          read_at<at>, [](const Plan& plan) -> Json { return at(plan) == 0 ? Json() : Json(at(plan)); }};
}

template <auto at>
constexpr Key flag(std::string_view path, Words words) {
  return {path, KeyKind::kFlag, false,      {},          {},
          {},   words.label,    words.help, read_at<at>, [](const Plan& plan) -> Json { return at(plan); }};
}

template <auto at, const auto& choices>
constexpr Key choice(std::string_view path, Words words) {
  return {path,
          KeyKind::kChoice,
          false,
          {},
          choices,
          {},
          words.label,
          words.help,
          [](const Key& key, const Json& value, Plan& plan) -> Refused { return read_choice(key, value, at(plan)); },
          [](const Plan& plan) -> Json { return std::string(name_of(choices, at(plan))); }};
}

template <auto at>
constexpr Key type(std::string_view path, Words words) {
  return {path,
          KeyKind::kType,
          false,
          {},
          {},
          {},
          words.label,
          words.help,
          [](const Key& key, const Json& value, Plan& plan) -> Refused { return read_type(key, value, at(plan)); },
          [](const Plan& plan) -> Json { return at(plan); }};
}

// A list of at least so many.
template <auto at>
constexpr Key type_list(std::string_view path, double least, Words words) {
  return {path,
          KeyKind::kTypes,
          false,
          {least, static_cast<double>(kMostTypes)},
          {},
          {},
          words.label,
          words.help,
          [](const Key& key, const Json& value, Plan& plan) -> Refused { return read_types(key, value, at(plan)); },
          [](const Plan& plan) -> Json { return at(plan); }};
}

template <auto at>
constexpr Key column(std::string_view path, Words words) {
  return {path, KeyKind::kColumn, true, {1, 100'000}, {}, {}, words.label, words.help, read_at<at>, write_at<at>};
}

template <auto at>
constexpr Key character(std::string_view path, Words words) {
  return {path, KeyKind::kCharacter, true, {}, {}, {}, words.label, words.help, read_at<at>, write_at<at>};
}

template <auto at>
constexpr Key date(std::string_view path, Words words) {
  return {path,
          KeyKind::kDate,
          true,
          {},
          {},
          {},
          words.label,
          words.help,
          [](const Key& key, const Json& value, Plan& plan) -> Refused { return read_date(key, value, plan, at(plan)); },
          write_at<at>};
}

constexpr Key other(std::string_view path, KeyKind kind, bool nullable, std::span<const Choice> choices, Words words,
                    Refused (*read)(const Key&, const Json&, Plan&), Json (*write)(const Plan&)) {
  return {path, kind, nullable, {}, choices, words.unit, words.label, words.help, read, write};
}

constexpr Limits kSpan = {0, kMaxSpan}, kShare = {0, 1};
constexpr std::uint32_t kSeed = 0xFFFFFFFF;
constexpr std::array kProfiles = {choice_of("notebook", 0, "Original notebook"), choice_of("causal", 1, "Causal (recommended)")};

constexpr std::array kKeys = {
    other(
        "profile", KeyKind::kChoice, false, kProfiles,
        {"Starting point", "Original notebook reproduces its files exactly, and they do not support causal estimates."},
        [](const Key&, const Json&, Plan&) -> Refused { return {}; },  // read before all others, which change what it sets
        [](const Plan& plan) -> Json { return plan.profile; }),

    other(
        "preset", KeyKind::kPreset, true, {},
        {"Preset", "Settings for a known export. What is set here comes first. Blank: none."},
        [](const Key&, const Json&, Plan&) -> Refused { return {}; },  // read before all others, which it sets
        [](const Plan& plan) -> Json { return plan.reading.preset.empty() ? Json() : Json(plan.reading.preset); }),

    choice<AT(reading.input.format), kTextFormats>("input.format",
                                                   {"Format of text files", "Parquet and Arrow are always recognized."}),
    choice<AT(reading.input.separator), kSeparators>("input.separator",
                                                     {"CSV separator", "The character between the cells of a row."}),
    choice<AT(reading.input.header), kCsvHeaders>("input.header", {"CSV header", "Whether the first row names the columns."}),
    character<AT(reading.input.quote)>("input.quote",
                                       {"CSV quotes", "The character around cells with separators or line breaks."}),
    character<AT(reading.input.escape)>("input.escape", {"CSV escape", "How a quote inside quotes is written."}),
    character<AT(reading.input.comment)>("input.comment", {"CSV comments", "Lines that begin with this character are skipped."}),
    whole<AT(reading.input.skip_lines)>(
        "input.skipLines", 0, 1'000'000,
        {"Lines before the header", "So many lines at the front of a CSV file are skipped.", "lines"}),
    choice<AT(reading.input.encoding), kEncodings>("input.encoding",
                                                   {"Text encoding", "A byte order mark in the file takes precedence."}),
    flag<AT(reading.input.trim)>("input.trim", {"Blanks around values", "Removed from users, times, event types and items."}),
    other("input.nulls", KeyKind::kTexts, false, {},
          {"Texts for a missing value", "Comma-separated, such as NULL, \\N. A blank cell is always missing."}, read_nulls,
          [](const Plan& plan) -> Json { return plan.reading.input.nulls; }),
    other("input.rows", KeyKind::kPath, true, {},
          {"Path to the rows", "Where rows are nested in JSON, such as data or events[]. Blank: they are not."}, read_rows,
          [](const Plan& plan) -> Json { return plan.reading.input.rows.empty() ? Json() : Json(plan.reading.input.rows); }),
    other("input.files", KeyKind::kFiles, false, {},
          {"Type, unit or zone by file", "For files whose names say what happened, such as clicks.csv."}, read_files,
          write_files),

    column<AT(reading.columns.user)>("columns.user", {"User", "Who did it."}),
    column<AT(reading.columns.time)>("columns.time", {"Time", "When they did it."}),
    column<AT(reading.columns.type)>("columns.type", {"Event type", "What they did."}),
    column<AT(reading.columns.item)>("columns.item", {"Item", "What it was about (optional)."}),
    column<AT(reading.columns.known_at)>(
        "columns.knownAt",
        {"Known since", "When it came in, such as the time of ingestion (optional). Until then no history uses it."}),

    choice<AT(reading.time.unit), kTimeUnits>(
        "time.unit", {"Unit of numeric times", "They count from 1970, except in the last four. Text times have no unit."}),
    other("time.zone", KeyKind::kZone, false, {},
          {"Time zone", "Used where the file gives none: UTC, an offset such as +02:00, or a name such as Europe/Berlin."},
          read_zone, [](const Plan& plan) -> Json { return plan.reading.time.zone; }),
    other("time.format", KeyKind::kFormats, true, {},
          {"Time format", "Such as %d/%m/%Y %H:%M, or %Y%m%d for digits. Blank: detected."}, read_formats, write_formats),
    choice<AT(order.ties), kTieRules>(
        "time.ties", {"Events with equal times", "Applies within a user. “Event-type order” follows the list of event types."}),

    type_list<AT(reading.events.types)>("events.types", 1,
                                        {"Event types to use", "Comma-separated. The order sets their numeric ids."}),
    other("events.withoutItem", KeyKind::kTokens, false, {},
          {"Tokens of types without an item", "The item token that each of these types gets."}, read_tokens, write_tokens),
    choice<AT(reading.events.unknown), kUnknownTypes>(
        "events.unknown", {"Other event types", "What happens to types that are not in the list above."}),
    choice<AT(order.duplicates), kDuplicates>("events.duplicates",
                                              {"Exact duplicates", "Events with the same user, time, type and item."}),

    choice<AT(reading.bad_rows), kBadRowChoices>(
        "rows.bad", {"If a row cannot be read", "Its time is unreadable, or its user, time or type is missing."}),

    date<AT(trial.data_end)>("data.end",
                             {"End of the data", "Until when events were recorded, such as 2025-09-12. Blank: the last event."}),

    number<AT(session.max_gap)>("session.gapHours", KeyKind::kHours, kSpan,
                                {"Session gap", "A longer pause starts a new session.", "hours"}),
    whole<AT(session.min_events)>("session.minEvents", 1, kMany,
                                  {"Minimum events", "Sessions or histories with fewer are dropped.", "events"}),
    choice<AT(session.min_events_of), kLengthOf>(
        "session.minEventsOf", {"Minimum applies to", "Counting the whole session uses information from after the treatment."}),
    number<AT(session.max_length)>("session.maxHours", KeyKind::kHours, kSpan,
                                   {"Maximum duration", "Longer sessions are split. Blank: no limit.", "hours"}, true),

    type<AT(trial.treatment)>(
        "treatment.type", {"Treatment (T)", "The event whose effect you want to measure. Without a time zero it also ends X."}),

    other("treatment.propensity", KeyKind::kName, true, {},
          {"Known probability of treatment",
           "The column that holds it, where the treatment was assigned at random. Blank: it is estimated."},
          read_propensity, [](const Plan& plan) -> Json { return name_or_null(plan.trial.propensity); }),

    other("treatment.group", KeyKind::kName, true, {},
          {"Treatment by group",
           "A column that tells which events are the treatment, such as a category of items. Others of the type are other "
           "treatments. "
           "Blank: all are."},
          read_group, [](const Plan& plan) -> Json { return name_or_null(plan.trial.group); }),
    other("treatment.groupValues", KeyKind::kTexts, false, {},
          {"Values of the group", "Comma-separated, such as shoes. What this column then says, letter for letter."},
          read_group_values, [](const Plan& plan) -> Json { return plan.trial.group_values; }),
    type_list<AT(trial.other_treatments)>("treatment.otherTypes", 0,
                                          {"Other treatments",
                                           "Comma-separated event types. Where one of them comes first in the window, the row is "
                                           "in neither group and is dropped."}),
    other("treatment.comparator", KeyKind::kType, true, {},
          {"Compare with", "Another treatment: T = 0 are the rows whose first treatment it is. Blank: rows without a treatment."},
          read_comparator, [](const Plan& plan) -> Json { return name_or_null(plan.trial.comparator); }),

    type<AT(trial.outcome)>("outcome.type", {"Outcome (Y)", "The event that you hope to influence."}),
    choice<AT(trial.from), kOutcomeFrom>(
        "outcome.from",
        {"Start of follow-up", "If it starts after the treatment window, rows with an outcome inside the window are dropped."}),
    choice<AT(trial.scope), kOutcomeScopes>(
        "outcome.scope", {"Outcomes that count", "With a time zero: in later sessions too, or in the session of the row alone."}),
    choice<AT(trial.prior), kPriorOutcomes>("outcome.prior",
                                            {"If the outcome happened earlier", "That is, before the treatment or time zero."}),
    choice<AT(trial.censored), kCensoredChoices>("outcome.censored",
                                                 {"Incomplete follow-up", "The data end before the follow-up does."}),
    other("outcome.value", KeyKind::kName, true, {},
          {"Value of the outcomes",
           "A column of numbers, such as price. Its sum over the outcomes of the follow-up is compared as well. Blank: none."},
          read_outcome_value, [](const Plan& plan) -> Json { return name_or_null(plan.trial.outcome_value); }),
    number<AT(trial.value_cap)>("outcome.valueCap", KeyKind::kNumber, {1e-9, 1e15, 0},
                                {"Largest value of a row", "A larger sum counts as this much. Blank: no limit."}, true),

    choice<AT(trial.kind), kIndexKinds>(
        "index.kind",
        {"Time zero", "When the history (X) ends. Both groups need the same starting point; otherwise they are not comparable."}),
    type<AT(trial.exposure)>("index.type", {"Exposure", "The event that the treatment may follow, such as an impression."}),
    number<AT(trial.landmark)>("index.minutes", KeyKind::kMinutes, kSpan,
                               {"Time zero after", "Counted from the session’s first event.", "minutes"}),
    number<AT(trial.window)>("index.windowMinutes", KeyKind::kMinutes, {1e-6, kMaxSpan, 0},
                             {"Treatment window", "T = 1 if the treatment happens within this time.", "minutes"}),
    number<AT(trial.horizon)>("index.horizonHours", KeyKind::kHours, {1e-9, kMaxSpan, 0},
                              {"Follow-up", "Y = 1 if the outcome happens within this time.", "hours"}),
    flag<AT(trial.same_item)>("index.sameItem",
                              {"Count treatments on the item shown only", "The item is that of the exposure at time zero."}),
    choice<AT(trial.window_ends), kWindowEnds>(
        "index.windowEnds", {"End of the window", "With the next exposure as its end, each treatment belongs to one row."}),
    choice<AT(trial.grace), kGracePeriods>(
        "index.gracePeriod",
        {"Outcome before the treatment",
         "Time zero can move to the treatment, and by matching delays in "
         "untreated rows. Dropping rows selects in one group only. Rows are kept where chance assigned the treatment."}),
    number<AT(trial.washout)>(
        "index.washoutHours",
        KeyKind::kHours, kSpan,
        {"Washout", "Rows of users who were treated within this time before time zero are dropped. 0: none.", "hours"}),
    whole<AT(trial.controls)>(
        "index.controls", 1, 100,
        {"Untreated matches", "Sessions that are not yet treated at the same point are drawn.", "per treated row"}),
    whole<AT(trial.seed)>("index.seed", 0, kSeed,
                          {"Random seed of time zero", "It draws the matches, or the delays that move time zero."}),

    whole<AT(sequence.max_events)>("sequence.maxEvents", 1, kMany, {"Maximum history", "Longer histories are cut.", "events"}),
    choice<AT(sequence.keep), kKeepEvents>("sequence.keep",
                                           {"When cut, keep", "The most recent events are closest to the decision."}),
    whole<AT(sequence.min_events)>("sequence.minEvents", 0, 1'000'000,
                                   {"Minimum history", "Shorter histories are padded.", "events"}),
    other("sequence.padding", KeyKind::kPadding, true, {},
          {"Pad short histories with", "Events that never happened can give a group away."}, read_padding,
          [](const Plan& plan) -> Json { return plan.sequence.padding.empty() ? Json() : Json(plan.sequence.padding); }),
    other("sequence.channels", KeyKind::kChannels, false, kChannelChoices,
          {"Extra features per event", "Each adds a number to every event of X."}, read_channels, write_channels),

    other("covariates.columns", KeyKind::kColumns, false, {},
          {"Columns as covariates",
           "Comma-separated columns of your file, such as price, device. What they say at time zero becomes covariates."},
          read_columns, [](const Plan& plan) -> Json { return plan.reading.values.covariates; }),
    whole<AT(covariates.min_count)>("covariates.minCount", 1, kMany,
                                    {"Minimum frequency of a category", "Rarer texts of these columns share one.", "rows"}),

    choice<AT(vocabulary.fit_on), kFitOn>("vocabulary.fitOn", {"Build vocabulary from", "Everything else becomes [UNK]."}),
    whole<AT(vocabulary.min_count)>("vocabulary.minCount", 1, kMany,
                                    {"Minimum item frequency", "Rarer items become [UNK].", "times"}),
    flag<AT(vocabulary.special_events)>("vocabulary.specialEvents",
                                        {"Event ids for [PAD] and [UNK]", "They get the ids 0 and 1."}),

    choice<AT(split.kind), kSplitKinds>("split.kind", {"Method", "By user, nobody is in two sets. By time, somebody can be."}),
    whole<AT(split.seed)>("split.seed", 0, kSeed, {"Random seed", "Another seed gives another split."}),
    number<AT(split.train)>("split.train", KeyKind::kNumber, kShare, {"Train", "Share of the users, or of the rows by time."}),
    number<AT(split.validation)>("split.validation", KeyKind::kNumber, kShare,
                                 {"Validation", "Share of the users, or of the rows by time."}),
    number<AT(split.test)>("split.test", KeyKind::kNumber, kShare, {"Test", "Share of the users, or of the rows by time."}),
    whole_or_null<AT(split.folds)>("split.folds", 2, 1000,
                                   {"Cross-fitting folds", "Adds a column with the fold of each user. Blank: none."}),
    date<AT(split.validation_from)>("split.validationFrom",
                                    {"Validation from", "A date such as 2025-09-01. Blank: by the shares."}),
    date<AT(split.test_from)>("split.testFrom", {"Test from", "A date such as 2025-10-01. Blank: by the shares."}),

    type_list<AT(trial.negative_controls)>(
        "estimate.negativeControls", 0,
        {"Negative controls",
         "Comma-separated event types that the treatment cannot cause. If the estimate finds an "
         "effect on one, something unrecorded is at work. Choose them before you see outcomes."}),

    choice<AT(write.csv_formulas), kCsvFormulas>("output.csvFormulas",
                                                 {"Cells that a spreadsheet would run", "Cells that begin with =, +, - or @."}),
    whole_or_null<AT(write.pad_to)>(
        "output.padTo", 1, 1'000'000,
        {"Length of padded tensors", "Tokens per row. Blank: as many as the longest sequence has.", "tokens"}),
};

#undef AT

}  // namespace

std::string_view Key::section() const { return path.substr(0, path.find('.') == path.npos ? 0 : path.find('.')); }

std::string_view Key::name() const { return path.substr(path.find('.') + 1); }

std::span<const Key> plan_keys() { return kKeys; }

const Key* find_key(std::string_view path) {
  const auto found = std::find_if(kKeys.begin(), kKeys.end(), [&](const Key& key) { return key.path == path; });
  return found == kKeys.end() ? nullptr : &*found;
}

std::vector<std::string> names_in(std::string_view section) {
  std::vector<std::string> names;
  for (const Key& key : kKeys) {
    const std::string name(section.empty() && !key.section().empty() ? key.section() : key.name());
    if ((section.empty() || key.section() == section) && !has(names, name)) names.push_back(name);
  }
  return names;
}

Error unknown_key(const std::string& path, const std::string& section) {
  const std::string where = section.empty() ? "the plan" : section;
  Error error{ErrorCode::kBadPlan, path + " is not a plan key; " + where + " has " + join(names_in(section)), {}};
  error.where.column = path;
  return error;
}

std::vector<DifferingSetting> differing_settings(const Plan& one, const Plan& other) {
  std::vector<DifferingSetting> settings;
  for (const Key& key : kKeys) {
    Json first = key.write(one), second = key.write(other);
    if (first != second) settings.push_back({key.path, {std::move(first), std::move(second)}});
  }
  return settings;
}

std::string join(std::span<const std::string> words) {
  std::string text;
  for (const std::string& word : words) text.append(text.empty() ? "" : ", ").append(word);
  return text;
}

}  // namespace causal_sessions
