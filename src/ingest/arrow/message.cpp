#include "ingest/arrow/message.h"

#include <array>

#include "formats/flatbuffer_reader.h"

namespace causal_sessions::arrow {
namespace {

constexpr int kMostDepth = 64;

// By the number of the type in the union `Type`: its name, and its buffers without children and views.
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
    {Type::Kind::kOther, "decimal", 2},
    {Type::Kind::kDate, "date", 2},
    {Type::Kind::kOther, "time of day", 2},
    {Type::Kind::kTimestamp, "timestamp", 2},
    {Type::Kind::kOther, "interval", 2},
    {Type::Kind::kOther, "list", 2},
    {Type::Kind::kOther, "struct", 1},
    {Type::Kind::kOther, "union", 1},  // a dense one has an offset buffer more
    {Type::Kind::kFixedBytes, "fixed-size binary", 2},
    {Type::Kind::kOther, "list", 1},
    {Type::Kind::kOther, "map", 2},
    {Type::Kind::kOther, "duration", 2},
    {Type::Kind::kLargeUtf8, "binary", 3},
    {Type::Kind::kLargeUtf8, "string", 3},
    {Type::Kind::kOther, "list", 2},
    {Type::Kind::kOther, "run-end encoded", 0},
    {Type::Kind::kUtf8View, "binary", 2},
    {Type::Kind::kUtf8View, "string", 2},
    {Type::Kind::kOther, "list", 3},
    {Type::Kind::kOther, "list", 3},
}};
constexpr std::size_t kUnion = 14, kBinaryView = 23, kUtf8View = 24;
constexpr std::int16_t kVersion4 = 3;  // the last in which a union has marks of missing values

Error damaged() { return {ErrorCode::kBadSyntax, "the metadata of a message are damaged", {}}; }

void read_int(const FlatTable& table, Type& type) {
  const auto bits = table.scalar<std::int32_t>(0, 0);
  if (bits != 8 && bits != 16 && bits != 32 && bits != 64) return table.buffer().refuse();
  type.bits = static_cast<std::uint8_t>(bits);
  type.is_signed = table.scalar<std::uint8_t>(1, 0) != 0;
}

// What the union's table says beyond its number.
void read_type(const FlatTable& table, Type& type) {
  switch (type.kind) {
    case Type::Kind::kInt:
      read_int(table, type);
      break;
    case Type::Kind::kFloat: {
      constexpr std::uint8_t kBits[] = {16, 32, 64};
      const auto precision = static_cast<std::uint16_t>(table.scalar<std::int16_t>(0, 0));
      if (precision > 2) return table.buffer().refuse();
      type.bits = kBits[precision];
      break;
    }
    case Type::Kind::kDate: {
      const auto unit = static_cast<std::uint16_t>(table.scalar<std::int16_t>(0, 1));
      if (unit > 1) return table.buffer().refuse();
      type.bits = unit == 0 ? 32 : 64;
      break;
    }
    case Type::Kind::kFixedBytes: {
      const auto size = table.scalar<std::int32_t>(0, 0);
      if (size < 0) return table.buffer().refuse();
      type.size = static_cast<std::uint32_t>(size);
      break;
    }
    case Type::Kind::kTimestamp: {
      const auto unit = static_cast<std::uint16_t>(table.scalar<std::int16_t>(0, 0));
      if (unit > 3) return table.buffer().refuse();
      type.unit = static_cast<TimeColumn::Unit>(unit + 1);
      type.zone = !table.text(1).empty();
      break;
    }
    default:
      break;
  }
}

// Whether the extension type that a field is marked with is that of UUIDs.
bool is_uuid(const FlatTable& field) {
  const FlatVector entries = field.vector(6, 4);
  for (std::uint32_t i = 0; i < entries.size && !field.buffer().damaged(); ++i) {
    const FlatTable entry = field.element(entries, i);
    if (entry.text(0) == "ARROW:extension:name") return entry.text(1) == "arrow.uuid";
  }
  return false;
}

// A field and its children. `left`: how many more fields there can be in so many bytes.
Field read_field(const FlatTable& table, std::int16_t version, int depth, std::size_t& left) {
  Field field;
  if (depth == 0 || left == 0 || table.buffer().damaged()) return table.buffer().refuse(), field;
  --left;
  field.name = table.text(0);
  const std::size_t number = table.scalar<std::uint8_t>(2, 0);
  // Each type has a table, be it empty; without it nothing says how wide the values are.
  if (number == 0 || number >= kTypes.size() || !table.has(3)) return table.buffer().refuse(), field;
  field.type.kind = kTypes[number].kind;
  field.type.name = kTypes[number].name;
  field.nodes = 1;
  field.buffers = kTypes[number].buffers;
  field.views = number == kUtf8View || number == kBinaryView ? 1 : 0;
  read_type(table.table(3), field.type);
  if (number == kUnion && table.table(3).scalar<std::int16_t>(0, 0) == 1) ++field.buffers;
  if (number == kUnion && version <= kVersion4) ++field.buffers;
  if (field.type.kind == Type::Kind::kFixedBytes && field.type.size == 16 && is_uuid(table)) {
    field.type.kind = Type::Kind::kUuid;
    field.type.name = "uuid";
  }
  if (table.has(4)) {
    const FlatTable encoding = table.table(4);
    field.dictionary = encoding.scalar<std::int64_t>(0, 0);
    field.index.bits = 32;
    if (encoding.has(1)) read_int(encoding.table(1), field.index);
    if (table.vector(5, 4).size != 0) field.type.kind = Type::Kind::kOther;
    field.buffers = 2;
    field.views = 0;
    return field;
  }
  const FlatVector children = table.vector(5, 4);
  for (std::uint32_t i = 0; i < children.size && !table.buffer().damaged(); ++i) {
    const Field child = read_field(table.element(children, i), version, depth - 1, left);
    field.nodes += child.nodes;
    field.buffers += child.buffers;
    field.views += child.views;
  }
  return field;
}

Result<std::vector<Field>> read_schema(const FlatTable& table, std::int16_t version) {
  FlatBuffer& buffer = table.buffer();
  if (table.scalar<std::int16_t>(0, 0) != 0) {
    return Error{ErrorCode::kUnknownFormat, "its numbers are big-endian; write it on a little-endian machine", {}};
  }
  const FlatVector list = table.vector(1, 4);
  std::vector<Field> fields;
  std::size_t left = buffer.size() / 8;
  for (std::uint32_t i = 0; i < list.size && !buffer.damaged(); ++i) {
    fields.push_back(read_field(table.element(list, i), version, kMostDepth, left));
  }
  return fields;
}

RecordBatch read_batch(const FlatTable& table) {
  RecordBatch batch;
  FlatBuffer& buffer = table.buffer();
  batch.length = table.scalar<std::int64_t>(0, 0);
  const FlatVector nodes = table.vector(1, sizeof(Node));
  for (std::uint32_t i = 0; i < nodes.size; ++i) batch.nodes.push_back(buffer.read<Node>(nodes.at + i * sizeof(Node)));
  const FlatVector ranges = table.vector(2, sizeof(Range));
  for (std::uint32_t i = 0; i < ranges.size; ++i) batch.buffers.push_back(buffer.read<Range>(ranges.at + i * sizeof(Range)));
  if (table.has(3)) {
    const FlatTable compression = table.table(3);
    batch.codec = compression.scalar<std::int8_t>(0, 0) == 0 ? Codec::kLz4Frame : Codec::kZstd;
    if (compression.scalar<std::int8_t>(0, 0) > 1 || compression.scalar<std::int8_t>(1, 0) != 0) buffer.refuse();
  }
  const FlatVector views = table.vector(4, 8);
  for (std::uint32_t i = 0; i < views.size; ++i) {
    batch.view_buffers.push_back(buffer.read<std::int64_t>(views.at + std::uint64_t{8} * i));
  }
  if (batch.length < 0) buffer.refuse();
  return batch;
}

}  // namespace

Result<Footer> read_footer(std::span<const std::uint8_t> bytes, std::uint64_t end) {
  const Error damage{ErrorCode::kBadSyntax, "the footer of the Arrow file is damaged", {}};
  FlatBuffer buffer(bytes);
  const FlatTable root = FlatTable::root(buffer);
  Footer footer;
  if (buffer.damaged() || !root.has(1)) return damage;
  Result<std::vector<Field>> fields = read_schema(root.table(1), root.scalar<std::int16_t>(0, 0));
  if (!fields.ok()) return fields.error();
  footer.fields = std::move(fields.value());
  constexpr std::uint64_t kBlockBytes = 24;  // offset, length of the metadata, padding, length of the body
  std::uint64_t total = 0;
  for (const unsigned slot : {2u, 3u}) {
    const FlatVector blocks = root.vector(slot, kBlockBytes);
    for (std::uint32_t i = 0; i < blocks.size; ++i) {
      const std::uint64_t at = blocks.at + i * kBlockBytes;
      const auto offset = buffer.read<std::int64_t>(at);
      const auto metadata = buffer.read<std::int32_t>(at + 8);
      const auto body = buffer.read<std::int64_t>(at + 16);
      const bool inside = offset >= 0 && metadata > 0 && body >= 0 && static_cast<std::uint64_t>(offset) <= end &&
                          static_cast<std::uint64_t>(body) <= end &&
                          static_cast<std::uint64_t>(metadata) + static_cast<std::uint64_t>(body) <= end - static_cast<std::uint64_t>(offset);
      if (!inside) return Error{ErrorCode::kBadSyntax, "the footer of the Arrow file points outside of the file", {}};
      footer.blocks.push_back({static_cast<std::uint64_t>(offset), static_cast<std::uint64_t>(metadata) + static_cast<std::uint64_t>(body)});
      total += footer.blocks.back().size;
      // Blocks that overlap could make a small file endless.
      if (total > end) return Error{ErrorCode::kBadSyntax, "the footer of the Arrow file names more bytes than it has", {}};
    }
  }
  if (buffer.damaged()) return damage;
  return footer;
}

Result<Message> read_message(std::span<const std::uint8_t> metadata) {
  FlatBuffer buffer(metadata);
  const FlatTable root = FlatTable::root(buffer);
  Message message;
  const auto version = root.scalar<std::int16_t>(0, 0);
  const auto body = root.scalar<std::int64_t>(3, 0);
  const auto kind = root.scalar<std::uint8_t>(1, 0);
  if (buffer.damaged() || body < 0 || !root.has(2) || version < 0 || version > 4) return damaged();
  if (version < 3) return Error{ErrorCode::kUnknownFormat, "it was written by Arrow before 0.8; write it with a newer one", {}};
  message.body_size = static_cast<std::uint64_t>(body);
  const FlatTable header = root.table(2);
  if (kind == 1) {
    message.kind = Message::Kind::kSchema;
    Result<std::vector<Field>> fields = read_schema(header, version);
    if (!fields.ok()) return fields.error();
    message.fields = std::move(fields.value());
  } else if (kind == 2) {
    message.kind = Message::Kind::kDictionary;
    message.dictionary = header.scalar<std::int64_t>(0, 0);
    message.delta = header.scalar<std::uint8_t>(2, 0) != 0;
    if (!header.has(1)) return damaged();
    message.batch = read_batch(header.table(1));
  } else if (kind == 3) {
    message.kind = Message::Kind::kRecords;
    message.batch = read_batch(header);
  }
  if (buffer.damaged()) return damaged();
  return message;
}

}  // namespace causal_sessions::arrow
