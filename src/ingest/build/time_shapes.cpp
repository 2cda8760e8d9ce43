#include "ingest/build/time_shapes.h"

#include <algorithm>
#include <optional>

#include "core/cold.h"
#include "core/utf8.h"
#include "ingest/time_format.h"

namespace causal_sessions {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }

int number_of(std::string_view digits) {
  int number = 0;
  for (const char c : digits) number = number * 10 + (c - '0');
  return number;
}

// A text on its way to a format: what it is made of, from left to right.
class Shaper {
 public:
  explicit Shaper(std::string_view text) : rest_(text) {}

  COLD std::optional<TimeShape> shape() {
    constexpr std::size_t kLongest = 60;
    if (rest_.size() > kLongest) return std::nullopt;
    while (!rest_.empty() && !failed_) {
      if (const std::size_t blanks = blanks_of(rest_); blanks != 0) {
        rest_.remove_prefix(blanks);
        format_ += ' ';
      } else if (is_digit(rest_[0])) {
        take_number();
      } else if (is_letter(rest_[0])) {
        take_word();
      } else {
        take_mark();
      }
    }
    if (failed_ || !has_date()) return std::nullopt;
    return finish();
  }

 private:
  static std::size_t blanks_of(std::string_view text) {
    std::size_t size = 0;
    while (const std::size_t more = blank_size(text.substr(size))) size += more;
    return size;
  }

  // "PDT", "CEST": which clock it is, its three or more letters do not say.
  static bool is_zone_name(std::string_view name) {
    return name.size() >= 3 && name.size() <= 5 &&
           std::all_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  }

  // Letters or digits at the front of what is left.
  [[nodiscard]] std::string_view word(bool (*is)(char), std::size_t from = 0) const {
    std::size_t size = 0;
    while (from + size < rest_.size() && is(rest_[from + size])) ++size;
    return rest_.substr(std::min(from, rest_.size()), size);
  }
  [[nodiscard]] bool has_date() const { return (year_ && month_ ? 1 : year_ || month_ ? 2 : 3) == count_ || packed_; }
  void put(std::string_view letters, std::size_t taken) {
    format_ += letters;
    rest_.remove_prefix(taken);
  }

  void take_mark() {
    const char mark = rest_[0];
    // An offset behind the clock.
    if (clock_ && has_date() && (mark == '+' || mark == '-')) {
      const std::size_t hours = word(is_digit, 1).size();
      const bool colon = hours == 2 && rest_.size() > 3 && rest_[3] == ':';
      if (hours == 4 || hours == 2) return put("%z", 1 + hours + (colon ? 1 + word(is_digit, 4).size() : 0));
    }
    // What Chinese and Japanese dates have behind their numbers.
    for (const std::string_view sign : {"\u5e74", "\u6708", "\u65e5"}) {
      if (rest_.starts_with(sign)) return put(sign, sign.size());
    }
    if (static_cast<unsigned char>(mark) < 0x20 || static_cast<unsigned char>(mark) >= 0x7F || mark == '"' || mark == '\\') {
      failed_ = true;
    } else {
      put(mark == '%' ? std::string_view("%%") : std::string_view(&mark, 1), 1);
    }
  }

  void take_word() {
    const std::string_view name = word(is_letter);
    const bool behind_digit = !format_.empty() && format_.back() != ' ';
    if (is_month_name(name)) {
      failed_ = month_;
      month_ = true;
      put("%b", name.size());
    } else if (is_weekday_name(name)) {
      put("%a", name.size());
    } else if (same_but_for_case(name, "am") || same_but_for_case(name, "pm")) {
      const std::size_t hour = format_.find("%H");
      failed_ = hour == format_.npos || hour_ < 1 || hour_ > 12;
      if (failed_) return;
      format_[hour + 1] = 'I';
      put("%p", name.size());
    } else if (clock_ && (same_but_for_case(name, "utc") || same_but_for_case(name, "gmt") || same_but_for_case(name, "z"))) {
      put("%Z", name.size());
    } else if (name == "T" && behind_digit && !word(is_digit, 1).empty()) {
      put("T", 1);
    } else if (clock_ && has_date() && is_zone_name(name) && name.size() == rest_.size()) {
      put(name, name.size());
    } else {
      failed_ = true;
    }
  }

  void take_number() {
    const std::string_view digits = word(is_digit);
    const std::size_t size = digits.size();
    const char behind = size < rest_.size() ? rest_[size] : '\0';
    const bool more_digits = !word(is_digit, size + 1).empty();
    if (!clock_ && size <= 2 && behind == ':' && more_digits) return take_clock(':');
    if (!has_date()) {
      if (size == 8 && count_ == 0 && !year_ && !month_) {
        packed_ = true;
        return put("%Y%m%d", size);
      }
      if (size == 4 && !year_) {
        year_ = true;
        year_at_ = count_;
        return put("%Y", size);
      }
      if (size > 2 || count_ == 3) {
        failed_ = true;
        return;
      }
      numbers_[count_] = digits;
      const char place = static_cast<char>(++count_);
      return put({&place, 1}, size);
    }
    if (!clock_ && size <= 2 && behind == '.' && more_digits) return take_clock('.');
    clock_ = !clock_ && (size == 4 || size == 6);
    failed_ = !clock_;
    if (clock_) put(size == 4 ? "%H%M" : "%H%M%S", size);
  }

  // Hours, minutes and so on, with the mark between them.
  void take_clock(char mark) {
    clock_ = true;
    hour_ = number_of(word(is_digit));
    std::string_view letters = "HMSf";
    for (;;) {
      const std::size_t size = word(is_digit).size();
      failed_ = size > (letters[0] == 'f' ? 9u : 2u);
      if (failed_) return;
      put(std::string("%") + letters[0], size);
      letters.remove_prefix(1);
      if (letters.empty() || rest_.empty() || word(is_digit, 1).empty()) return;
      const bool fraction = letters[0] == 'f' && (rest_[0] == '.' || rest_[0] == ',');
      if (!fraction && (letters[0] == 'f' || rest_[0] != mark)) return;
      put(rest_.substr(0, 1), 1);
    }
  }

  // Which order fits, and the letters where there is but one.
  std::optional<TimeShape> finish() {
    TimeShape shape{std::move(format_), 1, {}};
    const auto letter = [&](char place, std::string_view letters) {
      const std::size_t at = shape.format.find(place);
      if (at != shape.format.npos) shape.format.replace(at, 1, letters);
    };
    const int first = number_of(numbers_[0]), second = number_of(numbers_[1]), third = number_of(numbers_[2]);
    if (packed_ || (year_ && month_)) {
      letter(1, "%d");
    } else if (month_) {
      const bool year_first = first > 31 || numbers_[1].size() < 2;
      letter(1, year_first ? "%y" : "%d");
      letter(2, year_first ? "%d" : "%y");
    } else if (year_ && year_at_ != 2) {
      if (year_at_ != 0) return std::nullopt;
      letter(1, "%m");
      letter(2, "%d");
    } else {
      const auto fits = [](int day, int month) { return day >= 1 && day <= 31 && month >= 1 && month <= 12; };
      shape.fits[TimeShape::kDayFirst] = fits(first, second) && (year_ || numbers_[2].size() == 2);
      shape.fits[TimeShape::kMonthFirst] = fits(second, first) && (year_ || numbers_[2].size() == 2);
      shape.fits[TimeShape::kYearFirst] = !year_ && fits(third, second) && numbers_[0].size() == 2;
      if (shape.fits == std::array<std::uint64_t, TimeShape::kOrders>{}) return std::nullopt;
    }
    return shape;
  }

  std::string_view rest_;
  std::string format_;
  std::string_view numbers_[3];
  std::size_t count_ = 0, year_at_ = 0;
  int hour_ = 0;
  bool year_ = false, month_ = false, packed_ = false, clock_ = false, failed_ = false;
};

bool is_open(const TimeShape& shape) { return shape.format.find_first_of("\1\2\3") != shape.format.npos; }

COLD std::string format_of(const TimeShape& shape, TimeShape::Order order) {
  const std::string_view letters = order == TimeShape::kDayFirst ? "dmy" : order == TimeShape::kMonthFirst ? "mdy" : "ymd";
  std::string format;
  for (const char c : shape.format) {
    if (c >= 1 && c <= 3) format.append("%").append(1, letters[static_cast<std::size_t>(c) - 1]);
    else format += c;
  }
  return format;
}

// Whether the format is one, and reads the text that it was made of.
COLD bool is_read(const TimeShape& shape, std::string_view text) {
  const auto first = std::find_if(shape.fits.begin(), shape.fits.end(), [](std::uint64_t rows) { return rows != 0; });
  const std::string format = format_of(shape, static_cast<TimeShape::Order>((first - shape.fits.begin()) % TimeShape::kOrders));
  return TimeFormat::problem(format).empty() && TimeFormat(format).read(text).kind == ParsedTime::Kind::kDate;
}

// The short name of a zone at its end, as PDT, which stands in the format as it is; empty: there is none.
std::string_view zone_of(const TimeShape& shape) {
  const std::string_view format = shape.format;
  std::size_t begin = format.size();
  while (begin > 0 && format[begin - 1] >= 'A' && format[begin - 1] <= 'Z') --begin;
  const bool behind_percent = begin > 0 && begin < format.size() && format[begin - 1] == '%';  // as %S, which is no name
  return format.substr(behind_percent ? begin + 1 : begin);
}

// As the plan takes them: one format, or a list.
COLD std::string formats_of(const std::vector<TimeShape>& shapes, TimeShape::Order order) {
  std::string list;
  for (const TimeShape& shape : shapes) list.append(list.empty() ? "\"" : ", \"").append(format_of(shape, order)).append("\"");
  return shapes.size() == 1 ? list : "[" + list + "]";
}

}  // namespace

COLD void TimeShapes::note(std::string_view text) {
  while (blank_size(text) != 0) text.remove_prefix(blank_size(text));
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  const std::optional<TimeShape> shape = Shaper(text).shape();
  if (!shape || !(is_known(*shape) || is_read(*shape, text))) ++others;
  else add(*shape);
}

bool TimeShapes::is_known(const TimeShape& shape) const {
  return std::any_of(shapes.begin(), shapes.end(), [&](const TimeShape& known) { return known.format == shape.format; });
}

COLD void TimeShapes::add(const TimeShape& shape) {
  for (TimeShape& known : shapes) {
    if (known.format != shape.format) continue;
    known.rows += shape.rows;
    for (std::size_t i = 0; i < TimeShape::kOrders; ++i) known.fits[i] += shape.fits[i];
    return;
  }
  if (shapes.size() < kMost) shapes.push_back(shape);
  else others += shape.rows;
}

COLD std::string TimeShapes::advice(const std::string& shown, std::string_view read) const {
  if (shapes.empty()) return {};
  std::vector<TimeShape> all_shapes = shapes;
  if (!read.empty()) {  // a format then has to read the others too
    std::optional<TimeShape> shape = Shaper(read).shape();
    if (!shape || is_open(*shape)) return {};
    shape->rows = 0;
    if (!is_known(*shape)) all_shapes.insert(all_shapes.begin(), *std::move(shape));
  }
  constexpr const char* kFirst[] = {"day", "month", "year"};
  std::uint64_t all = others, open = 0;
  std::array<std::uint64_t, TimeShape::kOrders> fits{};
  for (const TimeShape& shape : shapes) {
    all += shape.rows;
    if (!is_open(shape)) continue;
    open += shape.rows;
    for (std::size_t i = 0; i < TimeShape::kOrders; ++i) fits[i] += shape.fits[i];
  }
  std::vector<TimeShape::Order> orders;
  for (std::size_t i = 0; i < TimeShape::kOrders; ++i) {
    if (fits[i] == open && (open != 0 || i == 0)) orders.push_back(static_cast<TimeShape::Order>(i));
  }
  // Of three short numbers the year stands first between hyphens alone, unless nothing else fits.
  const auto has_hyphens = [](const TimeShape& shape) { return shape.format.find("\1-") != shape.format.npos; };
  if (orders.size() > 1 && orders.back() == TimeShape::kYearFirst && std::none_of(shapes.begin(), shapes.end(), has_hyphens))
    orders.pop_back();
  std::string text = shown;
  if (open == 0) {
    text += " is a time that needs a format";
  } else if (orders.size() > 1) {
    for (std::size_t i = 0; i < orders.size(); ++i)
      text.append(i == 0 ? " can be " : i + 1 == orders.size() ? " or " : ", ").append(kFirst[orders[i]]).append(" first");
    text += all == 1 ? ", and it is the only one"
                     : ", and none of the " + std::to_string(all) + " values has a number that tells which";
  } else if (orders.empty()) {
    text += " can be day first or month first; " + std::to_string(open - fits[TimeShape::kMonthFirst]) + " of the " +
            std::to_string(all) + " values can only have their month second, and " +
            std::to_string(open - fits[TimeShape::kDayFirst]) +
            " only their day second, so both are in the column. Write them alike, or list the formats in time.format, where the "
            "first that fits is taken";
    return text;
  } else {
    const TimeShape::Order order = orders[0];
    if (order == TimeShape::kYearFirst) {
      text += " can only have its year first, by all values of the column";
    } else {
      text += " can be day first or month first; ";
      const std::uint64_t telling = open - fits[order == TimeShape::kDayFirst ? TimeShape::kMonthFirst : TimeShape::kDayFirst];
      text += std::to_string(telling) + " of the " + std::to_string(all) + " values " + (telling == 1 ? "has" : "have") + " a " +
              (order == TimeShape::kDayFirst ? "first" : "second") + " number over 12, so the " + kFirst[order] + " stands first";
    }
  }
  if (others != 0)
    text.append("; ")
        .append(std::to_string(others))
        .append(others == 1 ? " value is" : " values are")
        .append(" written otherwise");
  const auto zoned = std::find_if(shapes.begin(), shapes.end(), [](const TimeShape& shape) { return !zone_of(shape).empty(); });
  if (zoned != shapes.end()) {  // else the format would read it as the plan's zone
    text.append(": set time.zone to the offset that \"").append(zone_of(*zoned)).append("\" stands for, as in \"-07:00\", and");
  }
  for (std::size_t i = 0; i < orders.size(); ++i)
    text.append(i == 0 ? (zoned == shapes.end() ? ": set time.format to " : " time.format to ") : " or to ")
        .append(formats_of(all_shapes, orders[i]));
  return text;
}

}  // namespace causal_sessions
