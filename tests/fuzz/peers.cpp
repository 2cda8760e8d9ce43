// Codecs and hashes against the libraries that others rely on: what they unpack unpacks here to the same bytes, what one packs the
// other one unpacks, and checksums are the same.
//
// An input begins with a letter: "a" bytes to hash and to pack, "b" a Snappy block, "c" an LZ4 block, "d" LZ4 frames.
#include <lz4.h>
#include <lz4frame.h>
#include <openssl/sha.h>
#include <snappy-c.h>
#include <zlib.h>

#include <optional>
#include <vector>

#include "core/crc32.h"
#include "core/sha256.h"
#include "formats/codec.h"
#include "formats/snappy.h"
#include "support.h"
#include "target.h"

namespace causal_sessions::fuzz {
namespace {

using Octets = std::vector<std::uint8_t>;
constexpr std::size_t kMostUnpacked = 1 << 16;

std::span<const std::uint8_t> octets(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
const char* chars(const Octets& bytes) { return reinterpret_cast<const char*>(bytes.data()); }

void expect_unpacks(std::string_view what, Codec codec, std::span<const std::uint8_t> packed,
                    std::span<const std::uint8_t> plain) {
  Octets room(plain.size(), 3);
  expect(decompress(codec, packed, room).ok(), what);
  expect(std::equal(room.begin(), room.end(), plain.begin(), plain.end()), "both unpack to the same", what);
}

void check_hashes(std::string_view text, Dice& dice) {
  const std::size_t cut = dice.below(text.size() + 1);
  const auto bytes = octets(text);
  const std::uint32_t crc = crc32(bytes.subspan(cut), crc32(bytes.first(cut)));
  expect(crc == ::crc32(0, bytes.data(), static_cast<uInt>(bytes.size())), "a CRC-32 is zlib's", text);
  std::uint8_t digest[SHA256_DIGEST_LENGTH];
  SHA256(bytes.data(), bytes.size(), digest);
  std::string expected;
  for (const std::uint8_t byte : digest) {
    for (const int shift : {4, 0}) expected += "0123456789abcdef"[byte >> shift & 15];
  }
  Sha256 hash;
  hash.update(bytes.first(cut));
  hash.update(bytes.subspan(cut));
  expect_same("a SHA-256 and OpenSSL's", hash.hex(), expected);
  Sha256::State portable{}, fast{};
  sha256_blocks_portable(portable, bytes.data(), bytes.size() / Sha256::kBlock);
  if (sha256_blocks_fast(fast, bytes.data(), bytes.size() / Sha256::kBlock))
    expect(portable == fast, "the processor's SHA-256 is the portable one", text);
}

void check_packers(std::string_view text) {
  SnappyCompressor compressor;
  const std::span<const std::uint8_t> packed = compressor.compress(octets(text));
  std::string room(text.size(), '\0');
  std::size_t size = room.size();
  const auto status = snappy_uncompress(reinterpret_cast<const char*>(packed.data()), packed.size(), room.data(), &size);
  expect(status == SNAPPY_OK && size == text.size(), "Snappy unpacks what we pack", text);
  expect_same("a text, and what Snappy unpacks", text, room);

  Octets theirs(snappy_max_compressed_length(text.size()));
  size = theirs.size();
  snappy_compress(text.data(), text.size(), reinterpret_cast<char*>(theirs.data()), &size);
  theirs.resize(size);
  expect_unpacks("what Snappy packs", Codec::kSnappy, theirs, octets(text));

  theirs.assign(static_cast<std::size_t>(LZ4_compressBound(static_cast<int>(text.size()))), 0);
  const int block = LZ4_compress_default(text.data(), reinterpret_cast<char*>(theirs.data()), static_cast<int>(text.size()),
                                         static_cast<int>(theirs.size()));
  theirs.resize(static_cast<std::size_t>(block));
  expect_unpacks("what LZ4 packs", Codec::kLz4Raw, theirs, octets(text));

  LZ4F_preferences_t preferences{};
  preferences.frameInfo.contentChecksumFlag = text.size() % 2 == 0 ? LZ4F_contentChecksumEnabled : LZ4F_noContentChecksum;
  preferences.frameInfo.blockChecksumFlag = text.size() % 3 == 0 ? LZ4F_blockChecksumEnabled : LZ4F_noBlockChecksum;
  theirs.assign(LZ4F_compressFrameBound(text.size(), &preferences), 0);
  theirs.resize(LZ4F_compressFrame(theirs.data(), theirs.size(), text.data(), text.size(), &preferences));
  expect_unpacks("a frame that LZ4 packs", Codec::kLz4Frame, theirs, octets(text));
}

void check_snappy_block(std::string_view block) {
  std::size_t size = 0;
  if (snappy_uncompressed_length(block.data(), block.size(), &size) != SNAPPY_OK || size > kMostUnpacked) return;
  Octets theirs(size), ours(size);
  const bool ok = snappy_uncompress(block.data(), block.size(), reinterpret_cast<char*>(theirs.data()), &size) == SNAPPY_OK;
  expect(decompress(Codec::kSnappy, octets(block), ours).ok() == ok, "Snappy takes the same blocks", block);
  if (ok) expect(ours == theirs, "Snappy unpacks to the same", block);
}

// Whether a block copies from a distance of zero, which LZ4 takes and makes zeros of, and which here is damage.
bool has_zero_distance(std::string_view block) {
  const auto byte = [block](std::size_t at) { return at < block.size() ? static_cast<unsigned char>(block[at]) : 0u; };
  for (std::size_t at = 0; at < block.size();) {
    const unsigned token = byte(at++);
    const auto length = [&](std::size_t bits) {
      for (bool more = bits == 15; more && at < block.size(); ++at) {
        bits += byte(at);
        more = byte(at) == 255;
      }
      return bits;
    };
    at += length(token >> 4);
    if (at + 1 >= block.size()) return false;
    if (byte(at) == 0 && byte(at + 1) == 0) return true;
    at += 2;
    static_cast<void>(length(token & 15));
  }
  return false;
}

void check_lz4_block(std::string_view block) {
  Octets theirs(kMostUnpacked);
  const int size = LZ4_decompress_safe(block.data(), reinterpret_cast<char*>(theirs.data()), static_cast<int>(block.size()),
                                       static_cast<int>(theirs.size()));
  if (size < 0 || has_zero_distance(block)) return;
  theirs.resize(static_cast<std::size_t>(size));
  expect_unpacks("a block that LZ4 unpacks", Codec::kLz4Raw, octets(block), theirs);
}

std::optional<std::size_t> unpack_frames(std::string_view frames, Octets& room) {
  std::size_t filled = 0;
  while (!frames.empty()) {
    LZ4F_dctx* context = nullptr;
    LZ4F_createDecompressionContext(&context, LZ4F_VERSION);
    std::size_t left = 1;
    while (left != 0 && !LZ4F_isError(left) && !frames.empty()) {
      std::size_t out = room.size() - filled, in = frames.size();
      left = LZ4F_decompress(context, room.data() + filled, &out, frames.data(), &in, nullptr);
      if (!LZ4F_isError(left) && in == 0 && out == 0) left = static_cast<std::size_t>(-1);  // no more room
      else filled += out, frames.remove_prefix(in);
    }
    LZ4F_freeDecompressionContext(context);
    if (left != 0) return std::nullopt;
  }
  return filled;
}

void check_lz4_frames(std::string_view frames) {
  Octets theirs(kMostUnpacked);
  const std::optional<std::size_t> size = unpack_frames(frames, theirs);
  if (!size) return;
  theirs.resize(*size);
  Octets ours(*size);
  const Status status = decompress(Codec::kLz4Frame, octets(frames), ours);
  // Whoever needs a dictionary of its own cannot have been unpacked without it; and blocks may copy from a distance of zero.
  const std::string_view why = status.ok() ? std::string_view() : status.error().message;
  if (why.find("dictionary") != why.npos ||
      (why.find("a block is damaged") != why.npos && frames.find(std::string_view("\0\0", 2)) != why.npos))
    return;
  expect(status.ok(), "frames that LZ4 unpacks unpack", why);
  expect_same("frames, by LZ4 and here", {chars(theirs), theirs.size()}, {chars(ours), ours.size()});
}

}  // namespace

void run_peers(std::string_view input) {
  if (input.empty()) return;
  const std::string_view rest = input.substr(1);
  Dice dice = dice_of(input);
  switch ((static_cast<unsigned char>(input[0]) - 'a') & 3) {
    case 0:
      check_hashes(rest, dice);
      check_packers(rest);
      break;
    case 1: check_snappy_block(rest); break;
    case 2: check_lz4_block(rest); break;
    default: check_lz4_frames(rest); break;
  }
}

}  // namespace causal_sessions::fuzz
