#include "text/comparison_text.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "plan/settings.h"
#include "support/run.h"

namespace causal_sessions {
namespace {

using support::contains;
using support::plan_of;

// A visit with a click and a purchase, one without.
constexpr const char* kEvents =
    "user,time,type,item\n"
    "u,0,auction,\nu,1,impression,a\nu,2,purchase,a\nu,3,click,a\nu,4,purchase,a\n"
    "v,0,auction,\nv,1,impression,a\nv,2,impression,b\n";

struct Two {
  explicit Two(const char* plan, const char* against)
      : first(support::in_seconds(plan_of(plan)), WithAudit::kYes),
        second(support::in_seconds(plan_of(against)), WithAudit::kYes) {
    for (Run* run : {&first, &second}) {
      EXPECT_TRUE(support::feed(run->reader(), {kEvents}).ok());
      EXPECT_TRUE(run_to_end(*run).ok());
    }
  }
  Run first, second;
};

TEST(Comparison, HasBothSidesAndWhatDiffers) {
  const Two runs("{}", R"({"outcome": {"prior": "exclude"}, "session": {"gapHours": 2}})");
  const Json json = Json::parse(comparison_json(compare_audits(runs.first, runs.second)));
  EXPECT_EQ(json["plan"]["rows"], 2);
  EXPECT_EQ(json["plan"]["treatmentRate"], 0.5);
  EXPECT_EQ(json["plan"]["naiveDifference"], 1);
  EXPECT_EQ(json["against"]["rows"], 1);
  EXPECT_TRUE(json["against"]["naiveDifference"].is_null());
  ASSERT_EQ(json["settings"].size(), 2u);
  EXPECT_EQ(json["settings"][0], (Json{{"key", "session.gapHours"}, {"plan", 24}, {"against", 2}}));
  EXPECT_EQ(json["settings"][1], (Json{{"key", "outcome.prior"}, {"plan", "count"}, {"against", "exclude"}}));
  const auto has = [&](const char* list, const char* code) {
    const Json& findings = json["findings"][list];
    return std::any_of(findings.begin(), findings.end(), [&](const Json& finding) { return finding["code"] == code; });
  };
  EXPECT_TRUE(has("plan", "outcomeBeforeTreatment"));
  EXPECT_FALSE(has("against", "outcomeBeforeTreatment"));
  EXPECT_FALSE(has("both", "outcomeBeforeTreatment"));
  EXPECT_TRUE(has("both", "emptyArm"));
}

TEST(Comparison, IsToldInATableAndInLists) {
  const Two runs("{}", R"({"profile": "causal"})");
  const std::string text = comparison_text(compare_audits(runs.first, runs.second), "other.json", 100);
  EXPECT_TRUE(contains(text, "The same events under the plan and against other.json:\n"));
  EXPECT_TRUE(contains(text, "\nSettings that differ ("));
  EXPECT_TRUE(contains(text, "  index.kind                 session      exposure\n"));
  EXPECT_TRUE(contains(text, "\nFindings of the plan alone\n"));
  EXPECT_TRUE(contains(text, "  warning  The outcome happened before the treatment (outcomeBeforeTreatment). Of "));
}

TEST(Comparison, RefusesTheSamePlanAndWhatIsNone) {
  const Plan plan = plan_of(R"({"session": {"gapHours": 2}})");
  const auto refusal = [&](const char* text) {
    const Result<Plan> other = plan_to_compare(text, "b.json", plan);
    return other.ok() ? "" : std::string(code_name(other.error().code)) + ": " + other.error().message;
  };
  EXPECT_EQ(refusal(R"({"session": {"gapHours": 2.0}, "profile": "notebook"})"),
            "badCall: the plan b.json is the same plan: no setting differs");
  EXPECT_EQ(refusal("{"), "badCall: the plan b.json is not JSON");
  EXPECT_TRUE(contains(refusal(R"({"session": {"gap": 2}})"), "badPlan: the plan b.json: session.gap is not a plan key"));
  EXPECT_EQ(refusal("{}"), "");
}

}  // namespace
}  // namespace causal_sessions
