#include "ingest/columns/nested_value.h"

#include <algorithm>

#include "core/cold.h"
#include "ingest/file_reader.h"

namespace causal_sessions {
namespace {

// As PHP writes an object without keys.
bool is_empty_list(std::string_view list) {
  const auto behind = std::find_if_not(list.begin() + 1, list.end(), is_json_space);
  return behind != list.end() && *behind == ']';
}

// Whether a value has this text. What has none, such as null, is not the empty text.
bool has_text(const JsonValue& value, std::string_view text, std::deque<std::string>& texts) {
  if (text.empty() && value.kind != JsonKind::kText) return false;
  const JsonCell cell = json_cell(value, true, texts);
  return !cell.issue && cell.text == text;
}

}  // namespace

JsonValue NestedValues::value_of(std::string_view cell) const {
  std::size_t begin = 0;
  while (begin < cell.size() && is_json_space(cell[begin])) ++begin;
  if (begin == cell.size() || (cell[begin] != '{' && cell[begin] != '[')) return {};
  return {cell.substr(begin), JsonKind::kNested, false};
}

JsonValue NestedValues::value_of_copy(std::string_view cell) {
  if (value_of(cell).kind == JsonKind::kNull) return {};
  std::string& copy = texts.emplace_back();
  copy.reserve(cell.size() + kWindowSlack);
  copy = cell;
  return value_of(copy);
}

JsonValue NestedValues::opened(JsonValue value) {
  if (value.kind != JsonKind::kText) return value;
  std::string_view half;
  return value.escapes ? value_of_copy(decode_json_escapes(value.raw, half)) : value_of_copy(value.raw);
}

// Objects whose keys are ids have new ones without end, so no more are kept than can be gone through: a further one is new each
// time it comes.
COLD void KeyWatch::look_up(std::size_t index, std::string_view key) {
  constexpr std::size_t kMostKnown = 1000;
  const auto found = std::find(known_.begin(), known_.end(), key);
  const auto at = static_cast<std::size_t>(found - known_.begin());
  if (found == known_.end()) {
    new_.emplace_back(key);
    if (at >= kMostKnown) return;
    known_.emplace_back(key);
  }
  if (index == usual_.size()) usual_.push_back(at);
  else if (index < usual_.size()) usual_[index] = at;
}

COLD void PathTree::add(std::span<const PathStep> steps) {
  Node* node = &root_;
  for (const PathStep& step : steps) {
    const auto known = std::find_if(node->below.begin(), node->below.end(), [&](const Node& one) { return one.step == step; });
    node = known != node->below.end() ? &*known : &node->below.emplace_back(Node{step});
  }
  node->ends.push_back(found_.size());
  found_.emplace_back();
}

std::span<const PathTree::Found> PathTree::find(const JsonValue& from, NestedValues& values, KeyWatch* keys) {
  root_.found = {from};
  walk(root_, values, keys);
  return found_;
}

void PathTree::walk(Node& node, NestedValues& values, KeyWatch* keys) {
  for (const std::size_t path : node.ends) found_[path] = node.found;
  if (node.below.empty() && keys == nullptr) return;
  if (!std::exchange(node.entered, false)) {
    for (Node& one : node.below) one.found = {{}, node.found.damaged, node.found.listed};
    node.found.value = values.opened(node.found.value);
    if (NestedValues::is_list(node.found.value)) {
      const bool any = !is_empty_list(node.found.value.raw);
      for (Node& one : node.below) one.found.listed |= any && one.step.kind == PathStep::Kind::kKey;
      find_elements(node, values);
    } else if (node.found.value.kind == JsonKind::kNested) {
      find_members(node, keys);
    }
  }
  for (Node& one : node.below) walk(one, values, nullptr);
}

void PathTree::find_members(Node& node, KeyWatch* keys) {
  JsonObjectReader reader(node.found.value.raw);
  for (std::size_t index = 0; reader.next(); ++index) {  // to the end, as the last of repeated keys counts
    if (keys != nullptr) keys->note(index, reader.key());
    for (Node& one : node.below) {
      if (one.step.kind == PathStep::Kind::kKey && one.step.key == reader.key()) one.found.value = reader.value();
    }
  }
  if (reader.error_at() == 0) return;
  for (Node& one : node.below) one.found.damaged |= one.step.kind == PathStep::Kind::kKey;
}

// A member of an element that a key may choose.
void PathTree::take_member(Node& list, const JsonObjectReader& element) {
  for (Node& one : list.below) {
    if (one.step.kind != PathStep::Kind::kWhere || one.fits) continue;
    if (one.step.key == element.key()) one.told = element.value();
    for (Node& next : one.below) {
      if (next.step.kind == PathStep::Kind::kKey && next.step.key == element.key()) next.found.value = element.value();
    }
  }
}

// Elements are read in place, so that no object is passed over first to find its end.
void PathTree::find_elements(Node& node, NestedValues& values) {
  std::size_t due = 0;
  bool where = false;
  for (Node& one : node.below) {
    one.fits = one.step.kind != PathStep::Kind::kIndex && one.step.kind != PathStep::Kind::kWhere;
    due += !one.fits;
    where |= one.step.kind == PathStep::Kind::kWhere;
  }
  JsonObjectReader reader(node.found.value.raw);
  for (std::uint32_t index = 0; due > 0 && reader.next_open(); ++index) {
    const std::span<const char> rest = reader.rest();
    JsonValue element;
    const bool object = where && rest[0] == '{';
    for (Node& one : node.below) {
      if (one.fits) continue;
      one.told = {};
      for (Node& next : one.below) next.found = {{}, node.found.damaged};
    }
    if (object) {
      JsonObjectReader members(rest);
      while (members.next()) take_member(node, members);
      if (members.error_at() != 0) {
        reader.refuse(members.error_at() - 1);
        break;
      }
      element = {{rest.data(), members.end()}, JsonKind::kNested};
      reader.pass(members.end());
    } else {
      if (!reader.next_value()) break;
      element = reader.value();
    }
    for (Node& one : node.below) {
      if (one.fits) continue;
      const bool chosen = one.step.kind == PathStep::Kind::kWhere;
      if (chosen ? !has_text(one.told, one.step.value, values.texts) : index != one.step.index) continue;
      one.fits = true;
      one.entered = object && chosen;
      one.found.value = element;
      --due;
    }
  }
  if (reader.error_at() == 0) return;
  for (Node& one : node.below) one.found.damaged |= !one.fits;
}

}  // namespace causal_sessions
