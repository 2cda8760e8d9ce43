// Bytes as each codec holds them uncompressed, which every decoder reads; and short texts as the codecs' own libraries
// have packed them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace causal_sessions::seeds {

std::string stored_gzip(std::string_view text);
std::string stored_zstd(std::string_view text);
std::string stored_brotli(std::string_view text);  // at most 65,536 bytes
std::string stored_lz4(std::string_view text);     // a block
std::string stored_lz4_hadoop(std::string_view text);
std::string stored_lz4_frame(std::string_view text);
std::string packed_snappy(std::string_view text);  // by our own writer

struct Packed {
  const char* codec;
  std::string bytes;
};
// kPackedText as Python's gzip and zlib, python-zstandard and pyarrow pack it.
inline constexpr std::string_view kPackedText = "columns columns columns columns\n";
std::span<const Packed> packed_texts();

template <class T>
void put(std::string& bytes, T value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

}  // namespace causal_sessions::seeds
