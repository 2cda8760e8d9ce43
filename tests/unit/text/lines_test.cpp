#include "text/lines.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <limits>
#include <random>

namespace causal_sessions {
namespace {

// As C prints it, but for numbers that lie half-way between two, which it rounds to the even one; below a million none of these does.
std::string printed(double value, int digits) {
  char text[400];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

TEST(Fixed, IsWhatCPrints) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> exponent(-12, 6), sign(-1, 1);
  for (int i = 0; i < 20'000; ++i) {
    const double value = std::copysign(std::pow(10, exponent(random)), sign(random));
    for (const int digits : {0, 1, 2, 4}) ASSERT_EQ(fixed(value, digits), printed(value, digits)) << value;
  }
}

TEST(Fixed, RoundsHalfWayFromZero) {
  EXPECT_EQ(fixed(0.5, 0), "1");
  EXPECT_EQ(fixed(2.5, 0), "3");
  EXPECT_EQ(fixed(-2.5, 0), "-3");
  EXPECT_EQ(fixed(0.125, 2), "0.13");
  EXPECT_EQ(fixed(-0.00625, 4), "-0.0063");  // its double lies a little beyond
  EXPECT_EQ(fixed(1.005, 2), "1.00");        // and this one a little before
}

TEST(Fixed, AtTheEdges) {
  EXPECT_EQ(fixed(0, 4), "0.0000");
  EXPECT_EQ(fixed(-0.0, 4), "0.0000");
  EXPECT_EQ(fixed(-1e-9, 4), "-0.0000");
  EXPECT_EQ(fixed(std::numeric_limits<double>::denorm_min(), 4), "0.0000");
  EXPECT_EQ(fixed(0.99995, 4), "1.0000");
  EXPECT_EQ(fixed(999'999'999'999'999.0, 4), "999999999999999.0000");
  EXPECT_EQ(fixed(1e300, 1), "1e+300");
}

TEST(Figures, AsPeopleReadThem) {
  EXPECT_EQ(count_text(0), "0");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(1'000), "1,000");
  EXPECT_EQ(count_text(12'345'678), "12,345,678");
  EXPECT_EQ(share_text(0.25), "25.0%");
  EXPECT_EQ(share_text({}), "n/a");
  EXPECT_EQ(decimal_text(99.99), "99.9900");
  EXPECT_EQ(decimal_text(-100), "-100.0");
  EXPECT_EQ(decimal_text(NAN), "n/a");
}

TEST(Printable, ControlCharactersDriveNoTerminal) {
  EXPECT_EQ(printable("a\tb\nc"), "a\tb\nc");
  EXPECT_EQ(printable("\x1b[31mred\x7f\r"), "\\x1b[31mred\\x7f\\x0d");
  EXPECT_EQ(printable("\xC2\x85\xC2\xA0\xC3\xA9"), "\\x85\xC2\xA0\xC3\xA9");
}

TEST(LineWidth, IsAskedOrTheTerminals) {
  EXPECT_EQ(line_width("72", 120), 72u);
  EXPECT_EQ(line_width("", 120), 120u);
  EXPECT_EQ(line_width("many", 120), 120u);
  EXPECT_EQ(line_width("0", 0), std::string::npos);
  EXPECT_EQ(line_width("7", 0), 40u);
}

TEST(Wrap, AtSpacesAndFurtherIn) {
  EXPECT_EQ(wrap("  one two three", 40), (Lines{"  one two three"}));
  EXPECT_EQ(wrap("  one two three", 9), (Lines{"  one two", "    three"}));
  EXPECT_EQ(wrap("  unbreakable", 5), (Lines{"  unbreakable"}));
}

TEST(Table, StandsBelowWhereThereIsNoRoom) {
  const std::vector<Lines> rows = {{"a", "1", "22"}};
  EXPECT_EQ(table("|x|yy", rows, 40), (Lines{"     x  yy", "  a  1  22"}));
  EXPECT_EQ(table("|x|yy", rows, 7), (Lines{"     x", "  a  1", "     yy", "  a  22"}));
}

}  // namespace
}  // namespace causal_sessions
