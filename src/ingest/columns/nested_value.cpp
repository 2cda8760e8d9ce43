#include "ingest/columns/nested_value.h"

#include "ingest/file_reader.h"

namespace causal_sessions {

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

JsonValue NestedValues::find(JsonValue from, std::span<const PathStep> steps) {
  for (const PathStep& step : steps) {
    from = opened(from);
    if (from.kind != JsonKind::kNested) return {};
    from = step_into(from, step);
  }
  return from;
}

JsonValue NestedValues::member(const JsonValue& object, std::string_view key) {
  JsonValue found;
  if (object.kind != JsonKind::kNested || is_list(object)) return found;
  JsonObjectReader reader(object.raw);
  while (reader.next()) {  // to the end, as the last of repeated keys counts
    if (reader.key() == key) found = reader.value();
  }
  damaged_ |= reader.error_at() != 0;
  return found;
}

JsonValue NestedValues::step_into(const JsonValue& value, const PathStep& step) {
  if (step.kind == PathStep::Kind::kKey) return member(value, step.key);
  JsonValue found;
  std::uint32_t index = 0;
  each(value, [&](const JsonValue& element) {
    const bool fits = step.kind == PathStep::Kind::kWhere ? json_cell(member(element, step.key), true, texts).text == step.value
                                                          : index++ == step.index;
    if (fits) found = element;
    return !fits;
  });
  return found;
}

}  // namespace causal_sessions
