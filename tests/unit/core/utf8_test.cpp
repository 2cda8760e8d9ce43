#include "core/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace causal_sessions {
namespace {

using namespace std::string_literals;

struct Row {
  const char* name;
  std::string bytes;
  std::size_t whole;   // first byte that is not valid when nothing follows
  std::size_t prefix;  // and when more may follow
};

const Row kRows[] = {
    {"empty", "", 0, 0},
    {"ASCII", "plain", 5, 5},
    {"zero byte", "a\0b"s, 3, 3},
    {"two bytes", "\xC3\xA9", 2, 2},
    {"three bytes", "\xE6\x97\xA5", 3, 3},
    {"four bytes", "\xF0\x9F\x9B\x92", 4, 4},
    {"last code point", "\xF4\x8F\xBF\xBF", 4, 4},
    {"just below the surrogates", "\xED\x9F\xBF", 3, 3},
    {"Latin-1 e acute", "caf\xE9!", 3, 3},
    {"lone continuation", "a\x80", 1, 1},
    {"overlong two", "\xC0\xAF", 0, 0},
    {"overlong C1", "\xC1\xBF", 0, 0},
    {"overlong three", "\xE0\x9F\xBF", 0, 0},
    {"overlong four", "\xF0\x8F\xBF\xBF", 0, 0},
    {"surrogate", "\xED\xA0\x80", 0, 0},
    {"past the last code point", "\xF4\x90\x80\x80", 0, 0},
    {"lead F5", "\xF5\x80\x80\x80", 0, 0},
    {"byte FF", "ab\xFF", 2, 2},
    {"cut after one of two", "a\xC3", 1, 2},
    {"cut after two of three", "a\xE6\x97", 1, 3},
    {"cut after three of four", "\xF0\x9F\x9B", 0, 3},
    {"cut character already wrong", "a\xE0\x80", 1, 1},
    {"character interrupted", "\xE6\x97z", 0, 0},
};

TEST(Utf8, FindsTheFirstByteThatIsNotValid) {
  for (const Row& row : kRows) {
    EXPECT_EQ(find_invalid_utf8(row.bytes), row.whole) << row.name;
    EXPECT_EQ(find_invalid_utf8_prefix(row.bytes), row.prefix) << row.name;
  }
}

// Blocks of 16 bytes are looked at at once: every position in and around them.
TEST(Utf8, FindsItWhereverItStands) {
  for (std::size_t before = 0; before < 40; ++before) {
    for (const Row& row : kRows) {
      const std::string bytes = std::string(before, 'a') + row.bytes;
      EXPECT_EQ(find_invalid_utf8(bytes), before + row.whole) << row.name << " after " << before;
      EXPECT_EQ(find_invalid_utf8_prefix(bytes), before + row.prefix) << row.name << " after " << before;
    }
    const std::string text = std::string(before, 'a') + "\xE6\x97\xA5" + std::string(40, 'b');
    EXPECT_EQ(find_invalid_utf8(text), text.size());
    EXPECT_EQ(find_invalid_utf8(text + "\xE9"), text.size());
  }
}

}  // namespace
}  // namespace causal_sessions
