// Cell log: the cells of one column one after another, for a format whose rows are whole only once all columns have been
// read. Written once, then read in order, as often as wanted until it is released.
//
// Cost: the bytes of the texts and one or two a cell, in blocks that never move.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "core/buffer_sizes.h"

namespace causal_sessions {

class CellLog {
 public:
  // kFraction: of a number with a point or an exponent. kBad: the text says why the cell's own cannot be used.
  enum class Kind : std::uint8_t { kMissing, kNested, kFraction, kBad, kText };
  struct Cell {
    Kind kind = Kind::kMissing;
    std::string_view text;
  };

  // An empty text is a missing one.
  void add(Kind kind, std::string_view text = {}) {
    const std::size_t most = text.size() + kMostMarkBytes;
    if (blocks_.empty() || blocks_.back().size - blocks_.back().used < most) {
      const std::size_t size = std::max(kBlockBytes, most);
      blocks_.push_back({std::make_unique_for_overwrite<char[]>(size), size, 0});
    }
    Block& block = blocks_.back();
    if (kind == Kind::kFraction || kind == Kind::kBad) block.bytes[block.used++] = static_cast<char>(kind);  // then as a text
    std::uint64_t mark = kind == Kind::kNested ? static_cast<std::uint64_t>(kind) : text.empty() ? 0 : text.size() + kMarks;
    for (; mark >= 0x80; mark >>= 7) block.bytes[block.used++] = static_cast<char>(mark | 0x80);
    block.bytes[block.used++] = static_cast<char>(mark);
    if (!text.empty()) std::memcpy(block.bytes.get() + block.used, text.data(), text.size());
    block.used += text.size();
  }

  // The next cell. There must be one.
  [[nodiscard]] Cell next() {
    while (at_ == blocks_[block_].used) {
      ++block_;
      at_ = 0;
    }
    const Block& block = blocks_[block_];
    Kind kind = Kind::kText;
    for (;;) {
      std::uint64_t mark = 0;
      for (unsigned shift = 0;; shift += 7) {
        const auto byte = static_cast<unsigned char>(block.bytes[at_++]);
        mark |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
        if (byte < 0x80) break;
      }
      if (mark < 2) return {static_cast<Kind>(mark), {}};
      if (mark < kMarks) {
        kind = static_cast<Kind>(mark);
        continue;
      }
      const std::string_view text(block.bytes.get() + at_, mark - kMarks);
      at_ += text.size();
      return {kind, text};
    }
  }

  void rewind() { block_ = at_ = 0; }

  // Frees blocks that have been read; there is no rewinding afterwards.
  void release_read() {
    for (; released_ < block_; ++released_) blocks_[released_].bytes.reset();
  }

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0, used = 0;
  };
  static constexpr std::size_t kBlockBytes = buffer_sizes::kCellBlock;
  static constexpr std::size_t kMostMarkBytes = 11;
  static constexpr std::uint64_t kMarks = 4;  // of what is no text; a text's is its size and these

  std::vector<Block> blocks_;
  std::size_t block_ = 0, at_ = 0;  // what next() reads
  std::size_t released_ = 0;
};

}  // namespace causal_sessions
