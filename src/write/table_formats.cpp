#include "write/table_formats.h"

#include "write/tables/arrow.h"
#include "write/tables/covariates.h"
#include "write/tables/csv.h"
#include "write/tables/json_lines.h"
#include "write/tables/npz.h"
#include "write/tables/parquet.h"
#include "write/tables/parquet_flat.h"
#include "write/tables/pickle.h"
#include "write/tables/safetensors.h"

namespace causal_sessions {
namespace {

using Rows = TableFormat::Rows;

// A writer that does not depend on the plan.
template <void (*write)(const SequenceTable&, Rows, ByteSink&)>
void plain(const SequenceTable& table, Rows rows, const Plan&, ByteSink& sink) {
  write(table, rows, sink);
}

template <ArrowForm form>
void arrow(const SequenceTable& table, Rows rows, const Plan&, ByteSink& sink) {
  write_session_arrow(table, rows, form, sink);
}

void csv(const SequenceTable& table, Rows rows, const Plan& plan, ByteSink& sink) {
  write_session_csv(table, rows, plan.output.csv_formulas, sink);
}

void covariates(const SequenceTable& table, Rows rows, const Plan&, ByteSink& sink) {
  write_session_covariates_parquet(table, rows, sink);
}

void covariates_csv(const SequenceTable& table, Rows rows, const Plan& plan, ByteSink& sink) {
  write_session_covariates_csv(table, rows, plan.output.csv_formulas, sink);
}

Status check_covariates(const SequenceTable& table, Rows, const Plan&) { return check_session_covariates(table); }

Padding padding(const Plan& plan) { return {plan.output.pad_to, plan.sequence.keep == KeepEvents::kLast}; }

void padded(const SequenceTable& table, Rows rows, const Plan& plan, ByteSink& sink) {
  write_session_safetensors_padded(table, rows, padding(plan), sink);
}

Status check_padded(const SequenceTable& table, Rows rows, const Plan& plan) {
  return check_session_safetensors_padded(table, rows, padding(plan));
}

constexpr TableFormat kFormats[] = {
    {"parquet", "Parquet", ".parquet",
     "for pandas, polars, Spark and DuckDB: each sequence a list of [event, item, minutes]",
     plain<write_session_parquet>},
    {"pickle", "Pickle", ".pkl", "for pandas, by pickle.load: the notebook's DataFrame", plain<write_session_pickle>},
    {"jsonl", "JSON lines", ".jsonl", "for scripts in any language: a session a line", plain<write_session_json_lines>},
    {"parquet-flat", "Parquet, flat", "_flat.parquet",
     "for DuckDB, polars and Arrow: event ids, item ids and minutes as three lists", plain<write_session_parquet_flat>},
    {"csv", "CSV", ".csv", "for spreadsheets: a session a line, its sequence as JSON text", csv},
    {"arrow", "Arrow file", ".arrow", "for memory-mapped reading, as Feather 2: the flat table",
     arrow<ArrowForm::kFile>},
    {"arrow-stream", "Arrow stream", ".arrows", "for Arrow readers that take a stream: the flat table",
     arrow<ArrowForm::kStream>},
    {"npz", "NumPy", ".npz", "for numpy.load: ragged arrays, offsets and values", plain<write_session_npz>},
    {"safetensors", "safetensors", ".safetensors", "for PyTorch and JAX: ragged tensors, offsets and values",
     plain<write_session_safetensors>},
    {"safetensors-padded", "safetensors, padded", "_padded.safetensors",
     "for batches in PyTorch and JAX: sessions x tokens with a mask", padded, check_padded},
    {"covariates", "Covariates", "_covariates.parquet",
     "for EconML, DoWhy, DoubleML and CausalML: what is known at time zero as plain numbers, with T and Y", covariates,
     check_covariates, true},
    {"covariates-csv", "Covariates, CSV", "_covariates.csv", "for spreadsheets and R: the same table", covariates_csv,
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
