#include "ingest/parquet/bit_decoders.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "core/cold.h"

namespace causal_sessions::parquet {
namespace {

std::uint64_t load64(const std::uint8_t* bytes) {
  std::uint64_t word;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

bool read_varint(const std::uint8_t*& at, const std::uint8_t* end, std::uint64_t& value) {
  value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (at == end) return false;
    const std::uint8_t byte = *at++;
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

}  // namespace

HybridDecoder::HybridDecoder(std::span<const std::uint8_t> bytes, unsigned width)
    : at_(bytes.data()), end_(bytes.data() + bytes.size()), width_(width) {}

bool HybridDecoder::next_run() {
  if (packed_) {
    at_ += run_bytes_;
    packed_ = false;
  }
  std::uint64_t head;
  if (!read_varint(at_, end_, head)) return false;
  const auto bytes_left = static_cast<std::uint64_t>(end_ - at_);
  if ((head & 1) == 0) {
    const std::size_t size = (width_ + 7) / 8;
    if (bytes_left < size) return false;
    left_ = head >> 1;
    value_ = 0;
    for (std::size_t i = 0; i < size; ++i) value_ |= static_cast<std::uint32_t>(at_[i]) << (8 * i);
    at_ += size;
    return std::uint64_t{value_} >> width_ == 0;
  }
  // Groups of eight values; the last may be cut short by the end of the page.
  const std::uint64_t groups = head >> 1;
  packed_ = true;
  bit_ = 0;
  if (width_ == 0) {
    if (groups > UINT64_MAX / 8) return false;
    left_ = groups * 8;
    run_bytes_ = 0;
  } else {
    run_bytes_ = std::min(groups, bytes_left / width_ + 1) * width_;
    run_bytes_ = std::min(run_bytes_, bytes_left);
    left_ = std::min(std::min(groups, bytes_left) * 8, run_bytes_ * 8 / width_);
  }
  return true;
}

bool HybridDecoder::read(std::uint32_t* out, std::size_t count) {
  while (count > 0) {
    if (left_ == 0) {
      if (!next_run()) return false;
      continue;  // empty runs end with the bytes
    }
    const auto take = static_cast<std::size_t>(std::min<std::uint64_t>(count, left_));
    if (!packed_) {
      std::fill_n(out, take, value_);
    } else {
      const std::uint64_t mask = (std::uint64_t{1} << width_) - 1;
      std::uint64_t bit = bit_;
      for (std::size_t i = 0; i < take; ++i, bit += width_) {
        out[i] = static_cast<std::uint32_t>(load64(at_ + (bit >> 3)) >> (bit & 7) & mask);
      }
      bit_ = bit;
    }
    left_ -= take;
    out += take;
    count -= take;
  }
  return true;
}

bool HybridDecoder::take_run(std::uint32_t value, std::size_t count) {
  while (left_ == 0) {
    if (!next_run()) return false;
  }
  if (packed_ || value_ != value || left_ < count) return false;
  left_ -= count;
  return true;
}

COLD std::optional<std::uint64_t> HybridDecoder::count_ones(std::uint64_t count) const {
  HybridDecoder ahead = *this;
  std::uint64_t ones = 0;
  while (count > 0) {
    while (ahead.left_ == 0) {
      if (!ahead.next_run()) return std::nullopt;
    }
    const std::uint64_t take = std::min(count, ahead.left_);
    if (ahead.packed_) {
      for (std::uint64_t i = 0; i < take / 8; ++i) ones += static_cast<unsigned>(std::popcount(ahead.at_[i]));
      const unsigned rest = take % 8;
      if (rest != 0) ones += static_cast<unsigned>(std::popcount(ahead.at_[take / 8] & ((1u << rest) - 1)));
    } else {
      ones += ahead.value_ * take;
    }
    ahead.left_ = 0;  // the last run, or a whole one
    count -= take;
  }
  return ones;
}

bool DeltaDecoder::varint(std::uint64_t& value) { return read_varint(at_, end_, value); }

COLD bool DeltaDecoder::open(std::span<const std::uint8_t> bytes) {
  at_ = bytes.data();
  end_ = at_ + bytes.size();
  std::uint64_t block, first;
  if (!varint(block) || !varint(miniblocks_) || !varint(left_) || !varint(first)) return false;
  if (miniblocks_ == 0 || block == 0 || block > 1 << 24 || block % miniblocks_ != 0) return false;
  per_miniblock_ = block / miniblocks_;
  if (per_miniblock_ % 8 != 0) return false;
  value_ = first >> 1 ^ (~(first & 1) + 1);
  first_ = left_ != 0;
  miniblock_ = miniblocks_;
  return true;
}

bool DeltaDecoder::next_miniblock() {
  if (miniblock_ == miniblocks_) {
    std::uint64_t delta;
    if (!varint(delta)) return false;
    min_delta_ = delta >> 1 ^ (~(delta & 1) + 1);
    if (static_cast<std::uint64_t>(end_ - at_) < miniblocks_) return false;
    widths_ = at_;
    at_ += miniblocks_;
    miniblock_ = 0;
  }
  width_ = widths_[miniblock_++];
  if (width_ > 64) return false;
  packed_ = at_;
  packed_bit_ = 0;
  packed_left_ = std::min(per_miniblock_, left_);
  const auto bytes_left = static_cast<std::uint64_t>(end_ - at_);
  if ((packed_left_ * width_ + 7) / 8 > bytes_left) return false;
  at_ += std::min(per_miniblock_ / 8 * width_, bytes_left);  // padding may be left out at the end
  return true;
}

void DeltaDecoder::unpack(std::int64_t* out, std::size_t count) {
  const std::uint64_t mask = width_ == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width_) - 1;
  for (std::size_t i = 0; i < count; ++i, packed_bit_ += width_) {
    const std::uint8_t* at = packed_ + (packed_bit_ >> 3);
    const unsigned shift = packed_bit_ & 7;
    std::uint64_t word = load64(at) >> shift;
    if (width_ + shift > 64) word |= static_cast<std::uint64_t>(at[8]) << (64 - shift);
    value_ += min_delta_ + (word & mask);
    out[i] = static_cast<std::int64_t>(value_);
  }
  packed_left_ -= count;
}

bool DeltaDecoder::read(std::int64_t* out, std::size_t count) {
  if (count > left_) return false;
  if (first_ && count > 0) {
    *out++ = static_cast<std::int64_t>(value_);
    first_ = false;
    --count;
    --left_;
  }
  while (count > 0) {
    if (packed_left_ == 0 && !next_miniblock()) return false;
    const std::size_t take = std::min<std::size_t>(count, static_cast<std::size_t>(packed_left_));
    unpack(out, take);
    out += take;
    count -= take;
    left_ -= take;
  }
  return true;
}

}  // namespace causal_sessions::parquet
