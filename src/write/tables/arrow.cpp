// Arrow IPC of one split, as a file (with a footer, for memory maps and random access) or as a stream.
//
// Columns: those of the flat Parquet file: index: int64; session_id, user_id: utf8; event_ids: list<int16>; item_ids:
//          list<int32>; minutes: list<float64>; sequence_length, treatment, outcome: int64. Nullable, without nulls.
// Format:  metadata V5, little-endian, uncompressed; buffers begin at multiples of 64 bytes of the file.
// Cost:    about 20 ns a token; a record batch's sizes are counted first, then its values written one by one.
// Source:  apache/arrow, docs "Arrow Columnar Format", format/Message.fbs, Schema.fbs, File.fbs.
#include <bit>
#include <functional>
#include <string>
#include <vector>

#include "formats/arrow_format.h"
#include "formats/flatbuffer.h"
#include "sequence/session_row.h"
#include "write/table_formats.h"

namespace causal_sessions {
namespace {

static_assert(std::endian::native == std::endian::little);

using arrow::Header, arrow::Precision, arrow::TypeNumber, arrow::Version;
constexpr int kPointer = flatbuffer::Writer::kPointer;

constexpr std::size_t kAlignment = 64;

enum class Kind : std::uint8_t { kInt16, kInt32, kInt64, kDouble, kUtf8 };

struct Column {
  std::string_view name;
  Kind kind;
  bool list;
};

std::vector<Column> session_columns(const SequenceTable& table) {
  std::vector<Column> columns = {{"index", Kind::kInt64, false},   {"session_id", Kind::kUtf8, false},
                                 {"user_id", Kind::kUtf8, false},  {"event_ids", Kind::kInt16, true},
                                 {"item_ids", Kind::kInt32, true}, {"minutes", Kind::kDouble, true}};
  for (const Channel channel : table.channels) columns.push_back({channel_name(channel), Kind::kDouble, true});
  for (const char* name : {"sequence_length", "treatment", "outcome"}) columns.push_back({name, Kind::kInt64, false});
  for (const RowColumn& column : row_columns(table)) columns.push_back({column.name, Kind::kInt64, false});
  for (const NumberColumn& column : number_columns(table)) columns.push_back({column.name, Kind::kDouble, false});
  return columns;
}

std::size_t padded(std::size_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

void put_padding(ByteSink& sink, std::size_t bytes) {
  for (std::size_t i = bytes; i < padded(bytes); ++i) sink.put(0);
}

TypeNumber type_number(Kind kind) {
  return kind == Kind::kUtf8 ? TypeNumber::kUtf8 : kind == Kind::kDouble ? TypeNumber::kFloat : TypeNumber::kInt;
}

void add_type(flatbuffer::Writer& buffer, std::size_t from, Kind kind) {
  if (kind == Kind::kUtf8) {
    buffer.add_table(from, {});
  } else if (kind == Kind::kDouble) {
    buffer.add_table(from, {{0, 2}}).set(0, Precision::kDouble);
  } else {
    flatbuffer::Writer::Table type = buffer.add_table(from, {{0, 4}, {1, 1}});
    type.set(0, std::int32_t{kind == Kind::kInt16 ? 16 : kind == Kind::kInt32 ? 32 : 64});
    type.set(1, std::uint8_t{1});  // signed
  }
}

void add_field(flatbuffer::Writer& buffer, std::size_t from, const Column& column) {
  flatbuffer::Writer::Table field = buffer.add_table(from, {{0, kPointer}, {1, 1}, {2, 1}, {3, kPointer}, {5, kPointer}});
  field.set(1, std::uint8_t{1});  // nullable
  field.set(2, column.list ? TypeNumber::kList : type_number(column.kind));
  buffer.add_text(field.at(0), column.name);
  if (!column.list) {
    add_type(buffer, field.at(3), column.kind);
    buffer.add_vector(field.at(5), 0);
    return;
  }
  buffer.add_table(field.at(3), {});
  const std::size_t child = buffer.add_vector(field.at(5), 1);
  add_field(buffer, child, {"item", column.kind, false});
}

void add_schema(const SequenceTable& table, flatbuffer::Writer& buffer, std::size_t from) {
  const std::vector<Column> columns = session_columns(table);
  flatbuffer::Writer::Table schema = buffer.add_table(from, {{0, 2}, {1, kPointer}});
  std::size_t pointer = buffer.add_vector(schema.at(1), columns.size());
  for (const Column& column : columns) {
    add_field(buffer, pointer, column);
    pointer += 4;
  }
}

// A message whose header is still to be added, at the place given.
std::size_t add_message(flatbuffer::Writer& buffer, Header header, std::int64_t body_bytes) {
  flatbuffer::Writer::Table message = buffer.add_table(flatbuffer::Writer::kRoot, {{3, 8}, {2, kPointer}, {0, 2}, {1, 1}});
  message.set(0, Version::kV5);
  message.set(1, header);
  message.set(3, body_bytes);
  return message.at(2);
}

// The columns of one batch: what each buffer holds and how long it is.
class Batch {
 public:
  Batch(const SequenceTable& table, TableRows rows) : table_(table), rows_(rows) {
    for (const std::uint32_t row : rows) tokens_ += table.length(row);
    integers([](std::uint32_t row) { return row; });
    texts([this](std::uint32_t row) { return session_id(table_, row, id_); });
    texts([this](std::uint32_t row) { return table_.users[table_.user[row]]; });
    lists<std::int16_t>([](std::uint32_t, const Token& token) { return token.event_id; });
    lists<std::int32_t>([](std::uint32_t, const Token& token) { return token.item_id; });
    lists<double>([](std::uint32_t, const Token& token) { return token.minutes; });
    for (const Channel channel : table.channels) {
      lists<double>(
          [this, channel](std::uint32_t row, const Token& token) { return channel_value(table_, row, token, channel); });
    }
    integers([this](std::uint32_t row) { return table_.length(row); });
    integers([this](std::uint32_t row) { return table_.treatment[row]; });
    integers([this](std::uint32_t row) { return table_.outcome[row]; });
    for (const RowColumn& column : row_columns(table)) {
      integers([this, column](std::uint32_t row) { return column.value(table_, row); });
    }
    for (const NumberColumn& column : number_columns(table)) {
      numbers<double>([this, column](std::uint32_t row) { return column.value(table_, row); });
    }
  }
  Batch(const Batch&) = delete;  // the buffers point at it
  Batch& operator=(const Batch&) = delete;

  [[nodiscard]] std::size_t body_bytes() const {
    std::size_t bytes = 0;
    for (const Buffer& buffer : buffers_) bytes += padded(buffer.bytes);
    return bytes;
  }

  [[nodiscard]] std::vector<std::uint8_t> metadata() const {
    std::vector<std::int64_t> places;
    std::size_t at = 0;
    for (const Buffer& buffer : buffers_) {
      places.push_back(static_cast<std::int64_t>(at));
      places.push_back(static_cast<std::int64_t>(buffer.bytes));
      at += padded(buffer.bytes);
    }
    flatbuffer::Writer out;
    const std::size_t header = add_message(out, Header::kRecordBatch, static_cast<std::int64_t>(at));
    flatbuffer::Writer::Table batch = out.add_table(header, {{0, 8}, {1, kPointer}, {2, kPointer}});
    batch.set(0, static_cast<std::int64_t>(rows_.size()));
    out.add_structs(batch.at(1), nodes_, 2);
    out.add_structs(batch.at(2), places, 2);
    return out.take();
  }

  void write_body(ByteSink& sink) const {
    for (const Buffer& buffer : buffers_) {
      if (buffer.write) buffer.write(sink);
      put_padding(sink, buffer.bytes);
    }
  }

 private:
  struct Buffer {
    std::size_t bytes = 0;
    std::function<void(ByteSink&)> write;
  };

  // Its length, no nulls, so an empty bitmap.
  void add_node(std::size_t length) {
    nodes_.push_back(static_cast<std::int64_t>(length));
    nodes_.push_back(0);
    buffers_.push_back({});
  }

  template <class T, class ValueOf>
  void numbers(ValueOf value_of) {
    add_node(rows_.size());
    buffers_.push_back({rows_.size() * sizeof(T), [this, value_of](ByteSink& sink) {
                          for (const std::uint32_t row : rows_) sink.put_le(static_cast<T>(value_of(row)));
                        }});
  }
  template <class ValueOf>
  void integers(ValueOf value_of) {
    numbers<std::int64_t>(value_of);
  }

  template <class SizeOf>
  void offsets(SizeOf size_of) {
    buffers_.push_back({(rows_.size() + 1) * sizeof(std::int32_t), [this, size_of](ByteSink& sink) {
                          std::int32_t end = 0;
                          sink.put_le(end);
                          for (const std::uint32_t row : rows_) {
                            sink.put_le(end += static_cast<std::int32_t>(size_of(row)));
                          }
                        }});
  }

  template <class TextOf>
  void texts(TextOf text_of) {
    std::size_t bytes = 0;
    for (const std::uint32_t row : rows_) bytes += text_of(row).size();
    add_node(rows_.size());
    offsets([text_of](std::uint32_t row) { return text_of(row).size(); });
    buffers_.push_back({bytes, [this, text_of](ByteSink& sink) {
                          for (const std::uint32_t row : rows_) sink.put(text_of(row));
                        }});
  }

  template <class T, class ValueOf>
  void lists(ValueOf value_of) {
    add_node(rows_.size());
    offsets([this](std::uint32_t row) { return table_.length(row); });
    add_node(tokens_);
    buffers_.push_back({tokens_ * sizeof(T), [this, value_of](ByteSink& sink) {
                          for (const std::uint32_t row : rows_) {
                            for_each_token(table_, row,
                                           [&](const Token& token) { sink.put_le(static_cast<T>(value_of(row, token))); });
                          }
                        }});
  }

  const SequenceTable& table_;
  TableRows rows_;
  std::size_t tokens_ = 0;
  std::string id_;
  std::vector<std::int64_t> nodes_;
  std::vector<Buffer> buffers_;
};

// Where a message is, as the footer lists it.
struct Block {
  std::int64_t offset = 0, metadata_bytes = 0, body_bytes = 0;
};

// The metadata behind its length; filled up so that what follows begins at a multiple of 64 bytes.
Block put_message(ByteSink& sink, std::uint64_t file_begin, std::vector<std::uint8_t> metadata) {
  constexpr std::size_t kPrefix = 8;
  Block block;
  block.offset = static_cast<std::int64_t>(sink.position() - file_begin);
  const std::size_t before = static_cast<std::size_t>(block.offset) % kAlignment + kPrefix;
  metadata.resize(padded(before + metadata.size()) - before);
  block.metadata_bytes = static_cast<std::int64_t>(kPrefix + metadata.size());
  sink.put_le(arrow::kContinuation);
  sink.put_le(static_cast<std::int32_t>(metadata.size()));
  sink.put(metadata);
  return block;
}

std::vector<std::uint8_t> footer(const SequenceTable& table, const std::vector<Block>& blocks) {
  std::vector<std::int64_t> places;
  for (const Block& block : blocks) {
    places.insert(places.end(), {block.offset, block.metadata_bytes, block.body_bytes});  // the second is an int32, padded
  }
  flatbuffer::Writer out;
  flatbuffer::Writer::Table root =
      out.add_table(flatbuffer::Writer::kRoot, {{1, kPointer}, {2, kPointer}, {3, kPointer}, {0, 2}});
  root.set(0, Version::kV5);
  add_schema(table, out, root.at(1));
  out.add_structs(root.at(2), {}, 3);
  out.add_structs(root.at(3), places, 3);
  return out.take();
}

enum class Form : std::uint8_t { kFile, kStream };

void write_arrow(const SequenceTable& table, TableRows rows, Form form, ByteSink& sink) {
  const std::uint64_t begin = sink.position();
  if (form == Form::kFile) sink.put(arrow::kStartMark);
  flatbuffer::Writer schema;
  add_schema(table, schema, add_message(schema, Header::kSchema, 0));
  put_message(sink, begin, schema.take());

  std::vector<Block> blocks;
  while (!rows.empty()) {
    const std::size_t count = next_batch(table, rows);
    const Batch batch(table, rows.first(count));
    Block block = put_message(sink, begin, batch.metadata());
    block.body_bytes = static_cast<std::int64_t>(batch.body_bytes());
    batch.write_body(sink);
    blocks.push_back(block);
    rows = rows.subspan(count);
  }
  sink.put_le(arrow::kContinuation);  // the end
  sink.put_le(std::uint32_t{0});
  if (form == Form::kStream) return;

  const std::vector<std::uint8_t> end = footer(table, blocks);
  sink.put(end);
  sink.put_le(static_cast<std::uint32_t>(end.size()));
  sink.put(arrow::kMark);
}

}  // namespace

void write_arrow_file(const SequenceTable& table, TableRows rows, const WriteOptions&, ByteSink& sink) {
  write_arrow(table, rows, Form::kFile, sink);
}

void write_arrow_stream(const SequenceTable& table, TableRows rows, const WriteOptions&, ByteSink& sink) {
  write_arrow(table, rows, Form::kStream, sink);
}

}  // namespace causal_sessions
