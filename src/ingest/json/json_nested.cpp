#include "ingest/json/json_nested.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "core/cold.h"
#include "ingest/json/json_object.h"
#include "ingest/schema.h"

namespace causal_sessions {
namespace {

// A key as jq wants it.
std::string jq_key(const std::string& name) {
  const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  });
  return plain ? "." + name : ".[\"" + name + "\"]";
}

}  // namespace

COLD std::size_t count_roles(std::span<const char> object) {
  std::array<bool, kRoles> found{};
  for (JsonObjectReader reader(object); reader.next();) {
    for (std::size_t role = 0; role < kRoles; ++role) found[role] |= is_known_as(reader.key(), static_cast<Role>(role));
  }
  return static_cast<std::size_t>(std::count(found.begin(), found.end(), true));
}

COLD std::optional<JsonNested> describe_nested(std::string_view name, std::string_view value) {
  JsonNested nested{std::string(name), value.front() == '[', 0};
  std::size_t at = 0;
  if (nested.list) {
    for (at = 1; at < value.size() && is_json_space(value[at]);) ++at;
  }
  if (at == value.size() || value[at] != '{') return std::nullopt;
  nested.roles = count_roles(value.substr(at));
  return nested;
}

COLD std::string nested_advice(std::span<const JsonNested> nested, const ReadingOptions& options) {
  if (nested.empty()) return {};
  const auto rank = [&](const JsonNested& entry) {
    const auto named = [&](const ColumnName& column) { return column.name.starts_with(entry.name + "."); };
    const auto& [user, time, type, item] = options.columns;
    return std::tuple(named(user) || named(time) || named(type) || named(item), entry.roles, entry.list);
  };
  const JsonNested& best = *std::max_element(nested.begin(), nested.end(),
                                             [&](const JsonNested& a, const JsonNested& b) { return rank(a) < rank(b); });
  const std::string key = jq_key(best.name);
  if (best.list) {
    return "the rows seem to be in \"" + best.name +
           "\", a list of objects; nested values are not read; make each of them a "
           "row (for example jq -c 'del(" +
           key + ") + " + key + "[]')";
  }
  return "\"" + best.name + "\" is an object; nested values are not read; flatten it (for example jq -c '. + " + key + "')";
}

COLD void advise_nested(Error& error, std::span<const JsonNested> nested, const ReadingOptions& options) {
  if (nested.empty()) return;
  std::string advice = nested_advice(nested, options);
  if (advice[0] == 't') advice[0] = 'T';
  error.message.resize(std::min(error.message.size(), error.message.rfind(". Name the column in the plan")));
  error.message.append(". ").append(advice);
}

}  // namespace causal_sessions
