// Formats of times: each is refused with a rule, or a time that is written by it reads back, and any text is read or is none.
//
// The first line of an input is the format, the others are texts.
#include <array>
#include <cctype>
#include <vector>

#include "core/civil_time.h"
#include "ingest/time_format.h"
#include "support.h"
#include "target.h"

namespace causal_sessions::fuzz {
namespace {

constexpr std::int64_t kSecondUs = 1'000'000, kDaySeconds = 86'400;

struct Moment {
  int year, month, day, of_year, weekday, hour, minute, second, fraction_us;
};

Moment random_moment(Dice& dice) {
  Moment moment{};
  moment.year = 1969 + static_cast<int>(dice.below(100));  // those that two digits tell
  moment.month = 1 + static_cast<int>(dice.below(12));
  moment.day = 1 + static_cast<int>(dice.below(static_cast<std::size_t>(days_in_month(moment.year, moment.month))));
  const std::int64_t days = days_from_civil(moment.year, static_cast<unsigned>(moment.month), static_cast<unsigned>(moment.day));
  moment.of_year = static_cast<int>(days - days_from_civil(moment.year, 1, 1)) + 1;
  moment.weekday = static_cast<int>((days % 7 + 11) % 7);
  moment.hour = static_cast<int>(dice.below(24));
  moment.minute = static_cast<int>(dice.below(60));
  moment.second = static_cast<int>(dice.below(60));
  moment.fraction_us = static_cast<int>(dice.below(1'000'000));
  return moment;
}

// What a format tells of a moment.
struct Told {
  std::string text;
  std::int64_t value = 0;
  bool sure = true;  // that it can be read in one way alone
};

class FormatWriter {
 public:
  FormatWriter(std::string_view format, const Moment& moment, Dice& dice) : moment_(moment), dice_(dice) {
    for (std::size_t i = 0; i < format.size(); ++i) {
      if (format[i] != '%') put_literal(format[i]);
      else put(format[++i]);
    }
    settle();
  }
  Told told;

 private:
  void put_literal(char c) {
    const auto byte = static_cast<unsigned char>(c);
    begin_item(std::isdigit(byte) != 0, std::isalpha(byte) != 0);
    told.sure = told.sure && byte < 0x80;  // a no-break space is taken for a blank
    told.text += c;
  }

  // Digits behind a number of any length, and letters behind a name, could be part of it.
  void begin_item(bool digits, bool letters) {
    if ((open_number_ && digits) || (open_name_ && letters)) told.sure = false;
    open_number_ = open_name_ = false;
  }

  void number(int value, std::size_t width) {
    begin_item(true, false);
    const std::string digits = std::to_string(value);
    told.text.append(width - digits.size(), '0').append(digits);
  }

  void name(std::string_view full, std::size_t shortened) {
    begin_item(false, true);
    std::string text(full.substr(0, dice_.chance(50) ? full.size() : shortened));
    if (dice_.chance(30)) {
      for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    told.text += text;
    open_name_ = true;
  }

  void put(char letter) {
    constexpr std::array<std::string_view, 12> kMonthNames = {
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"};
    constexpr std::array<std::string_view, 7> kDayNames = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                           "Thursday", "Friday", "Saturday"};
    switch (letter) {
      case 'Y': return number(moment_.year, 4);
      case 'y': return number(moment_.year % 100, 2);
      case 'm': return number(moment_.month, 2);
      case 'd':
      case 'e': return number(moment_.day, 2);
      case 'j': return number(moment_.of_year, 3);
      case 'b':
      case 'B': return name(kMonthNames[static_cast<std::size_t>(moment_.month - 1)], 3);
      case 'a':
      case 'A': return name(kDayNames[static_cast<std::size_t>(moment_.weekday)], 3);
      case 'H': hour_ = true; return number(moment_.hour, 2);
      case 'I': hour_ = true; return number((moment_.hour + 11) % 12 + 1, 2);
      case 'p':
        begin_item(false, true);
        told.text += moment_.hour < 12 ? "AM" : "pm";
        return;
      case 'M': minute_ = true; return number(moment_.minute, 2);
      case 'S': second_ = true; return number(moment_.second, 2);
      case 'f':
        fraction_ = true;
        number(moment_.fraction_us, 6);
        open_number_ = true;
        return;
      case 's': {
        begin_item(true, false);
        epoch_ = true;
        const std::int64_t seconds = whole_us() / kSecondUs;
        // A fraction goes on from a time before 1970 towards earlier ones.
        told.text += std::to_string(seconds);
        open_number_ = true;
        return;
      }
      case 'z':
        begin_item(false, false);
        told.text += "+0000";
        return;
      case 'Z':
        begin_item(false, true);
        told.text += "UTC";
        return;
      case 'F': put('Y'), put_literal('-'), put('m'), put_literal('-'), put('d'); return;
      case 'T': put('H'), put_literal(':'), put('M'), put_literal(':'), put('S'); return;
      case 'D': put('m'), put_literal('/'), put('d'), put_literal('/'), put('y'); return;
      case 'R': put('H'), put_literal(':'), put('M'); return;
      default: put_literal('%');
    }
  }

  [[nodiscard]] std::int64_t day_us() const {
    return days_from_civil(moment_.year, static_cast<unsigned>(moment_.month), static_cast<unsigned>(moment_.day)) * kDaySeconds *
           kSecondUs;
  }
  [[nodiscard]] std::int64_t whole_us() const {
    return day_us() + ((moment_.hour * 60 + moment_.minute) * 60 + moment_.second) * kSecondUs;
  }

  void settle() {
    if (epoch_) {
      const std::int64_t seconds = whole_us() / kSecondUs;
      const std::int64_t fraction = fraction_ ? moment_.fraction_us : 0;
      told.value = seconds * kSecondUs + (seconds < 0 ? -fraction : fraction);
      return;
    }
    told.value = day_us();
    if (hour_) told.value += moment_.hour * 3600 * kSecondUs;
    if (minute_) told.value += moment_.minute * 60 * kSecondUs;
    if (second_) told.value += moment_.second * kSecondUs;
    if (fraction_) told.value += moment_.fraction_us;
  }

  const Moment& moment_;
  Dice& dice_;
  bool open_number_ = false, open_name_ = false;
  bool hour_ = false, minute_ = false, second_ = false, fraction_ = false, epoch_ = false;
};

std::string shown_read(const ParsedTime& time) {
  return std::to_string(static_cast<int>(time.kind)) + " " + std::to_string(time.value) + (time.zoned ? " zoned" : "") +
         (time.cut ? " cut" : "");
}

}  // namespace

void run_formats(std::string_view input) {
  const std::size_t end = std::min(input.find('\n'), input.size());
  const std::string_view format = input.substr(0, end);
  if (!TimeFormat::problem(format).empty()) return;
  const TimeFormat reader(format);
  Dice dice = dice_of(input);
  for (int i = 0; i < 4; ++i) {
    const Moment moment = random_moment(dice);
    const Told told = FormatWriter(format, moment, dice).told;
    if (!told.sure) continue;
    const ParsedTime time = reader.read(told.text);
    const std::string shown = std::string(format) + "\n" + told.text + "\n" + shown_read(time);
    expect(time.kind == ParsedTime::Kind::kDate, "a time that is written by a format reads back", shown);
    expect_same("a time, and what it is after writing", std::to_string(told.value), std::to_string(time.value));
  }
  for (std::string_view rest = input.substr(std::min(end + 1, input.size())); !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const ParsedTime time = reader.read(line);
    expect(time.kind != ParsedTime::Kind::kNumber, "a format tells a time", line);
    expect_same("a reader, and a new one", shown_read(time), shown_read(TimeFormat(format).read(line)));
  }
}

}  // namespace causal_sessions::fuzz
