#include "ingest/json/json_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/utf8.h"
#include "ingest/build/event_builder.h"
#include "ingest/inspection/preview_table.h"
#include "ingest/json/json_format.h"
#include "support/events.h"
#include "support/run.h"
#include "support/window.h"

namespace causal_sessions {
namespace {

using support::contains;
using support::plan_of;
using support::Window;

// What a reader made of a text: its events as text, then its issues, or its error.
std::string read(std::string_view text, JsonLayout layout, std::size_t piece = 1 << 20, const Plan& asked = {},
                 const std::vector<std::string>& names = {"user", "time", "type", "item"}) {
  const Plan plan = support::in_seconds(asked);
  EventBuilder builder(plan.reading);
  const Result<std::vector<WantedColumn>> wanted = builder.choose("a.json", {names});
  JsonReader reader("a.json", {layout, names, {}}, wanted.value(), plan.reading, builder);
  if (Status status = support::read_in_pieces(reader, text, piece); !status.ok()) {
    return std::string(code_name(status.error().code)) + ": " + status.error().message;
  }
  std::string made = "rows " + std::to_string(reader.rows()) + "\n";
  for (const RowIssue& issue : builder.issues().first) {
    made += std::string(kIssueNames[static_cast<std::size_t>(issue.reason)]) + " row " + std::to_string(issue.row) + " line " +
            std::to_string(issue.line.value()) + " " + issue.column + " " + issue.text + "\n";
  }
  const Result<EventTable> events = builder.finish();
  if (!events.ok()) return made + events.error().message;
  return made + support::table_text(events.value());
}

std::string read_lines(std::string_view text, std::size_t piece = 1 << 20, const Plan& plan = {}) {
  return read(text, JsonLayout::kLines, piece, plan);
}
std::string read_array(std::string_view text, std::size_t piece = 1 << 20) { return read(text, JsonLayout::kArray, piece); }

TEST(Json, ValuesBecomeTheTextsOfTheirCells) {
  struct Row {
    const char* name;
    const char* value;
    const char* expected;
  };
  for (const Row& row : {
           Row{"text", R"("p1")", "p1"},
           Row{"null", "null", "-"},
           Row{"empty text", R"("")", "-"},
           Row{"escapes", R"("a\"\\\/\b\f\n\r\tz")", "a\"\\/\b\f\n\r\tz"},
           Row{"unicode escape", R"("\u65e5\u672c")", "日本"},
           Row{"surrogate pair", R"("\ud83d\uded2")", "🛒"},
           Row{"raw UTF-8", R"("日本 🛒")", "日本 🛒"},
           Row{"brackets in text", R"("}{][\"")", "}{][\""},
           Row{"integer", "17", "17"},
           Row{"19 digits", "9223372036854775807", "9223372036854775807"},
           Row{"20 digits", "18446744073709551615", "18446744073709551615"},
           Row{"40 digits", "1234567890123456789012345678901234567890", "1234567890123456789012345678901234567890"},
           Row{"negative", "-9223372036854775808", "-9223372036854775808"},
           Row{"minus one", "-1", "-1"},
           Row{"fraction", "1.50", "1.50"},
           Row{"whole number with a point", "7.0", "7"},
           Row{"and several zeros", "-70.000", "-70"},
           Row{"exponent", "1e5", "100000"},
           Row{"capital exponent", "1E+05", "100000"},
           Row{"a point that an exponent moves away", "1.25e2", "125"},
           Row{"zeros that an exponent takes away", "1200e-2", "12"},
           Row{"an exponent too small", "1.25e1", "1.25e1"},
           Row{"no number at all", "-0.00", "0"},
           Row{"the last one that doubles hold", "9007199254740991.0", "9007199254740991"},
           Row{"the first one that they may not", "9007199254740992.0", "9007199254740992.0"},
           Row{"a text with a point", "\"7.0\"", "7.0"},
           Row{"true", "true", "true"},
           Row{"false", "false", "false"},
       }) {
    const std::string text = std::string(R"({"user":"u","time":5,"type":"click","item":)") + row.value + "}\n";
    EXPECT_EQ(read_lines(text), std::string("rows 1\nu/5000000/click/") + row.expected + "\n") << row.name;
  }
}

TEST(Json, OtherFieldsAreSkipped) {
  struct Row {
    const char* name;
    const char* fields;
  };
  for (const Row& row : {
           Row{"nested object", R"("x":{"user":"no","time":[1,{"type":"no"}]})"},
           Row{"nested list", R"("x":[[["}"]],{"item":3}])"},
           Row{"empty ones", R"("x":{},"y":[],"z":"")"},
           Row{"brackets and quotes in text", R"("x":"\"}]{[\\","y":"\\")"},
       }) {
    const std::string fields = row.fields;
    EXPECT_EQ(read_lines("{" + fields + R"(,"user":"u","time":5,"type":"click","item":"i"})"), "rows 1\nu/5000000/click/i\n")
        << row.name;
    EXPECT_EQ(read_lines(R"({"user":"u","time":5,"type":"click","item":"i",)" + fields + "}"), "rows 1\nu/5000000/click/i\n")
        << row.name;
  }
}

TEST(Json, AKeyThatTurnsUpLateAndCouldAlsoBeTheUserIsRefused) {
  EXPECT_EQ(read_lines(R"({"user":"u","time":5,"type":"click","User":"v"})"),
            "ambiguousColumn: a.json: more than one column could be the user: \"user\", \"User\". Name the right one in "
            "the plan: columns.user, or all of them as a list, of which the first that has a value counts");
}

// JSON sets no limit to numbers; only the digits count here.
TEST(Json, NumbersKeepTheirDigitsWhateverTheirValue) {
  for (const char* number :
       {"-0", "1e999", "-1E-999", "1e400", "0.1e-99999999999999999999", "123456789012345678901234567890e10"}) {
    const std::string digits = number;
    EXPECT_EQ(read_lines(R"({"user":"u","time":5,"type":"click","item":)" + digits + "}"),
              "rows 1\nu/5000000/click/" + digits + "\n");
    EXPECT_EQ(read_lines(R"({"x":)" + digits + R"(,"user":"u","time":5,"type":"click"})"), "rows 1\nu/5000000/click/-\n");
  }
}

// JavaScript writes half of a surrogate pair where it has cut a text, Python NaN where a value is missing.
TEST(Json, HalfAPairNaNAndInfinityDoNoHarmWhereTheyAreNotNeeded) {
  for (const char* value :
       {R"("\ud83d")", R"("\udc00\ud83d a")", "NaN", "Infinity", "-Infinity", R"({"a":[NaN,"\ud83d"],"\ude00":-Infinity})"}) {
    const std::string text = std::string(R"({"user":"u","time":5,"type":"click","item":"i","x":)") + value + "}\n";
    for (std::size_t piece = 1; piece <= text.size(); ++piece)
      ASSERT_EQ(read_lines(text, piece), "rows 1\nu/5000000/click/i\n") << value;
  }
  EXPECT_EQ(read_lines(R"({"user":"u","time":5,"type":"click","item":NaN,"x":"\n"})"), "rows 1\nu/5000000/click/-\n")
      << "NaN is missing";
  EXPECT_TRUE(contains(read_lines(R"({"user":NaN,"time":5,"type":"click"})"), "the user is missing"));
  EXPECT_EQ(read_lines(R"({"user":"\ud83d","time":5,"type":"click","user":"u"})"), "rows 1\nu/5000000/click/-\n")
      << "the last one counts";
  const std::string text = R"({"user":"a","time":5,"type":"click","item":"\ud83d"})"
                           "\n"
                           R"({"user":"b","time":6,"type":"click","item":"\ud83d\ude00"})";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    ASSERT_EQ(read_lines(text, piece, plan_of(R"({"events": {"unknown": "drop"}})")),
              "rows 2\nbadValue row 1 line 1 item \"\\ud83d\" is half of a surrogate pair, which stands for no "
              "character\nb/6000000/click/😀\n");
  }
}

// A time is no id: its digits stay.
TEST(Json, AnExactKeyThatTurnsUpLateTakesTheRoleOver) {
  EXPECT_EQ(read(R"({"User":"a","time":5,"type":"click"}{"User":"b","time":5,"type":"click","x":[1],"user":"c"})"
                 R"({"User":"d","time":6,"type":"click","user":"e"}{"User":"f","time":7,"type":"click"})",
                 JsonLayout::kLines, 1 << 20, plan_of(R"({"columns": {"user": "user"}, "events": {"unknown": "drop"}})"),
                 {"User", "time", "type"}),
            "rows 4\nmissingUser row 4 line 1 user \na/5000000/click/-\nc/5000000/click/-\ne/6000000/click/-\n");
}

TEST(Json, AWholeNumberIsTheSameIdHoweverItIsWritten) {
  for (const char* more : {"", R"(,"x":{"y":1})"}) {
    const std::string fields = more;
    EXPECT_EQ(
        read_lines(R"({"user":7.0,"time":1757030400.5,"type":1e0,"item":1.1e2)" + fields + "}" +
                       R"({"user":7,"time":1.757030401e9,"type":1,"item":110)" + fields + "}",
                   1 << 20, plan_of(R"({"events": {"types": ["1", "2"]}, "treatment": {"type": 1}, "outcome": {"type": 2}})")),
        "rows 2\n7/1757030400500000/1/110\n7/1757030401000000/1/110\n")
        << more;
  }
}

// Spellings of the user's name, one in each row: looking at all of them again for each would take minutes.
TEST(Json, ManyKeysLikeTheUsersCostTheirBytes) {
  std::string text;
  for (int i = 0; i < 30'000; ++i)
    text += R"({"user":"u","time":5,"type":"click","u)" + std::string(static_cast<std::size_t>(i % 100) + 1, '_') +
            std::to_string(i / 100) +
            R"(ser":1})"
            "\n";
  std::string spelled;
  for (int i = 0; i < 3'000; ++i)
    spelled += R"({"user":"u","time":5,"type":"click","u)" + std::string(static_cast<std::size_t>(i) + 1, '_') +
               R"(ser":1})"
               "\n";
  const Plan plan = plan_of(R"({"columns": {"user": "user"}})");
  EXPECT_EQ(read_lines(text, 1 << 20, plan).substr(0, 11), "rows 30000\n");
  EXPECT_EQ(read_lines(spelled, 1 << 20, plan).substr(0, 10), "rows 3000\n");
}

TEST(Json, TheLastOfRepeatedKeysCounts) {
  EXPECT_EQ(read_lines(R"({"user":"u","time":5,"type":"click","item":"a","item":"b"})"), "rows 1\nu/5000000/click/b\n");
  EXPECT_EQ(read_lines(R"({"user":"u","time":5,"type":"click","item":"a","item":null})"), "rows 1\nu/5000000/click/-\n");
  EXPECT_EQ(read_lines(R"({"user":"u","time":5,"type":"click","item":{},"item":"b"})"), "rows 1\nu/5000000/click/b\n");
}

TEST(Json, ReadsLayouts) {
  const std::string a = R"({"user":"u","time":5,"type":"click"})";
  const std::string b = R"({"type":"auction","item":"i","time":"6","user":"v"})";
  const std::string expected = "rows 2\nu/5000000/click/-\nv/6000000/auction/i\n";
  struct Row {
    const char* name;
    std::string text;
    JsonLayout layout;
  };
  for (const Row& row : {
           Row{"lines", a + "\n" + b + "\n", JsonLayout::kLines},
           Row{"lines without the last end", a + "\n" + b, JsonLayout::kLines},
           Row{"lines, CRLF and blank ones", a + "\r\n\r\n \t" + b + "\r\n", JsonLayout::kLines},
           Row{"objects on one line", a + b, JsonLayout::kLines},
           Row{"an object over lines", a + "{\n\"type\" : \"auction\",\r\n\"item\":\"i\",\"time\":\t\"6\",\"user\":\"v\"\n}",
               JsonLayout::kLines},
           Row{"array", "[" + a + "," + b + "]", JsonLayout::kArray},
           Row{"array with space", " [\n " + a + " ,\n " + b + "\n]\n", JsonLayout::kArray},
       }) {
    for (std::size_t piece = 1; piece <= row.text.size(); ++piece) {
      ASSERT_EQ(read(row.text, row.layout, piece), expected) << row.name << " in pieces of " << piece;
    }
  }
  EXPECT_EQ(read_array("[]"), "rows 0\n");
}

TEST(JsonRefusal, BrokenTextNamesRowAndLine) {
  const std::string a = R"({"user":"u","time":5,"type":"click"})";
  struct Row {
    const char* name;
    std::string text;
    JsonLayout layout;
    const char* message;
  };
  for (const Row& row : {
           Row{"word between objects", a + "\nhello, this is not JSON\n", JsonLayout::kLines,
               "badSyntax: a.json, row 2 (line 2): \"h\" does not begin an object"},
           Row{"comma between lines", a + ",\n" + a, JsonLayout::kLines,
               "row 2 (line 1): the lines end in commas; this is neither JSON lines nor an array"},
           Row{"list on a line", a + "\n[1,2]\n", JsonLayout::kLines, "row 2 (line 2): \"["},
           Row{"object without end", a + "\n{\"user\":\"u\"", JsonLayout::kLines,
               "row 2 (line 2): the object that begins here does not end"},
           Row{"text without end", a + "\n{\"user\":\"u}\n", JsonLayout::kLines, "row 2 (line 2): the object that begins here"},
           Row{"not JSON inside", a + "\n\n{\"user\":u}\n", JsonLayout::kLines,
               "row 2 (line 3): the object is not JSON, at its byte 9"},
           Row{"comma before the end", "{\"user\":\"u\",}", JsonLayout::kLines, "row 1 (line 1): the object is not JSON"},
           Row{"single quotes", "{'user':'u'}", JsonLayout::kLines, "row 1 (line 1): the object is not JSON"},
           Row{"brackets that do not match", "{\"user\":[}]}", JsonLayout::kLines, "row 1 (line 1): the object is not JSON"},
           Row{"line feed in text", "{\"user\":\"a\nb\"}", JsonLayout::kLines, "row 1 (line 1): the object is not JSON"},
           Row{"lone surrogate", a + "\n{\"user\":\"x\\ud83d\"}", JsonLayout::kLines,
               "a.json, row 2 (line 2), column \"user\": \"\\ud83d\" is half of a surrogate pair, which stands for no character"},
           Row{"Infinity", "{\"user\":-Infinity}", JsonLayout::kLines,
               "a.json, row 1 (line 1), column \"user\": -Infinity is not JSON and stands for no value; write null where a value "
               "is missing"},
           Row{"a bad escape", "{\"x\":\"\\u12G4\"}", JsonLayout::kLines,
               "row 1 (line 1): the object is not JSON, at its byte 11"},
           Row{"a word like NaN", "{\"x\":Nan}", JsonLayout::kLines, "row 1 (line 1): the object is not JSON, at its byte 6"},
           Row{"text behind NaN", "{\"x\":NaNa}", JsonLayout::kLines, "row 1 (line 1): the object is not JSON, at its byte 9"},
           Row{"the first byte of a character that is none", a + "\n\xE6x", JsonLayout::kLines,
               "badEncoding: a.json, row 2 (line 2)"},
           Row{"a character between objects", a + "\n\u65E5", JsonLayout::kLines,
               "row 2 (line 2): what begins here does not begin an object"},
           Row{"a character behind the array", "[" + a + "]\xE6", JsonLayout::kArray, "badEncoding: a.json, row 2 (line 1)"},
           Row{"a comma after each line", a + ",\n" + a + ",\n", JsonLayout::kLines,
               "row 2 (line 1): the lines end in commas; this is neither JSON lines nor an array"},
           Row{"array without end", "[" + a, JsonLayout::kArray, "row 1 (line 1): the file ends before the array's \"]\""},
           Row{"array ends in a comma", "[" + a + ",", JsonLayout::kArray, "the file ends before the array's \"]\""},
           Row{"comma before ]", "[" + a + ",]", JsonLayout::kArray, "row 2 (line 1): \"]\" is out of place"},
           Row{"two commas", "[" + a + ",,", JsonLayout::kArray, "row 2 (line 1): \",\" is out of place"},
           Row{"comma first", "[," + a, JsonLayout::kArray, "\",\" is out of place"},
           Row{"no comma", "[" + a + a + "]", JsonLayout::kArray, "row 2 (line 1): \"{"},
           Row{"array in the array", "[[" + a, JsonLayout::kArray, "\"[\" is out of place"},
           Row{"number in the array", "[" + a + ",5]", JsonLayout::kArray, "row 2 (line 1): \"5"},
           Row{"text after the array", "[" + a + "]\n" + a, JsonLayout::kArray,
               "row 2 (line 2): text follows the end of the array"},
           Row{"not UTF-8", a + "\n{\"user\":\"caf\xE9\"}", JsonLayout::kLines,
               "badEncoding: a.json, row 2 (line 2): byte 0xE9 is not UTF-8; the text is probably windows-1252"},
           Row{"not UTF-8 between objects", a + "\n\xFF", JsonLayout::kLines, "badEncoding: a.json, row 2 (line 2)"},
       }) {
    const std::string whole = read(row.text, row.layout);
    EXPECT_TRUE(contains(whole, row.message)) << row.name;
    EXPECT_EQ(find_invalid_utf8(whole), whole.size()) << row.name;
    for (std::size_t piece = 1; piece <= row.text.size(); ++piece) {
      const std::string cut = read(row.text, row.layout, piece);
      EXPECT_EQ(cut, whole) << row.name << " in pieces of " << piece;
      if (cut != whole) break;
    }
  }
}

TEST(JsonRefusal, AnEarlierReservedItemComesBeforeALaterMistake) {
  const std::string text = R"({"user":"u","time":5,"type":"click","item":"[PAD]"} oops)";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    ASSERT_EQ(read_lines(text, piece).substr(0, 10), read_lines(text).substr(0, 10)) << piece;
  }
}

TEST(Json, NestedValuesWhereAPlainOneIsNeededAreIssues) {
  const std::string text =
      "{\"user\":{\"id\":1},\"time\":5,\"type\":\"click\"}\n"
      "{\"user\":\"u\",\"time\":[5],\"type\":\"click\"}\n"
      "{\"user\":\"u\",\n\"time\":5,\"type\":\"click\",\"item\":[]}\n"
      "{\"user\":\"u\",\"time\":6,\"type\":\"click\"}\n";
  const std::string expected =
      "rows 4\nnestedValue row 1 line 1 user \"user.id\"\nnestedValue row 2 line 2 time \nnestedValue row 3 line 3 item \n"
      "u/6000000/click/-\n";
  const Plan plan = plan_of(R"({"events": {"unknown": "drop"}})");
  for (std::size_t piece = 1; piece <= text.size(); ++piece) ASSERT_EQ(read_lines(text, piece, plan), expected) << piece;
  EXPECT_TRUE(contains(
      read_lines(text),
      "a.json, row 1 (line 1), column \"user\": an object or list stands where a plain value is needed; the values in it "
      "have the paths \"user.id\": name the right one as the column"));
}

TEST(Json, DeepNestingIsSkipped) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_EQ(read_lines("{\"x\":" + deep + R"(,"user":"u","time":5,"type":"click"})"), "rows 1\nu/5000000/click/-\n");
}

TEST(JsonSample, FindsKeysInOrderOfAppearance) {
  struct Row {
    const char* name;
    const char* text;
    JsonLayout layout;
    std::vector<std::string> names;
  };
  for (const Row& row : {
           Row{"lines", "{\"b\":1,\"a\":2}\n{\"a\":3,\"c\":null}\n", JsonLayout::kLines, {"b", "a", "c"}},
           Row{"array", " [ {\"b\":1}, {\"a\":{\"x\":1}} ]", JsonLayout::kArray, {"b", "a"}},
           Row{"the last object is not whole", "{\"b\":1}\n{\"a\":", JsonLayout::kLines, {"b"}},
           Row{"an object is broken", "{\"b\":1}\n{\"a\":x}\n{\"c\":1}", JsonLayout::kLines, {"b"}},
       }) {
    const Result<JsonSample> sample = sample_json("a.json", Window(row.text).span(), Window(row.text).span().size());
    ASSERT_TRUE(sample.ok()) << row.name << sample.error().message;
    EXPECT_EQ(sample.value().layout, row.layout) << row.name;
    EXPECT_EQ(std::vector<std::string>(sample.value().names.begin(),
                                       sample.value().names.begin() + static_cast<std::ptrdiff_t>(row.names.size())),
              row.names)
        << row.name;
  }
}

// A new key in each row: rows times keys would be 100 million cells.
TEST(JsonSample, ManyKeysCostTheirBytes) {
  std::string lines, object = "{";
  for (int i = 0; i < 10'000; ++i) lines += "{\"k" + std::to_string(i) + "\":1}\n";
  for (int i = 0; i < 100'000; ++i) object += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":1";
  object += "}";
  const Window window(lines), wide(object);
  const ReadingOptions options = plan_of(R"({"columns": {"user": "k3", "time": "k5", "type": "k6", "item": "k4"}})").reading;
  const Result<Sniffed> sniffed = sniff_json({"a.json", window.span(), false, options, SIZE_MAX});
  ASSERT_TRUE(sniffed.ok());
  const auto rows_of = [&](PreviewTable::Shown shown, std::size_t most_rows) {
    Preview preview;
    PreviewTable table(preview, options, most_rows, shown);
    const auto wanted = table.choose("a.json", sniffed.value().columns);
    EXPECT_TRUE(sniffed.value().open(wanted.value(), table)->consume(window.span(), false).ok());
    return preview.rows;
  };
  EXPECT_EQ(sniffed.value().columns.names.size(), 10'000u);
  EXPECT_LE(sniffed.value().most_shown * sniffed.value().columns.names.size(), lines.size());
  EXPECT_EQ(rows_of(PreviewTable::Shown::kAll, sniffed.value().most_shown)[1][1], "1");
  EXPECT_EQ(sample_json("a.json", wide.span(), wide.span().size()).value().names.size(), 100'000u);
  const auto cells = rows_of(PreviewTable::Shown::kIds, UINT64_MAX);
  ASSERT_EQ(cells.size(), 10'000u);
  EXPECT_EQ(cells[4], (std::vector<std::string>{"", "1"}));
}

TEST(JsonSampleRefusal, SaysWhatIsNeeded) {
  struct Row {
    const char* name;
    const char* text;
    ErrorCode code;
    const char* message;
  };
  for (const Row& row : {
           Row{"array of numbers", "[1,2]", ErrorCode::kBadSyntax, "no whole JSON object"},
           Row{"CSV that begins with a bracket", "[user],time\n", ErrorCode::kBadSyntax,
               "if the file is CSV, set input.format to \"csv\""},
           Row{"array of lists", "[[\"u\",1]]", ErrorCode::kBadSyntax, "no whole JSON object"},
           Row{"broken at once", "\n{user:1}", ErrorCode::kBadSyntax, "a.json, line 2: the object that begins here is not JSON"},
           Row{"no key", "{}", ErrorCode::kBadSyntax, "with at least one key"},
           Row{"empty array", "[]", ErrorCode::kEmptyInput, "no rows"},
       }) {
    const Result<JsonSample> sample = sample_json("a.json", Window(row.text).span(), Window(row.text).span().size());
    EXPECT_FALSE(sample.ok()) << row.name;
    if (sample.ok()) continue;
    EXPECT_EQ(sample.error().code, row.code) << row.name;
    EXPECT_TRUE(contains(sample.error().message, row.message)) << row.name;
  }
}

}  // namespace
}  // namespace causal_sessions
