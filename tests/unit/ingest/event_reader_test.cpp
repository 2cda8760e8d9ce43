#include "ingest/event_reader.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/run.h"

namespace causal_sessions {
namespace {

using support::contains;
using support::feed;
using support::Input;
using support::plan_of;

std::string table_text(const EventTable& table) {
  std::string text;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const std::uint32_t item = table.item[i];
    text += std::string(table.users[table.user[i]]) + "/" + std::to_string(table.time_us[i]) + "/" +
            table.types[table.type[i]] + "/" + (item == StringPool::kNone ? "-" : std::string(table.items[item])) + "\n";
  }
  return text;
}

std::string read(const std::vector<Input>& inputs, const Plan& plan = {}) {
  EventReader reader(plan);
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
  EventReader reader(plan);
  const std::string csv = "user;time;type\nu;5;click\nv;6;click\n";
  const std::string lines = "{\"ts\":4,\"uid\":\"v\",\"event\":\"purchase\"}\n";
  ASSERT_TRUE(feed(reader, {csv, {}, "one.csv"}).ok());
  ASSERT_TRUE(feed(reader, {lines, {}, "two"}).ok());
  ASSERT_EQ(reader.files().size(), 2u);
  const FileSummary &one = reader.files()[0], &two = reader.files()[1];
  EXPECT_EQ(one.name, "one.csv");
  EXPECT_EQ(one.bytes, csv.size());
  EXPECT_EQ(one.format, "csv");
  EXPECT_EQ(one.separator, ";");
  EXPECT_TRUE(one.header);
  EXPECT_EQ(one.rows, 2u);
  EXPECT_EQ(two.format, "ndjson");
  EXPECT_EQ(two.rows, 1u);
  EXPECT_EQ(two.schema.name_of(Role::kUser), "uid");
  EXPECT_EQ(two.schema.name_of(Role::kItem), "item") << "not there: the role's own name";
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
  const Plan without = plan_of(R"({"columns": {"user": 1, "time": 2, "type": 3}, "input": {"header": "no"}})");
  const std::string words = "who,2025,click\nv,2025-01-01,click\n";  // the first row may be either
  EXPECT_EQ(read({{words}}, by_number), "v/1735689600000000/click/-\n");
  EXPECT_NE(read({{words}}, without), read({{words}}, by_number));
  EXPECT_EQ(read({{"user|time|type;x\nu|5|click;y\n"}}, plan_of(R"({"input": {"separator": "|"}, "columns": {"type": 3},
            "events": {"unknown": "add"}})")), "u/5000000/click;y/-\n");
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
  EventReader reader(plan);
  const Result<EventTable> events = reader.finish();
  ASSERT_FALSE(events.ok());
  EXPECT_EQ(events.error().code, ErrorCode::kEmptyInput);
}

TEST(Inspect, ShowsColumnsAndFirstRows) {
  using nlohmann::json;
  const auto inspect = [](std::string_view text, bool last = true) {
    return json::parse(inspect_json("a.csv", text, last, Plan(), 2), nullptr, false);
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

}  // namespace
}  // namespace causal_sessions
