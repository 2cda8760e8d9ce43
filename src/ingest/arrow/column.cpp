#include "ingest/arrow/column.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/number_text.h"
#include "core/string_pool.h"
#include "core/utf8.h"

namespace causal_sessions::arrow {
namespace {

using Kind = Type::Kind;

template <class T>
T load(const Bytes& bytes, std::uint64_t index) {
  T value;
  std::memcpy(&value, bytes.data() + index * sizeof(T), sizeof(T));
  return value;
}

bool is_valid(const Column& column, std::uint64_t i) {
  return !column.nulls || (column.buffers[0][i >> 3] >> (i & 7) & 1) != 0;
}

// Unsigned ones of 64 bits keep their bits.
std::int64_t load_int(const Bytes& bytes, const Type& type, std::uint64_t i) {
  switch (type.bits) {
    case 8: return type.is_signed ? load<std::int8_t>(bytes, i) : load<std::uint8_t>(bytes, i);
    case 16: return type.is_signed ? load<std::int16_t>(bytes, i) : load<std::uint16_t>(bytes, i);
    case 32: return type.is_signed ? load<std::int32_t>(bytes, i) : static_cast<std::int64_t>(load<std::uint32_t>(bytes, i));
    default: return load<std::int64_t>(bytes, i);
  }
}

Error refuse(const char* finding) { return {ErrorCode::kBadSyntax, finding, {}}; }
Error not_utf8(std::uint64_t i) {
  return {ErrorCode::kBadEncoding, "value " + std::to_string(i + 1) + " of the batch is not UTF-8", {}};
}

bool fits(const Bytes& bytes, std::uint64_t count, std::uint64_t bits) {
  return count <= std::numeric_limits<std::uint64_t>::max() / 64 && bytes.size() >= (count * bits + 7) / 8;
}

bool is_inside_character(std::uint8_t byte) { return (byte & 0xC0) == 0x80; }

template <class Offset>
Status check_offsets(const Column& column) {
  const Bytes& offsets = column.buffers[1];
  const Bytes& text = column.buffers[2];
  if (!fits(offsets, column.length + 1, sizeof(Offset) * 8)) return refuse("the offsets of its texts are cut off");
  const Offset first = load<Offset>(offsets, 0);
  Offset last = first;
  for (std::uint64_t i = 0; i <= column.length; ++i) {
    const Offset offset = load<Offset>(offsets, i);
    if (offset < last || offset < 0 || static_cast<std::uint64_t>(offset) > text.size()) {
      return refuse("the offsets of its texts are damaged");
    }
    last = offset;
  }
  const auto begin = static_cast<std::size_t>(first), size = static_cast<std::size_t>(last - first);
  const std::span<const char> used(reinterpret_cast<const char*>(text.data()) + begin, size);
  const std::size_t bad = find_invalid_utf8(used);
  for (std::uint64_t i = 0; i < column.length; ++i) {
    const auto from = static_cast<std::size_t>(load<Offset>(offsets, i));
    const auto to = static_cast<std::size_t>(load<Offset>(offsets, i + 1));
    if (from == to) continue;
    if (to - begin > bad || is_inside_character(text[from])) return not_utf8(i);
  }
  return {};
}

// One of Utf8View's sixteen bytes: the length, then the text itself if it has at most twelve bytes; else its first
// four, the buffer and the offset.
std::optional<std::string_view> view_at(const Column& column, std::uint64_t i) {
  const Bytes& views = column.buffers[1];
  const auto size = load<std::int32_t>(views, i * 4);
  if (size < 0) return std::nullopt;
  if (size <= 12) return std::string_view(reinterpret_cast<const char*>(views.data()) + i * 16 + 4, static_cast<std::size_t>(size));
  const auto buffer = load<std::int32_t>(views, i * 4 + 2);
  const auto offset = load<std::int32_t>(views, i * 4 + 3);
  if (buffer < 0 || offset < 0 || static_cast<std::size_t>(buffer) + 2 >= column.buffers.size()) return std::nullopt;
  const Bytes& text = column.buffers[static_cast<std::size_t>(buffer) + 2];
  if (std::uint64_t{static_cast<std::uint32_t>(offset)} + static_cast<std::uint32_t>(size) > text.size()) return std::nullopt;
  return std::string_view(reinterpret_cast<const char*>(text.data()) + offset, static_cast<std::size_t>(size));
}

Status check_views(const Column& column) {
  if (!fits(column.buffers[1], column.length, 128)) return refuse("its texts are cut off");
  for (std::uint64_t i = 0; i < column.length; ++i) {
    if (!is_valid(column, i)) continue;
    const std::optional<std::string_view> text = view_at(column, i);
    if (!text) return refuse("the places of its texts are damaged");
    if (find_invalid_utf8(*text) != text->size()) return not_utf8(i);
  }
  return {};
}

Status check_codes(const Column& column) {
  if (!column.dictionary) return refuse("its dictionary is missing");
  const Type& type = column.field->index;
  if (!fits(column.buffers[1], column.length, type.bits)) return refuse("its codes are cut off");
  const std::size_t values = column.dictionary->texts.size();
  for (std::uint64_t i = 0; i < column.length; ++i) {
    if (is_valid(column, i) && static_cast<std::uint64_t>(load_int(column.buffers[1], type, i)) >= values) {
      return refuse("a code is not in its dictionary");
    }
  }
  return {};
}

template <class Offset>
std::string_view text_between(const Column& column, std::uint64_t i) {
  const auto from = static_cast<std::size_t>(load<Offset>(column.buffers[1], i));
  const auto to = static_cast<std::size_t>(load<Offset>(column.buffers[1], i + 1));
  return {reinterpret_cast<const char*>(column.buffers[2].data()) + from, to - from};
}

std::size_t put_digits(const Column& column, std::uint64_t i, char* out) {
  const Type& type = column.field->type;
  char* end = out;
  if (type.kind == Kind::kBool) {
    const bool value = (column.buffers[1][i >> 3] >> (i & 7) & 1) != 0;
    const std::string_view word = value ? "true" : "false";
    end = std::copy(word.begin(), word.end(), out);
  } else if (type.kind == Kind::kInt) {
    const std::int64_t value = load_int(column.buffers[1], type, i);
    const bool negative = type.is_signed && value < 0;
    if (negative) *end++ = '-';
    end = write_int(negative ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value), end);
  } else {
    const double value = type.bits == 32 ? static_cast<double>(load<float>(column.buffers[1], i)) : load<double>(column.buffers[1], i);
    if (!std::isnan(value)) end = write_float(value, out);
  }
  return static_cast<std::size_t>(end - out);
}

// The text of a value that is there; numbers are written to `out`.
std::string_view text_of(const Column& column, std::uint64_t i, char* out) {
  switch (column.field->type.kind) {
    case Kind::kUtf8: return text_between<std::int32_t>(column, i);
    case Kind::kLargeUtf8: return text_between<std::int64_t>(column, i);
    case Kind::kUtf8View: return *view_at(column, i);
    case Kind::kNull: return {};
    default: return {out, put_digits(column, i, out)};
  }
}

bool is_text(const Type& type) { return type.kind == Kind::kUtf8 || type.kind == Kind::kLargeUtf8 || type.kind == Kind::kUtf8View; }

}  // namespace

bool has_times(const Field& field) {
  const Kind kind = field.type.kind;
  return !field.dictionary && (kind == Kind::kInt || kind == Kind::kDate || kind == Kind::kTimestamp);
}

std::optional<std::string> unusable(const Field& field, Role role) {
  const Type& type = field.type;
  const bool half = type.kind == Kind::kFloat && type.bits == 16;
  const bool number = type.kind == Kind::kInt || (type.kind == Kind::kFloat && !half);
  if (is_text(type) || number) return std::nullopt;
  if (role == Role::kTime && has_times(field)) return std::nullopt;
  if (role != Role::kTime && (type.kind == Kind::kBool || (type.kind == Kind::kNull && !field.dictionary))) return std::nullopt;
  const std::string rule = role == Role::kTime ? "a timestamp, a date, a number or text" : "text or a whole number";
  return std::string(field.dictionary ? "it is a dictionary of: " : "it is ") + (half ? "a half-precision number" : type.name) + "; the " +
         kRoleNames[static_cast<std::size_t>(role)] + " must be " + rule;
}

Status check_column(const Column& column) {
  const Type& type = column.field->type;
  if (column.nulls && !fits(column.buffers[0], column.length, 1)) return refuse("the marks of its missing values are cut off");
  if (column.field->dictionary) return check_codes(column);
  switch (type.kind) {
    case Kind::kUtf8: return column.length == 0 ? Status() : check_offsets<std::int32_t>(column);
    case Kind::kLargeUtf8: return column.length == 0 ? Status() : check_offsets<std::int64_t>(column);
    case Kind::kUtf8View: return check_views(column);
    case Kind::kNull: return {};
    default: {
      const std::uint64_t bits = type.kind == Kind::kBool ? 1 : type.kind == Kind::kTimestamp ? 64 : type.bits;
      return fits(column.buffers[1], column.length, bits) ? Status() : refuse("its values are cut off");
    }
  }
}

TextColumn read_texts(const Column& column, Role role, std::uint64_t first, std::size_t count, Slice& slice) {
  if (column.field->dictionary) {
    slice.codes.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      slice.codes[i] = is_valid(column, first + i)
                           ? static_cast<std::uint32_t>(load_int(column.buffers[1], column.field->index, first + i))
                           : StringPool::kNone;
    }
    return {column.dictionary->texts, slice.codes, &column.dictionary->pool_ids[static_cast<std::size_t>(role)]};
  }
  slice.texts.resize(count);
  slice.digits.resize(count * kMaxNumberText);
  for (std::size_t i = 0; i < count; ++i) {
    slice.texts[i] = is_valid(column, first + i) ? text_of(column, first + i, slice.digits.data() + i * kMaxNumberText)
                                                 : std::string_view();
  }
  return {slice.texts, {}, nullptr};
}

TimeColumn read_times(const Column& column, std::uint64_t first, std::size_t count, Slice& slice) {
  const Type& type = column.field->type;
  TimeColumn times;
  slice.values.resize(count);
  slice.states.assign(column.nulls ? count : 0, TimeColumn::kPresent);
  for (std::size_t i = 0; i < slice.states.size(); ++i) {
    if (!is_valid(column, first + i)) slice.states[i] = TimeColumn::kMissing;
  }
  if (type.kind == Kind::kInt) {
    times.unit = TimeColumn::Unit::kEpoch;
    const bool wide = !type.is_signed && type.bits == 64;
    for (std::size_t i = 0; i < count; ++i) {
      const std::int64_t value = load_int(column.buffers[1], type, first + i);
      slice.values[i] = wide && value < 0 ? std::numeric_limits<std::int64_t>::max() : value;
    }
  } else if (type.kind == Kind::kDate && type.bits == 32) {
    times.unit = TimeColumn::Unit::kSeconds;
    for (std::size_t i = 0; i < count; ++i) {
      slice.values[i] = std::int64_t{86400} * load<std::int32_t>(column.buffers[1], first + i);
    }
  } else {
    times.unit = type.kind == Kind::kDate ? TimeColumn::Unit::kMilliseconds : type.unit;
    std::memcpy(slice.values.data(), column.buffers[1].data() + first * 8, count * 8);
  }
  times.values = slice.values;
  times.states = slice.states;
  times.local = type.kind != Kind::kInt && !type.zone;
  return times;
}

void add_values(Column&& column, Dictionary& dictionary) {
  Bytes digits;
  if (!is_text(column.field->type)) digits.resize(column.length * kMaxNumberText);
  for (std::uint64_t i = 0; i < column.length; ++i) {
    char* const out = reinterpret_cast<char*>(digits.data()) + (digits.empty() ? 0 : i * kMaxNumberText);
    dictionary.texts.push_back(is_valid(column, i) ? text_of(column, i, out) : std::string_view());
  }
  for (auto& ids : dictionary.pool_ids) ids.resize(dictionary.texts.size(), StringPool::kNone);
  for (Bytes& bytes : column.buffers) dictionary.bytes.push_back(std::move(bytes));
  dictionary.bytes.push_back(std::move(digits));
}

}  // namespace causal_sessions::arrow
