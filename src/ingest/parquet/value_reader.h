// Values of one page: each encoding read a few thousand values at a time, without the missing ones.
//
// Texts point into the page, or into the arena where they had to be put together.
// Needs:   kSlack readable bytes behind the page.
// Errors:  a call returns what is wrong with the page, or nullptr.
// Source:  apache/parquet-format, Encodings.md.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "ingest/parquet/bit_decoders.h"
#include "ingest/parquet/metadata.h"

namespace causal_sessions::parquet {

// Texts put together, which stay where they are until clear().
class TextArena {
 public:
  static constexpr std::size_t kMost = 64 << 20;

  // Room for `size` bytes; nullptr once more than kMost are asked for.
  char* take(std::size_t size);
  void clear();

 private:
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t capacity_ = 0, used_ = 0;  // of the last block
  std::size_t total_ = 0;
};

class ValueReader {
 public:
  // `bytes`: a page's values, without levels, of which there are `count`. Whether type, encoding and widths go together,
  // and whether so many values can be in those bytes, is checked here, before any is read.
  [[nodiscard]] const char* open(const Column& column, std::int64_t encoding, std::uint64_t count,
                                 std::span<const std::uint8_t> bytes);

  // The values are codes into the dictionary.
  [[nodiscard]] bool coded() const { return encoding_ == Encoding::kRleDictionary; }
  [[nodiscard]] const char* read_codes(std::uint32_t* out, std::size_t count);
  // Booleans, integers and the bits of floating-point numbers; unsigned ones are zero-extended.
  [[nodiscard]] const char* read_numbers(std::int64_t* out, std::size_t count);
  // Byte arrays, fixed or not, and INT96.
  [[nodiscard]] const char* read_bytes(std::string_view* out, std::size_t count, TextArena& arena);

 private:
  const char* open_deltas(DeltaDecoder& deltas, std::uint64_t count);
  const char* pass_deltas(const DeltaDecoder& deltas);
  const char* read_split(std::int64_t* out, std::size_t count);
  const char* read_lengths(std::string_view* out, std::size_t count);
  const char* read_prefixed(std::string_view* out, std::size_t count, TextArena& arena);
  [[nodiscard]] std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }

  Physical physical_ = Physical::kByteArray;
  bool is_unsigned_ = false;
  std::size_t width_ = 0;  // bytes of a value of fixed size
  Encoding encoding_ = Encoding::kPlain;
  const std::uint8_t* at_ = nullptr;
  const std::uint8_t* end_ = nullptr;
  std::size_t bit_ = 0;                          // of plain booleans
  std::size_t split_values_ = 0, split_at_ = 0;  // of BYTE_STREAM_SPLIT
  HybridDecoder hybrid_;
  DeltaDecoder delta_, prefixes_;
  std::vector<char> previous_;  // of DELTA_BYTE_ARRAY
};

}  // namespace causal_sessions::parquet
