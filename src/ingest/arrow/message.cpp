#include "ingest/arrow/message.h"

#include <array>

#include "core/number_text.h"
#include "formats/arrow_format.h"
#include "formats/flatbuffer.h"

namespace causal_sessions::arrow {
namespace {

constexpr int kMostDepth = 64;

// By TypeNumber: its name, and its buffers without children and views.
struct TypeRow {
  Type::Kind kind;
  std::string_view name;
  std::size_t buffers;
};
constexpr std::array<TypeRow, 27> kTypes = {{
    {Type::Kind::kOther, "", 0},  // no type
    {Type::Kind::kNull, "null", 0},
    {Type::Kind::kInt, "int", 2},
    {Type::Kind::kFloat, "float", 2},
    {Type::Kind::kUtf8, "binary", 3},
    {Type::Kind::kUtf8, "string", 3},
    {Type::Kind::kBool, "boolean", 2},
    {Type::Kind::kDecimal, "decimal", 2},
    {Type::Kind::kDate, "date", 2},
    {Type::Kind::kClock, "time of day", 2},
    {Type::Kind::kTimestamp, "timestamp", 2},
    {Type::Kind::kOther, "interval", 2},
    {Type::Kind::kOther, "list", 2},
    {Type::Kind::kOther, "struct", 1},
    {Type::Kind::kOther, "union", 1},  // a dense one has an offset buffer more
    {Type::Kind::kFixedBytes, "fixed-size binary", 2},
    {Type::Kind::kOther, "list", 1},
    {Type::Kind::kOther, "map", 2},
    {Type::Kind::kInt, "duration", 2},  // a count of its unit, as Parquet has it
    {Type::Kind::kLargeUtf8, "binary", 3},
    {Type::Kind::kLargeUtf8, "string", 3},
    {Type::Kind::kOther, "list", 2},
    {Type::Kind::kOther, "run-end encoded", 0},
    {Type::Kind::kUtf8View, "binary", 2},
    {Type::Kind::kUtf8View, "string", 2},
    {Type::Kind::kOther, "list", 3},
    {Type::Kind::kOther, "list", 3},
}};

Error damaged() { return {ErrorCode::kBadSyntax, "the metadata of a message are damaged", {}}; }

void read_int(const flatbuffer::Table& table, Type& type) {
  const auto bits = table.scalar<std::int32_t>(0, 0);
  if (bits != 8 && bits != 16 && bits != 32 && bits != 64) return table.reader().refuse();
  type.bits = static_cast<std::uint16_t>(bits);
  type.is_signed = table.scalar<std::uint8_t>(1, 0) != 0;
}

// Polars has integers of 128 bits, which the format does not know: those with a sign are decimals without a point.
void read_wide_int(const flatbuffer::Table& table, Type& type) {
  const bool is_signed = table.scalar<std::uint8_t>(1, 0) != 0;
  type.kind = is_signed ? Type::Kind::kDecimal : Type::Kind::kOther;
  type.name = is_signed ? "int128" : "uint128";
  type.bits = 128;
  type.size = 39;
}

// Before Arrow 2.0 all had 128 bits, and nothing said so.
void read_decimal(const flatbuffer::Table& table, Type& type) {
  const auto precision = table.scalar<std::int32_t>(0, 0), scale = table.scalar<std::int32_t>(1, 0);
  const auto bits = table.scalar<std::int32_t>(2, 128);
  if (precision < 0 || (bits != 32 && bits != 64 && bits != 128 && bits != 256)) return table.reader().refuse();
  type.size = static_cast<std::uint32_t>(precision);
  type.bits = static_cast<std::uint16_t>(bits);
  type.scale = scale;
  if (scale < -kMostDecimalScale || scale > kMostDecimalScale) type.kind = Type::Kind::kOther;
}

void read_unit(TimeUnit unit, const flatbuffer::Table& table, Type& type) {
  constexpr TimeColumn::Unit kUnits[] = {TimeColumn::Unit::kSeconds, TimeColumn::Unit::kMilliseconds,
                                         TimeColumn::Unit::kMicroseconds, TimeColumn::Unit::kNanoseconds};
  if (unit < TimeUnit::kSecond || unit > TimeUnit::kNanosecond) return table.reader().refuse();
  type.unit = kUnits[static_cast<std::size_t>(unit)];
}

// What the union's table says beyond its number.
void read_type(const flatbuffer::Table& table, TypeNumber number, Type& type) {
  switch (type.kind) {
    case Type::Kind::kInt:
      if (number == TypeNumber::kDuration) type.bits = 64;
      else if (table.scalar<std::int32_t>(0, 0) == 128) read_wide_int(table, type);
      else read_int(table, type);
      break;
    case Type::Kind::kDecimal: read_decimal(table, type); break;
    case Type::Kind::kFloat: {
      constexpr std::uint8_t kBits[] = {16, 32, 64};
      const auto precision = table.scalar(0, Precision::kHalf);
      if (precision < Precision::kHalf || precision > Precision::kDouble) return table.reader().refuse();
      type.bits = kBits[static_cast<std::size_t>(precision)];
      break;
    }
    case Type::Kind::kDate: {
      const auto unit = table.scalar(0, DateUnit::kMillisecond);
      if (unit < DateUnit::kDay || unit > DateUnit::kMillisecond) return table.reader().refuse();
      type.bits = unit == DateUnit::kDay ? 32 : 64;
      break;
    }
    case Type::Kind::kFixedBytes: {
      const auto size = table.scalar<std::int32_t>(0, 0);
      if (size < 0) return table.reader().refuse();
      type.size = static_cast<std::uint32_t>(size);
      break;
    }
    case Type::Kind::kTimestamp:
      read_unit(table.scalar(0, TimeUnit::kSecond), table, type);
      type.zone = !table.text(1).empty();
      break;
    case Type::Kind::kClock: {
      read_unit(table.scalar(0, TimeUnit::kMillisecond), table, type);
      const auto bits = table.scalar<std::int32_t>(1, 32);
      if (bits != (type.unit < TimeColumn::Unit::kMicroseconds ? 32 : 64)) return table.reader().refuse();
      type.bits = static_cast<std::uint16_t>(bits);
      break;
    }
    default: break;
  }
}

// Whether the extension type that a field is marked with is that of UUIDs.
bool is_uuid(const flatbuffer::Table& field) {
  const flatbuffer::Vector entries = field.vector(6, 4);
  for (std::uint32_t i = 0; i < entries.size && !field.reader().damaged(); ++i) {
    const flatbuffer::Table entry = field.element(entries, i);
    if (entry.text(0) == "ARROW:extension:name") return entry.text(1) == "arrow.uuid";
  }
  return false;
}

// The field becomes one of the values of its runs. False if that is none of runs: their ends are integers.
bool take_runs(const Type& run_ends, const Field& values, Field& field) {
  if (run_ends.kind != Type::Kind::kInt || !run_ends.is_signed || run_ends.bits < 16) return false;
  if (values.type.kind == Type::Kind::kOther || values.run_end_bits != 0) return true;
  field.type = values.type;
  field.dictionary = values.dictionary;
  field.index = values.index;
  field.run_end_bits = run_ends.bits;
  return true;
}

Shape shape_of(TypeNumber number) {
  switch (number) {
    case TypeNumber::kStruct: return Shape::kStruct;
    case TypeNumber::kList:
    case TypeNumber::kMap: return Shape::kList;
    case TypeNumber::kLargeList: return Shape::kLargeList;
    case TypeNumber::kFixedSizeList: return Shape::kFixedList;
    case TypeNumber::kListView: return Shape::kListView;
    case TypeNumber::kLargeListView: return Shape::kLargeListView;
    default: return Shape::kPlain;
  }
}

// A field and its children. `left`: how many more fields there can be in so many bytes.
Field read_field(const flatbuffer::Table& table, int depth, std::size_t& left) {
  Field field;
  if (depth == 0 || left == 0 || table.reader().damaged()) return table.reader().refuse(), field;
  --left;
  field.name = table.text(0);
  const auto number = table.scalar(2, TypeNumber::kNone);
  const auto row = static_cast<std::size_t>(number);
  // Each type has a table, be it empty; without it nothing says how wide the values are.
  if (number == TypeNumber::kNone || row >= kTypes.size() || !table.has(3)) return table.reader().refuse(), field;
  field.type.kind = kTypes[row].kind;
  field.type.name = kTypes[row].name;
  field.nodes = 1;
  field.buffers = kTypes[row].buffers;
  field.views = number == TypeNumber::kUtf8View || number == TypeNumber::kBinaryView ? 1 : 0;
  read_type(table.table(3), number, field.type);
  if (number == TypeNumber::kUnion && table.table(3).scalar(0, UnionMode::kSparse) == UnionMode::kDense) ++field.buffers;
  if (number == TypeNumber::kUnion || number == TypeNumber::kRunEndEncoded) ++field.old_buffers;
  if (field.type.kind == Type::Kind::kFixedBytes && field.type.size == 16 && is_uuid(table)) {
    field.type.kind = Type::Kind::kUuid;
    field.type.name = "uuid";
  }
  if (table.has(4)) {
    const flatbuffer::Table encoding = table.table(4);
    field.dictionary = encoding.scalar<std::int64_t>(0, 0);
    field.index.bits = 32;
    if (encoding.has(1)) read_int(encoding.table(1), field.index);
    if (table.vector(5, 4).size != 0) field.type.kind = Type::Kind::kOther;
    field.buffers = 2;
    field.views = field.old_buffers = 0;
    return field;
  }
  const flatbuffer::Vector children = table.vector(5, 4);
  Type run_ends;
  field.shape = shape_of(number);
  field.own_buffers = field.buffers;
  if (number == TypeNumber::kFixedSizeList) {
    const auto size = table.table(3).scalar<std::int32_t>(0, 0);
    if (size < 0) return table.reader().refuse(), field;
    field.list_size = static_cast<std::uint32_t>(size);
  }
  if (field.shape > Shape::kStruct && children.size != 1) return table.reader().refuse(), field;
  for (std::uint32_t i = 0; i < children.size && !table.reader().damaged(); ++i) {
    Field child = read_field(table.element(children, i), depth - 1, left);
    field.nodes += child.nodes;
    field.buffers += child.buffers;
    field.views += child.views;
    field.old_buffers += child.old_buffers;
    if (field.shape != Shape::kPlain) {
      field.children.push_back(std::move(child));
      continue;
    }
    if (number != TypeNumber::kRunEndEncoded) continue;
    if (i == 0) field.run_buffers = field.buffers;
    if (i == 0) run_ends = child.dictionary ? Type() : child.type;
    else if (!take_runs(run_ends, child, field)) return table.reader().refuse(), field;
  }
  if (number == TypeNumber::kRunEndEncoded && children.size != 2) table.reader().refuse();
  return field;
}

Result<std::vector<Field>> read_schema(const flatbuffer::Table& table) {
  flatbuffer::Reader& reader = table.reader();
  if (table.scalar<std::int16_t>(0, 0) != 0) {
    return Error{ErrorCode::kUnknownFormat, "its numbers are big-endian; write it on a little-endian machine", {}};
  }
  const flatbuffer::Vector list = table.vector(1, 4);
  std::vector<Field> fields;
  std::size_t left = reader.size() / 8;
  for (std::uint32_t i = 0; i < list.size && !reader.damaged(); ++i) {
    fields.push_back(read_field(table.element(list, i), kMostDepth, left));
  }
  return fields;
}

RecordBatch read_batch(const flatbuffer::Table& table) {
  RecordBatch batch;
  flatbuffer::Reader& reader = table.reader();
  batch.length = table.scalar<std::int64_t>(0, 0);
  const flatbuffer::Vector nodes = table.vector(1, sizeof(Node));
  for (std::uint32_t i = 0; i < nodes.size; ++i) batch.nodes.push_back(reader.read<Node>(nodes.at + i * sizeof(Node)));
  const flatbuffer::Vector ranges = table.vector(2, sizeof(Range));
  for (std::uint32_t i = 0; i < ranges.size; ++i) batch.buffers.push_back(reader.read<Range>(ranges.at + i * sizeof(Range)));
  if (table.has(3)) {
    const flatbuffer::Table compression = table.table(3);
    const auto codec = compression.scalar(0, Compression::kLz4Frame);
    batch.codec = codec == Compression::kLz4Frame ? Codec::kLz4Frame : Codec::kZstd;
    if (codec > Compression::kZstd || compression.scalar<std::int8_t>(1, 0) != 0) reader.refuse();
  }
  const flatbuffer::Vector views = table.vector(4, 8);
  for (std::uint32_t i = 0; i < views.size; ++i) {
    batch.view_buffers.push_back(reader.read<std::int64_t>(views.at + std::uint64_t{8} * i));
  }
  if (batch.length < 0) reader.refuse();
  return batch;
}

}  // namespace

Result<Footer> read_footer(std::span<const std::uint8_t> bytes, std::uint64_t end) {
  const Error damage{ErrorCode::kBadSyntax, "the footer of the Arrow file is damaged", {}};
  flatbuffer::Reader reader(bytes);
  const flatbuffer::Table root = flatbuffer::Table::root(reader);
  Footer footer;
  if (reader.damaged() || !root.has(1)) return damage;
  Result<std::vector<Field>> fields = read_schema(root.table(1));
  if (!fields.ok()) return fields.error();
  footer.fields = std::move(fields.value());
  constexpr std::uint64_t kBlockBytes = 24;  // offset, length of the metadata, padding, length of the body
  std::uint64_t total = 0;
  for (const unsigned slot : {2u, 3u}) {
    const flatbuffer::Vector blocks = root.vector(slot, kBlockBytes);
    for (std::uint32_t i = 0; i < blocks.size; ++i) {
      const std::uint64_t at = blocks.at + i * kBlockBytes;
      const auto offset = reader.read<std::int64_t>(at);
      const auto metadata = reader.read<std::int32_t>(at + 8);
      const auto body = reader.read<std::int64_t>(at + 16);
      const auto begin = static_cast<std::uint64_t>(offset), body_size = static_cast<std::uint64_t>(body);
      const std::uint64_t size = static_cast<std::uint64_t>(metadata) + body_size;
      const bool inside = offset >= 0 && metadata > 0 && body >= 0 && begin <= end && body_size <= end && size <= end - begin;
      if (!inside) return Error{ErrorCode::kBadSyntax, "the footer of the Arrow file points outside of the file", {}};
      footer.blocks.push_back({begin, size});
      total += size;
      // Blocks that overlap could make a small file endless.
      if (total > end) return Error{ErrorCode::kBadSyntax, "the footer of the Arrow file names more bytes than it has", {}};
    }
  }
  if (reader.damaged()) return damage;
  return footer;
}

Result<Message> read_message(std::span<const std::uint8_t> metadata) {
  flatbuffer::Reader reader(metadata);
  const flatbuffer::Table root = flatbuffer::Table::root(reader);
  Message message;
  const auto version = root.scalar(0, Version::kV1);
  const auto body = root.scalar<std::int64_t>(3, 0);
  const auto kind = root.scalar(1, Header::kNone);
  if (reader.damaged() || body < 0 || !root.has(2) || version < Version::kV1 || version > Version::kV5) return damaged();
  if (version < Version::kV4) {
    return Error{ErrorCode::kUnknownFormat, "it was written by Arrow before 0.8; write it with a newer one", {}};
  }
  message.body_size = static_cast<std::uint64_t>(body);
  message.old = version == Version::kV4;
  const flatbuffer::Table header = root.table(2);
  if (kind == Header::kSchema) {
    message.kind = Message::Kind::kSchema;
    Result<std::vector<Field>> fields = read_schema(header);
    if (!fields.ok()) return fields.error();
    message.fields = std::move(fields.value());
  } else if (kind == Header::kDictionaryBatch) {
    message.kind = Message::Kind::kDictionary;
    message.dictionary = header.scalar<std::int64_t>(0, 0);
    message.delta = header.scalar<std::uint8_t>(2, 0) != 0;
    if (!header.has(1)) return damaged();
    message.batch = read_batch(header.table(1));
  } else if (kind == Header::kRecordBatch) {
    message.kind = Message::Kind::kRecords;
    message.batch = read_batch(header);
  }
  if (reader.damaged()) return damaged();
  return message;
}

}  // namespace causal_sessions::arrow
