#include "formats/json/scan.h"

#include <algorithm>

namespace causal_sessions {
namespace {

using Bits = std::uint64_t;

bool is_hex(char c) { return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); }

// From each block to the next one: whether a bit has been shifted out of it.
struct Carry {
  bool bit = false;
  Bits shift(Bits bits) {
    const Bits shifted = bits << 1 | Bits{bit};
    bit = bits >> 63 != 0;
    return shifted;
  }
  // Each bit of `starts`, which are the first bits of runs, moves to the bit behind its run.
  Bits pass(Bits starts, Bits runs) {
    const Bits sum = starts + runs;
    bit = sum < runs;
    return sum & ~runs;
  }
};

// The bytes behind those of a class that are not blank.
struct Follower {
  Carry carry;
  Bits of(Bits bits, Bits blanks) {
    const Bits next = carry.shift(bits);
    if ((next & blanks) == 0) return next;
    Carry behind;
    const Bits found = (next & ~blanks) | behind.pass(next & blanks, blanks);
    carry.bit |= behind.bit;
    return found;
  }
};

// Masks say where a block's quotes, brackets, colons and commas are, and which of its bytes lie in texts; what may follow what is
// then asked of all tokens of the block at once. Only brackets and plain values are gone through one by one.
class Skipper {
 public:
  explicit Skipper(std::span<const char> window) : window_(window), scanner_(window) {}

  std::size_t skip(std::size_t at, std::uint64_t& line_breaks) {
    behind_opening_.carry.bit = true;  // a value is due
    for (; at < window_.size(); at += simd::kBlock) {
      if (!take_block(at)) return 0;
      if (end_ != 0) {
        line_breaks += line_breaks_;
        return end_;
      }
    }
    return 0;
  }

 private:
  bool take_block(std::size_t at) {
    const char* const block = window_.data() + at;
    simd::JsonMasks is = simd::match_json(block);
    if ((is.backslashes || escape_goes_on_) && !take_escapes(at, is.quotes)) return false;
    const Bits strings = simd::parities(is.quotes) ^ (in_string_ ? ~Bits{0} : 0);  // from the quote on to before the other one
    in_string_ = strings >> 63 != 0;
    const Bits texts = strings & is.quotes, outside = ~(strings | is.quotes);
    is.opening &= outside;
    is.closing &= outside;
    is.colons &= outside;
    is.commas &= outside;
    is.blanks &= outside;
    const Bits limit = take_brackets(at, is);
    if (is.controls && !take_controls(block, strings, limit, is.blanks)) return false;
    if (is.backslashes && (backslashes_ & outside & limit) != 0) return false;

    const Bits plain = outside & ~(is.opening | is.closing | is.colons | is.commas | is.blanks);
    const Bits plain_begins = plain & ~plain_.shift(plain);
    const Bits values = texts | plain_begins | is.opening;
    const Bits behind_opening = behind_opening_.of(is.opening, is.blanks), behind_comma = behind_comma_.of(is.commas, is.blanks),
               behind_colon = behind_colon_.of(is.colons, is.blanks);
    const Bits value_due = behind_opening | behind_comma | behind_colon;
    // What may be a key: a text behind a bracket or a comma. It is one where a colon comes behind it, and then nothing else may be.
    const Bits first = behind_opening | behind_comma;
    const Bits behind_text = behind_text_.of(key_.pass((texts & first) | Bits{key_.bit}, strings) & is.quotes, is.blanks);
    const Bits wrong = (values & ~value_due) | ((is.colons | is.commas) & value_due) |
                       (is.closing & value_due & ~behind_opening) | (is.colons & ~behind_text);
    const Bits of_lists = (behind_text & ~is.colons) | (values & ~texts & first);
    if (((wrong | (of_lists & in_objects_) | (is.colons & ~in_objects_)) & limit) != 0) return false;
    for (Bits rest = plain_begins & limit; rest != 0; rest &= rest - 1) {
      if (!is_plain(at + static_cast<std::size_t>(std::countr_zero(rest)))) return false;
    }
    return !mismatch_;
  }

  // Goes in and out of objects and lists; returns the bits up to the value's end.
  Bits take_brackets(std::size_t at, const simd::JsonMasks& is) {
    in_objects_ = 0;
    Bits here = ~Bits{0};  // from behind the bracket before
    for (Bits rest = is.opening | is.closing; rest != 0; rest &= rest - 1) {
      const auto i = static_cast<std::size_t>(std::countr_zero(rest));
      const Bits behind = ~Bits{1} << i;
      if ((levels_ & 1) != 0) in_objects_ |= here & ~behind;
      here = behind;
      if (at + i >= window_.size()) break;
      const Bits object = static_cast<unsigned char>(window_[at + i]) >> 5 & 1;  // "{" and "}" have the bit
      if ((is.opening >> i & 1) != 0) {
        if (++depth_ > 64) mismatch_ = true;
        levels_ = levels_ << 1 | object;
        continue;
      }
      if ((levels_ & 1) != object) mismatch_ = true;
      levels_ >>= 1;
      if (--depth_ != 0) continue;
      end_ = at + i + 1;
      return ~behind;
    }
    if ((levels_ & 1) != 0) in_objects_ |= here;
    return ~Bits{0};
  }

  // Blanks beside the space, of which texts have none.
  bool take_controls(const char* block, Bits strings, Bits limit, Bits& blanks) {
    const Bits breaks = simd::match(block, '\n');
    const Bits controls = simd::match_at_most(block, '\x1F');
    const Bits blank = (breaks | simd::match(block, '\t') | simd::match(block, '\r')) & ~strings;
    if ((controls & ~blank & limit) != 0) return false;
    blanks |= blank;
    line_breaks_ += static_cast<std::uint64_t>(std::popcount(breaks & limit));
    return true;
  }

  // Takes quotes behind a backslash from the others.
  bool take_escapes(std::size_t at, Bits& quotes) {
    backslashes_ = simd::match(window_.data() + at, '\\');
    Bits escaped = Bits{escape_goes_on_};
    Bits rest = backslashes_ & ~escaped;
    escape_goes_on_ = false;
    for (; rest != 0;) {
      const auto i = static_cast<std::size_t>(std::countr_zero(rest));
      if (at + i >= window_.size() || !is_json_escape(window_.data() + at + i + 1)) return false;
      escape_goes_on_ = i == 63;
      const Bits next = Bits{2} << i;  // none behind the last
      escaped |= next;
      rest &= ~(next | Bits{1} << i);
    }
    quotes &= ~escaped;
    return true;
  }

  // A number or a word that nothing but what may follow a value follows.
  bool is_plain(std::size_t at) const {
    std::string_view text;
    JsonKind kind = JsonKind::kNull;
    if (!scanner_.take_plain(at, text, kind)) return false;
    const char c = scanner_.peek(at);
    return c == ',' || c == '}' || c == ']' || is_json_space(c);
  }

  std::span<const char> window_;
  JsonScanner scanner_;
  Follower behind_opening_, behind_comma_, behind_colon_, behind_text_;
  Carry key_, plain_;
  bool in_string_ = false, escape_goes_on_ = false, mismatch_ = false;
  Bits backslashes_ = 0;
  Bits in_objects_ = 0;  // bytes of the block whose innermost bracket is an object's
  Bits levels_ = 0;      // a bit each, the innermost first: an object
  std::size_t depth_ = 0, end_ = 0;
  std::uint64_t line_breaks_ = 0;
};

}  // namespace

bool is_json_escape(const char* at) {
  if (*at == 'u') return is_hex(at[1]) && is_hex(at[2]) && is_hex(at[3]) && is_hex(at[4]);
  return *at != '\0' && std::string_view("\"\\/bfnrt").find(*at) != std::string_view::npos;
}

bool JsonScanner::take_text(std::size_t& at, std::string_view& text) {
  if (peek(at) != '"') return false;
  const std::size_t begin = ++at;
  at = std::max(at, block_);  // take_string() may have got there
  while (peek(at = find_stop(at)) != '"') {
    if (peek(at) != '\\') return false;  // a control character, or the window's end
    const char escape = peek(++at);
    if (escape == 'u') {
      for (int i = 0; i < 4; ++i) {
        if (!is_hex(peek(++at))) return false;
      }
    } else if (!is_json_escape(&escape)) {
      return false;
    }
    ++at;
  }
  text = {window_.data() + begin, at++ - begin};
  return true;
}

bool JsonScanner::take_nested(std::size_t& at, std::string_view& text, std::uint64_t& line_breaks) const {
  if (peek(at) != '{' && peek(at) != '[') return false;
  const std::size_t end = skip_json(window_, at, line_breaks);
  if (end == 0) return false;
  text = {window_.data() + at, end - at};
  at = end;
  return true;
}

std::size_t skip_json(std::span<const char> window, std::size_t at, std::uint64_t& line_breaks) {
  return Skipper(window).skip(at, line_breaks);
}

}  // namespace causal_sessions
