// What is said of the plan's keys: the rule of each, help on a terminal, the table as JSON.
#include <algorithm>
#include <array>
#include <cmath>

#include "ingest/exports.h"
#include "plan/keys.h"
#include "trial/rules.h"

namespace causal_sessions {
namespace {

constexpr std::array<std::string_view, 22> kKindNames = {
    "choice", "flag",    "number", "whole", "hours",  "minutes", "type",      "padding",  "types", "tokens",  "texts",
    "name",   "columns", "column", "path",  "preset", "files",   "character", "channels", "zone",  "formats", "date"};

std::string grouped(double value) {
  std::string digits = std::to_string(static_cast<std::int64_t>(value));
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string default_of(const Key& key, std::string_view profile) { return key.write(*default_plan(profile)).dump(); }

std::string help_of(const Key& key) {
  std::string text = std::string(key.path) + "\n  " + std::string(key.label);
  if (!key.unit.empty()) text += " (" + std::string(key.unit) + ")";
  text += ". " + std::string(key.help) + "\n  It takes: ";
  if (key.choices.empty()) {
    text += rule_of(key).substr(std::string_view("it must be ").size()) +
            (key.nullable && key.kind != KeyKind::kCharacter ? ", or null" : "") + "\n";
  } else {
    text += key.kind == KeyKind::kChannels ? "a list of\n" : "one of\n";
    for (const Choice& choice : key.choices) {
      if (!choice.label.empty()) text += "    " + Json(choice.name).dump() + "  " + std::string(choice.label) + "\n";
    }
  }
  const std::string notebook = default_of(key, "notebook"), causal = default_of(key, "causal");
  return text + "  Default: " + notebook +
         (notebook == causal || key.path == "profile" ? "" : ", in the profile causal " + causal) + "\n";
}

}  // namespace

Json plain_number(double value) {
  const bool whole = value == std::floor(value) && std::abs(value) < 1e15;
  return whole ? Json(static_cast<std::int64_t>(value)) : Json(value);
}

std::string allowed_words(const Key& key) {
  std::vector<std::string> words;
  for (const Choice& choice : key.choices) words.push_back(Json(choice.name).dump());
  return "allowed: " + join(words);
}

std::string rule_of(const Key& key) {
  switch (key.kind) {
    case KeyKind::kChoice: return allowed_words(key);
    case KeyKind::kFlag: return "it must be true or false";
    case KeyKind::kNumber:
    case KeyKind::kHours:
    case KeyKind::kMinutes: {
      const std::string what =
          std::string("it must be a number ") + (key.unit.empty() ? "" : "of " + std::string(key.unit) + " ");
      if (key.limits.above >= 0) return what + "above " + grouped(key.limits.above) + ", at most " + grouped(key.limits.high);
      return what + "from " + grouped(key.limits.low) + " to " + grouped(key.limits.high);
    }
    case KeyKind::kWhole:
      return "it must be a whole number from " + std::to_string(static_cast<std::int64_t>(key.limits.low)) + " to " +
             std::to_string(static_cast<std::int64_t>(key.limits.high));
    case KeyKind::kType: return "it must be an event type: a text that is not empty, or a whole number";
    case KeyKind::kPadding: return "it must be one of events.types";
    case KeyKind::kTypes:
      return "it must be a list of " + plain_number(key.limits.low).dump() + " to " + std::to_string(kMostTypes) +
             " different event types";
    case KeyKind::kTokens: return "it must be an object from event type to item token";
    case KeyKind::kTexts:
      return "it must be a list of at most " + std::to_string(kMostNulls) + " texts, as in " +
             (key.path == "input.nulls" ? "[\"\\\\N\", \"NULL\"]; an empty cell is missing in any case"
                                        : "[\"shoes\", \"hats\"]");
    case KeyKind::kName: return "it must be a column name, or a path such as \"context.p\"";
    case KeyKind::kColumns:
      return "it must be a list of at most " + std::to_string(kMostValueColumns) +
             " different column names or paths, as in [\"price\", \"context.device\"]";
    case KeyKind::kColumn:
      return "it must be a column name, a path such as \"items[0].id\", a column number from 1, a list of at most " +
             std::to_string(kMostAlternatives) + " of those, or {\"value\": \"...\"} for a constant";
    case KeyKind::kPath: return "it must be a path such as \"data\" or \"events[]\", in which a list may come last";
    case KeyKind::kPreset: {
      std::string text = "it must be one of";
      for (const KnownExport& known : known_exports())
        text.append(text.ends_with("of") ? " \"" : ", \"").append(known.name) += '"';
      return text;
    }
    case KeyKind::kFiles:
      return "it must be a list such as [{\"match\": \"*clicks*\", \"type\": \"click\"}], with \"type\", \"unit\" or \"zone\"";
    case KeyKind::kCharacter: return "it must be one printable character that is no separator, or null for none";
    case KeyKind::kChannels: return "it must be a list, as in [\"gap\", \"hour\"]";
    case KeyKind::kZone:
      return "it must be \"UTC\", a fixed offset such as \"+02:00\" or a zone's name such as \"Europe/Berlin\"";
    case KeyKind::kFormats:
      return "it must be a format such as \"%d/%m/%Y %H:%M\", or a list of at most " + std::to_string(kMostFormats) +
             " that are tried in order";
    case KeyKind::kDate: return "it must be a date such as \"2025-09-12\" or \"2025-09-12 06:00\"";
  }
  return {};
}

namespace {

Json traits_json(const Rule& rule) {
  return Fields()
      .flag("timeZero", rule.time_zero)
      .flag("window", rule.window)
      .flag("exposure", rule.exposure)
      .flag("controls", rule.controls)
      .done();
}

}  // namespace

std::string plan_keys_json() {
  const Plan notebook, causal = *default_plan("causal");
  Json keys = Json::array();
  for (const Key& key : plan_keys()) {
    Fields fields;
    fields.text("key", key.path).text("kind", kKindNames[static_cast<std::size_t>(key.kind)]).flag("nullable", key.nullable);
    // Those of a list are of how many it has.
    if (key.limits.high != 0 && key.kind != KeyKind::kTypes)
      fields.put("low", plain_number(key.limits.low)).put("high", plain_number(key.limits.high));
    Json choices = Json::array();
    for (const KnownExport& known : key.kind == KeyKind::kPreset ? known_exports() : std::span<const KnownExport>())
      choices.push_back(Fields().text("value", known.name).text("label", known.title).done());
    for (const Choice& choice : key.choices) {
      if (choice.label.empty()) continue;
      Fields entry;
      entry.text("value", choice.name).text("label", choice.label);
      if (key.choices.data() == kIndexKinds.data())
        entry.put("traits", traits_json(rule_of(static_cast<IndexKind>(choice.value))));
      choices.push_back(entry.done());
    }
    if (!choices.empty()) fields.put("choices", std::move(choices));
    if (!key.unit.empty()) fields.text("unit", key.unit);
    fields.text("label", key.label).text("help", key.help).put("notebook", key.write(notebook)).put("causal", key.write(causal));
    keys.push_back(fields.done());
  }
  return keys.dump();
}

Result<std::string> plan_key_help(std::string_view path) {
  std::string text;
  for (const Key& key : plan_keys()) {
    if (path.empty() || key.path == path || key.section() == path) text.append(text.empty() ? "" : "\n").append(help_of(key));
  }
  if (!text.empty()) return text;
  const std::string section(path.substr(0, std::min(path.find('.'), path.size())));
  return unknown_key(std::string(path), names_in(section).empty() ? "" : section);
}

}  // namespace causal_sessions
