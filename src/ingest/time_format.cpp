#include "ingest/time_format.h"

#include <algorithm>

#include "core/civil_time.h"
#include "core/cold.h"

namespace causal_sessions {
namespace {

constexpr std::int64_t kSecondUs = 1'000'000;
constexpr std::string_view kLetters = "YymdejbBaAHIpMSfzZsFTDR%";

bool is_decimal(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\t'; }
void trim_blanks(std::string_view& rest) {
  while (const std::size_t size = blank_size(rest)) rest.remove_prefix(size);
}
void trim_around(std::string_view& text) {
  trim_blanks(text);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
}
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

// %F and the like in their parts.
COLD std::string spelled_out(std::string_view format) {
  std::string text;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] == '%' && i + 1 < format.size()) {
      switch (format[++i]) {
        case 'F': text += "%Y-%m-%d"; continue;
        case 'T': text += "%H:%M:%S"; continue;
        case 'D': text += "%m/%d/%y"; continue;
        case 'R': text += "%H:%M"; continue;
        default: text += '%';
      }
    }
    text += format[i];
  }
  return text;
}

// Digits that a number has at most; 0: the letter is none.
std::size_t digits_of(char letter) {
  switch (letter) {
    case 'Y': return 4;
    case 'j': return 3;
    case 'f': return 9;
    case 's': return 18;
    case 'y':
    case 'm':
    case 'd':
    case 'e':
    case 'H':
    case 'I':
    case 'M':
    case 'S': return 2;
    default: return 0;
  }
}

// What a letter tells, so that no format tells it twice: a letter that stands for all of its kind.
char kind_of(char letter) {
  switch (letter) {
    case 'y': return 'Y';
    case 'b':
    case 'B': return 'm';
    case 'e': return 'd';
    case 'A': return 'a';
    case 'I': return 'H';
    case 'Z': return 'z';
    default: return letter;
  }
}

struct Names {
  std::string_view full[12];
  std::size_t count;
};
constexpr Names kMonths = {
    {"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"},
    12};
constexpr Names kWeekdays = {{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}, 7};

bool takes(std::string_view& rest, std::string_view word) {
  if (rest.size() < word.size() ||
      !std::equal(word.begin(), word.end(), rest.begin(), [](char a, char b) { return a == lower(b); }))
    return false;
  rest.remove_prefix(word.size());
  return true;
}

// The position of a name at the front of `rest`, in full or in its first three letters, which it takes off; or -1.
int take_name(std::string_view& rest, const Names& names) {
  for (std::size_t i = 0; i < names.count; ++i) {
    const std::string_view full = names.full[i];
    if (takes(rest, full) || (full == "september" && takes(rest, "sept")) || takes(rest, full.substr(0, 3)))
      return static_cast<int>(i);
  }
  return -1;
}

// An offset at the front of `rest`, which it takes off.
std::optional<std::int64_t> take_offset(std::string_view& rest) {
  const auto digit = [&](std::size_t i) { return i < rest.size() && is_decimal(rest[i]); };
  std::size_t size = 1;
  if (!rest.empty() && (rest[0] == '+' || rest[0] == '-')) {
    const std::size_t colon = rest.size() > 3 && rest[3] == ':' ? 1 : 0;
    size = digit(3 + colon) && digit(4 + colon) ? 5 + colon : 3;
  }
  const std::optional<std::int64_t> offset = read_utc_offset(rest.substr(0, size));
  if (offset) rest.remove_prefix(size);
  return offset;
}

// The parts of a time as they are read.
struct Fields {
  std::int32_t number[64] = {};  // by letter; those of the numbers differ in six bits
  std::int64_t seconds = 0;      // since 1970
  std::int64_t offset_us = 0;
  std::int64_t fraction_us = 0;
  bool epoch = false, before_epoch = false, zoned = false, cut = false, of_year = false;
  int weekday = -1;

  [[nodiscard]] std::int32_t& at(char letter) { return number[letter & 63]; }
  [[nodiscard]] std::int32_t at(char letter) const { return number[letter & 63]; }
};

bool read_zone_name(std::string_view& rest, bool as_in_mail) {
  return takes(rest, "utc") || takes(rest, "gmt") || takes(rest, "z") || (as_in_mail && takes(rest, "ut"));
}

// Digits of a number at the front of `rest`, which it takes off; false if there are none.
bool take_number(std::string_view& rest, char letter, bool touched, Fields& fields) {
  const std::size_t most = digits_of(letter);
  bool negative = false;
  if (letter == 's' && !rest.empty() && (rest[0] == '-' || rest[0] == '+')) {
    negative = rest[0] == '-';
    rest.remove_prefix(1);
  }
  if (letter == 'e' && !rest.empty() && rest[0] == ' ') rest.remove_prefix(1);
  std::size_t size = 0;
  std::int64_t value = 0;
  while (size < most && size < rest.size() && is_decimal(rest[size])) value = value * 10 + (rest[size++] - '0');
  const bool whole = (touched && letter != 'f' && letter != 's') || letter == 'Y' || letter == 'y';
  if (size == 0 || (whole && size != most)) return false;
  rest.remove_prefix(size);
  if (letter == 'f') {
    for (; size < 6; ++size) value *= 10;
    for (; size > 6; --size) {
      fields.cut |= value % 10 != 0;
      value /= 10;
    }
    fields.fraction_us = value;
  } else if (letter == 'y') {
    fields.at('Y') = static_cast<std::int32_t>(value) + (value < 69 ? 2000 : 1900);
  } else if (letter == 's') {
    fields.seconds = negative ? -value : value;
    fields.before_epoch = negative;
  } else if (letter == 'I') {
    fields.at('H') = static_cast<std::int32_t>(value % 12);
    return value >= 1 && value <= 12;
  } else {
    fields.at(kind_of(letter)) = static_cast<std::int32_t>(value);
  }
  fields.of_year |= letter == 'j';
  fields.epoch |= letter == 's';
  return true;
}

ParsedTime time_of(const Fields& fields) {
  ParsedTime time{ParsedTime::Kind::kDate, fields.zoned, fields.cut};
  if (fields.epoch) {
    constexpr std::int64_t kMost = 9'000'000'000'000;
    if (fields.seconds > kMost || fields.seconds < -kMost) return {};
    time.zoned = true;
    time.value = fields.seconds * kSecondUs + (fields.before_epoch ? -fields.fraction_us : fields.fraction_us);
    return time;
  }
  const std::int32_t year = fields.at('Y');
  std::int64_t days = 0;
  if (fields.of_year) {
    days = days_from_civil(year, 1, 1) + fields.at('j') - 1;
    if (fields.at('j') < 1 || days >= days_from_civil(year + 1, 1, 1)) return {};
  } else {
    const std::int32_t month = fields.at('m'), day = fields.at('d');
    if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) return {};
    days = days_from_civil(year, static_cast<unsigned>(month), static_cast<unsigned>(day));
  }
  if (fields.weekday >= 0 && (days % 7 + 11) % 7 != fields.weekday) return {};  // 1970-01-01 was a Thursday
  const std::optional<std::int64_t> clock =
      clock_us(fields.at('H') + 12 * fields.at('p'), fields.at('M'), fields.at('S'), fields.fraction_us, time.cut);
  if (!clock) return {};
  time.value = days * 86'400 * kSecondUs + *clock - fields.offset_us;
  return time;
}

}  // namespace

std::size_t blank_size(std::string_view text) {
  if (text.empty()) return 0;
  return is_blank(text[0]) ? 1 : text.starts_with("\xC2\xA0") ? 2 : text.starts_with("\xE2\x80\xAF") ? 3 : 0;
}

bool is_month_name(std::string_view word) { return take_name(word, kMonths) >= 0 && word.empty(); }
bool is_weekday_name(std::string_view word) { return take_name(word, kWeekdays) >= 0 && word.empty(); }

COLD std::string TimeFormat::problem(std::string_view format) {
  std::string seen;
  const auto has = [&](char kind) { return seen.find(kind) != seen.npos; };
  const std::string text = spelled_out(format);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') continue;
    if (++i == text.size()) return "a % stands at its end; write %% for the sign itself";
    const char letter = text[i];
    if (letter == '%') continue;
    if (kLetters.find(letter) == kLetters.npos) {
      std::string rule = "%";
      rule.append(1, letter).append(" is none of the letters that are read:");
      for (const char known : kLetters) rule.append(" %").append(1, known);
      return rule;
    }
    const char kind = kind_of(letter);
    if (has(kind)) return std::string("%").append(1, letter).append(" tells what is told before it");
    seen += kind;
    if (letter == 'I') seen += 'I';
  }
  if (has('p') && !has('I')) return "%p stands without %I, the hour of twelve that it belongs to";
  if (has('I') && !has('p')) return "%I stands without %p, which tells morning from evening; the hour of 24 is %H";
  if (has('s')) {
    for (const char kind : {'Y', 'm', 'd', 'j', 'H', 'M', 'S', 'a', 'z'}) {
      if (has(kind)) return "%s is the whole time, so no other letter but %f goes with it";
    }
    return {};
  }
  std::string missing;
  if (!has('Y')) missing += " %Y";
  if (!has('j') && !has('m')) missing += " %m";
  if (!has('j') && !has('d')) missing += " %d";
  if (!missing.empty()) return "a time needs its date, and there is no" + missing + " in it";
  if (has('j') && (has('m') || has('d'))) return "%j is the day of the year, so neither month nor day goes with it";
  for (const auto& [kind, before] : {std::pair('M', 'H'), {'S', 'M'}, {'f', 'S'}}) {
    if (has(kind) && !has(before)) return std::string("%").append(1, kind).append(" stands without %").append(1, before);
  }
  return {};
}

COLD TimeFormat::TimeFormat(std::string_view format) {
  trim_around(format);  // as the texts are
  const std::string text = spelled_out(format);
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool letter = false;
    if (text[i] == '%' && i + 1 < text.size()) {
      ++i;
      letter = text[i] != '%';
    }
    if (!letter && is_blank(text[i]) && !items_.empty() && items_.back().letter == 0 && is_blank(items_.back().literal)) continue;
    items_.push_back(letter ? Item{text[i], 0} : Item{0, text[i]});
  }
  of_digits_ = std::all_of(items_.begin(), items_.end(), [](const Item& item) { return digits_of(item.letter) != 0; });
  bool known = of_digits_;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    const auto is_number = [&](std::size_t at) { return at < items_.size() && digits_of(items_[at].letter) != 0; };
    if (items_[i].letter != 0 && is_number(i)) items_[i].literal = is_number(i + 1) || (i > 0 && is_number(i - 1)) ? 1 : 0;
    known = known && items_[i].letter != 'f' && items_[i].letter != 's';
    width_ += digits_of(items_[i].letter);
  }
  if (!known) width_ = 0;
  year_first_ = !items_.empty() && items_[0].letter == 'Y';
}

ParsedTime TimeFormat::read(std::string_view rest) const {
  trim_around(rest);
  // A number has lost the zero before its day or month.
  char padded[24] = {'0'};
  if (width_ != 0 && !year_first_ && rest.size() + 1 == width_ && width_ < sizeof(padded)) {
    std::copy(rest.begin(), rest.end(), padded + 1);
    rest = {padded, width_};
  }
  Fields fields;
  for (const Item& item : items_) {
    switch (item.letter) {
      case 0: {
        const bool blank = is_blank(item.literal);
        if (rest.empty() || (blank ? blank_size(rest) == 0 : rest[0] != item.literal)) return {};
        if (blank) trim_blanks(rest);
        else rest.remove_prefix(1);
        break;
      }
      case 'b':
      case 'B': {
        const int month = take_name(rest, kMonths);
        if (month < 0) return {};
        fields.at('m') = month + 1;
        break;
      }
      case 'a':
      case 'A':
        fields.weekday = take_name(rest, kWeekdays);
        if (fields.weekday < 0) return {};
        break;
      case 'p': {
        const bool evening = takes(rest, "pm") || takes(rest, "p.m.");
        if (!evening && !takes(rest, "am") && !takes(rest, "a.m.")) return {};
        fields.at('p') = evening ? 1 : 0;
        break;
      }
      case 'z':
      case 'q': {
        const std::optional<std::int64_t> offset = take_offset(rest);
        if (!offset && (item.letter == 'z' || !read_zone_name(rest, true))) return {};
        fields.offset_us = offset.value_or(0);
        fields.zoned = true;
        break;
      }
      case 'Z':
        if (!read_zone_name(rest, false)) return {};
        fields.zoned = true;
        break;
      default:
        if (!take_number(rest, item.letter, item.literal != 0, fields)) return {};
    }
  }
  return rest.empty() ? time_of(fields) : ParsedTime();
}

}  // namespace causal_sessions
