// A finding that names a repair: the plan takes it, and the next audit has the finding no more.
#include <gtest/gtest.h>

#include <algorithm>

#include "unit/audit/brute_force.h"

namespace causal_sessions {
namespace {

using namespace brute;

// Findings of one code are about different things.
std::string name_of_finding(const json& finding) {
  std::string name = finding["code"];
  for (const char* about : {"filter", "part"}) {
    if (finding["figures"].contains(about) && finding["figures"][about].is_string()) {
      name += " of " + finding["figures"][about].get<std::string>();
    }
  }
  return name;
}

std::set<std::string> names_of(const Audited& found) {
  std::set<std::string> names;
  for (const json& finding : found.audit["findings"]) names.insert(name_of_finding(finding));
  return names;
}

// As --set and the page's buttons do.
std::string with_repair(const std::string& plan, const json& repair) {
  json changed = json::parse(plan);
  const std::string key = repair["key"];
  const std::size_t dot = key.find('.');
  changed[key.substr(0, dot)][key.substr(dot + 1)] = repair["value"];
  return changed.dump();
}

std::vector<Event> without(std::vector<Event> events, int type) {
  std::erase_if(events, [type](const Event& event) { return event.type == type; });
  return events;
}

// Makes every repair that an audit names, one at a time, and adds what they were for.
void repair_each(const std::string& plan, const std::vector<Event>& events, std::set<std::string>& repaired) {
  const Audited found = run(plan, events);
  for (const json& finding : found.audit["findings"]) {
    const json& repair = finding["repair"];
    if (repair.is_null()) continue;
    const std::string name = name_of_finding(finding), changed = with_repair(plan, repair);
    SCOPED_TRACE(plan + " " + finding.dump());
    ASSERT_TRUE(read_plan(changed).ok());
    // A shorter window leaves fewer outcomes inside it, not always none.
    if (repair["key"] != "index.windowMinutes") {
      EXPECT_FALSE(names_of(run(changed, events)).contains(name));
    }
    repaired.insert(name);
  }
}

const std::vector<Event> kFew = {{"u", kBase, 0, ""},
                                 {"u", kBase + kMinute, 1, "a"},
                                 {"u", kBase + 2 * kMinute, 2, "a"},
                                 {"u", kBase + 3 * kMinute, 3, "a"},
                                 {"v", kBase, 0, ""},
                                 {"v", kBase + kMinute, 1, "b"},
                                 {"w", kBase + 72 * 60 * kMinute, 0, ""}};

TEST(AuditRepairs, EachRemovesItsFinding) {
  std::set<std::string> repaired;
  const std::vector<Event> events = random_events(1, 40, 700);
  for (const char* plan : {"{}",
                           R"({"time": {"ties": "input"}})",
                           R"({"time": {"ties": "priority"}})",
                           R"({"session": {"minEventsOf": "x"}})",
                           R"({"outcome": {"prior": "exclude"}})",
                           R"({"split": {"kind": "time"}})",
                           R"({"vocabulary": {"minCount": 20}})",
                           R"({"session": {"gapHours": 0.5}, "sequence": {"minEvents": 6}})",
                           R"({"profile": "causal"})",
                           R"({"profile": "causal", "outcome": {"from": "windowEnd"}})",
                           R"({"profile": "causal", "session": {"minEventsOf": "session", "minEvents": 3}})",
                           R"({"profile": "causal", "vocabulary": {"minCount": 50}, "split": {"kind": "time"}})",
                           R"({"profile": "causal", "index": {"kind": "landmark"}})",
                           R"({"profile": "causal", "index": {"kind": "landmark", "minutes": 5000}})",
                           R"({"profile": "causal", "index": {"kind": "matched"}})",
                           R"({"index": {"kind": "matched"}})",
                           R"({"profile": "causal", "index": {"windowEnds": "window"}})",
                           R"({"profile": "causal", "index": {"gracePeriod": "exclude"}})",
                           R"({"profile": "causal", "index": {"washoutHours": 0}})",
                           R"({"profile": "causal", "session": {"minEvents": 3}})",
                           R"({"profile": "causal", "outcome": {"censored": "keep"}})"}) {
    repair_each(plan, events, repaired);
  }
  for (const char* plan :
       {"{}", R"({"index": {"kind": "matched"}})", R"({"profile": "causal", "index": {"kind": "landmark"}})"}) {
    repair_each(plan, without(events, 1), repaired);
  }
  for (const char* settings : {R"("index": {"horizonHours": 80})", R"("index": {"horizonHours": 71.995})",
                               R"("index": {"horizonHours": 71.995}, "outcome": {"censored": "drop"})",
                               R"("index": {"horizonHours": 80}, "outcome": {"censored": "drop", "from": "windowEnd"})",
                               R"("split": {"train": 0.4, "validation": 0.3, "test": 0.3})"}) {
    repair_each(R"({"profile": "causal", )" + std::string(settings) + "}", kFew, repaired);
  }
  repair_each(R"({"profile": "causal"})", without(kFew, 1), repaired);
  for (const char* name : {"noExposures",
                           "landmarkAfterSessions",
                           "horizonLongerThanData",
                           "allCensored",
                           "emptyArm of test",
                           "outcomeInX",
                           "treatmentInX",
                           "paddingInOneArm",
                           "lengthTellsTreatment",
                           "spanTellsTreatment",
                           "lastEventTellsTreatment",
                           "paddingTellsTreatment",
                           "outcomeBeforeTreatment",
                           "tiesChangeSessions",
                           "tiesDecidedByRule",
                           "neverInTrainX",
                           "duplicates",
                           "immortalTime",
                           "armDecidedInWindow",
                           "donorsInOtherParts",
                           "filterLooksPastTimeZero of shortSession",
                           "filterLooksPastTimeZero of shortX",
                           "filterLooksPastTimeZero of priorOutcome",
                           "usersInSeveralParts",
                           "windowsOverlap",
                           "earlierTreatment",
                           "lengthRule",
                           "unknownItems of train",
                           "censoredRows"}) {
    EXPECT_TRUE(repaired.contains(name)) << name;
  }
}

json finding_of(const Audited& found, const std::string& name) {
  for (const json& finding : found.audit["findings"]) {
    if (name_of_finding(finding) == name) return finding;
  }
  return nullptr;
}

TEST(AuditRepairs, NoneIsNamedThatTheDataCannotTake) {
  const std::vector<Event> unexposed = without(random_events(2, 40, 900), 1);
  const auto repair = [&](const std::string& plan, const std::string& name) {
    return finding_of(run(plan, unexposed), name)["repair"];
  };
  const json landmark = json::parse(R"({"key": "index.kind", "value": "landmark"})");
  EXPECT_EQ(repair("{}", "outcomeInX"), landmark);
  EXPECT_EQ(repair(R"({"profile": "causal", "index": {"kind": "landmark"}})", "armDecidedInWindow"), nullptr);
  // Where even items seen once would leave most of a part unknown.
  std::vector<Event> strangers = random_events(2, 40, 900);
  for (std::size_t i = 0; i < strangers.size(); ++i) strangers[i].item = "i" + std::to_string(i);
  const json unknown =
      finding_of(run(R"({"profile": "causal", "vocabulary": {"minCount": 2}})", strangers), "unknownItems of test");
  EXPECT_EQ(unknown["figures"]["unknownShare"], 1.0);
  EXPECT_EQ(unknown["repair"], nullptr);
}

// How much less of a part would be unknown without the least count.
TEST(AuditRepairs, TokensBelowTheLeastCountAreThoseThatItCosts) {
  for (const char* fit_on : {"all", "train", "trainX"}) {
    const std::vector<Event> events = random_events(4, 30, 600);
    const auto parts = [&](const char* least) {
      return run(R"({"vocabulary": {"fitOn": ")" + std::string(fit_on) + R"(", "minCount": )" + least + "}}", events)
          .audit["vocabulary"]["parts"];
    };
    const json strict = parts("40"), lenient = parts("1");
    std::uint64_t cost = 0;
    for (const char* part : kPartNames) {
      EXPECT_EQ(strict[part]["belowMinCount"],
                strict[part]["unknown"].get<std::uint64_t>() - lenient[part]["unknown"].get<std::uint64_t>());
      EXPECT_EQ(lenient[part]["belowMinCount"], 0);
      cost += strict[part]["belowMinCount"].get<std::uint64_t>();
    }
    EXPECT_GT(cost, 0u);
  }
}

TEST(AuditRepairs, TheLongestFollowUpIsFromTheFirstTimeZeroToTheLastEvent) {
  const auto longest = [](const std::string& settings) {
    return run(R"({"profile": "causal")" + settings + "}", kFew).audit["window"]["longestFollowUpHours"];
  };
  EXPECT_EQ(longest(""), 72 - 1.0 / 60);
  EXPECT_EQ(longest(R"(, "index": {"horizonHours": 80})"), 72 - 1.0 / 60);
  EXPECT_EQ(longest(R"(, "session": {"minEvents": 5})"), nullptr);
  EXPECT_EQ(run("{}", kFew).audit["window"]["longestFollowUpHours"], nullptr);
}

TEST(AuditRepairs, WithoutAnyOutcomeThereIsNothingToExplain) {
  const std::vector<Event> unsold = without(kFew, kPurchase);
  for (const char* plan : {R"({"profile": "causal", "split": {"train": 1, "validation": 0, "test": 0}})",
                           R"({"split": {"train": 1, "validation": 0, "test": 0}})"}) {
    const json finding = finding_of(run(plan, unsold), "noOutcomes");
    EXPECT_EQ(finding["severity"], "error") << plan;
    EXPECT_EQ(finding["figures"], json::parse(R"({"rows": 2, "type": "purchase", "events": 0})")) << plan;
    EXPECT_EQ(finding_of(run(plan, kFew), "noOutcomes"), nullptr) << plan;
  }
}

}  // namespace
}  // namespace causal_sessions
