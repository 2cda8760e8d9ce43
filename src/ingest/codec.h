// Codecs: compressed blocks of known size, as Parquet pages and Arrow buffers hold them, and compressed streams around text.
//
// The libraries are zlib, zstd and brotli's decoder; Snappy and LZ4 blocks are short enough to be read here.
// Errors:  kBadSyntax with what is wrong; never more output than the room given.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/result.h"

namespace causal_sessions {

enum class Codec : std::uint8_t { kNone, kSnappy, kGzip, kBrotli, kZstd, kLz4Raw, kLz4Hadoop, kLz4Frame };

// Fills `output` exactly; anything else is an error.
[[nodiscard]] Status decompress(Codec codec, std::span<const std::uint8_t> input, std::span<std::uint8_t> output);

}  // namespace causal_sessions
