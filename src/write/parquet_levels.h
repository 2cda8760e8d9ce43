// Parquet's levels: which entries of a column begin a row or a list, and which have a value.
//
// Both classes give the hybrid of run lengths and packed bits that data pages hold: definition
// levels, nearly always all the same, as runs; repetition levels, which alternate, as packed bits.
//
// Source:  apache/parquet-format, Encodings.md, "Run Length Encoding / Bit-Packing Hybrid".
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace causal_sessions {

class LevelRuns {
 public:
  void append(std::uint8_t level, std::uint32_t count = 1) {
    if (count == 0) return;
    if (runs_.empty() || runs_.back().level != level) runs_.push_back({level, 0});
    runs_.back().count += count;
  }
  void clear() { runs_.clear(); }
  // Behind a length of four bytes, as in a page; for levels below 256.
  void encode(std::vector<std::uint8_t>& out) const;

 private:
  struct Run {
    std::uint8_t level;
    std::uint32_t count;
  };
  std::vector<Run> runs_;
};

class LevelBits {
 public:
  // Appends levels whose bits, the first level in the lowest, are already packed; at most 32 bits.
  void append(std::uint64_t packed, int bits) {
    word_ |= packed << used_;
    used_ += bits;
    for (; used_ >= 8; used_ -= 8, word_ >>= 8) bytes_.push_back(static_cast<std::uint8_t>(word_));
  }
  void clear();
  // The rest of the last group of eight levels is filled with zeros, which readers skip.
  void encode(int bits_per_level, std::vector<std::uint8_t>& out) const;

 private:
  std::vector<std::uint8_t> bytes_;
  std::uint64_t word_ = 0;  // the bits that do not fill a byte yet
  int used_ = 0;
};

}  // namespace causal_sessions
