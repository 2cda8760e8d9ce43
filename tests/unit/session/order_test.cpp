#include "session/order.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/events.h"

namespace causal_sessions {
namespace {

using support::Event;
using support::event_table;
using support::ordered_events;

// The items in order, users apart.
std::string items_of(const OrderedEvents& events) {
  std::string text;
  for (std::size_t user = 0; user + 1 < events.user_begin.size(); ++user) {
    text += std::string(events.users[static_cast<std::uint32_t>(user)]) + ":";
    for (std::uint32_t i = events.user_begin[user]; i < events.user_begin[user + 1]; ++i) {
      text += events.item[i] == StringPool::kNone ? "-" : std::string(events.items[events.item[i]]);
    }
    text += " ";
  }
  return text;
}

TEST(Order, UsersByFirstAppearanceThenTime) {
  const OrderedEvents events =
      ordered_events({{"v", 30, 0, "a"}, {"u", 5, 1, "b"}, {"v", 10, 2, "c"}, {"u", 6, 3}, {"v", 20, 0, "d"}});
  EXPECT_EQ(items_of(events), "v:cda u:b- ");
  EXPECT_EQ(events.time_us, (RawVector<std::int64_t>{10, 20, 30, 5, 6}));
  EXPECT_EQ(events.type, (RawVector<std::uint8_t>{2, 0, 0, 1, 3}));
  EXPECT_EQ(events.size(), 5u);
}

TEST(Order, NoEvents) {
  const OrderedEvents events = ordered_events({});
  EXPECT_EQ(events.size(), 0u);
  EXPECT_EQ(events.user_begin, (std::vector<std::uint32_t>{0}));
}

TEST(Order, TiesByRule) {
  const std::vector<Event> few = {{"u", 2, 3, "a"}, {"u", 1, 2, "b"}, {"u", 1, 0, "c"},
                                  {"u", 1, 2, "d"}, {"u", 2, 0, "e"}, {"u", 1, 1, "f"}};
  EXPECT_EQ(items_of(ordered_events(few, TieRule::kInput)), "u:bcdfae ");
  EXPECT_EQ(items_of(ordered_events(few, TieRule::kPriority)), "u:cfbdea ");
  EXPECT_EQ(items_of(ordered_events(few, TieRule::kNumpy)), "u:bcdfae ") << "up to 16 events NumPy is stable";
  // In order but tied: only priority moves anything.
  const std::vector<Event> tied = {{"u", 1, 3, "a"}, {"u", 1, 0, "b"}, {"u", 2, 0, "c"}};
  EXPECT_EQ(items_of(ordered_events(tied, TieRule::kNumpy)), "u:abc ");
  EXPECT_EQ(items_of(ordered_events(tied, TieRule::kPriority)), "u:bac ");
}

// 17 events at one time: numpy.zeros(17, "datetime64[ns]").argsort() is not the identity.
TEST(Order, SeventeenTiedEventsMoveAsInNumpy) {
  const char* names = "abcdefghijklmnopq";
  std::vector<Event> events;
  for (std::size_t i = 0; i < 17; ++i) events.push_back({"u", 7, 0, std::string_view(names + i, 1)});
  EXPECT_EQ(items_of(ordered_events(events, TieRule::kInput)), "u:abcdefghijklmnopq ");
  EXPECT_EQ(items_of(ordered_events(events, TieRule::kPriority)), "u:abcdefghijklmnopq ");
  EXPECT_EQ(items_of(ordered_events(events, TieRule::kNumpy)), "u:aonmlkjpigfedcbhq ");
}

TEST(Order, CountsEventsThatShareUserAndTime) {
  EXPECT_EQ(ordered_events({{"u", 1}, {"u", 1}, {"v", 1}, {"u", 2}, {"u", 3}, {"u", 3}, {"u", 3}}).tied, 5u);
  EXPECT_EQ(ordered_events({{"u", 1}, {"v", 1}}).tied, 0u);
  EXPECT_EQ(ordered_events({{"u", 1}, {"v", 1}, {"u", 2}, {"u", 1}}).tied, 2u) << "counted after sorting";
}

// Columns are stored in blocks of 65,536.
TEST(Order, ManyBlocks) {
  constexpr std::uint32_t kCount = 150'000;
  EventTable table;
  const std::uint32_t users[] = {table.users.intern("u"), table.users.intern("v"), table.users.intern("w")};
  for (std::uint32_t i = 0; i < kCount; ++i) {
    table.user.push_back(users[i % 3]);
    table.time_us.push_back(kCount - i);
    table.type.push_back(static_cast<std::uint8_t>(i % 4));
    table.item.push_back(i);
  }
  const OrderedEvents events = order_events(std::move(table), TieRule::kNumpy);
  ASSERT_EQ(events.user_begin, (std::vector<std::uint32_t>{0, 50'000, 100'000, 150'000}));
  for (std::uint32_t i = 0; i < kCount; ++i) {
    const std::uint32_t user = i / 50'000, row = (49'999 - i % 50'000) * 3 + user;
    ASSERT_EQ(events.item[i], row);
    ASSERT_EQ(events.time_us[i], kCount - row);
    ASSERT_EQ(events.type[i], row % 4);
  }
}

// By ranges of users or straight to its place, each event goes to the same one, on any number of threads.
TEST(Order, ByRangesOfUsersIsTheSame) {
  constexpr std::uint32_t kCount = 300'000, kUsers = 700;
  const auto table = [&] {
    EventTable made;
    for (std::uint32_t i = 0; i < kCount; ++i) {
      // One user has a third of all events, and some have none.
      const std::uint32_t user = i % 3 == 0 ? 5 : (i * 2654435761u >> 7) % kUsers;
      made.user.push_back(user);
      made.time_us.push_back(i * 7919u % 1000);
      made.type.push_back(static_cast<std::uint8_t>(i % 5));
      made.item.push_back(i);
    }
    for (std::uint32_t user = 0; user < kUsers; ++user) made.users.intern("u" + std::to_string(user));
    return made;
  };
  const OrderedEvents straight = group_events(table());
  for (const unsigned threads : {1u, 2u, 3u}) {
    const Workers workers(threads, 1);
    for (const std::size_t near : {std::size_t{1}, std::size_t{1000}, std::size_t{200'000}}) {
      const OrderedEvents ranged = group_events(table(), workers, near);
      ASSERT_EQ(ranged.user_begin, straight.user_begin);
      ASSERT_EQ(ranged.time_us, straight.time_us);
      ASSERT_EQ(ranged.type, straight.type);
      ASSERT_EQ(ranged.item, straight.item);
    }
  }
}

TEST(SegmentSorter, SortsOnlyItsSegment) {
  OrderedEvents events = ordered_events({{"u", 1, 0, "a"}, {"u", 2, 0, "b"}, {"u", 3, 0, "c"}, {"u", 4, 0, "d"}});
  events.time_us = {9, 8, 7, 6};
  SegmentSorter(TieRule::kInput).sort(events, 1, 3);
  EXPECT_EQ(events.time_us, (RawVector<std::int64_t>{9, 7, 8, 6}));
  EXPECT_EQ(items_of(events), "u:acbd ");
  SegmentSorter(TieRule::kInput).sort(events, 2, 2);
  EXPECT_EQ(items_of(events), "u:acbd ");
}

}  // namespace
}  // namespace causal_sessions
