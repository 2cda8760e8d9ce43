#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ingest/build/event_builder.h"

namespace causal_sessions {
namespace {

constexpr std::uint32_t kNone = StringPool::kNone;

const Schema kSchema = {{"user_id", "ts", "event", "item"}, {0, 1, 2, 3}};

// Three rows: b, a, b with a dictionary in another order, times by row.
struct Columns {
  std::vector<std::string_view> users = {"a", "unused", "b"}, types = {"click", "impression", "purchase"};
  std::vector<std::string_view> items = {"x", "", "x"};
  std::vector<std::uint32_t> user_codes = {2, 0, 2}, type_codes = {1, 0, 2};
  std::vector<std::uint32_t> user_ids = {kNone, kNone, kNone}, type_ids = {kNone, kNone, kNone};
  std::vector<std::int64_t> times = {1, 2, 3};
  std::vector<std::uint8_t> states = {1, 1, 1};

  ColumnBatch batch(TimeColumn::Unit unit = TimeColumn::Unit::kSeconds, bool local = false) {
    return {3,
            1,
            {TextColumn{users, user_codes, &user_ids}, TimeColumn{times, states, unit, local},
             TextColumn{types, type_codes, &type_ids}, TextColumn{items, {}, nullptr}}};
  }
};

TEST(EventBuilderColumns, NumbersUsersByFirstAppearance) {
  const ReadingOptions options;
  EventBuilder builder(options);
  builder.begin_file("e", kSchema);
  Columns columns;
  ASSERT_TRUE(builder.add(columns.batch()).ok());
  ASSERT_TRUE(builder.add(columns.batch()).ok());
  Result<EventTable> events = builder.finish();
  ASSERT_TRUE(events.ok());
  const EventTable& table = events.value();
  ASSERT_EQ(table.size(), 6u);
  EXPECT_EQ(table.users.size(), 2u);  // a value that no row has is no user
  EXPECT_EQ(table.users[0], "b");
  EXPECT_EQ(table.users[1], "a");
  EXPECT_EQ(table.item[1], kNone);
  EXPECT_EQ(table.time_us[5], 3'000'000);
  EXPECT_EQ(table.type[0], 1);
}

TEST(EventBuilderColumns, CountsIssuesByRowWithoutLine) {
  ReadingOptions options;
  options.events.unknown = UnknownTypes::kDrop;
  EventBuilder builder(options);
  builder.begin_file("e", kSchema);
  Columns columns;
  columns.user_codes[0] = kNone;
  columns.states[1] = TimeColumn::kMissing;
  columns.types[2] = "unheard of";
  ASSERT_TRUE(builder.add(columns.batch()).ok());
  const IssueSummary& issues = builder.issues();
  ASSERT_EQ(issues.first.size(), 3u);
  EXPECT_EQ(issues.first[0].reason, IssueReason::kMissingUser);
  EXPECT_EQ(issues.first[1].reason, IssueReason::kMissingTime);
  EXPECT_EQ(issues.first[2].reason, IssueReason::kUnknownType);
  EXPECT_EQ(issues.first[2].row, 3u);
  EXPECT_FALSE(issues.first[2].line);
  EXPECT_EQ(issues.unknown_types.at("unheard of").first_row, 3u);
}

TEST(EventBuilderColumns, RefusesATokenAmongTheItems) {
  const ReadingOptions options;
  EventBuilder builder(options);
  builder.begin_file("e", kSchema);
  Columns columns;
  columns.items[2] = "[PAD]";
  const Status status = builder.add(columns.batch());
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().message,
            "e, row 3, column \"item\": the item id \"[PAD]\" is a special token of the vocabulary; rename that item");
}

TEST(EventBuilderColumns, TurnsTimesIntoMicroseconds) {
  using Unit = TimeColumn::Unit;
  const struct {
    const char* name;
    Unit unit;
    bool local;
    std::int64_t value, expected;
    std::uint64_t cut, bad;
  } kCases[] = {
      {"seconds", Unit::kSeconds, false, -5, -5'000'000, 0, 0},
      {"milliseconds", Unit::kMilliseconds, false, 5, 5000, 0, 0},
      {"nanoseconds before 1970", Unit::kNanoseconds, false, -1500, -2, 3, 0},
      {"local", Unit::kMicroseconds, true, 7, 7 - 3'600'000'000, 0, 0},
      {"epoch milliseconds by size", Unit::kEpoch, false, 1'757'030'400'000, 1'757'030'400'000'000, 0, 0},
      {"beyond the microseconds", Unit::kSeconds, false, INT64_MAX, 0, 0, 3},
      {"beyond any epoch", Unit::kEpoch, false, INT64_MIN, 0, 0, 3},
  };
  for (const auto& row : kCases) {
    ReadingOptions options;
    options.time.zone_offset_us = 3'600'000'000;
    options.events.unknown = UnknownTypes::kDrop;
    EventBuilder builder(options);
    builder.begin_file("e", kSchema);
    Columns columns;
    columns.times.assign(3, row.value);
    ASSERT_TRUE(builder.add(columns.batch(row.unit, row.local)).ok());
    EXPECT_EQ(builder.times().cut, row.cut) << row.name;
    EXPECT_EQ(builder.issues().total(), row.bad) << row.name;
    Result<EventTable> events = builder.finish();
    if (row.bad == 0) {
      ASSERT_TRUE(events.ok()) << row.name;
      EXPECT_EQ(events.value().time_us[2], row.expected) << row.name;
    }
  }
}

}  // namespace
}  // namespace causal_sessions
