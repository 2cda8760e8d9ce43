// Values inside of nested JSON, by paths. A text that holds JSON is gone into as well.
#pragma once

#include <cstddef>
#include <deque>
#include <span>
#include <string>
#include <utility>
#include <vector>

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

  // Whether a list has turned out not to be JSON, since take_damage() was last called.
  [[nodiscard]] bool take_damage() { return std::exchange(damaged_, false); }
  void note_damage() { damaged_ = true; }

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
  bool damaged_ = false;
};

// The keys of objects of one kind, which mostly have the same in the same order: which of them are new.
class KeyWatch {
 public:
  void know(std::string_view key) { known_.emplace_back(key); }
  // Of an object's key at a position.
  void note(std::size_t index, std::string_view key) {
    if (index >= usual_.size() || known_[usual_[index]] != key) look_up(index, key);
  }
  // The new ones since it was last asked; they are known from then on.
  [[nodiscard]] bool any_new() const { return !new_.empty(); }
  [[nodiscard]] std::vector<std::string> take_new() { return std::exchange(new_, {}); }

 private:
  void look_up(std::size_t index, std::string_view key);

  std::deque<std::string> known_;
  std::vector<std::size_t> usual_;  // by position, of known_
  std::vector<std::string> new_;
};

// Paths that are gone together: in one walk over a value, which enters nothing that none of them leads through.
//
// A walk goes as deep as the longest path, whatever the value is. Of repeated keys the last counts, of elements that fit the
// first. Cost: one pass over the objects on the way, and over lists up to the last element that is wanted.
class PathTree {
 public:
  struct Found {
    JsonValue value = {};  // null where there is none
    bool damaged = false;  // something on the way is not JSON
    bool listed = false;   // a key was looked for in a list that has elements
  };

  PathTree() = default;
  explicit PathTree(std::span<const PathStep> steps) { add(steps); }
  void add(std::span<const PathStep> steps);
  // By path, as they were added; until the next walk. `keys`: is told those of the value itself.
  [[nodiscard]] std::span<const Found> find(const JsonValue& from, NestedValues& values, KeyWatch* keys = nullptr);

 private:
  struct Node {
    PathStep step = {};  // from the node above
    std::vector<Node> below = {};
    std::vector<std::size_t> ends = {};  // paths that end here
    // Of the walk at hand.
    Found found = {};
    JsonValue told = {};   // kWhere: of the element at hand, the value that tells whether it fits
    bool fits = false;     // kIndex, kWhere: the element has come
    bool entered = false;  // `found` of those below has been set
  };
  void walk(Node& node, NestedValues& values, KeyWatch* keys);
  static void find_members(Node& node, KeyWatch* keys);
  static void find_elements(Node& node, NestedValues& values);
  static void take_member(Node& list, const JsonObjectReader& element);

  Node root_;
  std::vector<Found> found_;
};

}  // namespace causal_sessions
