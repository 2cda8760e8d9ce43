#include "core/wording.h"

#include <cmath>

#include "core/number_text.h"

namespace causal_sessions {
namespace {

// Of UTF-8 that has been checked; a stray byte stands for itself.
std::uint32_t code_point(std::string_view text, std::size_t& at) {
  const auto byte = static_cast<unsigned char>(text[at++]);
  const int more = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : byte >= 0xC2 ? 1 : 0;
  std::uint32_t point = more == 0 ? byte : byte & (0x3Fu >> more);
  for (int i = 0; i < more && at < text.size(); ++i) point = point << 6 | (static_cast<unsigned char>(text[at++]) & 0x3Fu);
  return point;
}

bool deceives(std::uint32_t point) {
  const auto within = [point](std::uint32_t low, std::uint32_t high) { return point >= low && point <= high; };
  return point < 0x20 || within(0x7F, 0x9F) || point == 0x61C || within(0x200B, 0x200F) || within(0x2028, 0x202E) ||
         within(0x2060, 0x206F) || point == 0xFEFF;
}

// Signed, but where it rounds to nothing.
std::string points(double difference) {
  const std::string text = fixed(100 * std::abs(difference), 1);
  return (text == "0.0" ? "" : difference < 0 ? "−" : "+") + text;
}

}  // namespace

// Exactly: the number is mantissa * 2^exponent, and times 10^digits it is still less than 2^128.
std::string fixed(double value, int digits) {
  constexpr double kMost = 1e15;
  const double size = std::abs(value);
  if (!(size < kMost)) {
    char text[kMaxNumberText];
    return {text, write_float(value, text)};
  }
  int exponent = 0;
  const auto mantissa = static_cast<std::uint64_t>(std::ldexp(std::frexp(size, &exponent), 53));
  exponent -= 53;  // at most -3
  std::uint64_t scale = 1;
  for (int i = 0; i < digits; ++i) scale *= 10;
  __extension__ using Wide = unsigned __int128;
  const Wide times = Wide{mantissa} * scale;
  const auto rounded = -exponent > 127 ? 0 : static_cast<std::uint64_t>((times + (Wide{1} << (-exponent - 1))) >> -exponent);
  std::string text = (value < 0 ? "-" : "") + std::to_string(rounded / scale);
  if (digits == 0) return text;
  const std::string fraction = std::to_string(scale + rounded % scale);  // a 1 before it keeps its zeros
  return text + "." + fraction.substr(1);
}

std::string count_text(std::uint64_t value) {
  std::string text = std::to_string(value);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::string share_text(std::optional<double> value) {
  return value && std::isfinite(*value) ? fixed(100 * *value, 1) + "%" : "n/a";
}

std::string decimal_text(std::optional<double> value) {
  return value && std::isfinite(*value) ? fixed(*value, std::abs(*value) >= 100 ? 1 : 4) : "n/a";
}

std::string points_text(std::optional<double> difference) {
  return difference && std::isfinite(*difference) ? points(*difference) + " pp" : "n/a";
}

std::string points_text(const std::optional<std::array<double, 2>>& ends) {
  return ends ? filled("{} to {} pp", {points((*ends)[0]), points((*ends)[1])}) : "n/a";
}

std::string interval_text(const std::optional<std::array<double, 2>>& ends) {
  return ends ? filled("{} .. {}", {decimal_text((*ends)[0]), decimal_text((*ends)[1])}) : "n/a";
}

std::string duration_text(double seconds) {
  constexpr double kMinute = 60, kHour = 60 * kMinute, kDay = 24 * kHour;
  const auto in = [seconds](double unit, const char* name) {
    std::string text = fixed(seconds / unit, 1);
    if (text.ends_with(".0")) text.resize(text.size() - 2);
    return text + " " + name;
  };
  if (seconds < kMinute) return in(1, "s");
  if (seconds < kHour) return in(kMinute, "min");
  return seconds < 2 * kDay ? in(kHour, "h") : in(kDay, "days");
}

std::string filled(std::string_view pattern, std::initializer_list<std::string> texts) {
  std::string out;
  for (const std::string& text : texts) {
    const std::size_t at = pattern.find("{}");
    out.append(pattern.substr(0, at)).append(text);
    pattern.remove_prefix(at + 2);
  }
  return out.append(pattern);
}

std::string visible(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const std::uint32_t point = code_point(text, at);
    if (!deceives(point)) {
      out.append(text.substr(begin, at - begin));
      continue;
    }
    out.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) out.push_back(kDigits[point >> shift & 15]);
  }
  return out;
}

}  // namespace causal_sessions
