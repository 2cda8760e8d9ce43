// Parquet file of one split in a flat shape: tokens as three lists of numbers side by side, which DuckDB, polars and
// Arrow read without unpacking, at a third of the notebook's shape.
//
// Columns: index: int64; session_id, user_id: string; event_ids: list<int16>; item_ids: list<int32>; minutes:
//          list<double>; sequence_length, treatment, outcome: int64, as pandas has them in the notebook's frame.
// Cost:    about 40 ns a token; 4 MB of memory, whatever the size of the file.
#include <string>

#include "core/cold.h"
#include "sequence/session_row.h"
#include "write/parquet_rows.h"
#include "write/table_formats.h"

namespace causal_sessions {
namespace {

COLD std::vector<ParquetColumn> flat_columns(const SequenceTable& table) {
  std::vector<ParquetColumn> columns = {{"index", ParquetType::kInt64, 0},    {"session_id", ParquetType::kString, 0},
                                        {"user_id", ParquetType::kString, 0}, {"event_ids", ParquetType::kInt16, 1},
                                        {"item_ids", ParquetType::kInt32, 1}, {"minutes", ParquetType::kDouble, 1}};
  for (const Channel channel : table.channels) columns.push_back({std::string(channel_name(channel)), ParquetType::kDouble, 1});
  for (const char* name : {"sequence_length", "treatment", "outcome"}) columns.push_back({name, ParquetType::kInt64, 0});
  for (const RowColumn& column : row_columns(table)) columns.push_back({std::string(column.name), ParquetType::kInt64, 0});
  for (const NumberColumn& column : number_columns(table)) columns.push_back({std::string(column.name), ParquetType::kDouble, 0});
  return columns;
}

// A list a row, value_of(row, token) its values.
template <class ValueOf>
void write_lists(const SequenceTable& table, TableRows rows, ParquetWriter& writer, ValueOf value_of) {
  ParquetPage& page = writer.begin_column();
  for (const std::uint32_t row : rows) {
    page.add_list(table.length(row));
    for_each_token(table, row, [&](const Token& token) { page.put(value_of(row, token)); });
    if (page.full()) writer.end_page();
  }
  writer.end_column();
}

void write_flat_group(const SequenceTable& table, TableRows rows, ParquetWriter& writer) {
  write_row_integers(writer, rows, [](std::uint32_t row) { return row; });
  write_row_ids(table, rows, writer);
  // Parquet stores 16 bits as 32.
  write_lists(table, rows, writer, [](std::uint32_t, const Token& token) { return token.event_id; });
  write_lists(table, rows, writer, [](std::uint32_t, const Token& token) { return token.item_id; });
  write_lists(table, rows, writer, [](std::uint32_t, const Token& token) { return token.minutes; });
  for (const Channel channel : table.channels) {
    write_lists(table, rows, writer,
                [&](std::uint32_t row, const Token& token) { return channel_value(table, row, token, channel); });
  }
  write_row_facts(table, rows, writer);
}

}  // namespace

void write_parquet_flat(const SequenceTable& table, TableRows rows, const WriteOptions&, ByteSink& sink) {
  ParquetWriter writer(sink, flat_columns(table), {});
  write_row_groups(table, rows, writer, [&](TableRows group) { write_flat_group(table, group, writer); });
}

}  // namespace causal_sessions
