// The writers of a split's rows, one a format. What a file holds, costs and needs is said where it is written: <format>.cpp.
//
// `rows`: positions in the table, which are also the index.
#pragma once

#include <cstdint>
#include <span>

#include "core/result.h"
#include "formats/byte_sink.h"
#include "sequence/sequence_table.h"
#include "write/write_options.h"

namespace causal_sessions {

using TableRows = std::span<const std::uint32_t>;
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

}  // namespace causal_sessions
