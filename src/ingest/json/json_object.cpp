#include "ingest/json/json_object.h"

#include <algorithm>

#include "core/cold.h"

namespace causal_sessions {
namespace {

std::uint32_t hex_value(std::string_view digits) {
  std::uint32_t value = 0;
  for (const char c : digits) {
    value = value * 16 + static_cast<std::uint32_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
  }
  return value;
}

bool is_high_surrogate(std::uint32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low_surrogate(std::uint32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

void append_utf8(std::string& text, std::uint32_t code) {
  const auto add = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (code < 0x80) return add(code);
  if (code < 0x800) {
    add(0xC0 | code >> 6);
  } else if (code < 0x10000) {
    add(0xE0 | code >> 12);
    add(0x80 | (code >> 6 & 0x3F));
  } else {
    add(0xF0 | code >> 18);
    add(0x80 | (code >> 12 & 0x3F));
    add(0x80 | (code >> 6 & 0x3F));
  }
  add(0x80 | (code & 0x3F));
}

}  // namespace

std::string decode_json_escapes(std::string_view raw, std::string_view& half) {
  std::string text;
  text.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\') {
      text += raw[i];
      continue;
    }
    constexpr std::string_view kLetters = "bfnrt", kControls = "\b\f\n\r\t";
    const char c = raw[++i];
    if (c != 'u') {
      const std::size_t letter = kLetters.find(c);
      text += letter == kLetters.npos ? c : kControls[letter];
      continue;
    }
    const std::size_t escape = i - 1;
    std::uint32_t code = hex_value(raw.substr(i + 1, 4));
    i += 4;
    if (is_high_surrogate(code) && raw.size() - i > 6 && raw[i + 1] == '\\' && raw[i + 2] == 'u' &&
        is_low_surrogate(hex_value(raw.substr(i + 3, 4)))) {
      code = 0x10000 + ((code - 0xD800) << 10) + (hex_value(raw.substr(i + 3, 4)) - 0xDC00);
      i += 6;
    } else if (is_high_surrogate(code) || is_low_surrogate(code)) {
      if (half.empty()) half = raw.substr(escape, 6);
      code = 0xFFFD;
    }
    append_utf8(text, code);
  }
  return text;
}

namespace {

// The value that an object of MongoDB's Extended JSON stands for; nothing if it is another object. A date may hold a number that is
// such an object itself, and nothing goes deeper. A number in quotes is one: 7.0 is 7 there too.
std::optional<JsonValue> extended_value(JsonValue value) {
  constexpr std::string_view kKeys[] = {"$date", "$oid", "$numberLong", "$numberInt", "$numberDouble", "$numberDecimal", "$uuid"};
  for (int level = 0; level < 2 && value.kind == JsonKind::kNested; ++level) {
    JsonObjectReader reader(value.raw);
    if (!reader.next() || std::find(std::begin(kKeys), std::end(kKeys), reader.key()) == std::end(kKeys)) return std::nullopt;
    value = reader.value();
    const std::string_view digits = value.raw.substr(value.raw.starts_with('-') ? 1 : 0);
    const bool fraction = (reader.key() == "$numberDouble" || reader.key() == "$numberDecimal") && !digits.empty() &&
                          digits[0] >= '0' && digits[0] <= '9' && digits.find_first_not_of("0123456789.eE+-") == digits.npos;
    if (fraction) value.kind = JsonKind::kFraction;
    if (reader.next() || reader.error_at() != 0) return std::nullopt;
  }
  if (value.kind == JsonKind::kNested) return std::nullopt;
  return value;
}

}  // namespace

JsonCell json_cell(const JsonValue& value, bool id, std::deque<std::string>& texts) {
  std::string_view half;
  std::string digits;
  switch (value.kind) {
    case JsonKind::kNull:
    case JsonKind::kNaN: return {};
    case JsonKind::kInfinity: return {{}, IssueReason::kBadValue, infinity_words(value.raw)};
    case JsonKind::kNested:
      if (const std::optional<JsonValue> inside = extended_value(value)) return json_cell(*inside, id, texts);
      return {{}, IssueReason::kNestedValue, {}};
    case JsonKind::kText:
      if (!value.escapes) return {value.raw};
      texts.push_back(decode_json_escapes(value.raw, half));
      if (half.empty()) return {texts.back()};
      return {{}, IssueReason::kBadValue, half_pair_words(half)};
    case JsonKind::kFraction:
      if (id) digits = whole_digits(value.raw);
      return {digits.empty() ? value.raw : texts.emplace_back(std::move(digits))};
    default: return {value.raw};
  }
}

COLD std::string half_pair_words(std::string_view half) {
  return std::string("\"").append(half).append("\" is half of a surrogate pair, which stands for no character");
}

COLD std::string infinity_words(std::string_view word) {
  return std::string(word).append(" is not JSON and stands for no value; write null where a value is missing");
}

std::string whole_digits(std::string_view number) {
  const bool negative = number.front() == '-';
  std::string digits;
  std::int64_t scale = 0;  // the value is digits * 10^scale
  std::size_t i = negative ? 1 : 0;
  for (bool behind_point = false; i < number.size() && (number[i] | 0x20) != 'e'; ++i) {
    if (number[i] == '.') {
      behind_point = true;
      continue;
    }
    if (number[i] != '0' || !digits.empty()) digits += number[i];
    scale -= behind_point;
  }
  if (i++ < number.size()) {
    const bool minus = number[i] == '-';
    if (minus || number[i] == '+') ++i;
    std::int64_t exponent = 0;
    for (; i < number.size(); ++i) exponent = std::min<std::int64_t>(exponent * 10 + (number[i] - '0'), INT64_MAX / 100);
    scale += minus ? -exponent : exponent;
  }
  if (digits.empty()) return "0";
  for (; digits.back() == '0'; ++scale) digits.pop_back();
  constexpr std::string_view kLimit = "9007199254740992";  // 2^53
  if (scale < 0 || scale > 16 || digits.size() + static_cast<std::size_t>(scale) > kLimit.size()) return {};
  digits.append(static_cast<std::size_t>(scale), '0');
  if (digits.size() == kLimit.size() && digits >= kLimit) return {};
  return negative ? "-" + digits : digits;
}

bool JsonObjectReader::fail(std::size_t at) {
  if (error_at_ == 0) error_at_ = std::min(at, scanner_.window().size()) + 1;
  return false;
}

bool JsonObjectReader::take(char c) {
  if (scanner_.peek(at_) != c) return fail(at_);
  ++at_;
  return true;
}

bool JsonObjectReader::take_text(std::string_view& raw, bool& escapes) {
  escapes = false;
  if (scanner_.take_string(at_, raw)) return true;
  escapes = true;
  return scanner_.take_text(at_, raw) || fail(at_);
}

// A plain value that is no text.
bool JsonObjectReader::take_scalar() {
  if (scanner_.take_plain(at_, raw_, kind_)) return true;
  const std::string_view rest(scanner_.window().data() + at_, scanner_.window().size() - at_);
  for (const std::string_view word : {"NaN", "Infinity", "-Infinity"}) {
    if (!rest.starts_with(word)) continue;
    raw_ = rest.substr(0, word.size());
    kind_ = word == "NaN" ? JsonKind::kNaN : JsonKind::kInfinity;
    at_ += word.size();
    return true;
  }
  return fail(at_);
}

bool JsonObjectReader::take_nested() {
  if (const std::size_t end = skip_json(scanner_.window(), at_, breaks_); end != 0) {
    at_ = end;
    return true;
  }
  std::string open;  // the brackets around what comes next
  for (;;) {
    const char c = scanner_.peek(at_);
    bool value_ends = true;
    if (c == '{' || c == '[') {
      open += c;
      ++at_;
      skip_space();
      value_ends = scanner_.peek(at_) == (c == '{' ? '}' : ']');  // the bracket is taken below
    } else {
      std::string_view text;
      bool escapes;
      if (c == '"' ? !take_text(text, escapes) : !take_scalar()) return false;
    }
    while (value_ends) {
      if (open.empty()) return true;
      skip_space();
      const char next = scanner_.peek(at_);
      if (next == (open.back() == '{' ? '}' : ']')) {
        open.pop_back();
      } else if (next == ',') {
        value_ends = false;
      } else {
        return fail(at_);
      }
      ++at_;
    }
    skip_space();
    if (open.back() == '{') {
      std::string_view key;
      bool escapes;
      if (!take_text(key, escapes)) return false;
      skip_space();
      if (!take(':')) return false;
      skip_space();
    }
  }
}

bool JsonObjectReader::take_value() {
  const std::size_t begin = at_;
  const char c = scanner_.peek(at_);
  escapes_ = false;
  if (c == '"') {
    kind_ = JsonKind::kText;
    return take_text(raw_, escapes_);
  }
  if (c != '{' && c != '[') return take_scalar();
  if (!take_nested()) return false;
  kind_ = JsonKind::kNested;
  raw_ = {scanner_.window().data() + begin, at_ - begin};
  return true;
}

bool JsonObjectReader::next() { return next_open() && take_value(); }

bool JsonObjectReader::next_open() {
  if (error_at_ != 0) return false;
  skip_space();
  const bool first = at_ == 0;
  if (first) list_ = scanner_.peek(at_) == '[';
  if (first && !take(list_ ? '[' : '{')) return false;
  skip_space();
  if (scanner_.peek(at_) == (list_ ? ']' : '}')) return ++at_, false;
  if (!first) {
    if (!take(',')) return false;
    skip_space();
  }
  if (list_) return true;
  bool escapes;
  if (!take_text(key_, escapes)) return false;
  if (escapes) {
    std::string_view half;
    decoded_key_ = decode_json_escapes(key_, half);
    key_ = decoded_key_;
  }
  skip_space();
  if (!take(':')) return false;
  skip_space();
  return true;
}

std::string JsonValue::text(std::string_view& half) const { return escapes ? decode_json_escapes(raw, half) : std::string(raw); }

std::size_t find_json_mistake(std::span<const char> value) {
  JsonObjectReader reader(value);
  reader.skip_space();
  if (!reader.take_value()) return reader.error_at_;
  reader.skip_space();
  return reader.at_ == value.size() ? 0 : reader.at_ + 1;
}

}  // namespace causal_sessions
