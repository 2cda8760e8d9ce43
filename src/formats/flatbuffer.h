// FlatBuffers, as Arrow's metadata uses them: tables, texts, vectors; read in place, and written front to back.
//
// A table begins with the distance back to its vtable, which holds the distances of its fields by slot, their number in
// the schema. Texts and vectors begin with their length. All is little-endian.
// Source:  https://flatbuffers.dev/internals
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace causal_sessions::flatbuffer {

// A position outside of the bytes reads as zero and is remembered, so that whoever reads checks once, at the end.
class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> bytes) : bytes_(bytes), texts_left_(bytes.size()) {}

  template <class T>
  T read(std::uint64_t at) {
    T value{};
    if (holds(at, sizeof(T))) std::memcpy(&value, bytes_.data() + at, sizeof(T));
    return value;
  }
  // All texts together are no longer than the bytes: many tables that point at one long text are an attack.
  [[nodiscard]] std::string_view text(std::uint64_t at, std::uint64_t size) {
    if (!holds(at, size)) return {};
    if (size > texts_left_) return refuse(), std::string_view();
    texts_left_ -= size;
    return {reinterpret_cast<const char*>(bytes_.data()) + at, static_cast<std::size_t>(size)};
  }
  // Whether so many bytes stand there; remembered if not.
  bool holds(std::uint64_t at, std::uint64_t size) {
    if (at <= bytes_.size() && size <= bytes_.size() - at) return true;
    damaged_ = true;
    return false;
  }
  void refuse() { damaged_ = true; }
  [[nodiscard]] bool damaged() const { return damaged_; }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }

 private:
  std::span<const std::uint8_t> bytes_;
  std::uint64_t texts_left_;
  bool damaged_ = false;
};

struct Vector {
  std::uint64_t at = 0;    // of the first element
  std::uint32_t size = 0;  // elements, all of them within the bytes
};

class Table {
 public:
  Table(Reader& reader, std::uint64_t at) : reader_(&reader), at_(at) {
    vtable_ = at - static_cast<std::uint64_t>(std::int64_t{reader.read<std::int32_t>(at)});
    vtable_size_ = reader.read<std::uint16_t>(vtable_);
  }
  static Table root(Reader& reader) { return {reader, reader.read<std::uint32_t>(0)}; }

  template <class T>
  [[nodiscard]] T scalar(unsigned slot, T otherwise) const {
    const std::uint64_t at = field(slot);
    return at == 0 ? otherwise : reader_->read<T>(at);
  }
  [[nodiscard]] bool has(unsigned slot) const { return field(slot) != 0; }
  // Needs has(slot).
  [[nodiscard]] Table table(unsigned slot) const { return {*reader_, target(slot)}; }
  [[nodiscard]] std::string_view text(unsigned slot) const {
    if (!has(slot)) return {};
    const std::uint64_t at = target(slot);
    return reader_->text(at + 4, reader_->read<std::uint32_t>(at));
  }
  [[nodiscard]] Vector vector(unsigned slot, std::uint64_t element_size) const {
    if (!has(slot)) return {};
    const std::uint64_t at = target(slot);
    const std::uint32_t size = reader_->read<std::uint32_t>(at);
    if (!reader_->holds(at + 4, size * element_size)) return {};
    return {at + 4, size};
  }
  // Element of a vector of tables.
  [[nodiscard]] Table element(const Vector& vector, std::uint32_t i) const {
    const std::uint64_t at = vector.at + std::uint64_t{4} * i;
    return {*reader_, at + reader_->read<std::uint32_t>(at)};
  }
  [[nodiscard]] Reader& reader() const { return *reader_; }

 private:
  [[nodiscard]] std::uint64_t field(unsigned slot) const {
    const std::uint64_t entry = 4 + std::uint64_t{2} * slot;
    if (entry + 2 > vtable_size_) return 0;
    const std::uint16_t distance = reader_->read<std::uint16_t>(vtable_ + entry);
    return distance == 0 ? 0 : at_ + distance;
  }
  [[nodiscard]] std::uint64_t target(unsigned slot) const {
    const std::uint64_t at = field(slot);
    return at + reader_->read<std::uint32_t>(at);
  }

  Reader* reader_;
  std::uint64_t at_, vtable_;
  std::uint16_t vtable_size_;
};

// Builds front to back: a table first, then what it points at, so that offsets point forwards as the format wants them;
// each table right behind its own vtable.
//
// Needs:   every pointer field is pointed at something before take().
class Writer {
 public:
  // A field of a table: its slot and its bytes; pointers have 4.
  struct Field {
    int slot;
    int bytes;
  };
  static constexpr int kPointer = 4;

  class Table {
   public:
    template <class T>
    void set(int slot, T value) {
      writer_->store(at_[static_cast<std::size_t>(slot)], value);
    }
    // Where the field is, to point it at something.
    [[nodiscard]] std::size_t at(int slot) const { return at_[static_cast<std::size_t>(slot)]; }

   private:
    friend class Writer;
    Writer* writer_ = nullptr;
    std::array<std::size_t, 8> at_{};
  };

  Writer() : bytes_(4) {}

  // The pointer to the root table.
  static constexpr std::size_t kRoot = 0;

  // Each points the pointer at `from` at what it adds.
  Table add_table(std::size_t from, std::initializer_list<Field> fields);
  void add_text(std::size_t from, std::string_view text);
  // A vector of pointers; gives the first one's place, the next is 4 bytes further.
  std::size_t add_vector(std::size_t from, std::size_t count);
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

}  // namespace causal_sessions::flatbuffer
