// What lies nested in JSON where an event's plain values are needed: for messages that say where the rows seem to be.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "ingest/reading_options.h"

namespace causal_sessions {

// A key whose first value is an object, or a list of them.
struct JsonNested {
  std::string name;
  bool list = false;
  std::size_t roles = 0;                // that the keys of the object, or of the list's first one, or of one inside, could have
  std::string rows = {};                // where the rows seem to be: its name, or a list or object inside
  std::vector<std::string> paths = {};  // of those keys, the first of them
};

// Of the roles of an event, how many the keys of an object could have.
[[nodiscard]] std::size_t count_roles(std::span<const char> object);

// What a value with its bracket first is; nothing if it is a list of other values.
[[nodiscard]] std::optional<JsonNested> describe_nested(std::string_view name, std::string_view value);

// Where the item may be inside of values: the best place of those that were looked at.
struct ItemPlace {
  std::string path = {};  // empty: there is none
  bool named = false;     // what stands there is named like an item

  // Of a value with its bracket first. `text`: the value of a text, of which nobody sees that it holds anything.
  void look(std::string_view name, std::string_view value, bool text);
  // Of a cell, which may hold no such value.
  void look_into(std::string_view name, std::string_view cell, bool text);
  void take(ItemPlace other);
};

// What to do with them, as the second half of a message; empty if there are none. Of several the one is told in which the
// plan names a column, as in "properties.product_id", else the one that has most of an event.
[[nodiscard]] std::string nested_advice(std::span<const JsonNested> nested, const ReadingOptions& options);

// Says so of a missing column that may lie inside of another one.
void advise_nested(Error& error, std::span<const JsonNested> nested, const ReadingOptions& options);

}  // namespace causal_sessions
