#include "ingest/arrow/column.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/civil_time.h"
#include "core/cold.h"
#include "core/number_text.h"
#include "core/string_pool.h"
#include "core/utf8.h"

namespace causal_sessions::arrow {
namespace {

using Kind = Type::Kind;

// Room for what put_digits() writes; a UUID has 36.
constexpr std::size_t most_digits(const Type& type) {
  return type.kind == Kind::kDecimal ? kMaxDecimalText : std::max<std::size_t>(kMaxNumberText, 36);
}

template <class T>
T load(const Bytes& bytes, std::uint64_t index) {
  T value;
  std::memcpy(&value, bytes.data() + index * sizeof(T), sizeof(T));
  return value;
}

bool is_valid(const Column& column, std::uint64_t i) { return !column.nulls || (column.buffers[0][i >> 3] >> (i & 7) & 1) != 0; }

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
  return bits == 0 || count <= std::uint64_t{bytes.size()} * 8 / bits;
}

bool is_inside_character(std::uint8_t byte) { return (byte & 0xC0) == 0x80; }

template <class Offset>
Status check_offsets(const Column& column) {
  const Bytes& offsets = column.buffers[1];
  const Bytes& text = column.buffers[2];
  if (column.length == 0) return {};
  if (!fits(offsets, column.length + 1, sizeof(Offset) * 8)) return refuse("the offsets of its texts are cut off");
  Offset last = load<Offset>(offsets, 0);
  for (std::uint64_t i = 0; i <= column.length; ++i) {
    const Offset offset = load<Offset>(offsets, i);
    if (offset < last || offset < 0 || static_cast<std::uint64_t>(offset) > text.size()) {
      return refuse("the offsets of its texts are damaged");
    }
    last = offset;
  }
  return {};
}

// Whether all texts together are UTF-8, and each begins with a character, so that none ends inside of one.
template <class Offset>
bool are_utf8(const Column& column) {
  if (column.length == 0) return true;
  const Bytes& text = column.buffers[2];
  const auto begin = static_cast<std::size_t>(load<Offset>(column.buffers[1], 0));
  const auto end = static_cast<std::size_t>(load<Offset>(column.buffers[1], column.length));
  if (begin == end) return true;
  const std::span<const char> used(reinterpret_cast<const char*>(text.data()) + begin, end - begin);
  if (find_invalid_utf8(used) != used.size()) return false;
  for (std::uint64_t i = 0; i < column.length; ++i) {
    const auto from = static_cast<std::size_t>(load<Offset>(column.buffers[1], i));
    const auto to = static_cast<std::size_t>(load<Offset>(column.buffers[1], i + 1));
    if (from != to && is_inside_character(text[from])) return false;
  }
  return true;
}

// One of Utf8View's sixteen bytes: the length, then the text itself if it has at most twelve bytes; else its first
// four, the buffer and the offset.
std::optional<std::string_view> view_at(const Column& column, std::uint64_t i) {
  const Bytes& views = column.buffers[1];
  const auto size = load<std::int32_t>(views, i * 4);
  if (size < 0) return std::nullopt;
  if (size <= 12)
    return std::string_view(reinterpret_cast<const char*>(views.data()) + i * 16 + 4, static_cast<std::size_t>(size));
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
    if (is_valid(column, i) && !view_at(column, i)) return refuse("the places of its texts are damaged");
  }
  return {};
}

Status check_codes(const Column& column) {
  if (!column.dictionary) return refuse("its dictionary is missing");
  const Type& type = column.field->index;
  if (!fits(column.buffers[1], column.length, type.bits)) return refuse("its codes are cut off");
  const std::uint64_t values = column.dictionary->size;
  for (std::uint64_t i = 0; i < column.length; ++i) {
    if (is_valid(column, i) && static_cast<std::uint64_t>(load_int(column.buffers[1], type, i)) >= values) {
      return refuse("a code is not in its dictionary");
    }
  }
  return {};
}

std::uint64_t run_end(const Column& column, std::uint64_t run) {
  const Type type{.kind = Kind::kInt, .bits = column.field->run_end_bits};
  return static_cast<std::uint64_t>(load_int(column.run_ends, type, run));
}

// Each run has a row at least, and together they have all; a writer may leave more runs behind those.
Status check_runs(const Column& column, std::uint64_t rows) {
  if (!fits(column.run_ends, column.length, column.field->run_end_bits)) return refuse("the ends of its runs are cut off");
  std::uint64_t last = 0;
  for (std::uint64_t run = 0; run < column.length; ++run) {
    const std::uint64_t end = run_end(column, run);
    if (end <= last || end > INT64_MAX) return refuse("the ends of its runs are damaged");
    last = end;
  }
  return last < rows ? refuse("its runs end before its rows do") : Status();
}

template <class Offset>
std::string_view text_between(const Column& column, std::uint64_t i) {
  const auto from = static_cast<std::size_t>(load<Offset>(column.buffers[1], i));
  const auto to = static_cast<std::size_t>(load<Offset>(column.buffers[1], i + 1));
  return {reinterpret_cast<const char*>(column.buffers[2].data()) + from, to - from};
}

// Of 16 or 64 bits.
double load_float(const Column& column, std::uint64_t i) {
  return column.field->type.bits == 16 ? half_value(load<std::uint16_t>(column.buffers[1], i))
                                       : load<double>(column.buffers[1], i);
}

COLD char* put_uuid(const std::uint8_t* bytes, char* out) {
  constexpr char kHex[] = "0123456789abcdef";
  for (std::size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) *out++ = '-';
    *out++ = kHex[bytes[i] >> 4];
    *out++ = kHex[bytes[i] & 15];
  }
  return out;
}

// Of a number, a decimal, a boolean, a UUID or a time of the day, which is a number where no day has it.
std::size_t put_digits(const Column& column, std::uint64_t i, char* out) {
  const Type& type = column.field->type;
  char* end = out;
  if (type.kind == Kind::kClock) {
    const std::int64_t value = load_int(column.buffers[1], type, i);
    end = write_clock(value, TimeColumn::per_second(type.unit), out);
  }
  if (end != out) return static_cast<std::size_t>(end - out);
  if (type.kind == Kind::kBool) {
    const bool value = (column.buffers[1][i >> 3] >> (i & 7) & 1) != 0;
    const std::string_view word = value ? "true" : "false";
    end = std::copy(word.begin(), word.end(), out);
  } else if (type.kind == Kind::kInt || type.kind == Kind::kClock) {
    const std::int64_t value = load_int(column.buffers[1], type, i);
    const bool negative = type.is_signed && value < 0;
    if (negative) *end++ = '-';
    end = write_int(negative ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value), end);
  } else if (type.kind == Kind::kDecimal) {
    const std::size_t size = type.bits / 8;
    end = write_decimal_id(std::span(column.buffers[1]).subspan(i * size, size), type.scale, out);
  } else if (type.kind == Kind::kUuid) {
    end = put_uuid(column.buffers[1].data() + i * type.size, out);
  } else if (type.bits == 32) {
    const auto value = load<float>(column.buffers[1], i);
    if (!std::isnan(value)) end = write_id(value, out);
  } else {
    const double value = load_float(column, i);
    if (!std::isnan(value)) end = write_id(value, out);
  }
  return static_cast<std::size_t>(end - out);
}

// The text of a value that is there; numbers are written to `out`.
std::string_view text_of(const Column& column, std::uint64_t i, char* out) {
  switch (column.field->type.kind) {
    case Kind::kUtf8: return text_between<std::int32_t>(column, i);
    case Kind::kLargeUtf8: return text_between<std::int64_t>(column, i);
    case Kind::kUtf8View: return *view_at(column, i);
    case Kind::kFixedBytes:
      return {reinterpret_cast<const char*>(column.buffers[1].data()) + i * column.field->type.size, column.field->type.size};
    case Kind::kNull: return {};
    default: return {out, put_digits(column, i, out)};
  }
}

bool is_text(const Type& type) {
  return type.kind == Kind::kUtf8 || type.kind == Kind::kLargeUtf8 || type.kind == Kind::kUtf8View ||
         type.kind == Kind::kFixedBytes;
}

bool is_time(const Type& type) { return type.kind == Kind::kDate || type.kind == Kind::kTimestamp; }

// How wide the values are that all have one width.
std::uint64_t width(const Type& type) {
  switch (type.kind) {
    case Kind::kBool: return 1;
    case Kind::kTimestamp: return 64;
    case Kind::kFixedBytes:
    case Kind::kUuid: return std::uint64_t{8} * type.size;
    default: return type.bits;
  }
}

// The place of each row's value in the dictionary.
void read_codes(const Column& column, std::uint64_t first, std::size_t count, Slice& slice) {
  const auto code_at = [&](std::uint64_t i) {
    return is_valid(column, i) ? static_cast<std::uint32_t>(load_int(column.buffers[1], column.field->index, i))
                               : StringPool::kNone;
  };
  slice.codes.resize(count);
  if (column.field->run_end_bits == 0) {
    for (std::size_t i = 0; i < count; ++i) slice.codes[i] = code_at(first + i);
    return;
  }
  std::uint64_t run = 0;  // the one that the row is in: the first that ends behind it
  for (std::uint64_t more = column.length; more > 0;) {
    const std::uint64_t half = more / 2;
    const bool ends = run_end(column, run + half) <= first;
    run += ends ? half + 1 : 0;
    more = ends ? more - half - 1 : half;
  }
  for (std::size_t i = 0; i < count; ++i) {
    while (run_end(column, run) <= first + i) ++run;
    slice.codes[i] = column.run_values ? static_cast<std::uint32_t>(run) : code_at(run);
  }
}

// The times of a column that has them itself; the states alone say which are missing.
TimeColumn read_plain_times(const Column& column, std::uint64_t first, std::size_t count, Slice& slice) {
  const Type& type = column.field->type;
  slice.values.resize(count);
  slice.states.assign(column.nulls ? count : 0, TimeColumn::kPresent);
  for (std::size_t i = 0; i < slice.states.size(); ++i) {
    if (!is_valid(column, first + i)) slice.states[i] = TimeColumn::kMissing;
  }
  if (type.kind == Kind::kInt) {
    const bool wide = !type.is_signed && type.bits == 64;
    for (std::size_t i = 0; i < count; ++i) {
      slice.values[i] = load_int(column.buffers[1], type, first + i);
      if (!wide || slice.values[i] >= 0) continue;
      if (slice.states.empty()) slice.states.assign(count, TimeColumn::kPresent);
      if (slice.states[i] == TimeColumn::kPresent) slice.states[i] = TimeColumn::kUnsigned;
    }
  } else if (type.kind == Kind::kDate && type.bits == 32) {
    for (std::size_t i = 0; i < count; ++i) {
      slice.values[i] = std::int64_t{86400} * load<std::int32_t>(column.buffers[1], first + i);
    }
  } else if (count > 0) {
    std::memcpy(slice.values.data(), column.buffers[1].data() + first * 8, count * 8);
  }
  return {slice.values, slice.states, TimeColumn::Unit::kEpoch, false};
}

// As the values of a dictionary.
void add_times(const Column& column, Dictionary& dictionary) {
  Slice slice;
  const TimeColumn times = read_plain_times(column, 0, static_cast<std::size_t>(column.length), slice);
  dictionary.times.insert(dictionary.times.end(), times.values.begin(), times.values.end());
  dictionary.states.insert(dictionary.states.end(), times.states.begin(), times.states.end());
  dictionary.states.resize(dictionary.times.size(), TimeColumn::kPresent);
}

// The numbers stand one behind the other in bytes of the dictionary's own.
void add_digits(const Column& column, Dictionary& dictionary) {
  Bytes digits;
  std::vector<std::uint8_t> sizes;
  for (std::uint64_t i = 0; i < column.length; ++i) {
    char text[most_digits({.kind = Kind::kDecimal})];
    const std::string_view value = is_valid(column, i) ? text_of(column, i, text) : std::string_view();
    digits.insert(digits.end(), value.begin(), value.end());
    sizes.push_back(static_cast<std::uint8_t>(value.size()));
  }
  const auto* at = reinterpret_cast<const char*>(digits.data());
  for (const std::uint8_t size : sizes) {
    dictionary.texts.emplace_back(at, size);
    at += size;
  }
  dictionary.bytes.push_back(std::move(digits));
}

// Where the elements of a list lie in its child.
struct Elements {
  std::uint64_t begin, end;
};

Elements elements_at(const Column& column, std::uint64_t i) {
  const auto at = [&](std::size_t buffer, std::uint64_t index, bool wide) {
    return static_cast<std::uint64_t>(wide ? load<std::int64_t>(column.buffers[buffer], index)
                                           : load<std::int32_t>(column.buffers[buffer], index));
  };
  const Shape shape = column.field->shape;
  const bool wide = shape == Shape::kLargeList || shape == Shape::kLargeListView;
  if (shape == Shape::kFixedList) return {i * column.field->list_size, (i + 1) * column.field->list_size};
  const std::uint64_t begin = at(1, i, wide);
  return {begin, shape == Shape::kList || shape == Shape::kLargeList ? at(1, i + 1, wide) : begin + at(2, i, wide)};
}

// Every element that a value has is among those of the child. One that is below zero is beyond all of them.
COLD Status check_children(const Column& column) {
  constexpr const char* kShort = "its nested values end early";
  const Shape shape = column.field->shape;
  if (shape == Shape::kStruct) {
    const bool whole = std::all_of(column.children.begin(), column.children.end(),
                                   [&](const Column& child) { return child.length >= column.length; });
    return whole ? Status() : refuse(kShort);
  }
  const std::uint64_t most = column.children.empty() ? INT64_MAX : std::min<std::uint64_t>(column.children[0].length, INT64_MAX);
  if (shape == Shape::kFixedList) {
    const std::uint64_t size = column.field->list_size;
    return size != 0 && column.length > most / size ? refuse(kShort) : Status();
  }
  if (column.length == 0) return {};
  const bool offsets = shape == Shape::kList || shape == Shape::kLargeList;
  const std::uint64_t bits = shape == Shape::kLargeList || shape == Shape::kLargeListView ? 64 : 32;
  if (!fits(column.buffers[1], column.length + offsets, bits) || (!offsets && !fits(column.buffers[2], column.length, bits)))
    return refuse("the offsets of its lists are cut off");
  for (std::uint64_t i = 0; i < column.length; ++i) {
    if (!is_valid(column, i)) continue;
    const auto [begin, end] = elements_at(column, i);
    if (begin > end || end > most) return refuse("the offsets of its lists are damaged");
  }
  return {};
}

// One that has a value and no children.
void put_plain(const Column& column, std::uint64_t i, Slice& slice, NestedTexts& out) {
  const Type& type = column.field->type;
  if (is_time(type)) {
    const TimeColumn times = read_times(column, i, 1, slice);
    return times.state(0) == TimeColumn::kMissing ? out.put_null() : out.put_time(times, 0);
  }
  char digits[most_digits({.kind = Kind::kDecimal})];
  const std::string_view text =
      column.dictionary == nullptr
          ? text_of(column, i, digits)
          : column.dictionary->texts[static_cast<std::size_t>(load_int(column.buffers[1], column.field->index, i))];
  const bool number = type.kind == Kind::kInt || type.kind == Kind::kFloat || type.kind == Kind::kBool;
  if (number || text.empty()) out.put_number(text);
  else out.put_text(text);
}

}  // namespace

COLD NestedField nested_field(const Field& field) {
  NestedField nested{.name = field.name};
  if (field.shape == Shape::kPlain) {
    const bool plain = field.run_end_bits == 0 && (!unusable(field, Role::kItem) || !unusable(field, Role::kTime));
    if (!plain) nested.type = type_name(field);
    return nested;
  }
  nested.kind = field.shape == Shape::kStruct ? NestedField::Kind::kObject : NestedField::Kind::kList;
  for (const Field& child : field.children) nested.children.push_back(nested_field(child));
  // The names in a map are its writer's own.
  if (field.type.name == "map" && nested.children[0].children.size() == 2) {
    nested.children[0].children[0].name = "key";
    nested.children[0].children[1].name = "value";
  }
  return nested;
}

void put_value(const Column& column, std::uint64_t i, Slice& slice, NestedTexts& out) {
  if (!is_valid(column, i) || out.too_long()) return out.put_null();
  const Shape shape = column.field->shape;
  if (shape == Shape::kPlain) return put_plain(column, i, slice, out);
  bool first = true;
  if (shape == Shape::kStruct) {
    out.put('{');
    for (const Column& child : column.children) {
      out.put_key(child.nested->name, first);
      put_value(child, i, slice, out);
      first = false;
    }
    return out.put('}');
  }
  out.put('[');
  const auto [begin, end] = elements_at(column, i);
  for (std::uint64_t k = begin; k < end && !out.too_long(); ++k) {
    if (!first) out.put(',');
    if (column.children.empty()) out.put_null();
    else put_value(column.children[0], k, slice, out);
    first = false;
  }
  out.put(']');
}

bool has_times(const Field& field) {
  return is_time(field.type) || (field.type.kind == Kind::kInt && !field.dictionary && field.run_end_bits == 0);
}

std::string type_name(const Field& field) {
  constexpr const char* kUnits[] = {"", "s", "ms", "us", "ns"};
  const Type& type = field.type;
  std::string name = field.run_end_bits != 0 ? "runs of " : "";
  if (field.dictionary) name += "dictionary of ";
  switch (type.kind) {
    case Kind::kInt:
      if (type.name == "duration") return name.append(type.name);
      return name.append(type.is_signed ? "int" : "uint").append(std::to_string(type.bits));
    case Kind::kFloat: return name.append(type.bits == 16 ? "float16" : type.bits == 32 ? "float" : "double");
    case Kind::kTimestamp:
      name.append("timestamp[").append(kUnits[static_cast<std::size_t>(type.unit)]);
      return name.append(type.zone ? ", UTC]" : "]");
    case Kind::kDecimal:
      if (type.name == "int128") return name.append(type.name);
      return name.append("decimal(").append(std::to_string(type.size)).append(", ").append(std::to_string(type.scale)) + ")";
    default: return name.append(type.name);
  }
}

std::optional<std::string> unusable(const Field& field, Role role) {
  const Kind kind = field.type.kind;
  const bool has_text = is_text(field.type) || kind == Kind::kInt || kind == Kind::kFloat || kind == Kind::kDecimal;
  const bool is_id = kind == Kind::kBool || kind == Kind::kUuid || (kind == Kind::kNull && !field.dictionary);
  if (is_of_times(role) && kind == Kind::kFloat && field.type.bits != 64) return too_coarse(type_name(field));
  if (has_text || (is_of_times(role) ? is_time(field.type) || kind == Kind::kClock : is_id)) return std::nullopt;
  return cannot_be(type_name(field), role);
}

Status check_column(const Column& column, std::uint64_t rows) {
  const Type& type = column.field->type;
  if (column.field->run_end_bits != 0) {
    if (Status status = check_runs(column, rows); !status.ok()) return status;
  }
  if (column.nulls && !fits(column.buffers[0], column.length, 1)) return refuse("the marks of its missing values are cut off");
  if (column.field->shape != Shape::kPlain) return check_children(column);
  if (column.field->dictionary) return check_codes(column);
  switch (type.kind) {
    case Kind::kUtf8: return check_offsets<std::int32_t>(column);
    case Kind::kLargeUtf8: return check_offsets<std::int64_t>(column);
    case Kind::kUtf8View: return check_views(column);
    case Kind::kNull: return {};
    default: return fits(column.buffers[1], column.length, width(type)) ? Status() : refuse("its values are cut off");
  }
}

Status check_texts(const Column& column) {
  const Type& type = column.field->type;
  if (column.field->dictionary || !is_text(type)) return {};
  if (type.kind == Kind::kUtf8 && are_utf8<std::int32_t>(column)) return {};
  if (type.kind == Kind::kLargeUtf8 && are_utf8<std::int64_t>(column)) return {};
  for (std::uint64_t i = 0; i < column.length; ++i) {
    if (!is_valid(column, i)) continue;  // what stands there is nobody's
    const std::string_view text = text_of(column, i, nullptr);
    if (find_invalid_utf8(text) != text.size()) return not_utf8(i);
  }
  return {};
}

TextColumn read_texts(const Column& column, Role role, std::uint64_t first, std::size_t count, Slice& slice) {
  const Type& type = column.field->type;
  const std::uint32_t exact_below = type.kind != Kind::kFloat ? 0
                                    : type.bits == 16         ? kHalfExactBelow
                                    : type.bits == 32         ? kFloatExactBelow
                                                              : 0;
  if (column.dictionary != nullptr) {
    read_codes(column, first, count, slice);
    return {column.dictionary->texts, slice.codes, &column.dictionary->pool_ids[static_cast<std::size_t>(role)], exact_below};
  }
  slice.texts.resize(count);
  const std::size_t room = most_digits(type);
  slice.digits.resize(count * room);
  for (std::size_t i = 0; i < count; ++i) {
    slice.texts[i] =
        is_valid(column, first + i) ? text_of(column, first + i, slice.digits.data() + i * room) : std::string_view();
  }
  return {slice.texts, {}, nullptr, exact_below};
}

TimeColumn read_times(const Column& column, std::uint64_t first, std::size_t count, Slice& slice) {
  const Type& type = column.field->type;
  TimeColumn times;
  if (column.dictionary != nullptr) {
    read_codes(column, first, count, slice);
    slice.values.assign(count, 0);
    slice.states.assign(count, TimeColumn::kMissing);
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint32_t code = slice.codes[i];
      if (code == StringPool::kNone) continue;
      slice.values[i] = column.dictionary->times[code];
      slice.states[i] = column.dictionary->states[code];
    }
    times = {slice.values, slice.states, TimeColumn::Unit::kEpoch, false};
  } else {
    times = read_plain_times(column, first, count, slice);
  }
  if (type.kind == Kind::kInt) return times;
  times.unit = type.kind == Kind::kTimestamp ? type.unit
               : type.bits == 32             ? TimeColumn::Unit::kSeconds
                                             : TimeColumn::Unit::kMilliseconds;
  times.local = !type.zone;
  times.dates = type.kind == Kind::kDate;
  return times;
}

void hold_runs(Column& column) {
  if (column.field->dictionary) return;
  column.run_values = std::make_unique<Dictionary>();
  add_values(column, *column.run_values);
  column.dictionary = column.run_values.get();
}

void add_values(Column& column, Dictionary& dictionary) {
  dictionary.size += column.length;
  if (is_time(column.field->type)) return add_times(column, dictionary);
  if (is_text(column.field->type)) {
    for (std::uint64_t i = 0; i < column.length; ++i) {
      dictionary.texts.push_back(is_valid(column, i) ? text_of(column, i, nullptr) : std::string_view());
    }
    for (Bytes& bytes : column.buffers) dictionary.bytes.push_back(std::move(bytes));
  } else {
    add_digits(column, dictionary);
  }
  for (auto& ids : dictionary.pool_ids) ids.resize(dictionary.texts.size(), StringPool::kNone);
}

}  // namespace causal_sessions::arrow
