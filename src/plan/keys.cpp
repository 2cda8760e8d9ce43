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

Refused read_types(const Key& key, const Json& value, Plan& plan) {
  const bool usable = value.is_array() && !value.empty() && value.size() <= kMostTypes;
  std::vector<std::string> types;
  for (const Json& type : usable ? value : Json::array()) {
    const std::optional<std::string> name = type_name(type);
    if (!name || has(types, *name)) break;
    types.push_back(*name);
  }
  if (!usable || types.size() != value.size()) return refuse(value, rule_of(key));
  plan.reading.events.types = std::move(types);
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

Refused read_nulls(const Key& key, const Json& value, Plan& plan) {
  if (value.is_null()) return {};
  const Json list = value.is_array() ? value : Json::array({value});
  const bool usable = list.size() <= kMostNulls && std::all_of(list.begin(), list.end(), [](const Json& text) {
                        return text.is_string() && !text.get_ref<const std::string&>().empty();
                      });
  if (!usable) return refuse(value, rule_of(key));
  plan.reading.input.nulls.clear();
  for (const Json& text : list) plan.reading.input.nulls.push_back(text.get<std::string>());
  return {};
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

Json written(double value) { return plain_number(value); }
Json written(const Duration& value) { return plain_number(value.given); }
Json written(const std::optional<Duration>& value) { return value ? written(*value) : Json(); }
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
  return value.name.empty() ? Json() : Json(value.name);
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
constexpr std::array kProfiles = {choice_of("notebook", 0, "Notebook"), choice_of("causal", 1, "Causal")};

constexpr std::array kKeys = {
    other(
        "profile", KeyKind::kChoice, false, kProfiles,
        {"Profile", "Where the settings start: as the notebook, to the byte, or with every repair."},
        [](const Key&, const Json&, Plan&) -> Refused { return {}; },  // read before all others, which change what it sets
        [](const Plan& plan) -> Json { return plan.profile; }),

    other(
        "preset", KeyKind::kPreset, true, {}, {"Preset", "Settings for a known export, under what is set here; empty: none."},
        [](const Key&, const Json&, Plan&) -> Refused { return {}; },  // read before all others, which it sets
        [](const Plan& plan) -> Json { return plan.reading.preset.empty() ? Json() : Json(plan.reading.preset); }),

    choice<AT(reading.input.format), kTextFormats>("input.format", {"Format of text", "Parquet and Arrow say what they are."}),
    choice<AT(reading.input.separator), kSeparators>("input.separator", {"Separator in CSV", "Between the cells of a row."}),
    choice<AT(reading.input.header), kCsvHeaders>("input.header", {"First row of CSV", "Whether it names the columns."}),
    character<AT(reading.input.quote)>("input.quote", {"Quotes in CSV", "Around cells that hold separators or line breaks."}),
    character<AT(reading.input.escape)>("input.escape", {"Escape in CSV", "How a quote inside quotes is written."}),
    character<AT(reading.input.comment)>("input.comment",
                                         {"Comments in CSV", "Lines that begin with this character are passed over."}),
    whole<AT(reading.input.skip_lines)>("input.skipLines", 0, 1'000'000,
                                        {"Lines before the header", "Passed over at the front of CSV.", "lines"}),
    choice<AT(reading.input.encoding), kEncodings>("input.encoding",
                                                   {"Encoding of text", "A byte order mark in the file comes first."}),
    other("input.nulls", KeyKind::kTexts, false, {},
          {"Texts for a missing value", "Separated by commas, such as NULL, \\N. An empty cell is missing in any case."},
          read_nulls, [](const Plan& plan) -> Json { return plan.reading.input.nulls; }),
    other("input.rows", KeyKind::kPath, true, {},
          {"Where the rows are", "Where they are nested, such as data or events[]; empty: they are not."}, read_rows,
          [](const Plan& plan) -> Json { return plan.reading.input.rows.empty() ? Json() : Json(plan.reading.input.rows); }),
    other("input.files", KeyKind::kFiles, false, {},
          {"Type, unit or zone by file", "For files whose names say what happened, such as clicks.csv."}, read_files,
          write_files),

    column<AT(reading.columns.user)>("columns.user", {"User", "Whose event it is."}),
    column<AT(reading.columns.time)>("columns.time", {"Time", "When it happened."}),
    column<AT(reading.columns.type)>("columns.type", {"Event type", "What happened."}),
    column<AT(reading.columns.item)>("columns.item", {"Item", "On what; optional."}),

    choice<AT(reading.time.unit), kTimeUnits>(
        "time.unit", {"Unit of times as numbers", "Since 1970, but for the last four; not of times as text."}),
    other("time.zone", KeyKind::kZone, false, {},
          {"Zone of times without one", "UTC, an offset as +02:00, or a name as Europe/Berlin."}, read_zone,
          [](const Plan& plan) -> Json { return plan.reading.time.zone; }),
    other("time.format", KeyKind::kFormats, true, {},
          {"Format of times as text", "As %d/%m/%Y %H:%M, also of digits: %Y%m%d; empty: told from the text."}, read_formats,
          write_formats),
    choice<AT(order.ties), kTieRules>("time.ties", {"Events at one instant", "Of one user; by type as the known types stand."}),

    other("events.types", KeyKind::kTypes, false, {}, {"Known event types", "Separated by commas, in the order of their ids."},
          read_types, [](const Plan& plan) -> Json { return plan.reading.events.types; }),
    other("events.withoutItem", KeyKind::kTokens, false, {}, {"Types without an item", "The item token of each."}, read_tokens,
          write_tokens),
    choice<AT(reading.events.unknown), kUnknownTypes>("events.unknown",
                                                      {"Unknown event types", "Types that are not among the known ones."}),
    choice<AT(order.duplicates), kDuplicates>("events.duplicates", {"Exact duplicates", "Equal user, time, type and item."}),

    choice<AT(reading.bad_rows), kBadRowChoices>("rows.bad",
                                                 {"Rows that cannot be read", "A bad time, a missing user, time or type."}),

    date<AT(trial.data_end)>("data.end",
                             {"The data end", "Until when events were observed, as 2025-09-12; empty: told from their times."}),

    number<AT(session.max_gap)>("session.gapHours", KeyKind::kHours, kSpan,
                                {"Gap between sessions", "A longer silence ends one.", "hours"}),
    whole<AT(session.min_events)>("session.minEvents", 1, kMany, {"Shortest session", "Shorter ones are dropped.", "events"}),
    choice<AT(session.min_events_of), kLengthOf>("session.minEventsOf",
                                                 {"What must be so long", "The session’s length tells of what came later."}),
    number<AT(session.max_length)>("session.maxHours", KeyKind::kHours, kSpan,
                                   {"Longest session", "A longer one is cut in two; empty: no limit.", "hours"}, true),

    type<AT(trial.treatment)>("treatment.type", {"Treatment, T", "Ends X too, where there is no time zero."}),

    type<AT(trial.outcome)>("outcome.type", {"Outcome, Y", "Anywhere in the session, or in the follow-up."}),
    choice<AT(trial.from), kOutcomeFrom>("outcome.from",
                                         {"Follow-up begins", "At the window’s end, rows with an earlier outcome are left out."}),
    choice<AT(trial.prior), kPriorOutcomes>("outcome.prior", {"An earlier outcome", "Before the treatment or time zero."}),
    choice<AT(trial.censored), kCensoredChoices>("outcome.censored",
                                                 {"Follow-up cut by the data’s end", "Nobody saw the rest of it."}),

    choice<AT(trial.kind), kIndexKinds>("index.kind",
                                        {"Time zero, where X ends", "The same for both arms, or no effect can be read off."}),
    type<AT(trial.exposure)>("index.type", {"Exposure", "What the treatment may follow."}),
    number<AT(trial.landmark)>("index.minutes", KeyKind::kMinutes, kSpan,
                               {"Time zero after", "From the session’s first event.", "minutes"}),
    number<AT(trial.window)>("index.windowMinutes", KeyKind::kMinutes, {1e-6, kMaxSpan, 0},
                             {"Treatment window", "A treatment in it after time zero makes T 1.", "minutes"}),
    number<AT(trial.horizon)>("index.horizonHours", KeyKind::kHours, {1e-9, kMaxSpan, 0},
                              {"Follow-up", "An outcome in it makes Y 1.", "hours"}),
    flag<AT(trial.same_item)>("index.sameItem", {"Treatment of the exposed item alone", "What counts as treated."}),
    choice<AT(trial.window_ends), kWindowEnds>(
        "index.windowEnds",
        {"The window ends", "At the user’s next exposure, if that comes first; a treatment then belongs to one row."}),
    choice<AT(trial.grace), kGracePeriods>(
        "index.gracePeriod",
        {"Outcome before the treatment",
         "Time zero moves to the treatment, and by like delays in other rows; to leave rows out selects in one arm."}),
    number<AT(trial.washout)>("index.washoutHours", KeyKind::kHours, kSpan,
                              {"Washout", "The user must not have been treated in it before time zero; 0: not asked.", "hours"}),
    whole<AT(trial.controls)>("index.controls", 1, 100,
                              {"Controls", "Sessions not yet treated at the same point, drawn for it.", "a treated row"}),
    whole<AT(trial.seed)>("index.seed", 0, kSeed, {"Seed of the draw", "Of controls, or of the delays that move time zero."}),

    whole<AT(sequence.max_events)>("sequence.maxEvents", 1, kMany, {"Longest sequence", "What is beyond is cut off.", "events"}),
    choice<AT(sequence.keep), kKeepEvents>("sequence.keep", {"Events to keep", "The last ones are the nearest to the decision."}),
    whole<AT(sequence.min_events)>("sequence.minEvents", 0, 1'000'000,
                                   {"Shortest sequence", "Shorter ones are padded.", "events"}),
    other("sequence.padding", KeyKind::kPadding, true, {}, {"Padding", "Made-up events can mark an arm."}, read_padding,
          [](const Plan& plan) -> Json { return plan.sequence.padding.empty() ? Json() : Json(plan.sequence.padding); }),
    other("sequence.channels", KeyKind::kChannels, false, kChannelChoices,
          {"More numbers an event", "Any of gap, hour, weekday, toTimeZero; empty: none."}, read_channels, write_channels),

    choice<AT(vocabulary.fit_on), kFitOn>("vocabulary.fitOn", {"Vocabulary from", "Other items are [UNK]."}),
    whole<AT(vocabulary.min_count)>("vocabulary.minCount", 1, kMany, {"Rarest item", "Rarer ones are [UNK].", "times"}),
    flag<AT(vocabulary.special_events)>("vocabulary.specialEvents", {"Event ids for [PAD] and [UNK]", "They are 0 and 1."}),

    choice<AT(split.kind), kSplitKinds>("split.kind", {"Kind", "A user is in one part only."}),
    whole<AT(split.seed)>("split.seed", 0, kSeed, {"Seed", "Of the shuffle or the hash."}),
    number<AT(split.train)>("split.train", KeyKind::kNumber, kShare, {"Train", "Share of users."}),
    number<AT(split.validation)>("split.validation", KeyKind::kNumber, kShare, {"Validation", "Share of users."}),
    number<AT(split.test)>("split.test", KeyKind::kNumber, kShare, {"Test", "Share of users."}),
    whole_or_null<AT(split.folds)>("split.folds", 2, 1000, {"Folds", "Of users, as a column for cross-fitting; empty: none."}),
    date<AT(split.validation_from)>("split.validationFrom", {"Validation from", "A time, as 2025-09-01; empty: by the shares."}),
    date<AT(split.test_from)>("split.testFrom", {"Test from", "A time, as 2025-10-01; empty: by the shares."}),

    choice<AT(write.csv_formulas), kCsvFormulas>("output.csvFormulas",
                                                 {"Cells that a spreadsheet would run", "Those that begin with =, +, - or @."}),
    whole_or_null<AT(write.pad_to)>("output.padTo", 1, 1'000'000,
                                    {"Padded tensors", "Tokens a row; empty: as many as the longest sequence has.", "tokens"}),
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

std::string join(std::span<const std::string> words) {
  std::string text;
  for (const std::string& word : words) text.append(text.empty() ? "" : ", ").append(word);
  return text;
}

}  // namespace causal_sessions
