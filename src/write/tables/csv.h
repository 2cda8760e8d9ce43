// CSV of one split: a session a line, its sequence as JSON text in one cell.
//
// Columns: index, session_id, user_id, sequence, sequence_length, treatment, outcome; those of the JSON lines.
// Formulas: a spreadsheet runs a cell that begins with = + - @, a tab or a carriage return as a formula, and user ids
//          are whatever somebody sent. kHarmless puts ' in front of such a cell; kKeep leaves every id as it was.
// Format:  UTF-8 without a byte order mark, LF; cells with , " CR or LF are quoted, "" inside.
// Cost:    about 25 bytes and 60 ns a token.
// Source:  RFC 4180, but for the line ends; OWASP, "CSV Injection".
#pragma once

#include <cstdint>
#include <span>

#include "formats/byte_sink.h"
#include "plan/plan.h"
#include "sequence/sequence_table.h"

namespace causal_sessions {

// `rows`: positions in the table, which are also the index.
void write_session_csv(const SequenceTable& table, std::span<const std::uint32_t> rows, CsvFormulas formulas,
                       ByteSink& sink);

}  // namespace causal_sessions
