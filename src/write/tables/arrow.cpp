// Arrow IPC of one split, as a file (with a footer, for memory maps and random access) or as a stream.
//
// Columns: those of the flat Parquet file: index: int64; session_id, user_id: utf8; event_ids: list<int16>; item_ids:
//          list<int32>; minutes: list<float64>; sequence_length, treatment, outcome: int64. Nullable, without nulls.
// Format:  that of formats/arrow_writer.h.
// Cost:    about 20 ns a token; a record batch's sizes are counted first, then its values written one by one.
#include <string>
#include <vector>

#include "formats/arrow_writer.h"
#include "sequence/session_row.h"
#include "write/table_formats.h"

namespace causal_sessions {
namespace {

using arrow::Form, arrow::Precision, arrow::TypeNumber;
constexpr int kPointer = flatbuffer::Writer::kPointer;

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

TypeNumber type_number(Kind kind) {
  return kind == Kind::kUtf8 ? TypeNumber::kUtf8 : kind == Kind::kDouble ? TypeNumber::kFloat : TypeNumber::kInt;
}

void add_type(flatbuffer::Writer& buffer, std::size_t from, Kind kind) {
  if (kind == Kind::kUtf8) {
    buffer.add_table(from, {});
  } else if (kind == Kind::kDouble) {
    buffer.add_table(from, {{0, 2}}).set(0, Precision::kDouble);
  } else {
    arrow::add_int(buffer, from, kind == Kind::kInt16 ? 16 : kind == Kind::kInt32 ? 32 : 64, true);
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

// The columns of one batch: what each buffer holds and how long it is.
class Batch {
 public:
  Batch(const SequenceTable& table, TableRows rows) : table_(table), rows_(rows) {
    body_.length = rows.size();
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

  [[nodiscard]] const arrow::Body& body() const { return body_; }

 private:
  // Its length, no nulls, so an empty bitmap.
  void add_node(std::size_t length) {
    body_.add_node(length);
    body_.buffers.push_back({});
  }

  template <class T, class ValueOf>
  void numbers(ValueOf value_of) {
    add_node(rows_.size());
    body_.buffers.push_back({rows_.size() * sizeof(T), [this, value_of](ByteSink& sink) {
                               for (const std::uint32_t row : rows_) sink.put_le(static_cast<T>(value_of(row)));
                             }});
  }
  template <class ValueOf>
  void integers(ValueOf value_of) {
    numbers<std::int64_t>(value_of);
  }

  template <class SizeOf>
  void offsets(SizeOf size_of) {
    body_.buffers.push_back({(rows_.size() + 1) * sizeof(std::int32_t), [this, size_of](ByteSink& sink) {
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
    body_.buffers.push_back({bytes, [this, text_of](ByteSink& sink) {
                               for (const std::uint32_t row : rows_) sink.put(text_of(row));
                             }});
  }

  template <class T, class ValueOf>
  void lists(ValueOf value_of) {
    add_node(rows_.size());
    offsets([this](std::uint32_t row) { return table_.length(row); });
    add_node(tokens_);
    body_.buffers.push_back({tokens_ * sizeof(T), [this, value_of](ByteSink& sink) {
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
  arrow::Body body_;
};

void write_arrow(const SequenceTable& table, TableRows rows, Form form, ByteSink& sink) {
  const arrow::MessageWriter::AddSchema schema = [&](flatbuffer::Writer& buffer, std::size_t from) {
    add_schema(table, buffer, from);
  };
  arrow::MessageWriter writer(form, schema, sink);
  while (!rows.empty()) {
    const std::size_t count = next_batch(table, rows);
    writer.put_batch(Batch(table, rows.first(count)).body());
    rows = rows.subspan(count);
  }
  writer.end();
}

}  // namespace

void write_arrow_file(const SequenceTable& table, TableRows rows, const WriteOptions&, ByteSink& sink) {
  write_arrow(table, rows, Form::kFile, sink);
}

void write_arrow_stream(const SequenceTable& table, TableRows rows, const WriteOptions&, ByteSink& sink) {
  write_arrow(table, rows, Form::kStream, sink);
}

}  // namespace causal_sessions
