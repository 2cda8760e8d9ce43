#include "ingest/columns/derived_columns.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "derived_events.h"
#include "ingest/event_reader.h"
#include "ingest/inspection/inspect.h"
#include "support/chunks.h"
#include "support/events.h"
#include "support/run.h"

namespace causal_sessions {
namespace {

using support::contains;
using support::plan_of;
using support::table_text;

TEST(DerivedColumns, PathsNameNestedValues) {
  const std::string basics = R"("user": "u", "time": 5, "type": "click")";
  const auto plan = [](const std::string& item) { return R"({"columns": {"item": ")" + item + R"("}})"; };
  expect_events({
      {"a key", plan("p.id"), "{" + basics + R"(, "p": {"x": [1, {"id": 2}], "id": "a"}})", "u/5000000/click/a\n"},
      {"a key behind a key", plan("p.q.id"), "{" + basics + R"(, "p": {"q": {"id": 7.0}}})", "u/5000000/click/7\n"},
      {"the last of equal keys", plan("p.id"), "{" + basics + R"(, "p": {"id": 1, "id": 2}})", "u/5000000/click/2\n"},
      {"an empty list for an object", plan("p.id"), "{" + basics + R"(, "p": [ ]})", "u/5000000/click/-\n"},
      {"an element", plan("p[1].id"), "{" + basics + R"(, "p": [{"id": 1}, {"id": 2}]})", "u/5000000/click/2\n"},
      {"an element beyond the end", plan("p[2].id"), "{" + basics + R"(, "p": [{"id": 1}, {"id": 2}]})", "u/5000000/click/-\n"},
      {"by a key's value", plan("p[k=b].v.s"),
       "{" + basics + R"(, "p": [{"k": "a", "v": {"s": 1}}, {"v": {"s": 2}, "k": "b"}, 3, {"k": "b", "v": {"s": 4}}]})",
       "u/5000000/click/2\n"},
      {"by the empty text, which is not that of a key without a value", plan("p[k=].v"),
       "{" + basics + R"(, "p": [{"v": 1}, 3, [4], {"k": null, "v": 2}, {"k": {}, "v": 5}, {"k": "", "v": 6}]})",
       "u/5000000/click/6\n"},
      {"by the empty text, where no element has the key", plan("p[k=].v"), "{" + basics + R"(, "p": [["a"], {"v": 1}]})",
       "u/5000000/click/-\n"},
      {"a key with a dot", plan("p[\\\"a.b\\\"]"), "{" + basics + R"(, "p": {"a.b": "x"}})", "u/5000000/click/x\n"},
      {"a column whose name has a dot comes first", plan("p.id"), "{" + basics + R"(, "p.id": "flat", "p": {"id": "deep"}})",
       "u/5000000/click/flat\n"},
      {"below a column whose name has a dot", plan("p.q.id"), "{" + basics + R"(, "p.q": {"id": "a"}})", "u/5000000/click/a\n"},
      {"escapes", plan("p.id"), "{" + basics + R"(, "p": {"id": "\u00e9\n\"x\""}})", "u/5000000/click/\u00e9\n\"x\"\n"},
      {"an escaped key", plan("p.id"), "{" + basics + R"(, "p": {"\u0069d": "x"}})", "u/5000000/click/x\n"},
      {"null", plan("p.id"), "{" + basics + R"(, "p": {"id": null}})", "u/5000000/click/-\n"},
      {"no such key", plan("p.id"), "{" + basics + R"(, "p": {"no": 1}})", "u/5000000/click/-\n"},
      {"a plain value where an object is meant", plan("p.id"), "{" + basics + R"(, "p": 3})", "u/5000000/click/-\n"},
      {"a column that comes late", plan("p.id"), "{" + basics + "}\n{" + basics + R"(, "p": {"id": "x"}})",
       "u/5000000/click/-\nu/5000000/click/x\n"},
      {"a text that holds JSON", plan("p.id"), "{" + basics + R"(, "p": "{\"id\": \"x\"}"})", "u/5000000/click/x\n"},
      {"a text with JSON inside of a text with JSON", plan("p.q.id"),
       "{" + basics + R"(, "p": {"q": "{\"id\": [1, 2], \"id\": \"x\"}"}})", "u/5000000/click/x\n"},
      {"MongoDB's numbers in quotes, and a UUID", plan("p"),
       R"({"user": {"$uuid": "c9d6-7"}, "time": 5, "type": "click", "p": {"$numberDouble": "7001.0"}})"
       "\n"
       R"({"user": {"$uuid": "c9d6-7"}, "time": 6, "type": "click", "p": {"$numberDecimal": "7001"}})",
       "c9d6-7/5000000/click/7001\nc9d6-7/6000000/click/7001\n"},
      {"MongoDB's values", R"({"columns": {"item": "p.id"}, "time": {"unit": "ms"}})",
       R"({"user": {"$oid": "64af"}, "time": {"$date": {"$numberLong": "1757030400123"}}, "type": "click", )"
       R"("p": {"id": {"$numberLong": "9007199254740993"}}})",
       "64af/1757030400123000/click/9007199254740993\n"},
      {"all four nested", R"({"columns": {"user": "e.u", "time": "e.t", "type": "e.k", "item": "e.i"}})",
       R"({"e": {"u": "u", "t": 5, "k": "click", "i": "x"}})", "u/5000000/click/x\n"},
      {"in CSV", plan("p.id"), "user,time,type,p\nu,5,click,\"{\"\"id\"\": \"\"a, b\"\"}\"\nu,6,click,\nu,7,click,text\n",
       "u/5000000/click/a, b\nu/6000000/click/-\nu/7000000/click/-\n"},
  });
}

TEST(DerivedColumns, PathsThatBeginAlikeGoTogether) {
  const std::string all =
      R"({"columns": {"user": "e.p[k=u].v.s", "time": "e.p[k=t].v.n", "type": "e.p[0].v.s", "item": "e.id"}})";
  const auto text = [](const std::string& p, const std::string& more = "") {
    return R"({"e": {"p": )" + p + R"(, "id": 1, "id": 2)" + more + "}}";
  };
  const std::string first = R"({"k": "x", "v": {"s": "click"}})", user = R"({"v": {"s": "no", "s": "u"}, "k": "u"})",
                    time = R"({"k": "t", "v": {"n": 5}})";
  const auto list = [](const std::string& a, const std::string& b, const std::string& c) {
    return "[" + a + ", " + b + " , " + c + "]";
  };
  expect_events({
      {"of one list", all, text(list(first, user, time)), "u/5000000/click/2\n"},
      {"in another order", all, text(list(first, time, user)), "u/5000000/click/2\n"},
      {"the first that fits", all, text(list(first, user, time + ", 3, [{}], " + R"({"k": "u", "v": {"s": "w"}})")),
       "u/5000000/click/2\n"},
      {"the last of equal keys tells", all, text(list(first, R"({"k": "x", "v": {"s": "u"}, "k": "u"})", time)),
       "u/5000000/click/2\n"},
      {"a key with an escape", all, text(list(first, R"({"\u006b": "\u0075", "\u0076": {"s": "u"}})", time)),
       "u/5000000/click/2\n"},
      {"one element for two paths", R"({"columns": {"user": "p[k=a].u", "type": "p[0].type", "item": "p[k=a].i[1]"}})",
       R"({"time": 5, "p": [{"u": "u", "i": [1, 2], "type": "click", "k": "a"}]})", "u/5000000/click/2\n"},
      {"a path that ends where another goes on", R"({"columns": {"user": "p[k=a].u", "item": "p[k=a].u[0]"}})",
       R"({"time": 5, "type": "click", "p": [{"u": "[7]", "k": "a"}]})", "[7]/5000000/click/7\n"},
      {"elements without the key", R"({"columns": {"item": "p[k=].i"}})",
       R"({"user": "u", "time": 5, "type": "click", "p": [4, {"k": "a", "i": 1}, {"i": 2}]})", "u/5000000/click/-\n"},
  });
  const std::string begin = "user,time,type,p\nu,5,click,\"", end = "\"\n";
  const std::string damaged = R"([{""k"": ""a"", ""i"": 1}, {""k"": ""b"", ""i"": )";
  EXPECT_EQ(events_of(R"({"columns": {"item": "p[k=a].i"}})", {{begin + damaged + end}}), "u/5000000/click/1\n")
      << "damage behind the element is not looked for";
  for (const char* path : {"p[k=b].i", "p[1].i", "p[k=c].i"}) {
    EXPECT_TRUE(contains(events_of(R"({"columns": {"item": ")" + std::string(path) + R"("}})", {{begin + damaged + end}}),
                         "it begins as JSON and is none"))
        << path;
  }
  EXPECT_TRUE(
      contains(events_of(R"({"columns": {"item": "p.q[].i"}})", {{begin + R"({""q"": [{""i"": 1}, {""i"": 2}], ""r"")" + end}}),
               "1 row of 1 cannot be used"))
      << "a row is left out once";
}

TEST(DerivedColumns, ListsMakeRows) {
  const std::string basics = R"("user": "u", "time": 5, "type": "click")";
  const std::string each = R"({"columns": {"item": "p[].id"}})";
  const std::string otto = R"({"input": {"rows": "events[]"}, "columns": {"user": "session"}})";
  expect_events({
      {"each element", each, "{" + basics + R"(, "p": [{"id": 1}, {"id": 2}]})", "u/5000000/click/1\nu/5000000/click/2\n"},
      {"an empty list", each, "{" + basics + R"(, "p": []})", "u/5000000/click/-\n"},
      {"no list", each, "{" + basics + R"(, "p": null})", "u/5000000/click/-\n"},
      {"nothing there", each, "{" + basics + R"(, "p": []})" + "\n{" + basics + "}", "u/5000000/click/-\nu/5000000/click/-\n"},
      {"plain elements", R"({"columns": {"item": "p[]"}})", "{" + basics + R"(, "p": ["a", null, 3]})",
       "u/5000000/click/a\nu/5000000/click/-\nu/5000000/click/3\n"},
      {"several columns of one list", R"({"columns": {"item": "p[].id", "type": "p[].what"}})",
       R"({"user": "u", "time": 5, "p": [{"id": 1, "what": "click"}, {"what": "purchase", "id": 2}]})",
       "u/5000000/click/1\nu/5000000/purchase/2\n"},
      {"in CSV", each, "user,time,type,p\nu,5,click,\"[{\"\"id\"\": 1}, {\"\"id\"\": 2}]\"\n",
       "u/5000000/click/1\nu/5000000/click/2\n"},
      {"rows in a list", otto,
       R"({"session": 3, "events": [{"aid": 1, "ts": 5, "type": "click"}, {"aid": 2, "ts": 6, "type": "purchase"}]})",
       "3/5000000/click/1\n3/6000000/purchase/2\n"},
      {"the key behind the list", otto, R"({"events": [{"aid": 1, "ts": 5, "type": "click"}], "session": 3})",
       "3/5000000/click/1\n"},
      {"the row's own key counts", R"({"input": {"rows": "events[]"}})",
       R"({"type": "outer", "user": "u", "events": [{"ts": 5, "type": "click"}]})", "u/5000000/click/-\n"},
      {"an empty list is no row", otto,
       R"({"session": 3, "events": [{"aid": 1, "ts": 5, "type": "click"}]})"
       "\n"
       R"({"session": 4, "events": []})",
       "3/5000000/click/1\n"},
      {"a document", R"({"input": {"rows": "data"}})",
       "{\"next\": null,\n \"data\": [\n  {\"user\": \"u\", \"time\": 5, \"type\": \"click\"},\n  {\"user\": \"v\", \"time\": 6, "
       "\"type\": \"click\", \"item\": \"x\"}\n ]\n}\n",
       "u/5000000/click/-\nv/6000000/click/x\n"},
      {"an object", R"({"input": {"rows": "payload"}})",
       R"({"schema": {"type": "struct"}, "payload": {"user": "u", "time": 5, "type": "click"}})"
       "\n"
       R"({"schema": {"type": "struct"}, "payload": null})",
       "u/5000000/click/-\n"},
      {"deeper", R"({"input": {"rows": "response.events"}})",
       R"({"response": {"events": [{"user": "u", "time": 5, "type": "click"}]}})", "u/5000000/click/-\n"},
      {"an array of such", R"({"input": {"rows": "e[]"}})",
       R"([{"user": "u", "e": [{"time": 5, "type": "click"}]}, {"user": "v", "e": [{"time": 6, "type": "click"}]}])",
       "u/5000000/click/-\nv/6000000/click/-\n"},
      {"a list in the rows", R"({"input": {"rows": "data"}, "columns": {"item": "items[].id"}})",
       R"({"data": [{"user": "u", "time": 5, "type": "click", "items": [{"id": 1}, {"id": 2}]}, {"user": "u", "time": 6, "type": "click", "items": []}]})",
       "u/5000000/click/1\nu/5000000/click/2\nu/6000000/click/-\n"},
      {"a path in the rows", R"({"input": {"rows": "data"}, "columns": {"item": "p.id"}})",
       R"({"data": [{"user": "u", "time": 5, "type": "click", "p": {"id": 1}}]})", "u/5000000/click/1\n"},
  });
}

TEST(DerivedColumns, OfSeveralTheFirstThatHasAValueCounts) {
  const std::string both = R"({"columns": {"user": ["id", "cookie"]}})";
  expect_events({
      {"JSON", both,
       R"({"id": null, "cookie": "c", "time": 5, "type": "click"})"
       "\n"
       R"({"id": "u", "cookie": "c", "time": 6, "type": "click"})",
       "c/5000000/click/-\nu/6000000/click/-\n"},
      {"CSV", both, "id,cookie,time,type\n,c,5,click\nu,c,6,click\n", "c/5000000/click/-\nu/6000000/click/-\n"},
      {"markers of missing values", R"({"columns": {"user": ["id", "cookie"]}, "input": {"nulls": ["NULL"]}})",
       "id,cookie,time,type\nNULL,c,5,click\n", "c/5000000/click/-\n"},
      {"a file that has one of them", both, "cookie,time,type\nc,5,click\n", "c/5000000/click/-\n"},
      {"paths", R"({"columns": {"item": ["p.id", "q[0].id"]}})",
       R"({"user": "u", "time": 5, "type": "click", "q": [{"id": 7}]})"
       "\n"
       R"({"user": "u", "time": 6, "type": "click", "p": {"id": 8}, "q": [{"id": 7}]})",
       "u/5000000/click/7\nu/6000000/click/8\n"},
      {"by number", R"({"columns": {"user": [1, 2], "time": 3, "type": 4}, "input": {"header": "no"}})",
       ",c,5,click\nu,c,6,click\n", "c/5000000/click/-\nu/6000000/click/-\n"},
  });
  EXPECT_TRUE(contains(events_of(both, {{"time,type\n5,click\n"}}), "there is no column \"id\", \"cookie\" for the user"));
}

TEST(DerivedColumns, ATimeHasParts) {
  const std::string both = R"({"columns": {"time": ["day", "clock"]}, "time": {"unit": "auto"}})";
  const std::string head = "user,day,clock,type\n";
  expect_events({
      {"date and clock", both, head + "u,2025-09-01,10:00:00.5,click\n", "u/1756720800500000/click/-\n"},
      {"seconds of the day", R"({"columns": {"time": ["day", "clock"]}, "time": {"unit": "s"}})",
       head + "u,2025-09-01,36000,click\n", "u/1756720800000000/click/-\n"},
      {"milliseconds of the day", R"({"columns": {"time": ["day", "clock"]}, "time": {"unit": "ms"}})",
       head + "u,2025-09-01,36000250,click\n", "u/1756720800250000/click/-\n"},
      {"JSON", both, R"({"user": "u", "day": "2025-09-01", "clock": "10:00:00", "type": "click"})",
       "u/1756720800000000/click/-\n"},
  });
  EXPECT_TRUE(contains(events_of(both, {{head + "u,2025-09-01,,click\n"}}), "column \"day, clock\": the time is missing"));
  EXPECT_TRUE(contains(support::run(plan_of(both), {support::Input{head + "u,2025-09-01,20,click\n"}}).message(),
                       "\"2025-09-01 20\" is a date and a number: set time.unit to what it counts from midnight"));
  EXPECT_TRUE(contains(
      events_of(R"({"columns": {"time": ["day", "clock"]}, "time": {"unit": "s"}})", {{head + "u,2025-09-01,90000,click\n"}}),
      "\"2025-09-01 90000\" is not a time"));
  const DerivedRow hours{"hours", R"({"columns": {"time": ["day", "clock"]}, "time": {"format": "%Y-%m-%d %H"}})",
                         head + "u,2025-09-01,20,click\n", "u/1756756800000000/click/-\n"};
  EXPECT_EQ(events_of(hours.plan, {{hours.text}}), hours.events);
}

TEST(DerivedColumns, WhatCannotBeUsedIsTold) {
  struct Refused {
    const char* name;
    std::string plan, text, message;
  };
  const std::string basics = R"("user": "u", "time": 5, "type": "click")";
  for (const Refused& row : std::vector<Refused>{
           {"an object at the end", R"({"columns": {"item": "p.q"}})", "{" + basics + R"(, "p": {"q": {"id": 1}}})",
            "row 1 (line 1), column \"p.q\": an object or list stands where a plain value is needed; a path names a value in it"},
           {"a list at the end", R"({"columns": {"item": "p"}})", "{" + basics + R"(, "p": [1]})",
            "such as \"p.KEY\" or \"p[0].KEY\""},
           {"half of a pair", R"({"columns": {"item": "p.q"}})", "{" + basics + R"(, "p": {"q": "\ud83d"}})",
            "is half of a surrogate pair"},
           {"a list for an object", R"({"columns": {"item": "p.id"}})", "{" + basics + R"(, "p": [{"id": 1}]})",
            "row 1 (line 1), column \"p.id\": a list stands where the path has an object; name its elements"},
           {"a list on the way to a list", R"({"columns": {"item": "p.q[].id"}})",
            "{" + basics + R"(, "p": [{"q": [{"id": 1}]}]})",
            "row 1 (line 1), column \"p\": a list stands where the path has an object; name its elements"},
           {"JSON that ends early", R"({"columns": {"item": "p.q"}})", "user,time,type,p\nu,5,click,\"{\"\"q\"\": \"\n",
            "row 1 (line 2), column \"p.q\": it begins as JSON and is none"},
           {"a dictionary of Python", R"({"columns": {"item": "p.q"}})", "user,time,type,p\nu,5,click,{'q': 1}\n",
            "it begins as JSON and is none"},
           {"a row of a document", R"({"input": {"rows": "data"}})",
            R"({"data": [{"user": "u", "time": 5, "type": "click"}, {"user": "u", "type": "click"}]})",
            "row 2 (line 1), column \"time\": the time is missing"},
           {"two lists", R"({"columns": {"item": "p[].id", "type": "q[].id"}})", "{" + basics + R"(, "p": [], "q": []})",
            "only one list can make rows"},
           {"a plain value for rows", R"({"input": {"rows": "n"}})", "{" + basics + R"(, "n": 7})",
            "row 1 (line 1), column \"n\": a plain value stands where input.rows looks for rows"},
           {"numbers for rows", R"({"input": {"rows": "n[]"}})", "{" + basics + R"(, "n": [7]})",
            "a plain value stands where input.rows looks for rows"},
           {"a path that does not end", R"({"columns": {"item": "p[.id"}})", "{" + basics + R"(, "p": {"id": 1}})",
            "\"p[.id\" is neither a column nor a path, such as items[0].id, for the item"},
           {"a path that leads nowhere", R"({"columns": {"item": "it[].id"}})",
            "{" + basics + R"(, "items": [{"id": 1, "n": 2}]})",
            "there is no column \"it[].id\" for the item; the file has \"user\", \"time\", \"type\", \"items\". Name the column "
            "in the "
            "plan: columns.item. There is \"items[0].id\", \"items[0].n\""},
           {"a clock before its date", R"({"columns": {"time": ["t", "d"]}})", "user,type,t,d\nu,click,10:00:00,2025-09-01\n",
            "is a time of the day before its date; name the column of the date first in columns.time"},
           {"texts for a spreadsheet's days", R"({"time": {"unit": "excel"}})", "user,type,time\nu,click,soon\n",
            "\"soon\" is no number of days, which time.unit, \"excel\", asks for"},
           {"no such rows", R"({"input": {"rows": "data"}})", "{" + basics + "}",
            "there is nothing named \"data\" for input.rows; it has \"user\", \"time\", \"type\""},
           {"a user that is not there", R"({"columns": {"user": "p.id"}})", R"({"p": {"no": 1}, "time": 5, "type": "click"})",
            "column \"p.id\": the user is missing"},
           {"a column that is not there", R"({"columns": {"item": "p.id"}})", "user,time,type\nu,5,click\n",
            "there is no column \"p.id\" for the item"},
       }) {
    const std::string found = events_of(row.plan, {{row.text}});
    EXPECT_TRUE(contains(found, row.message)) << row.name << ": " << found;
  }
}

TEST(DerivedColumns, DeepJsonIsNoHarm) {
  const std::string deep(200'000, '[');
  const std::string text =
      R"({"user": "u", "time": 5, "type": "click", "p": {"a": )" + deep + std::string(deep.size(), ']') + R"(, "id": 3}})";
  EXPECT_EQ(events_of(R"({"columns": {"item": "p.id"}})", {{text}}), "u/5000000/click/3\n");
  EXPECT_TRUE(contains(events_of(R"({"columns": {"item": "p.id"}})", {{"user,time,type,p\nu,5,click," + deep + "\n"}}),
                       "a list stands where the path has an object"));
}

TEST(DerivedColumns, ValuesOfMongoDBInsideOfEachOtherAreNoHarm) {
  std::string text = R"({"time": 5, "type": "click", "user": )";
  for (int i = 0; i < 100'000; ++i) text += "{\"$date\":";
  text += "1" + std::string(100'000, '}') + "}";
  EXPECT_TRUE(contains(events_of("{}", {{text}}), "column \"user\": an object or list stands where a plain value is needed"));
  EXPECT_EQ(events_of("{}", {{R"({"time": 5, "type": "click", "user": {"$date": {"$numberLong": "7"}}})"}}),
            "7/5000000/click/-\n");
}

TEST(DerivedColumns, APreviewShowsThem) {
  const Plan plan = plan_of(R"({"input": {"rows": "events[]"}, "columns": {"user": "session"}})");
  const std::string text =
      R"({"session": 3, "events": [{"aid": 1, "ts": 5, "type": "click"}, {"aid": 2, "ts": 6, "type": "click"}]})"
      "\n";
  const Json found = Json::parse(inspect_json("a", text, true, plan.reading, 10, text.size()), nullptr, false);
  EXPECT_EQ(found["columns"].dump(), R"({"user":"session","time":"ts","type":"type","item":"aid"})");
  EXPECT_EQ(found["rows"].size(), 2u);
  EXPECT_EQ(found["paths"].dump(), R"(["events[0].aid","events[0].ts","events[0].type"])");
  EXPECT_EQ(found["columnNames"].dump(), R"(["session","events","aid","ts","type"])");
}

// Chunks of a file that other readers read.
TEST(DerivedColumns, ChunksGiveTheSame) {
  std::string text;
  for (int i = 0; i < 4000; ++i) {
    text += R"({"id": )" + std::string(i % 3 == 0 ? "null" : "\"u" + std::to_string(i % 7) + "\"") +
            R"(, "cookie": "c", "time": )" + std::to_string(i) + R"(, "p": [{"id": )" + std::to_string(i % 5) +
            R"(}, {"id": "x"}]})"
            "\n";
  }
  const Plan plan =
      support::in_seconds(plan_of(R"({"columns": {"user": ["id", "cookie"], "item": "p[].id", "type": {"value": "click"}}})"));
  EventReader whole(plan.reading), cut(plan.reading);
  ASSERT_TRUE(support::feed(whole, {text}).ok());
  const support::Cutting cutting{70'000, {100'000, 150'000, 220'000}, {1, 2, 1}};  // behind what tells the format
  support::PartsFeed parts(plan, text, cutting, cut);
  ASSERT_TRUE(parts.feed().ok());
  EXPECT_EQ(parts.counts.absorbed, 3u);
  EXPECT_EQ(table_text(cut.finish().value()), table_text(whole.finish().value()));
}

// One reader and several give the same events, and the same numbers of rows and lines.
TEST(DerivedColumns, NestedRowsAreReadInChunksToo) {
  const auto text_of = [](const std::string& odd) {
    std::string text;
    for (int i = 0; i < 4000; ++i) {
      text += i == 3000 ? odd
                        : R"({"session": )" + std::to_string(i % 7) + R"(, "events": [{"aid": )" + std::to_string(i % 5) +
                              R"(, "ts": )" + std::to_string(i) + R"(, "type": "click"}, {"aid": "x", "ts": )" +
                              std::to_string(i + 1) + R"(, "type": "purchase"}]})";
      text += "\n";
    }
    return text;
  };
  const auto told = [](EventReader& reader) {
    const Result<EventTable> events = reader.finish();
    return events.ok() ? table_text(events.value()) : events.error().message;
  };
  struct Odd {
    const char* name;
    std::string line;
    std::size_t absorbed;
  };
  const Plan plan = support::in_seconds(plan_of(R"({"input": {"rows": "events[]"}, "columns": {"user": "session"}})"));
  for (const Odd& odd : std::vector<Odd>{
           {"nothing", R"({"session": 1, "events": []})", 3},
           {"a row without a time", R"({"session": 1, "events": [{"aid": 1, "type": "click"}]})", 3},
           {"a number for a row", R"({"session": 1, "events": [5]})", 2},
           {"an object for the user", R"({"session": {"a": 1}, "events": [{"aid": 1, "ts": 3, "type": "click"}]})", 2},
       }) {
    const std::string text = text_of(odd.line);
    EventReader whole(plan.reading), cut(plan.reading);
    ASSERT_TRUE(support::feed(whole, {text}).ok());
    const support::Cutting cutting{70'000, {100'000, 150'000, 220'000}, {1, 2, 1}};  // behind what tells the format
    support::PartsFeed parts(plan, text, cutting, cut);
    ASSERT_TRUE(parts.feed().ok());
    EXPECT_EQ(parts.counts.absorbed, odd.absorbed) << odd.name;
    EXPECT_EQ(told(cut), told(whole)) << odd.name;
  }
}

// Which keys the rows have is told from the file's beginning, a thousand rows.
TEST(DerivedColumns, AKeyOfTheRowsThatTurnsUpLateIsFound) {
  constexpr int kRows = 1200;
  const auto row = [](int i, const std::string& late) {
    return R"({"time": )" + std::to_string(i) + R"(, "kind": "click", "note": {"x": 1})" + (i == kRows ? late : "") + "}";
  };
  const auto list_of = [&](const std::string& late) {
    std::string list;
    for (int i = 1; i <= kRows; ++i) list.append(i == 1 ? "" : ",").append(row(i, late));
    return "[" + list + "]";
  };
  const auto lines_of = [&](const std::string& late) {
    std::string lines;
    for (int i = 1; i <= kRows; ++i) lines.append(R"({"user": "u", "data": )").append(row(i, late)).append("}\n");
    return lines;
  };
  const auto document = [](const std::string& list) { return R"({"user": "u", "data": )" + list + "}"; };
  struct Late {
    const char* name;
    std::string plan, text, last;
  };
  const std::string rows = R"({"input": {"rows": "data"}, "columns": {"type": "kind"}})";
  for (
      const Late& late : std::vector<Late>{
          {"a document", rows, document(list_of(R"(, "item": "i")")), "u/1200000000/click/i\n"},
          {"an escaped key", rows, document(list_of(R"(, "\u0069tem": "i")")), "u/1200000000/click/i\n"},
          {"one object a line", rows, lines_of(R"(, "item": "i")"), "u/1200000000/click/i\n"},
          {"a text that holds the list", rows,
           R"({"user": "u", "data": )" + nlohmann::json(list_of(R"(, "item": "i")")).dump() + "}", "u/1200000000/click/i\n"},
          {"behind keys without end", rows,
           [&] {
             std::string list;
             for (int i = 1; i <= 2 * kRows; ++i)
               list.append(i == 1 ? "[" : ",").append(R"({"time": 1, "kind": "click", "k)" + std::to_string(i) + R"(": 1})");
             return document(list + R"(,{"time": 1200, "kind": "click", "item": "i"}])");
           }(),
           "u/1200000000/click/i\n"},
          {"a key that is of no use", rows, document(list_of(R"(, "color": "red")")), "u/1200000000/click/-\n"},
          {"two that may be the item", rows, document(list_of(R"(, "item": "i", "sku": "s")")),
           R"(more than one column could be the item: "item", "sku". Name the right one in the plan: columns.item, or all of them )"
           "as a list, of which the first that has a value counts"},
          {"no column of the rows before", R"({"input": {"rows": "data"}, "columns": {"time": "at", "type": "kind"}})",
           R"({"user": "u", "at": 7, "data": )" + list_of(R"(, "item": "i")") + "}", "u/7000000/click/i\n"},
      }) {
    const std::string events = events_of(late.plan, {{late.text}});
    EXPECT_TRUE(events.ends_with(late.last))
        << late.name << ": " << events.substr(events.size() - std::min<std::size_t>(events.size(), 200));
    EXPECT_EQ(events_of(late.plan, {{late.text, {late.text.size() / 2}}}), events) << late.name;
  }

  const Plan plan = support::in_seconds(plan_of(rows));
  const std::string text = lines_of(R"(, "item": "i")") + lines_of("");
  EventReader whole(plan.reading), cut(plan.reading);
  ASSERT_TRUE(support::feed(whole, {text}).ok());
  // The key is in the second chunk, which is read anew.
  const support::Cutting cutting{66'000, {70'000, 80'000, 110'000}, {1, 2, 1}};
  support::PartsFeed parts(plan, text, cutting, cut);
  ASSERT_TRUE(parts.feed().ok());
  EXPECT_EQ(parts.counts.absorbed, 2u);
  EXPECT_EQ(table_text(cut.finish().value()), table_text(whole.finish().value()));
}

// With blanks between the elements, so that few events are long. Also where its beginning comes before all of it.
TEST(DerivedColumns, ADocumentOfMoreThan64MegabytesIsReadInPieces) {
  const std::string blank(33 << 20, ' '), rows = R"({"input": {"rows": "page.data[]"}})";
  const std::string one = R"({"time": 5, "type": "click", "item": "h"})", other = R"({"time": 6, "type": "click", "item": "i"})";
  const std::string head = R"({"user": "u", "n": 1, "page": {"of": "o", "data": [)";
  const std::string events = "u/5000000/click/h\nu/6000000/click/i\n";
  struct Long {
    const char* name;
    std::string plan, text, events;
  };
  for (const Long& row : std::vector<Long>{
           {"a document", rows, head + one + "," + blank + blank + other + "]}}", events},
           {"keys behind the list", rows, head + one + blank + "," + blank + other + R"(], "x": [1]}, "y": "\u00e9"})", events},
           {"a list of documents", rows, "[" + head + one + blank + blank + "," + other + "]}}," + head + "]}}]", events},
           {"documents one behind another", rows, head + one + blank + blank + "]}}\n" + head + other + "]}}\n", events},
           {"a row without a time", rows, head + one + "," + blank + blank + R"({"type": "click"})" + "]}}",
            "events.csv, row 2 (line 1), column \"time\": the time is missing. 1 row of 2 cannot be used: 1 with no time. Set "
            "rows.bad to \"drop\" to leave such rows out and count them"},
           {"a column behind the list", R"({"input": {"rows": "page.data[]"}, "columns": {"item": "page.x"}})",
            head + one + blank + blank + R"(], "x": 1}})",
            "events.csv, row 1 (line 1): \"x\" stands behind the list of page.data[] in an object of more than 64 MB; write it "
            "before the list, or the rows one a line"},
           {"a long element", rows, head + one + ",{" + blank + blank + R"("time": 6, "type": "click", "item": "i"}]}})",
            "events.csv, row 1 (line 1): the list of input.rows does not end, or an element of it not within 64 MB"},
           {"no comma", rows, head + one + blank + blank + other + "]}}",
            "events.csv, row 2 (line 1): the list of input.rows: a comma of the list is missing, or has no element"},
           {"no JSON", rows, head + one + "," + blank + blank + "{5}]}}",
            "events.csv, row 1 (line 1): an element of the list of input.rows is not JSON"},
           {"no list", R"({"input": {"rows": "page"}})",
            R"({"page": {"user": "u", "time": 5, "type": "click")" + blank + blank + "}}",
            "events.csv, line 1: the object that begins here does not end, or not within 64 MB; write the rows of a longer one a "
            "line each"},
       }) {
    EXPECT_EQ(events_of(row.plan, {{row.text, {100, 66 << 20}}}), row.events) << row.name;
  }
}

}  // namespace
}  // namespace causal_sessions
