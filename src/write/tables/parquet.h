// Parquet file of one split, with the columns that pandas and pyarrow give the notebook's frame.
//
// Columns: session_id, user_id: string; sequence: list<list<double>>, each token [event id, item
//          id, minutes]; sequence_length, treatment, outcome: int64. No index column.
// Cost:    about 60 ns and 13 bytes a token; 4 MB of memory, whatever the size of the file.
// Source:  DataFrame.to_parquet(index=False); see parquet_writer.h.
#pragma once

#include <cstdint>
#include <span>

#include "formats/byte_sink.h"
#include "sequence/sequence_table.h"

namespace causal_sessions {

// `rows`: positions in the table.
void write_session_parquet(const SequenceTable& table, std::span<const std::uint32_t> rows,
                           ByteSink& sink);

}  // namespace causal_sessions
