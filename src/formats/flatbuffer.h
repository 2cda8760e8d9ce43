// FlatBuffers built front to back: a table first, then what it points at, so that offsets point forwards as the format
// wants them; each table right behind its own vtable.
//
// Needs:   every pointer field is pointed at something before take().
// Source:  FlatBuffers, "FlatBuffer Internals": offsets, tables, vtables, vectors, strings; all little-endian.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace causal_sessions {

class Flatbuffer {
 public:
  // A field of a table: its number in the schema and its bytes; pointers have 4.
  struct Field {
    int number;
    int bytes;
  };
  static constexpr int kPointer = 4;

  class Table {
   public:
    template <class T>
    void set(int number, T value) {
      buffer_->store(at_[static_cast<std::size_t>(number)], value);
    }
    // Where the field is, to point it at something.
    [[nodiscard]] std::size_t at(int number) const { return at_[static_cast<std::size_t>(number)]; }

   private:
    friend class Flatbuffer;
    Flatbuffer* buffer_ = nullptr;
    std::array<std::size_t, 8> at_{};
  };

  Flatbuffer() : bytes_(4) {}

  // The pointer to the root table.
  static constexpr std::size_t kRoot = 0;

  // Each points the pointer at `from` at what it adds.
  Table add_table(std::size_t from, std::initializer_list<Field> fields);
  void add_string(std::size_t from, std::string_view text);
  // A vector of pointers; gives the first one's place, the next is 4 bytes further.
  std::size_t add_pointers(std::size_t from, std::size_t count);
  // A vector of structs of 64-bit integers, so many a struct.
  void add_structs(std::size_t from, const std::vector<std::int64_t>& integers, std::size_t integers_a_struct);

  [[nodiscard]] std::vector<std::uint8_t> take() { return std::move(bytes_); }

 private:
  template <class T>
  void store(std::size_t at, T value) {
    std::memcpy(bytes_.data() + at, &value, sizeof(value));
  }
  template <class T>
  void append(T value) {
    bytes_.resize(bytes_.size() + sizeof(value));
    store(bytes_.size() - sizeof(value), value);
  }
  // Zeros until `offset` bytes further on is a multiple of `alignment`.
  void align(std::size_t alignment, std::size_t offset = 0);
  void point(std::size_t from) { store(from, static_cast<std::uint32_t>(bytes_.size() - from)); }

  std::vector<std::uint8_t> bytes_;
};

}  // namespace causal_sessions
