#include "formats/decompressor.h"

#include <algorithm>
#include <string_view>

#include "formats/codec_stream.h"

namespace causal_sessions {
namespace {

// Beyond both, an expansion is taken for an attack. Event files shrink to a fifth or a twentieth.
constexpr std::uint64_t kMostUnpacked = std::uint64_t{1} << 30;
constexpr std::uint64_t kMostRatio = 1000;
constexpr std::string_view kGzipMark = "\x1F\x8B";

}  // namespace

std::optional<Codec> detect_compression(std::span<const char> start) {
  using namespace std::string_view_literals;
  const std::string_view text(start.data(), start.size());
  if (text.starts_with(kGzipMark)) return Codec::kGzip;
  if (text.starts_with("\x28\xB5\x2F\xFD"sv)) return Codec::kZstd;
  const bool skippable = text.size() >= 4 && text.substr(1, 3) == "\x2A\x4D\x18"sv && (text[0] & 0xF0) == 0x50;
  return skippable ? std::optional(Codec::kZstd) : std::nullopt;
}

bool is_bomb(std::uint64_t packed, std::uint64_t unpacked) { return unpacked > kMostUnpacked && unpacked / kMostRatio > packed; }

Error refuse_bomb(const std::string& file, Codec codec) {
  return {ErrorCode::kTooLarge,
          file + ": the " + codec_name(codec) + " data expand to more than " + std::to_string(kMostUnpacked >> 20) + " MB and " +
              std::to_string(kMostRatio) + " times their size, as a zip bomb does; unpack the file first if it is genuine",
          {file, {}, {}, {}}};
}

Decompressor::Decompressor(std::string file, Codec codec)
    : file_(std::move(file)), codec_(codec), stream_(codec_open(codec == Codec::kGzip      ? kCodecLibraryGzip
                                                                : codec == Codec::kDeflate ? kCodecLibraryDeflate
                                                                                           : kCodecLibraryZstdPieces),
                                                     codec_close) {}

Result<std::size_t> Decompressor::unpack(std::span<const char>& packed, std::span<char> room) {
  if (!stream_) return refuse(ErrorCode::kBadCall, codec_problem(kCodecMissing));
  if (failure_ < 0) return refuse_member();
  if (between_ && codec_ == Codec::kGzip) {
    const auto data = std::find_if(packed.begin(), packed.end(), [](char c) { return c != 0; });
    const auto zeros = static_cast<std::size_t>(data - packed.begin());
    packed = packed.subspan(zeros);
    taken_ += zeros;
    padded_ = padded_ || zeros > 0;
    if (!packed.empty() && (padded_ || packed[0] != kGzipMark[0])) {
      return refuse(ErrorCode::kBadSyntax, "something else follows its end");
    }
  }
  if (between_) {
    if (packed.empty()) return std::size_t{0};
    if (codec_ == Codec::kDeflate && taken_ > 0) return refuse(ErrorCode::kBadSyntax, "something else follows its end");
    between_ = false;
    member_ = taken_;
    codec_reset(stream_.get());
  }
  CodecProgress progress{};
  const int code = codec_step(stream_.get(), reinterpret_cast<const std::uint8_t*>(packed.data()), packed.size(),
                              reinterpret_cast<std::uint8_t*>(room.data()), room.size(), &progress);
  taken_ += progress.taken;
  given_ += progress.given;
  packed = packed.subspan(progress.taken);
  failure_ = std::min(code, 0);
  if (failure_ < 0 && progress.given == 0) return refuse_member();
  if (is_bomb(taken_, given_)) return refuse_bomb(file_, codec_);
  between_ = code == kCodecEnd;
  return static_cast<std::size_t>(progress.given);
}

Status Decompressor::finish() const {
  if (failure_ < 0) return refuse_member();
  if (between_) return {};
  return refuse(ErrorCode::kBadSyntax, "the file ends before its data does; it has been cut off");
}

// Where exactly the damage is, no decoder says, and how much it unpacks before it stops depends on how the file is cut.
Error Decompressor::refuse_member() const {
  const ErrorCode code = failure_ == kCodecNoMemory ? ErrorCode::kTooLarge : ErrorCode::kBadSyntax;
  return {code,
          file_ + ", byte " + std::to_string(member_) + " of the " + codec_name(codec_) +
              (codec_ == Codec::kDeflate ? " data" : " file") + ": what begins here cannot be unpacked; " +
              codec_problem(failure_),
          {file_, {}, {}, {}}};
}

Error Decompressor::refuse(ErrorCode code, const std::string& finding) const {
  return {code,
          file_ + ", byte " + std::to_string(taken_) + " of the " + codec_name(codec_) +
              (codec_ == Codec::kDeflate ? " data: " : " file: ") + finding,
          {file_, {}, {}, {}}};
}

}  // namespace causal_sessions
