// Treatment by group: what is told and refused.
#include "trial/treatment_group.h"

#include <gtest/gtest.h>

#include <string>

#include "report/estimand.h"
#include "support/run.h"

namespace causal_sessions::treatment_group {
namespace {

using support::contains;
using support::Ran;

std::string plan_text(const std::string& treatment, const std::string& more = "") {
  return R"({"profile": "causal", "treatment": {)" + treatment + R"(}, "index": {"washoutHours": 0, "gracePeriod": "exclude"},
      "outcome": {"censored": "keep"}, "split": {"kind": "hash", "train": 1, "validation": 0, "test": 0})" +
         more + "}";
}
Plan plan_with(const std::string& treatment) { return support::in_seconds(support::plan_of(plan_text(treatment))); }

constexpr const char* kEvents =
    "user,time,type,item,category\n"
    "a,1000,impression,x,shoes\n"
    "a,1010,click,x,shoes\n"
    "b,1000,impression,y,hats\n"
    "b,1010,click,y,hats\n"
    "b,1020,click,x,shoes\n"
    "c,1000,impression,y,hats\n"
    "c,1010,click,y,\n"
    "d,1000,impression,x,shoes\n";

TEST(TreatmentGroup, ATreatmentOfOthersLeavesTheRowOut) {
  const Ran ran(plan_with(R"("group": "category", "groupValues": ["shoes"])"), {{kEvents}});
  ASSERT_EQ(ran.message(), "");
  EXPECT_EQ(ran.made.table.treatment, (std::vector<std::uint8_t>{1, 0}));
  EXPECT_EQ(ran.notice("treatmentGroup"),
            "2 of 4 events \"click\" are not of the group that column \"category\" tells, and 1 of them has no value there; they "
            "are told "
            "as \"click (other)\", and a row whose first treatment is one of them is left out");
  EXPECT_TRUE(contains(estimand_sentence(ran.made.plan.trial),
                       "The effect of “click” with “shoes” in the column “category” after an exposure"));
  EXPECT_TRUE(contains(estimand_sentence(ran.made.plan.trial), "Rows whose first treatment is “click (other)” are left out."));
}

TEST(TreatmentGroup, OneThatNoTreatmentHasIsRefusedWithThoseThatThereAre) {
  const Ran ran(plan_with(R"("group": "category", "groupValues": ["Shoes"])"), {{kEvents}});
  EXPECT_EQ(
      ran.message(),
      "treatment.groupValues: none of 4 events \"click\" has one of them in column \"category\", so T would be 0 in every row; "
      "there is \"shoes\", \"hats\"");
  const Ran missing(plan_with(R"("group": "kind", "groupValues": ["shoes"])"), {{kEvents}});
  EXPECT_TRUE(contains(missing.message(), "there is no column \"kind\"; the file has")) << missing.message();
  EXPECT_EQ(missing.error->where.column, "treatment.group");
}

TEST(TreatmentGroup, WhatDoesNotGoTogetherIsRefused) {
  const auto refusal = [](const std::string& plan) {
    const Result<Plan> read = read_plan(plan);
    return read.ok() ? "" : read.error().message;
  };
  const std::string group = R"("group": "category", "groupValues": ["shoes"])";
  EXPECT_TRUE(contains(refusal(plan_text(R"("group": "category")")), "say which of its values are the treatment"));
  EXPECT_TRUE(contains(refusal(plan_text(R"("groupValues": ["shoes"])")), "name that in treatment.group"));
  EXPECT_TRUE(contains(refusal(plan_text(R"("group": "category", "groupValues": [""])")),
                       "it must be a list of at most 100 texts, as in [\"shoes\", \"hats\"]"));
  EXPECT_TRUE(contains(refusal(R"({"treatment": {)" + group + "}}"), "is asked in a window after time zero"));
  EXPECT_TRUE(contains(refusal(R"({"profile": "causal", "index": {"kind": "matched"}, "treatment": {)" + group + "}}"),
                       "is asked in a window after time zero"));
  EXPECT_TRUE(
      contains(refusal(R"({"profile": "causal", "treatment": {"propensity": "p", )" + group + "}}"), "leave one of the two out"));
  const std::string taken = R"-(, "events": {"types": ["auction", "impression", "click", "purchase", "click (other)"]})-";
  EXPECT_TRUE(contains(refusal(plan_text(group, taken)), "which is one of events.types already"));
}

}  // namespace
}  // namespace causal_sessions::treatment_group
