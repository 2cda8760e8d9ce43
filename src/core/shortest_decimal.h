// The fewest decimal digits that read back to the same double, and of those the nearest to it.
//
// Own code, since std::to_chars brings 58 KB of gzipped tables into a wasm module and this none.
//
// Needs:   a positive finite number.
// Cost:    about 40 ns between 1e-39 and 1e15; microseconds outside, where powers of ten are long.
// Source:  R. Giulietti, "The Schubfach way to render doubles", 2020. Python's repr, which uses
//          David Gay's dtoa in mode 0, has the same digits.
#pragma once

#include <cstdint>

namespace causal_sessions {

struct Decimal {
  std::uint64_t digits;  // no trailing zeros
  int exponent;          // the number is digits * 10^exponent
};

[[nodiscard]] Decimal shortest_decimal(double value);

}  // namespace causal_sessions
