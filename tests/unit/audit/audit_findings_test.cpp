#include <gtest/gtest.h>

#include "simulate/simulate.h"
#include "unit/audit/brute_force.h"

namespace causal_sessions {
namespace {

using namespace brute;

std::vector<Event> simulated(std::uint64_t events) {
  SimulateOptions options;
  options.events = events;
  options.seed = 5;
  std::string text;
  ByteSink sink(
      [&](std::span<const std::uint8_t> bytes) { text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size()); });
  Simulator simulator(options);
  while (simulator.next(sink)) {
  }
  sink.flush();
  // USER_ID,event_timestamp,event_type,product_id,auction_id,placement
  std::vector<Event> stream;
  causal_sessions::Run made(Plan{});
  EXPECT_TRUE(support::feed(made.reader(), {text}).ok());
  const Result<EventTable> table = made.reader().finish();
  EXPECT_TRUE(table.ok());
  const EventTable& all = table.value();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool item = all.item[i] != StringPool::kNone;
    stream.push_back(
        {std::string(all.users[all.user[i]]), all.time_us[i], all.type[i], item ? std::string(all.items[all.item[i]]) : ""});
  }
  return stream;
}

std::map<std::string, json> findings(const Audited& run) {
  std::map<std::string, json> by_code;
  for (const json& finding : run.audit["findings"]) by_code.emplace(finding["code"], finding);
  return by_code;
}

TEST(AuditFindings, OnTheNotebooksProfileOfASimulatedStream) {
  const Audited found = run("{}", simulated(20'000));
  const auto by_code = findings(found);
  const json& leakage = found.audit["leakage"];
  std::uint64_t untreated = 0, with_token = 0;
  for (const Row& row : found.rows) {
    if (row.treated || !row.outcome) continue;
    ++untreated;
    with_token += holds(row.x, kPurchase);
    EXPECT_TRUE(row.x.size() == 500 || holds(row.x, kPurchase));
  }
  ASSERT_GT(untreated, 0u);
  EXPECT_EQ(leakage["outcomeInX"]["controlOutcome"]["rows"], with_token);
  ASSERT_TRUE(by_code.contains("outcomeInX"));
  EXPECT_EQ(by_code.at("outcomeInX")["severity"], "error");
  EXPECT_EQ(by_code.at("outcomeInX")["repair"], json::parse(R"({"key": "index.kind", "value": "exposure"})"));
  ASSERT_TRUE(by_code.contains("treatmentInX"));
  EXPECT_EQ(by_code.at("treatmentInX")["figures"]["control"]["rows"], 0);
  ASSERT_TRUE(by_code.contains("paddingInOneArm"));
  EXPECT_EQ(by_code.at("paddingInOneArm")["repair"], json::parse(R"({"key": "sequence.padding", "value": null})"));
  ASSERT_TRUE(by_code.contains("lengthTellsTreatment"));
  EXPECT_TRUE(near(auc(scores(found.rows, [](const Row& row) { return row.length(); }), arms(found.rows)),
                   by_code.at("lengthTellsTreatment")["figures"]["auc"]));
  EXPECT_EQ(by_code.contains("outcomeBeforeTreatment"), leakage["outcomeBeforeTreatment"]["first"] != 0);
  EXPECT_EQ(by_code.at("neverInTrainX")["figures"]["ids"], found.audit["vocabulary"]["neverInTrainX"]);
}

void expect_no_leakage(const Audited& found) {
  const json& leakage = found.audit["leakage"];
  for (const char* key : {"outcomeInX", "treatmentInX"}) EXPECT_EQ(leakage[key]["rows"], 0) << key;
  EXPECT_EQ(leakage["padding"]["rows"]["rows"], 0);
  EXPECT_EQ(leakage["treatmentInHistory"]["rows"], 0);
  EXPECT_EQ(leakage["outcomeInHistory"]["rows"], 0);
  EXPECT_EQ(leakage["outcomeBeforeTreatment"]["first"], 0);
  EXPECT_EQ(found.audit["vocabulary"]["neverInTrainX"], 0);
  EXPECT_EQ(found.audit["split"]["usersInSeveralParts"], 0);
  for (const json& entry : found.audit["ties"]["under"]) EXPECT_EQ(entry["changed"], 0);
  const auto by_code = findings(found);
  for (const char* code : {"outcomeInX", "treatmentInX", "paddingInOneArm", "lengthTellsTreatment", "outcomeBeforeTreatment",
                           "neverInTrainX", "tiesChangeSessions", "duplicates", "usersInSeveralParts"}) {
    EXPECT_FALSE(by_code.contains(code)) << code;
  }
}

TEST(AuditFindings, OnTheCausalProfileNothingLeaksWhateverTheStream) {
  std::map<std::string, std::vector<Event>> streams;
  streams["simulated"] = simulated(12'000);
  for (std::uint32_t seed = 1; seed <= 4; ++seed) streams["random " + std::to_string(seed)] = random_events(seed, 9, 400);
  for (const auto& [name, stream] : std::map(streams)) {
    std::vector<Event> instant = stream, backwards = stream, clicks_first, purchases_first, lonely = stream;
    std::int64_t last = 0;
    for (const Event& event : stream) last = std::max(last, event.time_us);
    for (Event& event : instant) event.time_us = kBase;
    for (Event& event : backwards) event.time_us = kBase + (last - event.time_us);
    for (const int first : {kClick, kPurchase}) {
      std::vector<Event> moved = stream;
      for (Event& event : moved) event.time_us -= event.type == first ? 2 * kMinute : 0;
      (first == kClick ? clicks_first : purchases_first) = std::move(moved);
    }
    for (std::size_t i = 0; i < lonely.size(); ++i) lonely[i].time_us = kBase + static_cast<std::int64_t>(i) * 60 * kMinute;
    streams[name + ", at one instant"] = instant;
    streams[name + ", clock backwards"] = backwards;
    streams[name + ", clicks first"] = clicks_first;
    streams[name + ", purchases first"] = purchases_first;
    streams[name + ", one event a session"] = lonely;
  }
  for (const auto& [name, stream] : streams) {
    for (const char* kind : {"exposure", "landmark", "matched"}) {
      SCOPED_TRACE(name + ", " + kind);
      expect_no_leakage(run(R"({"profile": "causal", "index": {"kind": ")" + std::string(kind) + "\"}}", stream));
    }
  }
}

TEST(AuditFindings, OnlyALandmarkHasItsArmsDecidedInTheWindow) {
  const std::vector<Event> stream = {
      {"u", kBase, 0, ""}, {"u", kBase + kMinute, 1, "a"}, {"u", kBase + 2 * kMinute, 2, "a"}, {"u", kBase + 3 * kMinute, 3, "a"},
      {"v", kBase, 0, ""}, {"v", kBase + kMinute, 1, "b"}};
  for (const char* kind : {"exposure", "landmark", "matched"}) {
    const json audit = run(R"({"profile": "causal", "outcome": {"censored": "keep"}, "index": {"minutes": 1, "kind": ")" +
                               std::string(kind) + "\"}}",
                           stream)
                           .audit;
    const auto found = std::find_if(audit["findings"].begin(), audit["findings"].end(),
                                    [](const json& finding) { return finding["code"] == "armDecidedInWindow"; });
    ASSERT_EQ(found != audit["findings"].end(), kind == std::string("landmark")) << kind << audit.dump(1);
    if (found == audit["findings"].end()) continue;
    EXPECT_EQ((*found)["figures"], json::parse(R"({"treated": 1, "of": 2, "windowMinutes": 5.0})"));
    EXPECT_EQ((*found)["repair"], json::parse(R"({"key": "index.kind", "value": "exposure"})"));
  }
}

TEST(AuditFindings, WhatCannotBeIsAnError) {
  using Codes = std::vector<std::string>;
  const auto errors = [](const std::string& plan, const std::vector<Event>& stream) {
    Codes codes;
    const Audited found = run(plan, stream);
    for (const json& finding : found.audit["findings"]) {
      if (finding["severity"] == "error") codes.push_back(finding["code"]);
    }
    return codes;
  };
  const std::string causal = R"("profile": "causal", "split": {"train": 1, "validation": 0, "test": 0})";
  const std::vector<Event> few = {{"u", kBase, 0, ""},
                                  {"u", kBase + kMinute, 1, "a"},
                                  {"u", kBase + 2 * kMinute, 2, "a"},
                                  {"u", kBase + 3 * kMinute, 3, "a"},
                                  {"v", kBase, 0, ""},
                                  {"v", kBase + kMinute, 1, "b"},
                                  {"w", kBase + 72 * 60 * kMinute, 0, ""}};
  EXPECT_EQ(errors("{" + causal + "}", few), Codes{});
  const std::string kept = R"(, "outcome": {"censored": "keep"}})";
  EXPECT_EQ(errors("{" + causal + R"(, "index": {"horizonHours": 80})" + kept, few),
            (Codes{"horizonLongerThanData", "allCensored"}));
  EXPECT_EQ(errors("{" + causal + R"(, "index": {"horizonHours": 71.99})" + kept, few), Codes{"allCensored"});
  EXPECT_EQ(errors("{" + causal + R"(, "index": {"horizonHours": 71.99}})", few), (Codes{"noRows", "allCensored"}));
  std::vector<Event> unexposed = few, untreated = few;
  std::erase_if(unexposed, [](const Event& event) { return event.type == 1; });
  std::erase_if(untreated, [](const Event& event) { return event.type == kClick; });
  EXPECT_EQ(errors("{" + causal + "}", unexposed), (Codes{"noExposures", "noRows"}));
  EXPECT_EQ(errors("{" + causal + "}", untreated), Codes{"emptyArm"});
  EXPECT_EQ(errors(R"({"profile": "causal", "split": {"train": 0.4, "validation": 0.3, "test": 0.3}})", few),
            Codes(2, "emptyArm"))
      << "both users are in one part";
  const json exposures = findings(run("{" + causal + "}", unexposed)).at("noExposures");
  EXPECT_EQ(exposures["repair"], json::parse(R"({"key": "index.type", "value": "auction"})"));
}

TEST(AuditFindings, RowsThatOverlapAreNamed) {
  const std::vector<Event> three = {{"u", kBase, 1, "x"},
                                    {"u", kBase + kMinute, 1, "y"},
                                    {"u", kBase + 2 * kMinute, 1, "z"},
                                    {"u", kBase + 3 * kMinute, 2, "z"},
                                    {"w", kBase + 72 * 60 * kMinute, 0, ""}};
  const auto found = findings(run(R"({"profile": "causal", "index": {"windowEnds": "window"}})", three));
  ASSERT_TRUE(found.contains("windowsOverlap"));
  EXPECT_EQ(found.at("windowsOverlap")["severity"], "error");
  EXPECT_EQ(found.at("windowsOverlap")["figures"],
            json::parse(R"({"windowHoldsExposure": 2, "treatedAfterLaterExposure": 2, "rows": 3})"));
  EXPECT_EQ(found.at("windowsOverlap")["repair"], json::parse(R"({"key": "index.windowEnds", "value": "nextExposure"})"));
  const Audited apart = run(R"({"profile": "causal"})", three);
  EXPECT_FALSE(findings(apart).contains("windowsOverlap"));
  EXPECT_EQ(apart.audit["window"]["windowHoldsExposure"], 0);
  EXPECT_EQ(apart.audit["window"]["treatedAfterLaterExposure"], 0);
}

TEST(AuditFindings, CoarseClocksEarlierTreatmentsAndRulesOfLengthAreNamed) {
  const std::vector<Event> events = {{"u", kBase, 1, "x"},
                                     {"u", kBase, 2, "x"},
                                     {"u", kBase + 60 * kMinute, 0, ""},
                                     {"u", kBase + 61 * kMinute, 1, "y"},
                                     {"v", kBase, 1, "x"},
                                     {"w", kBase + 72 * 60 * kMinute, 0, ""}};
  const auto found = findings(run(R"({"profile": "causal", "index": {"washoutHours": 0}})", events));
  EXPECT_EQ(found.at("coarseClock")["figures"], json::parse(R"({"treated": 1, "of": 1})"));
  EXPECT_EQ(found.at("earlierTreatment")["figures"], json::parse(R"({"controls": 1, "of": 2})"));
  EXPECT_EQ(found.at("earlierTreatment")["repair"], json::parse(R"({"key": "index.washoutHours", "value": 24})"));
  EXPECT_FALSE(found.contains("lengthRule"));
  const auto longer = findings(run(R"({"profile": "causal", "session": {"minEvents": 2}})", events));
  EXPECT_EQ(longer.at("lengthRule")["figures"]["removed"], 2);
  EXPECT_EQ(longer.at("lengthRule")["repair"], json::parse(R"({"key": "session.minEvents", "value": 1})"));
}

TEST(AuditFindings, ExtremeTimesOverflowNothing) {
  const std::vector<Event> extreme = {{"u", -3'900'000'000'000'000'000, 1, "a"},
                                      {"u", 3'900'000'000'000'000'000, 1, "a"},
                                      {"u", 3'900'000'000'000'000'000, 2, "a"},
                                      {"v", 0, 1, "b"},
                                      {"v", 1, 3, "b"},
                                      {"w", -1, 1, ""}};
  for (const char* plan : {R"({"time": {"unit": "us"}})", R"({"profile": "causal", "time": {"unit": "us"}})",
                           R"({"profile": "causal", "time": {"unit": "us"}, "index": {"kind": "matched"}})",
                           R"({"profile": "causal", "time": {"unit": "us"}, "index": {"kind": "landmark"}})"}) {
    EXPECT_EQ(run(plan, extreme).audit["gaps"]["histogram"]["over30Days"], 1);
  }
}

TEST(AuditRun, WithoutAnAuditThereIsNoneToWrite) {
  causal_sessions::Run made(Plan{});
  ASSERT_TRUE(support::feed(made.reader(), {csv(random_events(1, 4, 50))}).ok());
  ASSERT_TRUE(run_to_end(made).ok());
  EXPECT_EQ(audit_json(made), "");
  const std::optional<Output> output = find_output("audit.json");
  ASSERT_TRUE(output.has_value());
  EXPECT_FALSE(check_output(made, *output).ok());
  constexpr std::string_view kFormats[] = {"csv"};
  for (const Output& other : outputs_in(kFormats)) EXPECT_NE(other.format, "audit");
}

// The stream goes through the same stages with and without an audit.
TEST(AuditRun, ChangesNothingOfTheRun) {
  for (const char* plan :
       {"{}", R"({"profile": "causal"})", R"({"session": {"gapHours": 0.5}, "events": {"duplicates": "drop"}})"}) {
    for (std::uint32_t seed = 1; seed <= 4; ++seed) {
      const std::string text = csv(random_events(seed, 4, 500));
      const auto written = [&](WithAudit audit) {
        causal_sessions::Run made(support::plan_of(plan), audit);
        EXPECT_TRUE(support::feed(made.reader(), {text}).ok());
        EXPECT_TRUE(run_to_end(made).ok());
        std::string all = report_json(made);
        constexpr std::string_view kFormats[] = {"jsonl"};
        for (const Output& output : outputs_in(kFormats)) all += support::output_text(made, output.path);
        return all;
      };
      EXPECT_EQ(written(WithAudit::kYes), written(WithAudit::kNo));
    }
  }
}

}  // namespace
}  // namespace causal_sessions
