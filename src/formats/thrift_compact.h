// Thrift's compact protocol, as far as writing Parquet's headers needs it.
//
// Structs nest between begin_struct and end_struct; fields come in increasing order of their ids.
// Headers are short, so what repeats is kept out of line: the wasm module is 14 KB smaller for it.
// Source: thrift/doc/specs/thrift-compact-protocol.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace causal_sessions {

class ThriftCompactWriter {
 public:
  enum Type : std::uint8_t { kI16 = 4, kI32 = 5, kI64 = 6, kBinary = 8, kList = 9, kStruct = 12 };

  explicit ThriftCompactWriter(std::vector<std::uint8_t>& out) : out_(out) {}

  void field(int id, bool value) { begin_field(id, value ? 1 : 2); }
  void field(int id, std::int8_t value) {
    begin_field(id, 3);
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
  void integer(std::int64_t value) {
    varint(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
  }
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

}  // namespace causal_sessions
