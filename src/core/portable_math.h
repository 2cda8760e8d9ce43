// exp, log and sine from basic arithmetic alone.
//
// The C library's differ in the last bit between glibc and musl, and one bit can turn a draw and
// all bytes after it.
// +, -, * and / are exact IEEE operations everywhere, so these give the same doubles natively and
// as wasm, provided multiplications and additions are not contracted (-ffp-contract=off). Errors
// are about 1e-15.
//
// Needs:  exp: any finite x, results outside 1e-300 .. 1e300 are clamped; log: a normal x > 0.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace causal_sessions {

inline constexpr double kLogTwo = 0.69314718055994530942;

constexpr double portable_exp(double x) {
  x = x < -690 ? -690 : x > 690 ? 690 : x;
  const auto halves = static_cast<int>(x / kLogTwo + (x < 0 ? -0.5 : 0.5));
  const double rest = x - static_cast<double>(halves) * kLogTwo;  // at most log(2)/2 in size
  double sum = 1;
  for (int i = 14; i > 0; --i) sum = 1 + sum * rest / i;
  return sum * std::bit_cast<double>(static_cast<std::uint64_t>(1023 + halves) << 52);
}

// The same in a third of the time, without divisions; errors are about 1e-15 too, but not the same ones. Of several at once: each is
// what it would be alone, but does not wait for the additions of the others.
template <std::size_t n>
constexpr std::array<double, n> quick_exps(std::array<double, n> x) {
  constexpr std::array<double, 15> kInverse = {0,       1.0,     1.0 / 2, 1.0 / 3,  1.0 / 4,  1.0 / 5,  1.0 / 6, 1.0 / 7,
                                               1.0 / 8, 1.0 / 9, 0.1,     1.0 / 11, 1.0 / 12, 1.0 / 13, 1.0 / 14};
  std::array<std::uint64_t, n> power{};
  std::array<double, n> rest{}, sum{};
  for (std::size_t k = 0; k < n; ++k) {
    x[k] = x[k] < -690 ? -690 : x[k] > 690 ? 690 : x[k];
    const auto halves = static_cast<int>(x[k] * (1 / kLogTwo) + (x[k] < 0 ? -0.5 : 0.5));
    rest[k] = x[k] - static_cast<double>(halves) * kLogTwo;
    power[k] = static_cast<std::uint64_t>(1023 + halves) << 52;
    sum[k] = 1;
  }
  for (std::size_t i = 14; i > 0; --i) {
    for (std::size_t k = 0; k < n; ++k) sum[k] = 1 + sum[k] * (rest[k] * kInverse[i]);
  }
  for (std::size_t k = 0; k < n; ++k) sum[k] *= std::bit_cast<double>(power[k]);
  return sum;
}
constexpr double quick_exp(double x) { return quick_exps<1>({x})[0]; }

// 2 atanh(s) = log((1 + s) / (1 - s)), for |s| up to 1/3.
constexpr double twice_atanh(double s) {
  double sum = 0;
  for (int i = 31; i > 0; i -= 2) sum = sum * s * s + 1.0 / i;
  return 2 * s * sum;
}

constexpr double portable_log(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const int exponent = static_cast<int>(bits >> 52) - 1023;
  const double mantissa = std::bit_cast<double>((bits & 0xfffffffffffffu) | 0x3ff0000000000000u);
  return exponent * kLogTwo + twice_atanh((mantissa - 1) / (mantissa + 1));
}

// Of an angle in turns, -1 .. 2.
constexpr double portable_sine(double turns) {
  turns -= turns > 1 ? 1 : turns < 0 ? -1 : 0;
  double x = turns > 0.75 ? turns - 1 : turns > 0.25 ? 0.5 - turns : turns;  // as sine takes it between its extremes
  x *= 6.28318530717958647693;
  double term = x, sum = x;
  for (int i = 2; i < 26; i += 2) {
    term *= -x * x / (i * (i + 1));
    sum += term;
  }
  return sum;
}

constexpr double logistic(double x) { return 1 / (1 + portable_exp(-x)); }

// log(1 + n) for counts; counts of 1023 and more share a value. The table is made when it is first needed: in the file it
// would be 8 KB for every page to load.
inline double log_one_plus(std::uint32_t count) {
  constexpr std::size_t kSize = 1024;
  static const std::vector<double> kTable = [] {
    std::vector<double> table(kSize);
    for (std::size_t n = 1; n < kSize; ++n) table[n] = table[n - 1] + twice_atanh(1.0 / static_cast<double>(2 * n + 1));
    return table;
  }();
  return kTable[count < kSize ? count : kSize - 1];
}

}  // namespace causal_sessions
