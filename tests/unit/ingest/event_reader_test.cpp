#include "ingest/event_reader.h"
#include "ingest/inspection/inspect.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "support/events.h"
#include "support/run.h"

namespace causal_sessions {
namespace {

using support::contains;
using support::feed;
using support::Input;
using support::plan_of;
using support::table_text;

std::string read(const std::vector<Input>& inputs, const Plan& asked = {}) {
  const Plan plan = support::in_seconds(asked);
  EventReader reader(plan.reading);
  for (const Input& input : inputs) {
    if (Status status = feed(reader, input); !status.ok()) return status.error().message;
  }
  const Result<EventTable> events = reader.finish();
  return events.ok() ? table_text(events.value()) : events.error().message;
}

TEST(EventReader, SeveralFilesAreOneStream) {
  const std::string csv = "user,time,type,item\nu,5,click,i\n";
  const std::string tsv = "type\ttime\tsku\tuser\nauction\t3\t\tu\n";
  const std::string lines = "{\"ts\":4,\"uid\":\"v\",\"event\":\"purchase\",\"product_id\":\"i\"}\n";
  const std::string array = "[{\"ts\":4,\"uid\":\"w\",\"event\":\"click\"}]";
  EXPECT_EQ(read({{csv}, {tsv}, {lines}, {array}}),
            "u/5000000/click/i\nu/3000000/auction/-\nv/4000000/purchase/i\nw/4000000/click/-\n");
}

TEST(EventReader, SaysWhatEachFileIs) {
  const Plan plan;
  EventReader reader(plan.reading);
  const std::string csv = "user;time;type\nu;5;click\nv;6;click\n";
  const std::string lines = "{\"ts\":4,\"uid\":\"v\",\"event\":\"purchase\"}\n";
  ASSERT_TRUE(feed(reader, {csv, {}, "one.csv"}).ok());
  ASSERT_TRUE(feed(reader, {lines, {}, "two"}).ok());
  ASSERT_EQ(reader.files().size(), 2u);
  const FileSummary &one = reader.files()[0], &two = reader.files()[1];
  EXPECT_EQ(one.name, "one.csv");
  EXPECT_EQ(one.bytes, csv.size());
  EXPECT_EQ(one.format, "csv");
  EXPECT_EQ(one.separator, ';');
  EXPECT_TRUE(one.header);
  EXPECT_EQ(one.rows, 2u);
  EXPECT_EQ(two.format, "ndjson");
  EXPECT_EQ(two.rows, 1u);
  EXPECT_EQ(two.schema().name_of(Role::kUser), "uid");
  EXPECT_EQ(two.schema().name_of(Role::kItem), "item") << "not there: the role's own name";
}

TEST(EventReader, FilesWithTheSameColumnsShareThem) {
  const Plan plan = support::in_seconds(plan_of("{}"));
  EventReader reader(plan.reading);
  for (const char* text :
       {"user,time,type\nu,5,click\n", "uid,time,type\nu,6,click\n", "user,time,type\nu,7,click\n", "user,time,type\n"}) {
    ASSERT_TRUE(support::feed(reader, {text}).ok());
  }
  ASSERT_TRUE(reader.finish().ok());
  const std::vector<FileSummary>& files = reader.files();
  EXPECT_EQ(files[0].columns, files[2].columns);
  EXPECT_EQ(files[0].columns, files[3].columns);
  EXPECT_NE(files[0].columns, files[1].columns);
  EXPECT_EQ(files[1].schema().names[0], "uid");
}

TEST(EventReader, TheNameDoesNotMatter) {
  EXPECT_EQ(read({{"[{\"ts\":4,\"uid\":\"w\",\"event\":\"click\"}]", {}, "events.csv"}}), "w/4000000/click/-\n");
  EXPECT_EQ(read({{"user,time,type\nu,5,click\n", {}, "events.json"}}), "u/5000000/click/-\n");
}

TEST(EventReader, ColumnsByNumberNeedNoHeader) {
  const Plan plan = plan_of(R"({"columns": {"user": 3, "time": 1, "type": 2, "item": 4}})");
  const std::string expected = "u/1757030400000000/click/i\nv/1757030401000000/auction/-\n";
  EXPECT_EQ(read({{"1757030400,click,u,i\n1757030401,auction,v,\n"}}, plan), expected);
  EXPECT_EQ(read({{"when,what,who,which\n1757030400,click,u,i\n1757030401,auction,v,\n"}}, plan), expected);
}

// 80 KB and more: a record longer than the sample of 64 KB, and than the pieces it comes in.
TEST(EventReader, WhatWasToldWronglyCanBeSetInThePlan) {
  const Plan by_number = plan_of(R"({"columns": {"user": 1, "time": 2, "type": 3}})");
  const Plan with = plan_of(R"({"columns": {"user": 1, "time": 2, "type": 3}, "input": {"header": "yes"}})");
  const std::string words = "who,2025,click\nv,2025-01-01,click\n";  // the first row may be either, so that it is not lost
  EXPECT_EQ(read({{words}}, with), "v/1735689600000000/click/-\n");
  EXPECT_NE(read({{words}}, by_number).find("is not a time like the others"), std::string::npos);
  EXPECT_EQ(read({{"user|time|type;x\nu|5|click;y\n"}}, plan_of(R"({"input": {"separator": "|"}, "columns": {"type": 3},
            "events": {"unknown": "add"}})")),
            "u/5000000/click;y/-\n");
  const std::string brace = "{user},time,type\nu,5,click\n";
  EXPECT_TRUE(contains(read({{brace}}), "JSON"));
  EXPECT_EQ(read({{brace}}, plan_of(R"({"input": {"format": "csv"}})")), "u/5000000/click/-\n");
  EXPECT_TRUE(contains(read({{"user,time,type\nu,5,click\n"}}, plan_of(R"({"input": {"format": "json"}})")), "JSON"));
}

TEST(EventReader, LongRecordsInSmallPieces) {
  const std::string note(80'000, 'n');
  struct Row {
    const char* name;
    std::string text;
  };
  for (const Row& row : {Row{"CSV", "user,time,type,\"" + note + "\"\nu,5,click,\"" + note + "\"\nv,6,click,\n"},
                         Row{"NDJSON", "{\"note\":\"" + note + "\",\"user\":\"u\",\"time\":5,\"type\":\"click\"}\n" +
                                           "{\"user\":\"v\",\"time\":6,\"type\":\"click\"}\n"},
                         Row{"array", "[{\"note\":[\"" + note + "\"],\"user\":\"u\",\"time\":5,\"type\":\"click\"},\n" +
                                          "{\"user\":\"v\",\"time\":6,\"type\":\"click\"}]\n"}}) {
    Input input{row.text};
    for (std::size_t at = 1000; at < row.text.size(); at += 1000) input.cuts.push_back(at);
    EXPECT_EQ(read({input}), "u/5000000/click/-\nv/6000000/click/-\n") << row.name;
    EXPECT_EQ(read({{row.text}}), "u/5000000/click/-\nv/6000000/click/-\n") << row.name;
  }
}

// What a file's columns are must not depend on how many bytes come at once.
TEST(EventReader, AKeyThatComesLateIsFoundOrNotWhateverThePieces) {
  std::string text;
  for (int i = 0; i < 900; ++i) {
    text += "{\"user\":\"u\",\"time\":" + std::to_string(1757030400 + i) + ",\"type\":\"click\",\"note\":\"" +
            std::string(100, 'n') + "\"" + (i < 800 ? "" : ",\"item\":\"i\"") + "}\n";
  }
  Input input{text};
  for (std::size_t at = 1000; at < text.size(); at += 1000) input.cuts.push_back(at);
  EXPECT_EQ(support::difference(read({{text}}), read({input})), "");
}

TEST(EventReader, ASeparatorIsToldFromTheSameRowsWhateverThePieces) {
  // Rows of 8 KB: those in the first 64 KB agree on the bar, those after them on the comma.
  std::string text = "user|time|type,x\n";
  const std::string note(8000, 'n');
  for (int i = 0; i < 8; ++i) text += "u|5|" + note + "\n";
  for (int i = 0; i < 12; ++i) text += note + ",x\n";
  Input input{text};
  for (std::size_t at = 1000; at < text.size(); at += 1000) input.cuts.push_back(at);
  EXPECT_EQ(support::difference(read({{text}}), read({input})), "");
}

TEST(EventReader, BlankLinesMayFillTheFirstSixtyFourKilobytes) {
  EXPECT_EQ(read({{std::string(70'000, '\n') + "user,time,type\nu,5,click\n"}}), "u/5000000/click/-\n");
}

TEST(EventReader, WithoutFilesThereIsNothingToRead) {
  const Plan plan;
  EventReader reader(plan.reading);
  const Result<EventTable> events = reader.finish();
  ASSERT_FALSE(events.ok());
  EXPECT_EQ(events.error().code, ErrorCode::kEmptyInput);
}

TEST(Inspect, ShowsColumnsAndFirstRows) {
  using nlohmann::json;
  const auto inspect = [](std::string_view text, bool last = true) {
    return json::parse(inspect_json("a.csv", text, last, ReadingOptions(), 2), nullptr, false);
  };
  const json csv = inspect("user;time;type;price\nu;5;click;1\nv;6;view;\"2\n3\"\nw;7;x;4\n");
  EXPECT_EQ(csv["problem"], nullptr);
  EXPECT_EQ(csv["format"], "csv");
  EXPECT_EQ(csv["separator"], ";");
  EXPECT_EQ(csv["columnNames"], json::parse(R"(["user", "time", "type", "price"])"));
  EXPECT_EQ(csv["columns"], json::parse(R"({"user": "user", "time": "time", "type": "type", "item": null})"));
  EXPECT_EQ(csv["rows"], json::parse(R"([["u", "5", "click", "1"], ["v", "6", "view", "2\n3"]])"));
  const json lines = inspect("{\"user\":\"u\",\"time\":5}\n{\"user\":\"v\",\"x\":{\"y\":1}}\n{\"us", false);
  EXPECT_EQ(lines["format"], "ndjson");
  EXPECT_EQ(lines["problem"]["code"], "missingColumn");
  EXPECT_EQ(lines["columnNames"], json::parse(R"(["user", "time", "x"])"));
  EXPECT_EQ(lines["rows"], json::parse(R"([["u", "5", ""], ["v", "", "..."]])"));
  EXPECT_EQ(inspect("")["problem"]["code"], "emptyInput");
  EXPECT_EQ(inspect("PK\x03\x04")["problem"]["code"], "unknownFormat");
  EXPECT_EQ(inspect("user,time,type\ncaf\xE9,5,click\n")["columnNames"].size(), 3u);
}

nlohmann::json inspect_text(const std::string& text, const Plan& plan = {}, bool last = true,
                            std::optional<std::uint64_t> size = std::nullopt) {
  return nlohmann::json::parse(inspect_json("a.csv", text, last, support::in_seconds(plan).reading, 10, size), nullptr, false);
}

// `sep=;` is how spreadsheets name the separator.
TEST(EventReader, ALineThatNamesTheSeparatorIsObeyed) {
  for (const char* line : {"sep=;\n", "SEP=;\r\n", "\xEF\xBB\xBF\"sep=;\"\n"}) {
    EXPECT_EQ(read({{line + std::string("user;time;type;a,b\nu;5;click;\n")}}), "u/5000000/click/-\n") << line;
    EXPECT_TRUE(contains(read({{line + std::string("user;time;type\nu;x;click\n")}}), "row 1 (line 3), column \"time\"")) << line;
  }
  EXPECT_EQ(read({{"sep=;\nuser,time,type\nu,5,click\n"}}, plan_of(R"({"input": {"separator": ","}})")), "u/5000000/click/-\n");
  EXPECT_EQ(inspect_text("sep=|\nuser|time|type\nu|5|click\n")["rows"].dump(), R"([["u","5","click"]])");
  EXPECT_TRUE(contains(read({{"sep=;"}}), "no column looks like the user"));
}

TEST(Inspect, SaysWhatARunSaysOfTextThatIsNotUtf8) {
  const std::string text = "user,time,type,note\nu,5,click,a\nv,6,click,caf\xE9\nw,7,click,b\n";
  const nlohmann::json found = inspect_text(text, {}, true, text.size());
  EXPECT_EQ(found["problem"]["code"], "badEncoding");
  EXPECT_EQ(found["problem"]["message"], read({{text, {}, "a.csv"}}));
  EXPECT_TRUE(contains(found["problem"]["message"].get<std::string>(), "a.csv, row 2 (line 3): byte 0xE9"));
  EXPECT_EQ(found["rows"].dump(), R"([["u","5","click","a"]])") << "the rows before it, whole";
  EXPECT_FALSE(found.contains("estimate"));
  const std::string lines = "{\"user\":\"u\",\"time\":5,\"type\":\"click\"}\n{\"user\":\"\xE9\"}\n";
  EXPECT_EQ(inspect_text(lines)["problem"]["message"], read({{lines, {}, "a.csv"}}));
}

TEST(Inspect, SaysWhatARunSaysOfFaultsInTheFirstRows) {
  struct Row {
    const char* name;
    const char* text;
    const char* rows;
  };
  for (const Row& row : {
           Row{"text behind a quote", "user,time,type\nu,5,click\n\"v\"x,6,click\n", R"([["u","5","click"]])"},
           Row{"an open quote", "user,time,type\nu,5,click\n\"v,6,click\n", R"([["u","5","click"]])"},
           Row{"broken JSON", "{\"user\":1,\"time\":5,\"type\":\"click\"}\n{\"user\":u}\n", R"([["1","5","click"]])"},
           Row{"lines with commas", "{\"user\":1,\"time\":5,\"type\":\"click\"},\n{\"user\":2,\"time\":5,\"type\":\"click\"},\n",
               R"([["1","5","click"],["2","5","click"]])"},
           Row{"a header alone", "user,time,type\n", "[]"},
       }) {
    const nlohmann::json found = inspect_text(row.text);
    ASSERT_TRUE(found["problem"].is_object()) << row.name;
    EXPECT_EQ(found["problem"]["message"], read({{row.text, {}, "a.csv"}})) << row.name;
    EXPECT_EQ(found["rows"].dump(), row.rows) << row.name;
  }
  EXPECT_EQ(inspect_text("")["problem"]["message"], "a.csv is empty; a table of events is needed");
}

// They may be left out, so they are no problem that stands in the way of a run.
TEST(Inspect, NotesRowsThatARunWouldNotUse) {
  const char* half = "{\"user\":\"\\ud83d\",\"time\":5,\"type\":\"click\"}\n{\"user\":\"u\",\"time\":6,\"type\":\"click\"}\n";
  const nlohmann::json found = inspect_text(half);
  EXPECT_EQ(found["problem"], nullptr);
  EXPECT_EQ(found["note"], read({{half, {}, "a.csv"}}));
  EXPECT_TRUE(contains(found["note"].get<std::string>(), "is half of a surrogate pair"));
  EXPECT_FALSE(inspect_text(half, plan_of(R"({"events": {"unknown": "drop"}})")).contains("note"));
  std::string rows;
  for (int i = 0; i < 10'000; ++i) rows += "u,5,click\n";
  const nlohmann::json part = inspect_text("user,time,type\nu,5,click\nu,x,click\n" + rows + "u", {}, false);
  ASSERT_TRUE(part.contains("note"));
  EXPECT_TRUE(contains(part["note"].get<std::string>(),
                       "In the bytes that were looked at: a.csv, row 2 (line 3), column \"time\": \"x\""));
  const std::string unknown = "user,time,type\nu,5,view\n";
  EXPECT_EQ(inspect_text(unknown)["note"], read({{unknown, {}, "a.csv"}}));
}

// So that one can number its columns.
TEST(Inspect, AFileWithoutAHeaderShowsItsRows) {
  const nlohmann::json found = inspect_text("u,2025-09-05 07:03:00,click\nv,2025-09-05 07:04:00,view\n");
  EXPECT_TRUE(contains(found["problem"]["message"].get<std::string>(), "the first row holds data, not column names"));
  EXPECT_EQ(found["header"], false);
  EXPECT_EQ(found["columnNames"].dump(), R"(["1","2","3"])");
  EXPECT_EQ(found["rows"].dump(), R"([["u","2025-09-05 07:03:00","click"],["v","2025-09-05 07:04:00","view"]])");
  EXPECT_EQ(inspect_text("a,b,c\n", plan_of(R"({"input": {"header": "no"}})"))["rows"].dump(), R"([["a","b","c"]])");
}

TEST(Inspect, ALongFirstRowIsNoUnclosedQuote) {
  std::string header = "user,time,type", row = "u,5,click";
  for (int i = 0; i < 30'000; ++i) header += ",column number " + std::to_string(i), row += ",";
  const std::string text = header + "\n" + row + "\n";
  const nlohmann::json start = inspect_text(text.substr(0, kPreviewBytes), {}, false);
  EXPECT_EQ(start["problem"]["message"], "a.csv, line 1: the first row does not end within the first 262144 bytes");
  EXPECT_EQ(start["needsBytes"], kMostPreviewBytes);
  EXPECT_EQ(inspect_text(text)["problem"], nullptr);
  EXPECT_EQ(inspect_text(text)["columnNames"].size(), 30'003u);
  const std::string quoted = "user,time,\"type\nu,5,click\n" + std::string(300'000, 'x');
  EXPECT_EQ(inspect_text(quoted.substr(0, kPreviewBytes), {}, false)["problem"]["message"],
            "a.csv, line 1: a quote is opened here and not closed within the first 262144 bytes");
}

// Keys that turn up row by row: rows times keys would be 10 GB.
TEST(Inspect, ManyKeysCostTheirBytes) {
  std::string lines = "{\"user\":\"u\",\"time\":5,\"type\":\"click\"}\n";
  for (int i = 0; i < 20'000; ++i) lines += "{\"k" + std::to_string(i) + "\":1}\n";
  const nlohmann::json found =
      nlohmann::json::parse(inspect_json("a", lines, true, ReadingOptions(), 9999, lines.size()), nullptr, false);
  EXPECT_EQ(found["columnNames"].size(), 3u + 999u) << "of the first thousand objects";
  EXPECT_LE(found["rows"].size(), lines.size() / 1000);
}

TEST(Inspect, SaysWhereNestedValuesAre) {
  struct Row {
    const char* name;
    const char* text;
    const char* message;
  };
  for (const Row& row : {
           Row{"an object", "{\"event\":\"click\",\"detail\":{\"time\":5,\"distinct_id\":\"d\"},\"context\":{\"ip\":1}}\n",
               "\"detail\" is an object: set input.rows to \"detail\" to have its keys as columns, or name one by its path"},
           Row{"a list", "{\"n\":1,\"events\":[{\"aid\":1,\"ts\":5,\"type\":\"clicks\"}]}\n",
               "The rows seem to be in \"events\", a list of objects: set input.rows to \"events[]\""},
           Row{"a key that is no word", "{\"n\":1,\"my rows\":[ {\"aid\":1} ]}\n", "set input.rows to \"my rows[]\""},
           Row{"a known export", "{\"session\":1,\"events\":[{\"aid\":1,\"ts\":5,\"type\":\"clicks\"}]}\n",
               "This looks like sessions of OTTO: set preset to \"otto\""},
           Row{"behind a number", "{\"n\":1,\"data\":[{\"user\":1}]}", "The rows seem to be in \"data\""},
           Row{"alone", "{\"data\":[{\"user\":1}]}", "the rows seem to be in \"data\""},
           Row{"inside of an object", R"({"result": {"page": 1, "events": [{"user": 1, "time": 5}]}})",
               "The rows seem to be in \"result.events\", a list of objects: set input.rows to \"result.events[]\""},
           Row{"inside of objects of a list", R"({"took": 3, "hits": {"n": 1, "hits": [{"_source": {"user": 1, "time": 5}}]}})",
               "set input.rows to \"hits.hits[]\""},
       }) {
    EXPECT_TRUE(contains(inspect_text(row.text)["problem"]["message"].get<std::string>(), row.message)) << row.name;
    EXPECT_TRUE(contains(read({{row.text}}), row.message)) << row.name;
  }
}

}  // namespace
}  // namespace causal_sessions
