// An object that is too long to be held, such as {"data": [...]}, as a series of objects that each have some elements of its list.
//
// What stands before the list is in each of them; what stands behind it is in none, and its keys are told instead. An element is
// held whole. Values are only cut out here: whether they are JSON, the reader of the pieces finds.
// Needs:  kWindowSlack readable bytes behind a window.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace causal_sessions {

class JsonPieces {
 public:
  // `rows`: input.rows.
  explicit JsonPieces(std::string_view rows);

  // Takes the object at the window's begin up to its list. 0: no list of the rows begins there, or not near enough.
  [[nodiscard]] std::size_t begin(std::span<const char> window);

  // What comes of the next bytes: so many of them are taken; `piece` has elements, is read before the next call, and has room
  // behind it.
  struct Taken {
    std::size_t size = 0;
    std::span<const char> piece = {};
    const char* mistake = nullptr;  // behind what was taken
  };
  // Whole elements of the window, of which some are a piece. `on_key`: called for each key behind the list, with the keys of the
  // objects around it.
  using OnKey = std::function<void(std::span<const std::string> around, std::string_view key)>;
  [[nodiscard]] Taken take(std::span<const char> window, const OnKey& on_key);
  // The object has ended.
  [[nodiscard]] bool ended() const { return begun_ && left_ == 0; }

 private:
  [[nodiscard]] Taken take_elements(std::span<const char> window);
  [[nodiscard]] Taken take_rest(std::span<const char> window, const OnKey& on_key);

  std::vector<std::string> path_;  // the keys that lead to the list; empty: it cannot be found so
  bool begun_ = false, in_list_ = false;
  bool comma_needed_ = false, comma_taken_ = false;
  std::size_t left_ = 0;  // objects that have not ended
  std::string head_;      // up to the list's bracket
  std::string piece_;
};

}  // namespace causal_sessions
