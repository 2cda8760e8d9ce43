#include "fuzz/seeds/packed.h"

#include <cstddef>

#include "core/crc32.h"
#include "formats/snappy.h"

namespace causal_sessions::seeds {
namespace {

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string bytes(std::initializer_list<int> values) { return {values.begin(), values.end()}; }

void put_big_endian(std::string& to, std::size_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) to.push_back(static_cast<char>(value >> shift));
}

}  // namespace

std::string stored_gzip(std::string_view text) {
  std::string out = bytes({0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 1});
  put(out, static_cast<std::uint16_t>(text.size()));
  put(out, static_cast<std::uint16_t>(~text.size()));
  out.append(text);
  put(out, crc32(bytes_of(text)));
  put(out, static_cast<std::uint32_t>(text.size()));
  return out;
}

// One frame of one raw block, with the size of its content in four bytes.
std::string stored_zstd(std::string_view text) {
  std::string out = bytes({0x28, 0xB5, 0x2F, 0xFD, 0xA0});
  put(out, static_cast<std::uint32_t>(text.size()));
  const auto header = static_cast<std::uint32_t>(text.size()) << 3 | 1;  // the last block
  for (int shift = 0; shift < 24; shift += 8) out.push_back(static_cast<char>(header >> shift));
  return out.append(text);
}

// A window of 16 bits, one block that is not compressed, and the empty last block.
std::string stored_brotli(std::string_view text) {
  if (text.empty()) return bytes({0x06});
  const std::uint32_t header = static_cast<std::uint32_t>(text.size() - 1) << 4 | 1u << 20;
  std::string out;
  for (int shift = 0; shift < 24; shift += 8) out.push_back(static_cast<char>(header >> shift));
  return out.append(text).append(1, 0x03);
}

std::string stored_lz4(std::string_view text) {
  std::string out(1, static_cast<char>(text.size() < 15 ? text.size() << 4 : 0xF0));
  if (text.size() >= 15) {
    std::size_t left = text.size() - 15;
    for (; left >= 255; left -= 255) out.push_back(static_cast<char>(255));
    out.push_back(static_cast<char>(left));
  }
  return out.append(text);
}

std::string stored_lz4_hadoop(std::string_view text) {
  const std::string block = stored_lz4(text);
  std::string out;
  put_big_endian(out, text.size());
  put_big_endian(out, block.size());
  return out.append(block);
}

std::string stored_lz4_frame(std::string_view text) {
  std::string out = bytes({0x04, 0x22, 0x4D, 0x18, 0x60, 0x40, 0x82});  // independent blocks of 64 KB, no checksums
  put(out, static_cast<std::uint32_t>(text.size()) | 0x80000000u);
  out.append(text);
  put(out, std::uint32_t{0});
  return out;
}

std::string packed_snappy(std::string_view text) {
  SnappyCompressor compressor;
  const std::span<const std::uint8_t> packed = compressor.compress(bytes_of(text));
  return {packed.begin(), packed.end()};
}

std::span<const Packed> packed_texts() {
  static const Packed kTexts[] = {
      {"gzip", bytes({0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x4b, 0xce, 0xcf, 0x29, 0xcd, 0xcd,
                      0x2b, 0x56, 0x48, 0xc6, 0x4e, 0x73, 0x01, 0x00, 0xa1, 0x3f, 0x35, 0xce, 0x20, 0x00, 0x00, 0x00})},
      {"zlib", bytes({0x78, 0x9c, 0x4b, 0xce, 0xcf, 0x29, 0xcd, 0xcd, 0x2b, 0x56,
                      0x48, 0xc6, 0x4e, 0x73, 0x01, 0x00, 0xd2, 0x12, 0x0c, 0x6f})},
      {"zstd", bytes({0x28, 0xb5, 0x2f, 0xfd, 0x24, 0x20, 0x7d, 0x00, 0x00, 0x48, 0x63, 0x6f, 0x6c, 0x75,
                      0x6d, 0x6e, 0x73, 0x20, 0x0a, 0x01, 0x00, 0xab, 0x0b, 0x17, 0x8b, 0xb5, 0x9e, 0x17})},
      {"brotli", bytes({0x1b, 0x1f, 0x00, 0x00, 0x24, 0x15, 0x40, 0xe6, 0x92, 0x10, 0x45, 0xa8, 0x29, 0xc7, 0x12, 0xcf, 0x09})},
      {"lz4-frame", bytes({0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82, 0x12, 0x00, 0x00, 0x00, 0x8f, 0x63, 0x6f, 0x6c, 0x75, 0x6d,
                           0x6e, 0x73, 0x20, 0x08, 0x00, 0x00, 0x50, 0x75, 0x6d, 0x6e, 0x73, 0x0a, 0x00, 0x00, 0x00, 0x00})},
  };
  return kTexts;
}

}  // namespace causal_sessions::seeds
