// The full way through a JSON object or list: escapes, nested values, and whatever is no JSON. For formats/json/scan.h leaves it
// to others.
//
// Members come one by one, those of a list with an empty key; nested values are checked and passed over, without recursion.
// Beyond what most JSON parsers take: an escape that is half of a surrogate pair (JavaScript writes it where it has cut a
// text), and NaN, Infinity and -Infinity (Python writes them). The caller says what becomes of them; in values that are
// not needed they do no harm.
// Needs:  kWindowSlack readable bytes behind the object; UTF-8.
// Cost:   one pass; memory for decoded texts, and a byte a level of nesting.
// Source: RFC 8259.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "formats/json/scan.h"
#include "ingest/build/row_issues.h"

namespace causal_sessions {

// A JSON value: the bytes of it, of a text those between its quotes.
struct JsonValue {
  std::string_view raw = {};
  JsonKind kind = JsonKind::kNull;
  bool escapes = false;

  // A text as it is meant, or the digits or word of another plain value. The first escape in it that is half of a
  // surrogate pair goes to `half`.
  [[nodiscard]] std::string text(std::string_view& half) const;
};

class JsonObjectReader {
 public:
  // From the bracket of the object or list on, to its end or further.
  explicit JsonObjectReader(std::span<const char> object) : scanner_(object) {}

  // Goes to the next member; false: there is none, or what comes is not JSON.
  [[nodiscard]] bool next();
  // As next(), but stays before the member's value: its text is what rest() begins with, and pass() goes behind it. Others than
  // lists and objects need next_value() instead.
  [[nodiscard]] bool next_open();
  [[nodiscard]] bool next_value() { return take_value(); }
  [[nodiscard]] std::span<const char> rest() const { return scanner_.window().subspan(at_); }
  void pass(std::size_t size) { at_ += size; }
  // What is wrong `at` so many bytes into rest().
  void refuse(std::size_t at) { (void)fail(at_ + at); }
  // The end of the object or list, once next() has found no more.
  [[nodiscard]] std::size_t end() const { return at_; }
  // 1 + the position of the byte that is not JSON; 0 if all is.
  [[nodiscard]] std::size_t error_at() const { return error_at_; }

  // Of the member at hand. A key stays as it is until next().
  [[nodiscard]] std::string_view key() const { return key_; }
  [[nodiscard]] JsonKind kind() const { return kind_; }
  // The bytes of its value; of a text those between its quotes.
  [[nodiscard]] std::string_view raw() const { return raw_; }
  [[nodiscard]] JsonValue value() const { return {raw_, kind_, escapes_}; }

 private:
  friend std::size_t find_json_mistake(std::span<const char> value);

  void skip_space() { at_ = scanner_.skip_space(at_, breaks_); }
  bool fail(std::size_t at);
  bool take(char c);
  bool take_text(std::string_view& raw, bool& escapes);
  bool take_scalar();
  bool take_nested();
  bool take_value();

  JsonScanner scanner_;
  std::size_t at_ = 0;
  std::uint64_t breaks_ = 0;
  std::size_t error_at_ = 0;
  std::string_view key_, raw_;
  std::string decoded_key_;
  JsonKind kind_ = JsonKind::kNull;
  bool escapes_ = false;
  bool list_ = false;
};

// A value as a cell of a table. Nothing stands for null and for NaN, which is what Python writes for a missing value. MongoDB's
// {"$date": ...}, {"$oid": ...} and {"$numberLong": ...} are the values in them.
struct JsonCell {
  std::string_view text = {};
  std::optional<IssueReason> issue = {};  // why there is none
  std::string words = {};                 // of the issue
};
// `id`: a number is a whole one where it is whole. Texts that have to be put together go to `texts`.
[[nodiscard]] JsonCell json_cell(const JsonValue& value, bool id, std::deque<std::string>& texts);

// 1 + the position of the first byte that keeps the text from being one JSON value, and nothing else; 0 if it is one.
[[nodiscard]] std::size_t find_json_mistake(std::span<const char> value);

// What a JSON text stands for, whose escapes are whole. U+FFFD for half of a surrogate pair, and the first such escape
// goes to `half`.
[[nodiscard]] std::string decode_json_escapes(std::string_view raw, std::string_view& half);

// `"\ud83d" is half of a surrogate pair, ...`: why such a text cannot be used.
[[nodiscard]] std::string half_pair_words(std::string_view half);
// Why Infinity cannot be used.
[[nodiscard]] std::string infinity_words(std::string_view word);

// The digits of a JSON number with a point or an exponent that is whole and nearer to zero than 2^53, where doubles hold
// every whole number: 7.0 is 7, 1e3 is 1000. Empty for any other.
[[nodiscard]] std::string whole_digits(std::string_view number);

}  // namespace causal_sessions
