// What a file says of all of its rows, by its name, its folder or a rule, and where its columns say it too.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "derived_events.h"
#include "ingest/event_reader.h"
#include "ingest/file_notices.h"
#include "support/chunks.h"
#include "support/events.h"
#include "support/run.h"

namespace causal_sessions {
namespace {

using support::contains;
using support::plan_of;
using support::table_text;

TEST(FileColumns, AConstantIsOfThePlanOrOfTheFile) {
  const std::string csv = "user,time,item\nu,5,i\n";
  const std::string files =
      R"({"input": {"files": [{"match": "*clicks*", "type": "click"}, {"match": "*", "type": "purchase"}]}})";
  expect_events({
      {"of the plan", R"({"columns": {"type": {"value": "click"}}})", csv, "u/5000000/click/i\n"},
      {"of the file", files, csv, "u/5000000/click/i\n", "shop-clicks.csv"},
      {"of another file", files, csv, "u/5000000/purchase/i\n", "shop-buys.csv"},
      {"of a file in a folder whose name fits too", files, csv, "u/5000000/purchase/i\n", "clicks/buys.csv"},
      {"of a folder that the pattern names", R"({"input": {"files": [{"match": "*/clicks/*", "type": "click"}]}})", csv,
       "u/5000000/click/i\n", "shop/clicks/part-0.csv"},
      {"in place of a column", files, "user,time,item,type\nu,5,i,impression\n", "u/5000000/click/i\n", "clicks.csv"},
      {"of a folder", "{}", csv, "u/5000000/click/i\n", "shop/event_type=click/part-0.csv"},
      {"of a folder, escaped", R"({"columns": {"item": "kind"}})", "user,time,type\nu,5,click\n", "u/5000000/click/a/b\n",
       "kind=a%2Fb/part-0.csv"},
      {"a folder of missing values", R"({"columns": {"item": "kind"}})", "user,time,type\nu,5,click\n", "u/5000000/click/-\n",
       "kind=__HIVE_DEFAULT_PARTITION__/part-0.csv"},
      {"a list in a text inside of an object", R"({"columns": {"item": "p.q[].id"}})",
       R"({"user": "u", "time": 5, "type": "click", "p": {"q": "[{\"id\": 1}, {\"id\": 2}]"}})",
       "u/5000000/click/1\nu/5000000/click/2\n"},
      {"an object where others have a list", R"({"columns": {"item": "p[].id"}})",
       "{\"user\": \"u\", \"time\": 5, \"type\": \"click\", \"p\": {\"id\": 1}}\n{\"user\": \"u\", \"time\": 6, \"type\": "
       "\"click\", "
       "\"p\": [{\"id\": 2}, {\"id\": 3}]}\n",
       "u/5000000/click/1\nu/6000000/click/2\nu/6000000/click/3\n"},
      {"the file's own column counts", "{}", "user,time,type\nu,5,click\n", "u/5000000/click/-\n", "type=purchase/part-0.csv"},
      {"a folder where the column has nothing", "{}", "user,time,type\nu,5,\nu,6,click\n",
       "u/5000000/purchase/-\nu/6000000/click/-\n", "type=purchase/part-0.csv"},
      {"a folder where the column has a text for nothing", R"({"input": {"nulls": ["-"]}})", "user,time,type\nu,5,-\n",
       "u/5000000/purchase/-\n", "type=purchase/part-0.csv"},
      {"no folder for a time", "{}", "user,time,type\nu,1970-01-01T00:00:05,click\n", "u/5000000/click/-\n",
       "time=1970-01-01/part-0.csv"},
      {"of the file beside a constant for all others", R"({"columns": {"type": {"value": "purchase"}}, "input": {"files": [
           {"match": "*clicks*", "type": "click"}]}})",
       csv, "u/5000000/click/i\n", "clicks.csv"},
      {"of a file without the column that the plan names", R"({"columns": {"type": "kind"}, "input": {"files": [
           {"match": "*clicks*", "type": "click"}]}})",
       csv, "u/5000000/click/i\n", "clicks.csv"},
  });
}

TEST(FileColumns, ATypeOfTheFileBesideANamedColumnIsRefused) {
  for (const char* column : {R"("kind")", R"(["other", "kind"])", "4", R"("Kind")"}) {
    const std::string plan =
        std::string(R"({"columns": {"type": )") + column + R"(}, "input": {"files": [{"match": "*clicks*", "type": "click"}]}})";
    EXPECT_EQ(events_of(plan, {{"user,time,item,kind\nu,5,i,click\n", {}, "clicks.csv"}}),
              "clicks.csv: columns.type names its column \"kind\", and input.files gives all of its events the type \"click\"; "
              "leave \"type\" out of the rule \"*clicks*\" to have the column's, or columns.type to have the rule's")
        << column;
    EXPECT_EQ(events_of(plan, {{"user,time,item,kind\nu,5,i,click\n", {}, "buys.csv"}}), "u/5000000/click/i\n");
  }
}

TEST(FileColumns, AFileMayHaveItsOwnUnitAndZone) {
  const auto ruled = [](const std::string& rules) {
    return R"({"time": {"unit": "auto"}, "input": {"files": [)" + rules + "]}}";
  };
  const support::Input small{"user,time,type\nu,1757030400,click\n", {}, "a.csv"},
      big{"user,time,type\nu,1757030401000,click\n", {}, "b.csv"};
  const auto read_all = [](const std::string& plan_text, const std::vector<support::Input>& inputs) {
    const Plan plan = plan_of(plan_text);
    EventReader reader(plan.reading);
    for (const support::Input& input : inputs) {
      if (Status status = support::feed(reader, input); !status.ok()) return status.error().message;
    }
    const Result<EventTable> events = reader.finish();
    return events.ok() ? table_text(events.value()) + reader.builder().times().unit : events.error().message;
  };
  const std::string both = "u/1757030400000000/click/-\nu/1757030401000000/click/-\n";
  EXPECT_TRUE(contains(read_all("{}", {small, big}), "if each file has its own, that of each: input.files"));
  EXPECT_EQ(read_all(ruled(R"({"match": "b*", "unit": "ms"})"), {small, big}), both + "s, ms");
  EXPECT_EQ(read_all(ruled(R"({"match": "a*", "unit": "s"}, {"match": "b*", "unit": "ms"})"), {small, big}), both + "s, ms");
  EXPECT_EQ(read_all(ruled(R"({"match": "b*", "unit": "ms"})"), {big, small, big}),
            "u/1757030401000000/click/-\nu/1757030400000000/click/-\nu/1757030401000000/click/-\nms, s");
  const support::Input days{"user,time,type\nu,45905.25,click\n", {}, "excel.csv"};
  EXPECT_EQ(read_all(ruled(R"({"match": "excel*", "unit": "excel", "zone": "+02:00"})"), {small, days}),
            "u/1757030400000000/click/-\nu/1757044800000000/click/-\ns, excel");
  // Of numbers that are no times, where others are.
  const support::Input none{"user,time,type\nu,17,click\n", {}, "c.csv"};
  EXPECT_TRUE(contains(read_all(ruled(R"({"match": "b*", "unit": "ms"})"), {big, none}),
                       "no time of the column lies between 1991 and 2033"));
  const support::Input here{"user,time,type\nu,2025-09-05 02:00:00,click\n", {}, "a.csv"}, there{here.text, {}, "b.csv"};
  EXPECT_EQ(read_all(ruled(R"({"match": "b*", "zone": "+02:00"})"), {here, there, here}),
            "u/1757037600000000/click/-\nu/1757030400000000/click/-\nu/1757037600000000/click/-\ntext");
  EXPECT_EQ(read_all(R"({"columns": {"time": ["day", "ms"]}, "input": {"files": [{"match": "*", "unit": "ms"}]}})",
                     {{"user,day,ms,type\nu,1970-01-01,5000,click\n", {}, "a.csv"}}),
            "u/5000000/click/-\ntext");
}

std::string notices_of(const std::string& plan_text, const std::vector<support::Input>& inputs) {
  const Plan plan = support::in_seconds(plan_of(plan_text));
  EventReader reader(plan.reading);
  for (const support::Input& input : inputs) EXPECT_TRUE(support::feed(reader, input).ok());
  EXPECT_TRUE(reader.finish().ok());
  std::string text;
  for (const Notice& notice : file_notices(reader.files(), plan.reading, true)) {
    text += std::string(notice.code) + ": " + notice.message;
    for (const auto& [name, count] : notice.counts) text += " " + std::string(name) + " " + std::to_string(count);
    text += "\n";
  }
  return text;
}

TEST(FileColumns, WhatAFileSaysInTwoPlacesIsANotice) {
  const std::string rules = R"({"input": {"files": [{"match": "*clicks*", "type": "click"}]}})";
  const std::string typed = "user,time,type\nu,5,click\nu,6,impression\n";
  EXPECT_EQ(
      notices_of(rules, {{typed, {}, "clicks.csv"}, {typed, {}, "other.csv"}}),
      "typesByFile: clicks.csv has a column \"type\", but all of its events have the type that input.files gives it; to have "
      "the column's types, leave \"type\" out of the rule files 1 of 2 rows 2\n");
  EXPECT_EQ(notices_of(rules, {{"user,time,item\nu,5,i\n", {}, "clicks.csv"}}), "");
  EXPECT_EQ(
      notices_of("{}", {{typed, {}, "type=click/a.csv"}, {typed, {9}, "type=click/b.csv"}, {typed, {}, "c.csv"}}),
      "otherThanFolder: type=click/a.csv, row 2: the column \"type\" has \"impression\", and the folder \"type=click\"; of 2 "
      "such rows in 2 files the column's value was taken, where Spark and DuckDB take the folder's files 2 rows 2\n");
  EXPECT_EQ(notices_of("{}", {{"user,time,type\nu,5,click\nu,6,\n", {}, "type=click/a.csv"}}), "") << "nothing is no other value";
}

TEST(FileColumns, ATimeOutsideOfTheRowsIsANoticeWhereTheyHaveOne) {
  const std::string rows = R"({"input": {"rows": "events[]"}})";
  const std::string text = R"({"user": "u", "timestamp": 5, "events": [{"sku": 1, "shown_date": 6, "type": "click"}]})";
  EXPECT_EQ(notices_of(rows, {{text}}),
            "outsideOfRows: events.csv: the time is that of \"timestamp\", which stands outside of input.rows, so that all rows "
            "there have the same; name \"shown_date\", which the rows have, in columns.time if it is their own files 1 rows 1\n");
  EXPECT_EQ(notices_of(R"({"input": {"rows": "events[]"}, "columns": {"time": "timestamp"}})", {{text}}), "") << "it is named";
  EXPECT_EQ(notices_of(rows, {{R"({"user": "u", "timestamp": 5, "events": [{"sku": 1, "type": "click"}]})"}}), "");
}

}  // namespace
}  // namespace causal_sessions
