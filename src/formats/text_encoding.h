// The encodings of text that are read.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace causal_sessions {

// kAuto: UTF-8, and what is not is refused. The others are those of the WHATWG's standard, in which Latin-1 is windows-1252, and
// GBK all of GB 18030.
enum class TextEncoding : std::uint8_t {
  kAuto,
  kUtf8,
  kUtf16le,
  kUtf16be,
  kWindows1252,
  kGbk,
  kShiftJis,
  kIso8859_15,
  kWindows1250,
  kWindows1251,
  kKoi8R,
  kIso8859_2,
  kMacintosh,
};

[[nodiscard]] constexpr std::string_view encoding_name(TextEncoding encoding) {
  constexpr std::array<std::string_view, 13> kNames = {"auto",   "utf-8",      "utf-16le",    "utf-16be",     "windows-1252",
                                                       "gbk",    "shift_jis",  "iso-8859-15", "windows-1250", "windows-1251",
                                                       "koi8-r", "iso-8859-2", "macintosh"};
  return kNames[static_cast<std::size_t>(encoding)];
}

[[nodiscard]] constexpr bool is_utf16(TextEncoding encoding) {
  return encoding == TextEncoding::kUtf16le || encoding == TextEncoding::kUtf16be;
}
[[nodiscard]] constexpr bool is_utf8(TextEncoding encoding) { return encoding <= TextEncoding::kUtf8; }

}  // namespace causal_sessions
