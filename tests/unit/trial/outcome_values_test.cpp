// What outcomes are worth: what is refused, counted and written.
#include "trial/outcome_values.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "report/estimand.h"
#include "support/run.h"

namespace causal_sessions::outcome_values {
namespace {

using support::contains;
using support::Ran;

Plan plan_with(const std::string& outcome, const std::string& more = "") {
  return support::in_seconds(support::plan_of(
      R"({"profile": "causal", "index": {"washoutHours": 0, "gracePeriod": "exclude"}, "outcome": {"censored": "keep", )" +
      outcome + R"(}, "split": {"kind": "hash", "train": 1, "validation": 0, "test": 0})" + more + "}"));
}

std::string csv(const std::string& rows) { return "user,time,type,item,price\n" + rows; }

const std::string kEvents =
    csv("a,1000,impression,x,900\n"
        "a,1010,click,x,\n"
        "a,1020,purchase,x,19.5\n"
        "a,9000,purchase,y,2\n"
        "b,1000,impression,x,\n"
        "b,1010,purchase,x,\n"
        "b,1020,purchase,y,40\n"
        "c,1000,impression,x,7\n");

TEST(OutcomeValues, AreThoseOfOutcomesAlone) {
  const Ran ran(plan_with(R"("value": "price")"), {{kEvents}});
  ASSERT_EQ(ran.message(), "");
  EXPECT_EQ(ran.made.table.outcome_value, (std::vector<double>{21.5, 40, 0}));
  EXPECT_TRUE(
      contains(ran.notice("outcomeValuesMissing"), "1 of 2 rows with outcomes has one without a value in column \"price\""));
  EXPECT_EQ(ran.notice("outcomeValuesCapped"), "");
}

TEST(OutcomeValues, AreCappedByRow) {
  const Ran ran(plan_with(R"("value": "price", "valueCap": 20.5)"), {{kEvents}});
  EXPECT_EQ(ran.made.table.outcome_value, (std::vector<double>{20.5, 20.5, 0}));
  EXPECT_EQ(ran.notice("outcomeValuesCapped"),
            "2 of 2 rows with outcomes have a larger sum of column \"price\" than 20.5, as which it counts");
  EXPECT_TRUE(contains(estimand_sentence(ran.made.plan.trial),
                       "Beside it, that on the sum of the column “price” over these outcomes, at most 20.5 a row."));
}

TEST(OutcomeValues, TextThatIsNoNumberIsRefusedWithItsPlace) {
  const std::string events = kEvents + "d,1000,impression,x,free\nd,1030,purchase,x,gratis\n";
  const Ran ran(plan_with(R"("value": "price")"), {{events}});
  EXPECT_EQ(ran.message(),
            "column \"price\", user \"d\", outcome at 1970-01-01T00:17:10Z: the value is \"gratis\"; what an outcome is worth "
            "is a number, which 1 of 3 rows with outcomes lack. Name such texts in input.nulls where they stand for a missing "
            "value, or name another column in the plan: outcome.value");
  const Ran named(plan_with(R"("value": "price")", R"(, "input": {"nulls": ["gratis"]})"), {{events}});
  EXPECT_EQ(named.message(), "") << "an exposure may hold any text";
  EXPECT_TRUE(contains(named.notice("outcomeValuesMissing"), "2 of 3 rows"));
}

TEST(OutcomeValues, AColumnThatIsNotThereIsRefused) {
  const Ran ran(plan_with(R"("value": "margin")"), {{kEvents}});
  EXPECT_TRUE(contains(ran.message(), "there is no column \"margin\"; the file has")) << ran.message();
  EXPECT_EQ(ran.error->where.column, "outcome.value");
}

TEST(OutcomeValues, MayShareTheirColumnWithCovariates) {
  const Ran ran(plan_with(R"("value": "price")", R"(, "covariates": {"columns": ["price"], "minCount": 1})"), {{kEvents}});
  ASSERT_EQ(ran.message(), "");
  EXPECT_EQ(ran.made.table.outcome_value, (std::vector<double>{21.5, 40, 0}));
}

TEST(OutcomeValues, NeedATimeZeroAndACapNeedsThem) {
  const auto refusal = [](const char* plan) {
    const Result<Plan> read = read_plan(plan);
    return read.ok() ? "" : read.error().message;
  };
  EXPECT_TRUE(contains(refusal(R"({"outcome": {"value": "price"}})"), "it is added up from a time zero on"));
  EXPECT_TRUE(contains(refusal(R"({"profile": "causal", "outcome": {"valueCap": 5}})"), "name it in outcome.value"));
  EXPECT_TRUE(contains(refusal(R"({"profile": "causal", "outcome": {"value": "price", "valueCap": 0}})"),
                       "it must be a number above 0, at most 1,000,000,000,000,000"));
  EXPECT_TRUE(contains(refusal(R"({"profile": "causal", "outcome": {"value": ""}})"), "it must be a column name"));
}

// Every format that has Y has the column, an empty part too; a run that does not ask has none.
TEST(OutcomeValues, AreAColumnOfEveryTable) {
  const Ran ran(plan_with(R"("value": "price")"), {{kEvents}}), plain(plan_with(R"("prior": "ignore")"), {{kEvents}});
  for (const char* suffix : {".parquet", ".pkl", ".jsonl", ".csv", "_flat.parquet", ".arrow", ".arrows", ".npz", ".safetensors",
                             "_padded.safetensors", "_covariates.parquet", "_covariates.csv"}) {
    for (const char* part : {"train", "test"}) {
      const std::string path = std::string("data/") + part + "_sessions" + suffix;
      const bool lines = std::string_view(suffix) == ".jsonl" && std::string_view(part) == "test";
      EXPECT_EQ(support::output_text(ran.made, path).find("outcome_value") != std::string::npos, !lines) << path;
      EXPECT_EQ(support::output_text(plain.made, path).find("outcome_value"), std::string::npos) << path;
    }
  }
  EXPECT_TRUE(contains(support::output_text(ran.made, "README.md"), "| outcome\\_value | float64 | Sum of the plan's column"));
  EXPECT_TRUE(
      contains(support::output_text(ran.made, "data/train_sessions_covariates.csv"), ",treatment,outcome,outcome_value\n"));
  EXPECT_TRUE(contains(support::output_text(ran.made, "data/train_sessions_covariates.csv"), ",1,1,21.5\n"));
}

}  // namespace
}  // namespace causal_sessions::outcome_values
