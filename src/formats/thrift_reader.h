// Thrift's compact protocol, as far as reading Parquet's headers needs it.
//
// Nothing is read outside the bytes. After a failure every call gives zeros and no further field or element, so callers
// look at failed() once at the end.
// Source: thrift/doc/specs/thrift-compact-protocol.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace causal_sessions::parquet {

class ThriftReader {
 public:
  enum Type : std::uint8_t { kStop, kTrue, kFalse, kByte, kI16, kI32, kI64, kDouble, kBinary, kList, kSet, kMap, kStruct, kUuid };

  explicit ThriftReader(std::span<const std::uint8_t> bytes) : at_(bytes.data()), begin_(at_), end_(at_ + bytes.size()) {}

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

}  // namespace causal_sessions::parquet
