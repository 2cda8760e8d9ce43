#include "formats/codec_blocks.h"

#include <cstring>

#include "core/cold.h"

namespace causal_sessions {
namespace {

COLD Error damaged(const char* codec) {
  return Error{ErrorCode::kBadSyntax, std::string("the ") + codec + " data are damaged", {}};
}

// Input and output of a block, with the two moves that such formats are made of.
struct Cursor {
  const std::uint8_t* in;
  const std::uint8_t* in_end;
  std::uint8_t* out;
  std::uint8_t* out_begin;
  std::uint8_t* out_end;

  [[nodiscard]] std::size_t in_left() const { return static_cast<std::size_t>(in_end - in); }
  [[nodiscard]] std::size_t out_left() const { return static_cast<std::size_t>(out_end - out); }

  bool literal(std::size_t size) {
    if (size > in_left() || size > out_left()) return false;
    if (size == 0) return true;
    if (size <= 16 && in_left() >= 16 && out_left() >= 16) {
      std::memcpy(out, in, 16);
    } else {
      std::memcpy(out, in, size);
    }
    in += size;
    out += size;
    return true;
  }

  bool copy(std::size_t offset, std::size_t size) {
    if (offset == 0 || offset > static_cast<std::size_t>(out - out_begin) || size > out_left()) return false;
    const std::uint8_t* from = out - offset;
    if (offset >= 8 && out_left() >= size + 8) {
      for (std::size_t done = 0; done < size; done += 8) std::memcpy(out + done, from + done, 8);
    } else {
      for (std::size_t i = 0; i < size; ++i) out[i] = from[i];
    }
    out += size;
    return true;
  }

  // Little-endian, of 1 to 4 bytes.
  bool number(std::size_t bytes, std::size_t& value) {
    if (in_left() < bytes) return false;
    value = 0;
    for (std::size_t i = 0; i < bytes; ++i) value |= static_cast<std::size_t>(in[i]) << (8 * i);
    in += bytes;
    return true;
  }
};

Cursor cursor(std::span<const std::uint8_t> input, std::span<std::uint8_t> output) {
  return {input.data(), input.data() + input.size(), output.data(), output.data(), output.data() + output.size()};
}

bool snappy_size(Cursor& at, std::uint64_t& size) {
  size = 0;
  for (int shift = 0; shift < 35; shift += 7) {
    if (at.in == at.in_end) return false;
    const std::uint8_t byte = *at.in++;
    size |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

bool snappy_element(Cursor& at) {
  const std::uint8_t tag = *at.in++;
  std::size_t size = static_cast<std::size_t>(tag >> 2) + 1, offset = 0;
  switch (tag & 3) {
    case 0:
      if (size > 60) {
        if (!at.number(size - 60, size)) return false;
        ++size;
      }
      return at.literal(size);
    case 1:
      if (!at.number(1, offset)) return false;
      return at.copy(offset | static_cast<std::size_t>(tag >> 5) << 8, static_cast<std::size_t>(tag >> 2 & 7) + 4);
    case 2:
      return at.number(2, offset) && at.copy(offset, size);
    default:
      return at.number(4, offset) && at.copy(offset, size);
  }
}

bool lz4_length(Cursor& at, std::size_t& size) {
  if (size != 15) return true;
  for (;;) {
    if (at.in == at.in_end) return false;
    const std::uint8_t byte = *at.in++;
    size += byte;
    if (size > at.out_left()) return false;
    if (byte != 255) return true;
  }
}

bool lz4_block(Cursor at) {
  while (at.in != at.in_end) {
    const std::uint8_t token = *at.in++;
    std::size_t size = token >> 4, offset = 0;
    if (!lz4_length(at, size) || !at.literal(size)) return false;
    if (at.in == at.in_end) break;  // the last sequence has no match
    size = token & 15;
    if (!at.number(2, offset) || !lz4_length(at, size) || !at.copy(offset, size + 4)) return false;
  }
  return at.out == at.out_end;
}

std::size_t big_endian(const std::uint8_t* at) {
  return static_cast<std::size_t>(at[0]) << 24 | static_cast<std::size_t>(at[1]) << 16 |
         static_cast<std::size_t>(at[2]) << 8 | at[3];
}

}  // namespace

Status decompress_snappy(std::span<const std::uint8_t> input, std::span<std::uint8_t> output) {
  Cursor at = cursor(input, output);
  std::uint64_t size;
  if (!snappy_size(at, size) || size != output.size()) return damaged("Snappy");
  while (at.in != at.in_end) {
    if (!snappy_element(at)) return damaged("Snappy");
  }
  if (at.out != at.out_end) return damaged("Snappy");
  return {};
}

Status decompress_lz4(std::span<const std::uint8_t> input, std::span<std::uint8_t> output) {
  if (!lz4_block(cursor(input, output))) return damaged("LZ4");
  return {};
}

Status decompress_lz4_hadoop(std::span<const std::uint8_t> input, std::span<std::uint8_t> output) {
  std::size_t in = 0, out = 0;
  while (input.size() - in >= 8) {
    const std::size_t plain = big_endian(input.data() + in);
    const std::size_t packed = big_endian(input.data() + in + 4);
    in += 8;
    if (packed > input.size() - in || plain > output.size() - out) break;
    if (!lz4_block(cursor(input.subspan(in, packed), output.subspan(out, plain)))) break;
    in += packed;
    out += plain;
    if (in == input.size() && out == output.size()) return {};
  }
  return decompress_lz4(input, output);
}

}  // namespace causal_sessions
