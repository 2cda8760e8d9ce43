#include "core/workers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <new>
#include <numeric>
#include <set>
#include <vector>

#include "core/ranges.h"
#include "core/sort_in_ranges.h"

namespace causal_sessions {
namespace {

TEST(Workers, TakeEachTaskOnce) {
  for (const unsigned threads : {0u, 1u, 2u, 3u, 8u, 64u}) {
    const Workers workers(threads);
    for (const std::size_t count : {0u, 1u, 2u, 7u, 1000u}) {
      std::vector<std::atomic<int>> taken(count);
      workers.each(count, [&](std::size_t i) { ++taken[i]; });
      EXPECT_TRUE(std::all_of(taken.begin(), taken.end(), [](const auto& times) { return times == 1; }))
          << threads << " threads, " << count << " tasks";
    }
  }
}

TEST(Workers, TakeTheTasksOfATaskOnItsThread) {
  const Workers workers(4);
  std::atomic<int> taken = 0;
  workers.each(8, [&](std::size_t) { workers.each(8, [&](std::size_t) { ++taken; }); });
  EXPECT_EQ(taken, 64);
}

#ifdef __cpp_exceptions
TEST(Workers, TellOfMemoryThatRanOutAndGoOn) {
  for (const unsigned threads : {1u, 2u, 8u}) {
    const Workers workers(threads);
    const auto fail = [](std::size_t i) {
      if (i == 5) throw std::bad_alloc();
    };
    EXPECT_THROW(workers.each(100, fail), std::bad_alloc) << threads;
    std::atomic<int> taken = 0;
    workers.each(100, [&](std::size_t) { ++taken; });
    EXPECT_EQ(taken, 100) << threads;
  }
}

TEST(Workers, StopBeforeAFurtherTask) {
  for (const unsigned threads : {1u, 2u, 8u}) {
    Workers workers(threads);
    std::atomic<std::size_t> taken = 0;
    workers.stop_when([&] { return taken >= 10; });
    EXPECT_THROW(workers.each(100'000, [&](std::size_t) { ++taken; }), Stopped) << threads;
    EXPECT_LT(taken, 10 + threads) << threads;
  }
}
#endif

// The ranges hold all positions, one after the other.
void expect_whole(const std::vector<IndexRange>& ranges, std::uint32_t size, std::size_t most) {
  ASSERT_FALSE(ranges.empty());
  EXPECT_LE(ranges.size(), most);
  EXPECT_EQ(ranges.front().begin, 0u);
  EXPECT_EQ(ranges.back().end, size);
  for (std::size_t i = 1; i < ranges.size(); ++i) EXPECT_EQ(ranges[i].begin, ranges[i - 1].end);
}

TEST(Ranges, HoldAllPositions) {
  for (const unsigned threads : {1u, 2u, 8u, 64u}) {
    const Workers workers(threads, 1);
    for (const std::uint32_t size : {0u, 1u, 5u, 1000u}) expect_whole(cut_evenly(size, workers), size, 4 * threads);
  }
  EXPECT_EQ(cut_evenly(1000, Workers(1, 1)).size(), 1u);
  const Workers few(8, 500);
  EXPECT_EQ(cut_evenly(1000, few).size(), few.threads() == 1 ? 1u : 2u);
}

TEST(Ranges, AreCutWhereGroupsAre) {
  // One group with half of all members, empty groups, groups of one.
  std::vector<std::uint32_t> begin = {0, 0, 3, 3, 503};
  while (begin.back() < 1000) begin.push_back(begin.back() + 1);
  std::vector<std::uint32_t> group;
  for (std::uint32_t g = 0; g + 1 < begin.size(); ++g) group.insert(group.end(), begin[g + 1] - begin[g], g);
  for (const unsigned threads : {1u, 2u, 8u, 64u}) {
    const Workers workers(threads, 1);
    expect_whole(cut_groups(begin, workers), static_cast<std::uint32_t>(begin.size() - 1), 4 * threads);
    const auto members = cut_members(group, workers);
    expect_whole(members, 1000, 4 * threads);
    for (const IndexRange& range : members) {
      EXPECT_TRUE(range.begin == 0 || group[range.begin] != group[range.begin - 1]) << range.begin;
    }
  }
  expect_whole(cut_groups(std::vector<std::uint32_t>{0}, Workers(8, 1)), 0, 1);
}

TEST(Ranges, AreSortedAndMerged) {
  std::vector<std::uint32_t> values(5000);
  for (std::uint32_t i = 0; i < values.size(); ++i) values[i] = i * 2654435761u % 1009;
  std::vector<std::uint32_t> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  for (const unsigned threads : {1u, 2u, 3u, 8u}) {
    std::vector<std::uint32_t> again = values;
    sort_in_ranges(again, Workers(threads, 1), std::less<>());
    EXPECT_EQ(again, sorted) << threads;
  }
}

}  // namespace
}  // namespace causal_sessions
