// Where a Snappy or LZ4 block is read and written, with the two moves that such formats are made of: bytes that stand
// there, and bytes that have been before. Nothing is read or written outside the spans, whatever the input holds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace causal_sessions {

struct BlockCursor {
  const std::uint8_t* in;
  const std::uint8_t* in_end;
  std::uint8_t* out;
  std::uint8_t* out_begin;
  std::uint8_t* out_end;

  // `at`: where in the output the block's own bytes begin; copies may reach back before it.
  BlockCursor(std::span<const std::uint8_t> input, std::span<std::uint8_t> output, std::size_t at = 0)
      : in(input.data()), in_end(in + input.size()), out(output.data() + at), out_begin(output.data()),
        out_end(out_begin + output.size()) {}

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

}  // namespace causal_sessions
