// Thrift's compact protocol, as far as Parquet's headers need it: read in place, and written.
//
// Source: thrift/doc/specs/thrift-compact-protocol.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace causal_sessions::thrift {

// As the protocol numbers them. A field's boolean is in its type.
enum Type : std::uint8_t { kStop, kTrue, kFalse, kByte, kI16, kI32, kI64, kDouble, kBinary, kList, kSet, kMap, kStruct, kUuid };

// Nothing is read outside the bytes. After a failure every call gives zeros and no further field or element, so callers
// look at failed() once at the end.
class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> bytes) : at_(bytes.data()), begin_(at_), end_(at_ + bytes.size()) {}

  // Calls on_field(id, type) for each field of a struct; it returns whether it took the value, which is skipped otherwise.
  template <class OnField>
  void read_struct(OnField on_field) {
    int id = 0;
    if (++depth_ > kMaxDepth) fail(false);
    for (;;) {
      const Type type = next_field(id);
      if (type == kStop) break;
      if (!on_field(id, type)) skip(type);
    }
    --depth_;
  }

  // Calls on_element() for each element of a list of that type; false, with nothing taken, if the field is no such list.
  template <class OnElement>
  bool read_list(Type field, Type element, OnElement on_element) {
    if (field != kList) return false;
    Type type;
    const std::size_t size = list_header(type);
    for (std::size_t i = 0; i < size && !failed_; ++i) {
      if (type == element) {
        on_element();
      } else {
        skip_element(type);
      }
    }
    return true;
  }

  // The value of a field, if it is of that kind; false, with nothing taken, otherwise.
  bool read(Type field, std::int64_t& value);
  bool read(Type field, bool& value);
  bool read(Type field, std::string_view& value);
  // Any number at all: also one that the enum has no name for.
  template <class Enum>
    requires std::is_enum_v<Enum>
  bool read(Type field, Enum& value) {
    static_assert(sizeof(Enum) == sizeof(std::int64_t));
    std::int64_t number = 0;
    if (!read(field, number)) return false;
    value = static_cast<Enum>(number);
    return true;
  }

  [[nodiscard]] bool failed() const { return failed_; }
  // The failure is that the bytes end too early.
  [[nodiscard]] bool truncated() const { return truncated_; }
  [[nodiscard]] std::size_t position() const { return static_cast<std::size_t>(at_ - begin_); }

 private:
  static constexpr int kMaxDepth = 32;

  Type next_field(int& id);
  std::size_t list_header(Type& element);
  void skip(Type field);
  void skip_element(Type type);
  void skip_bytes(std::uint64_t size);
  std::uint64_t varint();
  std::int64_t zigzag();
  std::uint8_t byte();
  void fail(bool truncated);
  [[nodiscard]] std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }

  const std::uint8_t* at_;
  const std::uint8_t* begin_;
  const std::uint8_t* end_;
  int depth_ = 0;
  bool failed_ = false, truncated_ = false;
};

// Structs nest between begin_struct and end_struct; fields come in increasing order of their ids.
// Headers are short, so what repeats is kept out of line: the wasm module is 14 KB smaller for it.
class Writer {
 public:
  explicit Writer(std::vector<std::uint8_t>& out) : out_(out) {}

  void field(int id, bool value) { begin_field(id, value ? kTrue : kFalse); }
  void field(int id, std::int8_t value) {
    begin_field(id, kByte);
    out_.push_back(static_cast<std::uint8_t>(value));
  }
  void field(int id, std::int32_t value) {
    begin_field(id, kI32);
    integer(value);
  }
  void field(int id, std::int64_t value) {
    begin_field(id, kI64);
    integer(value);
  }
  template <class Enum>
    requires std::is_enum_v<Enum>
  void field(int id, Enum value) {
    field(id, static_cast<std::int32_t>(value));
  }
  void field(int id, std::string_view value) {
    begin_field(id, kBinary);
    text(value);
  }

  void begin_struct(int id) {
    begin_field(id, kStruct);
    begin_struct();
  }
  // The outermost struct, or an element of a list of structs.
  [[gnu::noinline]] void begin_struct() { last_ids_.push_back(0); }
  [[gnu::noinline]] void end_struct() {
    out_.push_back(0);
    last_ids_.pop_back();
  }
  void empty_struct(int id) {
    begin_struct(id);
    end_struct();
  }

  // Followed by that many elements: integer(), text(), or structs.
  void begin_list(int id, Type element, std::size_t size) {
    begin_field(id, kList);
    if (size < 15) {
      out_.push_back(static_cast<std::uint8_t>(size << 4 | element));
    } else {
      out_.push_back(static_cast<std::uint8_t>(0xF0 | element));
      varint(size);
    }
  }
  void integer(std::int64_t value) { varint(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63)); }
  [[gnu::noinline]] void text(std::string_view value) {
    varint(value.size());
    out_.insert(out_.end(), value.begin(), value.end());
  }

 private:
  [[gnu::noinline]] void begin_field(int id, std::uint8_t type) {
    const int step = id - last_ids_.back();
    last_ids_.back() = id;
    if (step > 0 && step < 16) {
      out_.push_back(static_cast<std::uint8_t>(step << 4 | type));
    } else {
      out_.push_back(type);
      integer(id);
    }
  }
  [[gnu::noinline]] void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out_.push_back(static_cast<std::uint8_t>(value | 0x80));
    out_.push_back(static_cast<std::uint8_t>(value));
  }

  std::vector<std::uint8_t>& out_;
  std::vector<int> last_ids_;  // of the open structs
};

}  // namespace causal_sessions::thrift
