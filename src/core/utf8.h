// UTF-8 validation (RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF), and texts that differ by case.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace causal_sessions {

// The position of the first byte that is not part of a whole, valid character; the size if all are.
[[nodiscard]] std::size_t find_invalid_utf8(std::span<const char> bytes);

// The same, but a character cut off by the end counts as valid: more bytes are to come.
[[nodiscard]] std::size_t find_invalid_utf8_prefix(std::span<const char> bytes);

// Whether the texts are the same but for the case of ASCII letters.
[[nodiscard]] bool same_but_for_case(std::string_view a, std::string_view b);

// Bytes that come one after another, in pieces: whether they are UTF-8, and not all ASCII.
class Utf8Watch {
 public:
  void look(std::span<const char> bytes);
  [[nodiscard]] bool is_utf8_beyond_ascii() const { return valid_ && beyond_ && left_ == 0; }

 private:
  bool valid_ = true, beyond_ = false;
  int left_ = 0;                            // bytes of the character at hand that are still to come
  unsigned char low_ = 0x80, high_ = 0xBF;  // what the next one of them may be
};

}  // namespace causal_sessions
