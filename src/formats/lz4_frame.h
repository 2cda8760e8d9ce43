// LZ4 frames: header, blocks that may refer to earlier ones, checksums.
//
// Source:  "LZ4 Frame Format Description" 1.6.4 and "LZ4 Block Format Description" of the LZ4 project.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/result.h"

namespace causal_sessions {

// Unpacks one block into `output` from `at` on; matches may reach back to the output's begin. The position after it,
// or nothing if the block is damaged or does not fit.
[[nodiscard]] std::optional<std::size_t> read_lz4_block(std::span<const std::uint8_t> input,
                                                        std::span<std::uint8_t> output, std::size_t at);

// Frames one after another; fills `output` exactly. Checksums are verified where there are any.
[[nodiscard]] Status decompress_lz4_frame(std::span<const std::uint8_t> input, std::span<std::uint8_t> output);

}  // namespace causal_sessions
