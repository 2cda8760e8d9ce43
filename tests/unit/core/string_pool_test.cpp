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

// Batches of every size, of texts new and known, repeated and missing within a batch, while the table grows.
TEST(StringPool, NumbersABatchAsOneByOne) {
  std::map<std::string, std::uint32_t> expected;
  StringPool pool;
  std::uint32_t state = 1;
  const auto draw = [&state](std::uint32_t count) { return (state = state * 1664525 + 1013904223) / 65536 % count; };
  for (std::size_t size = 0; size < 400; ++size) {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < size; ++i) {
      texts.push_back(std::string(draw(40), 'x') + std::to_string(draw(300)).substr(draw(2)));
      if (draw(20) == 0) texts.back().clear();
    }
    std::vector<std::string_view> views(texts.begin(), texts.end());
    for (std::string_view& view : views) {
      if (draw(10) == 0) view = {};
    }
    std::vector<std::uint32_t> ids(size + 1, 7);
    pool.intern(views, ids.data());
    for (std::size_t i = 0; i < size; ++i) {
      if (views[i].data() == nullptr) {
        ASSERT_EQ(ids[i], StringPool::kNone);
        continue;
      }
      const auto next = static_cast<std::uint32_t>(expected.size());
      ASSERT_EQ(ids[i], expected.try_emplace(texts[i], next).first->second) << texts[i];
    }
    ASSERT_EQ(ids[size], 7u) << "nothing is written behind the batch";
  }
  ASSERT_EQ(pool.size(), expected.size());
  EXPECT_GT(pool.size(), 5000u);
  for (const auto& [text, id] : expected) ASSERT_EQ(pool[id], text);
}

// So many that some of them share the 32 bits of their hash, about ten pairs.
TEST(StringPool, TellsApartTextsOfOneHash) {
  constexpr std::uint32_t kCount = 300'000;
  std::vector<std::string> texts;
  for (std::uint32_t i = 0; i < kCount; ++i) texts.push_back("item " + std::to_string(i));
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  std::vector<std::uint32_t> ids(kCount);
  StringPool pool;
  for (int pass = 0; pass < 2; ++pass) {
    pool.intern(views, ids.data());
    for (std::uint32_t i = 0; i < kCount; ++i) ASSERT_EQ(ids[i], i);
  }
}

}  // namespace
}  // namespace causal_sessions
