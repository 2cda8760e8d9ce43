// Times that need a format: the refusal names the key, and the key that it names reads the file.
#include "ingest/build/time_shapes.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/civil_time.h"
#include "ingest/inspection/inspect.h"
#include "ingest/timestamp.h"
#include "support/run.h"

namespace causal_sessions {
namespace {

using support::contains;
using support::plan_of;

std::string padded(std::int64_t value, std::size_t width) {
  std::string digits = std::to_string(value);
  return std::string(width - std::min(width, digits.size()), '0') + digits;
}

// An instant as a format of strftime writes it; %-d is %d without its zero.
std::string written(const std::string& format, std::int64_t time_us) {
  constexpr const char* kMonths[] = {"January", "February", "March",     "April",   "May",      "June",
                                     "July",    "August",   "September", "October", "November", "December"};
  constexpr const char* kDays[] = {"Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"};
  const std::string iso = format_utc(time_us);
  const auto part = [&](std::size_t at, std::size_t size) { return std::stoll(iso.substr(at, size)); };
  std::string text;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') {
      text += format[i];
      continue;
    }
    const std::size_t width = format[i + 1] == '-' ? 1 : 2;
    i += width == 1 ? 2 : 1;
    const std::int64_t hour = part(11, 2);
    switch (format[i]) {
      case 'Y': text += padded(part(0, 4), 4); break;
      case 'y': text += padded(part(2, 2), 2); break;
      case 'm': text += padded(part(5, 2), width); break;
      case 'd': text += padded(part(8, 2), width); break;
      case 'H': text += padded(hour, width); break;
      case 'I': text += padded(hour % 12 == 0 ? 12 : hour % 12, width); break;
      case 'p': text += hour < 12 ? "AM" : "PM"; break;
      case 'M': text += padded(part(14, 2), 2); break;
      case 'S': text += padded(part(17, 2), 2); break;
      case 'B': text += kMonths[part(5, 2) - 1]; break;
      case 'b': text += std::string(kMonths[part(5, 2) - 1]).substr(0, 3); break;
      case 'A': text += kDays[time_us / 86'400'000'000 % 7]; break;
      case 'a': text += std::string(kDays[time_us / 86'400'000'000 % 7]).substr(0, 3); break;
      default: ADD_FAILURE() << format;
    }
  }
  return text;
}

std::string table_of(const std::vector<std::string>& times) {
  std::string text = "user,time,type\n";
  for (const std::string& time : times) text += "u,\"" + time + "\",click\n";
  return text;
}

// The times that a plan reads, or what it is told.
struct ReadTimes {
  std::vector<std::int64_t> times;
  std::string message;
};
ReadTimes read_times(const std::string& plan_json, const std::string& text) {
  const Plan plan = plan_of(plan_json);
  EventReader reader(plan.reading);
  ReadTimes read;
  if (Status status = support::feed(reader, {text}); !status.ok()) read.message = status.error().message;
  const Result<EventTable> events = reader.finish();
  if (!events.ok()) return {{}, events.error().message};
  for (std::size_t i = 0; i < events.value().size(); ++i) read.times.push_back(events.value().time_us[i]);
  return read;
}

// The plans that a message names: `set time.format to "..." or to [...]`.
std::vector<std::string> named_plans(const std::string& message) {
  std::vector<std::string> plans;
  for (const std::string key : {"format", "unit"}) {
    const std::string before = "set time." + key + " to ";
    std::size_t at = message.find(before);
    if (at == message.npos) continue;
    at += before.size();
    for (;;) {
      const std::size_t end = message[at] == '[' ? message.find(']', at) : message.find('"', at + 1);
      plans.push_back(R"({"time": {")" + key + "\": " + message.substr(at, end + 1 - at) + "}}");
      constexpr std::string_view kOr = " or to ";
      if (message.compare(end + 1, kOr.size(), kOr) != 0) break;
      at = end + 1 + kOr.size();
    }
  }
  return plans;
}

constexpr std::int64_t kMinute = 60'000'000, kDay = 1440 * kMinute;

TEST(TimeShapes, TheNamedFormatReadsTheFile) {
  const std::vector<std::string> dates = {
      "%d/%m/%Y",   "%m/%d/%Y",   "%-d/%-m/%Y",   "%-m/%-d/%Y", "%d.%m.%Y",       "%-d.%-m.%y",  "%d-%m-%Y",
      "%m-%d-%y",   "%Y/%m/%d",   "%Y.%m.%d",     "%Y-%-m-%-d", "%d-%b-%Y",       "%d-%b-%y",    "%d %B %Y",
      "%b %-d, %Y", "%B %-d, %Y", "%a, %d %b %Y", "%Y-%b-%d",   "%A, %B %-d, %Y", "%a %b %d %Y", "%d%b%Y",
      "%-d. %B %Y", "%d/%b/%Y",   "%Y %m %d",     "%d %m %Y",
  };
  const std::vector<std::string> clocks = {"",
                                           " %H:%M",
                                           " %-H:%M",
                                           " %H:%M:%S",
                                           " %H:%M:%S.000",
                                           " %H:%M:%S,000",
                                           " %I:%M %p",
                                           " %-I:%M%p",
                                           ", %-I:%M:%S %p",
                                           "T%H:%M:%S",
                                           " %H:%M:%S UTC",
                                           "T%H:%M:%SZ",
                                           " %H:%M:%S+00:00",
                                           " %H.%M",
                                           " - %H:%M",
                                           " at"};
  std::vector<std::int64_t> instants;
  for (int i = 0; i < 40; ++i) instants.push_back(1'757'055'780'000'000 + i * (kDay + 67 * kMinute));
  for (const std::string& date : dates) {
    for (const std::string& clock : clocks) {
      const std::string format = date + clock;
      if (clock == " at") continue;  // a word that no format has, below
      std::vector<std::string> texts;
      std::vector<std::int64_t> expected;
      for (const std::int64_t instant : instants) {
        texts.push_back(written(format, instant));
        expected.push_back(clock.empty() ? instant - instant % kDay : instant);
      }
      const std::string text = table_of(texts);
      const ReadTimes refused = read_times("{}", text);
      if (refused.times == expected) continue;  // read without a format
      ASSERT_NE(refused.message, "") << format << ": read otherwise";
      const std::vector<std::string> plans = named_plans(refused.message);
      ASSERT_EQ(plans.size(), 1u) << format << ": " << refused.message;
      const ReadTimes read = read_times(plans[0], text);
      EXPECT_EQ(read.message, "") << format << ": " << plans[0];
      EXPECT_TRUE(read.times == expected) << format << ": " << plans[0];
    }
  }
}

TEST(TimeShapes, TheNamedFormatOfDigitsReadsTheFile) {
  std::vector<std::int64_t> instants;
  for (int i = 0; i < 40; ++i) instants.push_back(1'757'026'800'000'000 + i * kDay);
  for (const std::string format : {"%Y%m%d", "%Y%m%d%H", "%Y%m%d%H%M", "%Y%m%d%H%M%S", "%Y%m%d%H%M%S000", "%d%m%Y", "%m%d%Y",
                                   "%-d%m%Y", "%-m%d%Y", "%d%m%Y%H%M%S", "%-d%m%Y%H%M"}) {
    for (const bool objects : {false, true}) {
      std::string text = objects ? "" : "user,time,type\n";
      std::vector<std::int64_t> expected;
      for (const std::int64_t instant : instants) {
        const std::string digits = written(format, instant);
        if (objects && digits[0] == '0') continue;  // no number
        text += objects ? R"({"user": "u", "time": )" + digits + R"(, "type": "click"})" + "\n" : "u," + digits + ",click\n";
        const bool clock = std::string(format).find("%H") != std::string::npos;
        expected.push_back(clock ? instant : instant - instant % kDay);
      }
      const ReadTimes refused = read_times("{}", text);
      const std::vector<std::string> plans = named_plans(refused.message);
      ASSERT_EQ(plans.size(), 1u) << format << ": " << refused.message;
      const ReadTimes read = read_times(plans[0], text);
      EXPECT_EQ(read.message, "") << format << ": " << plans[0];
      EXPECT_TRUE(read.times == expected) << format << ": " << plans[0];
    }
  }
}

TEST(TimeShapes, TheNamedUnitReadsTheFile) {
  struct Case {
    const char* unit;
    std::vector<std::string> numbers;
    std::vector<std::int64_t> expected;
  };
  for (const Case& row : {
           Case{"excel", {"45901.416666667", "45901.420138889", "45904"}, {1756720800000000, 1756721100000000, 1756944000000000}},
           Case{"excel", {"45901.416666666664", "4.5901420138889E4"}, {1756720800000000, 1756721100000000}},
           Case{"dotnet", {"638923104000000000", "638923104000000015"}, {1756713600000000, 1756713600000001}},
           Case{"filetime", {"134011872000000000", "134011872000000010"}, {1756713600000000, 1756713600000001}},
           Case{"webkit", {"13401187200000000", "13401187200000001"}, {1756713600000000, 1756713600000001}},
       }) {
    const std::string text = table_of(row.numbers);
    const std::vector<std::string> plans = named_plans(read_times("{}", text).message);
    ASSERT_EQ(plans.size(), 1u) << row.unit << read_times("{}", text).message;
    EXPECT_EQ(plans[0], std::string(R"({"time": {"unit": ")") + row.unit + "\"}}");
    EXPECT_EQ(read_times(plans[0], text).times, row.expected) << row.unit << read_times(plans[0], text).message;
  }
}

TEST(TimeShapes, WhatTheValuesShowIsSaid) {
  struct Case {
    const char* name;
    std::vector<std::string> times;
    std::vector<const char*> says;
  };
  for (const Case& row : {
           Case{"the day first",
                {"05/09/2025 07:03", "13/09/2025 07:05"},
                {"row 1 (line 2), column \"time\": \"05/09/2025 07:03\" can be day first or month first; 1 of the 2 values has a "
                 "first number over 12, so the day stands first: set time.format to \"%d/%m/%Y %H:%M\". 2 rows of 2 cannot be "
                 "used"}},
           Case{"the month first",
                {"9/5/2025 7:03:00 AM", "9/15/2025 7:05:00 PM"},
                {"1 of the 2 values has a second number over 12, so the month stands first: set time.format to \"%m/%d/%Y "
                 "%I:%M:%S %p\""}},
           Case{"nothing decides",
                {"05/09/2025", "06/09/2025"},
                {"can be day first or month first, and none of the 2 values has a number that tells which: set time.format to "
                 "\"%d/%m/%Y\" or to \"%m/%d/%Y\""}},
           Case{"three short numbers",
                {"05-09-06", "06-09-06"},
                {"can be day first, month first or year first", "\"%d-%m-%y\" or to \"%m-%d-%y\" or to \"%y-%m-%d\""}},
           Case{"the year first, by its size", {"45-09-06", "46-09-31"}, {"year first", "set time.format to \"%y-%m-%d\""}},
           Case{"both in one column",
                {"13/09/2025", "09/13/2025", "14/09/2025"},
                {"2 of the 3 values can only have their month second, and 1 only their day second", "Write them alike"}},
           Case{"two forms", {"13/09/2025", "13/09/2025 07:03"}, {"set time.format to [\"%d/%m/%Y\", \"%d/%m/%Y %H:%M\"]"}},
           Case{"a month's name",
                {"Sep 5, 2025 7:03 AM"},
                {"is a time that needs a format: set time.format to \"%b %d, %Y %I:%M %p\""}},
           Case{"one that is none", {"13/09/2025", "soon"}, {"1 value is written otherwise: set time.format to \"%d/%m/%Y\""}},
           Case{"one that is none, first",
                {"soon", "13/09/2025"},
                {"\"soon\" is not a time that is read here; one of the other values can be day first or month first; 1 of the 2 "
                 "values",
                 "set time.format to \"%d/%m/%Y\""}},
           Case{"two digits of the year",
                {"05/09/25", "13/09/25"},
                {"so the day stands first: set time.format to \"%d/%m/%y\". 2 rows"}},
           Case{"among others", {"2025-09-05", "13/09/2025"}, {"set time.format to [\"%Y-%m-%d\", \"%d/%m/%Y\"]"}},
           Case{"without a zero, among others", {"2025-10-05", "2025-9-5"}, {"set time.format to \"%Y-%m-%d\""}},
           Case{"among numbers",
                {"1757030400", "13/09/2025"},
                {"is not a time like the others", "list all of them in time.format"}},
           Case{"packed, nothing decides",
                {"05092025", "06092025"},
                {"reads as a calendar date, not as a Unix time, and so does every time of the column: set time.format to "
                 "\"%d%m%Y\" or to \"%m%d%Y\""}},
           Case{"packed in two ways", {"20250905", "20250905070300"}, {"set time.format to [\"%Y%m%d\", \"%Y%m%d%H%M%S\"]"}},
       }) {
    const ReadTimes read = read_times("{}", table_of(row.times));
    for (const char* part : row.says) EXPECT_TRUE(contains(read.message, part)) << row.name << ": " << read.message;
    if (contains(read.message, "set time.format to")) {
      EXPECT_FALSE(contains(read.message, "rows.bad")) << row.name;
    }
  }
}

TEST(TimeShapes, TextsThatHaveNone) {
  for (const char* text : {"soon",
                           "07:03:00",
                           "n/a",
                           "1.2.3",
                           "10.0.0.1",
                           "2025",
                           "Sep 2025",
                           "05/2025",
                           "32/13/2025",
                           "05/Sep/2025/7",
                           "\xC3\xA9t\xC3\xA9 5 2025",
                           "5th Sep 2025",
                           "5. September",
                           "13:05 PM 05/09/2025",
                           "2025-09-05 07:03:00 o'clock",
                           "05/09/2025 \\",
                           "99999999999999999999999",
                           "//",
                           "-",
                           "%",
                           "AM",
                           "T",
                           "5/T/5"}) {
    TimeShapes shapes;
    shapes.note(text);
    EXPECT_EQ(shapes.shapes.size(), 0u) << text << " " << (shapes.shapes.empty() ? "" : shapes.shapes[0].format);
    EXPECT_EQ(shapes.others, 1u) << text;
  }
}

TEST(TimeShapes, AValueThatDoesNotFitTheFormatIsABadRow) {
  const std::string text = table_of({"05/09/2025", "2025-09-05"});
  EXPECT_TRUE(contains(read_times(R"({"time": {"format": "%d/%m/%Y"}})", text).message,
                       "row 2 (line 3), column \"time\": \"2025-09-05\" does not fit time.format (\"%d/%m/%Y\")"));
  EXPECT_EQ(read_times(R"({"time": {"format": "%d/%m/%Y"}, "rows": {"bad": "drop"}})", text).times.size(), 1u);
  EXPECT_EQ(read_times(R"({"time": {"format": ["%d/%m/%Y", "%F"]}})", text).times,
            (std::vector<std::int64_t>{1757030400000000, 1757030400000000}));
}

TEST(TimeShapes, ALookSaysTheSame) {
  const std::string text = table_of({"05/09/2025 07:03", "13/09/2025 07:05"});
  const auto preview = nlohmann::json::parse(inspect_json("events.csv", text, true, Plan().reading, 5, text.size()));
  EXPECT_TRUE(contains(preview["note"].get<std::string>(), "set time.format to \"%d/%m/%Y %H:%M\""));
  const Plan plan = plan_of(R"({"time": {"format": "%d/%m/%Y %H:%M"}})");
  EXPECT_FALSE(nlohmann::json::parse(inspect_json("events.csv", text, true, plan.reading, 5, text.size())).contains("note"));
}

}  // namespace
}  // namespace causal_sessions
