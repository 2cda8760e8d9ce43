#include "ingest/codec.h"

#include <cstring>

#include "ingest/codec_blocks.h"

namespace causal_sessions {

Status decompress(Codec codec, std::span<const std::uint8_t> input, std::span<std::uint8_t> output) {
  switch (codec) {
    case Codec::kNone:
      if (input.size() != output.size()) return Error{ErrorCode::kBadSyntax, "sizes differ", {}};
      if (!input.empty()) std::memcpy(output.data(), input.data(), input.size());
      return {};
    case Codec::kSnappy: return decompress_snappy(input, output);
    case Codec::kLz4Raw: return decompress_lz4(input, output);
    case Codec::kLz4Hadoop: return decompress_lz4_hadoop(input, output);
    default: return Error{ErrorCode::kUnknownFormat, "the codec is not built in", {}};
  }
}

}  // namespace causal_sessions
