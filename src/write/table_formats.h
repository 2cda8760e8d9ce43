// The formats a split can be written in, declared once for the core, the command, the package and the page: a new one is a file
// in tables/, which says what its files hold, cost and need, and here a declaration and a row.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <span>
#include <string_view>

#include "core/result.h"
#include "formats/byte_sink.h"
#include "sequence/sequence_table.h"
#include "write/write_options.h"

namespace causal_sessions {

using TableRows = std::span<const std::uint32_t>;  // positions in the table, which are also the index
using TableWriter = void(const SequenceTable& table, TableRows rows, const WriteOptions& options, ByteSink& sink);
// Why the rows cannot be written, before anything is.
using TableCheck = Status(const SequenceTable& table, TableRows rows, const WriteOptions& options);

TableWriter write_parquet;
TableWriter write_pickle;
TableWriter write_json_lines;
TableWriter write_parquet_flat;
TableWriter write_csv;
TableWriter write_arrow_file;
TableWriter write_arrow_stream;
TableWriter write_npz;
TableWriter write_safetensors;
TableWriter write_safetensors_padded;
TableWriter write_covariates;
TableWriter write_covariates_csv;

TableCheck check_safetensors_padded;  // kTooLarge: a padded table of more than 4 GiB
TableCheck check_covariates;          // kBadPlan: without a time zero there is nothing to know before it

// What columns a file has; columns.h lists them.
enum class TableShape : std::uint8_t { kSequence, kFlat, kTensors, kPadded, kCovariates };

struct TableFormat {
  std::string_view name;         // in plans, options and manifests
  std::string_view label;        // as a form shows it
  std::string_view suffix;       // of the file behind "train_sessions"
  std::string_view description;  // one line: for whom, and what
  TableShape shape;
  TableWriter* write;
  TableCheck* check = nullptr;  // null: it can always be written
  bool needs_time_zero = false;

  [[nodiscard]] std::string_view extension() const { return suffix.substr(suffix.rfind('.') + 1); }
};

// The notebook's two first.
inline constexpr TableFormat kTableFormats[] = {
    {"parquet", "Parquet", ".parquet", "for pandas, polars, Spark and DuckDB: each sequence a list of [event, item, minutes]",
     TableShape::kSequence, write_parquet},
    {"pickle", "Pickle", ".pkl", "for pandas, by pickle.load: the notebook's DataFrame", TableShape::kSequence, write_pickle},
    {"jsonl", "JSON lines", ".jsonl", "for scripts in any language: one row per line", TableShape::kSequence, write_json_lines},
    {"parquet-flat", "Parquet, flat", "_flat.parquet",
     "for DuckDB, polars and Arrow: event ids, item ids and minutes as three lists", TableShape::kFlat, write_parquet_flat},
    {"csv", "CSV", ".csv", "for spreadsheets: one row per line, sequence as JSON", TableShape::kSequence, write_csv},
    {"arrow", "Arrow file", ".arrow", "for memory-mapped reading, as Feather 2: the flat table", TableShape::kFlat,
     write_arrow_file},
    {"arrow-stream", "Arrow stream", ".arrows", "for Arrow readers that take a stream: the flat table", TableShape::kFlat,
     write_arrow_stream},
    {"npz", "NumPy", ".npz", "for numpy.load: variable-length arrays with offsets", TableShape::kTensors, write_npz},
    {"safetensors", "safetensors", ".safetensors", "for PyTorch and JAX: variable-length tensors with offsets",
     TableShape::kTensors, write_safetensors},
    {"safetensors-padded", "safetensors, padded", "_padded.safetensors",
     "for batches in PyTorch and JAX: sessions x tokens with a mask", TableShape::kPadded, write_safetensors_padded,
     check_safetensors_padded},
    {"covariates", "Covariates", "_covariates.parquet",
     "for EconML, DoWhy, DoubleML and CausalML: what is known at time zero as plain numbers, with T and Y",
     TableShape::kCovariates, write_covariates, check_covariates, true},
    {"covariates-csv", "Covariates, CSV", "_covariates.csv", "for spreadsheets and R: the same table", TableShape::kCovariates,
     write_covariates_csv, check_covariates, true}};

// Null if there is none of this name.
[[nodiscard]] inline const TableFormat* find_table_format(std::string_view name) {
  const auto* const found = std::ranges::find(kTableFormats, name, &TableFormat::name);
  return found == std::end(kTableFormats) ? nullptr : found;
}

}  // namespace causal_sessions
