#include "formats/flatbuffer.h"

#include <algorithm>

namespace causal_sessions::flatbuffer {

void Writer::align(std::size_t alignment, std::size_t offset) {
  while ((bytes_.size() + offset) % alignment != 0) bytes_.push_back(0);
}

Writer::Table Writer::add_table(std::size_t from, std::initializer_list<Field> fields) {
  int last = -1;
  for (const Field& field : fields) last = std::max(last, field.slot);
  const std::size_t vtable_bytes = 4 + 2 * static_cast<std::size_t>(last + 1);
  align(8, vtable_bytes);
  const std::size_t vtable = bytes_.size();
  bytes_.resize(vtable + vtable_bytes);
  const std::size_t table = bytes_.size();
  point(from);
  append(static_cast<std::int32_t>(vtable_bytes));  // back to the vtable

  Table result;
  result.writer_ = this;
  for (const Field& field : fields) {
    align(static_cast<std::size_t>(field.bytes));
    const auto slot = static_cast<std::size_t>(field.slot);
    result.at_[slot] = bytes_.size();
    store(vtable + 4 + 2 * slot, static_cast<std::uint16_t>(bytes_.size() - table));
    bytes_.resize(bytes_.size() + static_cast<std::size_t>(field.bytes));
  }
  store(vtable, static_cast<std::uint16_t>(vtable_bytes));
  store(vtable + 2, static_cast<std::uint16_t>(bytes_.size() - table));
  return result;
}

void Writer::add_text(std::size_t from, std::string_view text) {
  align(4);
  point(from);
  append(static_cast<std::uint32_t>(text.size()));
  bytes_.insert(bytes_.end(), text.begin(), text.end());
  bytes_.push_back(0);
}

std::size_t Writer::add_vector(std::size_t from, std::size_t count) {
  align(4);
  point(from);
  append(static_cast<std::uint32_t>(count));
  const std::size_t first = bytes_.size();
  bytes_.resize(first + 4 * count);
  return first;
}

void Writer::add_structs(std::size_t from, const std::vector<std::int64_t>& integers, std::size_t integers_a_struct) {
  align(8, 4);
  point(from);
  append(static_cast<std::uint32_t>(integers.size() / integers_a_struct));
  for (const std::int64_t integer : integers) append(integer);
}

}  // namespace causal_sessions::flatbuffer
