// Numbers as text, as Python's repr() writes ints and floats.
//
// Source:  CPython's float.__repr__: the shortest digits that read back to the same double, in exponent
//          form below 1e-4 and from 1e16 on. NaN, Infinity and -Infinity as json.dump names them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace causal_sessions {

inline constexpr std::size_t kMaxNumberText = 32;

// Into a buffer with room for kMaxNumberText; returns the end.
char* write_int(std::uint64_t value, char* out);
char* write_float(double value, char* out);
// A number that names something: as an int where it is whole and below 2^53, so that 7 and 7.0 are one name.
char* write_id(double value, char* out);
// A fraction with the fewest digits that read back to the same float: 3.1, not 3.0999999046325684.
char* write_id(float value, char* out);

// The number that a text is as a whole: digits, perhaps a sign, a point and an exponent. Nothing of any other text, nor of a
// number that no finite double is near.
[[nodiscard]] std::optional<double> read_number(std::string_view text);

// Of a cell in a column of numbers: also true and false, which are 1 and 0. Nothing of a number too great for sums of squares.
[[nodiscard]] std::optional<double> read_cell_number(std::string_view text);

// IEEE 754's half precision.
double half_value(std::uint16_t bits);

inline constexpr std::size_t kMostDecimalBytes = 32;  // 76 digits
inline constexpr int kMostDecimalScale = 76;
inline constexpr std::size_t kMaxDecimalText = 160;

// A decimal that names something, without zeros at its end, so that 7.50 and 7.5 are one name, and 7.00 is 7. `bytes`: its
// digits as an integer, in two's complement, little-endian, at most kMostDecimalBytes; `scale` of them stand behind the point,
// or so many zeros follow them where it is below zero. Needs room for kMaxDecimalText.
char* write_decimal_id(std::span<const std::uint8_t> bytes, int scale, char* out);

}  // namespace causal_sessions
