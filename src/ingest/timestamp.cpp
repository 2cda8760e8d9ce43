#include "ingest/timestamp.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <tuple>

#include "core/civil_time.h"
#include "core/cold.h"

namespace causal_sessions {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Two digits as a number, or -1.
int two_digits(const char* at) {
  if (!is_digit(at[0]) || !is_digit(at[1])) return -1;
  return (at[0] - '0') * 10 + (at[1] - '0');
}

// Midnight of "YYYY-MM-DD", whose signs are there; or nothing.
std::optional<std::int64_t> read_day(const char* at) {
  const int century = two_digits(at);
  const int rest = two_digits(at + 2);
  const int month = two_digits(at + 5);
  const int day = two_digits(at + 8);
  if (century < 0 || rest < 0) return std::nullopt;
  const int year = century * 100 + rest;
  if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) return std::nullopt;
  return days_from_civil(year, static_cast<unsigned>(month), static_cast<unsigned>(day)) * kDay;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Fraction digits at the front of `rest` as microseconds; takes them off.
std::optional<std::int64_t> take_fraction(std::string_view& rest, bool& cut) {
  std::int64_t us = 0;
  std::size_t digits = 0;
  for (; digits < rest.size() && is_digit(rest[digits]); ++digits) {
    if (digits < 6) {
      us = us * 10 + (rest[digits] - '0');
    } else if (rest[digits] != '0') {
      cut = true;
    }
  }
  if (digits == 0 || digits > 9) return std::nullopt;
  for (std::size_t i = digits; i < 6; ++i) us *= 10;
  rest.remove_prefix(digits);
  return us;
}

// HH:MM[:SS[.fraction]] at the front of `rest`; takes it off.
std::optional<std::int64_t> take_clock(std::string_view& rest, bool& cut) {
  if (rest.size() < 5 || rest[2] != ':') return std::nullopt;
  const int hour = two_digits(rest.data());
  const int minute = two_digits(rest.data() + 3);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return std::nullopt;
  std::int64_t us = hour * kHour + minute * kMinute;
  rest.remove_prefix(5);
  if (rest.empty() || rest[0] != ':') return us;
  const int second = rest.size() >= 3 ? two_digits(rest.data() + 1) : -1;
  if (second < 0 || second > 59) return std::nullopt;
  us += second * kSecond;
  rest.remove_prefix(3);
  if (rest.empty() || (rest[0] != '.' && rest[0] != ',')) return us;
  rest.remove_prefix(1);
  const std::optional<std::int64_t> fraction = take_fraction(rest, cut);
  if (!fraction) return std::nullopt;
  return us + *fraction;
}

// The same of a clock that shows the end of a day, 24:00:00, or a leap second.
COLD std::optional<std::int64_t> take_edge_clock(std::string_view& rest, bool& cut) {
  if (rest.size() < 5 || rest[2] != ':') return std::nullopt;
  const int hour = two_digits(rest.data()), minute = two_digits(rest.data() + 3);
  rest.remove_prefix(5);
  int second = 0;
  std::int64_t fraction_us = 0;
  if (rest.size() >= 3 && rest[0] == ':') {
    second = two_digits(rest.data() + 1);
    rest.remove_prefix(3);
    if (!rest.empty() && (rest[0] == '.' || rest[0] == ',')) {
      rest.remove_prefix(1);
      const std::optional<std::int64_t> fraction = take_fraction(rest, cut);
      if (!fraction) return std::nullopt;
      fraction_us = *fraction;
    }
  }
  return clock_us(hour, minute, second, fraction_us, cut);
}

std::uint64_t load_word(const char* at) {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof(word));
  return word;
}

// Whether all bytes are 0 to 9.
bool all_digits(std::uint64_t digits) { return (((digits + 0x7676767676767676u) | digits) & 0x8080808080808080u) == 0; }

// "HH:MM:SS.ffffff" as microseconds of the day, eight characters at a time; nothing if it is anything else.
std::optional<std::int64_t> read_usual_clock(const char* at) {
  if constexpr (std::endian::native != std::endian::little) return std::nullopt;
  const std::uint64_t clock = load_word(at) ^ 0x30303A30303A3030u;    // H H 0 M M 0 S S
  const std::uint64_t end = load_word(at + 7) ^ 0x3030303030302E00u;  // the last S, 0, f f f f f f
  const std::uint64_t fraction = end & 0xFFFFFFFFFFFF0000u;
  if ((clock & 0x0000FF0000FF0000u) != 0 || (end & 0xFF00u) != 0 || !all_digits(clock) || !all_digits(fraction)) {
    return std::nullopt;
  }
  const std::uint64_t pairs = clock * 10 + (clock >> 8);
  const auto hour = static_cast<std::int64_t>(pairs & 0xFF);
  const auto minute = static_cast<std::int64_t>(pairs >> 24 & 0xFF);
  const auto second = static_cast<std::int64_t>(pairs >> 48 & 0xFF);
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
  // Pairs of digits, then fours, then all of them; the first two of eight are zeros.
  const std::uint64_t twos = fraction * 10 + (fraction >> 8);
  const std::uint64_t us = ((twos & 0x000000FF000000FFu) * (100 + (1'000'000ull << 32)) +
                            (twos >> 16 & 0x000000FF000000FFu) * (1 + (10'000ull << 32))) >>
                           32;
  return hour * kHour + minute * kMinute + second * kSecond + static_cast<std::int64_t>(us);
}

// Decimal digits with their point and exponent, before they are put together.
struct Decimal {
  bool negative = false;
  std::string_view whole, fraction;
  int exponent = 0;
};

std::optional<Decimal> read_decimal(std::string_view text) {
  Decimal number;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    number.negative = text[0] == '-';
    text.remove_prefix(1);
  }
  const auto take_digits = [&text] {
    std::size_t count = 0;
    while (count < text.size() && is_digit(text[count])) ++count;
    const std::string_view digits = text.substr(0, count);
    text.remove_prefix(count);
    return digits;
  };
  number.whole = take_digits();
  // A comma is the decimal mark of half of Europe; one that parts thousands makes no number of a size that a time has.
  const bool comma = !text.empty() && text[0] == ',';
  if (comma || (!text.empty() && text[0] == '.')) {
    text.remove_prefix(1);
    number.fraction = take_digits();
    if (comma && (number.whole.empty() || number.fraction.empty())) return std::nullopt;
  }
  if (number.whole.empty() && number.fraction.empty()) return std::nullopt;
  if (!text.empty() && (text[0] == 'e' || text[0] == 'E')) {
    text.remove_prefix(1);
    const bool negative = !text.empty() && text[0] == '-';
    if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
    const std::string_view digits = take_digits();
    if (digits.empty() || digits.size() > 2) return std::nullopt;
    for (const char c : digits) number.exponent = number.exponent * 10 + (c - '0');
    if (negative) number.exponent = -number.exponent;
  }
  if (!text.empty()) return std::nullopt;
  return number;
}

// Days since 1899-12-30 as microseconds since 1970; nothing beyond the year 9999.
ParsedTime read_days(const Decimal& number) {
  constexpr std::int64_t kMostDays = 2'958'466, kFrom = 25'569;
  constexpr std::int64_t kDigits = 100'000'000'000;  // of the fraction: as many as a millisecond of a day needs, and more
  const std::size_t digits = number.whole.size() + number.fraction.size();
  const std::ptrdiff_t point = static_cast<std::ptrdiff_t>(number.whole.size()) + number.exponent;
  const auto digit = [&](std::ptrdiff_t i) {
    const auto at = static_cast<std::size_t>(i);
    if (i < 0 || at >= digits) return 0;
    return at < number.whole.size() ? number.whole[at] - '0' : number.fraction[at - number.whole.size()] - '0';
  };
  std::int64_t days = 0, fraction = 0;
  for (std::ptrdiff_t i = 0; i < point; ++i) {
    days = days * 10 + digit(i);
    if (days > kMostDays) return {};
  }
  std::ptrdiff_t at = point;
  for (std::int64_t scale = kDigits; scale > 1; scale /= 10) fraction = fraction * 10 + digit(at++);
  std::int64_t ms = days * (kDay / 1000) + (fraction * (kDay / 1000) + kDigits / 2) / kDigits;
  if (number.negative) ms = -ms;
  return {ParsedTime::Kind::kNumber, false, false, (ms - kFrom * (kDay / 1000)) * 1000};
}

ParsedTime number_of(const Decimal& number) {
  const std::size_t digits = number.whole.size() + number.fraction.size();
  const auto digit = [&](std::size_t i) {
    return i < number.whole.size() ? number.whole[i] - '0' : number.fraction[i - number.whole.size()] - '0';
  };
  const std::ptrdiff_t point = static_cast<std::ptrdiff_t>(number.whole.size()) + number.exponent;
  ParsedTime time{ParsedTime::Kind::kNumber};
  for (std::ptrdiff_t i = 0; i < point; ++i) {
    const int next = static_cast<std::size_t>(i) < digits ? digit(static_cast<std::size_t>(i)) : 0;
    if (time.value > 400'000'000'000'000'000) return {};  // beyond any epoch in nanoseconds
    time.value = time.value * 10 + next;
  }
  std::uint32_t scale = 100'000;
  std::ptrdiff_t i = point;
  for (; i < static_cast<std::ptrdiff_t>(digits); ++i) {
    const int next = i < 0 ? 0 : digit(static_cast<std::size_t>(i));
    time.millionths += static_cast<std::uint32_t>(next) * scale;
    if (scale == 0 && next != 0) time.cut = true;
    scale /= 10;
  }
  if (number.negative) {
    time.value = -time.value;
    if (time.millionths != 0) {
      --time.value;
      time.millionths = 1'000'000 - time.millionths;
    }
  }
  return time;
}

// Other forms that can be read in one way alone: ISO 8601 without its marks, RFC 2822, the logs of Apache, and what
// JavaScript's Date is as a text.
constexpr std::string_view kOtherForms[] = {"%Y%m%dT%H%M%S%z",           "%Y%m%dT%H%M%S",        "%Y%m%dT%H%M%S.%f%z",
                                            "%Y%m%dT%H%M%S.%f",          "%Y%m%dT%H%M%z",        "%Y%m%dT%H%M",
                                            "%a, %d %b %Y %H:%M:%S %q",  "%d %b %Y %H:%M:%S %q", "%a, %d %b %Y %H:%M %q",
                                            "%d %b %Y %H:%M %q",         "%d/%b/%Y:%H:%M:%S %z", "[%d/%b/%Y:%H:%M:%S %z]",
                                            "%a %b %d %Y %H:%M:%S GMT%z"};

// JSON of .NET: /Date(1700000000000+0100)/, milliseconds UTC, whatever the offset behind them is. Its slashes are escaped there, and
// stay so where a text of JSON was made a cell of CSV.
COLD ParsedTime read_dotnet_json(std::string_view text) {
  const std::string_view begin = text[0] == '\\' ? "\\/Date(" : "/Date(", end = text[0] == '\\' ? ")\\/" : ")/";
  if (text.size() <= begin.size() + end.size() || !text.starts_with(begin) || !text.ends_with(end)) return {};
  text = text.substr(begin.size(), text.size() - begin.size() - end.size());
  if (const std::size_t sign = text.find_first_of("+-", 1); sign != text.npos) {
    const std::string_view offset = text.substr(sign);
    if (offset.size() != 5 || !read_utc_offset(offset)) return {};
    text = text.substr(0, sign);
  }
  const std::optional<Decimal> number = read_decimal(text);
  constexpr std::int64_t kMostMs = INT64_MAX / 1000;
  const ParsedTime read = number ? number_of(*number) : ParsedTime();
  if (read.kind != ParsedTime::Kind::kNumber || read.millionths != 0 || read.cut || read.value > kMostMs || read.value < -kMostMs)
    return {};
  return {ParsedTime::Kind::kDate, true, false, read.value * 1000};
}

}  // namespace

bool TimestampParser::is_last_day(const char* text) const {
  return load_word(text) == load_word(last_day_) && text[8] == last_day_[8] && text[9] == last_day_[9];
}

COLD TimestampParser::TimestampParser(const ReadingOptions::Time& options)
    : zone_offset_us_(options.zone_table ? 0 : options.zone_offset_us), zone_table_(options.zone_table), zone_name_(options.zone),
      days_(options.unit == TimeUnit::kExcel), planned_(days_ || !options.format.empty()),
      formats_(options.format.begin(), options.format.end()) {}

ParsedTime TimestampParser::parse(std::string_view text) {
  if (planned_) [[unlikely]]
    return days_ ? parse_days(text) : parse_planned(text);
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') {
    text = trim(text);
    if (text.size() < 10 || text[4] != '-' || text[7] != '-') {
      const std::optional<Decimal> number = read_decimal(text);
      if (!number) [[unlikely]]
        return parse_other(text);
      return number_of(*number);
    }
  }
  if (!is_last_day(text.data())) {
    const std::optional<std::int64_t> day = read_day(text.data());
    if (!day) return {};
    std::memcpy(last_day_, text.data(), sizeof(last_day_));
    last_day_us_ = *day;
  }
  ParsedTime time{ParsedTime::Kind::kDate};
  time.value = last_day_us_;
  if (text.size() == 26 && (text[10] == ' ' || text[10] == 'T')) {
    if (const std::optional<std::int64_t> clock = read_usual_clock(text.data() + 11)) {
      time.value += *clock - zone_offset_us_;
      if (zone_table_ != nullptr) [[unlikely]]
        return by_table(time);
      return time;
    }
  }
  bool cut = false;
  std::string_view rest = text.substr(10);
  if (!rest.empty() && (rest[0] == 'T' || rest[0] == ' ' || rest[0] == 't') && rest.size() > 1 && is_digit(rest[1])) {
    rest.remove_prefix(1);
    const std::string_view behind = rest;
    std::optional<std::int64_t> clock = take_clock(rest, cut);
    if (!clock) clock = take_edge_clock(rest = behind, cut);
    if (!clock) return {};
    time.value += *clock;
  }
  time.cut = cut;
  rest = trim(rest);
  if (rest.empty()) {
    time.value -= zone_offset_us_;
    if (zone_table_ != nullptr) [[unlikely]]
      return by_table(time);
    return time;
  }
  time.zoned = true;
  if (rest == zone_name_) [[unlikely]] {  // as Trino and Athena write it
    to_utc(time);
    return time;
  }
  // RFC 9557, as Java writes it: the offset says all that the name behind it does.
  if (rest.back() == ']') rest = trim(rest.substr(0, std::min(rest.find('['), rest.size())));
  if (rest != "UTC" && rest != "GMT") {
    const std::optional<std::int64_t> offset = read_utc_offset(rest);
    if (!offset) return {};
    time.value -= *offset;
  }
  return time;
}

ParsedTime TimestampParser::parse(std::int64_t value) {
  if (planned_) {
    char digits[24] = {};
    return parse({digits, std::to_chars(digits, digits + sizeof(digits), value).ptr});
  }
  constexpr std::int64_t kMost = 4'000'000'000'000'000'009;  // as of numbers in text
  if (value > kMost || value < -kMost) return {};
  return {ParsedTime::Kind::kNumber, false, false, value};
}

[[gnu::noinline]] ParsedTime TimestampParser::parse_other(std::string_view text) {
  static const std::vector<TimeFormat> kForms(std::begin(kOtherForms), std::end(kOtherForms));
  // RFC 2822 has room for a comment behind the zone: +0000 (UTC).
  if (text.ends_with(')')) text = trim(text.substr(0, std::min(text.find('('), text.size())));
  if (text.starts_with('/') || text.starts_with('\\')) return read_dotnet_json(text);
  if (text.size() < 13) return {};
  for (std::size_t i = 0; i < kForms.size(); ++i) {
    const std::size_t at = i == 0 ? last_other_ : i <= last_other_ ? i - 1 : i;
    ParsedTime time = kForms[at].read(text);
    if (time.kind == ParsedTime::Kind::kBad) continue;
    last_other_ = at;
    if (!time.zoned) to_utc(time);
    return time;
  }
  return {};
}

[[gnu::noinline]] ParsedTime TimestampParser::parse_days(std::string_view text) {
  const std::optional<Decimal> number = read_decimal(trim(text));
  if (!number) {
    TimestampParser plain(*this);
    plain.planned_ = false;
    return plain.parse(text);
  }
  ParsedTime time = read_days(*number);
  if (time.kind == ParsedTime::Kind::kNumber) to_utc(time);
  return time;
}

[[gnu::noinline]] ParsedTime TimestampParser::by_table(ParsedTime time) {
  std::tie(time.value, time.change) = zone_table_->to_utc(time.value, near_);
  return time;
}

[[gnu::noinline]] ParsedTime TimestampParser::parse_planned(std::string_view text) {
  for (const TimeFormat& format : formats_) {
    ParsedTime time = format.read(text);
    if (time.kind == ParsedTime::Kind::kBad) continue;
    if (!time.zoned) to_utc(time);
    return time;
  }
  // Digits that went through a floating-point column: 20250905.0, 2.0250905E7.
  const std::optional<Decimal> decimal = read_decimal(trim(text));
  const ParsedTime number = decimal ? number_of(*decimal) : ParsedTime();
  if (number.kind != ParsedTime::Kind::kNumber || number.millionths != 0 || number.cut) return {};
  char digits[24];
  const std::string_view plain(digits, std::to_chars(digits, digits + sizeof(digits), number.value).ptr);
  for (const TimeFormat& format : formats_) {
    ParsedTime time = format.of_digits() ? format.read(plain) : ParsedTime();
    if (time.kind == ParsedTime::Kind::kBad) continue;
    if (!time.zoned) to_utc(time);
    return time;
  }
  return {};
}

}  // namespace causal_sessions
