#include "ingest/build/event_builder.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/run.h"

namespace causal_sessions {
namespace {

using support::contains;
using support::plan_of;

struct Row {
  std::string_view user, time, type, item = {};
};

// Adds rows as one batch, numbered from `first_row`, the header on line 1.
Status add(EventBuilder& builder, const std::vector<Row>& rows, std::uint64_t first_row = 1) {
  RowBatch batch;
  for (const Row& row : rows) {
    const std::size_t at = batch.size++;
    batch.cells[0][at] = row.user;
    batch.cells[1][at] = row.time;
    batch.cells[2][at] = row.type;
    batch.cells[3][at] = row.item;
    batch.row[at] = first_row + at;
    batch.line[at] = first_row + at + 1;
  }
  return builder.add(batch);
}

Schema schema() {
  const Result<Schema> found = find_columns("a.csv", {"user", "time", "type", "item"}, ReadingOptions());
  return found.value();
}

// One file of these rows.
struct Built {
  explicit Built(const ReadingOptions& options, const std::vector<Row>& rows)
      : builder(options), status(feed(rows)), events(finish()) {}

  Status feed(const std::vector<Row>& rows) {
    builder.begin_file("a.csv", schema());
    return add(builder, rows);
  }
  Result<EventTable> finish() {
    if (!status.ok()) return status.error();
    return builder.finish();
  }
  [[nodiscard]] std::string message() const { return events.ok() ? "" : events.error().message; }

  EventBuilder builder;
  Status status;
  Result<EventTable> events;
};

TEST(EventBuilder, NumbersTextsAndKeepsInputOrder) {
  const Plan plan;
  const Built built(plan.reading, {{"b", "2025-09-05 00:00:01", "click", "y"},
                                   {"a", "2025-09-05 00:00:00", "auction"},
                                   {"b", "2025-09-05 00:00:00.5", "purchase", "x"},
                                   {"b", "2025-09-05 00:00:02", "impression", "y"}});
  ASSERT_TRUE(built.events.ok()) << built.message();
  const EventTable& events = built.events.value();
  ASSERT_EQ(events.size(), 4u);
  const std::uint32_t users[] = {0, 1, 0, 0};
  const std::uint32_t items[] = {0, StringPool::kNone, 1, 0};
  const std::uint8_t types[] = {2, 0, 3, 1};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(events.user[i], users[i]) << i;
    EXPECT_EQ(events.item[i], items[i]) << i;
    EXPECT_EQ(events.type[i], types[i]) << i;
  }
  EXPECT_EQ(events.users[0], "b");
  EXPECT_EQ(events.items[1], "x");
  EXPECT_EQ(events.time_us[2] - events.time_us[1], 500'000);
  EXPECT_EQ(built.builder.times().unit, "text");
  EXPECT_EQ(built.builder.times().min_us, 1757030400000000);
  EXPECT_EQ(built.builder.times().max_us, 1757030402000000);
  EXPECT_EQ(built.builder.issues().total(), 0u);
}

TEST(EventBuilder, CountsDigitsBeyondTheMicrosecond) {
  struct Case {
    const char* name;
    const char* plan;
    std::vector<Row> rows;
    std::uint64_t expected;
  };
  for (const Case& row : {
           Case{"text", "", {{"u", "2025-09-05 00:00:00.1234567", "click"}, {"u", "2025-09-05 00:00:00.1234560", "click"}}, 1},
           Case{"seconds", "", {{"u", "1757030400.1234567", "click"}, {"u", "1757030400.123456", "click"}}, 1},
           Case{"milliseconds", "", {{"u", "1757030400000.1234", "click"}, {"u", "1757030400000.123", "click"}}, 1},
           Case{"microseconds", "", {{"u", "1757030400000000.5", "click"}, {"u", "1757030400000000", "click"}}, 1},
           Case{"nanoseconds", "", {{"u", "1757030400000000001", "click"}, {"u", "1757030400000001000", "click"}}, 1},
           Case{"a time is counted once", R"({"time": {"unit": "ms"}})", {{"u", "1757030400000.1234567", "click"}}, 1},
       }) {
    const Plan plan = plan_of(row.plan);
    const Built built(plan.reading, row.rows);
    ASSERT_TRUE(built.events.ok()) << row.name << built.message();
    EXPECT_EQ(built.builder.times().cut, row.expected) << row.name;
  }
}

TEST(EventBuilder, ReadsEpochNumbersByMagnitude) {
  struct Case {
    const char* name;
    const char* plan;
    std::vector<std::string_view> times;
    const char* unit;
    std::vector<std::int64_t> expected;
  };
  for (const Case& row : {
           Case{"seconds", "", {"1757030400", "0", "-86400"}, "s", {1757030400000000, 0, -86400000000}},
           Case{"seconds with fractions",
                "",
                {"1757030400", "1757030400.25", "1757030401.000001"},
                "s",
                {1757030400000000, 1757030400250000, 1757030401000001}},
           Case{"negative fraction", R"({"time": {"unit": "s"}})", {"-0.25", "-86400.5"}, "s", {-250'000, -86400500000}},
           Case{"milliseconds", "", {"1757030400123", "0"}, "ms", {1757030400123000, 0}},
           Case{"milliseconds with fractions", "", {"1757030400123.5"}, "ms", {1757030400123500}},
           Case{"microseconds", "", {"1757030400123456"}, "us", {1757030400123456}},
           Case{"nanoseconds", "", {"1757030400123456789", "1757030400123456000"}, "ns", {1757030400123456, 1757030400123456}},
           Case{"nanoseconds before 1970", R"({"time": {"unit": "ns"}})", {"-1", "-1000"}, "ns", {-1, -1}},
           Case{"exponent", "", {"1.757e9"}, "s", {1757000000000000}},
           Case{"the plan's unit", R"({"time": {"unit": "ms"}})", {"1000", "1757030400123"}, "ms", {1000000, 1757030400123000}},
           Case{"largest seconds", "", {"99999999999", "1757030400"}, "s", {99999999999000000, 1757030400000000}},
           Case{"smallest milliseconds", "", {"100000000000", "1757030400123"}, "ms", {100000000000000, 1757030400123000}},
       }) {
    const Plan plan = plan_of(row.plan);
    std::vector<Row> rows;
    for (const std::string_view time : row.times) rows.push_back({"u", time, "click"});
    const Built built(plan.reading, rows);
    ASSERT_TRUE(built.events.ok()) << row.name << built.message();
    EXPECT_EQ(built.builder.times().unit, row.unit) << row.name;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(built.events.value().time_us[i], row.expected[i]) << row.name << " " << i;
    }
  }
}

// Fractions that first show up after a batch without any.
TEST(EventBuilder, KeepsFractionsThatComeLate) {
  const Plan plan = plan_of(R"({"time": {"unit": "s"}})");
  EventBuilder builder(plan.reading);
  builder.begin_file("a.csv", schema());
  ASSERT_TRUE(add(builder, {{"u", "10", "click"}, {"u", "11", "click"}}).ok());
  ASSERT_TRUE(add(builder, {{"u", "12", "click"}, {"u", "13.5", "click"}}).ok());
  ASSERT_TRUE(add(builder, {{"u", "14", "click"}}).ok());
  const Result<EventTable> events = builder.finish();
  ASSERT_TRUE(events.ok());
  const std::int64_t expected[] = {10'000'000, 11'000'000, 12'000'000, 13'500'000, 14'000'000};
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(events.value().time_us[i], expected[i]);
}

TEST(EventBuilderRefusal, MixedEpochUnits) {
  const Plan plan;
  const Built built(plan.reading, {{"u", "1757030400", "click"}, {"u", "0", "click"}, {"u", "1757030400123", "click"}});
  ASSERT_FALSE(built.events.ok());
  EXPECT_EQ(built.events.error().code, ErrorCode::kMixedTimeUnits);
  EXPECT_EQ(built.events.error().where.row, 3u);
  EXPECT_TRUE(contains(built.message(),
                       "a.csv, row 3, column \"time\": \"1757030400123\" looks like an epoch time in ms, "
                       "but \"1757030400\" in row 1 like one in s"));
  EXPECT_TRUE(contains(built.message(), "time.unit"));
}

TEST(EventBuilderRefusal, AnEpochTimePastTheRange) {
  const Plan plan = plan_of(R"({"time": {"unit": "s"}})");
  const Built built(plan.reading, {{"u", "1757030400123456", "click"}});
  ASSERT_FALSE(built.events.ok());
  EXPECT_TRUE(contains(built.message(), "the time 1757030400123456 is no epoch time in s; check time.unit in the plan"));
}

TEST(EventBuilderRefusal, ABadTimeNamesRowAndText) {
  struct Case {
    const char* name;
    std::string_view time;
    const char* message;
  };
  for (const Case& row : {
           Case{"29 February 2023", "2023-02-29", "\"2023-02-29\" is not a time like the others"},
           Case{"24:01", "2024-02-29 24:01", "\"2024-02-29 24:01\" is not a time"},
           Case{"word", "soon", "\"soon\" is not a time"},
           Case{"a number among dates", "1757030400", "\"1757030400\" is not a time like the others"},
           Case{"long text", "one two three four five six seven eight nine ten eleven twelve",
                "\"one two three four five six seven eight nine ten eleven twel...\" is not a time"},
       }) {
    const Plan plan;
    const Built built(plan.reading, {{"u", "2024-02-29", "click"}, {"u", row.time, "click"}, {"u", "2024-03-01", "click"}});
    ASSERT_FALSE(built.events.ok()) << row.name;
    EXPECT_EQ(built.events.error().code, ErrorCode::kBadRows) << row.name;
    EXPECT_EQ(built.events.error().where.row, 2u) << row.name;
    EXPECT_EQ(built.events.error().where.line, 3u) << row.name;
    EXPECT_EQ(built.events.error().where.column, "time") << row.name;
    EXPECT_TRUE(contains(built.message(), "a.csv, row 2 (line 3), column \"time\": ")) << row.name;
    EXPECT_TRUE(contains(built.message(), row.message)) << row.name;
    EXPECT_TRUE(contains(built.message(), "1 row of 3 cannot be used: 1 with a time that cannot be read.")) << row.name;
  }
}

TEST(EventBuilderRefusal, UnknownTypesAreCountedByType) {
  const Plan plan;
  const Built built(plan.reading,
                    {{"u", "1", "click"}, {"u", "2", "view"}, {"u", "3", "Click"}, {"u", "4", "click"}, {"u", "5", "click"}});
  ASSERT_FALSE(built.events.ok());
  EXPECT_EQ(built.events.error().code, ErrorCode::kBadRows);
  EXPECT_EQ(built.message(),
            "a.csv, row 2 (line 3), column \"type\": \"view\" is not one of events.types. 2 rows of 5 cannot be used: "
            "2 with an unknown event type (\"Click\" 1, \"view\" 1). \"Click\" differs from \"click\" in its case alone. "
            "Add the types to events.types, or set events.unknown to \"add\" or \"drop\"");
}

TEST(EventBuilderRefusal, ManyUnknownTypesAreCutShort) {
  const Plan plan;
  std::vector<std::string> names;
  for (int i = 10; i < 30; ++i) names.push_back("t" + std::to_string(i));
  std::vector<Row> rows;
  for (const std::string& name : names) rows.push_back({"u", "1", name});
  const Built built(plan.reading, rows);
  EXPECT_TRUE(contains(built.message(), "20 with an unknown event type (\"t10\" 1, "));
  EXPECT_TRUE(contains(built.message(), "\"t19\" 1, ...)"));
}

TEST(EventBuilder, IssuesAreCountedByReasonAndTheFirstOnesKept) {
  const Plan plan = plan_of(R"({"events": {"unknown": "drop"}})");
  std::vector<Row> rows = {{"u", "2024-01-01", "click", "x"}, {"", "2024-01-01", "click"},  {"u", "", "click"},
                           {"u", "2024-01-01", ""},           {"u", "31/02/2024", "click"}, {"u", "2024-01-01", "view", "z"}};
  for (int i = 0; i < 10; ++i) rows.push_back({"u", "bad", "click", "y"});
  const Built built(plan.reading, rows);
  ASSERT_TRUE(built.events.ok()) << built.message();
  EXPECT_EQ(built.events.value().size(), 1u);
  EXPECT_EQ(built.events.value().items.size(), 1u) << "rows left out leave no items";
  const IssueSummary& issues = built.builder.issues();
  EXPECT_EQ(issues.rows, (std::array<std::uint64_t, kIssueReasons>{1, 1, 1, 11, 1, 0, 0}));
  EXPECT_EQ(issues.total(), 15u);
  EXPECT_EQ(built.builder.rows(), 16u);
  ASSERT_EQ(issues.first.size(), 4u + IssueSummary::kKept);
  EXPECT_EQ(issues.first[0].reason, IssueReason::kMissingUser);
  EXPECT_EQ(issues.first[0].row, 2u);
  EXPECT_EQ(issues.first[0].column, "user");
  EXPECT_EQ(issues.first[3].text, "31/02/2024");
  EXPECT_EQ(issues.unknown_types.at("view").rows, 1u);
  EXPECT_EQ(issues.unknown_types.at("view").first_row, 6u);
}

TEST(EventBuilder, UnknownTypesAreAppendedInOrderOfAppearance) {
  const Plan plan = plan_of(R"({"events": {"unknown": "add"}, "outcome": {"type": "pay"}, "time": {"unit": "s"}})");
  const Built built(plan.reading, {{"u", "1", "view"}, {"u", "2", "click"}, {"u", "3", "pay"}, {"u", "4", "view"}});
  ASSERT_TRUE(built.events.ok()) << built.message();
  const EventTable& events = built.events.value();
  EXPECT_EQ(events.types, (std::vector<std::string>{"auction", "impression", "click", "purchase", "view", "pay"}));
  EXPECT_EQ(events.type[0], 4u);
  EXPECT_EQ(events.type[2], 5u);
}

TEST(EventBuilderRefusal, ATreatmentThatNoRowHas) {
  const support::Outcome outcome = support::run(plan_of(R"({"events": {"unknown": "add"}, "treatment": {"type": "cart"}})"),
                                                "user_id,time,event_type\nu,2025-09-05,view\n");
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error->code, ErrorCode::kBadPlan);
  EXPECT_TRUE(contains(outcome.message(), "treatment.type is \"cart\", but no row has that event type; the data has \"view\" 1"));
}

TEST(EventBuilderRefusal, OtherBadRowsAreRefusedWhenTypesAreAdded) {
  const Plan plan = plan_of(R"({"events": {"unknown": "add"}})");
  const Built built(plan.reading, {{"u", "1", "view"}, {"", "2", "view"}, {"u", "3", "view"}});
  EXPECT_TRUE(contains(built.message(), "a.csv, row 2 (line 3), column \"user\": the user is missing"));
  EXPECT_TRUE(contains(built.message(), "1 with no user. Set rows.bad to \"drop\""));
}

TEST(EventBuilderRefusal, AnItemNamedLikeASpecialToken) {
  struct Case {
    const char* name;
    const char* plan;
    std::string_view item;
    bool refused;
  };
  for (const Case& row : {Case{"[PAD]", "", "[PAD]", true}, Case{"[AUCTION]", "", "[AUCTION]", true},
                          Case{"[UNK]", "", "[UNK]", true}, Case{"other case", "", "[pad]", false},
                          Case{"a token of the plan", R"({"events": {"withoutItem": {"click": "[C]"}}})", "[C]", true},
                          Case{"not a token of the plan", "", "[C]", false}}) {
    const Plan plan = plan_of(row.plan);
    const Built built(plan.reading, {{"u", "1", "click", "x"}, {"u", "bad", "click"}, {"u", "2", "purchase", row.item}});
    if (!row.refused) {
      EXPECT_FALSE(contains(built.message(), "special token")) << row.name;
      continue;
    }
    ASSERT_FALSE(built.events.ok()) << row.name;
    EXPECT_EQ(built.events.error().code, ErrorCode::kReservedId) << row.name;
    EXPECT_EQ(built.events.error().where.row, 3u) << row.name;
    EXPECT_TRUE(contains(built.message(), "a.csv, row 3 (line 4), column \"item\": the item id \"" + std::string(row.item) +
                                              "\" is a special token of the vocabulary"))
        << row.name;
  }
}

TEST(EventBuilder, APlaceIsNamedByWhatIsKnown) {
  EXPECT_EQ(place({"a.csv", 17, 18, "time"}), "a.csv, row 17 (line 18), column \"time\"");
  EXPECT_EQ(place({"a.csv", 17, {}, {}}), "a.csv, row 17");
  EXPECT_EQ(place({"a.csv", {}, 3, {}}), "a.csv, line 3");
  EXPECT_EQ(place({"", {}, {}, "time"}), "column \"time\"");
}

}  // namespace
}  // namespace causal_sessions
