// Refusals as a user meets them: a whole file through the whole run.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/utf8.h"
#include "support/run.h"

namespace causal_sessions {
namespace {

using namespace std::string_literals;
using support::contains;
using support::Input;
using support::Outcome;
using support::plan_of;
using support::run;

struct Refusal {
  const char* name;
  std::string text;
  ErrorCode code;
  std::optional<std::uint64_t> row;
  std::vector<const char*> message;
  const char* plan = "";
};

void expect_refused(const Refusal& row) {
  const Outcome outcome = run(plan_of(row.plan), row.text);
  ASSERT_FALSE(outcome.ok()) << row.name;
  EXPECT_EQ(outcome.error->code, row.code) << row.name << ": " << outcome.message();
  EXPECT_EQ(outcome.error->where.row, row.row) << row.name << ": " << outcome.message();
  EXPECT_EQ(find_invalid_utf8(outcome.message()), outcome.message().size()) << row.name;
  for (const char* part : row.message) EXPECT_TRUE(contains(outcome.message(), part)) << row.name;
}

// Spark writes parts without rows, and _SUCCESS beside them.
TEST(Refusal, FilesWithoutRowsAreRefusedOnlyAmongThemselves) {
  const Input rows{"user,time,type\nu,1757030400,click\nu,1757030460,click\n", {}, "a.csv"}, nothing{"", {}, "_SUCCESS"},
      blank{"\n \n", {}, "b"}, header{"user,time,type\n", {}, "c.csv"}, array{"[]", {}, "d.json"};
  causal_sessions::Run made{Plan()};
  for (const Input& input : {nothing, rows, blank, header, array})
    ASSERT_TRUE(support::feed(made.reader(), input).ok()) << input.name;
  EXPECT_EQ(made.reader().empty_files().count, 4u);
  EXPECT_EQ(made.reader().empty_files().first, "_SUCCESS");
  EXPECT_EQ(made.reader().files()[2].rows, 0u);
  EXPECT_EQ(made.reader().files()[1].rows, 2u);
  EXPECT_TRUE(support::finish(made, {}).ok());
  const Outcome outcome = run(Plan(), {blank, header, nothing});
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error->code, ErrorCode::kEmptyInput);
  EXPECT_EQ(outcome.message(), "b is empty; a table of events is needed");
  EXPECT_FALSE(run(Plan(), {rows, {"x,y\n", {}, "e.csv"}}).ok()) << "a header of something else";
}

TEST(Refusal, AnEmptyFile) {
  for (const Refusal& row : {
           Refusal{"no bytes", "", ErrorCode::kEmptyInput, {}, {"events.csv is empty; a table of events is needed"}},
           Refusal{"white space", "\n \r\n", ErrorCode::kEmptyInput, {}, {"events.csv is empty"}},
           Refusal{"byte order mark", "\xEF\xBB\xBF", ErrorCode::kEmptyInput, {}, {"events.csv is empty"}},
       }) {
    expect_refused(row);
  }
}

TEST(Refusal, OnlyAHeader) {
  for (const char* text :
       {"user,time,type,item", "user,time,type,item\n", "user;time;type\r\n\r\n", "\"user\"\t\"time\"\t\"type\"\r"}) {
    expect_refused({text, text, ErrorCode::kEmptyInput, {}, {"events.csv has no rows of data"}});
  }
  expect_refused({"empty array", "[]", ErrorCode::kEmptyInput, {}, {"events.csv has no rows"}});
}

TEST(Refusal, AMissingColumnListsWhatWasFound) {
  for (const Refusal& row : {
           Refusal{"CSV",
                   "user,when,type\nu,5,click\n",
                   ErrorCode::kMissingColumn,
                   {},
                   {"events.csv: no column looks like the time; the file has \"user\", \"when\", \"type\"", "columns.time"}},
           Refusal{"JSON lines",
                   "{\"user\":1,\"time\":2}\n",
                   ErrorCode::kMissingColumn,
                   {},
                   {"no column looks like the type; the file has \"user\", \"time\""}},
           Refusal{"one column", "hello\nworld\n", ErrorCode::kMissingColumn, {}, {"the file has \"hello\""}},
           Refusal{
               "no header", "u1,2025-09-05 00:00:00,click\n", ErrorCode::kMissingColumn, {}, {"holds data, not column names"}},
       }) {
    expect_refused(row);
  }
}

TEST(Refusal, TwoCandidateColumnsAreListed) {
  expect_refused({"users",
                  "client_id,user,time,type\nc,u,5,click\n",
                  ErrorCode::kAmbiguousColumn,
                  {},
                  {"events.csv: more than one column could be the user: \"client_id\", \"user\"", "columns.user"}});
  EXPECT_TRUE(run(plan_of(R"({"columns": {"user": "user"}})"), "client_id,user,time,type\nc,u,2025-09-05,click\n").ok());
}

TEST(Refusal, ABadTimeNamesRowAndText) {
  expect_refused({"text",
                  "user,time,type\nu,2025-09-05,click\n\nu,31/02/2024,click\n",
                  ErrorCode::kBadRows,
                  2,
                  {"events.csv, row 2 (line 4), column \"time\": \"31/02/2024\" is not a time like the others (ISO 8601"}});
}

// Of files that were put together.
TEST(Refusal, ARepeatedHeaderIsNamed) {
  expect_refused({"header",
                  "user,time,type\nu,2025-09-05,click\nuser,time,type\nu,2025-09-05,click\n",
                  ErrorCode::kBadRows,
                  2,
                  {"events.csv, row 2 (line 3), column \"time\": the row repeats the header"}});
}

TEST(Refusal, AnUnknownTypeGivesCountsByType) {
  expect_refused({"types",
                  "user,time,type\nu,1,view\nu,2,click\nu,3,cart\nu,4,view\n",
                  ErrorCode::kBadRows,
                  1,
                  {"row 1 (line 2), column \"type\": \"view\" is not one of events.types", "3 rows of 4 cannot be used",
                   "3 with an unknown event type (\"cart\" 1, \"view\" 2)", "events.unknown"}});
}

// Its end is not sure, so it is no row that could be left out.
TEST(Refusal, TextBehindAQuoteIsRefusedEvenWhereBadRowsAreLeftOut) {
  expect_refused({"quote",
                  "user,time,type,note\nu,1,click,\nu,2,click,\"a\"b\nu,3,click,\n",
                  ErrorCode::kBadSyntax,
                  2,
                  {"events.csv, row 2 (line 3), column \"note\": text follows the closing quote"},
                  R"({"events": {"unknown": "drop"}})"});
}

TEST(Refusal, LinesBeforeTheHeaderAreNamed) {
  const std::string rows = "user_id,event_timestamp,event_type\nu1,2025-09-05 07:03:00,click\n";
  for (const Refusal& row : {
           Refusal{"comments",
                   "# ----\n# Account: A\n# Start date: 20250905\n# ----\n\n" + rows,
                   ErrorCode::kMissingColumn,
                   {},
                   {"events.csv, line 1: this is no header; the header seems to be line 6: set input.skipLines to 5"}},
           Refusal{"titles",
                   "Report,,\r\nfrom,2025-09-01,\r\n,,\r\n" + rows,
                   ErrorCode::kMissingColumn,
                   {},
                   {"the header seems to be line 4"}},
           Refusal{"another separator",
                   "Report of the shop, May\nuser;time;type\nu;1;click\n",
                   ErrorCode::kMissingColumn,
                   {},
                   {"line 2"}},
           Refusal{"by the plan's names",
                   "Report\nwer,wann,was\nu,1,click\n",
                   ErrorCode::kMissingColumn,
                   {},
                   {"the header seems to be line 2"},
                   R"({"columns": {"user": "wer", "time": "wann", "type": "was"}})"},
       }) {
    expect_refused(row);
  }
  expect_refused({"further down than anybody looks",
                  std::string(60, '#') + std::string(60, '\n') + rows,
                  ErrorCode::kMissingColumn,
                  {},
                  {"no column looks like the user"}});
}

TEST(Refusal, AnUnclosedQuoteNamesTheRowWhereItOpened) {
  expect_refused({"quote",
                  "user,time,type\nu,1,click\n\"u,2,click\nu,3,click\nu,4,click\n",
                  ErrorCode::kBadSyntax,
                  2,
                  {"events.csv, row 2 (line 3): a quote is opened here and never closed"}});
  expect_refused({"in the header",
                  "user,\"time,type\nu,1,click\n",
                  ErrorCode::kBadSyntax,
                  {},
                  {"events.csv, line 1: a quote is opened here and never closed; if the file escapes quotes as"}});
  expect_refused({"behind one in the header",
                  "user,time,\"a\nb\",\"ty\"pe\nu,1,click\n",
                  ErrorCode::kBadSyntax,
                  {},
                  {"events.csv, line 2, column \"4\": text follows the closing quote"}});
}

TEST(Refusal, AnItemCalledLikeASpecialToken) {
  expect_refused({"[PAD]",
                  "user,time,type,item\nu,1,click,i\nu,2,click,[PAD]\n",
                  ErrorCode::kReservedId,
                  2,
                  {"events.csv, row 2 (line 3), column \"item\": the item id \"[PAD]\" is a special token", "rename"}});
}

TEST(Refusal, TextThatIsNotUtf8) {
  for (const Refusal& row : {
           Refusal{"Latin-1 in a needed cell",
                   "user,time,type\nu,1,click\ncaf\xE9,2,click\nu,3,click\n",
                   ErrorCode::kBadEncoding,
                   2,
                   {"events.csv, row 2 (line 3): byte 0xE9 is not UTF-8", "save the file as UTF-8"}},
           Refusal{"Latin-1 in another cell",
                   "user,time,type,note\nu,1,click,\nu,2,click,\"\xFC"
                   "ber\"\n",
                   ErrorCode::kBadEncoding,
                   2,
                   {"row 2 (line 3): byte 0xFC"}},
           Refusal{"Latin-1 in the header",
                   "user,time,type,caf\xE9\nu,1,click,\n",
                   ErrorCode::kBadEncoding,
                   {},
                   {"line 1: the header is not UTF-8"}},
           Refusal{"cut inside a character",
                   "user,time,type\nu,1,click\nu,2,click\xC3",
                   ErrorCode::kBadEncoding,
                   2,
                   {"row 2 (line 3): byte 0xC3"}},
           Refusal{"Latin-1 in the first JSON row",
                   "\n{\"user\":\"\xE9\"}\n",
                   ErrorCode::kBadEncoding,
                   1,
                   {"row 1 (line 2): byte 0x"}},
           Refusal{"Latin-1 in JSON lines",
                   "{\"user\":1,\"time\":2,\"type\":\"click\"}\n{\"user\":\"\xE9\"}\n",
                   ErrorCode::kBadEncoding,
                   2,
                   {"row 2 (line 2)", "not UTF-8"}},
           Refusal{"UTF-16 with a mark",
                   "\xFF\xFEu\0s\0e\0r\0,\0t\0"s,
                   ErrorCode::kBadEncoding,
                   {},
                   {"events.csv is UTF-16 text: set input.encoding to \"utf-16le\", or save it as UTF-8"}},
           Refusal{"UTF-16 big-endian with a mark", "\xFE\xFF\0u\0s\0e\0r"s, ErrorCode::kBadEncoding, {}, {"UTF-16"}},
       }) {
    expect_refused(row);
  }
}

TEST(Refusal, MixedEpochUnits) {
  expect_refused({"s and ms",
                  "user,time,type\nu,1757030400,click\nu,1757030400000,click\n",
                  ErrorCode::kMixedTimeUnits,
                  2,
                  {"row 2", "\"1757030400000\" looks like an epoch time in ms", "\"1757030400\" in row 1", "in s"}});
}

TEST(Refusal, WhatIsNoTableOfEvents) {
  for (const Refusal& row : {
           Refusal{"gzip cut off", "\x1F\x8B\x08\0\0\0\0\0"s, ErrorCode::kBadSyntax, {}, {"gzip"}},
           Refusal{"Parquet", "PAR1\x15\x04\0\0"s, ErrorCode::kBadSyntax, {}, {"Parquet"}},
           Refusal{"zero byte", "user,time,type\nu,1,cl\0ick\n"s, ErrorCode::kBadEncoding, {}, {"byte 22 is zero"}},
           Refusal{"JSON of columns and data apart",
                   R"({"columns":["user","time"],"data":[["u",1]]})",
                   ErrorCode::kUnknownFormat,
                   {},
                   {"orient=\"split\""}},
       }) {
    expect_refused(row);
  }
}

// The file's name is the user's: it stands in every message as it is.
TEST(Refusal, NamesTheFileAmongSeveral) {
  const Outcome outcome =
      run(Plan(), {{"user,time,type\nu,1,click\n", {}, "a.csv"}, {"user,time,type\nu,x,click\n", {}, "日本 b.csv"}});
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error->where.file, "日本 b.csv");
  EXPECT_TRUE(contains(outcome.message(), "日本 b.csv, row 1 (line 2), column \"time\": \"x\""));
}

}  // namespace
}  // namespace causal_sessions
