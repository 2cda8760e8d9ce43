// Snappy and LZ4 blocks of known size. Nothing is read or written outside the spans, whatever the input holds.
//
// Errors:  kBadSyntax.
// Source:  google/snappy, format_description.txt; lz4/doc/lz4_Block_format.md; Hadoop's BlockCompressorStream, whose
//          framing is two big-endian sizes (plain, compressed) before each block.
#pragma once

#include <cstdint>
#include <span>

#include "core/result.h"

namespace causal_sessions {

[[nodiscard]] Status decompress_snappy(std::span<const std::uint8_t> input, std::span<std::uint8_t> output);
[[nodiscard]] Status decompress_lz4(std::span<const std::uint8_t> input, std::span<std::uint8_t> output);
// Parquet's deprecated "LZ4": Hadoop's framing, or a bare block, which some writers put there.
[[nodiscard]] Status decompress_lz4_hadoop(std::span<const std::uint8_t> input, std::span<std::uint8_t> output);

}  // namespace causal_sessions
