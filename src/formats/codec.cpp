#include "formats/codec.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include "formats/codec_stream.h"
#include "formats/lz4.h"
#include "formats/snappy.h"

namespace causal_sessions {
namespace {

constexpr const char* kNames[] = {"no codec", "Snappy", "gzip", "brotli", "zstd", "LZ4", "LZ4", "LZ4", "deflate"};

Error refuse(Codec codec, const std::string& finding) {
  return {ErrorCode::kBadSyntax, std::string(codec_name(codec)) + " data: " + finding, {}};
}

int library_of(Codec codec) {
  return codec == Codec::kGzip ? kCodecLibraryGzip : codec == Codec::kZstd ? kCodecLibraryZstd : kCodecLibraryBrotli;
}

// Members or frames one after another, until the output is full and the input used up.
Status decompress_stream(Codec codec, std::span<const std::uint8_t> input, std::span<std::uint8_t> output) {
  if (input.empty() && output.empty()) return {};
  const std::unique_ptr<void, void (*)(void*)> stream(codec_open(library_of(codec)), codec_close);
  if (!stream) return refuse(codec, codec_problem(kCodecMissing));
  std::uint8_t beyond = 0;  // room for a byte too many, so that the end is reached when the output is empty or full
  for (;;) {
    const std::span<std::uint8_t> room = output.empty() ? std::span(&beyond, 1) : output;
    CodecProgress progress{};
    const int code = codec_step(stream.get(), input.data(), input.size(), room.data(), room.size(), &progress);
    if (code < 0) return refuse(codec, codec_problem(code));
    if (output.empty() && progress.given > 0) return refuse(codec, "it unpacks to more bytes than it should");
    input = input.subspan(progress.taken);
    if (!output.empty()) output = output.subspan(progress.given);
    if (code == kCodecEnd) {
      if (input.empty() && output.empty()) return {};
      if (input.empty()) return refuse(codec, "it unpacks to fewer bytes than it should");
      codec_reset(stream.get());
    } else if (progress.taken == 0 && progress.given == 0) {
      return refuse(codec, "it ends too early");
    }
  }
}

}  // namespace

const char* codec_name(Codec codec) { return kNames[static_cast<std::size_t>(codec)]; }

const char* codec_problem(int code) {
  switch (code) {
    case kCodecNoMemory: return "there is not enough memory to unpack it";
    case kCodecWideWindow: return "it wants to look back on more than 128 MB; compress it without --long or --ultra";
    case kCodecDictionary: return "it was compressed with a dictionary of its own, which is not here";
    case kCodecMissing: return "the module that unpacks it is not loaded";
    default: return "it is damaged";
  }
}

Status decompress(Codec codec, std::span<const std::uint8_t> input, std::span<std::uint8_t> output) {
  switch (codec) {
    case Codec::kNone:
      if (input.size() != output.size()) return refuse(codec, "its size is not the one stated");
      std::copy(input.begin(), input.end(), output.begin());
      return {};
    case Codec::kGzip:
    case Codec::kBrotli:
    case Codec::kZstd: return decompress_stream(codec, input, output);
    case Codec::kLz4Frame: return decompress_lz4_frame(input, output);
    case Codec::kSnappy: return decompress_snappy(input, output);
    case Codec::kLz4Raw: return decompress_lz4(input, output);
    case Codec::kLz4Hadoop: return decompress_lz4_hadoop(input, output);
    case Codec::kDeflate: break;
  }
  return {};
}

}  // namespace causal_sessions
