#include "core/number_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string_view>

#include "core/shortest_decimal.h"

namespace causal_sessions {
namespace {

char* write_text(std::string_view text, char* out) {
  return std::copy(text.begin(), text.end(), out);
}

}  // namespace

char* write_int(std::uint64_t value, char* out) {
  return std::to_chars(out, out + kMaxNumberText, value).ptr;
}

char* write_float(double value, char* out) {
  if (std::isnan(value)) return write_text("NaN", out);
  if (std::signbit(value)) *out++ = '-';
  if (std::isinf(value)) return write_text("Infinity", out);
  if (value == 0) return write_text("0.0", out);

  const Decimal decimal = shortest_decimal(std::fabs(value));
  char digits[kMaxNumberText];
  const int count = static_cast<int>(write_int(decimal.digits, digits) - digits);
  const int exponent = decimal.exponent + count - 1;  // of the first digit

  if (exponent < -4 || exponent >= 16) {
    *out++ = digits[0];
    if (count > 1) *out++ = '.';
    out = std::copy(digits + 1, digits + count, out);
    *out++ = 'e';
    *out++ = exponent < 0 ? '-' : '+';
    const int magnitude = std::abs(exponent);
    if (magnitude < 10) *out++ = '0';
    return write_int(static_cast<std::uint64_t>(magnitude), out);
  }
  if (exponent < 0) {
    out = write_text(std::string_view("0.0000").substr(0, static_cast<std::size_t>(1 - exponent)),
                     out);
    return std::copy(digits, digits + count, out);
  }
  const int whole = std::min(count, exponent + 1);
  out = std::copy(digits, digits + whole, out);
  out = std::fill_n(out, exponent + 1 - whole, '0');
  *out++ = '.';
  if (count == whole) *out++ = '0';
  return std::copy(digits + whole, digits + count, out);
}

}  // namespace causal_sessions
