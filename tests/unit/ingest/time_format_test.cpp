// Formats of times: what each letter reads, what is refused in a format and in a text.
#include "ingest/time_format.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/civil_time.h"
#include "ingest/timestamp.h"
#include "support/run.h"

namespace causal_sessions {
namespace {

using support::contains;
using support::plan_of;

// The time as text, and whether it names its zone; "bad" if the text does not fit.
std::string read_by(const char* format, std::string_view text) {
  EXPECT_EQ(TimeFormat::problem(format), "") << format;
  const ParsedTime time = TimeFormat(format).read(text);
  if (time.kind == ParsedTime::Kind::kBad) return "bad";
  std::string shown = format_utc(time.value);
  if (!time.zoned) shown.pop_back();
  return shown + (time.cut ? " cut" : "");
}

// Blanks around a text are taken off, so a format that wanted them would read nothing.
TEST(TimeFormat, BlanksAroundAFormatDoNotCount) {
  for (const char* format : {" %Y-%m-%d", "\t %Y-%m-%d", "%Y-%m-%d ", "\xC2\xA0%Y-%m-%d"}) {
    EXPECT_EQ(read_by(format, "2025-09-05"), "2025-09-05T00:00:00") << format;
    EXPECT_EQ(read_by(format, " 2025-09-05 "), "2025-09-05T00:00:00") << format;
  }
}

TEST(TimeFormat, AFractionOfTheSecondBefore1970GoesBack) {
  EXPECT_EQ(read_by("%s.%f", "-0.5"), "1969-12-31T23:59:59.500000Z");
  EXPECT_EQ(read_by("%s.%f", "0.5"), "1970-01-01T00:00:00.500000Z");
  EXPECT_EQ(read_by("%s.%f", "-1.5"), "1969-12-31T23:59:58.500000Z");
}

TEST(TimeFormat, EachLetter) {
  struct Row {
    const char *format, *text, *expected;
  };
  for (const Row& row : {
           Row{"%d/%m/%Y %H:%M", "05/09/2025 07:03", "2025-09-05T07:03:00"},
           Row{"%d/%m/%Y %H:%M", "5/9/2025 7:03", "2025-09-05T07:03:00"},
           Row{"%d/%m/%Y %H:%M", " 5/9/2025 \t 7:03 ", "2025-09-05T07:03:00"},
           Row{"%d/%m/%Y %H:%M", "5/9/25 7:03", "bad"},
           Row{"%d/%m/%Y %H:%M", "5/9/2025", "bad"},
           Row{"%d/%m/%Y %H:%M", "5/9/2025 7:03:00", "bad"},
           Row{"%d/%m/%Y %H:%M", "5/9/20255 7:03", "bad"},
           Row{"%d/%m/%Y", "31/9/2025", "bad"},
           Row{"%d/%m/%Y", "29/2/2024", "2024-02-29T00:00:00"},
           Row{"%d/%m/%Y", "0/2/2024", "bad"},
           Row{"%d/%m/%Y", "1/13/2024", "bad"},
           Row{"%m/%d/%Y %I:%M:%S %p", "9/5/2025 7:05:00 PM", "2025-09-05T19:05:00"},
           Row{"%m/%d/%Y %I:%M:%S %p", "9/5/2025 12:05:00 am", "2025-09-05T00:05:00"},
           Row{"%m/%d/%Y %I:%M:%S %p", "9/5/2025 12:05:00 PM", "2025-09-05T12:05:00"},
           Row{"%m/%d/%Y %I:%M:%S %p", "9/5/2025 13:05:00 PM", "bad"},
           Row{"%m/%d/%Y %I:%M:%S %p", "9/5/2025 0:05:00 AM", "bad"},
           Row{"%m/%d/%y %I:%M%p", "9/5/68 7:05AM", "2068-09-05T07:05:00"},
           Row{"%m/%d/%y", "9/5/69", "1969-09-05T00:00:00"},
           Row{"%m/%d/%y", "9/5/2025", "bad"},
           Row{"%D %T", "09/05/25 07:03:04", "2025-09-05T07:03:04"},
           Row{"%F %R", "2025-09-05 07:03", "2025-09-05T07:03:00"},
           Row{"%F %R", "2025-9-5 7:03", "2025-09-05T07:03:00"},
           Row{"%F", "2025-09-05", "2025-09-05T00:00:00"},
           Row{"%F %T.%f", "2025-09-05 07:03:04.5", "2025-09-05T07:03:04.500000"},
           Row{"%F %T.%f", "2025-09-05 07:03:04.123456789", "2025-09-05T07:03:04.123456 cut"},
           Row{"%F %T.%f", "2025-09-05 07:03:04.1234567890", "bad"},
           Row{"%F %T.%f", "2025-09-05 07:03:04.", "bad"},
           Row{"%F %T,%f", "2025-09-05 07:03:04,25", "2025-09-05T07:03:04.250000"},
           Row{"%F %T", "2025-09-05 24:00:00", "2025-09-06T00:00:00"},
           Row{"%F %T", "2025-09-05 24:00:01", "bad"},
           Row{"%F %T", "2016-12-31 23:59:60", "2017-01-01T00:00:00"},
           Row{"%F %T", "2016-12-31 23:59:61", "bad"},
           Row{"%F %T %z", "2025-09-05 07:03:00 +0200", "2025-09-05T05:03:00Z"},
           Row{"%F %T%z", "2025-09-05 07:03:00+02:00", "2025-09-05T05:03:00Z"},
           Row{"%F %T%z", "2025-09-05 07:03:00-05", "2025-09-05T12:03:00Z"},
           Row{"%F %T%z", "2025-09-05 07:03:00Z", "2025-09-05T07:03:00Z"},
           Row{"%F %T%z", "2025-09-05 07:03:00+24:00", "bad"},
           Row{"%F %T%z", "2025-09-05 07:03:00UTC", "bad"},
           Row{"%F %T %Z", "2025-09-05 07:03:00 gmt", "2025-09-05T07:03:00Z"},
           Row{"%F %T %Z", "2025-09-05 07:03:00 UTC", "2025-09-05T07:03:00Z"},
           Row{"%F %T %Z", "2025-09-05 07:03:00 CET", "bad"},
           Row{"%b %d, %Y %I:%M %p", "Sep 5, 2025 7:03 AM", "2025-09-05T07:03:00"},
           Row{"%b %d, %Y %I:%M %p", "SEPTEMBER 5, 2025 7:03 am", "2025-09-05T07:03:00"},
           Row{"%b %d, %Y", "Sept 5, 2025", "2025-09-05T00:00:00"},
           Row{"%B %d, %Y", "May 5, 2025", "2025-05-05T00:00:00"},
           Row{"%B %d, %Y", "Mai 5, 2025", "bad"},
           Row{"%d-%b-%y", "05-SEP-25", "2025-09-05T00:00:00"},
           Row{"%A, %d %B %Y", "Friday, 5 September 2025", "2025-09-05T00:00:00"},
           Row{"%a, %d %B %Y", "Sat, 5 September 2025", "bad"},
           Row{"%a %b %e %T %Y", "Fri Sep  5 07:03:00 2025", "2025-09-05T07:03:00"},
           Row{"%a %d %b %Y", "Thu 1 Jan 1970", "1970-01-01T00:00:00"},
           Row{"%a %d %b %Y", "Wed 31 Dec 1969", "1969-12-31T00:00:00"},
           Row{"%Y%j", "2024366", "2024-12-31T00:00:00"},
           Row{"%Y-%j", "2025-366", "bad"},
           Row{"%Y-%j", "2025-0", "bad"},
           Row{"%Y-%j", "2025-9", "2025-01-09T00:00:00"},
           Row{"%Y%m%d", "20250905", "2025-09-05T00:00:00"},
           Row{"%Y%m%d", "2025095", "bad"},
           Row{"%Y%m%d", "202595", "bad"},
           Row{"%Y%m%d%H%M%S", "20250905070304", "2025-09-05T07:03:04"},
           Row{"%Y%m%d%H%M%S%f", "20250905070304123", "2025-09-05T07:03:04.123000"},
           Row{"%d%m%Y", "05092025", "2025-09-05T00:00:00"},
           Row{"%d%m%Y", "5092025", "2025-09-05T00:00:00"},
           Row{"%d%m%Y", "592025", "bad"},
           Row{"%s", "1757030400", "2025-09-05T00:00:00Z"},
           Row{"%s", "-1", "1969-12-31T23:59:59Z"},
           Row{"%s.%f", "1757030400.25", "2025-09-05T00:00:00.250000Z"},
           Row{"%s", "99999999999999999", "bad"},
           Row{"100%% %F", "100% 2025-09-05", "2025-09-05T00:00:00"},
           Row{"%F", "", "bad"},
           Row{"%FT%TZ", "2025-09-05T07:03:00Z", "2025-09-05T07:03:00"},
       }) {
    EXPECT_EQ(read_by(row.format, row.text), row.expected) << row.format << " " << row.text;
  }
}

TEST(TimeFormat, NothingIsReadBeyondTheText) {
  const std::string text = "[05/Sep/2025:07:03:00.123456 +0200]";
  const TimeFormat format("[%d/%b/%Y:%H:%M:%S.%f %z]");
  EXPECT_EQ(format.read(text).kind, ParsedTime::Kind::kDate);
  for (std::size_t size = 0; size < text.size(); ++size) {
    const std::string cut(text.data(), size);  // of its own, so that a sanitizer sees a byte too many
    EXPECT_EQ(format.read(cut).kind, ParsedTime::Kind::kBad) << cut;
  }
}

TEST(TimeFormat, RefusedFormats) {
  struct Row {
    const char *format, *says;
  };
  for (const Row& row : {
           Row{"%Y-%m-%d %Q", "%Q is none of the letters that are read: %Y %y"},
           Row{"%Y-%m-%d %q", "%q is none"},
           Row{"%Y-%m-%d %", "a % stands at its end"},
           Row{"%H:%M:%S", "there is no %Y %m %d in it"},
           Row{"%d/%m", "there is no %Y in it"},
           Row{"%Y-%m", "there is no %d in it"},
           Row{"yesterday", "there is no %Y %m %d in it"},
           Row{"%%Y", "there is no %Y %m %d in it"},
           Row{"%d/%m/%Y %H:%M %p", "%p stands without %I"},
           Row{"%d/%m/%Y %I:%M", "%I stands without %p"},
           Row{"%d/%m/%Y %I:%M %H %p", "%H tells what is told before it"},
           Row{"%d/%d/%Y", "%d tells what is told before it"},
           Row{"%d %b %m %Y", "%m tells what is told before it"},
           Row{"%F %y", "%y tells what is told before it"},
           Row{"%Y-%j %d", "%j is the day of the year"},
           Row{"%F %S", "%S stands without %M"},
           Row{"%F %M", "%M stands without %H"},
           Row{"%F %f", "%f stands without %S"},
           Row{"%s %F", "%s is the whole time"},
       }) {
    EXPECT_TRUE(contains(TimeFormat::problem(row.format), row.says)) << row.format << ": " << TimeFormat::problem(row.format);
  }
}

std::string times_of(const Plan& plan, const std::string& text) {
  EventReader reader(plan.reading);
  if (Status status = support::feed(reader, {text}); !status.ok()) return status.error().message;
  const Result<EventTable> events = reader.finish();
  if (!events.ok()) return events.error().message;
  std::string times;
  for (std::size_t i = 0; i < events.value().size(); ++i)
    times += (times.empty() ? "" : " ") + format_utc(events.value().time_us[i]);
  return times;
}

TEST(TimeFormatKey, ValuesAreReadByThePlanAlone) {
  const std::string header = "user,time,type\n";
  const auto read_one = [&](const char* plan, const char* time) {
    return times_of(plan_of(plan), header + "u,\"" + time + "\",click\n");
  };
  EXPECT_EQ(read_one(R"({"time": {"format": "%d/%m/%Y"}})", "05/09/2025"), "2025-09-05T00:00:00Z");
  EXPECT_EQ(read_one(R"({"time": {"format": "%d/%m/%Y", "zone": "+02:00"}})", "05/09/2025"), "2025-09-04T22:00:00Z");
  EXPECT_EQ(read_one(R"({"time": {"format": ["%d/%m/%Y", "%m/%d/%Y"]}})", "05/13/2025"), "2025-05-13T00:00:00Z");
  EXPECT_EQ(read_one(R"({"time": {"format": ["%d/%m/%Y", "%m/%d/%Y"]}})", "05/06/2025"), "2025-06-05T00:00:00Z") << "in order";
  EXPECT_EQ(read_one(R"({"time": {"format": "%Y%m%d"}})", "20250905"), "2025-09-05T00:00:00Z");
  EXPECT_EQ(read_one(R"({"time": {"format": "%Y%m%d"}})", "20250905.0"), "2025-09-05T00:00:00Z");
  EXPECT_EQ(read_one(R"({"time": {"format": "%Y%m%d"}})", "2.0250905E7"), "2025-09-05T00:00:00Z");
  EXPECT_EQ(read_one(R"({"time": {"format": "%s"}})", "1757030400.0"), "2025-09-05T00:00:00Z");
  EXPECT_TRUE(contains(read_one(R"({"time": {"format": "%Y%m%d"}})", "20250905.5"), "\"20250905.5\""));
  EXPECT_TRUE(contains(read_one(R"({"time": {"format": "%Y%m%d"}})", "2025-09-05"), "time.format"));
}

}  // namespace
}  // namespace causal_sessions
