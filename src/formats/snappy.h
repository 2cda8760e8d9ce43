// Snappy's raw format, both ways: the codec that every Parquet reader has.
//
// Blocks of 64 KB are compressed on their own with a greedy search for the last place that began with the same four
// bytes. The bytes depend on the input alone.
//
// Errors:  kBadSyntax for data that are damaged; nothing is read or written outside the spans, whatever the input holds.
// Cost:    about 1.5 ns a byte to compress; 32 KB for the table.
// Source:  google/snappy, format_description.txt.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/result.h"

namespace causal_sessions {

class SnappyCompressor {
 public:
  SnappyCompressor();

  // Valid until the next call. At most 2^32 - 1 bytes go in.
  std::span<const std::uint8_t> compress(std::span<const std::uint8_t> input);

 private:
  std::uint8_t* compress_block(const std::uint8_t* block, std::size_t size, std::uint8_t* out);

  std::vector<std::uint16_t> places_;  // hash of four bytes -> their last place in the block
  std::vector<std::uint8_t> output_;
};

// Fills `output` exactly; anything else is an error.
[[nodiscard]] Status decompress_snappy(std::span<const std::uint8_t> input, std::span<std::uint8_t> output);

}  // namespace causal_sessions
