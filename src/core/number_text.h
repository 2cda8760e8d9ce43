// Numbers as text, as Python's repr() writes ints and floats.
//
// Source:  CPython's float.__repr__: the shortest digits that read back to the same double, in exponent
//          form below 1e-4 and from 1e16 on. NaN, Infinity and -Infinity as json.dump names them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace causal_sessions {

inline constexpr std::size_t kMaxNumberText = 32;

// Into a buffer with room for kMaxNumberText; returns the end.
char* write_int(std::uint64_t value, char* out);
char* write_float(double value, char* out);
// A number that names something: as an int where it is whole and below 2^53, so that 7 and 7.0 are one name.
char* write_id(double value, char* out);
// A fraction with the fewest digits that read back to the same float: 3.1, not 3.0999999046325684.
char* write_id(float value, char* out);

}  // namespace causal_sessions
