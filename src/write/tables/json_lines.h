// JSON lines: a session a line, as Python's json.dumps(row, ensure_ascii=False) writes it.
//
// Keys:  index, session_id, user_id, sequence (a list of [event id, item id, minutes]),
//        sequence_length, treatment, outcome.
// Cost:  about 35 bytes and 80 ns a token.
#pragma once

#include <cstdint>
#include <span>

#include "formats/byte_sink.h"
#include "sequence/sequence_table.h"

namespace causal_sessions {

// `rows`: positions in the table, which are also the index.
void write_session_json_lines(const SequenceTable& table, std::span<const std::uint32_t> rows,
                              ByteSink& sink);

// The tokens of one row as JSON lists, "[0, 1, 0.0], [1, 5, 2.5]", without brackets around them.
void put_json_sequence(const SequenceTable& table, std::uint32_t row, ByteSink& sink);

}  // namespace causal_sessions
