#include "estimate/negative_control.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>

#include "estimate/estimate.h"
#include "ingest/timestamp.h"
#include "support/run.h"
#include "support/simulated.h"

namespace causal_sessions {
namespace {

using support::plan_of;

double log_likelihood(const std::vector<double>& y, const std::vector<double>& errors, double mean, double deviation) {
  double sum = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double variance = errors[i] * errors[i] + deviation * deviation;
    sum -= (std::log(variance) + (y[i] - mean) * (y[i] - mean) / variance) / 2;
  }
  return sum;
}

// With equal errors e it is known: the mean, and the variance less e^2.
TEST(NegativeControlNull, IsTheMeanAndTheSpreadBeyondChance) {
  const std::vector<double> y = {0.5, 0.1, 0.9, 0.3, 0.7}, small(5, 0.1), large(5, 0.5);
  const EmpiricalNull wide = fit_null(y, small);
  EXPECT_NEAR(wide.mean, 0.5, 1e-12);
  EXPECT_NEAR(wide.deviation, std::sqrt(0.08 - 0.01), 1e-6);
  const EmpiricalNull chance = fit_null(y, large);
  EXPECT_NEAR(chance.mean, 0.5, 1e-12);
  EXPECT_EQ(chance.deviation, 0);
  EXPECT_EQ(fit_null(std::vector<double>(4, 0.2), std::vector<double>(4, 0.1)).deviation, 0);
}

TEST(NegativeControlNull, IsTheLikeliest) {
  const std::vector<double> y = {0.8, -0.2, 0.4, 1.5, 0.1, 0.3, 0.9, -0.6, 0.2, 0.5};
  const std::vector<double> errors = {0.1, 0.4, 0.2, 0.5, 0.1, 0.3, 0.2, 0.6, 0.1, 0.2};
  const EmpiricalNull null = fit_null(y, errors);
  const double best = log_likelihood(y, errors, null.mean, null.deviation);
  for (double mean = -1; mean <= 1; mean += 0.01) {
    for (double deviation = 0; deviation <= 1.5; deviation += 0.01) {
      EXPECT_LE(log_likelihood(y, errors, mean, deviation), best + 1e-9);
    }
  }
}

// Counted from the text of the input: an event of the type in the 24 hours behind time zero.
TEST(NegativeControls, AreFollowedUpAsTheOutcomeIs) {
  const std::string text = support::simulated({{"events", "6000"}, {"seed", "3"}});
  std::map<std::string, std::vector<std::int64_t>> auctions, purchases;
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  std::vector<std::string> head;
  std::istringstream names(line);
  for (std::string name; std::getline(names, name, ',');) head.push_back(name);
  const auto at = [&](const char* name) { return std::find(head.begin(), head.end(), name) - head.begin(); };
  TimestampParser parser;
  while (std::getline(lines, line)) {
    std::vector<std::string> cells;
    std::istringstream row(line);
    for (std::string cell; std::getline(row, cell, ',');) cells.push_back(cell);
    const std::string& type = cells[static_cast<std::size_t>(at("event_type"))];
    if (type != "auction" && type != "purchase") continue;
    const std::int64_t time = parser.parse(cells[static_cast<std::size_t>(at("event_timestamp"))]).value;
    (type == "auction" ? auctions : purchases)[cells[static_cast<std::size_t>(at("USER_ID"))]].push_back(time);
  }
  causal_sessions::Run run(plan_of(R"({"profile":"causal","estimate":{"negativeControls":["auction"]}})"), WithAudit::kYes);
  ASSERT_TRUE(support::feed(run.reader(), {text}).ok());
  ASSERT_TRUE(run_to_end(run).ok());
  ASSERT_EQ(run.controls.controls.size(), 1u);
  const std::vector<std::uint8_t>& told = run.controls.controls[0].outcome;
  ASSERT_EQ(told.size(), run.table.rows());
  ASSERT_GT(told.size(), 100u);
  std::size_t some = 0;
  for (std::size_t row = 0; row < told.size(); ++row) {
    const std::int64_t t0 = run.table.time_zero_us[row];
    const auto follows = [&](const std::vector<std::int64_t>& times) {
      return std::any_of(times.begin(), times.end(),
                         [&](std::int64_t time) { return time > t0 && time <= t0 + 24 * 3'600'000'000; });
    };
    const std::string user(run.table.users[run.table.user[row]]);
    EXPECT_EQ(told[row] != 0, follows(auctions[user])) << row;
    EXPECT_EQ(run.table.outcome[row] != 0, follows(purchases[user])) << row;
    some += told[row];
  }
  EXPECT_GT(some, 0u);
  EXPECT_LT(some, told.size());
}

TEST(NegativeControls, AreToldWhereThereIsEnoughAndSaidInWordsWhereThereIsNot) {
  const std::string text = support::simulated({{"events", "20000"}, {"seed", "5"}, {"effect", "2"}});
  causal_sessions::Run run(plan_of(R"({"profile":"causal","estimate":{"negativeControls":["auction"]}})"), WithAudit::kYes);
  ASSERT_TRUE(support::feed(run.reader(), {text}).ok());
  ASSERT_TRUE(run_to_end(run).ok());
  const EffectEstimate estimate = estimate_effect(run);
  ASSERT_TRUE(estimate.figures);
  const NegativeControls& controls = estimate.figures->negative_controls;
  ASSERT_EQ(controls.controls.size(), 2u);
  const NegativeControl& earlier = controls.controls[0];
  EXPECT_TRUE(earlier.earlier);
  EXPECT_EQ(earlier.name, "purchase before the session");
  EXPECT_LT(earlier.arms.rows[0] + earlier.arms.rows[1], estimate.rows);
  EXPECT_EQ(controls.controls[1].arms.rows, estimate.naive.arms.rows);
  for (const NegativeControl& control : controls.controls) EXPECT_NE(control.effect.has_value(), !control.too_little.empty());
  EXPECT_FALSE(controls.calibration);
  EXPECT_NE(controls.not_calibrated.find("10 event types"), std::string::npos);
  // The recipe is the estimate's: with the purchase as the control it would be its figure.
  std::vector<std::uint32_t> kept;
  TreatedRows rows;
  rows.folds = estimate.folds;
  for (std::uint32_t row = 0; row < run.table.rows(); ++row) {
    kept.push_back(row);
    rows.treatment.push_back(run.table.treatment[row]);
    rows.outcome.push_back(0);
    rows.user.push_back(run.table.user[row]);
    rows.fold.push_back(fold_by_hash(run.table.users[run.table.user[row]], run.plan.split.seed, estimate.folds));
  }
  run.controls.controls = {{"purchase", run.table.outcome}};
  const NegativeControls again = look_at_controls(run, kept, rows, estimate.figures->propensity, estimate.figures->ratio);
  ASSERT_TRUE(again.controls[1].effect);
  EXPECT_EQ(again.controls[1].effect->effect, estimate.figures->overlap.effect);
  EXPECT_EQ(again.controls[1].effect->interval95, estimate.figures->overlap.interval95);
  EXPECT_EQ(again.controls[1].ratio->interval95, estimate.figures->ratio->interval95);
}

TEST(NegativeControls, AreNoEventsThatThePlanUsesOtherwise) {
  for (const char* type : {"click", "purchase", "impression", "lick"}) {
    const std::string plan = std::string(R"({"profile":"causal","estimate":{"negativeControls":[")") + type + "\"]}}";
    const Result<Plan> read = read_plan(plan);
    ASSERT_FALSE(read.ok()) << type;
    EXPECT_EQ(read.error().where.column, "estimate.negativeControls");
  }
  EXPECT_FALSE(read_plan(R"({"estimate":{"negativeControls":["auction","auction"]}})").ok());
  EXPECT_EQ(plan_of(R"({"estimate":{"negativeControls":["auction"]}})").trial.negative_controls,
            std::vector<std::string>{"auction"});
}

}  // namespace
}  // namespace causal_sessions
