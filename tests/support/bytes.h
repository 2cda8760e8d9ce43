// Bytes in and out of writers, for their tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/byte_sink.h"

namespace causal_sessions {

// What write(sink) puts, through a buffer of that capacity.
template <class Write>
std::string written(Write write, std::size_t capacity = 1 << 18) {
  std::string out;
  ByteSink sink([&](std::span<const std::uint8_t> bytes) { out.append(bytes.begin(), bytes.end()); }, capacity);
  write(sink);
  sink.flush();
  return out;
}

inline std::string text_of(std::span<const std::uint8_t> bytes) { return {bytes.begin(), bytes.end()}; }

inline std::vector<std::uint8_t> bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

// Snappy's raw format read by the letter of its description; "" if the bytes are not valid.
inline std::string snappy_decompressed(std::span<const std::uint8_t> in) {
  std::size_t at = 0, size = 0;
  for (int shift = 0;; shift += 7) {
    if (at == in.size()) return "";
    size |= static_cast<std::size_t>(in[at] & 0x7F) << shift;
    if (in[at++] < 0x80) break;
  }
  std::string out;
  const auto number = [&](std::size_t bytes) {
    std::size_t value = 0;
    for (std::size_t i = 0; i < bytes && at < in.size(); ++i) {
      value |= std::size_t{in[at++]} << 8 * i;
    }
    return value;
  };
  while (at < in.size()) {
    const std::uint8_t tag = in[at++];
    if ((tag & 3) == 0) {
      const std::size_t code = tag >> 2;
      const std::size_t length = 1 + (code < 60 ? code : number(code - 59));
      if (length > in.size() - at) return "";
      out.append(in.begin() + static_cast<std::ptrdiff_t>(at), in.begin() + static_cast<std::ptrdiff_t>(at + length));
      at += length;
      continue;
    }
    const std::size_t length = (tag & 3) == 1 ? 4 + (tag >> 2 & 7) : 1 + (tag >> 2);
    const std::size_t offset = (tag & 3) == 1 ? std::size_t{tag} >> 5 << 8 | number(1) : (tag & 3) == 2 ? number(2) : number(4);
    if (offset == 0 || offset > out.size()) return "";
    for (std::size_t i = 0; i < length; ++i) out.push_back(out[out.size() - offset]);
  }
  return out.size() == size ? out : "";
}

}  // namespace causal_sessions
