#include "ingest/timestamp.h"

#include "core/civil_time.h"
#include "core/time_zone.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace causal_sessions {
namespace {

using Kind = ParsedTime::Kind;

constexpr std::int64_t kMidnight = 1757030400000000;  // 2025-09-05T00:00:00Z
constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kHour = 3600 * kSecond;

TEST(Timestamp, ReadsDatesAndTimes) {
  struct Row {
    const char* name;
    const char* text;
    std::int64_t expected;
    bool cut = false;
  };
  for (const Row& row : {
           Row{"date", "2025-09-05", kMidnight},
           Row{"date with Z", "2025-09-05Z", kMidnight},
           Row{"minutes", "2025-09-05 01:30", kMidnight + 90 * 60 * kSecond},
           Row{"seconds", "2025-09-05 00:11:14", kMidnight + 674 * kSecond},
           Row{"T", "2025-09-05T00:11:14", kMidnight + 674 * kSecond},
           Row{"small t", "2025-09-05t00:11:14", kMidnight + 674 * kSecond},
           Row{"Z", "2025-09-05T00:11:14Z", kMidnight + 674 * kSecond},
           Row{"small z", "2025-09-05T00:11:14z", kMidnight + 674 * kSecond},
           Row{"UTC", "2025-09-05 00:11:14 UTC", kMidnight + 674 * kSecond},
           Row{"1 fraction digit", "2025-09-05 00:00:00.5", kMidnight + 500'000},
           Row{"2 fraction digits", "2025-09-05 00:00:00.25", kMidnight + 250'000},
           Row{"3 fraction digits", "2025-09-05 00:00:00.125Z", kMidnight + 125'000},
           Row{"4 fraction digits", "2025-09-05 00:00:00.0625", kMidnight + 62'500},
           Row{"5 fraction digits", "2025-09-05 00:00:00.03125", kMidnight + 31'250},
           Row{"6 fraction digits", "2025-09-05 00:11:14.887526", kMidnight + 674 * kSecond + 887'526},
           Row{"7 fraction digits", "2025-09-05 00:00:00.1234567", kMidnight + 123'456, true},
           Row{"8 fraction digits", "2025-09-05 00:00:00.12345601", kMidnight + 123'456, true},
           Row{"9 fraction digits", "2025-09-05T00:00:00.999999999Z", kMidnight + 999'999, true},
           Row{"9 fraction digits, the last ones zero", "2025-09-05 00:00:00.123456000", kMidnight + 123'456},
           Row{"fraction after a comma", "2025-09-05 00:00:00,5", kMidnight + 500'000},
           Row{"offset +hh:mm", "2025-09-05T02:00:00+02:00", kMidnight},
           Row{"offset +hhmm", "2025-09-05T02:00:00+0200", kMidnight},
           Row{"offset +hh", "2025-09-05T02:00:00+02", kMidnight},
           Row{"offset after a space", "2025-09-05 02:00:00 +0200", kMidnight},
           Row{"negative offset into the next day", "2025-09-04T20:30:00.5-03:30", kMidnight + 500'000},
           Row{"offset of zero", "2025-09-05T00:00:00-00:00", kMidnight},
           Row{"date with an offset", "2025-09-05+01:00", kMidnight - kHour},
           Row{"last second of a day", "2025-09-05 23:59:59.999999", kMidnight + 24 * kHour - 1},
           Row{"spaces around", "  2025-09-05 00:00 \t", kMidnight},
           Row{"small t, 26 characters", "2025-09-05t00:11:14.887526", kMidnight + 674 * kSecond + 887'526},
           Row{"24:00 with a zone's name", "2025-09-04 24:00 UTC", kMidnight},
           Row{"24:00 with a comma", "2025-09-04 24:00:00,0", kMidnight},
           Row{"GMT", "2025-09-05 00:11:14 GMT", kMidnight + 674 * kSecond},
           Row{"JSON of .NET", "/Date(1757030400500)/", kMidnight + 500'000},
           Row{"JSON of .NET, whose offset changes nothing", "/Date(1757030400000+0100)/", kMidnight},
           Row{"JSON of .NET, in a cell of CSV", "\\/Date(1757030400000+0100)\\/", kMidnight},
           Row{"JSON of .NET, before 1970", "/Date(-1000-0500)/", -kSecond},
           Row{"24:00", "2025-09-04 24:00", kMidnight},
           Row{"24:00:00", "2025-09-04T24:00:00Z", kMidnight},
           Row{"24:00:00.000000", "2025-09-04 24:00:00.000000", kMidnight},
           Row{"24:00 elsewhere", "2025-09-04T24:00:00+02:00", kMidnight - 2 * kHour},
           Row{"24:00 of a year", "2024-12-31 24:00:00", 1735689600000000},
           Row{"a leap second", "2016-12-31T23:59:60Z", 1483228800000000},
           Row{"a leap second elsewhere", "2017-01-01T08:59:60+09:00", 1483228800000000},
           Row{"a leap second with a fraction", "2016-12-31 23:59:60.5", 1483228800000000, true},
           Row{"basic", "20250905T001114Z", kMidnight + 674 * kSecond},
           Row{"basic, no zone", "20250905T001114", kMidnight + 674 * kSecond},
           Row{"basic, fraction and offset", "20250905T021114.123+0200", kMidnight + 674 * kSecond + 123'000},
           Row{"basic, nine digits", "20250905T001114.123456789", kMidnight + 674 * kSecond + 123'456, true},
           Row{"basic, minutes", "20250905T0130Z", kMidnight + 90 * 60 * kSecond},
           Row{"basic, 24:00", "20250904T240000Z", kMidnight},
           Row{"e-mail", "Fri, 05 Sep 2025 00:11:14 +0000", kMidnight + 674 * kSecond},
           Row{"e-mail, one digit", "Fri, 5 Sep 2025 00:11:14 +0000", kMidnight + 674 * kSecond},
           Row{"e-mail, elsewhere", "Thu, 04 Sep 2025 20:11:14 -0400", kMidnight + 674 * kSecond},
           Row{"e-mail, no weekday", "05 Sep 2025 02:00:00 +0200", kMidnight},
           Row{"e-mail, minutes", "5 Sep 2025 02:00 +0200", kMidnight},
           Row{"e-mail, a comment", "Fri, 05 Sep 2025 00:00:00 +0000 (UTC)", kMidnight},
           Row{"HTTP", "Fri, 05 Sep 2025 00:11:14 GMT", kMidnight + 674 * kSecond},
           Row{"UT", "5 Sep 2025 00:00:00 UT", kMidnight},
           Row{"small letters", "fri, 05 sep 2025 00:00:00 gmt", kMidnight},
           Row{"a log", "05/Sep/2025:02:00:00 +0200", kMidnight},
           Row{"a log in brackets", "[05/Sep/2025:00:11:14 +0000]", kMidnight + 674 * kSecond},
           Row{"leap day 2024", "2024-02-29", 1709164800000000},
           Row{"leap day of a leap century", "2000-02-29", 951782400000000},
           Row{"before the epoch", "1969-12-31T23:59:59.999999Z", -1},
           Row{"first year", "0001-01-01", -62135596800000000},
           Row{"last year", "9999-12-31 23:59:59.999999", 253402300799999999},
       }) {
    const ParsedTime time = TimestampParser().parse(row.text);
    EXPECT_EQ(time.kind, Kind::kDate) << row.name;
    EXPECT_EQ(time.value, row.expected) << row.name;
    EXPECT_EQ(time.cut, row.cut) << row.name;
  }
}

TEST(Timestamp, RefusesWhatIsNoTime) {
  struct Row {
    const char* name;
    std::string_view text;
  };
  for (const Row& row : {
           Row{"empty", ""},
           Row{"word", "yesterday"},
           Row{"half a year", "20x5-09-05"},
           Row{"half a century", "x025-09-05"},
           Row{"half a second", "2025-09-05 10:00:0"},
           Row{"half of the last second", "2025-09-05 24:00:0"},
           Row{"JSON of .NET without its end", "/Date(1757030400500)"},
           Row{"JSON of .NET without a number", "/Date(yesterday)/"},
           Row{"JSON of .NET with a fraction", "/Date(1757030400500.5)/"},
           Row{"JSON of .NET with a long fraction", "/Date(1757030400500.0000001)/"},
           Row{"JSON of .NET with half an offset", "/Date(1757030400500+01)/"},
           Row{"JSON of .NET with an offset of no clock", "/Date(1757030400500+0199)/"},
           Row{"JSON of .NET beyond all times", "/Date(9223372036854776)/"},
           Row{"JSON of .NET before all times", "/Date(-9223372036854776)/"},
           Row{"29 February of a common year", "2023-02-29"},
           Row{"29 February of a common century", "1900-02-29"},
           Row{"30 February", "2024-02-30"},
           Row{"31 April", "2025-04-31"},
           Row{"month 0", "2025-00-10"},
           Row{"month 13", "2025-13-01"},
           Row{"day 0", "2025-01-00"},
           Row{"day 32", "2025-01-32"},
           Row{"beyond 24:00", "2025-09-05 24:01"},
           Row{"a fraction beyond 24:00:00", "2025-09-05 24:00:00.1"},
           Row{"hour 25", "2025-09-05 25:00"},
           Row{"second 61", "2025-09-05 23:59:61"},
           Row{"basic, month 13", "20251305T070300Z"},
           Row{"basic, cut short",
               "20250905T0703"
               "0"},
           Row{"basic, a space", "20250905 070300"},
           Row{"e-mail, another day of the week", "Thu, 05 Sep 2025 07:03:00 +0000"},
           Row{"e-mail, no zone", "Fri, 05 Sep 2025 07:03:00"},
           Row{"e-mail, a zone of no clear meaning", "Fri, 05 Sep 2025 07:03:00 EST"},
           Row{"e-mail, 31 September", "31 Sep 2025 07:03:00 +0000"},
           Row{"a log without its zone", "05/Sep/2025:07:03:00"},
           Row{"a log, half in brackets", "[05/Sep/2025:07:03:00 +0000"},
           Row{"day or month first", "05/09/2025 07:03"},
           Row{"minute 60", "2025-09-05 10:60"},
           Row{"hour alone", "2025-09-05 10"},
           Row{"T and nothing", "2025-09-05T"},
           Row{"one-digit hour", "2025-09-05 9:30:00"},
           Row{"one-digit month", "2025-9-05 10:00"},
           Row{"point without digits", "2025-09-05 10:00:00."},
           Row{"10 fraction digits", "2025-09-05 10:00:00.1234567890"},
           Row{"fraction of a minute", "2025-09-05 10:00.5"},
           Row{"offset of 24 hours", "2025-09-05 10:00:00+24:00"},
           Row{"offset of 60 minutes", "2025-09-05 10:00:00+01:60"},
           Row{"offset cut short", "2025-09-05 10:00:00+01:"},
           Row{"offset of three digits", "2025-09-05 10:00:00+010"},
           Row{"zone by name", "2025-09-05 10:00:00 CET"},
           Row{"text behind", "2025-09-05 10:00:00Z?"},
           Row{"two times", "2025-09-05 10:00:00 10:00:00"},
           Row{"slashes", "2025/09/05 10:00:00"},
           Row{"day first", "05-09-2025 10:00:00"},
           Row{"points", "05.09.2025 10:00"},
           Row{"German month", "5. September 2025"},
           Row{"letters for digits", "2O25-09-05"},
           Row{"full-width digits", "２０２５-09-05"},
           Row{"sign alone", "-"},
           Row{"point alone", "."},
           Row{"two points", "1.2.3"},
           Row{"exponent without digits", "1e"},
           Row{"exponent of three digits", "1e100"},
           Row{"exponent alone", "e5"},
           Row{"hexadecimal", "0x67890ABC"},
           Row{"not a number", "nan"},
           Row{"infinity", "inf"},
           Row{"thousands", "1,757,030,400"},
           Row{"number and text", "1757030400s"},
           Row{"20 digits", "99999999999999999999"},
           Row{"zero byte", std::string_view("1757030400\0", 11)},
       }) {
    EXPECT_EQ(TimestampParser().parse(row.text).kind, Kind::kBad) << row.name;
  }
}

TEST(Timestamp, ReadsNumbers) {
  struct Row {
    const char* name;
    const char* text;
    std::int64_t whole;
    std::uint32_t millionths = 0;
    bool cut = false;
  };
  for (const Row& row : {
           Row{"zero", "0", 0},
           Row{"seconds", "1757030400", 1757030400},
           Row{"nanoseconds", "1757030400123456789", 1757030400123456789},
           Row{"plus sign", "+5", 5},
           Row{"negative", "-5", -5},
           Row{"fraction", "1757030400.123456", 1757030400, 123456},
           Row{"short fraction", "1757030400.5", 1757030400, 500000},
           Row{"decimal comma", "45905,29375", 45905, 293750},
           Row{"fraction that is zero", "1757030400.000", 1757030400},
           Row{"point at the end", "1757030400.", 1757030400},
           Row{"point at the start", ".5", 0, 500000},
           Row{"seventh decimal", "1.0000001", 1, 0, true},
           Row{"seventh decimal of zero", "1.1234560", 1, 123456},
           Row{"negative fraction", "-1.5", -2, 500000},
           Row{"exponent", "1.7570304e9", 1757030400},
           Row{"exponent with sign", "17570304E+2", 1757030400},
           Row{"exponent into the digits", "1.7570304005e9", 1757030400, 500000},
           Row{"negative exponent", "25e-2", 0, 250000},
           Row{"negative exponent beyond the digits", "25e-4", 0, 2500},
           Row{"tiny", "1e-50", 0, 0, true},
           Row{"leading zeros", "0001757030400", 1757030400},
           Row{"spaces around", " 1757030400 ", 1757030400},
       }) {
    const ParsedTime time = TimestampParser().parse(row.text);
    EXPECT_EQ(time.kind, Kind::kNumber) << row.name;
    EXPECT_EQ(time.value, row.whole) << row.name;
    EXPECT_EQ(time.millionths, row.millionths) << row.name;
    EXPECT_EQ(time.cut, row.cut) << row.name;
  }
}

TEST(Timestamp, CommasBetweenThousandsMakeNoNumber) {
  for (const char* text : {"1,757,030,400", "1757030400,", ",5"}) {
    EXPECT_EQ(TimestampParser().parse(text).kind, Kind::kBad) << text;
  }
}

TEST(Timestamp, TextWithoutAZoneIsLocal) {
  TimestampParser parser(2 * kHour);
  EXPECT_EQ(parser.parse("2025-09-05 02:00:00").value, kMidnight);
  EXPECT_EQ(parser.parse("2025-09-05").value, kMidnight - 2 * kHour);
  EXPECT_EQ(parser.parse("2025-09-05 00:00:00Z").value, kMidnight) << "its own zone wins";
  EXPECT_EQ(parser.parse("2025-09-05 00:00:00 UTC").value, kMidnight);
  EXPECT_EQ(parser.parse("2025-09-05 01:00:00+01:00").value, kMidnight);
  EXPECT_EQ(parser.parse("5").value, 5) << "a number has no zone";
  EXPECT_EQ(parser.parse("20250905T020000").value, kMidnight);
  EXPECT_FALSE(parser.parse("20250905T020000").zoned);
  for (const char* zoned :
       {"20250905T000000Z", "Fri, 05 Sep 2025 00:00:00 GMT", "2025-09-05 00:00:00 GMT", "[05/Sep/2025:00:00:00 +0000]"}) {
    EXPECT_EQ(parser.parse(zoned).value, kMidnight) << zoned;
    EXPECT_TRUE(parser.parse(zoned).zoned) << zoned;
  }
}

TEST(Timestamp, RemembersTheLastDayOnly) {
  TimestampParser parser;
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(parser.parse("2025-09-05 00:00").value, kMidnight);
    EXPECT_EQ(parser.parse("2025-09-06 00:00").value, kMidnight + 24 * kHour);
    EXPECT_EQ(parser.parse("2025-09-31 00:00").kind, Kind::kBad);
    EXPECT_EQ(parser.parse("2025-09-06 25:00").kind, Kind::kBad);
  }
  EXPECT_EQ(parser.parse("2025-09-31").kind, Kind::kBad) << "a day that was refused is refused again";
}

TEST(Timestamp, ReadsOffsets) {
  struct Row {
    const char* text;
    std::optional<std::int64_t> expected;
  };
  for (const Row& row :
       {Row{"Z", 0}, Row{"z", 0}, Row{"+00:00", 0}, Row{"+02:00", 2 * kHour}, Row{"-0530", -(5 * kHour + 30 * 60 * kSecond)},
        Row{"+14", 14 * kHour}, Row{"+23:59", 24 * kHour - 60 * kSecond}, Row{"", std::nullopt}, Row{"UTC", std::nullopt},
        Row{"02:00", std::nullopt}, Row{"+2", std::nullopt}, Row{"+2:00", std::nullopt}, Row{"+02:0", std::nullopt},
        Row{"+02:000", std::nullopt}, Row{"+24:00", std::nullopt}, Row{"+0a:00", std::nullopt}, Row{"+02-00", std::nullopt}}) {
    EXPECT_EQ(read_utc_offset(row.text), row.expected) << row.text;
  }
}

TEST(Timestamp, ReadsNumbersAsThePlanSays) {
  ReadingOptions::Time days, digits, slashes;
  days.unit = TimeUnit::kExcel;
  digits.format = {"%Y%m%d"};
  slashes.format = {"%d/%m/%Y"};
  constexpr std::int64_t kFirst = -25'569 * 24 * kHour;  // 1899-12-30
  struct Row {
    const ReadingOptions::Time* options;
    const char* text;
    std::optional<std::int64_t> expected;
  };
  for (const Row& row : {
           Row{&days, "45905", kMidnight},
           Row{&days, "-1", kFirst - 24 * kHour},
           Row{&days, "-0.5", kFirst - 12 * kHour},
           Row{&days, "25e-2", kFirst + 6 * kHour},
           Row{&days, "25e-4", kFirst + 216 * kSecond},
           Row{&days, "2958467", std::nullopt},
           Row{&digits, "20250905", kMidnight},
           Row{&digits, "20250905.0", kMidnight},
           Row{&digits, "2.0250905E7", kMidnight},
           Row{&digits, "20250905.5", std::nullopt},
           Row{&digits, "20250905.0000001", std::nullopt},
           Row{&digits, "20251305.0", std::nullopt},
           Row{&slashes, "05/09/2025", kMidnight},
           Row{&slashes, "20250905.0", std::nullopt},
       }) {
    const ParsedTime time = TimestampParser(*row.options).parse(row.text);
    EXPECT_EQ(time.kind != Kind::kBad, row.expected.has_value()) << row.text;
    if (row.expected) {
      EXPECT_EQ(time.value, *row.expected) << row.text;
    }
  }
  EXPECT_EQ(TimestampParser(digits).parse(20'250'905).value, kMidnight);
  EXPECT_EQ(TimestampParser(slashes).parse(20'250'905).kind, Kind::kBad);
}

TEST(Timestamp, NumbersBeyondAnyEpochAreNone) {
  constexpr std::int64_t kMost = 4'000'000'000'000'000'009;
  for (const std::int64_t value : {kMost, -kMost}) EXPECT_EQ(TimestampParser().parse(value).value, value);
  for (const std::int64_t value : {kMost + 1, -kMost - 1}) EXPECT_EQ(TimestampParser().parse(value).kind, Kind::kBad);
}

TEST(Timestamp, TheUsualFormIsLocalByATableToo) {
  ReadingOptions::Time options;
  options.zone_table = std::make_shared<const TimeZone>(+[](std::int64_t) -> std::int64_t { return 2 * 3600; });
  TimestampParser parser(options);
  EXPECT_EQ(parser.parse("2025-09-05 02:00:00.000000").value, kMidnight);
  EXPECT_EQ(parser.parse("2025-09-05 02:00:00").value, kMidnight);
}

TEST(Timestamp, JsonOfDotNetEndsAsItBegins) {
  for (const char* text : {"/Date(1757030400000)/", "/Date(1757030400000+0200)/", "\\/Date(1757030400000)\\/"})
    EXPECT_EQ(TimestampParser().parse(text).value, kMidnight) << text;
  for (const char* text :
       {"/Date(1757030400000/", "/Date(1757030400000)\\/", "\\/Date(1757030400000)/", "/Date()/", "/Dote(1757030400000)/"})
    EXPECT_EQ(TimestampParser().parse(text).kind, Kind::kBad) << text;
}

TEST(Timestamp, CountsDays) {
  EXPECT_EQ(days_from_civil(1970, 1, 1), 0);
  EXPECT_EQ(days_from_civil(1969, 12, 31), -1);
  EXPECT_EQ(days_from_civil(2000, 3, 1) - days_from_civil(2000, 2, 28), 2);
  EXPECT_EQ(days_from_civil(1900, 3, 1) - days_from_civil(1900, 2, 28), 1);
  EXPECT_EQ(days_from_civil(2025, 9, 5), 20336);
  EXPECT_EQ(days_from_civil(-1, 12, 31) + 1, days_from_civil(0, 1, 1));
}

// Words of eight bytes read the usual form; after a small t the same text is read character by character.
void expect_read_alike(std::string text, TimestampParser& parser) {
  text[10] = ' ';
  const ParsedTime fast = parser.parse(text);
  text[10] = 't';
  const ParsedTime slow = parser.parse(text);
  EXPECT_EQ(fast.kind, slow.kind) << text;
  EXPECT_EQ(fast.value, slow.value) << text;
  EXPECT_EQ(fast.cut, slow.cut) << text;
}

TEST(Timestamp, ReadsTheUsualFormLikeAllOthers) {
  TimestampParser parser(kHour);
  for (int i = 0; i < 1'000'000; i += 997) {
    std::string text = "2025-09-05 00:00:00." + std::to_string(1'000'000 + i).substr(1);
    const int second = i % 86400;
    for (const auto& [at, value] : {std::pair{11u, second / 3600}, {14u, second / 60 % 60}, {17u, second % 60}}) {
      text[at] = static_cast<char>('0' + value / 10);
      text[at + 1] = static_cast<char>('0' + value % 10);
    }
    EXPECT_EQ(parser.parse(text).value, kMidnight - kHour + second * kSecond + i) << text;
    expect_read_alike(text, parser);
  }
  for (const char* known : {"2025-09-05 19:58:29.123456", "2025-09-05 00:00:00.000000", "2025-09-05 23:59:59.999999"}) {
    for (std::size_t at = 11; at < 26; ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string text = known;
        text[at] = static_cast<char>(byte);
        expect_read_alike(text, parser);
      }
    }
  }
}

TEST(Timestamp, BytesOfZeroAreNoKnownDay) {
  EXPECT_EQ(TimestampParser().parse(std::string(26, '\0')).kind, Kind::kBad);
  EXPECT_EQ(TimestampParser().parse(std::string("\0\0\0\0-\0\0-\0\0 00:00:00.000000", 26)).kind, Kind::kBad);
}

}  // namespace
}  // namespace causal_sessions
