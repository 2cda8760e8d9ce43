// Python's json.dumps of texts and floats, the slow way.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace causal_sessions::reference {

inline std::string escape(std::uint32_t unit) {
  char text[16];
  std::snprintf(text, sizeof(text), "\\u%04x", static_cast<unsigned>(unit));
  return text;
}

// Valid UTF-8 as a JSON string; `ascii` as ensure_ascii=True.
inline std::string quoted(const std::string& text, bool ascii) {
  std::string result = "\"";
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::uint32_t point = length == 1 ? lead : lead & (0xFFu >> (length + 1));
    for (std::size_t k = 1; k < length; ++k) point = point * 64 + (static_cast<unsigned char>(text[i + k]) & 0x3Fu);
    if (point == '"') {
      result += "\\\"";
    } else if (point == '\\') {
      result += "\\\\";
    } else if (point == '\n') {
      result += "\\n";
    } else if (point == '\r') {
      result += "\\r";
    } else if (point == '\t') {
      result += "\\t";
    } else if (point == '\b') {
      result += "\\b";
    } else if (point == '\f') {
      result += "\\f";
    } else if (point < 0x20 || (point == 0x7F && ascii)) {
      result += escape(point);
    } else if (point < 0x80 || !ascii) {
      result += text.substr(i, length);
    } else if (point < 0x10000) {
      result += escape(point);
    } else {
      result += escape(0xD800 + ((point - 0x10000) >> 10)) + escape(0xDC00 + ((point - 0x10000) & 0x3FF));
    }
    i += length;
  }
  return result + "\"";
}

// repr(): the fewest digits that read back to the same double.
inline std::string float_text(double value) {
  if (value == 0) return "0.0";
  char text[40];
  int precision = 0;
  do {
    std::snprintf(text, sizeof(text), "%.*e", precision++, value);
  } while (std::strtod(text, nullptr) != value);
  const std::string whole = text;
  const std::size_t e = whole.find('e');
  const int exponent = std::atoi(whole.c_str() + e + 1);
  std::string digits = whole.substr(0, 1) + (e > 2 ? whole.substr(2, e - 2) : "");
  if (exponent < -4 || exponent >= 16) {
    std::snprintf(text, sizeof(text), "e%c%02d", exponent < 0 ? '-' : '+', std::abs(exponent));
    return digits.substr(0, 1) + (digits.size() > 1 ? "." + digits.substr(1) : "") + text;
  }
  if (exponent < 0) return "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  const auto whole_digits = static_cast<std::size_t>(exponent) + 1;
  while (digits.size() < whole_digits) digits += '0';
  const std::string fraction = digits.substr(whole_digits);
  return digits.substr(0, whole_digits) + "." + (fraction.empty() ? "0" : fraction);
}

}  // namespace causal_sessions::reference
