// Arrow IPC of one split, as a file (with a footer, for memory maps and random access) or as a stream.
//
// Columns: those of the flat Parquet file: index: int64; session_id, user_id: utf8; event_ids: list<int16>; item_ids:
//          list<int32>; minutes: list<float64>; sequence_length, treatment, outcome: int64. Nullable, without nulls.
// Format:  metadata V5, little-endian, uncompressed; buffers begin at multiples of 64 bytes of the file.
// Cost:    about 20 ns a token; a record batch's sizes are counted first, then its values written one by one.
// Source:  apache/arrow, docs "Arrow Columnar Format", format/Message.fbs, Schema.fbs, File.fbs.
#pragma once

#include <cstdint>
#include <span>

#include "core/on_demand.h"
#include "formats/byte_sink.h"
#include "sequence/sequence_table.h"

namespace causal_sessions {

enum class ArrowForm : std::uint8_t { kFile, kStream };

// `rows`: positions in the table, which are also the index.
ON_DEMAND void write_session_arrow(const SequenceTable& table, std::span<const std::uint32_t> rows, ArrowForm form,
                                   ByteSink& sink);

}  // namespace causal_sessions
