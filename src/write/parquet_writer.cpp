#include "write/parquet_writer.h"

#include <bit>
#include <cassert>
#include <utility>

#include "core/cold.h"
#include "formats/parquet_format.h"
#include "formats/thrift.h"

namespace causal_sessions {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::string_view kCreatedBy = "causal-sessions version " CAUSAL_SESSIONS_VERSION;

using parquet::Converted, parquet::Encoding, parquet::Logical, parquet::Physical, parquet::Repetition;

// An annotation's field in the union of logical types.
constexpr int field_of(Logical logical) { return static_cast<int>(logical); }

Physical physical_type(ParquetType type) {
  switch (type) {
    case ParquetType::kInt16:
    case ParquetType::kInt32: return Physical::kInt32;
    case ParquetType::kInt64: return Physical::kInt64;
    case ParquetType::kDouble: return Physical::kDouble;
    case ParquetType::kString: return Physical::kByteArray;
  }
  return Physical::kByteArray;
}

// A value is there at this definition level: the column, and each list and its element, exist.
std::uint8_t value_level(int lists) { return static_cast<std::uint8_t>(1 + 2 * lists); }

int bits_of_repetition(int lists) { return lists == 2 ? 2 : 1; }

COLD void put_list_group(std::string_view name, thrift::Writer& out) {
  out.begin_struct();
  out.field(3, Repetition::kOptional);
  out.field(4, name);
  out.field(5, std::int32_t{1});  // children
  out.field(6, Converted::kList);
  out.begin_struct(10);
  out.empty_struct(field_of(Logical::kList));
  out.end_struct();
  out.end_struct();

  out.begin_struct();
  out.field(3, Repetition::kRepeated);
  out.field(4, std::string_view("list"));
  out.field(5, std::int32_t{1});
  out.end_struct();
}

COLD void put_leaf(std::string_view name, ParquetType type, thrift::Writer& out) {
  out.begin_struct();
  out.field(1, physical_type(type));
  out.field(3, Repetition::kOptional);
  out.field(4, name);
  if (type == ParquetType::kString) {
    out.field(6, Converted::kUtf8);
    out.begin_struct(10);
    out.empty_struct(field_of(Logical::kString));
    out.end_struct();
  } else if (type == ParquetType::kInt16) {
    out.field(6, Converted::kInt16);
    out.begin_struct(10);
    out.begin_struct(field_of(Logical::kInteger));
    out.field(1, std::int8_t{16});
    out.field(2, true);  // signed
    out.end_struct();
    out.end_struct();
  }
  out.end_struct();
}

void put_page_header(std::size_t plain_bytes, std::size_t bytes, std::uint32_t entries, std::vector<std::uint8_t>& bytes_out) {
  thrift::Writer out(bytes_out);
  out.begin_struct();
  out.field(1, parquet::PageType::kData);
  out.field(2, static_cast<std::int32_t>(plain_bytes));
  out.field(3, static_cast<std::int32_t>(bytes));
  out.begin_struct(5);
  out.field(1, static_cast<std::int32_t>(entries));
  out.field(2, Encoding::kPlain);
  out.field(3, Encoding::kRle);
  out.field(4, Encoding::kRle);
  out.end_struct();
  out.end_struct();
}

}  // namespace

void ParquetPage::add_entries(std::uint32_t count) {
  entries_ += count;
  definition_.append(value_level(lists_), count);
}

void ParquetPage::add_empty(std::uint8_t definition_level) {
  ++entries_;
  ++nulls_;
  definition_.append(definition_level);
  if (lists_ > 0) repetition_.append(0, bits_of_repetition(lists_));
}

void ParquetPage::add_null() { add_empty(0); }

void ParquetPage::add_list(std::uint32_t size) {
  assert(lists_ == 1);
  if (size == 0) return add_empty(1);
  add_entries(size);
  repetition_.append(0, 1);
  for (std::uint32_t rest = size - 1; rest > 0;) {
    const std::uint32_t part = std::min(rest, 32u);
    repetition_.append((std::uint64_t{1} << part) - 1, static_cast<int>(part));
    rest -= part;
  }
}

void ParquetPage::add_list_of_lists(std::uint32_t size, std::uint32_t inner_size) {
  assert(lists_ == 2 && inner_size > 0 && inner_size <= 16);
  if (size == 0) return add_empty(1);
  add_entries(size * inner_size);
  // Two bits a level: a 2 for each value within an inner list, a 1 where a further one begins.
  const int bits = 2 * static_cast<int>(inner_size);
  const std::uint64_t first = 0xAAAAAAAAull & ((std::uint64_t{1} << bits) - 1) & ~std::uint64_t{3};
  repetition_.append(first, bits);
  for (std::uint32_t i = 1; i < size; ++i) repetition_.append(first | 1, bits);
}

void ParquetPage::grow(std::size_t bytes) {
  capacity_ = std::max(size_ + bytes, 2 * capacity_);
  auto larger = std::make_unique_for_overwrite<std::uint8_t[]>(capacity_);
  if (size_ > 0) std::memcpy(larger.get(), values_.get(), size_);
  values_ = std::move(larger);
}

void ParquetPage::clear() {
  repetition_.clear();
  definition_.clear();
  size_ = 0;
  entries_ = 0;
  nulls_ = 0;
}

ParquetWriter::ParquetWriter(ByteSink& sink, std::vector<ParquetColumn> columns, std::vector<ParquetProperty> properties)
    : sink_(sink), begin_(sink.position()), columns_(std::move(columns)), properties_(std::move(properties)), page_(0) {
  sink_.put(parquet::kMark);
}

std::int64_t ParquetWriter::position() const { return static_cast<std::int64_t>(sink_.position() - begin_); }

COLD void ParquetWriter::begin_row_group(std::size_t rows) { row_groups_.push_back({static_cast<std::int64_t>(rows), {}}); }

ParquetPage& ParquetWriter::begin_column() {
  std::vector<Chunk>& chunks = row_groups_.back().chunks;
  assert(chunks.size() < columns_.size());
  page_.lists_ = columns_[chunks.size()].lists;
  chunks.emplace_back().offset = position();
  return page_;
}

void ParquetWriter::end_page() {
  if (page_.entries_ == 0) return;
  payload_.clear();
  if (page_.lists_ > 0) page_.repetition_.encode(bits_of_repetition(page_.lists_), payload_);
  page_.definition_.encode(payload_);
  payload_.insert(payload_.end(), page_.values().begin(), page_.values().end());
  const std::span<const std::uint8_t> compressed = snappy_.compress(payload_);

  std::vector<std::uint8_t> header;
  put_page_header(payload_.size(), compressed.size(), page_.entries_, header);
  sink_.put(header);
  sink_.put(compressed);

  Chunk& chunk = row_groups_.back().chunks.back();
  chunk.values += page_.entries_;
  chunk.nulls += page_.nulls_;
  chunk.plain_bytes += static_cast<std::int64_t>(header.size() + payload_.size());
  chunk.bytes += static_cast<std::int64_t>(header.size() + compressed.size());
  page_.clear();
}

void ParquetWriter::end_column(const std::optional<ParquetRange>& range) {
  end_page();
  row_groups_.back().chunks.back().range = range;
}

COLD void ParquetWriter::put_schema(thrift::Writer& out) const {
  std::size_t elements = 1;
  for (const ParquetColumn& column : columns_) {
    elements += 1 + 2 * static_cast<std::size_t>(column.lists);
  }
  out.begin_list(2, thrift::kStruct, elements);
  out.begin_struct();
  out.field(4, std::string_view("schema"));
  out.field(5, static_cast<std::int32_t>(columns_.size()));
  out.end_struct();
  for (const ParquetColumn& column : columns_) {
    std::string_view name = column.name;
    for (int i = 0; i < column.lists; ++i) {
      put_list_group(name, out);
      name = "element";
    }
    put_leaf(name, column.type, out);
  }
}

void ParquetWriter::put_chunk(const ParquetColumn& column, const Chunk& chunk, thrift::Writer& out) const {
  out.begin_struct();
  out.field(2, std::int64_t{0});  // the metadata is here, not also in the file behind the pages
  out.begin_struct(3);
  out.field(1, physical_type(column.type));
  out.begin_list(2, thrift::kI32, 2);
  out.integer(static_cast<std::int64_t>(Encoding::kPlain));
  out.integer(static_cast<std::int64_t>(Encoding::kRle));
  out.begin_list(3, thrift::kBinary, 1 + 2 * static_cast<std::size_t>(column.lists));
  out.text(column.name);
  for (int i = 0; i < column.lists; ++i) {
    out.text("list");
    out.text("element");
  }
  out.field(4, parquet::Compression::kSnappy);
  out.field(5, chunk.values);
  out.field(6, chunk.plain_bytes);
  out.field(7, chunk.bytes);
  out.field(9, chunk.offset);
  out.begin_struct(12);
  out.field(3, chunk.nulls);
  if (chunk.range && chunk.nulls < chunk.values) {
    const std::size_t width = column.type == ParquetType::kInt64 ? 8 : 4;
    char bytes[8];
    std::memcpy(bytes, &chunk.range->max, sizeof(bytes));
    out.field(5, std::string_view(bytes, width));
    std::memcpy(bytes, &chunk.range->min, sizeof(bytes));
    out.field(6, std::string_view(bytes, width));
  }
  out.end_struct();
  out.end_struct();
  out.end_struct();
}

COLD void ParquetWriter::put_row_group(const RowGroup& group, thrift::Writer& out) const {
  assert(group.chunks.size() == columns_.size());
  std::int64_t plain_bytes = 0, bytes = 0;
  for (const Chunk& chunk : group.chunks) {
    plain_bytes += chunk.plain_bytes;
    bytes += chunk.bytes;
  }
  out.begin_struct();
  out.begin_list(1, thrift::kStruct, columns_.size());
  for (std::size_t i = 0; i < columns_.size(); ++i) put_chunk(columns_[i], group.chunks[i], out);
  out.field(2, plain_bytes);
  out.field(3, group.rows);
  out.field(5, group.chunks.front().offset);
  out.field(6, bytes);
  out.end_struct();
}

COLD void ParquetWriter::finish() {
  std::int64_t rows = 0;
  for (const RowGroup& group : row_groups_) rows += group.rows;

  std::vector<std::uint8_t> footer;
  thrift::Writer out(footer);
  out.begin_struct();
  out.field(1, std::int32_t{2});
  put_schema(out);
  out.field(3, rows);
  out.begin_list(4, thrift::kStruct, row_groups_.size());
  for (const RowGroup& group : row_groups_) put_row_group(group, out);
  if (!properties_.empty()) {
    out.begin_list(5, thrift::kStruct, properties_.size());
    for (const ParquetProperty& property : properties_) {
      out.begin_struct();
      out.field(1, std::string_view(property.key));
      out.field(2, std::string_view(property.value));
      out.end_struct();
    }
  }
  out.field(6, kCreatedBy);
  // The order in which min and max are meant: each type's own.
  out.begin_list(7, thrift::kStruct, columns_.size());
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    out.begin_struct();
    out.empty_struct(1);
    out.end_struct();
  }
  out.end_struct();

  sink_.put(footer);
  sink_.put_le(static_cast<std::uint32_t>(footer.size()));
  sink_.put(parquet::kMark);
}

}  // namespace causal_sessions
