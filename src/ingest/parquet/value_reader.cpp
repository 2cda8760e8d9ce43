#include "ingest/parquet/value_reader.h"

#include <algorithm>
#include <cstring>

#include "core/buffer_sizes.h"
#include "core/cold.h"

namespace causal_sessions::parquet {
namespace {

constexpr const char* kTooShort = "a page ends before its values do";
constexpr std::size_t kStep = buffer_sizes::kParquetStep;

std::uint32_t load32(const std::uint8_t* at) {
  std::uint32_t value;
  std::memcpy(&value, at, sizeof(value));
  return value;
}

std::size_t width_of(const Column& column) {
  switch (column.physical) {
    case Physical::kInt32:
    case Physical::kFloat: return 4;
    case Physical::kInt64:
    case Physical::kDouble: return 8;
    case Physical::kInt96: return 12;
    case Physical::kFixedBytes: return column.fixed_size;
    default: return 0;
  }
}

}  // namespace

char* TextArena::take(std::size_t size) {
  constexpr std::size_t kBlock = buffer_sizes::kParquetTextBlock;
  if (size > kMost || total_ > kMost - size) return nullptr;
  total_ += size;
  if (blocks_.empty() || size > capacity_ - used_) {
    capacity_ = std::max(kBlock, size);
    used_ = 0;
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(capacity_));
  }
  char* at = blocks_.back().get() + used_;
  used_ += size;
  return at;
}

void TextArena::clear() {
  if (blocks_.size() > 1) blocks_.erase(blocks_.begin(), blocks_.end() - 1);
  used_ = total_ = 0;
}

COLD const char* ValueReader::open(const Column& column, std::int64_t encoding, std::uint64_t count,
                                   std::span<const std::uint8_t> bytes) {
  physical_ = column.physical;
  is_unsigned_ = column.meaning == Meaning::kUnsigned;
  width_ = width_of(column);
  at_ = bytes.data();
  end_ = at_ + bytes.size();
  bit_ = 0;
  encoding_ = static_cast<Encoding>(encoding);
  const bool is_text = physical_ == Physical::kByteArray || physical_ == Physical::kFixedBytes;
  switch (encoding) {
    case static_cast<int>(Encoding::kPlain): {
      // A byte array has its length before it; booleans have a bit each.
      const std::uint64_t least = physical_ == Physical::kByteArray ? 4 : width_;
      return (physical_ == Physical::kBoolean ? std::uint64_t{bytes.size()} * 8 : bytes.size() / least) < count ? kTooShort
                                                                                                                : nullptr;
    }
    case static_cast<int>(Encoding::kPlainDictionary):
    case static_cast<int>(Encoding::kRleDictionary): {
      encoding_ = Encoding::kRleDictionary;
      const unsigned width = bytes.empty() ? 0 : bytes[0];
      if (width > 32) return "a code has more than 32 bits";
      hybrid_ = HybridDecoder(bytes.empty() ? bytes : bytes.subspan(1), width);
      return nullptr;
    }
    case static_cast<int>(Encoding::kRle):
      if (physical_ != Physical::kBoolean) break;
      if (bytes.size() < 4 || load32(at_) > bytes.size() - 4) return kTooShort;
      hybrid_ = HybridDecoder(bytes.subspan(4, load32(at_)), 1);
      return nullptr;
    case static_cast<int>(Encoding::kDeltaBinaryPacked):
      if (physical_ != Physical::kInt32 && physical_ != Physical::kInt64) break;
      return open_deltas(delta_, count);
    case static_cast<int>(Encoding::kDeltaLengthByteArray):
      // Lengths, then the texts one after the other.
      if (physical_ != Physical::kByteArray) break;
      if (const char* problem = open_deltas(delta_, count)) return problem;
      return pass_deltas(delta_);
    case static_cast<int>(Encoding::kDeltaByteArray):
      // Lengths of prefixes, then suffixes with their own lengths.
      if (!is_text) break;
      previous_.clear();
      if (const char* problem = open_deltas(prefixes_, count)) return problem;
      if (const char* problem = pass_deltas(prefixes_)) return problem;
      if (const char* problem = open_deltas(delta_, count)) return problem;
      return pass_deltas(delta_);
    case static_cast<int>(Encoding::kByteStreamSplit):
      if (width_ == 0) break;
      // How far apart a value's bytes are is told by their number alone.
      if (bytes.size() % width_ != 0 || bytes.size() / width_ != count) return "a page has another size than its values need";
      split_values_ = bytes.size() / width_;
      split_at_ = 0;
      return nullptr;
  }
  return "a page has an encoding that its type cannot have";
}

// Deltas of no bits take no bytes, so their number is held to the page's.
COLD const char* ValueReader::open_deltas(DeltaDecoder& deltas, std::uint64_t count) {
  deltas = {};
  if (count == 0) return nullptr;
  if (!deltas.open({at_, left()})) return "a delta-encoded page has a broken header";
  return deltas.left() == count ? nullptr : "a delta-encoded page has another number of values than its header says";
}

// What follows stands behind the last of them.
COLD const char* ValueReader::pass_deltas(const DeltaDecoder& deltas) {
  if (deltas.left() == 0) return nullptr;
  DeltaDecoder passing = deltas;
  std::int64_t passed[kStep];
  while (passing.left() > 0) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(kStep, passing.left()));
    if (!passing.read(passed, count)) return kTooShort;
  }
  at_ = passing.end_of_values();
  return nullptr;
}

const char* ValueReader::read_codes(std::uint32_t* out, std::size_t count) {
  return hybrid_.read(out, count) ? nullptr : "the codes of a page end early, or have more bits than it says";
}

const char* ValueReader::read_numbers(std::int64_t* out, std::size_t count) {
  if (count == 0) return nullptr;  // `out` may then be null
  const auto extend = [this](std::uint32_t bits) -> std::int64_t {
    return is_unsigned_ || physical_ == Physical::kFloat ? static_cast<std::int64_t>(bits) : static_cast<std::int32_t>(bits);
  };
  if (encoding_ == Encoding::kDeltaBinaryPacked) {
    if (!delta_.read(out, count)) return kTooShort;
    if (physical_ == Physical::kInt32) {
      for (std::size_t i = 0; i < count; ++i) out[i] = extend(static_cast<std::uint32_t>(out[i]));
    }
    return nullptr;
  }
  if (encoding_ == Encoding::kByteStreamSplit) return read_split(out, count);
  if (physical_ == Physical::kBoolean) {
    if (encoding_ == Encoding::kRle) {
      for (std::size_t i = 0; i < count; ++i) {
        std::uint32_t value;
        if (!hybrid_.read(&value, 1)) return "the booleans of a page end early, or are none";
        out[i] = value;
      }
      return nullptr;
    }
    if (left() < (bit_ + count + 7) / 8) return kTooShort;
    for (std::size_t i = 0; i < count; ++i, ++bit_) out[i] = at_[bit_ / 8] >> (bit_ % 8) & 1;
    return nullptr;
  }
  if (left() / width_ < count) return kTooShort;
  if (width_ == 8) {
    std::memcpy(out, at_, count * 8);
  } else {
    for (std::size_t i = 0; i < count; ++i) out[i] = extend(load32(at_ + 4 * i));
  }
  at_ += count * width_;
  return nullptr;
}

// Byte k of all values, for each k in turn.
const char* ValueReader::read_split(std::int64_t* out, std::size_t count) {
  if (split_values_ - split_at_ < count) return kTooShort;
  for (std::size_t i = 0; i < count; ++i, ++split_at_) {
    std::uint64_t bits = 0;
    for (std::size_t k = 0; k < width_; ++k) bits |= static_cast<std::uint64_t>(at_[k * split_values_ + split_at_]) << (8 * k);
    const bool narrow_signed = physical_ == Physical::kInt32 && !is_unsigned_;
    out[i] = narrow_signed ? static_cast<std::int32_t>(bits) : static_cast<std::int64_t>(bits);
  }
  return nullptr;
}

const char* ValueReader::read_bytes(std::string_view* out, std::size_t count, TextArena& arena) {
  if (encoding_ == Encoding::kDeltaLengthByteArray) return read_lengths(out, count);
  if (encoding_ == Encoding::kDeltaByteArray) return read_prefixed(out, count, arena);
  if (physical_ == Physical::kByteArray) {
    const std::uint8_t* at = at_;
    for (std::size_t i = 0; i < count; ++i) {
      const auto room = static_cast<std::size_t>(end_ - at);
      if (room < 4) return kTooShort;
      const std::uint32_t size = load32(at);
      if (size > room - 4) return kTooShort;
      out[i] = {reinterpret_cast<const char*>(at + 4), size};
      at += 4 + size;
    }
    at_ = at;
    return nullptr;
  }
  if (encoding_ == Encoding::kByteStreamSplit) {
    if (split_values_ - split_at_ < count) return kTooShort;
    for (std::size_t i = 0; i < count; ++i, ++split_at_) {
      char* to = arena.take(width_);
      if (to == nullptr) return "its texts are too long";
      for (std::size_t k = 0; k < width_; ++k) to[k] = static_cast<char>(at_[k * split_values_ + split_at_]);
      out[i] = {to, width_};
    }
    return nullptr;
  }
  if (left() / width_ < count) return kTooShort;
  for (std::size_t i = 0; i < count; ++i, at_ += width_) out[i] = {reinterpret_cast<const char*>(at_), width_};
  return nullptr;
}

const char* ValueReader::read_lengths(std::string_view* out, std::size_t count) {
  std::int64_t lengths[kStep];
  for (std::size_t done = 0; done < count;) {
    const std::size_t step = std::min(kStep, count - done);
    if (!delta_.read(lengths, step)) return kTooShort;
    for (std::size_t i = 0; i < step; ++i, ++done) {
      if (lengths[i] < 0 || static_cast<std::uint64_t>(lengths[i]) > left()) return kTooShort;
      out[done] = {reinterpret_cast<const char*>(at_), static_cast<std::size_t>(lengths[i])};
      at_ += lengths[i];
    }
  }
  return nullptr;
}

const char* ValueReader::read_prefixed(std::string_view* out, std::size_t count, TextArena& arena) {
  for (std::size_t i = 0; i < count; ++i) {
    std::int64_t prefix, length;
    if (!prefixes_.read(&prefix, 1) || !delta_.read(&length, 1)) return kTooShort;
    if (prefix < 0 || static_cast<std::uint64_t>(prefix) > previous_.size() || length < 0 ||
        static_cast<std::uint64_t>(length) > left()) {
      return kTooShort;
    }
    const std::size_t size = static_cast<std::size_t>(prefix) + static_cast<std::size_t>(length);
    if (width_ != 0 && size != width_) return "a value has another size than its type says";
    previous_.resize(static_cast<std::size_t>(prefix));
    previous_.insert(previous_.end(), at_, at_ + length);
    at_ += length;
    char* to = arena.take(size);
    if (to == nullptr) return "its texts are too long";
    std::copy(previous_.begin(), previous_.end(), to);
    out[i] = {to, size};
  }
  return nullptr;
}

}  // namespace causal_sessions::parquet
