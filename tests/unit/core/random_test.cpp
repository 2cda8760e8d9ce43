#include "core/random.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <numeric>
#include <vector>

namespace causal_sessions {
namespace {

std::uint64_t fnv_of(const std::vector<std::uint32_t>& values) {
  std::uint64_t hash = 14695981039346656037u;
  for (const std::uint32_t value : values) hash = (hash ^ value) * 1099511628211u;
  return hash;
}

// Expected values are NumPy's: RandomState(seed).bytes, .randint(0, max + 1, dtype=uint64) and
// .shuffle.

TEST(Mt19937Legacy, DrawsAsNumpy) {
  struct Row {
    std::uint32_t seed, first, second, at_624, at_1999;
  };
  for (const Row& row :
       {Row{0, 2357136044u, 2546248239u, 341544762u, 3856691381u}, Row{42, 1608637542u, 3421126067u, 108880612u, 2238969328u},
        Row{4294967295u, 419326371u, 479346978u, 3860652269u, 1762272365u}}) {
    Mt19937Legacy random(row.seed);
    std::vector<std::uint32_t> draws(2000);
    for (std::uint32_t& draw : draws) draw = random.next_u32();
    EXPECT_EQ(draws[0], row.first) << row.seed;
    EXPECT_EQ(draws[1], row.second) << row.seed;
    EXPECT_EQ(draws[624], row.at_624) << row.seed;
    EXPECT_EQ(draws[1999], row.at_1999) << row.seed;
  }
}

TEST(Mt19937Legacy, IntervalsAsNumpy) {
  Mt19937Legacy small(42);
  for (const std::uint64_t expected : {102u, 435u, 860u, 270u, 106u, 71u, 700u, 20u}) EXPECT_EQ(small.interval(1000), expected);
  Mt19937Legacy full(7);
  for (const std::uint64_t expected : {327741615u, 976413892u, 3349725721u}) EXPECT_EQ(full.interval(0xffffffffu), expected);
  Mt19937Legacy wide(42);
  for (const std::uint64_t expected : {441507790259u, 395924837646u, 458615280711u, 810017303572u, 440001501305u}) {
    EXPECT_EQ(wide.interval(1'000'000'000'000u), expected);
  }
}

TEST(Mt19937Legacy, AnIntervalOfOneValueDrawsNothing) {
  Mt19937Legacy random(42);
  EXPECT_EQ(random.interval(0), 0u);
  EXPECT_EQ(random.next_u32(), 1608637542u);
}

TEST(Mt19937Legacy, ShufflesAsNumpy) {
  struct Row {
    std::uint32_t count;
    std::uint64_t hash;
    std::uint32_t next;  // the draw after the shuffle: as many were taken as NumPy takes
  };
  for (const Row& row : {Row{1, 0xaf63bd4c8601b7dfu, 1608637542u}, Row{2, 0x82f2207b4e88cc4u, 3421126067u},
                         Row{24, 0x667edabfc28ef887u, 1306710475u}, Row{1000, 0x11ee0fefd9b3298fu, 4251846827u},
                         Row{100000, 0xda482e525a9e8bebu, 2469033415u}}) {
    std::vector<std::uint32_t> values(row.count);
    std::iota(values.begin(), values.end(), 0u);
    Mt19937Legacy random(42);
    random.shuffle(values);
    EXPECT_EQ(fnv_of(values), row.hash) << row.count;
    EXPECT_EQ(random.next_u32(), row.next) << row.count;
  }
}

TEST(Mt19937Legacy, ShufflesNothing) {
  Mt19937Legacy random(42);
  random.shuffle({});
  EXPECT_EQ(random.next_u32(), 1608637542u);
}

TEST(Xoshiro256, DrawsAsItsReference) {
  Xoshiro256 random(std::array<std::uint64_t, 4>{1, 2, 3, 4});
  for (const std::uint64_t expected : {11520u, 0u, 1509978240u}) EXPECT_EQ(random.next_u64(), expected);
  EXPECT_EQ(random.next_u64(), 1215971899390074240u);
}

TEST(Xoshiro256, SplitMixIsTheReference) {
  std::uint64_t x = 1234567;
  EXPECT_EQ(mix64(x += kGoldenGamma), 6457827717110365317u);
  EXPECT_EQ(mix64(x += kGoldenGamma), 3203168211198807973u);
}

TEST(Xoshiro256, ChildrenDoNotDependOnDraws) {
  const StreamKey root{5};
  EXPECT_EQ(root.child(3).value, StreamKey{5}.child(3).value);
  EXPECT_NE(root.child(3).value, root.child(4).value);
  EXPECT_NE(root.child(3).child(4).value, root.child(4).child(3).value);
}

TEST(Xoshiro256, UniformAndBelowStayInRangeAndCoverIt) {
  Xoshiro256 random(StreamKey{1});
  double sum = 0;
  std::vector<std::uint32_t> counts(7);
  for (int i = 0; i < 70000; ++i) {
    const double u = random.uniform();
    ASSERT_GE(u, 0.0);
    ASSERT_LT(u, 1.0);
    sum += u;
    ++counts.at(random.below(7));
  }
  EXPECT_NEAR(sum / 70000, 0.5, 0.005);
  for (const std::uint32_t count : counts) EXPECT_NEAR(count, 10000, 500);
  EXPECT_EQ(random.below(1), 0u);
}

}  // namespace
}  // namespace causal_sessions
