#include "formats/lz4.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

#include "core/cold.h"
#include "formats/block_cursor.h"

namespace causal_sessions {
namespace {

constexpr std::uint32_t kMagic = 0x184D2204;
constexpr std::uint32_t kSkippable = 0x184D2A50;  // and the fifteen after it
constexpr std::uint32_t kStored = 0x80000000;     // in a block's size: it is not compressed

Error refuse(const std::string& finding) { return {ErrorCode::kBadSyntax, "LZ4 data: " + finding, {}}; }

template <class T>
T little_endian(const std::uint8_t* at) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) value |= static_cast<T>(at[i]) << (8 * i);
  return value;
}

// XXH32 with seed 0. Source: "xxHash fast digest algorithm", version 0.1.1.
std::uint32_t xxh32(std::span<const std::uint8_t> bytes) {
  constexpr std::uint32_t k1 = 2654435761u, k2 = 2246822519u, k3 = 3266489917u, k4 = 668265263u, k5 = 374761393u;
  const std::uint8_t* at = bytes.data();
  std::size_t left = bytes.size();
  std::uint32_t hash = k5;
  if (left >= 16) {
    std::uint32_t lane[4] = {k1 + k2, k2, 0, 0u - k1};
    for (; left >= 16; left -= 16, at += 16) {
      for (std::size_t i = 0; i < 4; ++i) {
        lane[i] = std::rotl(lane[i] + little_endian<std::uint32_t>(at + 4 * i) * k2, 13) * k1;
      }
    }
    hash = std::rotl(lane[0], 1) + std::rotl(lane[1], 7) + std::rotl(lane[2], 12) + std::rotl(lane[3], 18);
  }
  hash += static_cast<std::uint32_t>(bytes.size());
  for (; left >= 4; left -= 4, at += 4) hash = std::rotl(hash + little_endian<std::uint32_t>(at) * k3, 17) * k4;
  for (; left > 0; --left, ++at) hash = std::rotl(hash + *at * k5, 11) * k1;
  hash = (hash ^ (hash >> 15)) * k2;
  hash = (hash ^ (hash >> 13)) * k3;
  return hash ^ (hash >> 16);
}

// A length of four bits, continued in bytes of 255; false if the input ends, or the length is beyond the room.
bool read_length(BlockCursor& at, std::size_t& size) {
  if (size != 15) return true;
  for (;;) {
    if (at.in == at.in_end) return false;
    const std::uint8_t byte = *at.in++;
    size += byte;
    if (size > at.out_left()) return false;
    if (byte != 255) return true;
  }
}

// What a block ends with. The format wants literals; a block that is not of a frame may also end with a match.
enum class BlockEnd : std::uint8_t { kDamaged, kMatch, kLiterals };

struct BlockRead {
  BlockEnd end;
  std::uint8_t* out;  // one past the last byte
};

BlockRead read_block(BlockCursor at) {
  while (at.in != at.in_end) {
    const std::uint8_t token = *at.in++;
    std::size_t size = token >> 4, offset = 0;
    if (!read_length(at, size) || !at.literal(size)) return {BlockEnd::kDamaged, at.out};
    if (at.in == at.in_end) return {BlockEnd::kLiterals, at.out};  // the last sequence has no match
    size = token & 15;
    if (!at.number(2, offset) || !read_length(at, size) || !at.copy(offset, size + 4)) return {BlockEnd::kDamaged, at.out};
  }
  return {BlockEnd::kMatch, at.out};
}

// Whether a block fills the output.
bool fills(const BlockCursor& at) {
  const BlockRead read = read_block(at);
  return read.end != BlockEnd::kDamaged && read.out == at.out_end;
}

std::size_t big_endian(const std::uint8_t* at) {
  return static_cast<std::size_t>(at[0]) << 24 | static_cast<std::size_t>(at[1]) << 16 | static_cast<std::size_t>(at[2]) << 8 |
         at[3];
}

// The descriptor at the front of a frame.
struct Header {
  std::size_t size = 0;
  bool block_checksums = false, content_checksum = false;
};

COLD Result<Header> read_header(std::span<const std::uint8_t> frame) {
  if (frame.size() < 7) return refuse("it ends in a frame's header");
  const std::uint8_t flags = frame[4];
  if (flags >> 6 != 1 || (flags & 0x02) != 0) return refuse("the frame's version is unknown");
  if ((flags & 0x01) != 0) return refuse("it was compressed with a dictionary of its own, which is not here");
  Header header;
  header.block_checksums = (flags & 0x10) != 0;
  header.content_checksum = (flags & 0x04) != 0;
  header.size = (flags & 0x08) != 0 ? 15 : 7;  // with the content's size
  if (frame.size() < header.size) return refuse("it ends in a frame's header");
  const std::uint32_t hash = xxh32(frame.subspan(4, header.size - 5));
  if (frame[header.size - 1] != ((hash >> 8) & 0xFF)) return refuse("the frame's header is damaged");
  return header;
}

// One frame at the front of `input`, into `output` from `at` on; takes it off the input.
Result<std::size_t> read_frame(std::span<const std::uint8_t>& input, std::span<std::uint8_t> output, std::size_t at) {
  const Result<Header> header = read_header(input);
  if (!header.ok()) return header.error();
  input = input.subspan(header.value().size);
  const std::span<std::uint8_t> content = output.subspan(at);
  std::size_t filled = 0;
  for (;;) {
    if (input.size() < 4) return refuse("it ends too early");
    const std::uint32_t word = little_endian<std::uint32_t>(input.data());
    input = input.subspan(4);
    if (word == 0) break;
    const std::size_t size = word & ~kStored;
    if (size > input.size()) return refuse("it ends too early");
    const std::span<const std::uint8_t> block = input.first(size);
    input = input.subspan(size);
    if (header.value().block_checksums) {
      if (input.size() < 4) return refuse("it ends too early");
      if (little_endian<std::uint32_t>(input.data()) != xxh32(block)) return refuse("a block is damaged");
      input = input.subspan(4);
    }
    if ((word & kStored) != 0) {
      if (size > content.size() - filled) return refuse("it unpacks to more bytes than it should");
      std::copy(block.begin(), block.end(), content.begin() + static_cast<std::ptrdiff_t>(filled));
      filled += size;
    } else {
      const std::optional<std::size_t> end = read_lz4_block(block, content, filled);
      if (!end) return refuse("a block is damaged, or unpacks to more bytes than it should");
      filled = *end;
    }
  }
  if (header.value().content_checksum) {
    if (input.size() < 4) return refuse("it ends too early");
    if (little_endian<std::uint32_t>(input.data()) != xxh32(content.first(filled))) return refuse("it is damaged");
    input = input.subspan(4);
  }
  return at + filled;
}

}  // namespace

Status decompress_lz4(std::span<const std::uint8_t> input, std::span<std::uint8_t> output) {
  if (!fills({input, output})) return Error{ErrorCode::kBadSyntax, "the LZ4 data are damaged", {}};
  return {};
}

Status decompress_lz4_hadoop(std::span<const std::uint8_t> input, std::span<std::uint8_t> output) {
  std::size_t in = 0, out = 0;
  while (input.size() - in >= 8) {
    const std::size_t plain = big_endian(input.data() + in);
    const std::size_t packed = big_endian(input.data() + in + 4);
    in += 8;
    if (packed > input.size() - in || plain > output.size() - out) break;
    if (!fills({input.subspan(in, packed), output.subspan(out, plain)})) break;
    in += packed;
    out += plain;
    if (in == input.size() && out == output.size()) return {};
  }
  return decompress_lz4(input, output);
}

std::optional<std::size_t> read_lz4_block(std::span<const std::uint8_t> input, std::span<std::uint8_t> output, std::size_t at) {
  const BlockRead read = read_block({input, output, at});
  if (read.end != BlockEnd::kLiterals) return std::nullopt;
  return static_cast<std::size_t>(read.out - output.data());
}

Status decompress_lz4_frame(std::span<const std::uint8_t> input, std::span<std::uint8_t> output) {
  std::size_t at = 0;
  while (!input.empty()) {
    if (input.size() < 8) return refuse("it ends too early");
    const std::uint32_t magic = little_endian<std::uint32_t>(input.data());
    if ((magic & 0xFFFFFFF0) == kSkippable) {
      const std::size_t size = little_endian<std::uint32_t>(input.data() + 4);
      if (size > input.size() - 8) return refuse("it ends too early");
      input = input.subspan(8 + size);
      continue;
    }
    if (magic != kMagic) return refuse("no LZ4 frame begins here");
    const Result<std::size_t> end = read_frame(input, output, at);
    if (!end.ok()) return end.error();
    at = end.value();
  }
  if (at != output.size()) return refuse("it unpacks to fewer bytes than it should");
  return {};
}

}  // namespace causal_sessions
