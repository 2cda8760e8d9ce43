// The bytes in which a chunk of a file, read elsewhere, and what is needed for reading one go from thread to thread.
// Both ends are the same build on one machine, so numbers are as they lie in memory.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace causal_sessions {

class ChunkWriter {
 public:
  // Into the memory of bytes that are no longer needed.
  explicit ChunkWriter(std::vector<char> reused = {}) : bytes_(std::move(reused)) { bytes_.clear(); }

  template <class T>
  void put(T value) {
    put_all(std::span<const T>(&value, 1));
  }
  void put(std::string_view text) {
    put<std::uint64_t>(text.size());
    put_all(std::span<const char>(text));
  }
  template <class T>
  void put_all(std::span<const T> values) {
    static_assert(std::is_trivially_copyable_v<T>);
    const auto bytes = std::as_bytes(values);
    const auto* const first = reinterpret_cast<const char*>(bytes.data());
    bytes_.insert(bytes_.end(), first, first + bytes.size());
  }

  [[nodiscard]] std::vector<char> take() { return std::move(bytes_); }

 private:
  std::vector<char> bytes_;
};

// Reads what a ChunkWriter wrote, in the same order.
class ChunkParser {
 public:
  explicit ChunkParser(std::span<const char> bytes) : at_(bytes.data()) {}

  template <class T>
  T get() {
    T value;
    std::memcpy(&value, at_, sizeof(T));
    at_ += sizeof(T);
    return value;
  }
  std::string_view get_text() { return get_bytes(get<std::uint64_t>()); }
  std::string_view get_bytes(std::size_t size) {
    const std::string_view text(at_, size);
    at_ += size;
    return text;
  }

 private:
  const char* at_;
};

// One of the values in such bytes, which need not be aligned.
template <class T>
T chunk_value(std::string_view bytes, std::size_t i) {
  T value;
  std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
  return value;
}

}  // namespace causal_sessions
