// Parquet file of one split in a flat shape: tokens as three lists of numbers side by side, which DuckDB, polars and
// Arrow read without unpacking, at a third of the notebook's shape.
//
// Columns: index: int64; session_id, user_id: string; event_ids: list<int16>; item_ids: list<int32>; minutes:
//          list<double>; sequence_length, treatment, outcome: int64, as pandas has them in the notebook's frame.
// Cost:    about 40 ns a token; 4 MB of memory, whatever the size of the file.
#pragma once

#include <cstdint>
#include <span>

#include "formats/byte_sink.h"
#include "sequence/sequence_table.h"

namespace causal_sessions {

// `rows`: positions in the table, which are also the index.
void write_session_parquet_flat(const SequenceTable& table, std::span<const std::uint32_t> rows, ByteSink& sink);

}  // namespace causal_sessions
