// What the tables written as Parquet share: a row group a batch of rows, columns of whole numbers by row, the ids.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "sequence/session_row.h"
#include "write/parquet_writer.h"

namespace causal_sessions {

// Calls write_group(rows) for the rows of each row group, and finishes the file.
template <class WriteGroup>
void write_row_groups(const SequenceTable& table, std::span<const std::uint32_t> rows, ParquetWriter& writer,
                      WriteGroup write_group) {
  while (!rows.empty()) {
    const std::size_t count = next_batch(table, rows);
    writer.begin_row_group(count);
    write_group(rows.first(count));
    rows = rows.subspan(count);
  }
  writer.finish();
}

// A column of value_of(row).
template <class ValueOf>
void write_row_integers(ParquetWriter& writer, std::span<const std::uint32_t> rows, ValueOf value_of) {
  write_parquet_integers<std::int64_t>(writer, rows.size(), [&](std::size_t i) { return value_of(rows[i]); });
}

// The columns session_id and user_id.
inline void write_row_ids(const SequenceTable& table, std::span<const std::uint32_t> rows, ParquetWriter& writer) {
  std::string id;
  write_parquet_values(writer, rows.size(), [&](std::size_t i) { return session_id(table, rows[i], id); });
  write_parquet_values(writer, rows.size(), [&](std::size_t i) { return table.users[table.user[rows[i]]]; });
}

// The columns of numbers.
inline void write_row_numbers(const SequenceTable& table, std::span<const std::uint32_t> rows, ParquetWriter& writer) {
  for (const NumberColumn& column : number_columns(table))
    write_parquet_values(writer, rows.size(), [&](std::size_t i) { return column.value(table, rows[i]); });
}

// The columns sequence_length, treatment, outcome, the row columns and those of numbers.
inline void write_row_facts(const SequenceTable& table, std::span<const std::uint32_t> rows, ParquetWriter& writer) {
  write_row_integers(writer, rows, [&](std::uint32_t row) { return table.length(row); });
  write_row_integers(writer, rows, [&](std::uint32_t row) { return table.treatment[row]; });
  write_row_integers(writer, rows, [&](std::uint32_t row) { return table.outcome[row]; });
  for (const RowColumn& column : row_columns(table)) {
    write_row_integers(writer, rows, [&](std::uint32_t row) { return column.value(table, row); });
  }
  write_row_numbers(table, rows, writer);
}

}  // namespace causal_sessions
