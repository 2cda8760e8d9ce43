#include "ingest/inspection/column_facts.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "ingest/inspection/inspect.h"

namespace causal_sessions {
namespace {

nlohmann::json sample_of(const std::string& text, const ReadingOptions& options = {}) {
  return nlohmann::json::parse(inspect_json("e.csv", text, true, options, 2, text.size()))["sample"];
}

TEST(ColumnFacts, AreOfTheRowsLookedAtAndNotOfThoseShownAlone) {
  const nlohmann::json sample = sample_of(
      "user_id,timestamp,event_type,price,note\n"
      "u1,2026-01-02 00:00:00,view,9.5,\n"
      "u2,2026-01-01 00:00:00,view,10,\n"
      "u1,2026-01-03 00:00:00,cart,-2,\n"
      "u10,2026-01-25 00:00:00,view,,\n");
  EXPECT_EQ(sample["rows"], 4);
  const nlohmann::json& columns = sample["columns"];
  EXPECT_EQ(columns[0], nlohmann::json::parse(R"({"kind": "text", "blanks": 0, "distinct": 3, "least": "u1", "greatest": "u2",
                                        "frequent": [{"value": "u1", "rows": 2}]})"));
  EXPECT_EQ(columns[2]["frequent"], nlohmann::json::parse(R"([{"value": "view", "rows": 3}])"));
  EXPECT_EQ(columns[3], nlohmann::json::parse(R"({"kind": "number", "blanks": 1, "distinct": 3, "least": "-2", "greatest": "10",
                                        "frequent": []})"));
  EXPECT_EQ(columns[4], nlohmann::json::parse(R"({"kind": "blank", "blanks": 4, "distinct": 0})"));
  // 24 parts of 24 days.
  EXPECT_EQ(columns[1]["kind"], "time");
  EXPECT_EQ(columns[1]["least"], "2026-01-01 00:00:00");
  EXPECT_EQ(columns[1]["greatest"], "2026-01-25 00:00:00");
  EXPECT_EQ(columns[1]["overTime"], nlohmann::json::parse("[1,1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1]"));
}

TEST(ColumnFacts, NumbersAreTimesInTheColumnOfTheTimeAlone) {
  const nlohmann::json columns = sample_of(
      "user_id,timestamp,event_type,product_id\nu1,1757055600,view,1757055600\nu1,1757055700,view,1757055700\n")["columns"];
  EXPECT_EQ(columns[1]["kind"], "time");
  EXPECT_TRUE(columns[1].contains("overTime"));
  EXPECT_EQ(columns[3]["kind"], "number");
  EXPECT_FALSE(columns[3].contains("overTime"));
}

TEST(ColumnFacts, TimesAreReadAsThePlanReadsThem) {
  ReadingOptions options;
  options.time.format = {"%d/%m/%Y"};
  const nlohmann::json columns =
      sample_of("user_id,timestamp,event_type,price\nu1,01/03/2026,view,7\nu1,31/01/2026,view,12\n", options)["columns"];
  EXPECT_EQ(columns[1]["least"], "31/01/2026");
  EXPECT_EQ(columns[1]["greatest"], "01/03/2026");
  EXPECT_EQ(columns[3]["kind"], "number") << "the format is of the time alone";
}

TEST(ColumnFacts, LongValuesAreCutBetweenCharacters) {
  const nlohmann::json columns =
      sample_of("user_id,timestamp,event_type,name\nu1,2026-01-02,view," + std::string(63, 'a') + "ü\n")["columns"];
  EXPECT_EQ(columns[3]["least"], std::string(63, 'a') + "…");
}

TEST(ColumnFacts, WideTablesHaveThoseOfTheFirstColumns) {
  std::string names = "user_id,timestamp,event_type", cells = "u1,2026-01-02,view";
  for (int i = 0; i < 200; ++i) {
    names.append(",c").append(std::to_string(i));
    cells.append(",1");
  }
  EXPECT_EQ(sample_of(names + "\n" + cells + "\n")["columns"].size(), kMostFacts);
}

}  // namespace
}  // namespace causal_sessions
