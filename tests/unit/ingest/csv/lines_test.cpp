// Lines of CSV that are no rows: before the header, comments, the names of a log file's columns. Each is refused with the key
// that mends it, and that key gives the right events.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <vector>

#include "ingest/inspection/inspect.h"
#include "support/run.h"

namespace causal_sessions {
namespace {

using nlohmann::json;
using support::contains;
using support::Input;

// "events 4, users 2" or the error's message.
std::string lines_summary(const json& plan, const std::string& text) {
  const support::Outcome outcome = support::run(support::plan_of(plan.dump()), text);
  if (!outcome.ok()) return outcome.message();
  const json report = json::parse(outcome.report);
  return "events " + report["input"]["events"].dump() + ", users " + report["input"]["users"].dump();
}

// What the message says to set, in a plan.
json with_advice(json plan, const std::string& message) {
  std::smatch found;
  const bool told = std::regex_search(message, found, std::regex("set (\\w+)\\.(\\w+) to (\"[^\"]*\"|\\w+)"));
  EXPECT_TRUE(told) << message;
  if (told) plan[found[1].str()][found[2].str()] = json::parse(found[3].str());
  return plan;
}

const std::string kHeader = "user_id,event_timestamp,event_type,product_id\n";
const std::string kRows =
    "u1,2025-09-05 07:03:00,impression,p1\nu1,2025-09-05 07:04:00,click,p1\n"
    "u2,2025-09-05 07:03:00,impression,p2\nu2,2025-09-05 07:05:00,impression,p3\n";
const std::string kRight = "events 4, users 2";

std::string with(std::string text, char from, char to) {
  std::replace(text.begin(), text.end(), from, to);
  return text;
}

TEST(CsvLines, TheMessageNamesTheKeyThatMendsIt) {
  struct Row {
    const char* name;
    std::string text;
    const char* says;
    json plan = json::object();
  };
  const json numbers = json::parse(R"({"columns": {"user": 1, "time": 2, "type": 3, "item": 4}})");
  const std::vector<Row> rows = {
      {"analytics", "# ---\n# Account: A\n# Start date: 20250905\n# ---\n\n" + kHeader + kRows,
       "events.csv, line 1: this is no header; the header seems to be line 6: set input.skipLines to 5, or input.comment to "
       "\"#\""},
      {"titles", "Events of our shop\nfrom 2025-09-01 to 2025-09-30\n\n" + kHeader + kRows, "line 4: set input.skipLines to 3"},
      {"titles as wide as the rows", "Events of our shop,,,\n,,,\n" + kHeader + kRows, "line 3: set input.skipLines to 2"},
      {"a title with more cells", "Report,A,B,C,D,E\nDay,2025-09-05\n" + kHeader + kRows, "line 3: set input.skipLines to 2"},
      {"titles and CRLF", "Report\r\n\r\n" + std::regex_replace(kHeader + kRows, std::regex("\n"), "\r\n"),
       "line 3: set input.skipLines to 2"},
      {"titles and CR", with("Report\n\n" + kHeader + kRows, '\n', '\r'), "line 3: set input.skipLines to 2"},
      {"a quoted title", "\"Report, \"\"A\"\"\"\n" + with(kHeader + kRows, ',', ';'), "line 2: set input.skipLines to 1"},
      {"a title that begins with a quote", "\"Report\" of A\n" + kHeader + kRows, "line 2: set input.skipLines to 1"},
      {"a title whose quote does not close", "\"Report\n" + kHeader + kRows, "line 2: set input.skipLines to 1"},
      {"a mark before the title", "\xEF\xBB\xBFReport\n" + kHeader + kRows, "line 2: set input.skipLines to 1"},
      {"the separator named, then a title", "sep=;\nReport\n" + with(kHeader + kRows, ',', ';'),
       "line 2: this is no header; the header seems to be line 3: set input.skipLines to 2"},
      {"a header that the plan names", "Report\nwho,when,what\n" + std::regex_replace(kRows, std::regex(",p\\d"), ""),
       "line 2: set input.skipLines to 1", json::parse(R"({"columns": {"user": "who", "time": "when", "type": "what"}})")},
      {"no header, by number", "Report\nof September\n" + kRows, "the rows seem to begin at line 3: set input.skipLines to 2",
       [&] {
         json plan = numbers;
         plan["input"]["header"] = "no";
         return plan;
       }()},
      {"a header, by number", "Report\n" + kHeader + kRows, "line 2: set input.skipLines to 1", numbers},
      {"the W3C's log",
       "#Software: Server\n#Version: 1.0\n#Fields: timestamp user event item\n" +
           with(std::regex_replace(kRows, std::regex("(u\\d),(\\S+) ([^,]+),"), "$2T$3 $1 "), ',', ' '),
       "events.csv, line 1: this is a log file whose line 3, \"#Fields:\", names the columns: set input.comment to \"#\""},
      {"the W3C's log with tabs", "#Version: 1.0\n#Fields: user timestamp event item\n" + with(kRows, ',', '\t'),
       "set input.comment to \"#\""},
      {"single quotes",
       with("\"user_id\",\"event_timestamp\",\"event_type\"\n\"u1\",\"2025-09-05 07:03:00\",\"click\"\n", '"', '\'') +
           "'u2','2025-09-05 07:03:00','click'\n'u2','2025-09-05 07:04:00','click'\n'u2','2025-09-05 07:04:01','click'\n",
       "set input.quote to \"'\""},
      {"single quotes around a separator",
       kHeader + "u1,2025-09-05 07:03:00,impression,'p,1'\n" + kRows.substr(kRows.find('\n') + 1),
       "row 1 (line 2): the row has 5 cells, the first row 4; the file seems to quote with ': set input.quote to \"'\""},
      {"single quotes around a time", kHeader + std::regex_replace(kRows, std::regex(",(2025[^,]*),"), ",'$1',"),
       "if the file quotes with ', set input.quote to \"'\""},
  };
  for (const Row& row : rows) {
    const std::string message = lines_summary(row.plan, row.text);
    EXPECT_TRUE(contains(message, row.says)) << row.name;
    EXPECT_EQ(lines_summary(with_advice(row.plan, message), row.text), kRight) << row.name;
  }
}

TEST(CsvLines, WhatIsPassedOverIsNoRow) {
  const auto input = [](const json& keys) { return json{{"input", keys}}; };
  const std::string semicolons = with(kHeader + kRows, ',', ';');
  struct Row {
    const char* name;
    json keys;
    std::string text;
    std::string says = kRight;
  };
  const json comment = {{"comment", "#"}};
  const std::vector<Row> rows = {
      {"none", {{"skipLines", 0}}, kHeader + kRows},
      {"a quote in a line that is skipped", {{"skipLines", 2}}, "\"\n,\"\n" + kHeader + kRows},
      {"bytes that are not UTF-8 in one", {{"skipLines", 1}}, "caf\xE9\n" + kHeader + kRows},
      {"the separator's line counts", {{"skipLines", 1}}, "sep=;\n" + semicolons},
      {"the separator's line in quotes behind a mark", json::object(), "\xEF\xBB\xBF\"sep=;\"\r\n" + semicolons},
      {"a title behind the separator's line", {{"skipLines", 2}}, "sep=;\nReport\n" + semicolons},
      {"all of the lines", {{"skipLines", 5}}, kHeader + kRows, "has no rows of data"},
      {"more than there are",
       {{"skipLines", 9}},
       kHeader + kRows,
       "events.csv has no rows of data behind the 9 lines that input.skipLines passes over"},
      {"a header and nothing below", {{"skipLines", 1}}, "Report\n" + kHeader, "has no rows of data"},
      {"comments everywhere", comment, "# a\n\n#\n" + kHeader + "#u9,\"\n" + kRows + "# the end"},
      {"a comment before the header alone, the last of its kind", comment, "#\"\r\n" + kHeader + kRows},
      {"no comment behind a blank", comment, kHeader + " #u9,1,2,3\n" + kRows, "row 1 (line 2)"},
      {"no comment inside of quotes", comment, kHeader + "u1,2025-09-05 07:02:00,impression,\"p\n#1\"\n" + kRows,
       "events 5, users 2"},
      {"no comment inside of a row", comment, std::regex_replace(kHeader + kRows, std::regex("p1"), "#1")},
      {"a comment with an escape at its end", {{"comment", "#"}, {"escape", "\\"}}, kHeader + "# a \\\n" + kRows},
      {"a comment that is not UTF-8", comment, kHeader + kRows + "# caf\xE9\n", "events.csv, line 6: byte 0xE9 is not UTF-8"},
      {"the place behind a comment", comment, "# a\n" + kHeader + "#\n" + kRows + "u1,soon,click,p1\n",
       "row 5 (line 8), column \"event_timestamp\": \"soon\" is not a time"},
      {"the place behind lines that are skipped",
       {{"skipLines", 2}},
       "a\nb\n" + kHeader + "u1,soon,click,p1\n" + kRows,
       "row 1 (line 4), column \"event_timestamp\": \"soon\" is not a time"},
      {"columns that are named again", comment,
       "#Fields: user timestamp event item\n" + with(kRows, ',', '\t') + "#Fields: user timestamp event item\n"},
      {"the last names before a row", comment, "#Fields: a b\n#Fields: user timestamp event item\n" + with(kRows, ',', '\t')},
      {"other columns later on", comment,
       "#Fields: user timestamp event item\n" + with(kRows, ',', '\t') + "#Fields: timestamp user event item\nx\n",
       "events.csv, line 6: \"#Fields:\" names other columns from here on; give each part a file of its own"},
      {"names of columns and no row", comment, "#Fields: user timestamp event item\n", "has no rows of data"},
      {"names that are not asked for",
       {{"comment", "#"}, {"header", "no"}},
       "#Fields: user timestamp\n" + kRows,
       "the first row holds data"},
      {"JSON, which has neither",
       {{"comment", "#"}, {"skipLines", 1}},
       R"({"user":"a","time":1757055780,"type":"click"})"
       "\n"
       R"({"user":"b","time":1757055781,"type":"click"})"
       "\n"
       R"({"user":"b","time":1757055782,"type":"click"})"
       "\n"
       R"({"user":"b","time":1757055783,"type":"click"})"},
  };
  for (const Row& row : rows) {
    const std::string summary = lines_summary(input(row.keys), row.text);
    EXPECT_TRUE(contains(summary, row.says)) << row.name;
    Input cut{row.text};
    for (std::size_t at = 1; at < row.text.size(); ++at) cut.cuts.push_back(at);
    const Plan plan = support::plan_of(input(row.keys).dump());
    EXPECT_EQ(support::difference(support::run(plan, row.text).transcript(), support::run(plan, {cut}).transcript()), "")
        << row.name;
  }
}

// Beyond what is looked at first, and of a file that others have rows beside.
TEST(CsvLines, ManyLinesMayStandBeforeTheHeader) {
  std::string lines;
  for (int i = 0; i < 20'000; ++i) lines += "# line " + std::to_string(i) + "\n";
  EXPECT_EQ(lines_summary(json::parse(R"({"input": {"skipLines": 20000}})"), lines + kHeader + kRows), kRight);
  EXPECT_EQ(lines_summary(json::parse(R"({"input": {"comment": "#"}})"), lines + kHeader + kRows), kRight);
  EXPECT_EQ(lines_summary(json::parse(R"({"input": {"comment": "#"}})"),
                          "#Fields: user timestamp event item\n" + lines + with(kRows, ',', '\t')),
            kRight);
}

TEST(CsvLines, ALookShowsTheRowsBehindThem) {
  const auto look = [](const char* plan, const std::string& text) {
    return json::parse(inspect_json("a.csv", text, true, support::plan_of(plan).reading, 5, text.size()));
  };
  const json skipped = look(R"({"input": {"skipLines": 2}})", "Report\n\n" + kHeader + kRows);
  EXPECT_TRUE(skipped["problem"].is_null()) << skipped["problem"];
  EXPECT_EQ(skipped["rows"].size(), 4u);
  const json log = look(R"({"input": {"comment": "#"}})", "#Fields: user timestamp event item\n" + with(kRows, ',', '\t'));
  EXPECT_TRUE(log["problem"].is_null()) << log["problem"];
  EXPECT_EQ(log["separator"], "\t");
  EXPECT_EQ(log["rows"].size(), 4u);
  const json titled = look("{}", "Report\n\n" + kHeader + kRows);
  EXPECT_TRUE(contains(titled["problem"].dump(), "set input.skipLines to 2"));
}

}  // namespace
}  // namespace causal_sessions
