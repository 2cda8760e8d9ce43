// Codecs: compressed blocks of known size, as Parquet pages and Arrow buffers hold them.
//
// The libraries are zlib, zstd and brotli's decoder; Snappy and LZ4 are short enough to be read here.
// gzip also takes zlib's own wrapper. Streams around text are unpacked by decompressor.h.
// Errors:  kBadSyntax with what is wrong; never more output than the room given.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/result.h"

namespace causal_sessions {

enum class Codec : std::uint8_t { kNone, kSnappy, kGzip, kBrotli, kZstd, kLz4Raw, kLz4Hadoop, kLz4Frame, kDeflate };

// kDeflate: a stream without a wrapper, which archives have and no block is.
// As messages name it: "gzip", "LZ4".
[[nodiscard]] const char* codec_name(Codec codec);

// What is wrong, for a code of codec_stream.h: "it is damaged".
[[nodiscard]] const char* codec_problem(int code);

// Fills `output` exactly; anything else is an error.
[[nodiscard]] Status decompress(Codec codec, std::span<const std::uint8_t> input, std::span<std::uint8_t> output);

}  // namespace causal_sessions
