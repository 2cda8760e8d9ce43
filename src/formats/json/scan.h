// The fast way through JSON. Texts are views of the window; nested values are checked and passed over.
//
// What ends a text, and all of a nested value, is found 64 bytes at a time. Whatever is unusual (a key with escapes, NaN, anything
// that is not JSON) is left to ingest/json/json_object.h, so this scanner never has to say why it stopped.
// Needs:  kWindowSlack readable bytes behind the window.
// Cost:   one pass; nothing allocated.
// Source: RFC 8259; Langdale and Lemire, "Parsing gigabytes of JSON per second", for the masks.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "core/simd.h"

namespace causal_sessions {

inline bool is_json_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// The end of the text that begins at `at`, one past its quote; 0 if the window ends first. A quote behind an odd number of
// backslashes belongs to the text.
inline std::size_t find_json_text_end(std::span<const char> window, std::size_t at) {
  for (std::size_t next = at + 1; next < window.size(); ++next) {
    const void* const quote = std::memchr(window.data() + next, '"', window.size() - next);
    if (quote == nullptr) return 0;
    next = static_cast<std::size_t>(static_cast<const char*>(quote) - window.data());
    std::size_t backslashes = 0;
    while (window[next - 1 - backslashes] == '\\') ++backslashes;
    if (backslashes % 2 == 0) return next + 1;
  }
  return 0;
}

// The end of the object or array that begins at `at`, one past its last bracket; 0 if the window ends first.
inline std::size_t find_json_end(std::span<const char> window, std::size_t at) {
  std::size_t depth = 0;
  for (; at < window.size(); ++at) {
    switch (window[at]) {
      case '"':
        at = find_json_text_end(window, at);
        if (at == 0) return 0;
        --at;
        break;
      case '{':
      case '[': ++depth; break;
      case '}':
      case ']':
        if (--depth == 0) return at + 1;
        break;
      default: break;
    }
  }
  return 0;
}

// As messages show it. One character, since how much of the text is there depends on how the file was cut.
inline std::string shown_json(char c) {
  return c > ' ' && c < 0x7F ? std::string(1, '"').append(1, c).append("\"") : "what begins here";
}

// kFraction: a number with a point or an exponent. kNaN and kInfinity are no JSON (ingest/json/json_object.h).
enum class JsonKind : std::uint8_t { kText, kNumber, kFraction, kWord, kNull, kNested, kNaN, kInfinity };

// The end of the object or array that begins at `at`, one past its last bracket; the line breaks in it are added. 0: it is not
// JSON, or does not end in the window, or has NaN, Infinity or more than 64 levels.
[[nodiscard]] std::size_t skip_json(std::span<const char> window, std::size_t at, std::uint64_t& line_breaks);

// Whether what stands behind a backslash makes an escape of it. Five bytes can be read.
[[nodiscard]] bool is_json_escape(const char* at);

class JsonScanner {
 public:
  explicit JsonScanner(std::span<const char> window) : window_(window) {}

  // Reads the object at `at`, a '{'; on_value(index, key, raw, kind) gets its values in order: the bytes of them, of a text those
  // between its quotes. on_other() gets those that are nested, or texts with escapes, and says whether to go on. Returns one past
  // its '}', or 0 to leave it to the full parser. Objects must be asked for in the order of the window.
  template <class OnValue, class OnOther>
  std::size_t scan(std::size_t at, std::uint64_t& line_breaks, OnValue on_value, OnOther on_other) {
    std::size_t index = 0;
    at = skip_space(at + 1, line_breaks);
    if (peek(at) == '}') return at + 1;
    for (;; ++index) {
      std::string_view key, text;
      if (!take_string(at, key)) return 0;
      at = skip_space(at, line_breaks);
      if (peek(at) != ':') return 0;
      at = skip_space(at + 1, line_breaks);
      JsonKind kind = JsonKind::kText;
      if (peek(at) == '"' ? take_string(at, text) : take_plain(at, text, kind)) {
        on_value(index, key, text, kind);
      } else {
        const bool nested = peek(at) != '"';
        if (!(nested ? take_nested(at, text, line_breaks) : take_text(at, text))) return 0;
        if (!on_other(index, key, text, nested ? JsonKind::kNested : JsonKind::kText)) return 0;
      }
      at = skip_space(at, line_breaks);
      const char next = peek(at);
      if (next == '}') return at + 1;
      if (next != ',') return 0;
      at = skip_space(at + 1, line_breaks);
    }
  }

  // The parts of it, for other layouts; they too must be asked for in the order of the window.
  [[nodiscard]] std::span<const char> window() const { return window_; }
  [[nodiscard]] char peek(std::size_t at) const { return at < window_.size() ? window_[at] : '\0'; }

  std::size_t skip_space(std::size_t at, std::uint64_t& line_breaks) const {
    for (;; ++at) {
      const char c = peek(at);
      if (c == '\n') {
        ++line_breaks;
      } else if (c != ' ' && c != '\t' && c != '\r') {
        return at;
      }
    }
  }

  // Past a text without escapes; false: it is another, or not whole.
  bool take_string(std::size_t& at, std::string_view& text) {
    if (peek(at) != '"') return false;
    const std::size_t end = find_stop(at + 1);
    if (peek(end) != '"') return false;  // an escape, a control character or the window's end
    text = {window_.data() + at + 1, end - at - 1};
    at = end + 1;
    return true;
  }

  // Past any text, for one that take_string() has just refused; false: `at` is where it is none, or the window's end.
  bool take_text(std::size_t& at, std::string_view& text);

  // Past an object or array; false: as of skip_json().
  bool take_nested(std::size_t& at, std::string_view& text, std::uint64_t& line_breaks) const;

  // true, false, null, or a number, whose digits stay as they are.
  bool take_plain(std::size_t& begin, std::string_view& text, JsonKind& kind) const {
    std::size_t at = begin;
    const char first = peek(at);
    const auto digits = [&] {
      const std::size_t from = at;
      while (peek(at) >= '0' && peek(at) <= '9') ++at;
      return at - from;
    };
    const auto take_word = [&]<std::size_t kSize>(const char (&word)[kSize]) {
      if (window_.size() - at < kSize - 1 || std::memcmp(window_.data() + at, word, kSize - 1) != 0) return false;
      at += kSize - 1;
      return true;
    };
    if (first == 'n') {
      if (!take_word("null")) return false;
      kind = JsonKind::kNull;
    } else if (first == 't' || first == 'f') {
      if (!(first == 't' ? take_word("true") : take_word("false"))) return false;
      kind = JsonKind::kWord;
    } else {
      kind = JsonKind::kNumber;
      if (first == '-') ++at;
      const bool zero = peek(at) == '0';
      const std::size_t whole = digits();
      if (whole == 0 || (zero && whole > 1)) return false;
      if (peek(at) == '.') {
        ++at;
        if (digits() == 0) return false;
        kind = JsonKind::kFraction;
      }
      if (peek(at) == 'e' || peek(at) == 'E') {
        ++at;
        if (peek(at) == '+' || peek(at) == '-') ++at;
        if (digits() == 0) return false;
        kind = JsonKind::kFraction;
      }
    }
    text = {window_.data() + begin, at - begin};
    begin = at;
    return true;
  }

 private:
  // The first quote, backslash or control character at or after `at`; the window's size if there is none.
  std::size_t find_stop(std::size_t at) {
    if (at >= next_block_) {
      if (at >= window_.size()) return window_.size();
      next_block_ = at / simd::kBlock * simd::kBlock;
      load_block();
    }
    mask_ &= ~std::uint64_t{0} << (at - block_);
    while (mask_ == 0) {
      if (next_block_ >= window_.size()) return window_.size();
      load_block();
    }
    return block_ + static_cast<std::size_t>(std::countr_zero(mask_));
  }

  void load_block() {
    block_ = next_block_;
    next_block_ += simd::kBlock;
    mask_ = simd::match_json_stops(window_.data() + block_);
    if (next_block_ > window_.size()) mask_ &= ~std::uint64_t{0} >> (next_block_ - window_.size());
  }

  std::span<const char> window_;
  std::uint64_t mask_ = 0;
  std::size_t block_ = 0;
  std::size_t next_block_ = 0;
};

}  // namespace causal_sessions
