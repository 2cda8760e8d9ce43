#include "ingest/csv/csv_format.h"

#include <gtest/gtest.h>
#include <cstring>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "support/events.h"
#include "support/row_sink.h"
#include "support/run.h"
#include "support/window.h"

namespace causal_sessions {
namespace {

using support::contains;
using support::plan_of;
using support::Window;
using Cells = std::vector<std::vector<std::string>>;

Cells cells_of(std::string_view text, CsvMarks marks = {}, bool last = true) {
  return read_csv_rows(Window(text).span(), last, marks, 1000).cells;
}

TEST(Csv, SplitsCells) {
  struct Row {
    const char* name;
    const char* text;
    Cells expected;
  };
  for (const Row& row : {
           Row{"plain", "a,b\nc,d\n", {{"a", "b"}, {"c", "d"}}},
           Row{"no final line end", "a,b\nc,d", {{"a", "b"}, {"c", "d"}}},
           Row{"CRLF", "a,b\r\nc,d\r\n", {{"a", "b"}, {"c", "d"}}},
           Row{"CR", "a,b\rc,d\r", {{"a", "b"}, {"c", "d"}}},
           Row{"mixed line ends", "a\r\nb\rc\nd", {{"a"}, {"b"}, {"c"}, {"d"}}},
           Row{"empty cells", ",a,,\n,,,\n", {{"", "a", "", ""}, {"", "", "", ""}}},
           Row{"empty cell at the end of the file", "a,b,", {{"a", "b", ""}}},
           Row{"spaces are kept", " a , b\n", {{" a ", " b"}}},
           Row{"quoted", "\"a\",\"b\"\n", {{"a", "b"}}},
           Row{"quoted separator", "\"a,b\",c\n", {{"a,b", "c"}}},
           Row{"doubled quote", "\"say \"\"hi\"\"\",c\n", {{"say \"hi\"", "c"}}},
           Row{"only a doubled quote", "\"\"\"\"\n", {{"\""}}},
           Row{"quoted empty", "\"\",\"\"\n", {{"", ""}}},
           Row{"quoted line feed", "\"a\nb\",c\nd,e\n", {{"a\nb", "c"}, {"d", "e"}}},
           Row{"quoted CRLF and CR", "\"a\r\nb\rc\",d\r\n", {{"a\r\nb\rc", "d"}}},
           Row{"quote inside a plain cell", "a\"b,c\"\n", {{"a\"b", "c\""}}},
           Row{"quoted at the end of the file", "a,\"b\"", {{"a", "b"}}},
           Row{"doubled quote at the end of the file", "\"a\"\"\"", {{"a\""}}},
           Row{"blank lines are left out", "\n\na,b\n\n\r\nc,d\n\n", {{"a", "b"}, {"c", "d"}}},
           Row{"a quoted empty cell is no blank line", "a\n\"\"\nb\n", {{"a"}, {""}, {"b"}}},
           Row{"empty first cell before a quoted one", ",\"b\"\n,\"d\",\"e\"\n", {{"", "b"}, {"", "d", "e"}}},
           Row{"UTF-8", "日本,\"🛒\"\n", {{"日本", "🛒"}}},
       }) {
    EXPECT_EQ(cells_of(row.text), row.expected) << row.name;
  }
}

TEST(Csv, SplitsAtEverySeparator) {
  for (const char separator : {',', ';', '\t', '|'}) {
    const std::string s(1, separator);
    EXPECT_EQ(cells_of("a" + s + "\"b" + s + "\"\n", {separator}), (Cells{{"a", "b" + s}})) << separator;
  }
}

// Structural bytes are looked for in blocks of 64: cells of every length across a block's end.
TEST(Csv, SplitsWhereverABlockEnds) {
  for (std::size_t before = 0; before < 140; ++before) {
    const std::string long_cell(before, 'x');
    EXPECT_EQ(cells_of(long_cell + ",\"a\"\"b\",c\r\nd,\"e\nf\",g"), (Cells{{long_cell, "a\"b", "c"}, {"d", "e\nf", "g"}}));
  }
}

TEST(Csv, AnUnfinishedRecordWaitsForMore) {
  for (const char* text : {"a,b", "a,\"b", "a,\"b\"", "a,\"b\nc", "a,b\r"}) {
    EXPECT_TRUE(cells_of(text, {}, false).empty()) << text;
  }
}

TEST(Csv, DetectsSeparatorAndHeader) {
  struct Row {
    const char* name;
    const char* text;
    const char* plan;
    char separator;
    bool header;
    std::vector<std::string> names;
  };
  const char* by_number = R"({"columns": {"user": 1, "time": 2, "type": 3}})";
  for (const Row& row : {
           Row{"comma", "user,time,type\nu,1757030400,click\n", "", ',', true, {"user", "time", "type"}},
           Row{"semicolon", "user;time;type\nu;1757030400;click\n", "", ';', true, {"user", "time", "type"}},
           Row{"tab", "user\ttime\ttype\nu\t1757030400\tclick\n", "", '\t', true, {"user", "time", "type"}},
           Row{"bar", "user|time|type\nu|1757030400|click\n", "", '|', true, {"user", "time", "type"}},
           Row{"commas in semicolon cells",
               "user;time;type;a,b\nu,1;2025-09-05 00:00:00,5;click;x,y,z\n",
               "",
               ';',
               true,
               {"user", "time", "type", "a,b"}},
           Row{"quoted separators do not count",
               "\"u;s;e;r\",time,type\n\"a;b\",1757030400,click\n",
               "",
               ',',
               true,
               {"u;s;e;r", "time", "type"}},
           Row{"header alone", "user;time;type", "", ';', true, {"user", "time", "type"}},
           Row{"blank lines first", "\n\nuser,time,type\nu,1,click\n", "", ',', true, {"user", "time", "type"}},
           Row{"no header", "u,2025-09-05,click\nv,2025-09-06,click\n", by_number, ',', false, {"1", "2", "3"}},
           Row{"no header, epoch", "u,1757030400,click\n", by_number, ',', false, {"1", "2", "3"}},
           Row{"header although columns go by number",
               "who,when,what\nu,1757030400,click\n",
               by_number,
               ',',
               true,
               {"who", "when", "what"}},
       }) {
    const Result<CsvDialect> csv = detect_csv("a.csv", Window(row.text).span(), true, plan_of(row.plan).reading);
    ASSERT_TRUE(csv.ok()) << row.name;
    EXPECT_EQ(csv.value().marks.separator, row.separator) << row.name;
    EXPECT_EQ(csv.value().header, row.header) << row.name;
    EXPECT_EQ(csv.value().names, row.names) << row.name;
  }
}

TEST(CsvRefusal, DataWithoutAHeaderAsksForColumnNumbers) {
  const Result<CsvDialect> csv = detect_csv("a.csv", Window("u,2025-09-05 00:00:00,click\n").span(), true, ReadingOptions());
  ASSERT_TRUE(csv.ok());
  const std::optional<Error> refused = refuse_unnamed_columns("a.csv", csv.value(), ReadingOptions());
  ASSERT_TRUE(refused.has_value());
  EXPECT_EQ(refused->code, ErrorCode::kMissingColumn);
  EXPECT_TRUE(contains(refused->message, "the first row holds data, not column names"));
  EXPECT_TRUE(contains(refused->message, R"({"columns": {"user": 1, "time": 2, "type": 3}})"));
}

// What a reader made of a text: its events as text, then its issues, or its error.
std::string read(std::string_view text, std::size_t piece, const Plan& asked = {}, char separator = ',') {
  const Plan plan = support::in_seconds(asked);
  EventBuilder builder(plan.reading);
  const CsvDialect dialect{
      {separator, plan.reading.input.quote, plan.reading.input.escape}, true, {"user", "time", "type", "note", "item"}};
  const Result<std::vector<WantedColumn>> wanted = builder.choose("a.csv", {dialect.names});
  CsvReader reader("a.csv", dialect, wanted.value(), builder);
  if (Status status = support::read_in_pieces(reader, text, piece); !status.ok()) return status.error().message;
  std::string made = "rows " + std::to_string(reader.rows()) + "\n";
  for (const RowIssue& issue : builder.issues().first) {
    made += std::string(kIssueNames[static_cast<std::size_t>(issue.reason)]) + " row " + std::to_string(issue.row) + " line " +
            std::to_string(issue.line.value()) + " " + issue.text + "\n";
  }
  const Result<EventTable> events = builder.finish();
  if (!events.ok()) return made + events.error().message;
  return made + support::table_text(events.value());
}

constexpr const char* kDrop = R"({"events": {"unknown": "drop"}})";

TEST(CsvReader, TakesTheCellsItNeeds) {
  const char* text =
      "user,time,type,note,item\n"
      "u1,5,click,\"a \"\"note\"\"\",i1\n"
      "\"u,2\",6,\"auction\",,\n"
      "\"\"\"u3\"\"\",7,purchase,x,\"i\n2\"";
  const std::string expected = "rows 3\nu1/5000000/click/i1\nu,2/6000000/auction/-\n\"u3\"/7000000/purchase/i\n2\n";
  for (std::size_t piece = 1; piece < 140; ++piece) ASSERT_EQ(read(text, piece), expected) << piece;
}

TEST(CsvReader, CountsRaggedRowsAndKeepsTheirPlace) {
  const char* text =
      "user,time,type,note,item\n"
      "u1,5,click,\"two\nlines\",i1\n"
      "u2,6,click\n"
      "\n"
      "u3,7,click,,i3,more\r\n"
      "u4,8,click,,i4\n";
  const std::string expected =
      "rows 4\n"
      "wrongCellCount row 2 line 4 the row has 3 cells, the first row 5\n"
      "wrongCellCount row 3 line 6 the row has 6 cells, the first row 5\n"
      "u1/5000000/click/i1\nu4/8000000/click/i4\n";
  for (std::size_t piece = 1; piece < 140; ++piece) ASSERT_EQ(read(text, piece, plan_of(kDrop)), expected) << piece;
}

TEST(CsvReader, ARowWithAnEmptyFirstCellIsNoBlankLine) {
  EXPECT_EQ(read("user,time,type,note,item\n,\"6\",\"click\",\"\",\"i1\"\nu,5,click,,\n", 1000, plan_of(kDrop)),
            "rows 2\nmissingUser row 1 line 2 \nu/5000000/click/-\n");
}

TEST(CsvReader, NamesTheRowAndLineOfAnUnclosedQuote) {
  struct Row {
    const char* name;
    const char* text;
    const char* expected;
  };
  for (const Row& row : {
           Row{"in the last row", "user,time,type,note,item\nu1,5,click,,i1\nu2,6,click,\"x,i2\n",
               "a.csv, row 2 (line 3): a quote is opened here and never closed"},
           Row{"after quoted line breaks", "user,time,type,note,item\nu1,5,click,\"a\nb\",i1\nu2,6,click,\"a\nb\",\"i2\nu3\n",
               "a.csv, row 2 (line 5): a quote is opened here and never closed"},
           Row{"ends in a doubled quote", "user,time,type,note,item\nu1,5,click,\"x\"\"",
               "a.csv, row 1 (line 2): a quote is opened here and never closed"},
       }) {
    const std::string expected = row.expected + std::string(
                                                    "; if the file escapes quotes as \\\", set input.escape to \"\\\\\"; if its "
                                                    "quotes are ordinary characters, set input.quote to null");
    for (std::size_t piece = 1; piece < 140; ++piece) ASSERT_EQ(read(row.text, piece), expected) << row.name << piece;
  }
  const char* escaped = "user,time,type,note,item\nu1,5,click,\"a \\\"\",i1\nu2,6,click,,i1\n";
  for (std::size_t piece = 1; piece < 140; ++piece) {
    ASSERT_TRUE(contains(read(escaped, piece),
                         "a.csv, row 1 (line 2): a quote is opened here and never closed; a backslash "
                         "stands before a quote: if the file escapes quotes as"));
  }
}

TEST(CsvReader, NamesTheFirstRowThatIsNotUtf8) {
  const char* text = "user,time,type,note,item\nu1,5,click,,caf\xC3\xA9\nu2,6,click,,caf\xE9\nu3,7,click,,\xFF\n";
  for (std::size_t piece = 1; piece < 140; ++piece) {
    const std::string message = read(text, piece);
    EXPECT_TRUE(contains(message, "a.csv, row 2 (line 3): byte 0xE9 is not UTF-8")) << piece;
    EXPECT_TRUE(contains(message, "save the file as UTF-8")) << piece;
  }
}

// The first of two problems is reported, however the text is cut.
TEST(CsvReader, AnEarlierReservedItemComesBeforeALaterBadByte) {
  const char* text = "user,time,type,note,item\nu1,5,click,,[PAD]\nu2,6,click,,caf\xE9\n";
  for (std::size_t piece = 1; piece < 140; ++piece) ASSERT_EQ(read(text, piece), read(text, 1000)) << piece;
}

// Records of the usual kind are taken at once, all others cell by cell: each kind at many distances from the ends of
// blocks and stretches, and cut anywhere.
TEST(CsvReader, TakesPlainAndOtherRecordsInAnyOrder) {
  std::string text = "user,time,type,note,item\n", events, issues;
  std::uint64_t row = 0, line = 2;
  for (std::size_t i = 0; i < 900; ++i) {
    const std::string user = "u" + std::to_string(i % 37), note(i * 7 % 90, 'n'), item = "i" + std::to_string(i % 11);
    std::string end = "\n", cells = user + ",5,click," + note + ',' + item;
    std::uint64_t lines = 1;
    ++row;
    switch (i % 17) {
      case 3: end = "\r\n"; break;
      case 5: end = "\r"; break;
      case 7: cells = '"' + user + "\",5,click," + note + ',' + item; break;
      case 8:
        cells = user + ",5,click," + note + ",\"" + item + '"';
        end = "\r\n";
        break;
      case 10: cells = user + ",5,click,n" + note + "\"," + item; break;  // opens nothing inside of a cell
      case 12:
        cells = user + ",5,click,\"" + note + "\n,\"," + item;
        lines = 2;
        break;
      case 14:
        end = "\n\n\r\n";
        lines = 3;
        break;
      case 15: cells += ','; break;
      case 16:
        cells = user + ",5,click";
        end = "\r\n";
        break;
      default: break;
    }
    const std::size_t count = i % 17 == 15 ? 6 : i % 17 == 16 ? 3 : 5;
    if (count == 5) {
      events += user + "/5000000/click/" + item + '\n';
    } else if (i < 3 * 17 - 1) {  // the first five are kept
      issues += "wrongCellCount row " + std::to_string(row) + " line " + std::to_string(line) + " the row has " +
                std::to_string(count) + " cells, the first row 5\n";
    }
    text += cells + end;
    line += lines;
  }
  const std::string expected = "rows 900\n" + issues + events;
  for (const std::size_t piece : {1u, 61u, 64u, 1000u, 4095u, 4096u, 4097u, 1000000u}) {
    ASSERT_EQ(read(text, piece, plan_of(kDrop)), expected) << piece;
  }
}

// A character across the end of a block or stretch is whole; a byte that begins none is found wherever it stands.
TEST(CsvReader, FindsABadByteAtTheEndOfABlock) {
  for (const std::size_t border : {64u, 128u, 4096u, 8192u}) {
    for (std::size_t at = border - 4; at < border + 3; ++at) {
      std::string text = "user,time,type,note,item\n", events;
      std::uint64_t row = 1;
      for (; text.size() + 20 < at; ++row) {
        const std::string note(at - text.size() > 90 ? 50 : 0, 'x');
        text += "u,5,click," + note + ",i\n";
        events += "u/5000000/click/i\n";
      }
      text += "u,5,click,";
      text.resize(std::max(at, text.size()), 'x');
      const std::string good = text + "\xF0\x9F\x9B\x92,i\n", bad = text + "\x9F,i\nu,5,click,\xFF,i\n";
      const std::string refusal =
          "a.csv, row " + std::to_string(row) + " (line " + std::to_string(row + 1) + "): byte 0x9F is not UTF-8";
      for (const std::size_t piece : {std::size_t{1}, at, at + 1, at + 2, std::size_t{100000}}) {
        ASSERT_EQ(read(good, piece), "rows " + std::to_string(row) + '\n' + events + "u/5000000/click/i\n") << at;
        ASSERT_TRUE(contains(read(bad, piece), refusal)) << at << " " << piece;
      }
    }
  }
}

// A file that does not quote by RFC 4180 would lose rows inside of cells.
TEST(CsvReader, TextBehindAClosingQuoteIsRefusedWhereTheQuoteOpened) {
  struct Row {
    const char* name;
    char separator;
    const char* text;
    const char* expected;
  };
  const char* both =
      "; if the file escapes quotes as \\\", set input.escape to \"\\\\\"; if its quotes are ordinary "
      "characters, set input.quote to null";
  const char* backslash =
      "; a backslash stands before a quote: if the file escapes quotes as \\\", set input.escape to "
      "\"\\\\\"; if its quotes are ordinary characters, set input.quote to null";
  const char* tabs = "; a file with tabs mostly has no quoting: if its quotes are ordinary characters, set input.quote to null";
  for (const Row& row : {
           Row{"in a column that is not needed", ',', "user,time,type,note,item\nu1,5,click,,i1\nu2,6,click,\"a\"b,i2\n",
               "a.csv, row 2 (line 3), column \"note\": text follows the closing quote"},
           Row{"in a needed column", ',', "user,time,type,note,item\n\"u\"1,5,click,,i1\n",
               "a.csv, row 1 (line 2), column \"user\": text follows the closing quote"},
           Row{"a second quoted text", ',', "user,time,type,note,item\nu1,5,click,\"a\"\"b\"c\"\",i1\n",
               "a.csv, row 1 (line 2), column \"note\": text follows the closing quote"},
           Row{"in the last column", ',', "user,time,type,note,item\nu1,5,click,,\"19\" x\"\n",
               "a.csv, row 1 (line 2), column \"item\": a blank follows the closing quote"},
           Row{"a blank alone", ',', "user,time,type,note,item\nu1,5,click,\"a\" ,i1\n",
               "a.csv, row 1 (line 2), column \"note\": a blank follows the closing quote"},
           Row{"past the header's columns", ',', "user,time,type,note,item\nu1,5,click,,i1,\"a\"b\n",
               "a.csv, row 1 (line 2), column \"6\": text follows the closing quote"},
           Row{"two rows below the quote", ',',
               "user,time,type,note,item\nu1,5,click,\"a\nb\",i1\nu1,5,click,\"19 inch,i1\nu2,6,click,,i1\nu3,7,click,\"24 "
               "inch,i2\n",
               "a.csv, row 2 (line 4), column \"note\": text follows the closing quote"},
           Row{"the file's last byte", ',', "user,time,type,note,item\nu1,5,click,,\"a\"b",
               "a.csv, row 1 (line 2), column \"item\": text follows the closing quote"},
       }) {
    for (std::size_t piece = 1; piece < 140; ++piece) {
      ASSERT_EQ(read(row.text, piece, {}, row.separator), row.expected + std::string(both)) << row.name << piece;
      ASSERT_EQ(read(row.text, piece, plan_of(kDrop), row.separator), row.expected + std::string(both))
          << row.name << ": no bad row";
    }
  }
  const char* escaped = "user,time,type,note,item\nu1,5,click,\"TV 15\\\"\",i1\nu2,6,click,\"TV 15\\\"\",i2\n";
  const char* unquoted = "user\ttime\ttype\tnote\titem\nu1\t5\tclick\t\"19 inch\ti1\nu2\t6\tclick\t\"24 inch\ti2\n";
  for (std::size_t piece = 1; piece < 140; ++piece) {
    ASSERT_EQ(read(escaped, piece),
              "a.csv, row 1 (line 2), column \"note\": text follows the closing quote" + std::string(backslash));
    ASSERT_EQ(read(unquoted, piece, {}, '\t'),
              "a.csv, row 1 (line 2), column \"note\": text follows the closing quote" + std::string(tabs));
  }
}

TEST(CsvReader, ABadByteBeforeTheClosingQuoteComesFirst) {
  const char* before = "user,time,type,note,item\nu1,5,click,\"caf\xE9\"b,i1\n";
  const char* behind = "user,time,type,note,item\nu1,5,click,\"caf\"\xE9,i1\n";
  for (std::size_t piece = 1; piece < 140; ++piece) {
    ASSERT_TRUE(contains(read(before, piece), "a.csv, row 1 (line 2): byte 0xE9 is not UTF-8")) << piece;
    ASSERT_TRUE(contains(read(behind, piece), "a.csv, row 1 (line 2), column \"note\": text follows the closing quote")) << piece;
  }
}

TEST(CsvReader, EscapedQuotesAndFilesWithoutQuotesAreReadByTheirKeys) {
  struct Row {
    const char* name;
    char separator;
    const char* plan;
    const char* text;
    const char* expected;
  };
  for (const Row& row : {
           Row{"Spark's quotes", ',', R"({"input": {"escape": "\\"}})",
               "user,time,type,note,item\nu1,5,click,\"a \\\"b\\\", c\",lamp\nu1,6,click,x,\"TV "
               "15\\\"\"\nu1,7,purchase,,\"TV\\\\\"\n",
               "rows 3\nu1/5000000/click/lamp\nu1/6000000/click/TV 15\"\nu1/7000000/purchase/TV\\\n"},
           Row{"doubled quotes beside them", ',', R"({"input": {"escape": "\\"}})",
               "user,time,type,note,item\nu1,5,click,,\"a \"\"b\\\"\"\n", "rows 1\nu1/5000000/click/a \"b\"\n"},
           Row{"MySQL's separators and line breaks", '\t', R"({"input": {"quote": null, "escape": "\\"}})",
               "user\ttime\ttype\tnote\titem\nu\\\t1\t5\tclick\ta\\\nb\\\r\nc\ti\\\\1\nu2\t6\tclick\t\\N\t\\N\nu3\n",
               "rows 3\nwrongCellCount row 3 line 6 the row has 1 cells, the first row 5\n"
               "u\t1/5000000/click/i\\1\nu2/6000000/click/\\N\n"},
           Row{"PostgreSQL's letters for control characters", '\t', R"({"input": {"quote": null, "escape": "\\"}})",
               "user\ttime\ttype\tnote\titem\nu\\n\\r1\t5\tclick\t{\"a\": \"\\\\\"\"}\ti\\t\\b\\f\\v\\\\t\n",
               "rows 1\nu\n\r1/5000000/click/i\t\b\f\v\\t\n"},
           Row{"letters that stand for themselves where quotes have a meaning", '\t', R"({"input": {"escape": "\\"}})",
               "user\ttime\ttype\tnote\titem\nu1\t5\tclick\t\tC:\\temp\n", "rows 1\nu1/5000000/click/C:\\temp\n"},
           Row{"quotes that are characters", '\t', R"({"input": {"quote": null}})",
               "user\ttime\ttype\tnote\titem\nu1\t5\tclick\t\"19 inch\t\"p\nu2\t6\tclick\t\t\"\"\n",
               "rows 2\nu1/5000000/click/\"p\nu2/6000000/click/\"\"\n"},
           Row{"another quote", ',', R"({"input": {"quote": "'"}})", "user,time,type,note,item\n'u,1',5,click,'it''s',\"p\n",
               "rows 1\nu,1/5000000/click/\"p\n"},
           Row{"lines below quoted breaks", ',', R"({"input": {"escape": "\\"}})",
               "user,time,type,note,item\nu1,5,click,\"a\\\n\nb\",i\nu2,6,click\nu3,7,click,\"x\n\\\"\",\"y\n",
               "a.csv, row 3 (line 7): a quote is opened here and never closed; if its quotes are ordinary characters, set "
               "input.quote to null"},
       }) {
    Plan plan = plan_of(row.plan);
    plan.reading.bad_rows = BadRows::kDrop;
    plan.reading.events.unknown = UnknownTypes::kDrop;
    for (std::size_t piece = 1; piece < 140; ++piece) {
      ASSERT_EQ(read(row.text, piece, plan, row.separator), row.expected) << row.name << piece;
    }
  }
}

// A quote that closes elsewhere than it should can leave a row with too few or too many cells.
TEST(CsvReader, AWrongCellCountTellsOfTheQuotesInTheRow) {
  const char* text =
      "user,time,type,note,item\n"
      "u1,5,click,\"TV 15\\\", black\",i1\n"
      "u2,6,click,\"a, b\"\n"
      "u3,7,click,\"a\"\n"
      "u4,8,click,a,i4\n";
  const std::string expected =
      "rows 4\n"
      "wrongCellCount row 1 line 2 the row has 6 cells, the first row 5; a backslash stands before a quote: if the file "
      "escapes quotes as \\\", set input.escape to \"\\\\\"; if its quotes are ordinary characters, set input.quote to null\n"
      "wrongCellCount row 2 line 3 the row has 4 cells, the first row 5; if the file escapes quotes as \\\", set input.escape "
      "to \"\\\\\"; if its quotes are ordinary characters, set input.quote to null\n"
      "wrongCellCount row 3 line 4 the row has 4 cells, the first row 5\n"
      "u4/8000000/click/i4\n";
  for (std::size_t piece = 1; piece < 140; ++piece) ASSERT_EQ(read(text, piece, plan_of(kDrop)), expected) << piece;
}

// A quote of the other kind is named only where it makes the row whole.
TEST(CsvReader, AWrongCellCountTellsOfAnotherQuoteIfThatMends) {
  constexpr const char* kOther = "; the file seems to quote with ': set input.quote to \"'\"";
  const auto told = [](const std::string& row, const char* plan) {
    return read("user,time,type,note,item\n" + row + "\nu4,8,click,a,i4\n", 1000, plan_of(plan));
  };
  EXPECT_TRUE(contains(told("u1,5,click,'a, b',i1", kDrop), kOther));
  for (const char* row : {"u1,5,click,it's", "u1,5,click,'a", "u1,5,'click', a"})
    EXPECT_TRUE(contains(told(row, kDrop), "the row has 4 cells, the first row 5\n")) << row;
  EXPECT_TRUE(contains(told("u1,5,click,'a'", R"({"input": {"quote": "'"}, "events": {"unknown": "drop"}})"),
                       "the row has 4 cells, the first row 5\n"));
}

// Where nothing quotes, the quote is the byte zero, and no escape takes a meaning from that.
TEST(Csv, AnEscapeBeforeAZeroByteStandsForItself) {
  EXPECT_EQ(cells_of(std::string_view("a\\\0b,c\n", 7), {',', 0, '\\'}), (Cells{{std::string("a\\\0b", 4), "c"}}));
  EXPECT_EQ(cells_of(std::string_view("a\\\0b,c\n", 7), {',', '"', '\\'}), (Cells{{std::string("a\\\0b", 4), "c"}}));
}

TEST(Csv, ACellHoldsRowsWhereItsEndsOrALineOfItFit) {
  struct Row {
    const char* text;
    std::size_t cell, columns;
    bool expected;
  };
  for (const Row& row : {
           Row{"x\nb", 0, 2, false},
           Row{"x,y\nb", 0, 2, true},
           Row{"x,y\nb", 1, 2, false},
           Row{"x,y,z\nnone\n,b", 1, 4, true},  // both ends fit, and no line between them
           Row{"x\nnone\n,b", 1, 4, false},     // the end alone
           Row{"x,y,z\nnone\nb", 1, 4, false},  // the beginning alone
           Row{"x\n1,2,3,4\nb", 1, 4, true},    // a line in between
           Row{"x,y\nnone\n,b", 1, 3, false},   // rows that are not wide
           Row{"x,y,z\n\n\n,b", 1, 4, true},
           Row{"x", 0, 1, false},
           Row{"x,y\nb", 2, 2, false},
       }) {
    EXPECT_EQ(holds_rows(row.text, ',', row.cell, row.columns), row.expected) << row.text << " cell " << row.cell;
  }
}

// Takes two columns of each row, and refuses what it is given from some row on.
class RefusingSink final : public support::RowSink {
 public:
  explicit RefusingSink(std::uint64_t from) : from_(from) {}
  using support::RowSink::add;
  Status add(const RowBatch& batch) override {
    if (batch.size == 0 || batch.row[batch.size - 1] < from_) return {};
    return Error{ErrorCode::kTooLarge, "refused", {}};
  }
  void add_bad_row(IssueReason, std::uint64_t, std::optional<std::uint64_t>, std::string, std::string_view) override {}

 private:
  std::uint64_t from_;
};

std::string refusal_of(const CsvDialect& dialect, const std::string& text, std::uint64_t from) {
  RefusingSink sink(from);
  const std::vector<WantedColumn> wanted = {{0}, {1}};
  CsvReader reader("a.csv", dialect, wanted, sink);
  const Window window(text);
  const Result<std::size_t> taken = reader.consume(window.span(), true);
  return taken.ok() ? "" : taken.error().message;
}

TEST(CsvReader, WhatTheSinkRefusesEndsTheReadingAtOnce) {
  std::string rows;
  for (std::size_t row = 0; row < 3 * RowBatch::kCapacity; ++row) rows += "u,5\n";
  EXPECT_EQ(refusal_of({{}, false, {"1", "2"}}, rows, RowBatch::kCapacity), "refused") << "in a full batch of plain rows";
  EXPECT_EQ(refusal_of({{}, false, {"1", "2"}}, "u,5\n\"u\",\"5\n", 1), "refused") << "before what a later row did wrong";
  CsvDialect log{{' ', '"', 0, '#'}, true, {"user", "time"}};
  log.fields = true;
  EXPECT_EQ(refusal_of(log, "u 5\n#Fields: time user\n", 1), "refused") << "before the names of other columns";
  EXPECT_TRUE(contains(refusal_of(log, "u 5\n#Fields: time user\n", 9), "names other columns from here on"));
}

// The first record is the header: what is wrong in it is in no row.
TEST(CsvReader, ARecordThatDoesNotEndIsToldWhereItBegins) {
  const CsvDialect dialect{{}, true, {"user", "time"}};
  EXPECT_EQ(refusal_of(dialect, "user,\"ti", 9).substr(0, 14), "a.csv, line 1:");
  EXPECT_EQ(refusal_of(dialect, "user,time\nu,\"5", 9).substr(0, 22), "a.csv, row 1 (line 2):");
  RefusingSink sink(9);
  const std::vector<WantedColumn> wanted = {{0}, {1}};
  for (const auto& [text, message] :
       {std::pair{"user,time\nu,5", "a.csv, row 1 (line 2): the row that begins here does not end"},
        std::pair{"user,ti", "a.csv, line 1: the row that begins here does not end"},
        std::pair{"user,time\nu,\"5", "a.csv, row 1 (line 2): a quote is opened here and never closed"}}) {
    CsvReader reader("a.csv", dialect, wanted, sink);
    const Window window(text);
    ASSERT_TRUE(reader.consume(window.span(), false).ok());
    EXPECT_EQ(reader.unfinished_record().message.substr(0, std::strlen(message)), message);
  }
}

// The rules of a dialect, one byte after the other: the rows before the first that breaks them.
Cells read_slowly(std::string_view text, const CsvMarks& marks) {
  enum class In { kStart, kPlain, kQuoted, kBehind } in = In::kStart;
  Cells rows;
  std::vector<std::string> row;
  std::string cell;
  bool blank = true;
  constexpr const char* kLetters = "bfnrtv";
  constexpr const char* kControls = "\b\f\n\r\t\v";
  const bool letters = marks.quote == 0 && marks.escape == '\\';
  const auto is_mark = [&](char c) {
    return c == marks.separator || c == marks.escape || c == '\n' || c == '\r' || (c == marks.quote && marks.quote != 0);
  };
  const auto end_row = [&] {
    row.push_back(cell);
    if (!blank) rows.push_back(row);
    row.clear();
    cell.clear();
    in = In::kStart;
    blank = true;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    const bool quote = marks.quote != 0 && c == marks.quote;
    if (in == In::kBehind && c != marks.separator && c != '\n' && c != '\r') return rows;
    if (marks.escape != 0 && c == marks.escape && in != In::kBehind) {
      if (in == In::kStart) in = In::kPlain;
      blank = false;
      if (i + 1 < text.size() && is_mark(next)) {
        cell += text[++i];
        if (next == '\r' && i + 1 < text.size() && text[i + 1] == '\n') cell += text[++i];
      } else if (const char* const letter = std::strchr(kLetters, next); letters && next != '\0' && letter != nullptr) {
        cell += kControls[letter - kLetters];
        ++i;
      } else {
        cell += c;
      }
    } else if (in == In::kQuoted) {
      if (quote && next == marks.quote) {
        cell += c;
        ++i;
      } else if (quote) {
        in = In::kBehind;
      } else {
        cell += c;
      }
    } else if (quote && in == In::kStart) {
      in = In::kQuoted;
      blank = false;
    } else if (c == marks.separator) {
      row.push_back(cell);
      cell.clear();
      in = In::kStart;
      blank = false;
    } else if (c == '\n' || c == '\r') {
      end_row();
      if (c == '\r' && next == '\n') ++i;
    } else {
      cell += c;
      blank = false;
      in = In::kPlain;
    }
  }
  if (in != In::kQuoted) end_row();
  return rows;
}

TEST(Csv, AgreesWithASlowReaderInEveryDialect) {
  std::mt19937 random(7);
  for (int round = 0; round < 60'000; ++round) {
    const CsvMarks marks{",;\t|"[random() % 4], "\"\"'\0"[random() % 4], "\0\0\\^"[random() % 4]};
    const std::string alphabet = std::string("aNt\n\r") + marks.separator + marks.separator +
                                 (marks.quote != 0 ? std::string(2, marks.quote) : std::string("\"")) +
                                 (marks.escape != 0 ? std::string(2, marks.escape) : std::string("\\"));
    std::string text(random() % 3 == 0 ? 50 + random() % 30 : 0, 'x');  // up to a block's end
    for (std::size_t left = random() % 24; left > 0; --left) text += alphabet[random() % alphabet.size()];
    ASSERT_EQ(cells_of(text, marks), read_slowly(text, marks)) << testing::PrintToString(text) << marks.quote << marks.escape;
  }
}

}  // namespace
}  // namespace causal_sessions
