#include "core/number_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string_view>

#include "core/shortest_decimal.h"

namespace causal_sessions {
namespace {

constexpr double kMostWhole = 9'007'199'254'740'992;  // 2^53

char* write_text(std::string_view text, char* out) { return std::copy(text.begin(), text.end(), out); }

// digits * 10^exponent. The powers are made by multiplying, so that every platform has the same.
double scaled(std::uint64_t digits, int exponent) {
  double power = 1;
  for (int i = std::abs(exponent); i > 0; --i) power *= 10;
  const auto value = static_cast<double>(digits);
  return exponent < 0 ? value / power : value * power;
}

// The double's digits, rounded to as few as read back to the float.
Decimal shortest_float(float value) {
  constexpr std::uint64_t kEnough = 1'000'000'000;  // nine digits tell all floats apart
  const Decimal full = shortest_decimal(static_cast<double>(value));
  Decimal best = full;
  int dropped = 0;
  for (std::uint64_t power = 10; full.digits / power != 0; power *= 10) {
    ++dropped;
    if (full.digits / power >= kEnough) continue;
    const Decimal shorter{(full.digits + power / 2) / power, full.exponent + dropped};
    if (static_cast<float>(scaled(shorter.digits, shorter.exponent)) != value) break;
    best = shorter;
  }
  for (; best.digits % 10 == 0; ++best.exponent) best.digits /= 10;
  return best;
}

char* write_decimal(const Decimal& decimal, char* out);

}  // namespace

char* write_int(std::uint64_t value, char* out) { return std::to_chars(out, out + kMaxNumberText, value).ptr; }

char* write_id(double value, char* out) {
  if (!(std::fabs(value) < kMostWhole) || value != std::trunc(value)) return write_float(value, out);
  if (value < 0) *out++ = '-';
  return write_int(static_cast<std::uint64_t>(std::fabs(value)), out);
}

char* write_float(double value, char* out) {
  if (std::isnan(value)) return write_text("NaN", out);
  if (std::signbit(value)) *out++ = '-';
  if (std::isinf(value)) return write_text("Infinity", out);
  if (value == 0) return write_text("0.0", out);
  return write_decimal(shortest_decimal(std::fabs(value)), out);
}

char* write_id(float value, char* out) {
  const auto wide = static_cast<double>(value);
  if (!std::isfinite(value) || (value == std::trunc(value) && std::fabs(value) < kMostWhole)) return write_id(wide, out);
  if (value < 0) *out++ = '-';
  return write_decimal(shortest_float(std::fabs(value)), out);
}

namespace {

char* write_decimal(const Decimal& decimal, char* out) {
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
    out = write_text(std::string_view("0.0000").substr(0, static_cast<std::size_t>(1 - exponent)), out);
    return std::copy(digits, digits + count, out);
  }
  const int whole = std::min(count, exponent + 1);
  out = std::copy(digits, digits + whole, out);
  out = std::fill_n(out, exponent + 1 - whole, '0');
  *out++ = '.';
  if (count == whole) *out++ = '0';
  return std::copy(digits + whole, digits + count, out);
}

}  // namespace

}  // namespace causal_sessions
