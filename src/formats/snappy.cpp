#include "formats/snappy.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

#include "core/cold.h"
#include "formats/block_cursor.h"

namespace causal_sessions {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::size_t kBlock = 1 << 16;  // so that an offset fits in two bytes
constexpr int kHashBits = 14;
constexpr std::size_t kMargin = 15;  // a search ends this far before the end, so loads stay inside

std::uint32_t load32(const std::uint8_t* at) {
  std::uint32_t value;
  std::memcpy(&value, at, sizeof(value));
  return value;
}
std::uint64_t load64(const std::uint8_t* at) {
  std::uint64_t value;
  std::memcpy(&value, at, sizeof(value));
  return value;
}

std::uint32_t hash(std::uint32_t bytes) { return (bytes * 0x1E35A7BDu) >> (32 - kHashBits); }

// How many bytes from `at` on equal those from `earlier` on.
std::size_t match_length(const std::uint8_t* earlier, const std::uint8_t* at, const std::uint8_t* end) {
  const std::uint8_t* const begin = at;
  for (; end - at >= 8; at += 8, earlier += 8) {
    const std::uint64_t difference = load64(earlier) ^ load64(at);
    if (difference != 0) {
      return static_cast<std::size_t>(at - begin) + static_cast<std::size_t>(std::countr_zero(difference) / 8);
    }
  }
  for (; at < end && *at == *earlier; ++at) ++earlier;
  return static_cast<std::size_t>(at - begin);
}

std::uint8_t* put_literal(const std::uint8_t* bytes, std::size_t size, std::uint8_t* out) {
  if (size == 0) return out;
  const std::size_t code = size - 1;
  if (code < 60) {
    *out++ = static_cast<std::uint8_t>(code << 2);
  } else if (code < 256) {
    *out++ = 60 << 2;
    *out++ = static_cast<std::uint8_t>(code);
  } else {
    *out++ = 61 << 2;
    *out++ = static_cast<std::uint8_t>(code);
    *out++ = static_cast<std::uint8_t>(code >> 8);
  }
  std::memcpy(out, bytes, size);
  return out + size;
}

// At most 64 bytes.
std::uint8_t* put_short_copy(std::size_t offset, std::size_t size, std::uint8_t* out) {
  if (size >= 4 && size < 12 && offset < 2048) {
    *out++ = static_cast<std::uint8_t>(1 | (size - 4) << 2 | offset >> 8 << 5);
    *out++ = static_cast<std::uint8_t>(offset);
    return out;
  }
  *out++ = static_cast<std::uint8_t>(2 | (size - 1) << 2);
  *out++ = static_cast<std::uint8_t>(offset);
  *out++ = static_cast<std::uint8_t>(offset >> 8);
  return out;
}

std::uint8_t* put_copy(std::size_t offset, std::size_t size, std::uint8_t* out) {
  // Four bytes at least are left for the last copy, which may then be a short one.
  for (; size >= 68; size -= 64) out = put_short_copy(offset, 64, out);
  if (size > 64) {
    out = put_short_copy(offset, 60, out);
    size -= 60;
  }
  return put_short_copy(offset, size, out);
}

// The format's own bound: a literal's tag for every 60 bytes, and copies are never longer.
std::size_t max_compressed_size(std::size_t size) { return 32 + size + size / 6; }

COLD Error damaged() { return Error{ErrorCode::kBadSyntax, "the Snappy data are damaged", {}}; }

bool snappy_size(BlockCursor& at, std::uint64_t& size) {
  size = 0;
  for (int shift = 0; shift < 35; shift += 7) {
    if (at.in == at.in_end) return false;
    const std::uint8_t byte = *at.in++;
    size |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

bool snappy_element(BlockCursor& at) {
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
    case 2: return at.number(2, offset) && at.copy(offset, size);
    default: return at.number(4, offset) && at.copy(offset, size);
  }
}

}  // namespace

SnappyCompressor::SnappyCompressor() : places_(std::size_t{1} << kHashBits) {}

std::span<const std::uint8_t> SnappyCompressor::compress(std::span<const std::uint8_t> input) {
  if (output_.size() < max_compressed_size(input.size())) {
    output_.resize(max_compressed_size(input.size()));
  }
  std::uint8_t* out = output_.data();
  std::size_t rest = input.size();
  for (; rest >= 0x80; rest >>= 7) *out++ = static_cast<std::uint8_t>(rest | 0x80);
  *out++ = static_cast<std::uint8_t>(rest);
  for (std::size_t begin = 0; begin < input.size(); begin += kBlock) {
    out = compress_block(input.data() + begin, std::min(kBlock, input.size() - begin), out);
  }
  return {output_.data(), out};
}

std::uint8_t* SnappyCompressor::compress_block(const std::uint8_t* block, std::size_t size, std::uint8_t* out) {
  if (size <= kMargin) return put_literal(block, size, out);
  std::fill(places_.begin(), places_.end(), std::uint16_t{0});
  std::uint16_t* const places = places_.data();
  const std::uint8_t* const end = block + size;
  const std::uint8_t* const last = end - kMargin;
  const std::uint8_t* pending = block;  // not yet put

  const auto swap_place = [&](const std::uint8_t* at) {
    std::uint16_t& place = places[hash(load32(at))];
    const std::uint8_t* earlier = block + place;
    place = static_cast<std::uint16_t>(at - block);
    return earlier;
  };

  const std::uint8_t* at = block + 1;
  while (at < last) {
    // Steps grow while nothing is found, so bytes that do not compress are passed quickly.
    const std::uint8_t* earlier;
    std::uint32_t step = 32;
    while (load32(earlier = swap_place(at)) != load32(at)) {
      at += step++ >> 5;
      if (at >= last) return put_literal(pending, static_cast<std::size_t>(end - pending), out);
    }
    out = put_literal(pending, static_cast<std::size_t>(at - pending), out);
    do {
      const std::size_t length = 4 + match_length(earlier + 4, at + 4, end);
      out = put_copy(static_cast<std::size_t>(at - earlier), length, out);
      at += length;
      pending = at;
      if (at >= last) break;
      swap_place(at - 1);
      earlier = swap_place(at);
    } while (load32(earlier) == load32(at));
    ++at;
  }
  return put_literal(pending, static_cast<std::size_t>(end - pending), out);
}

Status decompress_snappy(std::span<const std::uint8_t> input, std::span<std::uint8_t> output) {
  BlockCursor at(input, output);
  std::uint64_t size;
  if (!snappy_size(at, size) || size != output.size()) return damaged();
  while (at.in != at.in_end) {
    if (!snappy_element(at)) return damaged();
  }
  if (at.out != at.out_end) return damaged();
  return {};
}

}  // namespace causal_sessions
