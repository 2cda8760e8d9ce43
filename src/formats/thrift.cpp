#include "formats/thrift.h"

namespace causal_sessions::thrift {

void Reader::fail(bool truncated) {
  if (!failed_) truncated_ = truncated;
  failed_ = true;
  at_ = end_;
}

std::uint8_t Reader::byte() {
  if (at_ == end_) {
    fail(true);
    return 0;
  }
  return *at_++;
}

std::uint64_t Reader::varint() {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const std::uint8_t next = byte();
    value |= static_cast<std::uint64_t>(next & 0x7F) << shift;
    if (next < 0x80) return value;
  }
  fail(false);
  return 0;
}

std::int64_t Reader::zigzag() {
  const std::uint64_t value = varint();
  return static_cast<std::int64_t>(value >> 1 ^ (~(value & 1) + 1));
}

Type Reader::next_field(int& id) {
  const std::uint8_t head = failed_ ? 0 : byte();
  const std::uint8_t type = head & 15;
  if (type == kStop) return kStop;
  const int step = head >> 4;
  if (step != 0) {
    id += step;
  } else {
    id = static_cast<std::int16_t>(zigzag());
  }
  if (type > kUuid || id < 0 || id > 32767) fail(false);
  return failed_ ? kStop : static_cast<Type>(type);
}

std::size_t Reader::list_header(Type& element) {
  const std::uint8_t head = byte();
  std::uint64_t size = head >> 4;
  if (size == 15) size = varint();
  const std::uint8_t type = head & 15;
  if (type > kUuid || (type == kStop && size > 0)) fail(false);  // fastparquet gives an empty list no type
  if (size > left()) fail(true);                                 // an element takes a byte at least
  element = static_cast<Type>(type);
  return failed_ ? 0 : static_cast<std::size_t>(size);
}

bool Reader::read(Type field, std::int64_t& value) {
  if (field == kByte) {
    value = static_cast<std::int8_t>(byte());
    return true;
  }
  if (field < kI16 || field > kI64) return false;
  value = zigzag();
  return true;
}

bool Reader::read(Type field, bool& value) {
  if (field != kTrue && field != kFalse) return false;
  value = field == kTrue;
  return true;
}

bool Reader::read(Type field, std::string_view& value) {
  if (field != kBinary) return false;
  const std::uint64_t size = varint();
  if (size > left()) fail(true);
  if (failed_) return true;
  value = {reinterpret_cast<const char*>(at_), static_cast<std::size_t>(size)};
  at_ += size;
  return true;
}

void Reader::skip_bytes(std::uint64_t size) {
  if (size > left()) return fail(true);
  at_ += size;
}

void Reader::skip(Type field) {
  if (field != kTrue && field != kFalse) skip_element(field);  // a field's boolean is in its type
}

void Reader::skip_element(Type type) {
  switch (type) {
    case kTrue:
    case kFalse:
    case kByte: return skip_bytes(1);
    case kI16:
    case kI32:
    case kI64: varint(); return;
    case kDouble: return skip_bytes(8);
    case kUuid: return skip_bytes(16);
    case kBinary: return skip_bytes(varint());
    case kStruct: return read_struct([](int, Type) { return false; });
    case kList:
    case kSet: {
      if (++depth_ > kMaxDepth) return fail(false);
      Type element;
      const std::size_t size = list_header(element);
      for (std::size_t i = 0; i < size && !failed_; ++i) skip_element(element);
      --depth_;
      return;
    }
    case kMap: {
      if (++depth_ > kMaxDepth) return fail(false);
      const std::uint64_t size = varint();
      if (size > left()) return fail(true);
      const std::uint8_t types = size == 0 ? 0 : byte();
      for (std::uint64_t i = 0; i < size && !failed_; ++i) {
        skip_element(static_cast<Type>(types >> 4));
        skip_element(static_cast<Type>(types & 15));
      }
      --depth_;
      return;
    }
    default: return fail(false);
  }
}

}  // namespace causal_sessions::thrift
