// Paths into nested values: what a plan's column names beyond a column's own name.
//
//   properties.product_id                                   a key of an object
//   items[0].item_id                                        the first of a list, the second is [1]
//   event_params[key=ga_session_id].value.int_value         the first object of a list whose key has this value
//   items[].item_id                                         each of a list
//   properties["utm.source"]                                a key that holds a dot or a bracket
//
// The first step is a column. A column whose name is exactly the text, dots and all, comes before a path.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace causal_sessions {

struct PathStep {
  // kRows: each of a list, or the value itself where it is none; of input.rows, and not written in a path.
  enum class Kind : std::uint8_t { kKey, kIndex, kWhere, kEach, kRows };
  Kind kind = Kind::kKey;
  std::string key = {};    // kKey, kWhere
  std::string value = {};  // kWhere
  std::uint32_t index = 0;

  [[nodiscard]] bool is_list() const { return kind == Kind::kEach || kind == Kind::kRows; }
  bool operator==(const PathStep&) const = default;
};

using Path = std::vector<PathStep>;

// Nothing if it is none: a bracket that does not end, an empty step, more than kMostSteps of them.
constexpr std::size_t kMostSteps = 32;
[[nodiscard]] std::optional<Path> read_path(std::string_view text);

// Where each step of a path ends in its text, so that a column whose name holds a dot can be the first of them.
struct PathText {
  Path path;
  std::vector<std::size_t> ends;
};
[[nodiscard]] std::optional<PathText> read_path_text(std::string_view text);

// A key as a path has it behind another step: ".name" or `["utm.source"]`.
[[nodiscard]] std::string key_step(std::string_view key);

// Whether a path's text begins with a column of this name.
[[nodiscard]] inline bool is_path_below(std::string_view path, std::string_view column) {
  return path.size() > column.size() && path.starts_with(column) && (path[column.size()] == '[' || path[column.size()] == '.');
}

// The steps up to the first list, it included; all of them if there is none.
[[nodiscard]] std::size_t steps_to_list(std::span<const PathStep> steps);

}  // namespace causal_sessions
