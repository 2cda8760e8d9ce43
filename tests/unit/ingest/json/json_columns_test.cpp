#include "ingest/json/json_columns_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/utf8.h"
#include "ingest/event_reader.h"
#include "ingest/inspection/inspect.h"
#include "support/events.h"
#include "support/inspection.h"
#include "support/run.h"
#include "support/window.h"

namespace causal_sessions {
namespace {

using support::contains;
using support::Input;
using support::plan_of;
using support::Window;

// What became of a file: its events as text, then its issues without their lines, or its error.
std::string transcript(const Status& read, EventReader& reader) {
  if (!read.ok()) return std::string(code_name(read.error().code)) + ": " + read.error().message;
  std::string made = "rows " + std::to_string(reader.files().back().rows) + "\n";
  for (const RowIssue& issue : reader.builder().issues().first) {
    made += std::string(kIssueNames[static_cast<std::size_t>(issue.reason)]) + " row " + std::to_string(issue.row) + " " +
            issue.column + " " + issue.text + "\n";
  }
  const Result<EventTable> events = reader.finish();
  if (!events.ok()) return made + events.error().message;
  return made + support::table_text(events.value());
}

std::string read_file(const std::string& text, const Plan& asked = {}) {
  const Plan plan = support::in_seconds(asked);
  EventReader reader(plan.reading);
  const Status status = support::feed(reader, {text, {}, "a.json"});
  return transcript(status, reader);
}

// Rows of an object of columns have no line.
std::string without_line(std::string text) {
  const std::size_t at = text.find(" (line ");
  return at == text.npos ? text : text.erase(at, text.find(')', at) + 1 - at);
}

// The reader alone, without the sample that the event reader waits for; the error, or "".
std::string read_in_pieces(std::string_view text, std::size_t piece, std::string& made, const Plan& plan) {
  EventBuilder builder(plan.reading);
  JsonColumnsReader reader("a.json", {}, plan.reading, builder);
  if (Status status = support::read_in_pieces(reader, text, piece); !status.ok()) {
    return std::string(code_name(status.error().code)) + ": " + status.error().message;
  }
  made = std::to_string(reader.rows()) + " rows, " + std::to_string(builder.size()) + " events, " +
         std::to_string(builder.issues().total()) + " issues";
  return "";
}

const char* const kDrop = R"({"events": {"unknown": "drop"}})";

TEST(JsonColumns, TheSameTableInEveryLayoutGivesTheSame) {
  const std::vector<std::array<std::string, 5>> rows = {
      {R"("u\n1")", "5", R"("click")", R"("\ud83d\uded2")", "1.5"},
      {"17", R"("6.5")", R"("click")", "null", "{\"a\":[\"]}\"]}"},
      {R"("")", "7", R"("click")", R"("i")", "null"},
      {R"("u")", "null", R"("click")", R"("i")", "true"},
      {R"("u")", "8", R"("view")", R"("i")", R"("x")"},
      {R"({"id":1})", "[9]", R"("click")", "[]", "[]"},
      {R"("u")", R"("soon")", R"("click")", R"("i")", "[]"},
      {"true", "9", R"("auction")", "9223372036854775807", "-0"},
      {R"("日本")", "10", R"("purchase")", "12345678901234567890123456789", "{}"},
      {"-0", "11.25", R"("click")", "1E+05", "1"},
      {R"("u")", "12", R"("click")", "[]", "1"},
  };
  const char* const names[] = {"USER_ID", "event time", "type", "sku", "price"};
  std::string array, lines, columns, indexed, pretty;
  for (const auto& row : rows) {
    std::string object;
    for (std::size_t i = 0; i < 5; ++i) object.append(i == 0 ? "{\"" : ",\"").append(names[i]).append("\":").append(row[i]);
    array += (array.empty() ? "[" : ",") + object + "}";
    lines += object + "}\n";
  }
  for (std::size_t i = 0; i < 5; ++i) {
    const std::string name = std::string(i == 0 ? "{" : ",").append("\"").append(names[i]).append("\":");
    columns += name;
    indexed += name;
    pretty += (i == 0 ? "\xEF\xBB\xBF \r\n{\n  \"" : ",\n  \"") + std::string(names[i]) + "\" : ";
    for (std::size_t row = 0; row < rows.size(); ++row) {
      columns += (row == 0 ? "[" : ",") + rows[row][i];
      indexed += (row == 0 ? "{\"" : ",\"") + std::to_string(row) + "\":" + rows[row][i];
      pretty += (row == 0 ? "[\n    " : ",\n    ") + rows[row][i];
    }
    columns += "]";
    indexed += "}";
    pretty += "\n  ]";
  }
  const std::string layouts[] = {array + "]", columns + "}", indexed + "}\n", pretty + "\n}\n"};
  for (const Plan& plan : {Plan(), plan_of(kDrop), plan_of(R"({"events": {"unknown": "add"}, "columns": {"item": "SKU"}})")}) {
    const std::string expected = without_line(read_file(lines, plan));
    EXPECT_TRUE(contains(expected, "rows 11\n")) << expected;
    for (const std::string& text : layouts) EXPECT_EQ(without_line(read_file(text, plan)), expected) << text;
  }
}

// More rows than a batch, with nested cells at its borders, and texts as long as a block.
TEST(JsonColumns, ManyRowsAndLongCellsGiveTheSame) {
  std::string lines, users = "{\"user\":[", times = "],\"time\":[", types = "],\"type\":[", items = "],\"item\":[";
  for (std::size_t i = 0; i < 3000; ++i) {
    const std::string user = i % 512 == 511 || i % 512 == 0
                                 ? "[1]"
                                 : "\"" + std::string(i % 700 == 5 ? 70'000 : i % 200, 'u') + std::to_string(i % 40) + "\"";
    const std::string time = std::to_string(1'757'030'400 + i), item = "\"i" + std::to_string(i % 300) + "\"";
    lines += "{\"user\":" + user + ",\"time\":" + time + ",\"type\":\"click\",\"item\":" + item + "}\n";
    const char* comma = i == 0 ? "" : ",";
    users.append(comma).append(user);
    times.append(comma).append(time);
    types.append(comma).append("\"click\"");
    items.append(comma).append(item);
  }
  const Plan plan = plan_of(kDrop);
  EXPECT_EQ(support::difference(read_file(lines, plan), read_file(users + times + types + items + "]}", plan)), "");
}

TEST(JsonColumns, EveryPieceSizeGivesTheSame) {
  const Plan plan = plan_of(kDrop);
  for (
      const std::string text : {
          R"({"x":[{"a":"]"},[]," "],"user":["a\"",[1],"日本"],"time":[5,6,7] ,"type":["click","click","cl\u0069ck"],"item":[null,-0,1.50]} )",
          R"({"user":{"0":"a","é":"b"}, "time" : {"0":5,"\u00e9":6},"type":{"0":"click","é":"click"}})",
          R"({"user":[],"time":[],"type":[]})",
      }) {
    std::string whole, made;
    ASSERT_EQ(read_in_pieces(text, text.size(), whole, plan), "");
    for (std::size_t piece = 1; piece < text.size(); ++piece) {
      ASSERT_EQ(read_in_pieces(text, piece, made, plan), "") << piece;
      ASSERT_EQ(made, whole) << piece;
    }
    for (std::size_t size = 1; size < text.size() - 1; ++size) {
      const std::string error = read_in_pieces(text.substr(0, size), size, made, plan);
      ASSERT_NE(error, "") << size;
      ASSERT_EQ(find_invalid_utf8(error), error.size()) << error;
      ASSERT_EQ(read_in_pieces(text.substr(0, size), 1, made, plan), error) << size;
    }
  }
}

TEST(JsonColumns, ThePlanChoosesAmongThem) {
  const std::string text = R"({"user":["u"],"uid":["v"],"time":[5],"type":["click"],"ref":["i"]})";
  EXPECT_EQ(read_file(text),
            "ambiguousColumn: a.json: more than one column could be the user: \"user\", \"uid\". Name the right one in the "
            "plan: columns.user, or all of them as a list, of which the first that has a value counts");
  EXPECT_EQ(read_file(text, plan_of(R"({"columns": {"user": "UID", "item": 5}})")), "rows 1\nv/5000000/click/i\n");
  EXPECT_TRUE(
      contains(read_file(text, plan_of(R"({"columns": {"user": "uid", "item": "sku"}})")),
               "missingColumn: a.json: there is no column \"sku\" for the item; the file has \"user\", \"uid\", \"time\""));
}

TEST(JsonColumns, AnObjectALineIsNoObjectOfColumns) {
  const char* const event = "rows 1\nu/5000000/click/-\n";
  EXPECT_EQ(read_file(R"({"_id":{"$oid":"a"},"tags":[1],"user":"u","time":5,"type":"click"})"), event);
  EXPECT_EQ(read_file(R"({"user":"u","time":5,"type":"click","x":[1],"y":[2],"z":{}})"), event);
  EXPECT_TRUE(contains(
      read_file("{\"user\":[1],\"time\":[5],\"type\":[2]}\n{\"user\":\"u\",\"time\":5,\"type\":\"click\"}", plan_of(kDrop)),
      "rows 2\nnestedValue row 1 type \nu/5000000/click/-\n"));
}

TEST(JsonColumns, HalfAPairAndNaNDoNoHarmWhereTheyAreNotNeeded) {
  const std::string text =
      R"({"user":[7.0,7],"x":["\ud83d",{"y":"\ude00"}],"p":[NaN,-Infinity],"time":[5.5,6],"type":["click","click"],"item":[NaN,1e1]})";
  EXPECT_EQ(read_file(text), "rows 2\n7/5500000/click/-\n7/6000000/click/10\n");
  const Plan plan;
  std::string whole, made;
  ASSERT_EQ(read_in_pieces(text, text.size(), whole, plan), "");
  for (std::size_t piece = 1; piece < text.size(); ++piece) {
    ASSERT_EQ(read_in_pieces(text, piece, made, plan), "") << piece;
    ASSERT_EQ(made, whole) << piece;
  }
}

TEST(JsonColumns, DeepNestingIsSkipped) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_EQ(read_file("{\"x\":[" + deep + R"(],"user":["u"],"time":[5],"type":["click"]})"), "rows 1\nu/5000000/click/-\n");
}

TEST(JsonColumnsRefusal, SaysWhatIsWrongAndWhere) {
  const std::string rest = R"(,"time":[5,6],"type":["click","click"]})";
  struct Row {
    const char* name;
    std::string text;
    const char* message;
  };
  for (
      const Row& row : {
          Row{"lengths", R"({"user":["u"])" + rest,
              "badSyntax: a.json: the columns are not of one length: \"user\" has 1, \"time\" has 2, \"type\" has 2 cells"},
          Row{"a length of a column that is not needed", R"({"user":["u","v"],"x":[1])" + rest,
              "\"user\" has 2, \"x\" has 1, \"time\" has 2"},
          Row{"a column twice", R"({"user":["u","v"],"\u0075ser":["u","v"])" + rest,
              "badSyntax: a.json, line 1: the column \"user\" is there twice"},
          Row{"a list and an object", R"({"user":["u","v"],"x":{"0":1,"1":2})" + rest,
              "the column \"x\" is an object, but \"user\" is a list"},
          Row{"an object and a list", R"({"x":{"0":1,"1":2},"user":["u","v"])" + rest,
              "the column \"user\" is a list, but \"x\" is an object"},
          Row{"another index", R"({"user":{"a":"u","b":"v"},"time":{"a":5,"c":6}})",
              "badSyntax: a.json, row 2 (line 1), column \"time\": the index is \"c\", but \"b\" in the column \"user\"; write "
              "the table with "
              "orient=\"records\""},
          Row{"another order", R"({"user":{"a":"u","b":"v"},"time":{"b":5,"a":6}})",
              "row 1 (line 1), column \"time\": the index is \"b\", but \"a\""},
          Row{"a longer index", R"({"user":{"a":"u"},"time":{"a":5,"b":6},"type":{"a":"click"}})",
              "\"user\" has 1, \"time\" has 2, \"type\" has 1 cells"},
          Row{"no rows", R"({"user":[],"time":[],"type":[]})", "rows 0\na.json has no rows of data"},
          Row{"no user", R"({"price":[1]})",
              "missingColumn: a.json: no column looks like the user, and none like the time or the type; the file has \"price\""},
          Row{"split", R"({"columns":["user","time","type"],"index":[0],"data":[["u",5,"click"]]})",
              "unknownFormat: a.json is a table that pandas wrote with orient=\"split\"; write it with orient=\"records\""},
          Row{"split without an index", R"({"columns":["user"],"data":[["u"]]})", "orient=\"split\""},
          Row{"rows before the columns", R"({"data":[["u",5,"click"]],"columns":["user","time","type"]})",
              "unknownFormat: a.json: the rows in \"data\" are lists without keys; write them as objects"},
          Row{"as ClickHouse writes it", R"({"meta":[{"name":"user"}],"data":[["u"]],"rows":1})",
              "the rows in \"data\" are lists without keys"},
          Row{"as BigQuery's API gives it", R"({"schema":{"fields":[{"name":"user"}]},"rows":[{"f":[{"v":"u"}]}]})",
              "the rows in \"rows\" are lists without keys"},
          Row{"lists in a list", R"([["user","time","type"],["u",5,"click"]])", "a.json: the rows are lists without keys"},
          Row{"table", R"({"schema":{"fields":[{"name":"user"}]},"data":[{"user":"u"}]})",
              "orient=\"table\"; write it with orient=\"records\""},
          Row{"index", R"({"0":{"user":"u","time":5,"type":"click"},"1":{"user":"v","time":6,"type":"click"}})",
              "orient=\"index\"; write it with"},
          Row{"a word", "{\"user\":[\"u\",\n Nan]" + rest,
              "badSyntax: a.json, row 2 (line 2), column \"user\": the value that begins here is not JSON"},
          Row{"a number", R"({"user":["u",01])" + rest,
              "row 2 (line 1), column \"user\": the value that begins here is not JSON"},
          Row{"a number without digits", R"({"user":["u",-])" + rest,
              "row 2 (line 1), column \"user\": the value that begins here is not JSON"},
          Row{"no comma", R"({"user":["u" "v"])" + rest,
              "row 1 (line 1), column \"user\": \"\"\" stands where a comma or \"]\" is needed"},
          Row{"two commas", R"({"user":["u",,"v"])" + rest,
              "row 2 (line 1), column \"user\": \",\" stands where a value is needed"},
          Row{"a comma before the end", R"({"user":["u","v",])" + rest,
              "row 3 (line 1), column \"user\": \"]\" stands where a value is needed"},
          Row{"a comma after the last column", R"({"user":["u"],})",
              "badSyntax: a.json, line 1: \"}\" stands where the name of a column is needed"},
          Row{"the wrong bracket", R"({"user":["u"})",
              "row 1 (line 1), column \"user\": \"}\" stands where a comma or \"]\" is needed"},
          Row{"no colon", R"({"user":["u"],"time"[5]})", "\"[\" stands where a colon is needed"},
          Row{"a key that is no text", R"({"user":{"0":"u",1:"v"})",
              "row 2 (line 1), column \"user\": \"1\" stands where a key of the index is needed"},
          Row{"a line feed in a text", "{\"user\":[\"u\nv\"]" + rest,
              "row 1 (line 1), column \"user\": the text that begins here is not JSON"},
          Row{"a lone surrogate", R"({"user":["\ud83d","u"])" + rest,
              "badValue row 1 user \"\\ud83d\" is half of a surrogate pair, which stands for no character\na.json, row 1, "
              "column \"user\": \"\\ud83d\" is half"},
          Row{"Infinity", R"({"user":["u",-Infinity])" + rest,
              "a.json, row 2, column \"user\": -Infinity is not JSON and stands for no value"},
          Row{"NaN", R"({"user":["u",NaN])" + rest, "a.json, row 2, column \"user\": the user is missing"},
          Row{"rows in a list", R"({"data":[{"user":"u","time":5,"type":"click"}]})",
              "missingColumn: a.json: the rows seem to be in \"data\", a list of objects: set input.rows to \"data[]\""},
          Row{"rows in a list behind an object", R"({"meta":{"n":1},"data":[{"user":"u","time":5,"type":"click"}]})",
              "the rows seem to be in \"data\""},
          Row{"rows in a list before an object", R"({"data":[{"user":"u","time":5}],"meta":{"n":1}})",
              "the rows seem to be in \"data\""},
          Row{"rows in a list before a number", R"({"data":[{"user":"u","time":5}],"n":1})", "The rows seem to be in \"data\""},
          Row{"a bad escape", R"({"user":["u","\x"])" + rest,
              "row 2 (line 1), column \"user\": the text that begins here is not JSON"},
          Row{"a nested value that is broken", R"({"user":["u","v"],"x":[[1,],2])" + rest,
              "row 1 (line 1), column \"x\": the value that begins here is not JSON"},
          Row{"not UTF-8", "{\"user\":[\"u\",\"caf\xE9\"]" + rest,
              "badEncoding: a.json, row 2 (line 1), column \"user\": byte 0xE9 is not UTF-8; the text is probably windows-1252"},
          Row{"text behind", R"({"user":["u","v"])" + rest + "\n[]",
              "badSyntax: a.json, line 2: text follows the end of the object"},
          Row{"cut in a text", R"({"user":["u","v)",
              "row 2 (line 1), column \"user\": the file ends inside the value that begins here"},
          Row{"cut in a list", R"({"user":["u","v")", "row 2 (line 1), column \"user\": the file ends before the column's \"]\""},
          Row{"cut in an index", R"({"user":{"0":"u")", "the file ends before the column's \"}\""},
          Row{"cut after a list", R"({"user":["u","v"])", "badSyntax: a.json, line 1: the file ends before the object's \"}\""},
          Row{"cut after a name", R"({"user":["u","v"],"time":)",
              "a.json, line 1: the file ends before the cells of its last column"},
          Row{"a reserved item", R"({"user":["u","v"],"item":["[PAD]","x"])" + rest,
              "reservedId: a.json, row 1, column \"item\": the item id \"[PAD]\""},
      }) {
    const std::string whole = read_file(row.text);
    EXPECT_TRUE(contains(whole, row.message)) << row.name;
    EXPECT_EQ(find_invalid_utf8(whole), whole.size()) << row.name;
    std::string made, error;
    const std::string expected = read_in_pieces(row.text, row.text.size(), made, {});
    for (std::size_t piece = 1; piece < row.text.size(); ++piece) {
      ASSERT_EQ(read_in_pieces(row.text, piece, made, {}), expected) << row.name << " in pieces of " << piece;
    }
  }
}

TEST(JsonColumnsRefusal, APlainValueFarIntoTheFile) {
  const std::string text = "{\"user\":[\"" + std::string(70'000, 'u') + "\"],\"n\":5}";
  EXPECT_TRUE(contains(read_file(text),
                       "a.json, line 1: the column \"n\" is no list; an object of columns has a list of cells for each"));
}

TEST(JsonColumnsInspection, ShowsColumnsAndFirstRows) {
  const std::string text =
      R"({"x":[{},null,1],"user":["u","v","w"],"time":[1757055600,1757055601,1757055602],"type":["click","click","click"]})";
  EXPECT_EQ(
      support::without_sample(inspect_json("a.json", text, true, ReadingOptions(), 2)),
      R"({"name":"a.json","problem":null,"compression":null,"format":"json","columnNames":["x","user","time","type"],)"
      R"("columns":{"user":"user","time":"time","type":"type","item":null},)"
      R"("eventTypes":[{"type":"click","rows":3,"role":"exposure"}],"allRows":true,"rows":[["...","u","1757055600","click"],["","v","1757055601","click"]]})");
}

// A look at a file takes nothing of its rows for granted that a run refuses.
TEST(JsonColumnsInspection, SaysOfRowsWhatARunSays) {
  const auto note = [](const std::string& times) {
    const std::string text = R"({"user":["u","v"],"type":["click","click"],"time":[)" + times + "]}";
    return inspect_json("a.json", text, true, ReadingOptions(), 2);
  };
  EXPECT_TRUE(
      contains(note("20250905,20250906"), R"("note":"a.json, row 1, column \"time\": \"20250905\" reads as a calendar date)"));
  EXPECT_TRUE(contains(note("1757055600,null"), R"("note":"a.json, row 2, column \"time\": the time is missing)"));
  EXPECT_FALSE(contains(note("1757055600,1757055601"), "note"));
  EXPECT_TRUE(contains(inspect_json("a.json", std::string(R"({"user":[],"type":[],"time":[]})"), true, ReadingOptions(), 2),
                       "a.json has no rows of data"));
}

TEST(JsonColumnsInspection, SaysThatThereMayBeFurtherColumns) {
  const std::string text = R"({"sku":["a","b","c"],"user":["u")";
  EXPECT_EQ(
      inspect_json("a.json", text, false, ReadingOptions(), 2),
      R"({"name":"a.json","problem":null,"compression":null,"moreColumns":true,"format":"json","columnNames":["sku","user"],)"
      R"("columns":{"user":"user","time":null,"type":null,"item":"sku"},"rows":[["a","u"],["b",""]],"needsBytes":67108864})");
  EXPECT_TRUE(contains(inspect_json("a.json", text, true, ReadingOptions(), 2), "the file ends before the column's"));
  EXPECT_TRUE(contains(inspect_json("a.json", std::string(R"({"user":["u"]})"), true, ReadingOptions(), 2),
                       "no column looks like the time"));
}

}  // namespace
}  // namespace causal_sessions
