#include "ingest/inspection/estimate.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "ingest/event_reader.h"
#include "ingest/inspection/inspect.h"
#include "simulate/simulate.h"

namespace causal_sessions {
namespace {

std::string simulated(std::uint64_t events) {
  SimulateOptions options;
  options.events = events;
  std::string text;
  ByteSink sink(
      [&](std::span<const std::uint8_t> bytes) { text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size()); });
  Simulator simulator(options);
  while (simulator.next(sink)) {
  }
  sink.flush();
  return text;
}

nlohmann::json inspected(std::string_view text, std::size_t looked_at, std::optional<std::uint64_t> size) {
  const std::string json = inspect_json("f", text.substr(0, looked_at), looked_at >= text.size(), ReadingOptions(), 1, size);
  return nlohmann::json::parse(json, nullptr, false);
}

TEST(Estimate, OfAWholeFileIsExact) {
  const std::string text = "user,time,type\nu,5,click\nv,6,click\n\"w\nx\",7,click\n";
  const auto found = inspected(text, text.size(), text.size());
  EXPECT_EQ(found["estimate"]["rows"], 3);
  EXPECT_EQ(found["estimate"]["leastBytes"], 3 * 30);
  const std::string array = R"([{"user": "u", "time": 5, "type": "click"}, {"user": "v", "time": 6, "type": "click"}])"
                            "\n";
  EXPECT_EQ(inspected(array, array.size(), array.size())["estimate"]["rows"], 2);
}

TEST(Estimate, IsWithinATenthOfTheRows) {
  const std::string text = simulated(20'000);
  const auto found = inspected(text, 256 << 10, text.size());
  EXPECT_NEAR(found["estimate"]["rows"].get<double>(), 20'000, 2'000);
  EXPECT_NEAR(found["estimate"]["leastBytes"].get<double>(), 10'000 * 30, 1'000 * 30);
  EXPECT_GT(found["estimate"]["bytes"], found["estimate"]["leastBytes"]);
}

TEST(Estimate, OfNdjsonGoesByItsObjects) {
  std::string text;
  while (text.size() < 600'000)
    text += R"({"user": "u", "time": 5, "type": "click"})"
            "\n";
  const double rows = static_cast<double>(text.size()) / 42;
  EXPECT_NEAR(inspected(text, 256 << 10, text.size())["estimate"]["rows"].get<double>(), rows, rows / 100);
}

TEST(Estimate, NeedsTheFilesSizeAndColumns) {
  const std::string text = "user,time,type\nu,5,click\n";
  EXPECT_FALSE(inspected(text, text.size(), std::nullopt).contains("estimate"));
  EXPECT_FALSE(inspected("a,b,c\nu,5,click\n", 100, 16).contains("estimate"));
  EXPECT_FALSE(inspected("user,time,type\n", 100, 15).contains("estimate"));
}

TEST(Estimate, IdsThatComeAgainCostNothingMore) {
  Schema schema;
  schema.column = {0, std::nullopt, std::nullopt, std::nullopt};
  std::vector<std::vector<std::string>> same(1000, {"a user"}), others;
  for (std::size_t i = 0; i < 1000; ++i) others.push_back({"user " + std::to_string(i)});
  const double few = estimate_stated(10'000'000, same, schema).bytes, many = estimate_stated(10'000'000, others, schema).bytes;
  EXPECT_GT(many - few, 10'000'000 * 30.0);
  EXPECT_LT(many - few, 10'000'000 * 60.0);
  EXPECT_EQ(estimate_stated(10'000'000, others, schema).least_bytes, 300e6);
}

}  // namespace
}  // namespace causal_sessions
