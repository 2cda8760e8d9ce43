// Flatbuffers, as Arrow's metadata uses them: tables, strings, vectors; read in place.
//
// A position outside of the bytes reads as zero and is remembered, so that a reader checks once, at the end.
// Source:  https://flatbuffers.dev/internals: a table begins with the distance back to its vtable, which holds the
//          distances of its fields; strings and vectors begin with their length.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace causal_sessions::arrow {

class FlatBuffer {
 public:
  explicit FlatBuffer(std::span<const std::uint8_t> bytes) : bytes_(bytes), texts_left_(bytes.size()) {}

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

struct FlatVector {
  std::uint64_t at = 0;    // of the first element
  std::uint32_t size = 0;  // elements, all of them within the bytes
};

class FlatTable {
 public:
  FlatTable(FlatBuffer& buffer, std::uint64_t at) : buffer_(&buffer), at_(at) {
    vtable_ = at - static_cast<std::uint64_t>(std::int64_t{buffer.read<std::int32_t>(at)});
    vtable_size_ = buffer.read<std::uint16_t>(vtable_);
  }
  static FlatTable root(FlatBuffer& buffer) { return {buffer, buffer.read<std::uint32_t>(0)}; }

  template <class T>
  [[nodiscard]] T scalar(unsigned slot, T otherwise) const {
    const std::uint64_t at = field(slot);
    return at == 0 ? otherwise : buffer_->read<T>(at);
  }
  [[nodiscard]] bool has(unsigned slot) const { return field(slot) != 0; }
  // Needs has(slot).
  [[nodiscard]] FlatTable table(unsigned slot) const { return {*buffer_, target(slot)}; }
  [[nodiscard]] std::string_view text(unsigned slot) const {
    if (!has(slot)) return {};
    const std::uint64_t at = target(slot);
    return buffer_->text(at + 4, buffer_->read<std::uint32_t>(at));
  }
  [[nodiscard]] FlatVector vector(unsigned slot, std::uint64_t element_size) const {
    if (!has(slot)) return {};
    const std::uint64_t at = target(slot);
    const std::uint32_t size = buffer_->read<std::uint32_t>(at);
    if (!buffer_->holds(at + 4, size * element_size)) return {};
    return {at + 4, size};
  }
  // Element of a vector of tables.
  [[nodiscard]] FlatTable element(const FlatVector& vector, std::uint32_t i) const {
    const std::uint64_t at = vector.at + std::uint64_t{4} * i;
    return {*buffer_, at + buffer_->read<std::uint32_t>(at)};
  }
  [[nodiscard]] FlatBuffer& buffer() const { return *buffer_; }

 private:
  [[nodiscard]] std::uint64_t field(unsigned slot) const {
    const std::uint64_t entry = 4 + std::uint64_t{2} * slot;
    if (entry + 2 > vtable_size_) return 0;
    const std::uint16_t distance = buffer_->read<std::uint16_t>(vtable_ + entry);
    return distance == 0 ? 0 : at_ + distance;
  }
  [[nodiscard]] std::uint64_t target(unsigned slot) const {
    const std::uint64_t at = field(slot);
    return at + buffer_->read<std::uint32_t>(at);
  }

  FlatBuffer* buffer_;
  std::uint64_t at_, vtable_;
  std::uint16_t vtable_size_;
};

}  // namespace causal_sessions::arrow
