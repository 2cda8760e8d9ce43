#include "estimate/table_estimate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>

#include "core/random.h"
#include "core/wording.h"
#include "support/run.h"
#include "support/simulated.h"

namespace causal_sessions {
namespace {

using Files = std::vector<std::string>;

Status fill(PlainTable& table, const std::string& name, const std::string& bytes) {
  table.begin_file(name);
  const std::span<char> room = table.window(bytes.size());
  std::memcpy(room.data(), bytes.data(), bytes.size());
  if (Status status = table.commit(bytes.size()); !status.ok()) return status;
  return table.end_file();
}

Result<EffectEstimate> of_table(const Files& files, const TableRoles& roles = {}, std::string_view plan = "") {
  TableEstimator estimator(roles, support::plan_of(plan));
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (Status status = fill(estimator.table(), "table" + std::to_string(i + 1) + ".csv", files[i]); !status.ok())
      return status.error();
  }
  return estimator.estimate();
}

std::string refused(const std::string& text, const TableRoles& roles = {}, std::string_view plan = "") {
  const Result<EffectEstimate> estimate = of_table({text}, roles, plan);
  return estimate.ok() ? "" : estimate.error().message;
}

// A table of `rows` with a covariate that drives both T and Y, and further columns by row: T adds `effect` to the risk.
std::string made_table(std::size_t rows, double effect, const std::string& head = "",
                       const std::function<std::string(std::size_t, int, int)>& more = {}) {
  Mt19937Legacy random(3);
  const auto share = [&random] { return random.next_u32() / 4294967296.0; };
  std::string text = "age,t,y" + head + "\n";
  for (std::size_t r = 0; r < rows; ++r) {
    const double age = 20 + static_cast<int>(50 * share());
    const int t = share() < 0.2 + 0.5 * (age - 20) / 50;
    const int y = share() < 0.1 + 0.4 * (age - 20) / 50 + effect * t;
    text += std::to_string(static_cast<int>(age)) + "," + std::to_string(t) + "," + std::to_string(y);
    text += (more ? "," + more(r, t, y) : "") + "\n";
  }
  return text;
}

const TableRoles kOfMade = {"t", "y", "", "", {}};

std::vector<std::string_view> notices(const EffectEstimate& estimate) {
  std::vector<std::string_view> out;
  for (const Notice& notice : estimate.table->notices) out.push_back(notice.code);
  return out;
}

// What a run writes of the rows of its parts, as far as these have some, in another order than that of the parts.
Files tables_of(const causal_sessions::Run& run, const char* ending) {
  Files files;
  for (const auto& [part, name] : {std::pair(Part::kTest, "test"), {Part::kTrain, "train"}, {Part::kValidation, "validation"}}) {
    if (run.rows_of(part).empty()) continue;
    files.push_back(support::output_text(run, filled("data/{}_sessions_covariates{}", {std::string(name), std::string(ending)})));
  }
  return files;
}

// Events with a further column: those that add(user, begin) makes of three visits of each of 500 users.
template <class Add>
std::string events_of_visits(const std::string& column, Xoshiro256& random, Add add) {
  std::string events = "user_id,event_timestamp,event_type,product_id," + column + "\n";
  for (int user = 0; user < 500; ++user) {
    for (std::int64_t visit = 0; visit < 3; ++visit) {
      const std::int64_t t0 = 1'757'000'000 + 200'000 * visit + static_cast<std::int64_t>(random.uniform() * 80'000);
      events += add("u" + std::to_string(user) + ",", t0);
    }
  }
  return events;
}

// What a run wrote of its rows is what the run itself estimates from, to the last bit.
TEST(TableEstimate, OfTheCovariatesOfARunIsTheRuns) {
  const std::string events = support::simulated({{"events", "20000"}, {"effect", "3"}, {"pace", "10"}, {"seed", "6"}});
  for (const char* plan :
       {R"({"profile":"causal"})", R"({"profile":"causal","split":{"folds":3}})",
        R"({"profile":"causal","split":{"kind":"folds","folds":4}})", R"({"profile":"causal","outcome":{"censored":"keep"}})"}) {
    causal_sessions::Run run(support::plan_of(plan), WithAudit::kYes);
    ASSERT_TRUE(support::feed(run.reader(), {events}).ok());
    ASSERT_TRUE(run_to_end(run).ok());
    const EffectEstimate expected = estimate_effect(run);
    ASSERT_TRUE(expected.figures);
    for (const char* ending : {".csv", ".parquet"}) {
      const Result<EffectEstimate> found = of_table(tables_of(run, ending));
      ASSERT_TRUE(found.ok()) << found.error().message;
      ASSERT_TRUE(found.value().figures) << found.value().refusals.front().message;
      const EffectEstimate::Figures &one = *found.value().figures, &other = *expected.figures;
      EXPECT_EQ(one.overlap.effect, other.overlap.effect);
      EXPECT_EQ(one.overlap.interval95, other.overlap.interval95);
      EXPECT_EQ(one.treated.effect, other.treated.effect);
      EXPECT_EQ(one.by_user.standard_error, other.by_user.standard_error);
      EXPECT_EQ(one.robustness->limit, other.robustness->limit);
      EXPECT_EQ(one.weeks.size(), other.weeks.size());
      ASSERT_EQ(one.balance.size(), other.balance.size());
      for (std::size_t j = 0; j < one.balance.size(); ++j) {
        EXPECT_EQ(one.balance[j].feature, other.balance[j].feature);
        EXPECT_EQ(one.balance[j].weighted_error, other.balance[j].weighted_error);
      }
      ASSERT_EQ(one.without.size(), other.without.size());
      for (std::size_t i = 0; i < one.without.size(); ++i) {
        EXPECT_EQ(one.without[i].group, other.without[i].group);
        EXPECT_EQ(one.without[i].change, other.without[i].change);
      }
      EXPECT_EQ(found.value().rows, expected.rows);
      EXPECT_EQ(found.value().censored_left_out, expected.censored_left_out);
      EXPECT_EQ(found.value().folds, expected.folds);
      // The table names no covariate that the run has not.
      EXPECT_EQ(found.value().table->covariates, run.table.covariate_names);
      EXPECT_EQ(notices(found.value()), std::vector<std::string_view>{"tableNotAudited"});
    }
  }
}

// What the outcomes of a run's rows are worth is no covariate of its table, and estimated as the run does.
TEST(TableEstimate, OfARunWithOutcomeValuesHasThem) {
  Xoshiro256 random(StreamKey{4});
  const std::string events = events_of_visits("price", random, [&random](const std::string& row, std::int64_t t0) {
    const bool click = random.uniform() < 0.4;
    std::string of_visit = row + std::to_string(t0) + ",impression,i,\n";
    if (click) of_visit += row + std::to_string(t0 + 30) + ",click,i,\n";
    const int purchases = static_cast<int>(3 * random.uniform() * (click ? 0.8 : 0.6));
    for (int i = 0; i < purchases; ++i)
      of_visit += row + std::to_string(t0 + 3600 * (1 + i)) + ",purchase,i," + std::to_string(10 + 90 * random.uniform()) + "\n";
    return of_visit;
  });
  causal_sessions::Run run(
      support::plan_of(
          R"({"profile": "causal", "outcome": {"censored": "keep", "value": "price", "valueCap": 120}, "split": {"folds": 4}})"),
      WithAudit::kYes);
  ASSERT_TRUE(support::feed(run.reader(), {events}).ok());
  ASSERT_TRUE(run_to_end(run).ok());
  const EffectEstimate expected = estimate_effect(run);
  ASSERT_TRUE(expected.figures) << expected.refusals.front().message;
  ASSERT_TRUE(expected.figures->value);
  EXPECT_EQ(expected.figures->value->cap, 120);
  EXPECT_GT(expected.figures->value->capped, 10u);
  for (const char* ending : {".csv", ".parquet"}) {
    const Result<EffectEstimate> found = of_table(tables_of(run, ending));
    ASSERT_TRUE(found.ok()) << found.error().message;
    EXPECT_EQ(found.value().table->covariates, run.table.covariate_names);
    ASSERT_TRUE(found.value().figures && found.value().figures->value);
    const EffectEstimate::Value &one = *found.value().figures->value, &other = *expected.figures->value;
    EXPECT_EQ(one.column, "outcome_value");
    EXPECT_EQ(one.overlap.effect, other.overlap.effect);
    EXPECT_EQ(one.overlap.interval95, other.overlap.interval95);
    EXPECT_EQ(one.mean, other.mean);
    EXPECT_EQ(one.naive.interval95, other.naive.interval95);
    EXPECT_NEAR(one.mean[1] - one.mean[0], one.overlap.effect, 1e-9);
  }
}

// The run's table has the probability that the run knew, and it is no covariate there.
TEST(TableEstimate, OfARunThatKnewThePropensityItIsKnownToo) {
  Xoshiro256 random(StreamKey{3});
  const std::string events = events_of_visits("p", random, [&random](const std::string& row, std::int64_t t0) {
    const bool often = random.uniform() < 0.5, click = random.uniform() < (often ? 0.6 : 0.3);
    std::string of_visit = row + std::to_string(t0) + ",impression,i," + (often ? "0.6" : "0.3") + "\n";
    if (click) of_visit += row + std::to_string(t0 + 30) + ",click,i,\n";
    if (random.uniform() < (click ? 0.4 : 0.2)) of_visit += row + std::to_string(t0 + 3600) + ",purchase,i,\n";
    return of_visit;
  });
  causal_sessions::Run run(
      support::plan_of(R"({"profile": "causal", "treatment": {"propensity": "p"}, "outcome": {"censored": "keep"}})"),
      WithAudit::kYes);
  ASSERT_TRUE(support::feed(run.reader(), {events}).ok());
  ASSERT_TRUE(run_to_end(run).ok());
  const EffectEstimate expected = estimate_effect(run);
  ASSERT_TRUE(expected.figures) << expected.refusals.front().message;
  for (const char* ending : {".csv", ".parquet"}) {
    const Result<EffectEstimate> found = of_table(tables_of(run, ending));
    ASSERT_TRUE(found.ok()) << found.error().message;
    ASSERT_TRUE(found.value().figures) << found.value().refusals.front().message;
    EXPECT_EQ(found.value().table->propensity, "propensity");
    EXPECT_EQ(std::count(found.value().table->covariates.begin(), found.value().table->covariates.end(), "propensity"), 0);
    EXPECT_EQ(found.value().figures->overlap.effect, expected.figures->overlap.effect);
    EXPECT_EQ(found.value().figures->overlap.interval95, expected.figures->overlap.interval95);
    ASSERT_TRUE(found.value().sample_ratio);
    EXPECT_EQ(found.value().sample_ratio->p_value, expected.sample_ratio->p_value);
  }
}

TEST(TableEstimate, RowsOfARunCountOnce) {
  const std::string events = support::simulated({{"events", "20000"}, {"seed", "6"}});
  causal_sessions::Run run(support::plan_of(R"({"profile":"causal"})"), WithAudit::kYes);
  ASSERT_TRUE(support::feed(run.reader(), {events}).ok());
  ASSERT_TRUE(run_to_end(run).ok());
  const std::string part = support::output_text(run, "data/train_sessions_covariates.csv");
  const Result<EffectEstimate> twice = of_table({part, support::output_text(run, "data/train_sessions_covariates.parquet")});
  ASSERT_FALSE(twice.ok());
  EXPECT_TRUE(support::contains(twice.error().message, "is there twice; give each part once"));
}

TEST(TableEstimate, AdjustsATableOfAnybodys) {
  const Result<EffectEstimate> found = of_table({made_table(6000, 0.1)}, kOfMade);
  ASSERT_TRUE(found.ok()) << found.error().message;
  ASSERT_TRUE(found.value().figures) << found.value().refusals.front().message;
  const Effect& effect = found.value().figures->overlap;
  EXPECT_NEAR(effect.effect, 0.1, 3 * effect.standard_error);
  EXPECT_LT(effect.standard_error, 0.015);
  EXPECT_GT(*found.value().naive.arms.difference(), 0.14);
  EXPECT_EQ(found.value().users, 6000u);
  EXPECT_EQ(notices(found.value()),
            (std::vector<std::string_view>{"tableNotAudited", "rowsAreUsers", "allColumnsAreCovariates"}));
  EXPECT_EQ(found.value().figures->without.size(), 1u);
  EXPECT_NEAR(found.value().figures->without[0].change, *found.value().naive.arms.difference() - effect.effect, 0.01);
}

// Copies of a user's rows add no certainty, wherever they stand in the table.
TEST(TableEstimate, ErrorsAreClusteredByTheUserThatIsNamed) {
  const std::string once = made_table(3000, 0.1, ",who", [](std::size_t r, int, int) { return std::to_string(r % 1500); });
  const std::string again = once.substr(once.find('\n') + 1);
  const auto error_of = [&](const std::string& text, const std::string& user) {
    const Result<EffectEstimate> found = of_table({text}, {"t", "y", user, "", {"age"}});
    EXPECT_TRUE(found.ok() && found.value().figures);
    return found.value().figures->overlap.standard_error;
  };
  EXPECT_NEAR(error_of(once + again, "who") / error_of(once, "who"), 1, 0.02);
  EXPECT_NEAR(error_of(once + again, "") / error_of(once, ""), std::sqrt(0.5), 0.02);
}

TEST(TableEstimate, TextsAreCategoriesAndMissingValuesHaveAnIndicator) {
  const std::string text = made_table(3000, 0.1, ",channel,income,note", [](std::size_t r, int, int) {
    return std::string(r % 500 == 0 ? "fax"
                       : r % 2 == 0 ? "web"
                                    : "phone") +
           "," + (r % 3 == 0 ? "" : std::to_string(r % 7)) + ",text " + std::to_string(r % 100);
  });
  const Result<EffectEstimate> found = of_table({text}, kOfMade);
  ASSERT_TRUE(found.ok()) << found.error().message;
  ASSERT_TRUE(found.value().figures);
  std::vector<std::string> features;
  for (const FeatureBalance& row : found.value().figures->balance) features.push_back(row.feature);
  EXPECT_EQ(features, (std::vector<std::string>{"log age", "age", "channel = web", "channel = any other", "log income", "income",
                                                "income missing"}));
  ASSERT_EQ(found.value().table->left_out.size(), 1u);
  EXPECT_EQ(found.value().table->left_out[0].column, "note");
  EXPECT_TRUE(support::contains(found.value().table->left_out[0].reason, "more than 20 different texts"));
  EXPECT_EQ(found.value().table->notices.back().code, "missingValues");
  EXPECT_EQ(found.value().table->notices.back().counts[0].second, 1000u);
  EXPECT_TRUE(support::contains(refused(text, {"t", "y", "", "", {"age", "note"}}),
                                "column \"note\": it has more than 20 different texts"));
}

TEST(TableEstimate, WhatIsSurelyWrongIsRefusedWithItsPlace) {
  const std::string head = "t,y,x\n1,0,3\n";
  for (const auto& [text, part] : std::vector<std::pair<std::string, std::string>>{
           {head + "2,0,3\n", "table1.csv, row 2 (line 3), column \"t\": \"2\" is neither 0 nor 1; make a column"},
           {head + "yes,0,3\n", "row 2 (line 3), column \"t\": \"yes\" is neither 0 nor 1"},
           {head + ",0,3\n", "row 2 (line 3), column \"t\": the value is missing; treatment and outcome are 0 or 1 in each row"},
           {head + "1,nan,3\n", "column \"y\": the value is missing"},
           {head + "1,0.5,3\n", "column \"y\": \"0.5\" is neither 0 nor 1"},
           {head + "1,0,NA\n0,1,2\n",
            "row 2 (line 3), column \"x\": \"NA\" is no number, as others of the column are; name such texts in input.nulls"},
           {head + "1,0\n", "row 2 (line 3): the row has 2 cells, the first row 3"},
           {"t,y,x\n1,0,1\n0,1,0\n", "column \"x\": it is \"t\" under another name"},
           {"t,y,x,x\n1,0,3,3\n", "has several columns named \"x\""},
           {"t,z\n1,0\n", "the table has no column \"y\"; it has \"t\", \"z\". Name the one that is meant with --outcome"},
           {"t,y\n", "has no rows of data"}}) {
    EXPECT_TRUE(support::contains(refused(text, kOfMade), part));
  }
  EXPECT_TRUE(support::contains(refused(head, {"t", "t", "", "", {}}), "--treatment and --outcome both name column \"t\""));
  EXPECT_TRUE(support::contains(refused(head, {"t", "y", "", "", {"x", "z"}}), "the table has no column \"z\""));
  EXPECT_TRUE(support::contains(refused("t,y,u\n1,0,a\n0,1,\n", {"t", "y", "u", "", {}}),
                                "column \"u\": the value is missing; each row needs its user"));
  // The same in a covariate that is a 1 where T is 0.
  EXPECT_TRUE(
      support::contains(refused("t,y,x\n1,0,0\n0,1,1\n0,0,1\n", kOfMade), "column \"x\": it is \"t\" under another name"));
}

TEST(TableEstimate, TextsThatStandForAMissingValueCanBeNamed) {
  const std::string text =
      made_table(3000, 0.1, ",x", [](std::size_t r, int, int) { return r % 3 == 0 ? "NA" : std::to_string(r % 5); });
  const Result<EffectEstimate> found = of_table({text}, kOfMade, R"({"input":{"nulls":["NA"]}})");
  ASSERT_TRUE(found.ok()) << found.error().message;
  EXPECT_EQ(notices(found.value()).back(), "missingValues");
}

TEST(TableEstimate, OneValueOfTreatmentOrOutcomeIsRefused) {
  const auto codes = [](const std::string& text) {
    const Result<EffectEstimate> found = of_table({text}, kOfMade);
    EXPECT_TRUE(found.ok()) << found.error().message;
    std::vector<std::string_view> out;
    for (const EstimateRefusal& refusal : found.value().refusals) out.push_back(refusal.code);
    EXPECT_FALSE(found.value().figures);
    return out;
  };
  EXPECT_EQ(codes("t,y,x\n1,0,3\n1,1,4\n"), std::vector<std::string_view>{"oneTreatment"});
  EXPECT_EQ(codes("t,y,x\n1,0,3\n0,0,4\n"), std::vector<std::string_view>{"oneOutcome"});
  EXPECT_EQ(codes("t,y,x\n1,0,3\n0,1,4\n").front(), "fewTreatedUsers");
}

// A column that counts what came of the treatment is no covariate, and looks like it.
TEST(TableEstimate, WhatTellsTheOutcomeIsNoticed) {
  const std::string text = made_table(2000, 0.1, ",spend", [](std::size_t r, int, int y) { return std::to_string(y * (r % 4)); });
  const Result<EffectEstimate> found = of_table({text}, kOfMade);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(notices(found.value()).back(), "tellsTheAnswer");
  EXPECT_TRUE(support::contains(found.value().table->notices.back().message, "Wherever column \"spend\" is not 0"));
}

// The known probability stands in place of the fitted one, and is held against how many are treated.
TEST(TableEstimate, AKnownProbabilityReplacesTheFittedOne) {
  const auto chance = [](double off) { return [off](std::size_t, int, int) { return std::to_string(off); }; };
  const std::string text = made_table(6000, 0.1);
  std::string known;  // as made_table() draws T
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    const double age = std::strtod(text.c_str() + at, nullptr);
    known += text.substr(at, end - at) + (at == 0 ? ",e" : "," + std::to_string(0.2 + 0.5 * (age - 20) / 50)) + "\n";
    at = end + 1;
  }
  const Result<EffectEstimate> found = of_table({known}, {"t", "y", "", "e", {}});
  ASSERT_TRUE(found.ok()) << found.error().message;
  ASSERT_TRUE(found.value().figures) << found.value().refusals.front().message;
  EXPECT_NEAR(found.value().figures->overlap.effect, 0.1, 3 * found.value().figures->overlap.standard_error);
  ASSERT_TRUE(found.value().sample_ratio);
  EXPECT_GT(found.value().sample_ratio->p_value, 0.001);
  EXPECT_NEAR(found.value().sample_ratio->observed, found.value().sample_ratio->expected, 0.02);
  EXPECT_EQ(found.value().table->covariates, std::vector<std::string>{"age"});
  // As many are treated as a constant one expects, but not alike.
  const Result<EffectEstimate> even = of_table({made_table(6000, 0.1, ",e", chance(0.45))}, {"t", "y", "", "e", {"age"}});
  ASSERT_TRUE(even.ok());
  ASSERT_EQ(even.value().refusals.size(), 1u);
  EXPECT_EQ(even.value().refusals[0].code, "imbalance");
  // Nine of ten is not how it was drawn.
  const Result<EffectEstimate> wrong = of_table({made_table(6000, 0.1, ",e", chance(0.9))}, {"t", "y", "", "e", {}});
  ASSERT_TRUE(wrong.ok());
  ASSERT_EQ(wrong.value().refusals.size(), 1u);
  EXPECT_EQ(wrong.value().refusals[0].code, "sampleRatioMismatch");
  EXPECT_FALSE(wrong.value().figures);
  EXPECT_TRUE(support::contains(refused(made_table(10, 0.1, ",e", chance(1)), {"t", "y", "", "e", {}}),
                                "row 1 (line 2), column \"e\": \"1.000000\"; the probability of treatment is a number above 0"));
}

TEST(TableEstimate, FormatsAndPiecesGiveTheSame) {
  const std::string csv = made_table(3000, 0.1);
  std::string lines;
  for (std::size_t at = csv.find('\n') + 1; at < csv.size();) {
    const std::size_t end = csv.find('\n', at), first = csv.find(',', at), second = csv.find(',', first + 1);
    const bool treated = csv[first + 1] == '1';
    lines += R"({"age":)" + csv.substr(at, first - at) + R"(,"t":)" + (treated ? "true" : "false") + R"(,"y":)" +
             csv.substr(second + 1, end - second - 1) + "}\n";
    at = end + 1;
  }
  const auto json_of = [](const Files& files) {
    Result<EffectEstimate> found = of_table(files, kOfMade);
    EXPECT_TRUE(found.ok()) << found.error().message;
    return estimate_json(found.value());
  };
  EXPECT_EQ(json_of({csv}), json_of({lines}));
  const std::size_t middle = csv.find('\n', csv.size() / 2) + 1;
  EXPECT_EQ(json_of({csv}), json_of({csv.substr(0, middle), "age,t,y\n" + csv.substr(middle)}));
}

TEST(TableEstimate, APlanSaysHowTextIsReadAndNothingElse) {
  EXPECT_TRUE(check_table_plan(support::plan_of(R"({"input":{"separator":";"},"split":{"seed":7}})")).ok());
  EXPECT_FALSE(check_table_plan(support::plan_of(R"({"profile":"causal"})")).ok());
  EXPECT_FALSE(check_table_plan(support::plan_of(R"({"index":{"windowMinutes":7}})")).ok());
  EXPECT_FALSE(check_table_plan(support::plan_of(R"({"input":{"header":"no"}})")).ok());
}

}  // namespace
}  // namespace causal_sessions
