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

}  // namespace
}  // namespace causal_sessions
