// String pool: one copy of each distinct text, numbered 0, 1, 2, ... in order of first appearance.
//
// Ids depend on the order of the calls alone, never on the hash, so no hash order reaches an output.
// Look-ups come in batches: all hashes first, then all table slots, then all texts, so that the memory loads of a
// batch overlap once the pool has outgrown the cache.
//
// Cost:   text bytes + 8 bytes a string (natively 12) + 8 bytes a table slot, at most 3/4 of the slots used.
// Limit:  2^32 - 2 strings; on wasm32 also 4 GB of text, which the memory cannot hold anyway.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace causal_sessions {

class StringPool {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFFu;  // "no string": never an id

  StringPool();

  // Ids of the texts, new ones appended in order. A text with a null data pointer gets kNone.
  void intern(std::span<const std::string_view> texts, std::uint32_t* ids);
  std::uint32_t intern(std::string_view text);

  // The id of a text that is already there, or kNone.
  [[nodiscard]] std::uint32_t find(std::string_view text) const;

  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(ends_.size()); }
  [[nodiscard]] std::string_view operator[](std::uint32_t id) const {
    const std::size_t begin = begin_of(id);
    return {text_.data() + begin, ends_[id] - begin};
  }
  [[nodiscard]] std::size_t text_bytes() const { return text_.size(); }

 private:
  struct Slot {
    std::uint32_t hash;
    std::uint32_t id;  // kNone: empty
  };

  [[nodiscard]] std::size_t begin_of(std::uint32_t id) const { return id == 0 ? 0 : ends_[id - 1]; }
  std::uint32_t find_or_add(std::string_view text, std::uint32_t hash);
  void grow();

  std::vector<char> text_;
  std::vector<std::size_t> ends_;
  std::vector<Slot> slots_;  // size is a power of two
};

}  // namespace causal_sessions
