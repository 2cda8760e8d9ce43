#include "ingest/json/json_nested.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "core/cold.h"
#include "ingest/columns/nested_value.h"
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

namespace {

constexpr int kMostItemSteps = 5;

// "items", "product_ids", "skuList".
bool names_items(std::string_view name) {
  std::string key = normalized_name(name);
  for (const std::string_view ending : {"list", "array", "s"}) {
    if (key.ends_with(ending)) key.resize(key.size() - ending.size());
  }
  return is_known_as(key, Role::kItem);
}

// The first element of a list, with its bracket; empty if it is none.
std::string_view first_nested(std::string_view list) {
  JsonObjectReader elements(list);
  while (elements.next() && elements.kind() == JsonKind::kNull) {
  }
  return elements.kind() == JsonKind::kNested ? elements.raw() : std::string_view();
}

// A list of objects of a key and a value, as a map is.
bool is_map(std::string_view list) {
  const std::string_view first = list.front() == '[' ? first_nested(list) : std::string_view();
  if (first.empty() || first.front() != '{') return false;
  JsonObjectReader reader(first);
  return reader.next() && reader.key() == "key" && reader.next() && reader.key() == "value" && !reader.next();
}

bool has_elements(std::string_view list) { return list.front() == '[' && JsonObjectReader(list).next(); }

// The path of what is named like an item, of several that which is the least deep.
std::string named_item(const std::string& place, std::string_view name, std::string_view value, int steps) {
  if (steps > kMostItemSteps) return {};
  if (is_map(value)) {
    for (const std::string& path : paths_by_key(place, value)) {
      const std::size_t key = path.find("[key=", place.size()) + 5;
      if (is_known_as(std::string_view(path).substr(key, path.find(']', key) - key), Role::kItem)) return path;
    }
    return {};
  }
  if (value.front() == '[') {
    const std::string_view first = first_nested(value);
    if (!first.empty()) return named_item(place + "[0]", name, first, steps + 1);
    return has_elements(value) && names_items(name) ? place + "[0]" : std::string();
  }
  std::string deeper;
  for (JsonObjectReader reader(value); reader.next();) {
    const std::string path = place + key_step(reader.key());
    if (reader.kind() == JsonKind::kNested) {
      if (deeper.empty()) deeper = named_item(path, reader.key(), reader.raw(), steps + 1);
    } else if (is_known_as(reader.key(), Role::kItem)) {
      return path;
    }
  }
  return deeper;
}

// Of what says by itself that there is something in it, or of a text's value: the first path.
std::string any_item(const std::string& name, std::string_view value, bool text) {
  if (is_map(value)) {
    const std::vector<std::string> paths = paths_by_key(name, value);
    return paths.empty() ? std::string() : paths[0];
  }
  if (value.front() == '[' && first_nested(value).empty()) return has_elements(value) ? name + "[0]" : std::string();
  const std::optional<JsonNested> nested = text ? describe_nested(name, value) : std::nullopt;
  return nested && !nested->paths.empty() ? nested->paths[0] : std::string();
}

}  // namespace

COLD void ItemPlace::look(std::string_view name, std::string_view value, bool text) {
  if (named) return;
  std::string found = named_item(std::string(name), name, value, 0);
  if (!found.empty()) return take({std::move(found), true});
  if (path.empty()) path = any_item(std::string(name), value, text);
}

COLD void ItemPlace::look_into(std::string_view name, std::string_view cell, bool text) {
  NestedValues values;
  const JsonValue value = values.value_of_copy(cell);
  if (value.kind == JsonKind::kNested && find_json_mistake(value.raw) == 0) look(name, value.raw, text);
}

void ItemPlace::take(ItemPlace other) {
  if (path.empty() || (other.named && !named)) *this = std::move(other);
}

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
