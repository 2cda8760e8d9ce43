// Pickle of one split: plain pickle.load makes the notebook's pandas DataFrame of it.
//
// The stream calls pandas.DataFrame on a dict of lists of Python objects, so the column types are
// those that the reader's own pandas infers, as they were in the notebook, and no NumPy or pandas
// internals that differ between versions are named. Loads with pandas 1.5 to 3.
//
// Columns: session_id, user_id, sequence (lists of (int, int, float) tuples), sequence_length,
//          treatment, outcome; the index is the session's position before the split.
// Cost:    15 to 18 bytes and about 20 ns a token; nothing held back but the sink's buffer.
// Source:  Python's Lib/pickletools.py, protocol 4 (PEP 3154); frames are optional and left out.
#pragma once

#include <cstdint>
#include <span>

#include "formats/byte_sink.h"
#include "sequence/sequence_table.h"

namespace causal_sessions {

// `rows`: positions in the table, which are also the frame's index.
void write_session_pickle(const SequenceTable& table, std::span<const std::uint32_t> rows,
                          ByteSink& sink);

}  // namespace causal_sessions
