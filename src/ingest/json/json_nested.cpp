#include "ingest/json/json_nested.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "core/cold.h"
#include "ingest/columns/path.h"
#include "ingest/json/json_object.h"
#include "ingest/schema.h"

namespace causal_sessions {
COLD std::size_t count_roles(std::span<const char> object) {
  std::array<bool, kRoles> found{};
  for (JsonObjectReader reader(object); reader.next();) {
    for (std::size_t role = 0; role < kRoles; ++role) found[role] |= is_known_as(reader.key(), static_cast<Role>(role));
  }
  return static_cast<std::size_t>(std::count(found.begin(), found.end(), true));
}

namespace {

// Of a list of keys with their values, as Google has it: event_params[key=ga_session_id].value.int_value.
std::vector<std::string> paths_by_key(const std::string& name, std::string_view list) {
  constexpr std::size_t kMost = 20;
  std::vector<std::string> paths;
  std::string_view half;
  for (JsonObjectReader elements(list); paths.size() < kMost && elements.next();) {
    std::string path;
    for (JsonObjectReader reader(elements.raw()); elements.kind() == JsonKind::kNested && reader.next();) {
      if (path.empty()) {
        path = name + "[key=" + reader.value().text(half) + "].value";
        continue;
      }
      if (reader.kind() != JsonKind::kNested || reader.raw()[0] != '{') continue;
      JsonObjectReader inside(reader.raw());
      while (inside.next() && inside.kind() == JsonKind::kNull) {
      }
      if (!inside.key().empty()) path += key_step(inside.key());
    }
    if (!path.empty()) paths.push_back(std::move(path));
  }
  return paths;
}

}  // namespace

namespace {

constexpr int kMostInside = 3;

// Rows may be further inside: in {"result": {"events": [...]}}, and an event in an object of its own, {"hits": [{"_source": ...}]}.
void look_inside(JsonNested& nested, std::string_view object, int depth);

std::optional<JsonNested> describe(std::string_view name, std::string_view value, int depth) {
  JsonNested nested{.name = std::string(name), .list = value.front() == '[', .rows = std::string(name)};
  std::size_t at = 0;
  if (nested.list) {
    for (at = 1; at < value.size() && is_json_space(value[at]);) ++at;
  }
  if (at == value.size() || value[at] != '{') return std::nullopt;
  nested.roles = count_roles(value.substr(at));
  if (depth < kMostInside) look_inside(nested, value.substr(at), depth + 1);
  constexpr std::size_t kMostPaths = 50;
  std::vector<std::string> keys;
  for (JsonObjectReader reader(value.substr(at)); reader.next();) keys.emplace_back(reader.key());
  if (value.front() == '[' && keys == std::vector<std::string>{"key", "value"}) {
    nested.paths = paths_by_key(nested.name, value);
    return nested;
  }
  for (const std::string& key : keys) {
    std::string path = nested.name + (value.front() == '[' ? "[0]" : "") + key_step(key);
    if (nested.item.empty() && is_known_as(key, Role::kItem)) nested.item = path;
    if (nested.paths.size() < kMostPaths) nested.paths.push_back(std::move(path));
  }
  return nested;
}

void look_inside(JsonNested& nested, std::string_view object, int depth) {
  const bool list = nested.list;
  for (JsonObjectReader reader(object); reader.next();) {
    if (reader.kind() != JsonKind::kNested) continue;
    const std::optional<JsonNested> inner = describe(nested.name + key_step(reader.key()), reader.raw(), depth);
    if (!inner || inner->roles < 2 || inner->roles <= nested.roles || (list && inner->list)) continue;
    nested.roles = inner->roles;
    if (list) continue;  // the element, with the path into it
    nested.rows = inner->rows;
    nested.list = inner->list;
  }
}

}  // namespace

COLD std::optional<JsonNested> describe_nested(std::string_view name, std::string_view value) { return describe(name, value, 0); }

COLD std::string nested_advice(std::span<const JsonNested> nested, const ReadingOptions& options) {
  if (nested.empty()) return {};
  const auto rank = [&](const JsonNested& entry) {
    const auto planned = planned_columns(options);
    const bool named = std::any_of(planned.begin(), planned.end(),
                                   [&](const ColumnName* column) { return column->name.starts_with(entry.name + "."); });
    return std::tuple(named, entry.roles, entry.list);
  };
  const JsonNested& best = *std::max_element(nested.begin(), nested.end(),
                                             [&](const JsonNested& a, const JsonNested& b) { return rank(a) < rank(b); });
  const std::string& path = best.rows;
  if (best.list) return "the rows seem to be in \"" + path + "\", a list of objects: set input.rows to \"" + path + "[]\"";
  return "\"" + path + "\" is an object: set input.rows to \"" + path +
         "\" to have its keys as columns, or name one by its path, as in \"" + path + ".id\"";
}

COLD void advise_nested(Error& error, std::span<const JsonNested> nested, const ReadingOptions& options) {
  // A preset mends more.
  if (nested.empty() || !options.input.rows.empty() || error.message.find("This looks like") != error.message.npos) return;
  // A path that leads nowhere has been meant for another place.
  const auto planned = planned_columns(options);
  bool path = false;
  for (std::size_t role = 0; role < kRoles; ++role) {
    path |= error.where.column == "columns." + std::string(kRoleNames[role]) &&
            planned[role]->name.find_first_of(".[") != std::string::npos;
  }
  if (path) {
    std::size_t shown = 0;
    for (const JsonNested& entry : nested) {
      for (std::size_t i = 0; i < entry.paths.size() && shown < 8; ++i)
        error.message.append(shown++ == 0 ? ". There is \"" : ", \"").append(entry.paths[i]).append("\"");
    }
    return;
  }
  std::string advice = nested_advice(nested, options);
  if (advice[0] == 't') advice[0] = 'T';
  error.message.resize(std::min(error.message.size(), error.message.rfind(". Name the column")));
  error.message.append(". ").append(advice);
}

}  // namespace causal_sessions
