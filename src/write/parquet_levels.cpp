#include "write/parquet_levels.h"

namespace causal_sessions {
namespace {

void put_varint(std::uint64_t value, std::vector<std::uint8_t>& out) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<std::uint8_t>(value | 0x80));
  out.push_back(static_cast<std::uint8_t>(value));
}

// Runs put_levels and puts their size before them.
template <class PutLevels>
void put_with_size(std::vector<std::uint8_t>& out, PutLevels put_levels) {
  const std::size_t begin = out.size();
  out.resize(begin + 4);
  put_levels();
  const std::size_t size = out.size() - begin - 4;
  for (std::size_t i = 0; i < 4; ++i) out[begin + i] = static_cast<std::uint8_t>(size >> (8 * i));
}

}  // namespace

void LevelRuns::encode(std::vector<std::uint8_t>& out) const {
  put_with_size(out, [&] {
    for (const Run& run : runs_) {
      put_varint(std::uint64_t{run.count} << 1, out);
      out.push_back(run.level);
    }
  });
}

void LevelBits::clear() {
  bytes_.clear();
  word_ = 0;
  used_ = 0;
}

void LevelBits::encode(int bits_per_level, std::vector<std::uint8_t>& out) const {
  put_with_size(out, [&] {
    const auto group = static_cast<std::size_t>(bits_per_level);  // bytes of eight levels
    const std::size_t bytes = bytes_.size() + (used_ > 0 ? 1 : 0);
    const std::size_t groups = (bytes + group - 1) / group;
    put_varint(groups << 1 | 1, out);
    const std::size_t begin = out.size();
    out.insert(out.end(), bytes_.begin(), bytes_.end());
    if (used_ > 0) out.push_back(static_cast<std::uint8_t>(word_));
    out.resize(begin + groups * group);
  });
}

}  // namespace causal_sessions
