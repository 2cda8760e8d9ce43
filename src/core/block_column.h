// A column that grows without moving: fixed blocks instead of one vector that doubles, so that reading a
// file never holds a column two or three times while it grows.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

#include "core/buffer_sizes.h"

namespace causal_sessions {

template <class T>
class BlockColumn {
 public:
  static constexpr std::size_t kBlockSize = buffer_sizes::kColumnBlock;

  void push_back(T value) {
    if (size_ % kBlockSize == 0) begin_block();
    blocks_[size_ / kBlockSize][size_ % kBlockSize] = value;
    ++size_;
  }
  void append(const T* values, std::size_t count) {
    while (count > 0) {
      const std::size_t at = size_ % kBlockSize;
      if (at == 0) begin_block();
      const std::size_t fits = count < kBlockSize - at ? count : kBlockSize - at;
      std::memcpy(blocks_[size_ / kBlockSize].get() + at, values, fits * sizeof(T));
      values += fits;
      count -= fits;
      size_ += fits;
    }
  }
  // value_at(i) for each i below `count`.
  template <class ValueAt>
  void append(std::size_t count, ValueAt value_at) {
    for (std::size_t i = 0; i < count;) {
      if (size_ % kBlockSize == 0) begin_block();
      T* const block = blocks_[size_ / kBlockSize].get();
      std::size_t at = size_ % kBlockSize;
      size_ -= at;
      for (; at < kBlockSize && i < count; ++at, ++i) block[at] = value_at(i);
      size_ += at;
    }
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] T operator[](std::size_t i) const { return blocks_[i / kBlockSize][i % kBlockSize]; }
  [[nodiscard]] T& operator[](std::size_t i) { return blocks_[i / kBlockSize][i % kBlockSize]; }

  [[nodiscard]] std::size_t block_count() const { return (size_ + kBlockSize - 1) / kBlockSize; }
  // The values of one block: kBlockSize of them, fewer in the last.
  [[nodiscard]] std::span<const T> block(std::size_t b) const {
    const std::size_t first = b * kBlockSize;
    return {blocks_[b].get(), size_ - first < kBlockSize ? size_ - first : kBlockSize};
  }
  // Frees one block whose values are no longer needed.
  void release_block(std::size_t b) { blocks_[b].reset(); }
  // Forgets the values, and keeps the blocks for others.
  void clear() { size_ = 0; }

 private:
  void begin_block() {
    if (size_ / kBlockSize == blocks_.size()) blocks_.push_back(std::make_unique_for_overwrite<T[]>(kBlockSize));
  }

  std::vector<std::unique_ptr<T[]>> blocks_;
  std::size_t size_ = 0;
};

}  // namespace causal_sessions
