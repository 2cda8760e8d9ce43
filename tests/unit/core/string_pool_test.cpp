#include "core/string_pool.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <string>
#include <vector>

namespace causal_sessions {
namespace {

TEST(StringPool, NumbersTextsByFirstAppearance) {
  StringPool pool;
  EXPECT_EQ(pool.intern("b"), 0u);
  EXPECT_EQ(pool.intern("a"), 1u);
  EXPECT_EQ(pool.intern("b"), 0u);
  EXPECT_EQ(pool.size(), 2u);
  EXPECT_EQ(pool[0], "b");
  EXPECT_EQ(pool[1], "a");
  EXPECT_EQ(pool.find("a"), 1u);
  EXPECT_EQ(pool.find("c"), StringPool::kNone);
  EXPECT_EQ(pool.size(), 2u) << "find does not add";
}

TEST(StringPool, AnEmptyTextIsATextAndNoTextIsNone) {
  StringPool pool;
  const std::array<std::string_view, 4> texts = {"", std::string_view(), "a", ""};
  std::array<std::uint32_t, 4> ids{};
  pool.intern(texts, ids.data());
  EXPECT_EQ(ids, (std::array<std::uint32_t, 4>{0, StringPool::kNone, 1, 0}));
  EXPECT_EQ(pool[0], "");
}

TEST(StringPool, TellsApartTextsThatDifferInOneByteOrInLength) {
  StringPool pool;
  std::uint32_t expected = 0;
  for (std::size_t size = 0; size < 40; ++size) {
    const std::string text(size, 'x');
    EXPECT_EQ(pool.intern(text), expected++) << size;
    for (std::size_t at = 0; at < size; ++at) {
      std::string changed = text;
      changed[at] = '\0';
      EXPECT_EQ(pool.intern(changed), expected++) << size << " at " << at;
    }
  }
}

// Past the first table of 1024 slots, several times, within one batch too.
TEST(StringPool, GrowsWithoutChangingIds) {
  constexpr std::uint32_t kCount = 20'000;
  std::vector<std::string> texts;
  for (std::uint32_t i = 0; i < kCount; ++i) texts.push_back("item-" + std::to_string(i % 13'000));
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  std::vector<std::uint32_t> ids(kCount);
  StringPool pool;
  pool.intern(views, ids.data());
  EXPECT_EQ(pool.size(), 13'000u);
  std::size_t bytes = 0;
  for (std::uint32_t i = 0; i < kCount; ++i) {
    ASSERT_EQ(ids[i], i % 13'000);
    ASSERT_EQ(pool[ids[i]], texts[i]);
    ASSERT_EQ(pool.find(texts[i]), ids[i]);
    if (i < 13'000) bytes += texts[i].size();
  }
  EXPECT_EQ(pool.text_bytes(), bytes);
}

}  // namespace
}  // namespace causal_sessions
