// A sequence as JSON, in JSON lines and in a cell of CSV.
#pragma once

#include <cstdint>

#include "formats/byte_sink.h"
#include "sequence/sequence_table.h"

namespace causal_sessions {

// The tokens of one row as JSON lists, "[0, 1, 0.0], [1, 5, 2.5]", without brackets around them.
void put_json_sequence(const SequenceTable& table, std::uint32_t row, ByteSink& sink);

}  // namespace causal_sessions
