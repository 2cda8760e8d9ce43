// Codecs: any bytes as a compressed block, and as a gzip or zstd file that comes in pieces; what our own Snappy packs.
//
// An input begins with the letter of its codec, and for a block with two bytes of the size it should unpack to.
#include <iterator>
#include <vector>

#include "formats/codec.h"
#include "formats/decompressor.h"
#include "formats/lz4.h"
#include "formats/snappy.h"
#include "support.h"
#include "target.h"

namespace causal_sessions::fuzz {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr Codec kBlocks[] = {Codec::kSnappy, Codec::kGzip,      Codec::kBrotli,  Codec::kZstd,
                             Codec::kLz4Raw, Codec::kLz4Hadoop, Codec::kLz4Frame};

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// Room and input are exactly as large as they are said to be, which the address sanitizer watches.
void unpack_block(Codec codec, std::string_view input) {
  if (input.size() < 2) return;
  const auto size =
      static_cast<std::size_t>(static_cast<unsigned char>(input[0])) << 4 | static_cast<unsigned char>(input[1]) >> 4;
  const std::span<const std::uint8_t> packed = bytes_of(input.substr(2));
  Bytes one(size, 1), other(size, 2);
  const Status status = decompress(codec, packed, one);
  expect(status.ok() == decompress(codec, packed, other).ok(), "a block unpacks or does not, whatever was in its room");
  if (status.ok()) expect(one == other, "a block fills its room");
}

std::string unpack_stream(Codec codec, std::string_view packed, Dice* dice) {
  Decompressor decompressor("file", codec);
  std::string text;
  std::span<const char> left;
  for (std::size_t at = 0; at < packed.size();) {
    const std::size_t piece = dice == nullptr ? packed.size() : 1 + dice->below(std::size_t{1} << dice->below(8));
    left = packed.substr(at, piece);
    at += left.size();
    for (bool filled = true; filled || !left.empty();) {
      std::vector<char> room(dice == nullptr ? 1 << 16 : 1 + dice->below(300));
      const Result<std::size_t> given = decompressor.unpack(left, room);
      if (!given.ok()) return told(given.error());
      text.append(room.data(), given.value());
      filled = given.value() == room.size();
      if (text.size() > 1 << 20) return "long";
    }
  }
  const Status status = decompressor.finish();
  return status.ok() ? text : told(status.error());
}

void round_trip(std::string_view text) {
  SnappyCompressor compressor;
  const std::span<const std::uint8_t> packed = compressor.compress(bytes_of(text));
  const Bytes exact(packed.begin(), packed.end());
  Bytes plain(text.size());
  const Status status = decompress(Codec::kSnappy, exact, plain);
  expect(status.ok(), "what our Snappy packs unpacks");
  expect_same("a text, and what it is after Snappy", text, {reinterpret_cast<const char*>(plain.data()), plain.size()});
}

// Anywhere in the room, reaching back to what stands there already.
void read_lz4_at(std::string_view input) {
  if (input.empty()) return;
  Bytes room(200, 'x');
  const auto end = read_lz4_block(bytes_of(input.substr(1)), room, static_cast<unsigned char>(input[0]) % room.size());
  if (end) expect(*end <= room.size(), "an LZ4 block ends inside of its room");
}

}  // namespace

void run_codecs(std::string_view input) {
  if (input.empty()) return;
  const auto which = static_cast<unsigned char>(input[0]) % (std::size(kBlocks) + 4);
  const std::string_view rest = input.substr(1);
  if (which < std::size(kBlocks)) return unpack_block(kBlocks[which], rest);
  if (which == std::size(kBlocks)) return read_lz4_at(rest);
  if (which == std::size(kBlocks) + 1) return round_trip(rest);
  const Codec codec = which == std::size(kBlocks) + 2 ? Codec::kGzip : Codec::kZstd;
  Dice dice = dice_of(input);
  expect_same("one piece and many", unpack_stream(codec, rest, nullptr), unpack_stream(codec, rest, &dice));
}

}  // namespace causal_sessions::fuzz
