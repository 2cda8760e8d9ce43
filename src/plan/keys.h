// The keys of a plan, a row each: type, limits, unit, words, and how it is read and written. Reading, writing, help, the
// page's fields and the TypeScript types come from here.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/json/fields.h"
#include "plan/choices.h"
#include "plan/plan.h"

namespace causal_sessions {

enum class KeyKind : std::uint8_t {
  kChoice,
  kFlag,
  kNumber,
  kWhole,
  kHours,
  kMinutes,
  kType,     // an event type: a text, or a whole number, which is its digits
  kPadding,  // one of the plan's event types
  kTypes,    // a list of different ones
  kTokens,   // an object from event type to item token
  kTexts,    // a list of texts; one text is a list of one
  kName,     // of a column, or a path
  kColumns,  // a list of names or paths; one text is a list of one
  kColumn,   // a name or a path, a number from 1, a list of those, or an object with a constant
  kPath,     // into nested values
  kPreset,   // the name of a known export
  kFiles,    // a list of objects: a pattern for file names, and their event type, unit or zone
  kCharacter,
  kChannels,
  kZone,
  kFormats,  // a format of times (ingest/time_format.h), or a list of them
  kDate,
};

constexpr std::size_t kMostNulls = 100;                           // texts in input.nulls
constexpr std::size_t kMostValueColumns = 50;                     // columns that become covariates
constexpr std::size_t kMostAlternatives = 10;                     // columns that one role is read from
constexpr std::size_t kMostFileRules = 100;                       // in input.files
constexpr std::size_t kMostFormats = 20, kMostFormatBytes = 100;  // formats in time.format, bytes of one

struct Limits {
  double low = 0, high = 0;
  double above = -1;  // where it is not negative: the value must be above it, and `low` is the least that counts as that
};

// A value that a key does not take.
struct Refusal {
  std::string below;  // what of the key, as ".auction"; empty: all of it
  Json value;
  std::string rule;
};

struct Key {
  std::string_view path;  // "session.gapHours"
  KeyKind kind;
  bool nullable;  // null is a value; else it is refused, or leaves the default where nothing else could be meant
  Limits limits;
  std::span<const Choice> choices;
  std::string_view unit, label, help;  // for people; the unit is that of numbers
  std::optional<Refusal> (*read)(const Key& key, const Json& value, Plan& plan);
  Json (*write)(const Plan& plan);

  // "session", and "gapHours"; a key without a section is all name.
  [[nodiscard]] std::string_view section() const;
  [[nodiscard]] std::string_view name() const;
};

[[nodiscard]] std::span<const Key> plan_keys();
// Null where there is none of this path.
[[nodiscard]] const Key* find_key(std::string_view path);

// What a key takes, in a sentence: "it must be a whole number from 1 to 100".
[[nodiscard]] std::string rule_of(const Key& key);
// `allowed: "keep", "drop"`, of a key with choices.
[[nodiscard]] std::string allowed_words(const Key& key);

// 24, not 24.0: numbers as a person would type them.
[[nodiscard]] Json plain_number(double value);

// A key by which two plans differ, and what each of them has there.
struct DifferingSetting {
  std::string_view key;
  std::array<Json, 2> value;
};
[[nodiscard]] std::vector<DifferingSetting> differing_settings(const Plan& one, const Plan& other);

// All of it as JSON, with the defaults of both profiles.
[[nodiscard]] std::string plan_keys_json();
// What a terminal says of a key, of all keys of a section, or, of an empty path, of all keys; refuses other names.
[[nodiscard]] Result<std::string> plan_key_help(std::string_view path);

// What no key can say alone. Defaults give way to what is named; named keys that do not go together are refused.
[[nodiscard]] Status settle_plan(Plan& plan, const std::function<bool(std::string_view path)>& is_named);

// The names in a section; of an empty one those at the top, which are the sections and the profile.
[[nodiscard]] std::vector<std::string> names_in(std::string_view section);

[[nodiscard]] Error refused_key(std::string_view path, const Json& value, const std::string& rule);
// Says what the section has instead; empty: the whole plan.
[[nodiscard]] Error unknown_key(const std::string& path, const std::string& section);
[[nodiscard]] std::string join(std::span<const std::string> words);

}  // namespace causal_sessions
