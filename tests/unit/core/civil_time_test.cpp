#include "core/civil_time.h"

#include <gtest/gtest.h>

namespace causal_sessions {
namespace {

TEST(FormatUtc, WritesDatesOfEveryEra) {
  EXPECT_EQ(format_utc(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(format_utc(-1), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(format_utc(1'757'030'400'000'007), "2025-09-05T00:00:00.000007Z");
  EXPECT_EQ(format_utc(951'782'400'000'000), "2000-02-29T00:00:00Z");
  EXPECT_EQ(format_utc(-62'135'596'800'000'000), "0001-01-01T00:00:00Z");
  EXPECT_EQ(format_utc(-62'198'755'200'000'000), "-001-01-01T00:00:00Z");
  EXPECT_EQ(format_utc(253'402'300'800'000'000), "10000-01-01T00:00:00Z");
}

TEST(WriteClock, WritesTimesOfADayToTheirLastDigit) {
  struct Row {
    std::int64_t value, per_second;
    const char* text;
  };
  for (const Row& row : {Row{0, 1, "00:00:00"}, Row{25'380, 1, "07:03:00"}, Row{25'380'250, 1000, "07:03:00.250"},
                         Row{25'380'250'000, 1'000'000, "07:03:00.250"}, Row{25'380'000'007, 1'000'000, "07:03:00.000007"},
                         Row{25'380'000'000'007, 1'000'000'000, "07:03:00.000000007"},
                         Row{86'399'999'999'999, 1'000'000'000, "23:59:59.999999999"}, Row{86'400, 1, "24:00:00"},
                         Row{86'401, 1, ""}, Row{86'400'001, 1000, ""}, Row{-1, 1, ""}, Row{INT64_MAX, 1, ""}}) {
    char text[kMaxClockText];
    EXPECT_EQ(std::string(text, write_clock(row.value, row.per_second, text)), row.text) << row.value;
  }
}

}  // namespace
}  // namespace causal_sessions
