// Random numbers whose every draw is specified, so that native and wasm builds agree to the bit.
//
// Mt19937Legacy gives the draws of numpy.random.seed(n) and numpy.random.shuffle; it splits users
// as the notebook does. StreamKey and Xoshiro256 serve simulation: a key names a stream, child(i)
// names independent sub-streams however many numbers were drawn, so two runs that part ways can
// still share the randomness of everything else. The standard library's distributions are not used
// anywhere: their draws differ between implementations.
//
// Cost:    2.5 kB and 32 bytes of state; a draw is a few nanoseconds.
// Source:  Matsumoto and Nishimura 1998, seeding by Knuth's method (init_genrand, 2002); NumPy's
// legacy RandomState
//          and random_interval; Blackman and Vigna, xoshiro256** 1.0; Steele, Lea and Flood 2014
//          (SplitMix64).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace causal_sessions {

class Mt19937Legacy {
 public:
  explicit Mt19937Legacy(std::uint32_t seed);

  std::uint32_t next_u32();
  // Uniform in 0 .. max, both included, by masked rejection: 32-bit draws, 64-bit ones (high half
  // first) above 2^32-1.
  std::uint64_t interval(std::uint64_t max);
  // numpy.random.shuffle: from the last position down, each swapped with a position at or before
  // it.
  void shuffle(std::span<std::uint32_t> values);

 private:
  static constexpr std::size_t kLength = 624;

  void refill();

  std::array<std::uint32_t, kLength> state_;
  std::size_t position_ = kLength;
};

// A bijection of 64-bit words that scatters neighbouring inputs: SplitMix64's output function.
constexpr std::uint64_t mix64(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

inline constexpr std::uint64_t kGoldenGamma = 0x9e3779b97f4a7c15u;

// A key for a text: FNV-1a, scattered. Equal texts have equal keys whatever else is in the data.
constexpr std::uint64_t text_key(std::string_view text) {
  std::uint64_t hash = 14695981039346656037u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return mix64(hash);
}

struct StreamKey {
  std::uint64_t value = 0;

  [[nodiscard]] constexpr StreamKey child(std::uint64_t index) const {
    return {mix64(mix64(value + kGoldenGamma) ^ mix64((index + 1) * kGoldenGamma))};
  }
};

class Xoshiro256 {
 public:
  // The four words are the first four numbers of SplitMix64 seeded with the key.
  explicit Xoshiro256(StreamKey key) {
    std::uint64_t x = key.value;
    for (std::uint64_t& word : state_) word = mix64(x += kGoldenGamma);
  }
  explicit Xoshiro256(const std::array<std::uint64_t, 4>& state) : state_(state) {}

  std::uint64_t next_u64() {
    const std::uint64_t result = rotate(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = rotate(state_[3], 45);
    return result;
  }

  // Uniform in [0, 1): a multiple of 2^-53, hence exact.
  double uniform() { return static_cast<double>(next_u64() >> 11) * 0x1.0p-53; }

  // Uniform in 0 .. count-1 without bias (Lemire 2019); count must not be 0.
  std::uint32_t below(std::uint32_t count) {
    std::uint64_t product = (next_u64() >> 32) * count;
    if (static_cast<std::uint32_t>(product) < count) {
      const std::uint32_t threshold = (0u - count) % count;
      while (static_cast<std::uint32_t>(product) < threshold) product = (next_u64() >> 32) * count;
    }
    return static_cast<std::uint32_t>(product >> 32);
  }

 private:
  static constexpr std::uint64_t rotate(std::uint64_t x, int bits) { return (x << bits) | (x >> (64 - bits)); }

  std::array<std::uint64_t, 4> state_;
};

}  // namespace causal_sessions
