#include "formats/json/write.h"

#include <algorithm>

namespace causal_sessions {
namespace {

// The code point at the front of the text, and its length in bytes. Of broken UTF-8 no byte beyond
// the end is read and no byte is lost.
std::uint32_t decode(std::string_view text, std::size_t& length) {
  const auto lead = static_cast<unsigned char>(text[0]);
  length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (length > text.size()) length = 1;
  if (length == 1) return lead;
  std::uint32_t code = lead & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3Fu);
  }
  return code;
}

void put_unicode_escape(ByteSink& sink, std::uint32_t unit) {
  constexpr char kHex[] = "0123456789abcdef";
  const char escape[6] = {'\\', 'u', kHex[unit >> 12 & 15], kHex[unit >> 8 & 15], kHex[unit >> 4 & 15], kHex[unit & 15]};
  sink.put(std::string_view(escape, sizeof(escape)));
}

void put_escape(ByteSink& sink, std::uint32_t code) {
  switch (code) {
    case '"': return sink.put("\\\"");
    case '\\': return sink.put("\\\\");
    case '\n': return sink.put("\\n");
    case '\r': return sink.put("\\r");
    case '\t': return sink.put("\\t");
    case '\f': return sink.put("\\f");
    case '\b': return sink.put("\\b");
  }
  if (code < 0x10000) return put_unicode_escape(sink, code);
  put_unicode_escape(sink, 0xD800 + ((code - 0x10000) >> 10));
  put_unicode_escape(sink, 0xDC00 + ((code - 0x10000) & 0x3FF));
}

bool needs_escape(unsigned char c, JsonText form) {
  return c < 0x20 || c == '"' || c == '\\' || (c >= 0x7F && form == JsonText::kAscii);
}

}  // namespace

void put_json_string(ByteSink& sink, std::string_view text, JsonText form) {
  sink.put("\"");
  while (!text.empty()) {
    std::size_t plain = 0;
    while (plain < text.size() && !needs_escape(static_cast<unsigned char>(text[plain]), form)) {
      ++plain;
    }
    sink.put(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) break;
    std::size_t length;
    put_escape(sink, decode(text, length));
    text.remove_prefix(length);
  }
  sink.put("\"");
}

void put_signed(ByteSink& sink, std::int64_t value) {
  if (value < 0) sink.put("-");
  put_int(sink, value < 0 ? ~static_cast<std::uint64_t>(value) + 1 : static_cast<std::uint64_t>(value));
}

void put_int(ByteSink& sink, std::uint64_t value) {
  char text[kMaxNumberText];
  sink.put(std::string_view(text, static_cast<std::size_t>(write_int(value, text) - text)));
}

void put_float(ByteSink& sink, double value) {
  char text[kMaxNumberText];
  sink.put(std::string_view(text, static_cast<std::size_t>(write_float(value, text) - text)));
}

}  // namespace causal_sessions
