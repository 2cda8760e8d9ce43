// Paths into nested values the slow way: what an item's cells are, by another library's values. Nothing goes into a text that
// holds JSON, so there must be none.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "ingest/columns/path.h"

namespace causal_sessions::reference {

using nlohmann::ordered_json;

// "-" for none, "bad" for what no cell can be.
inline std::string cell_of(const ordered_json& value) {
  if (value.is_structured()) return "bad";
  if (value.is_null()) return "-";
  if (value.is_string()) return value.get<std::string>().empty() ? "-" : value.get<std::string>();
  if (value.is_number_float() && value.get<double>() == static_cast<int>(value.get<double>()))
    return std::to_string(static_cast<int>(value.get<double>()));
  return value.dump();
}

inline bool has_text(const ordered_json& value, const std::string& text) {
  return value.is_string() ? value.get<std::string>() == text
                           : value.is_primitive() && !value.is_null() && cell_of(value) == text;
}

inline ordered_json step_of(const ordered_json& value, const PathStep& step) {
  if (step.kind == PathStep::Kind::kKey) return value.is_object() && value.contains(step.key) ? value[step.key] : ordered_json();
  if (!value.is_array()) return nullptr;
  if (step.kind == PathStep::Kind::kIndex) return step.index < value.size() ? value[step.index] : ordered_json();
  for (const ordered_json& element : value) {
    if (element.is_object() && element.contains(step.key) && has_text(element[step.key], step.value)) return element;
  }
  return nullptr;
}

inline std::vector<std::string> cells_of(const ordered_json& value, std::span<const PathStep> path) {
  ordered_json at = value;
  for (std::size_t i = 0; i < path.size(); ++i) {
    // A list has no keys: which of its elements is meant, the path must say. An empty one may be an object without keys.
    if (path[i].kind == PathStep::Kind::kKey && at.is_array() && !at.empty()) return {"bad"};
    if (!path[i].is_list()) {
      at = step_of(at, path[i]);
      continue;
    }
    std::vector<std::string> cells;
    // An object is a list of itself.
    for (const ordered_json& element : at.is_array() ? at : at.is_object() ? ordered_json::array({at}) : ordered_json::array()) {
      for (std::string& cell : cells_of(element, path.subspan(i + 1))) cells.push_back(std::move(cell));
    }
    if (cells.empty()) cells.emplace_back("-");
    return cells;
  }
  return {cell_of(at)};
}

}  // namespace causal_sessions::reference
