#include "core/civil_time.h"

#include <gtest/gtest.h>

#include <string>

#include "ingest/timestamp.h"

namespace causal_sessions {
namespace {

TEST(CivilTime, FormatsTimes) {
  struct Row {
    const char* name;
    std::int64_t time_us;
    const char* expected;
  };
  for (const Row& row : {Row{"epoch", 0, "1970-01-01T00:00:00Z"},
                         Row{"one before the epoch", -1, "1969-12-31T23:59:59.999999Z"},
                         Row{"a fraction", 1757031074887526, "2025-09-05T00:11:14.887526Z"},
                         Row{"a small fraction keeps its zeros", 1757030400000007, "2025-09-05T00:00:00.000007Z"},
                         Row{"leap day", 1709164800000000, "2024-02-29T00:00:00Z"},
                         Row{"last of a year", 1735689599000000, "2024-12-31T23:59:59Z"},
                         Row{"leap century", 951782400000000, "2000-02-29T00:00:00Z"},
                         Row{"far past", -62135596800000000, "0001-01-01T00:00:00Z"},
                         Row{"far future", 253402300799999999, "9999-12-31T23:59:59.999999Z"}}) {
    EXPECT_EQ(format_utc(row.time_us), row.expected) << row.name;
  }
}

// Every day of four centuries, through the parser and back.
TEST(CivilTime, IsTheInverseOfParsing) {
  constexpr std::int64_t kDay = 86'400'000'000;
  TimestampParser parser;
  for (std::int64_t day = days_from_civil(1800, 1, 1); day < days_from_civil(2201, 1, 1); ++day) {
    const std::string text = format_utc(day * kDay + 1);
    const ParsedTime time = parser.parse(text);
    ASSERT_EQ(time.kind, ParsedTime::Kind::kDate) << text;
    ASSERT_EQ(time.value, day * kDay + 1) << text;
  }
}

}  // namespace
}  // namespace causal_sessions
