#include "core/number_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string_view>

#include "core/cold.h"
#include "core/shortest_decimal.h"
#include "core/utf8.h"

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

// The digits of the integer's size, without leading zeros, so that they end at `end`; gives where they begin.
char* put_digits(std::span<const std::uint8_t> bytes, char* end) {
  std::array<std::uint32_t, kMostDecimalBytes / 4> limbs{};
  const bool negative = !bytes.empty() && bytes.back() >= 0x80;
  if (negative) limbs.fill(~std::uint32_t{0});
  if (!bytes.empty()) std::memcpy(limbs.data(), bytes.data(), bytes.size());
  std::uint32_t carry = negative ? 1 : 0;
  for (std::uint32_t& limb : limbs) {
    if (!negative) break;
    limb = ~limb + carry;
    carry = carry != 0 && limb == 0 ? 1 : 0;
  }
  constexpr std::uint64_t kNineDigits = 1'000'000'000;
  char* at = end;
  for (std::size_t used = limbs.size();;) {
    while (used > 0 && limbs[used - 1] == 0) --used;
    if (used == 0) break;
    std::uint64_t rest = 0;
    for (std::size_t i = used; i-- > 0;) {
      const std::uint64_t value = rest << 32 | limbs[i];
      limbs[i] = static_cast<std::uint32_t>(value / kNineDigits);
      rest = value % kNineDigits;
    }
    for (int i = 0; i < 9; ++i, rest /= 10) *--at = static_cast<char>('0' + rest % 10);
  }
  while (at != end && *at == '0') ++at;
  return at;
}

}  // namespace

// Few digits and a small power of ten are both exact, and so is what a division or product of them rounds to: Clinger 1990.
std::optional<double> read_number(std::string_view text) {
  constexpr std::size_t kMostBytes = 400;  // digits beyond these are no number's
  constexpr int kExactDigits = 15;
  constexpr std::array<double, 23> kPowers = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                              1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  std::size_t at = 0;
  const auto is_digit = [&] { return at < text.size() && text[at] >= '0' && text[at] <= '9'; };
  const auto is_sign = [&] { return at < text.size() && (text[at] == '-' || text[at] == '+'); };
  if (text.size() > kMostBytes) return std::nullopt;
  if (is_sign()) ++at;
  double value = 0;
  int digits = 0, behind_point = 0;
  bool any = false;
  const auto take_digits = [&](bool fraction) {
    for (; is_digit(); ++at) {
      any = true;
      digits += digits != 0 || text[at] != '0';
      behind_point += fraction;
      if (digits <= kExactDigits) value = 10 * value + (text[at] - '0');
    }
  };
  take_digits(false);
  if (at < text.size() && text[at] == '.') {
    ++at;
    take_digits(true);
  }
  if (!any) return std::nullopt;
  const bool plain = at == text.size() && digits <= kExactDigits && behind_point < static_cast<int>(kPowers.size());
  if (at < text.size() && (text[at] | 0x20) == 'e') {
    ++at;
    if (is_sign()) ++at;
    if (!is_digit()) return std::nullopt;
    while (is_digit()) ++at;
  }
  if (at != text.size()) return std::nullopt;
  if (plain) return (text[0] == '-' ? -value : value) / kPowers[static_cast<std::size_t>(behind_point)];
  const double read = std::strtod(std::string(text).c_str(), nullptr);
  return std::isfinite(read) ? std::optional(read) : std::nullopt;
}

std::optional<double> read_cell_number(std::string_view text) {
  if (same_but_for_case(text, "true")) return 1;
  if (same_but_for_case(text, "false")) return 0;
  const std::optional<double> number = read_number(text);
  constexpr double kMostSquared = 1e150;  // squares of greater ones cannot be added up
  return number && std::abs(*number) < kMostSquared ? number : std::nullopt;
}

COLD double half_value(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  if (exponent == 31 && fraction != 0) return std::numeric_limits<double>::quiet_NaN();
  const double magnitude = exponent == 31  ? std::numeric_limits<double>::infinity()
                           : exponent == 0 ? std::ldexp(fraction, -24)
                                           : std::ldexp(fraction + 1024, exponent - 25);
  return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

COLD char* write_decimal_id(std::span<const std::uint8_t> bytes, int scale, char* out) {
  char digits[96];
  char* end = std::end(digits);
  const char* const first = put_digits(bytes, end);
  for (; scale > 0 && first != end && end[-1] == '0'; --scale) --end;
  if (first == end) return write_text("0", out);
  if (bytes.back() >= 0x80) *out++ = '-';
  const auto count = static_cast<int>(end - first), whole = std::max(count - std::max(scale, 0), 0);
  if (whole == 0) *out++ = '0';
  out = std::copy(first, first + whole, out);
  if (scale <= 0) return std::fill_n(out, -scale, '0');
  *out++ = '.';
  out = std::fill_n(out, scale - (count - whole), '0');
  return std::copy(first + whole, static_cast<const char*>(end), out);
}

}  // namespace causal_sessions
