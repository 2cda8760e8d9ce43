#include "core/random.h"

#include <utility>

namespace causal_sessions {

Mt19937Legacy::Mt19937Legacy(std::uint32_t seed) {
  for (std::size_t i = 0; i < kLength; ++i) {
    state_[i] = seed;
    seed = 1812433253u * (seed ^ (seed >> 30)) + static_cast<std::uint32_t>(i + 1);
  }
}

void Mt19937Legacy::refill() {
  constexpr std::size_t kShift = 397;
  for (std::size_t i = 0; i < kLength; ++i) {
    const std::uint32_t joined = (state_[i] & 0x80000000u) | (state_[(i + 1) % kLength] & 0x7fffffffu);
    const std::uint32_t twist = (joined >> 1) ^ ((joined & 1u) != 0 ? 0x9908b0dfu : 0u);
    state_[i] = state_[(i + kShift) % kLength] ^ twist;
  }
  position_ = 0;
}

std::uint32_t Mt19937Legacy::next_u32() {
  if (position_ == kLength) refill();
  std::uint32_t y = state_[position_++];
  y ^= y >> 11;
  y ^= (y << 7) & 0x9d2c5680u;
  y ^= (y << 15) & 0xefc60000u;
  return y ^ (y >> 18);
}

std::uint64_t Mt19937Legacy::interval(std::uint64_t max) {
  if (max == 0) return 0;
  std::uint64_t mask = max;
  for (int shift = 1; shift < 64; shift *= 2) mask |= mask >> shift;

  std::uint64_t value = 0;
  do {
    value = next_u32();
    if (max > 0xffffffffu) value = (value << 32) | next_u32();
    value &= mask;
  } while (value > max);
  return value;
}

void Mt19937Legacy::shuffle(std::span<std::uint32_t> values) {
  for (std::size_t i = values.size(); i-- > 1;) {
    std::swap(values[i], values[static_cast<std::size_t>(interval(i))]);
  }
}

}  // namespace causal_sessions
