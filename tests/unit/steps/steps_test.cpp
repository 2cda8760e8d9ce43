#include "steps/steps.h"
#include "write/table_formats.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/run.h"

namespace causal_sessions {
namespace {

using nlohmann::json;
using support::contains;
using support::kAllTrain;
using support::Outcome;
using support::plan_of;
using support::run;

constexpr const char* kEvents =
    "USER_ID,event_timestamp,event_type,product_id\n"
    "u,2025-09-05 10:00:00,auction,\n"
    "u,2025-09-05 10:00:30,impression,b\n"
    "v,2025-09-05 11:00:00,impression,a\n"
    "u,2025-09-05 10:01:00,click,b\n"
    "u,2025-09-05 10:02:00,purchase,b\n"
    "v,2025-09-05 11:01:30,impression,\n"
    "w,2025-09-05 12:00:00,auction,\n";

TEST(Steps, FromEventsToFiles) {
  const Outcome outcome = run(plan_of(kAllTrain), kEvents);
  ASSERT_TRUE(outcome.ok()) << outcome.message();
  EXPECT_EQ(outcome.train,
            "{\"index\": 0, \"session_id\": \"u_1\", \"user_id\": \"u\", \"sequence\": [[0, 1, 0.0], [1, 4, 0.5]], "
            "\"sequence_length\": 2, \"treatment\": 1, \"outcome\": 1}\n"
            "{\"index\": 1, \"session_id\": \"v_1\", \"user_id\": \"v\", \"sequence\": [[1, 3, 0.0], [1, 2, 1.5]], "
            "\"sequence_length\": 2, \"treatment\": 0, \"outcome\": 0}\n");
  EXPECT_EQ(outcome.validation, "");
  EXPECT_EQ(outcome.test, "");
  const json vocabulary = json::parse(outcome.vocabulary, nullptr, false);
  EXPECT_EQ(vocabulary["item_to_int"], json::parse(R"({"[PAD]": 0, "[AUCTION]": 1, "[UNK]": 2, "a": 3, "b": 4})"));
  EXPECT_EQ(vocabulary["event_to_int"], json::parse(R"({"auction": 0, "impression": 1, "click": 2, "purchase": 3})"));
}

TEST(Steps, ReportsWhatWentInAndWhatCameOut) {
  const Outcome outcome = run(plan_of(kAllTrain), kEvents);
  const json report = json::parse(outcome.report, nullptr, false);
  ASSERT_FALSE(report.is_discarded()) << outcome.report;
  EXPECT_EQ(report["input"]["rows"], 7);
  EXPECT_EQ(report["input"]["events"], 7);
  EXPECT_EQ(report["input"]["users"], 3);
  EXPECT_EQ(report["input"]["issues"]["rows"], 0);
  EXPECT_EQ(report["input"]["time"]["first"], "2025-09-05T10:00:00Z");
  EXPECT_EQ(report["input"]["time"]["last"], "2025-09-05T12:00:00Z");
  EXPECT_EQ(report["input"]["files"][0]["columns"]["item"], "product_id");
  EXPECT_EQ(report["sessions"], json::parse(R"({"created": 3, "kept": 2, "tooShort": 1, "eventsInTooShort": 1, "users": 2})"));
  EXPECT_EQ(report["vocabulary"], json::parse(R"({"events": 4, "items": 5})"));
  EXPECT_EQ(report["all"]["treatmentRate"], 0.5);
  EXPECT_EQ(report["all"]["naiveLift"], 1.0);
  EXPECT_EQ(report["sequenceLength"]["mean"], 2.0);
  EXPECT_EQ(report["splits"]["test"]["naiveLift"], nullptr);
  EXPECT_EQ(report["samples"][0]["events"][1],
            json::parse(R"({"type": "impression", "itemId": 4, "item": "b", "minutes": 0.5})"));
  EXPECT_EQ(report["plan"], json::parse(write_plan(plan_of(kAllTrain))));
}

TEST(Steps, NoKeptSessionGivesEmptyPartsAndNullRates) {
  for (const std::string rows :
       {"u,2025-09-05,auction,\nv,2025-09-05,click,x\n", "u,2025-09-05,click,x\nu,2025-09-07,click,x\n"}) {
    const Outcome outcome = run("user,time,type,item\n" + rows);
    ASSERT_TRUE(outcome.ok()) << outcome.message();
    EXPECT_EQ(outcome.sessions(), "");
    EXPECT_EQ(outcome.metadata, R"({
  "session_gap_hours": 24,
  "min_session_length": 2,
  "max_session_length": 500,
  "vocab_size": {
    "events": 4,
    "items": 3
  },
  "data_splits": {
    "train": {
      "sessions": 0,
      "users": 0,
      "treatment_rate": null,
      "outcome_rate": null
    },
    "validation": {
      "sessions": 0,
      "users": 0,
      "treatment_rate": null,
      "outcome_rate": null
    },
    "test": {
      "sessions": 0,
      "users": 0,
      "treatment_rate": null,
      "outcome_rate": null
    }
  }
})");
    const json report = json::parse(outcome.report, nullptr, false);
    EXPECT_EQ(report["all"]["naiveLift"], nullptr);
    EXPECT_EQ(report["sequenceLength"], nullptr);
    EXPECT_EQ(report["samples"], json::array());
  }
}

// An empty training set would be the last that anybody wants to be given without a word.
TEST(Steps, AllRowsLeftOutIsRefused) {
  const Outcome outcome = run(plan_of(R"({"events": {"unknown": "drop"}})"), "user,time,type\nu,1,view\nu,2,view\n");
  EXPECT_TRUE(contains(outcome.message(), "2 rows of 2 cannot be used: 2 with an unknown event type (\"view\" 2)"));
}

TEST(Steps, RaggedRowsAreLeftOutAndCounted) {
  const std::string text =
      "user,time,type,item\nu,2025-09-05 10:00,impression,a\nu,2025-09-05 10:01,click\nu,2025-09-05 10:02,impression,b,c\n"
      "u,2025-09-05 10:03,impression,b\n";
  const Outcome refused = run(text);
  EXPECT_TRUE(contains(refused.message(), "events.csv, row 2 (line 3): the row has 3 cells, the first row 4"));
  EXPECT_TRUE(contains(refused.message(), "2 rows of 4 cannot be used: 2 with a wrong number of cells"));
  const Outcome outcome =
      run(plan_of(R"({"events": {"unknown": "drop"}, "split": {"train": 1, "validation": 0, "test": 0}})"), text);
  ASSERT_TRUE(outcome.ok()) << outcome.message();
  EXPECT_TRUE(contains(outcome.train, "\"sequence\": [[1, 3, 0.0], [1, 4, 3.0]]"));
  const json issues = json::parse(outcome.report, nullptr, false)["input"]["issues"];
  EXPECT_EQ(issues["rows"], 2);
  EXPECT_EQ(issues["byReason"], json::parse(R"({"wrongCellCount": 2})"));
  EXPECT_EQ(issues["first"][1]["row"], 3);
  EXPECT_EQ(issues["first"][1]["line"], 4);
}

TEST(Steps, AddedTypesAreAppended) {
  const Outcome outcome =
      run(plan_of(R"({"events": {"unknown": "add"}, "outcome": {"type": "pay"},
                                          "split": {"train": 1, "validation": 0, "test": 0}})"),
          "user,time,type,item\nu,1757030401,view,a\nu,1757030462,view,a\nu,1757030463,click,a\nu,1757030464,pay,a\n");
  ASSERT_TRUE(outcome.ok()) << outcome.message();
  EXPECT_TRUE(contains(outcome.train,
                       "[[4, 3, 0.0], [4, 3, 1.0166666666666666]], \"sequence_length\": 2, \"treatment\": 1, \"outcome\": 1"));
  EXPECT_TRUE(contains(outcome.vocabulary, "\"view\": 4,\n    \"pay\": 5"));
}

// Ids that spreadsheets, pandas or a careless split would change. Each is a user and an item.
TEST(Steps, IdsSurvive) {
  struct Row {
    const char* name;
    const char* id;
    const char* cell;   // as CSV
    const char* json;   // as JSON with every character as it is
    const char* ascii;  // and as Python's json.dump escapes it
  };
  for (const Row& row : {
           Row{"underscore and number", "a_1", "a_1", "a_1", "a_1"},
           Row{"zeros", "00", "00", "00", "00"},
           Row{"minus one", "-1", "-1", "-1", "-1"},
           Row{"NA", "NA", "NA", "NA", "NA"},
           Row{"null", "null", "null", "null", "null"},
           Row{"exponent", "1e5", "1e5", "1e5", "1e5"},
           Row{"19 digits", "9007199254740993123", "9007199254740993123", "9007199254740993123", "9007199254740993123"},
           Row{"Japanese", "日本", "日本", "日本", "\\u65e5\\u672c"},
           Row{"emoji", "🛒", "🛒", "🛒", "\\ud83d\\uded2"},
           Row{"comma", "a,b", "\"a,b\"", "a,b", "a,b"},
           Row{"quote", "say \"hi\"", "\"say \"\"hi\"\"\"", "say \\\"hi\\\"", "say \\\"hi\\\""},
           Row{"line feed", "a\nb", "\"a\nb\"", "a\\nb", "a\\nb"},
           Row{"CRLF", "a\r\nb", "\"a\r\nb\"", "a\\r\\nb", "a\\r\\nb"},
           Row{"tab", "a\tb", "a\tb", "a\\tb", "a\\tb"},
           Row{"backslash", "a\\b", "a\\b", "a\\\\b", "a\\\\b"},
           Row{"spaces around", " a ", " a ", " a ", " a "},
           Row{"apostrophe", "'", "'", "'", "'"},
           Row{"control character", "a\x01", "a\x01", "a\\u0001", "a\\u0001"},
           Row{"delete character", "a\x7F", "a\x7F", "a\x7F", "a\\u007f"},
           Row{"combining accent", "e\xCC\x81", "e\xCC\x81", "e\xCC\x81", "e\\u0301"},
       }) {
    const std::string cell = row.cell, as_json = row.json, ascii = row.ascii;
    const Outcome outcome = run(plan_of(kAllTrain), "user,time,type,item\n" + cell + ",1757030401,impression," + cell + "\n" +
                                                        cell + ",1757030402,impression," + cell + "\n");
    ASSERT_TRUE(outcome.ok()) << row.name << outcome.message();
    EXPECT_TRUE(contains(outcome.train, "\"session_id\": \"" + as_json + "_1\", \"user_id\": \"" + as_json + "\", ")) << row.name;
    EXPECT_TRUE(contains(outcome.vocabulary, "\"" + ascii + "\": 3")) << row.name;
    EXPECT_TRUE(contains(outcome.vocabulary, "\"3\": \"" + ascii + "\"")) << row.name;
    const json report = json::parse(outcome.report, nullptr, false);
    EXPECT_EQ(report["all"]["sessions"], 1) << row.name;
    EXPECT_EQ(json::parse(outcome.train, nullptr, false)["user_id"], row.id) << row.name;
  }
}

TEST(Steps, MetadataWritesTheGapAsThePlanGivesIt) {
  const auto gap = [](const char* hours) {
    const std::string metadata = run(plan_of(std::string(R"({"session": {"gapHours": )") + hours + "}}"), kEvents).metadata;
    return metadata.substr(0, metadata.find('\n', 2));
  };
  EXPECT_EQ(gap("24"), "{\n  \"session_gap_hours\": 24,");
  EXPECT_EQ(gap("0.5"), "{\n  \"session_gap_hours\": 0.5,");
  EXPECT_EQ(gap("0"), "{\n  \"session_gap_hours\": 0,");
  EXPECT_EQ(gap("1000000"), "{\n  \"session_gap_hours\": 1000000,");
  EXPECT_EQ(gap("2.3"), "{\n  \"session_gap_hours\": 2.3,");
}

TEST(Steps, StepsThroughItsStages) {
  causal_sessions::Run made{Plan()};
  ASSERT_TRUE(support::feed(made.reader(), {kEvents}).ok());
  std::string stages;
  while (!done(made)) {
    stages += std::string(step_name(made)) + " ";
    ASSERT_TRUE(advance(made).ok());
  }
  EXPECT_EQ(stages, "reading ordering sessions trials split vocabulary sequences reporting ");
  EXPECT_EQ(step_name(made), "done");
  const Status again = advance(made);
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().code, ErrorCode::kBadCall);
  EXPECT_EQ(made.table.rows(), 2u);
}

TEST(Steps, NamesItsOutputs) {
  std::vector<std::string_view> formats;
  for (const TableFormat& format : kTableFormats) formats.push_back(format.name);
  std::vector<std::string> paths;
  for (const Output& output : outputs_in(formats)) {
    paths.push_back(output.path);
    const std::optional<Output> found = find_output(output.path);
    ASSERT_TRUE(found.has_value()) << output.path;
    EXPECT_EQ(found->format, output.format);
    EXPECT_EQ(found->part, output.part);
  }
  const auto has = [&](const std::string& path) { return std::find(paths.begin(), paths.end(), path) != paths.end(); };
  for (const char* part : {"train", "validation", "test"}) {
    for (const TableFormat& format : kTableFormats) {
      const std::string path = std::string("data/").append(part).append("_sessions").append(format.suffix);
      EXPECT_TRUE(has(path)) << path;
    }
  }
  EXPECT_TRUE(has("data/train_sessions.parquet"));
  EXPECT_TRUE(has("data/processing_metadata.json"));
  EXPECT_TRUE(has("models/vocab.json"));
  EXPECT_TRUE(has("README.md"));
  EXPECT_EQ(paths.size(), 3 * formats.size() + 3);
  EXPECT_FALSE(find_output("data/other.parquet").has_value());
}

}  // namespace
}  // namespace causal_sessions
