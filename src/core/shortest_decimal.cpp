#include "core/shortest_decimal.h"

#include <array>
#include <bit>
#include <cstddef>

namespace causal_sessions {
namespace {

using Wide = unsigned __int128;

struct Power {
  std::uint64_t high, low;
};

constexpr int kFivesInWord = 27;  // 5^27 is the largest power of five below 2^64

constexpr std::array<std::uint64_t, kFivesInWord + 1> kPowersOfFive = [] {
  std::array<std::uint64_t, kFivesInWord + 1> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 5;
  return powers;
}();

Power split(Wide value) { return {static_cast<std::uint64_t>(value >> 64), static_cast<std::uint64_t>(value)}; }

// An integer of up to 832 bits: 5^324 has 753.
struct LongInteger {
  std::array<std::uint64_t, 13> words{};  // the lowest first

  void multiply(std::uint64_t factor) {
    std::uint64_t carry = 0;
    for (std::uint64_t& word : words) {
      const Wide product = static_cast<Wide>(word) * factor + carry;
      word = static_cast<std::uint64_t>(product);
      carry = static_cast<std::uint64_t>(product >> 64);
    }
  }

  [[nodiscard]] int bits() const {
    std::size_t top = words.size() - 1;
    while (words[top] == 0) --top;
    return static_cast<int>(top * 64) + static_cast<int>(std::bit_width(words[top]));
  }

  void shift_left_by_one() {
    for (std::size_t i = words.size() - 1; i > 0; --i) {
      words[i] = words[i] << 1 | words[i - 1] >> 63;
    }
    words[0] <<= 1;
  }

  // Subtracts other if it is not larger.
  bool subtract(const LongInteger& other) {
    LongInteger difference;
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
      const Wide part = static_cast<Wide>(words[i]) - other.words[i] - borrow;
      difference.words[i] = static_cast<std::uint64_t>(part);
      borrow = static_cast<std::uint64_t>(part >> 64) & 1;
    }
    if (borrow == 0) *this = difference;
    return borrow == 0;
  }
};

LongInteger power_of_five(int exponent) {
  LongInteger power;
  power.words[0] = 1;
  for (; exponent > kFivesInWord; exponent -= kFivesInWord) {
    power.multiply(kPowersOfFive[kFivesInWord]);
  }
  power.multiply(kPowersOfFive[static_cast<std::size_t>(exponent)]);
  return power;
}

Power leading_bits_of_long_power(int exponent) {
  LongInteger five = power_of_five(exponent < 0 ? -exponent : exponent);
  Wide result = 0;
  if (exponent < 0) {
    // Long division of a power of two, smaller than 5^-exponent itself, so that 128 bits come out.
    LongInteger rest;
    const int top = five.bits() - 1;
    rest.words[static_cast<std::size_t>(top / 64)] = 1ULL << (top % 64);
    for (int i = 0; i < 128; ++i) {
      rest.shift_left_by_one();
      result = result << 1 | (rest.subtract(five) ? 1 : 0);
    }
    return split(result + 1);  // the division never comes out even
  }
  const int dropped = five.bits() - 128;
  bool even = true;
  for (int i = 0; i < five.bits(); ++i) {
    const std::uint64_t bit = five.words[static_cast<std::size_t>(i / 64)] >> (i % 64) & 1;
    if (i < dropped) {
      even = even && bit == 0;
    } else {
      result |= static_cast<Wide>(bit) << (i - dropped);
    }
  }
  return split(result + (even ? 0 : 1));
}

// 10^exponent scaled by a power of two into 128 bits, the highest one set; rounded up if inexact.
Power leading_bits(int exponent) {
  if (exponent < 0 || exponent > 2 * kFivesInWord) return leading_bits_of_long_power(exponent);
  const int first = exponent < kFivesInWord ? exponent : kFivesInWord;
  const Wide exact = static_cast<Wide>(kPowersOfFive[static_cast<std::size_t>(first)]) *
                     kPowersOfFive[static_cast<std::size_t>(exponent - first)];
  const auto [high, low] = split(exact);
  const int zeros = high != 0 ? std::countl_zero(high) : 64 + std::countl_zero(low);
  return split(exact << zeros);
}

// floor(log10(2^e)), of 3/4 * 2^e if asked for, and floor(log2(10^e)): right for every double.
int floor_log10_of_power_of_2(int e, bool three_quarters) { return (e * 1262611 - (three_quarters ? 524031 : 0)) >> 22; }
int floor_log2_of_power_of_10(int e) { return (e * 1741647) >> 19; }

// The product's bits above 2^128, the last one set, too, if those below could tip a comparison.
std::uint64_t round_to_odd(Power power, std::uint64_t factor) {
  const Wide low = static_cast<Wide>(power.low) * factor;
  const Wide high = static_cast<Wide>(power.high) * factor + static_cast<std::uint64_t>(low >> 64);
  const auto rest = static_cast<std::uint64_t>(high);
  return static_cast<std::uint64_t>(high >> 64) | (rest > 1 ? 1 : 0);
}

// The paper's figure 7: s and s + 1, and their multiples of ten, are the only candidates.
Decimal nearest_in_interval(std::uint64_t significand, int exponent, bool near_below) {
  const bool odd = (significand & 1) != 0;
  const int k = floor_log10_of_power_of_2(exponent, near_below);
  const int shift = exponent + floor_log2_of_power_of_10(-k) + 1;
  const Power power = leading_bits(-k);
  const std::uint64_t middle = round_to_odd(power, 4 * significand << shift);
  const std::uint64_t lower = round_to_odd(power, (4 * significand - (near_below ? 1 : 2)) << shift) + (odd ? 1 : 0);
  const std::uint64_t upper = round_to_odd(power, (4 * significand + 2) << shift) - (odd ? 1 : 0);

  const std::uint64_t s = middle / 4;
  if (s >= 10) {
    const std::uint64_t tens = s / 10;
    const bool below = lower <= 40 * tens;
    const bool above = 40 * tens + 40 <= upper;
    if (below != above) return {tens + (above ? 1 : 0), k + 1};
  }
  const bool below = lower <= 4 * s;
  const bool above = 4 * s + 4 <= upper;
  if (below != above) return {s + (above ? 1 : 0), k};
  const bool up = middle > 4 * s + 2 || (middle == 4 * s + 2 && (s & 1) != 0);
  return {s + (up ? 1 : 0), k};
}

}  // namespace

Decimal shortest_decimal(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const std::uint64_t fraction = bits & ((1ULL << 52) - 1);
  const int biased = static_cast<int>(bits >> 52 & 0x7FF);
  const std::uint64_t significand = biased == 0 ? fraction : fraction | 1ULL << 52;
  const int exponent = (biased == 0 ? 1 : biased) - 1075;

  // Below a power of two doubles lie half as far apart as above it.
  Decimal decimal = nearest_in_interval(significand, exponent, fraction == 0 && biased > 1);
  while (decimal.digits % 10 == 0) {
    decimal.digits /= 10;
    ++decimal.exponent;
  }
  return decimal;
}

}  // namespace causal_sessions
