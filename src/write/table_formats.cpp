#include "write/table_formats.h"

namespace causal_sessions {
namespace {

constexpr TableFormat kFormats[] = {
    {"parquet", "Parquet", ".parquet", "for pandas, polars, Spark and DuckDB: each sequence a list of [event, item, minutes]",
     write_parquet},
    {"pickle", "Pickle", ".pkl", "for pandas, by pickle.load: the notebook's DataFrame", write_pickle},
    {"jsonl", "JSON lines", ".jsonl", "for scripts in any language: a session a line", write_json_lines},
    {"parquet-flat", "Parquet, flat", "_flat.parquet",
     "for DuckDB, polars and Arrow: event ids, item ids and minutes as three lists", write_parquet_flat},
    {"csv", "CSV", ".csv", "for spreadsheets: a session a line, its sequence as JSON text", write_csv},
    {"arrow", "Arrow file", ".arrow", "for memory-mapped reading, as Feather 2: the flat table", write_arrow_file},
    {"arrow-stream", "Arrow stream", ".arrows", "for Arrow readers that take a stream: the flat table", write_arrow_stream},
    {"npz", "NumPy", ".npz", "for numpy.load: ragged arrays, offsets and values", write_npz},
    {"safetensors", "safetensors", ".safetensors", "for PyTorch and JAX: ragged tensors, offsets and values", write_safetensors},
    {"safetensors-padded", "safetensors, padded", "_padded.safetensors",
     "for batches in PyTorch and JAX: sessions x tokens with a mask", write_safetensors_padded, check_safetensors_padded},
    {"covariates", "Covariates", "_covariates.parquet",
     "for EconML, DoWhy, DoubleML and CausalML: what is known at time zero as plain numbers, with T and Y", write_covariates,
     check_covariates, true},
    {"covariates-csv", "Covariates, CSV", "_covariates.csv", "for spreadsheets and R: the same table", write_covariates_csv,
     check_covariates, true}};

}  // namespace

std::span<const TableFormat> table_formats() { return kFormats; }

const TableFormat* find_table_format(std::string_view name) {
  for (const TableFormat& format : kFormats) {
    if (format.name == name) return &format;
  }
  return nullptr;
}

}  // namespace causal_sessions
