// Parquet file of one split, with the columns that pandas and pyarrow give the notebook's frame.
//
// Columns: session_id, user_id: string; sequence: list<list<double>>, each token [event id, item id, minutes];
//          sequence_length, treatment, outcome: int64. No index column.
// Cost:    about 60 ns and 13 bytes a token; 4 MB of memory, whatever the size of the file.
// Source:  DataFrame.to_parquet(index=False); see parquet_writer.h.
#include <cstring>
#include <string>

#include "core/cold.h"
#include "sequence/session_row.h"
#include "write/parquet_rows.h"
#include "write/table_formats.h"

namespace causal_sessions {
namespace {

constexpr std::size_t kTokenFields = 3;  // and the channels

COLD std::vector<ParquetColumn> parquet_session_columns(const SequenceTable& table) {
  std::vector<ParquetColumn> columns = {{"session_id", ParquetType::kString, 0}, {"user_id", ParquetType::kString, 0},
                                        {"sequence", ParquetType::kDouble, 2},   {"sequence_length", ParquetType::kInt64, 0},
                                        {"treatment", ParquetType::kInt64, 0},   {"outcome", ParquetType::kInt64, 0}};
  for (const RowColumn& column : row_columns(table)) columns.push_back({std::string(column.name), ParquetType::kInt64, 0});
  for (const NumberColumn& column : number_columns(table)) columns.push_back({std::string(column.name), ParquetType::kDouble, 0});
  return columns;
}

// The key "pandas", which tells its reader that no column is an index.
COLD std::string pandas_metadata(const SequenceTable& table) {
  const auto column = [](std::string_view name, std::string_view type, std::string_view numpy) {
    return std::string(R"({"name": ")").append(name).append(R"(", "field_name": ")").append(name) +
           std::string(R"(", "pandas_type": ")").append(type).append(R"(", "numpy_type": ")") +
           std::string(numpy).append(R"(", "metadata": null})");
  };
  std::string further;
  for (const RowColumn& entry : row_columns(table)) further.append(", ").append(column(entry.name, "int64", "int64"));
  for (const NumberColumn& entry : number_columns(table)) further.append(", ").append(column(entry.name, "float64", "float64"));
  return R"({"index_columns": [], "column_indexes": [], "columns": [)" + column("session_id", "unicode", "object") + ", " +
         column("user_id", "unicode", "object") + ", " + column("sequence", "list[list[float64]]", "object") + ", " +
         column("sequence_length", "int64", "int64") + ", " + column("treatment", "int64", "int64") + ", " +
         column("outcome", "int64", "int64") + further +
         R"(], "attributes": {}, "creator": {"library": "causal-sessions", "version": ")" + CAUSAL_SESSIONS_VERSION +
         R"("}, "pandas_version": "1.5.0"})";
}

void write_sequences(const SequenceTable& table, TableRows rows, ParquetWriter& writer) {
  const std::size_t fields = kTokenFields + table.channels.size();
  ParquetPage& page = writer.begin_column();
  for (const std::uint32_t row : rows) {
    const std::uint32_t length = table.length(row);
    page.add_list_of_lists(length, static_cast<std::uint32_t>(fields));
    std::uint8_t* out = page.extend(length * fields * sizeof(double));
    for_each_token(table, row, [&](const Token& token) {
      const double values[kTokenFields] = {static_cast<double>(token.event_id), static_cast<double>(token.item_id),
                                           token.minutes};
      std::memcpy(out, values, sizeof(values));
      out += sizeof(values);
      for (const Channel channel : table.channels) {
        const double value = channel_value(table, row, token, channel);
        std::memcpy(out, &value, sizeof(value));
        out += sizeof(value);
      }
    });
    if (page.full()) writer.end_page();
  }
  writer.end_column();
}

void write_session_group(const SequenceTable& table, TableRows rows, ParquetWriter& writer) {
  write_row_ids(table, rows, writer);
  write_sequences(table, rows, writer);
  write_row_facts(table, rows, writer);
}

}  // namespace

void write_parquet(const SequenceTable& table, TableRows rows, const WriteOptions&, ByteSink& sink) {
  ParquetWriter writer(sink, parquet_session_columns(table), {{"pandas", pandas_metadata(table)}});
  write_row_groups(table, rows, writer, [&](TableRows group) { write_session_group(table, group, writer); });
}

}  // namespace causal_sessions
