#include "ingest/schema.h"

#include <gtest/gtest.h>

#include "support/run.h"

namespace causal_sessions {
namespace {

using support::contains;
using support::plan_of;
using Names = std::vector<std::string>;

std::string found(const Names& names, const Plan& plan = {}) {
  const Result<Schema> schema = find_columns("a.csv", names, plan.reading);
  if (!schema.ok()) return schema.error().message;
  std::string text;
  for (const auto& at : schema.value().column) text += (text.empty() ? "" : " ") + (at ? std::to_string(*at) : "-");
  return text;
}

TEST(Schema, FindsColumnsBySynonym) {
  struct Row {
    const char* name;
    Names names;
    const char* expected;  // positions of user, time, type and item
  };
  for (const Row& row : {
           Row{"the notebook's", {"USER_ID", "event_timestamp", "event_type", "product_id"}, "0 1 2 3"},
           Row{"other order, more columns", {"x", "product_id", "y", "type", "ts", "user"}, "5 4 3 1"},
           Row{"no item", {"client_id", "event", "timestamp"}, "0 2 1 -"},
           Row{"case and punctuation", {"User ID", "Event-Time", "EVENT TYPE", "Item.ID"}, "0 1 2 3"},
           Row{"camel case", {"visitorId", "createdAt", "eventName", "itemId"}, "0 1 2 3"},
           Row{"short", {"uid", "time", "action", "sku"}, "0 1 2 3"},
           Row{"Google Analytics", {"user_pseudo_id", "event_timestamp", "event_name"}, "0 1 2 -"},
           Row{"OTTO", {"session_user", "ts", "type", "aid", "visitor"}, "4 1 2 3"},
           Row{"spaces around", {" user_id ", "time\t", "event", "product"}, "0 1 2 3"},
       }) {
    EXPECT_EQ(found(row.names), row.expected) << row.name;
  }
}

TEST(Schema, APlanNamesColumns) {
  const Names names = {"who", "when", "what", "which", "user_id", "When", "WHICH"};
  struct Row {
    const char* name;
    const char* plan;
    const char* expected;
  };
  for (const Row& row : {
           Row{"by name", R"({"columns": {"user": "who", "time": "when", "type": "what", "item": "which"}})", "0 1 2 3"},
           Row{"the exact name wins", R"({"columns": {"time": "When", "type": "what", "item": "WHICH"}})", "4 5 2 6"},
           Row{"without case and punctuation", R"({"columns": {"time": "when", "type": "W.H.A.T."}})", "4 1 2 -"},
           Row{"by number", R"({"columns": {"user": 1, "time": 2, "type": 3, "item": 4}})", "0 1 2 3"},
       }) {
    EXPECT_EQ(found(names, plan_of(row.plan)), row.expected) << row.name;
  }
}

struct Refusal {
  const char* name;
  Names names;
  const char* plan;
  ErrorCode code;
  const char* column;
  std::vector<const char*> message;
};

void expect_refused(const Refusal& row) {
  const Result<Schema> schema = find_columns("a.csv", row.names, plan_of(row.plan).reading);
  ASSERT_FALSE(schema.ok()) << row.name;
  EXPECT_EQ(schema.error().code, row.code) << row.name;
  EXPECT_EQ(schema.error().where.column, row.column) << row.name;
  EXPECT_EQ(schema.error().where.file, "a.csv") << row.name;
  for (const char* part : row.message) EXPECT_TRUE(contains(schema.error().message, part)) << row.name;
}

TEST(SchemaRefusal, AMissingColumnSaysWhatWasFound) {
  for (const Refusal& row : {
           Refusal{"no user",
                   {"session", "time", "event"},
                   "",
                   ErrorCode::kMissingColumn,
                   "columns.user",
                   {"a.csv: no column is surely the user: \"session\"? The file has \"session\", \"time\", \"event\"",
                    "columns.user"}},
           Refusal{"nothing like a user",
                   {"wer", "time", "event"},
                   "",
                   ErrorCode::kMissingColumn,
                   "columns.user",
                   {"a.csv: no column looks like the user; the file has \"wer\", \"time\", \"event\"", "columns.user"}},
           Refusal{"no columns", {}, "", ErrorCode::kMissingColumn, "", {"a.csv has no columns"}},
           Refusal{"a mark that cannot be seen",
                   {"u\xEF\xBB\xBFser", "time", "event"},
                   "",
                   ErrorCode::kMissingColumn,
                   "columns.user",
                   {"the file has \"u\\uFEFFser\", \"time\""}},
           Refusal{"no time", {"user", "event"}, "", ErrorCode::kMissingColumn, "columns.time", {"looks like the time"}},
           Refusal{"no type", {"user", "time"}, "", ErrorCode::kMissingColumn, "columns.type", {"looks like the type"}},
           Refusal{"named but not there",
                   {"user", "time", "event"},
                   R"({"columns": {"user": "kunde"}})",
                   ErrorCode::kMissingColumn,
                   "columns.user",
                   {"there is no column \"kunde\" for the user", "\"event\""}},
           Refusal{"item named but not there",
                   {"user", "time", "event"},
                   R"({"columns": {"item": "sku"}})",
                   ErrorCode::kMissingColumn,
                   "columns.item",
                   {"there is no column \"sku\" for the item"}},
           Refusal{"number past the last",
                   {"user", "time", "event"},
                   R"({"columns": {"type": 4}})",
                   ErrorCode::kMissingColumn,
                   "columns.type",
                   {"there is no column number 4 for the type"}},
       }) {
    expect_refused(row);
  }
  Names many;
  for (int i = 0; i < 40; ++i) many.push_back("c" + std::to_string(i));
  expect_refused({"many columns", many, "", ErrorCode::kMissingColumn, "columns.user", {"\"c29\" and 10 more"}});
}

TEST(SchemaRefusal, TwoCandidatesAreListed) {
  for (const Refusal& row : {
           Refusal{"two users",
                   {"user_id", "time", "event", "visitor_id"},
                   "",
                   ErrorCode::kAmbiguousColumn,
                   "columns.user",
                   {"a.csv: more than one column could be the user: \"user_id\", \"visitor_id\"", "columns.user"}},
           Refusal{"two items",
                   {"user", "time", "event", "sku", "product"},
                   "",
                   ErrorCode::kAmbiguousColumn,
                   "columns.item",
                   {"\"sku\", \"product\""}},
           Refusal{"the same name twice",
                   {"user", "time", "event", "time"},
                   "",
                   ErrorCode::kAmbiguousColumn,
                   "columns.time",
                   {"\"time\", \"time\". Name the right one by number, 2 or 4, in the plan: columns.time"}},
           Refusal{"two that a name of the plan fits",
                   {"Wer", "WER", "time", "event"},
                   R"({"columns": {"user": "wer"}})",
                   ErrorCode::kAmbiguousColumn,
                   "columns.user",
                   {"\"Wer\", \"WER\""}},
       }) {
    expect_refused(row);
  }
}

// `client` is web or ios in many exports.
TEST(SchemaRefusal, AColumnThatMayBeTheUserIsAskedAbout) {
  EXPECT_EQ(
      found({"session_id", "timestamp", "event", "item", "client"}),
      "a.csv: no column is surely the user: \"session_id\", \"client\"? The file has \"session_id\", \"timestamp\", \"event\", "
      "\"item\", \"client\". Name the column in the plan: columns.user");
  EXPECT_EQ(found({"session_id", "timestamp", "event", "item", "client"}, plan_of(R"({"columns": {"user": "client"}})")),
            "4 1 2 3");
}

TEST(SchemaRefusal, AFolderThatNamesTheColumnIsTold) {
  for (const char* path :
       {"shop/event_type=click/part-0.parquet", "part-of-event_type=click.parquet", "a=b\\event_type=click\\x.y"}) {
    const Result<Schema> schema = find_columns(path, {"user", "time", "item"}, ReadingOptions());
    ASSERT_FALSE(schema.ok());
    EXPECT_TRUE(
        contains(schema.error().message,
                 "no column looks like the type; the file has \"user\", \"time\", \"item\". Its name says "
                 "\"event_type=click\": set columns.type to {\"value\": \"click\"}, or put the file into a folder of that name"))
        << path;
  }
  EXPECT_FALSE(contains(find_columns("date=2025-09-05/x.csv", {"user", "time"}, ReadingOptions()).error().message, "path"));
}

TEST(Schema, WhatALateColumnMayChange) {
  const Plan named = plan_of(R"({"columns": {"user": "who"}})");
  Schema schema = find_columns("a", {"Who", "time", "type"}, named.reading).value();
  EXPECT_TRUE(may_change_columns(schema, "who", named.reading));
  EXPECT_TRUE(may_change_columns(schema, "W.H.O.", named.reading));
  EXPECT_FALSE(may_change_columns(schema, "user_id", named.reading));
  schema = find_columns("a", {"who", "time", "type"}, named.reading).value();
  EXPECT_FALSE(may_change_columns(schema, "Who", named.reading));
  EXPECT_TRUE(may_change_columns(schema, "sku", named.reading));
  EXPECT_FALSE(may_change_columns(schema, "price", named.reading));
}

TEST(SchemaRefusal, OneColumnForTwoRolesIsNamed) {
  const Names names = {"id", "time", "event"};
  const std::string message = found(names, plan_of(R"({"columns": {"user": "id", "item": "id"}})"));
  EXPECT_TRUE(contains(message, "\"id\""));
  EXPECT_TRUE(contains(message, "user"));
  EXPECT_TRUE(contains(message, "item"));
}

TEST(Schema, KnowsColumnNamesFromData) {
  EXPECT_TRUE(is_known_column("Event Timestamp"));
  EXPECT_TRUE(is_known_column("SKU"));
  for (const char* text : {"", "u1", "2025-09-05", "click", "日本"}) EXPECT_FALSE(is_known_column(text)) << text;
}

}  // namespace
}  // namespace causal_sessions
