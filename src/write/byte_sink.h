// Where writers put their bytes: a buffer that is handed on whenever it is full, so that no file is ever whole in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace causal_sessions {

class ByteSink {
 public:
  using Flush = std::function<void(std::span<const std::uint8_t>)>;

  explicit ByteSink(Flush flush, std::size_t capacity = 1 << 18) : flush_(std::move(flush)) {
    buffer_.reserve(capacity);
  }

  void put(std::uint8_t byte) {
    if (buffer_.size() == buffer_.capacity()) flush();
    buffer_.push_back(byte);
  }
  void put(std::span<const std::uint8_t> bytes) {
    if (bytes.size() > buffer_.capacity() - buffer_.size()) {
      flush();
      if (bytes.size() > buffer_.capacity()) {
        total_ += bytes.size();
        flush_(bytes);
        return;
      }
    }
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
  }
  void put(std::string_view text) {
    put(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
  }
  // Fixed-width integers and doubles, little-endian.
  template <class T>
  void put_le(T value) {
    std::uint8_t bytes[sizeof(T)];
    std::memcpy(bytes, &value, sizeof(T));
    put(std::span<const std::uint8_t>(bytes, sizeof(T)));
  }

  void flush() {
    if (buffer_.empty()) return;
    total_ += buffer_.size();
    flush_(buffer_);
    buffer_.clear();
  }
  // Bytes put so far: the position in the file.
  [[nodiscard]] std::uint64_t position() const { return total_ + buffer_.size(); }

 private:
  Flush flush_;
  std::vector<std::uint8_t> buffer_;
  std::uint64_t total_ = 0;
};

}  // namespace causal_sessions
