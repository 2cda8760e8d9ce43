#include "core/wording.h"

#include <gtest/gtest.h>

namespace causal_sessions {
namespace {

TEST(Wording, DurationsHaveTheUnitThatSuitsThem) {
  EXPECT_EQ(duration_text(0.25), "0.3 s");
  EXPECT_EQ(duration_text(59.9), "59.9 s");
  EXPECT_EQ(duration_text(192), "3.2 min");
  EXPECT_EQ(duration_text(300), "5 min");
  EXPECT_EQ(duration_text(24 * 3600), "24 h");
  EXPECT_EQ(duration_text(3 * 86'400), "3 days");
}

TEST(Wording, CharactersThatDeceiveAreShown) {
  EXPECT_EQ(visible("plain, also å, 日本 and 😀"), "plain, also å, 日本 and 😀");
  EXPECT_EQ(visible("a\nb\tc\x7F"), "a\\u000ab\\u0009c\\u007f");
  EXPECT_EQ(visible("\xC2\x85"), "\\u0085");  // next line
  EXPECT_EQ(visible("a\xE2\x80\xAE"
                    "b"),
            "a\\u202eb");  // right to left from here
  EXPECT_EQ(visible("\xE2\x81\xA6\xE2\x80\x8B\xEF\xBB\xBF"), "\\u2066\\u200b\\ufeff");
  EXPECT_EQ(visible("\xE2\x80"), "\\u0080");  // half a character, which checked text does not have
}

}  // namespace
}  // namespace causal_sessions
