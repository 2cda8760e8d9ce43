// Where writers put their bytes: a buffer that is handed on whenever it is full, so that no file is ever whole in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "core/cold.h"

namespace causal_sessions {

class ByteSink {
 public:
  using Flush = std::function<void(std::span<const std::uint8_t>)>;

  explicit ByteSink(Flush flush, std::size_t capacity = 1 << 18)
      : flush_(std::move(flush)), buffer_(std::make_unique_for_overwrite<std::uint8_t[]>(capacity)), capacity_(capacity) {}

  void put(std::uint8_t byte) {
    if (size_ == capacity_) flush();
    buffer_[size_++] = byte;
  }
  void put(std::span<const std::uint8_t> bytes) {
    if (bytes.size() > capacity_ - size_) return put_past_end(bytes);
    if (!bytes.empty()) std::memcpy(buffer_.get() + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
  }
  void put(std::string_view text) { put(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size())); }
  // Fixed-width integers and doubles, little-endian.
  template <class T>
  void put_le(T value) {
    std::uint8_t bytes[sizeof(T)];
    std::memcpy(bytes, &value, sizeof(T));
    put(std::span<const std::uint8_t>(bytes, sizeof(T)));
  }

  COLD void flush() {
    if (size_ == 0) return;
    total_ += size_;
    flush_({buffer_.get(), size_});
    size_ = 0;
  }
  // Bytes put so far: the position in the file.
  [[nodiscard]] std::uint64_t position() const { return total_ + size_; }

 private:
  COLD void put_past_end(std::span<const std::uint8_t> bytes) {
    flush();
    if (bytes.size() <= capacity_) return put(bytes);
    total_ += bytes.size();
    flush_(bytes);
  }

  Flush flush_;
  std::unique_ptr<std::uint8_t[]> buffer_;
  std::size_t size_ = 0;
  std::size_t capacity_;
  std::uint64_t total_ = 0;
};

}  // namespace causal_sessions
