// Covariates as a table: one row a trial, what is known at its time zero beside T and Y, for EconML, DoWhy, DoubleML,
// CausalML and whoever takes plain numbers.
//
// Columns: index (position before the split), session_id, user_id, cluster (a number for each user: errors are to be
//          clustered by it), the row columns of sequence/session_row.h, the covariates of trial/covariates.h as doubles,
//          treatment, outcome; behind them the columns of numbers of sequence/session_row.h, and propensity, where the plan names
//          a column of it.
// Needs:   a table with a time zero; check_covariates() tells.
#include <string>

#include "formats/json/write.h"
#include "sequence/session_row.h"
#include "write/csv_cell.h"
#include "write/parquet_rows.h"
#include "write/table_formats.h"

namespace causal_sessions {
namespace {

// Whole numbers before the covariates and after them.
std::vector<RowColumn> columns_before(const SequenceTable& table) {
  std::vector<RowColumn> columns = {
      {"cluster", [](const SequenceTable& t, std::uint32_t row) -> std::int64_t { return t.user[row]; }, {}}};
  for (const RowColumn& column : row_columns(table)) columns.push_back(column);
  return columns;
}

std::vector<RowColumn> columns_after() {
  return {{"treatment", [](const SequenceTable& t, std::uint32_t row) -> std::int64_t { return t.treatment[row]; }, {}},
          {"outcome", [](const SequenceTable& t, std::uint32_t row) -> std::int64_t { return t.outcome[row]; }, {}}};
}

double covariate(const SequenceTable& table, std::uint32_t row, std::size_t column) {
  return table.covariates[row * table.covariate_names.size() + column];
}

std::vector<ParquetColumn> parquet_columns(const SequenceTable& table) {
  std::vector<ParquetColumn> columns = {
      {"index", ParquetType::kInt64, 0}, {"session_id", ParquetType::kString, 0}, {"user_id", ParquetType::kString, 0}};
  for (const RowColumn& column : columns_before(table)) columns.push_back({std::string(column.name), ParquetType::kInt64, 0});
  for (const std::string& name : table.covariate_names) columns.push_back({name, ParquetType::kDouble, 0});
  for (const RowColumn& column : columns_after()) columns.push_back({std::string(column.name), ParquetType::kInt64, 0});
  for (const NumberColumn& column : number_columns(table)) columns.push_back({std::string(column.name), ParquetType::kDouble, 0});
  if (!table.propensity.empty()) columns.push_back({"propensity", ParquetType::kDouble, 0});
  return columns;
}

void write_covariate_group(const SequenceTable& table, TableRows rows, ParquetWriter& writer) {
  const auto integers = [&](auto value_of) { write_row_integers(writer, rows, value_of); };
  integers([](std::uint32_t row) { return row; });
  write_row_ids(table, rows, writer);
  for (const RowColumn& column : columns_before(table)) {
    integers([&](std::uint32_t row) { return column.value(table, row); });
  }
  for (std::size_t column = 0; column < table.covariate_names.size(); ++column) {
    write_parquet_values(writer, rows.size(), [&](std::size_t i) { return covariate(table, rows[i], column); });
  }
  for (const RowColumn& column : columns_after()) {
    integers([&](std::uint32_t row) { return column.value(table, row); });
  }
  write_row_numbers(table, rows, writer);
  if (!table.propensity.empty())
    write_parquet_values(writer, rows.size(), [&](std::size_t i) { return table.propensity[rows[i]]; });
}

}  // namespace

Status check_covariates(const SequenceTable& table, TableRows, const WriteOptions&) {
  if (table.has_time_zero()) return {};
  return Error{ErrorCode::kBadPlan,
               "covariates are what is known at a time zero, and index.kind \"session\" has none; set profile to "
               "\"causal\", or index.kind to exposure, landmark or matched",
               {{}, {}, {}, "index.kind"}};
}

void write_covariates(const SequenceTable& table, TableRows rows, const WriteOptions&, ByteSink& sink) {
  ParquetWriter writer(sink, parquet_columns(table), {});
  write_row_groups(table, rows, writer, [&](TableRows group) { write_covariate_group(table, group, writer); });
}

void write_covariates_csv(const SequenceTable& table, TableRows rows, const WriteOptions& options, ByteSink& sink) {
  const CsvFormulas formulas = options.csv_formulas;
  const auto before = columns_before(table), after = columns_after();
  const std::vector<NumberColumn> numbers = number_columns(table);
  const auto put_names = [&](const std::vector<RowColumn>& columns) {
    for (const RowColumn& column : columns) {
      sink.put(",");
      sink.put(column.name);
    }
  };
  sink.put("index,session_id,user_id");
  put_names(before);
  for (const std::string& name : table.covariate_names) {
    sink.put(",");
    put_csv_cell(name, formulas, sink);
  }
  put_names(after);
  for (const NumberColumn& column : numbers) {
    sink.put(",");
    sink.put(column.name);
  }
  if (!table.propensity.empty()) sink.put(",propensity");
  sink.put("\n");
  std::string id;
  for (const std::uint32_t row : rows) {
    const auto put_values = [&](const std::vector<RowColumn>& columns) {
      for (const RowColumn& column : columns) {
        sink.put(",");
        put_signed(sink, column.value(table, row));
      }
    };
    put_int(sink, row);
    sink.put(",");
    put_csv_cell(session_id(table, row, id), formulas, sink);
    sink.put(",");
    put_csv_cell(table.users[table.user[row]], formulas, sink);
    put_values(before);
    for (std::size_t column = 0; column < table.covariate_names.size(); ++column) {
      sink.put(",");
      put_float(sink, covariate(table, row, column));
    }
    put_values(after);
    for (const NumberColumn& column : numbers) {
      sink.put(",");
      put_float(sink, column.value(table, row));
    }
    if (!table.propensity.empty()) {
      sink.put(",");
      put_float(sink, table.propensity[row]);
    }
    sink.put("\n");
  }
}

}  // namespace causal_sessions
