// The fast way through JSON whose values are all plain: strings without escapes, numbers, literals.
//
// Quotes, backslashes and control characters are found 64 bytes at a time; texts are views of the window.
// Whatever is unusual (escapes, nesting, anything that is not JSON) is left to ingest/json/json_object.h, so this
// scanner never has to say why it stopped.
// Cost: one pass; nothing allocated.
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

class FlatJsonScanner {
 public:
  explicit FlatJsonScanner(std::span<const char> window) : window_(window) {}

  // Reads the object at `at`, a '{'; on_value(index, key, text, kind) gets its values in order. Returns one past
  // its '}', or 0 to leave it to the full parser. Objects must be asked for in the order of the window.
  template <class OnValue>
  std::size_t scan(std::size_t at, std::uint64_t& line_breaks, OnValue on_value) {
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
      if (!(peek(at) == '"' ? take_string(at, text) : take_plain(at, text, kind))) return 0;
      on_value(index, key, text, kind);
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

  // true, false, null, or a number, whose digits stay as they are.
  bool take_plain(std::size_t& at, std::string_view& text, JsonKind& kind) const {
    const std::size_t begin = at;
    const char first = peek(at);
    const auto digits = [&] {
      const std::size_t from = at;
      while (peek(at) >= '0' && peek(at) <= '9') ++at;
      return at - from;
    };
    if (first == 't' || first == 'f' || first == 'n') {
      const std::string_view word = first == 't' ? "true" : first == 'f' ? "false" : "null";
      if (window_.size() - at < word.size() || std::string_view(window_.data() + at, word.size()) != word) return false;
      at += word.size();
      kind = first == 'n' ? JsonKind::kNull : JsonKind::kWord;
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
    return true;
  }

 private:
  // The first quote, backslash or control character at or after `at`; the window's size if there is none.
  std::size_t find_stop(std::size_t at) {
    if (at >= window_.size()) return window_.size();
    if (at >= next_block_) {
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
