// NPZ file of one split: numpy.load makes ragged arrays of it, without pickle. The arrays are those of tensors.h.
//
// Format:  a ZIP file of .npy files, stored, not compressed, so that arrays can be memory-mapped or cut out; ZIP64
//          fields only where a number needs them.
// Cost:    each array is made twice, once for its checksum; nothing held back but the sink's buffer.
// Source:  numpy.lib.format, version 1.0; ZIP's APPNOTE.TXT 6.3.
#pragma once

#include <cstdint>
#include <span>

#include "core/on_demand.h"
#include "formats/byte_sink.h"
#include "sequence/sequence_table.h"

namespace causal_sessions {

ON_DEMAND void write_session_npz(const SequenceTable& table, std::span<const std::uint32_t> rows, ByteSink& sink);

}  // namespace causal_sessions
