// LZ4, reading only: blocks, the framing that Hadoop gives them, and frames with header and checksums.
//
// Nothing is read or written outside the spans, whatever the input holds.
// Errors:  kBadSyntax.
// Source:  "LZ4 Block Format Description" and "LZ4 Frame Format Description" 1.6.4 of the LZ4 project; Hadoop's
//          BlockCompressorStream, whose framing is two big-endian sizes (plain, compressed) before each block.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/result.h"

namespace causal_sessions {

// One block, which fills `output` exactly.
[[nodiscard]] Status decompress_lz4(std::span<const std::uint8_t> input, std::span<std::uint8_t> output);
// Parquet's deprecated "LZ4": Hadoop's framing, or a bare block, which some writers put there.
[[nodiscard]] Status decompress_lz4_hadoop(std::span<const std::uint8_t> input, std::span<std::uint8_t> output);
// Frames one after another, which fill `output` exactly. Checksums are verified where there are any.
[[nodiscard]] Status decompress_lz4_frame(std::span<const std::uint8_t> input, std::span<std::uint8_t> output);

// Unpacks one block of a frame into `output` from `at` on; matches may reach back to the output's begin. Returns the
// position after it, or nothing if the block is damaged or does not fit.
[[nodiscard]] std::optional<std::size_t> read_lz4_block(std::span<const std::uint8_t> input, std::span<std::uint8_t> output,
                                                        std::size_t at);

}  // namespace causal_sessions
