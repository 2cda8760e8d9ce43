// Small files as shops, warehouses, spreadsheets and scripts write them: each is read right, or refused by name. Sessions,
// T and Y were counted by hand: a session ends after a silence of more than 24 hours and has at least two events.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/run.h"

namespace causal_sessions {
namespace {

using support::Input;
using support::plan_of;

// "events 4, users 1, sessions 1, T 1, Y 1" or the error's message.
std::string summary(const std::vector<Input>& inputs, const char* plan = "") {
  const support::Outcome outcome = support::run(plan_of(plan), inputs);
  if (!outcome.ok()) return outcome.message();
  const auto report = nlohmann::json::parse(outcome.report);
  const auto number = [](const nlohmann::json& value) { return std::to_string(value.get<std::uint64_t>()); };
  return "events " + number(report["input"]["events"]) + ", users " + number(report["input"]["users"]) + ", sessions " +
         number(report["all"]["sessions"]) + ", T " + number(report["all"]["treated"]) + ", Y " +
         number(report["all"]["outcomes"]);
}

struct Export {
  const char* name;
  std::string text;
  const char* plan;
  const char* expected;  // in the summary
};

void expect_all(const std::vector<Export>& exports) {
  for (const Export& row : exports) EXPECT_TRUE(support::contains(summary({{row.text}}, row.plan), row.expected)) << row.name;
}

const std::string kHeader = "user_id,event_timestamp,event_type,product_id\n";

TEST(Exports, SparkEscapesQuotesByBackslashes) {
  const std::string at_end = kHeader +
                             "u1,2025-09-05 07:03:00,impression,lamp\nu1,2025-09-05 07:04:00,impression,\"TV 15\\\"\"\n"
                             "u1,2025-09-05 07:05:00,click,\"TV 15\\\"\"\nu1,2025-09-05 07:06:00,purchase,lamp\n";
  const std::string with_comma =
      kHeader +
      "u1,2025-09-05T07:03:00.000Z,impression,\"TV 15\\\", black\"\nu1,2025-09-05T07:04:00.000Z,click,\"TV 15\\\", black\"\n";
  const char* escape = R"({"input": {"escape": "\\"}})";
  expect_all({
      {"at the cell's end", at_end, "",
       "events.csv, row 2 (line 3), column \"product_id\": text follows the closing quote; a backslash stands before a quote"},
      {"at the cell's end, with the key", at_end, escape, "events 4, users 1, sessions 1, T 1, Y 1"},
      {"before a comma", with_comma, "",
       "events.csv, row 1 (line 2): the row has 5 cells, the first row 4; a backslash stands before a quote"},
      {"before a comma, with the key", with_comma, escape, "events 2, users 1, sessions 1, T 1, Y 0"},
  });
  causal_sessions::Run made(plan_of(escape));
  const auto outcome = support::finish(made, support::feed(made.reader(), {at_end}));
  EXPECT_TRUE(support::contains(outcome.vocabulary, "TV 15\\\"")) << "without the backslash";
}

TEST(Exports, TabsMostlyComeWithoutQuotes) {
  const std::string head =
      "user_id\tevent_timestamp\tevent_type\tproduct_id\ttitle\nu1\t2025-09-05 07:00:00\timpression\tp\tlamp\n";
  const std::string opening = head +
                              "u1\t2025-09-05 07:01:00\timpression\tp\t\"19 inch\nu1\t2025-09-05 07:02:00\tclick\tp\tlamp\n"
                              "u1\t2025-09-05 07:03:00\tpurchase\tp\t\"24 inch\nu1\t2025-09-05 07:04:00\timpression\tp\tlamp\n";
  const std::string closing = head +
                              "u1\t2025-09-05 07:01:00\timpression\tp\t\"19 inch\nu1\t2025-09-05 07:02:00\tclick\tp\tlamp\n"
                              "u1\t2025-09-05 07:03:00\tpurchase\tp\tTV 24\"\nu1\t2025-09-05 07:04:00\timpression\tp\tlamp\n";
  const char* none = R"({"input": {"quote": null}})";
  expect_all({
      {"two titles begin with a quote", opening, "",
       "events.csv, row 2 (line 3), column \"title\": text follows the closing quote; a file with tabs mostly has no quoting: if "
       "its "
       "quotes are ordinary characters, set input.quote to null"},
      {"with the key", opening, none, "events 5, users 1, sessions 1, T 1, Y 1"},
      {"one begins, one ends with a quote", closing, none, "events 5, users 1, sessions 1, T 1, Y 1"},
      {"one is never closed",
       head + "u1\t2025-09-05 07:01:00\timpression\tp\t\"19 inch\nu1\t2025-09-05 07:02:00\tclick\tp\tlamp\n", "",
       "events.csv, row 2 (line 3): a quote is opened here and never closed; a file with tabs mostly has no quoting"},
  });
  std::string snowplow;
  for (const char* title : {"lamp", "\"19 inch", "lamp", "\"24 inch", "lamp"}) {
    std::vector<std::string> cells(131);
    cells[3] = "2025-09-05 07:0" + std::to_string(std::count(snowplow.begin(), snowplow.end(), '\n')) + ":00.123";
    cells[15] = "u1";
    cells[29] = title;
    cells[126] = snowplow.empty() ? "impression" : "click";
    for (std::size_t i = 0; i < cells.size(); ++i) snowplow += (i == 0 ? "" : "\t") + cells[i];
    snowplow += '\n';
  }
  const std::string numbers = R"({"columns": {"user": 16, "time": 4, "type": 127}, "input": {"quote": )";
  EXPECT_TRUE(support::contains(summary({{snowplow}}), "the first row holds data, not column names"));
  EXPECT_TRUE(support::contains(summary({{snowplow}}, (numbers + "\"\\\"\"}}").c_str()),
                                "row 2 (line 2), column \"30\": text follows the closing quote"));
  EXPECT_EQ(summary({{snowplow}}, (numbers + "null}}").c_str()), "events 5, users 1, sessions 1, T 1, Y 0");
}

TEST(Exports, SpreadsheetsAndAnalyticsPutLinesBeforeTheHeader) {
  const std::string rows =
      "u1,2025-09-05 07:03:00,impression,p1\nu1,2025-09-05 07:04:00,click,p1\nu2,2025-09-05 "
      "07:03:00,impression,p2\nu2,2025-09-05 07:05:00,impression,p3\n";
  std::string semicolons = kHeader + rows;
  std::replace(semicolons.begin(), semicolons.end(), ',', ';');
  expect_all({
      {"sep=;", "sep=;\n" + semicolons, "", "events 4, users 2, sessions 2, T 1, Y 0"},
      {"comments", "# ---\n# Account: A\n# Start date: 20250905\n# ---\n\n" + kHeader + rows, "",
       "events.csv, line 1: this is no header; the header seems to be line 6: set input.skipLines to 5"},
  });
}

TEST(Exports, JsonAsScriptsWriteIt) {
  const auto row = [](const char* time, const char* type, const char* item) {
    return std::string(R"({"user_id":"a","event_timestamp":)") + time + R"(,"event_type":")" + type + R"(","product_id":)" +
           item + "}\n";
  };
  expect_all({
      {"a text cut in two",
       row("1757055780000", "impression", R"("\ud83d")") + row("1757055790000", "click", R"("\ud83d\ude00")"), "",
       "events.csv, row 1 (line 1), column \"product_id\": \"\\ud83d\" is half of a surrogate pair, which stands for no "
       "character. 1 row of 2"},
      {"numbers that are none",
       row("1757055780000", "impression", R"("x","price":NaN)") + row("1757055790000", "click", R"("x","price":-Infinity)"), "",
       "events 2, users 1, sessions 1, T 1, Y 0"},
      {"Mixpanel", R"({"event": "impression", "properties": {"time": 1757055780, "distinct_id": "d1", "product_id": "A"}})", "",
       "This looks like a Mixpanel export: set preset to \"mixpanel\""},
      {"OTTO", R"({"session": 1, "events": [{"aid": 10, "ts": 1659304800025, "type": "clicks"}]})", "",
       "no column is surely the user: \"session\"? The file has \"session\", \"events\". Name the column in the plan: "
       "columns.user. This looks like sessions of OTTO: set preset to \"otto\""},
      {"a path to the item", R"({"user_id":"u","time":1757055780,"type":"click","context":{"ip":1},"properties":{"x":"A"}})",
       R"({"columns": {"item": "properties.x"}})", "events 1, users 1"},
  });
}

// pandas writes a column of whole numbers with a missing value as 101.0.
TEST(Exports, WholeNumbersAreOneIdHoweverJsonWritesThem) {
  const auto row = [](const char* user, const char* time, const char* type, const char* item) {
    return std::string(R"({"user_id":")") + user + R"(","event_timestamp":)" + time + R"(,"event_type":")" + type +
           R"(","product_id":)" + item + "}\n";
  };
  const std::string january = row("u1", "1757055600000", "auction", "null") + row("u1", "1757055660000", "impression", "101.0") +
                              row("u1", "1757055720000", "click", "101.0") + row("u2", "1757055600000", "impression", "101.0") +
                              row("u2", "1757055900000", "impression", "102.0");
  const std::string february = row("u3", "1759647600000", "impression", "101") + row("u3", "1759647660000", "impression", "102") +
                               row("u3", "1759647720000", "click", "102");
  causal_sessions::Run made{Plan()};
  ASSERT_TRUE(support::feed(made.reader(), {january, {}, "jan"}).ok());
  const auto outcome = support::finish(made, support::feed(made.reader(), {february, {}, "feb"}));
  ASSERT_TRUE(outcome.ok()) << outcome.message();
  EXPECT_EQ(made.reader().files().size(), 2u);
  const auto items = nlohmann::json::parse(outcome.vocabulary);
  EXPECT_TRUE(support::contains(outcome.vocabulary, "\"101\""));
  EXPECT_TRUE(support::contains(outcome.vocabulary, "\"102\""));
  EXPECT_FALSE(support::contains(outcome.vocabulary, "101.0"));
}

TEST(Exports, ColumnsThatNobodyCanTellAreAskedFor) {
  expect_all({
      {"a platform called client", "session_id,timestamp,event,item,client\ns1,2025-09-05 07:03:00,impression,p,web\n", "",
       "events.csv: no column is surely the user: \"session_id\", \"client\"?"},
      {"one name twice", "user_id,event_timestamp,event_type,product_id,product_id\nu1,2025-09-05 07:03:00,impression,p1,x\n", "",
       "more than one column could be the item: \"product_id\", \"product_id\". Name the right one by number, 4 or 5, in the "
       "plan: columns.item"},
      {"by number",
       "user_id,event_timestamp,event_type,product_id,product_id\nu1,2025-09-05 07:03:00,impression,p1,x\nu1,2025-09-05 "
       "07:04:00,click,p1,x\n",
       R"({"columns": {"item": 4}})", "events 2, users 1, sessions 1, T 1, Y 0"},
      {"a login page", "<!DOCTYPE html>\n<html><body>Sign in</body></html>\n", "",
       "events.csv is an HTML page, perhaps one to log in"},
      {"two byte order marks",
       "\xEF\xBB\xBF\xEF\xBB\xBF" + kHeader + "u1,2025-09-05 07:03:00,impression,p1\nu1,2025-09-05 07:04:00,click,p1\n", "",
       "events 2, users 1, sessions 1, T 1, Y 0"},
  });
}

TEST(Exports, PartsWithoutRowsDoNoHarm) {
  const Input part{kHeader + "u1,2025-09-05 07:03:00,impression,p1\nu1,2025-09-05 07:04:00,click,p1\n", {}, "part-0000.csv"};
  EXPECT_EQ(summary({{"", {}, "_SUCCESS"}, {kHeader, {}, "empty.csv"}, part}), "events 2, users 1, sessions 1, T 1, Y 0");
}

}  // namespace
}  // namespace causal_sessions
