// A value inside of nested JSON, by a path. A text that holds JSON is gone into as well.
#pragma once

#include <deque>
#include <span>
#include <string>
#include <utility>

#include "ingest/columns/path.h"
#include "ingest/json/json_object.h"

namespace causal_sessions {

class NestedValues {
 public:
  // A cell that may hold JSON; kWindowSlack bytes behind it can be read. A value that no bracket begins is null: nothing is in it.
  [[nodiscard]] JsonValue value_of(std::string_view cell) const;
  // As above, of a cell behind which nothing may be read; what is returned lives until clear().
  [[nodiscard]] JsonValue value_of_copy(std::string_view cell);

  // What a text holds that is JSON, null of one that is none; any other value as it is.
  [[nodiscard]] JsonValue opened(JsonValue value);

  // The value at the end of the steps; null where there is none.
  [[nodiscard]] JsonValue find(JsonValue from, std::span<const PathStep> steps);

  // Whether something on the way has turned out not to be JSON, since take_damage() was last called.
  [[nodiscard]] bool take_damage() { return std::exchange(damaged_, false); }

  // on_element(value) -> whether to go on; false if the list is damaged. Nothing is done for what is no list.
  template <class OnElement>
  void each(const JsonValue& list, OnElement on_element) {
    if (!is_list(list)) return;
    JsonObjectReader reader(list.raw);
    while (reader.next()) {
      if (!on_element(reader.value())) return;
    }
    damaged_ |= reader.error_at() != 0;
  }

  [[nodiscard]] static bool is_list(const JsonValue& value) { return value.kind == JsonKind::kNested && value.raw[0] == '['; }

  std::deque<std::string> texts;  // of values that had to be put together
  void clear() {
    if (!texts.empty()) texts.clear();
  }

 private:
  [[nodiscard]] JsonValue step_into(const JsonValue& value, const PathStep& step);
  [[nodiscard]] JsonValue member(const JsonValue& object, std::string_view key);

  bool damaged_ = false;
};

}  // namespace causal_sessions
