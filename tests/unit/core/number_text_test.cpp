// Decimals and short floats as texts that name something.
#include "core/number_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace causal_sessions {
namespace {

std::string decimal(const std::vector<std::uint8_t>& bytes, int scale) {
  char text[kMaxDecimalText];
  return {text, write_decimal_id(bytes, scale, text)};
}

std::vector<std::uint8_t> bytes_of(std::int64_t value, std::size_t size) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * std::min<std::size_t>(i, 7))));
  if (size > 8) std::fill(bytes.begin() + 8, bytes.end(), static_cast<std::uint8_t>(value < 0 ? 0xFF : 0));
  return bytes;
}

TEST(DecimalText, IsTheNumberWhateverItsScale) {
  struct Row {
    std::int64_t digits;
    int scale;
    const char* text;
  };
  for (const Row& row :
       {Row{0, 0, "0"}, Row{0, 5, "0"}, Row{7, 0, "7"}, Row{700, 2, "7"}, Row{750, 2, "7.5"}, Row{-750, 2, "-7.5"},
        Row{5, 3, "0.005"}, Row{-1, 76, "-0.0000000000000000000000000000000000000000000000000000000000000000000000000001"},
        Row{12345, 5, "0.12345"}, Row{1'000'000'000, 0, "1000000000"}, Row{1'000'000'000, 9, "1"},
        Row{1'000'000'001, 9, "1.000000001"}, Row{-12, -3, "-12000"}, Row{INT64_MIN, 0, "-9223372036854775808"},
        Row{INT64_MAX, 18, "9.223372036854775807"}}) {
    for (const std::size_t size : {8u, 9u, 16u, 32u}) EXPECT_EQ(decimal(bytes_of(row.digits, size), row.scale), row.text);
  }
  EXPECT_EQ(decimal({}, 0), "0");  // no bytes at all, as some writers have a zero
  EXPECT_EQ(decimal({0xFF}, 0), "-1");
  EXPECT_EQ(decimal({0x80}, 1), "-12.8");
}

TEST(DecimalText, HasUpTo76Digits) {
  std::vector<std::uint8_t> bytes(32, 0xFF);
  bytes.back() = 0x7F;  // 2^255 - 1
  EXPECT_EQ(decimal(bytes, 0), "57896044618658097711785492504343953926634992332820282019728792003956564819967");
  EXPECT_EQ(decimal(bytes, 76), "5.7896044618658097711785492504343953926634992332820282019728792003956564819967");
  EXPECT_EQ(decimal(bytes, -76).size(), 77u + 76u);
  std::fill(bytes.begin(), bytes.end(), std::uint8_t{0});
  bytes.back() = 0x80;  // -2^255
  EXPECT_EQ(decimal(bytes, 0), "-57896044618658097711785492504343953926634992332820282019728792003956564819968");
}

TEST(ReadNumber, IsTheNearestDouble) {
  for (const char* text :
       {"0", "-0", "7", "+7", "007", "-12.5", ".5", "1.", "1e3", "1E-3", "0.1", "123456789012345", "0.30000000000000004",
        "12345678901234567890", "2.2250738585072014e-308", "1.7976931348623157e308", "0.000000000000000000000001"}) {
    const std::optional<double> value = read_number(text);
    ASSERT_TRUE(value) << text;
    EXPECT_EQ(*value, std::strtod(text, nullptr)) << text;
  }
}

TEST(ReadNumber, TakesNoOtherText) {
  for (const char* text : {"", "-", ".", "e5", "1e", "1e+", "0x10", "nan", "inf", " 1", "1 ", "1,5", "1.2.3", "1e999", "--1"}) {
    EXPECT_FALSE(read_number(text)) << text;
  }
}

TEST(HalfValue, HasTheValuesOfTheFormat) {
  EXPECT_EQ(half_value(0x3E00), 1.5);
  EXPECT_EQ(half_value(0x7BFF), 65504);
  EXPECT_EQ(half_value(0x8001), -std::ldexp(1, -24));
  EXPECT_TRUE(std::isinf(half_value(0xFC00)));
  EXPECT_TRUE(std::isnan(half_value(0x7E00)));
}

}  // namespace
}  // namespace causal_sessions
