// Runs of small integers: Parquet's RLE and bit-packing hybrid, and its delta encoding.
//
// Both decode as many values as are asked for and go on from there, so no count in a header is ever allocated for.
// Needs:   kSlack readable bytes behind the input.
// Source:  apache/parquet-format, Encodings.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace causal_sessions::parquet {

constexpr std::size_t kSlack = 64;

class HybridDecoder {
 public:
  HybridDecoder() = default;
  // `width` is at most 32.
  HybridDecoder(std::span<const std::uint8_t> bytes, unsigned width);

  // False if the bytes end before that many values, or a run's value has more than `width` bits.
  [[nodiscard]] bool read(std::uint32_t* out, std::size_t count);
  // How many of that many values are 1, from the beginning and for a width of 1; nothing where read() would fail.
  [[nodiscard]] std::optional<std::uint64_t> count_ones(std::uint64_t count) const;
  // Whether the next values are all `value`: if so, they are taken.
  [[nodiscard]] bool take_run(std::uint32_t value, std::size_t count);

 private:
  bool next_run();

  const std::uint8_t* at_ = nullptr;
  const std::uint8_t* end_ = nullptr;
  unsigned width_ = 0;
  bool packed_ = false;
  std::uint32_t value_ = 0;      // of a run
  std::uint64_t left_ = 0;       // values of the run
  std::uint64_t bit_ = 0;        // of a packed run: position of the next value from at_
  std::uint64_t run_bytes_ = 0;  // of a packed run: its bytes from at_
};

class DeltaDecoder {
 public:
  // False if the header is damaged.
  [[nodiscard]] bool open(std::span<const std::uint8_t> bytes);
  [[nodiscard]] bool read(std::int64_t* out, std::size_t count);

  [[nodiscard]] std::uint64_t left() const { return left_; }
  // Behind the last value, once left() is 0.
  [[nodiscard]] const std::uint8_t* end_of_values() const { return at_; }

 private:
  bool varint(std::uint64_t& value);
  bool next_miniblock();
  void unpack(std::int64_t* out, std::size_t count);

  const std::uint8_t* at_ = nullptr;  // the next miniblock or block
  const std::uint8_t* end_ = nullptr;
  std::uint64_t left_ = 0;   // values not yet read
  bool first_ = false;       // the first value is still to come
  std::uint64_t value_ = 0;  // the last one; arithmetic wraps
  std::uint64_t min_delta_ = 0;
  std::uint64_t miniblocks_ = 0, per_miniblock_ = 0;
  const std::uint8_t* widths_ = nullptr;
  std::uint64_t miniblock_ = 0;  // the next one of the block
  const std::uint8_t* packed_ = nullptr;
  std::uint64_t packed_bit_ = 0, packed_left_ = 0;
  unsigned width_ = 0;
};

}  // namespace causal_sessions::parquet
