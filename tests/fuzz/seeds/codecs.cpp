// Compressed blocks and files for the target "codecs", and compressed files of events.
#include <iterator>

#include "fuzz/seeds/packed.h"
#include "fuzz/seeds/seeds.h"

namespace causal_sessions::seeds {
namespace {

const std::string kText = "user,time,type,item\nu,1757030400,click,i\nu,1757030401,purchase,i\nv,1757030402,impression,j\n";

// Behind the letter of its codec, and the size in two bytes as the target reads it.
std::string block(char codec, std::size_t size, const std::string& packed) {
  return {std::string{codec, static_cast<char>(size >> 4), static_cast<char>(size << 4)} + packed};
}

}  // namespace

// The letters are the target's: its blocks in their order, LZ4 behind other bytes, our Snappy, gzip, zstd.
std::vector<Seed> codec_seeds() {
  std::vector<Seed> seeds = {
      {"snappy", block(0, kText.size(), packed_snappy(kText))},
      {"gzip-stored", block(1, kText.size(), stored_gzip(kText))},
      {"brotli-stored", block(2, kText.size(), stored_brotli(kText))},
      {"zstd-stored", block(3, kText.size(), stored_zstd(kText))},
      {"lz4-stored", block(4, kText.size(), stored_lz4(kText))},
      {"lz4-match", block(4, 7,
                          std::string("\x11"
                                      "a\1\0\x10.",
                                      6))},
      {"lz4-hadoop-stored", block(5, kText.size(), stored_lz4_hadoop(kText))},
      {"lz4-frame-stored", block(6, kText.size(), stored_lz4_frame(kText))},
      {"lz4-behind", std::string("\7\4\0\4\0\x10.", 7)},
      {"text-for-snappy", "\x8" + kText + kText},
      {"gzip-stream-stored", "\x9" + stored_gzip(kText) + stored_gzip("") + std::string(9, '\0')},
      {"zstd-stream-stored", "\xA" + stored_zstd(kText) + stored_zstd("more")},
  };
  constexpr const char* kBlockOf[] = {"", "gzip", "brotli", "zstd", "", "", "lz4-frame"};
  for (const Packed& packed : packed_texts()) {
    for (std::size_t codec = 0; codec < std::size(kBlockOf); ++codec) {
      const bool zlib = packed.codec == std::string_view("zlib") && codec == 1;
      if (packed.codec != std::string_view(kBlockOf[codec]) && !zlib) continue;
      seeds.push_back({packed.codec, block(static_cast<char>(codec), kPackedText.size(), packed.bytes)});
    }
  }
  seeds.push_back({"gzip-stream", "\x9" + packed_texts()[0].bytes});
  seeds.push_back({"zstd-stream", "\xA" + packed_texts()[2].bytes});
  return seeds;
}

std::vector<Seed> peer_seeds() {
  std::vector<Seed> seeds = {{"text", "a" + kText},
                             {"text-twice", "a" + kText + kText},
                             {"snappy", "b" + packed_snappy(kText)},
                             {"lz4-stored", "c" + stored_lz4(kText)},
                             {"lz4-match", std::string("c\x11"
                                                       "a\1\0\x10.",
                                                       7)},
                             {"lz4-frame-stored", "d" + stored_lz4_frame(kText)},
                             {"lz4-frames", "d" + stored_lz4_frame(kText) + stored_lz4_frame("more")}};
  for (const Packed& packed : packed_texts()) {
    if (packed.codec == std::string_view("lz4-frame")) seeds.push_back({"lz4-frame", "d" + packed.bytes});
  }
  return seeds;
}

std::vector<Seed> compressed_seeds(const std::string& arrow_file) {
  return {{"csv.gz", stored_gzip(kText)},
          {"csv.zst", stored_zstd(kText)},
          {"arrow.zst", stored_zstd(arrow_file)},
          {"csv.gz.gz", stored_gzip(stored_gzip(kText))}};
}

}  // namespace causal_sessions::seeds
