// safetensors file of one split: the tensors of tensors.h, ragged or padded with a mask.
//
// Cost:    nothing held back but the sink's buffer; the padded form is as large as sessions x length, which
//          check_session_safetensors_padded() bounds.
// Errors:  kTooLarge: a padded table of more than 4 GiB.
// Source:  huggingface/safetensors, README, "Format": the header is padded with spaces to a multiple of 8 bytes and the
//          tensors follow each other without a gap, wider types first.
#pragma once

#include <cstdint>
#include <span>

#include "core/on_demand.h"
#include "core/result.h"
#include "formats/byte_sink.h"
#include "sequence/sequence_table.h"

namespace causal_sessions {

struct Padding {
  std::uint32_t length = 0;  // 0: the longest sequence of the whole run, so that all parts have one shape
  bool keep_last = false;    // of a longer sequence
};

ON_DEMAND void write_session_safetensors(const SequenceTable& table, std::span<const std::uint32_t> rows, ByteSink& sink);

[[nodiscard]] Status check_session_safetensors_padded(const SequenceTable& table, std::span<const std::uint32_t> rows,
                                                      const Padding& padding);
ON_DEMAND void write_session_safetensors_padded(const SequenceTable& table, std::span<const std::uint32_t> rows,
                                                const Padding& padding, ByteSink& sink);

}  // namespace causal_sessions
