#include "estimate/estimate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/portable_math.h"
#include "core/random.h"
#include "estimate/features.h"
#include "estimate/weighted_effect.h"
#include "support/run.h"
#include "support/simulated.h"

namespace causal_sessions {
namespace {

using support::Input;
using support::plan_of;
using support::simulated;

EffectEstimate estimated(const std::string& events, std::string_view plan) {
  Run run(plan_of(plan), WithAudit::kYes);
  EXPECT_TRUE(support::feed(run.reader(), {events}).ok());
  EXPECT_TRUE(run_to_end(run).ok());
  return estimate_effect(run);
}

std::vector<std::string_view> codes(const EffectEstimate& estimate) {
  std::vector<std::string_view> out;
  for (const EstimateRefusal& refusal : estimate.refusals) out.push_back(refusal.code);
  return out;
}

// Rows of users one after the other, with nuisances that are given.
struct Made {
  TreatedRows rows;
  Nuisances nuisances;
};

Made made(std::size_t n) {
  Made out;
  std::uint32_t state = 12345;
  const auto share = [&state] {
    state = state * 1664525u + 1013904223u;
    return 0.1 + 0.8 * (state >> 8) / 16777216.0;
  };
  for (std::size_t r = 0; r < n; ++r) {
    out.nuisances.propensity.push_back(share());
    for (auto& risk : out.nuisances.risk) risk.push_back(share());
    out.rows.treatment.push_back(share() < out.nuisances.propensity[r] ? 1 : 0);
    out.rows.outcome.push_back(share() < out.nuisances.risk[out.rows.treatment[r]][r] ? 1 : 0);
    out.rows.user.push_back(static_cast<std::uint32_t>(r / 3));
  }
  return out;
}

TEST(EstimateSine, IsThatOfTheLibrary) {
  for (int k = -24; k <= 48; ++k) {
    EXPECT_NEAR(portable_sine(k / 24.0), std::sin(2 * M_PI * k / 24), 1e-14) << k;
    EXPECT_NEAR(portable_sine(k / 28.0), std::sin(2 * M_PI * k / 28), 1e-14) << k;
  }
}

TEST(EstimateQuantile, IsThatOfTables) {
  EXPECT_NEAR(t_quantile(10), 2.2281388520, 1e-4);
  EXPECT_NEAR(t_quantile(29), 2.0452296421, 1e-6);
  EXPECT_NEAR(t_quantile(100), 1.9839715185, 1e-8);
  EXPECT_NEAR(t_quantile(1e9), 1.9599639845, 1e-8);
}

TEST(EstimateNormal, TailsAreThoseOfTheLibrary) {
  for (double z = -9; z <= 9; z += 0.37) EXPECT_NEAR(two_sided_p(z) / std::erfc(std::abs(z) / std::sqrt(2.0)), 1, 1e-10) << z;
  EXPECT_EQ(two_sided_p(60), 0);
}

// The examples of VanderWeele and Ding 2017, table 2 and text: a ratio of 3.9 (1.8 to 8.7).
TEST(EstimateEValue, IsThatOfItsPaper) {
  const Strength strength = e_value(3.9, 1.8, 8.7);
  EXPECT_NEAR(strength.estimate, 7.26, 0.005);
  EXPECT_NEAR(strength.limit, 3.0, 0.005);
  EXPECT_NEAR(e_value(1 / 3.9, 1 / 8.7, 1 / 1.8).limit, strength.limit, 1e-12);
  EXPECT_EQ(e_value(1.2, 0.9, 1.6).limit, 1);
}

// What it says: a trait that explains so much of both residuals moves the estimate by all of it.
TEST(EstimateRobustness, SolvesItsEquation) {
  const std::vector<double> t = {1, -1, 0.5, -0.5, 0.2}, y = {0.6, -0.2, 0.3, 0.1, -0.4};
  const Effect effect{0.3, 0.1, {0.1, 0.5}};
  const std::optional<Strength> strength = robustness_value(t, y, effect);
  ASSERT_TRUE(strength);
  double tt = 0, yy = 0, ty = 0;
  const double t_mean = 0.04, y_mean = 0.08;
  for (std::size_t i = 0; i < 5; ++i) {
    tt += (t[i] - t_mean) * (t[i] - t_mean);
    yy += (y[i] - y_mean) * (y[i] - y_mean);
    ty += (t[i] - t_mean) * (y[i] - y_mean);
  }
  const double f2 = ty * ty / (tt * yy - ty * ty);
  EXPECT_NEAR(strength->estimate * strength->estimate / (1 - strength->estimate), f2, 1e-12);
  EXPECT_NEAR(strength->limit * strength->limit / (1 - strength->limit), f2 / 9, 1e-12);
  EXPECT_EQ(robustness_value(t, y, {0.3, 0.1, {-0.1, 0.5}})->limit, 0);
  EXPECT_FALSE(robustness_value({t.data(), 5}, std::vector<double>(5, 0.5), effect));
}

// For a mean it is the jackknife that leaves each user out in turn.
TEST(EstimateClusters, TheErrorIsTheJackknifesOfUsers) {
  const std::vector<std::uint32_t> users = {4, 4, 4, 7, 7, 1, 1, 1, 1, 9};
  const std::vector<double> values = {1, 0, 2, 5, 1, 0, 1, 1, 3, 2};
  const Clusters clusters(users);
  EXPECT_EQ(clusters.users(), 4u);
  EXPECT_NEAR(clusters.effective, 100.0 / (9 + 4 + 16 + 1), 1e-12);
  const double mean = 1.6;
  std::vector<double> influence;
  for (const double value : values) influence.push_back(value - mean);
  double sum = 0;
  for (std::size_t g = 0; g < 4; ++g) {
    double rest = 0, n = 0;
    for (std::size_t r = 0; r < values.size(); ++r) {
      if (r >= clusters.begin[g] && r < clusters.begin[g + 1]) continue;
      rest += values[r];
      ++n;
    }
    sum += (rest / n - mean) * (rest / n - mean);
  }
  EXPECT_NEAR(clusters.standard_error(influence), std::sqrt(3.0 / 4 * sum), 1e-12);
}

// Of scores whose weights are no estimate: the derivative by the row's weight, times the number of rows.
TEST(EstimateScores, TheInfluenceIsADerivative) {
  const Made data = made(90);
  for (const Score& score : {treated_score(data.rows, data.nuisances), all_score(data.rows, data.nuisances)}) {
    const std::optional<Weighted> plain = weighted_ratio(score);
    ASSERT_TRUE(plain);
    double sum = 0;
    for (std::size_t r = 0; r < 90; ++r) {
      std::vector<double> weight(90, 1.0);
      constexpr double kStep = 1e-6;
      weight[r] += kStep;
      EXPECT_NEAR((weighted_ratio(score, weight)->value - plain->value) / kStep * 90, plain->influence[r], 1e-4) << r;
      sum += plain->influence[r];
    }
    EXPECT_NEAR(sum, 0, 1e-9);
  }
}

// Of the overlap weights: by the propensity too, the weights being e (1 - e) and T, Y such that only they move.
TEST(EstimateScores, TheOverlapWeightsCountAsAnEstimate) {
  Made data = made(60);
  const Score score = overlap_score(data.rows, data.nuisances);
  const double tau = weighted_ratio(score)->value;
  for (std::size_t r = 0; r < 60; ++r) {
    const double e = data.nuisances.propensity[r];
    EXPECT_NEAR(score.denominator[r], e * (1 - e), 1e-15);
    const double contrast = data.nuisances.risk[1][r] - data.nuisances.risk[0][r];
    EXPECT_NEAR(score.slope[r] * (score.contrast[r] - tau), (contrast - tau) * (1 - 2 * e) * (data.rows.treatment[r] - e), 1e-15);
  }
  // Where each row's surprise is nothing, it is the weighted mean of the contrasts; the two risks differ by it.
  for (std::size_t r = 0; r < 60; ++r) {
    data.nuisances.risk[data.rows.treatment[r]][r] = data.rows.outcome[r];
  }
  double above = 0, below = 0;
  for (std::size_t r = 0; r < 60; ++r) {
    const double e = data.nuisances.propensity[r];
    above += e * (1 - e) * (data.nuisances.risk[1][r] - data.nuisances.risk[0][r]);
    below += e * (1 - e);
  }
  const double plain = weighted_ratio(overlap_score(data.rows, data.nuisances))->value;
  EXPECT_NEAR(plain, above / below, 1e-12);
  EXPECT_NEAR(weighted_ratio(risk_score(data.rows, data.nuisances, 1))->value -
                  weighted_ratio(risk_score(data.rows, data.nuisances, 0))->value,
              plain, 1e-12);
}

TEST(EstimateFeatures, AmountsAreLogsAndWhatDoesNotVaryIsLeftOut) {
  const std::vector<std::string> names = {"span_minutes", "hour_sin", "weekday_sin", "popularity"};
  const std::vector<double> values = {0, 0, 1, 2, 7, -1, 1, 2, 63, 1, 1, 2, 1, 0.5, 1, 3};
  const std::vector<std::uint32_t> rows = {0, 1, 2, 3};
  const Features features = make_features(names, values, rows);
  std::vector<std::string> made;
  for (const Features::Column& column : features.columns) made.push_back(column.name);
  EXPECT_EQ(made, (std::vector<std::string>{"log span_minutes", "hour_sin", "log popularity"}));
  for (std::size_t j = 0; j < features.size(); ++j) {
    double sum = 0, squares = 0;
    for (std::size_t r = 0; r < 4; ++r) {
      sum += features.row(r)[j];
      squares += features.row(r)[j] * features.row(r)[j];
    }
    EXPECT_NEAR(sum, 0, 1e-12);
    EXPECT_NEAR(squares, 4, 1e-12);
  }
  // Logs of 1, 8, 64 and 2 are 0, 3, 6 and 1 times that of 2.
  const double mean = 2.5;
  const auto log = [&](std::size_t r) { return features.row(r)[0]; };
  EXPECT_NEAR((log(2) - log(0)) / (log(1) - log(3)), 3, 1e-12);
  EXPECT_NEAR(log(0) / log(1), (0 - mean) / (3 - mean), 1e-12);
  // As it is.
  EXPECT_NEAR((features.row(2)[1] - features.row(3)[1]) / (features.row(0)[1] - features.row(1)[1]), 0.5, 1e-12);
  EXPECT_EQ(features.without("clock").size(), 2u);
  EXPECT_EQ(features.without("session").size(), 2u);
  EXPECT_EQ(make_features(names, {}, {}).size(), 0u);
}

TEST(EffectEstimate, ImbalanceIsBeyondTheLimitAndBeyondChance) {
  EXPECT_TRUE((FeatureBalance{"a", 0.5, -0.2, 0.05}.imbalanced()));
  EXPECT_FALSE((FeatureBalance{"a", 0.5, -0.2, 0.1}.imbalanced()));
  EXPECT_FALSE((FeatureBalance{"a", 0.5, 0.09, 0.001}.imbalanced()));
  // The audit's largest difference after weighting is 0.14 here, of an arm that is worth 200 rows.
  EXPECT_TRUE(estimated(simulated({{"events", "20000"}, {"seed", "1"}}), R"({"profile":"causal"})").warnings.empty());
}

TEST(EffectEstimate, TellsAnEffectThatIsThereAndNoneWhereThereIsNone) {
  const EffectEstimate strong =
      estimated(simulated({{"events", "30000"}, {"effect", "4"}, {"seed", "4"}}), R"({"profile":"causal"})");
  ASSERT_TRUE(strong.figures) << strong.refusals.front().message;
  EXPECT_GT(strong.figures->overlap.interval95[0], 0);
  EXPECT_TRUE(strong.figures->all);
  EXPECT_GT(strong.figures->e_value->limit, 1);
  EXPECT_GT(strong.figures->robustness->limit, 0);
  EXPECT_NEAR(strong.figures->risk[1] - strong.figures->risk[0], strong.figures->overlap.effect, 1e-9);
  EXPECT_EQ(strong.rows, strong.naive.arms.rows[0] + strong.naive.arms.rows[1]);
  const EffectEstimate none =
      estimated(simulated({{"events", "30000"}, {"effect", "0"}, {"seed", "4"}}), R"({"profile":"causal"})");
  ASSERT_TRUE(none.figures);
  EXPECT_LE(none.figures->overlap.interval95[0], 0);
  EXPECT_GE(none.figures->overlap.interval95[1], 0);
  EXPECT_EQ(none.figures->e_value->limit, 1);
  // What is recorded of the session explains a part of the naive difference.
  const auto session = std::find_if(none.figures->without.begin(), none.figures->without.end(),
                                    [](const auto& group) { return group.group == "session"; });
  ASSERT_NE(session, none.figures->without.end());
  EXPECT_GT(session->change, 0.001);  // exposures of the last hour tell most of it too
}

TEST(EffectEstimate, RefusesWhereItWouldMislead) {
  const std::string events = simulated({{"events", "20000"}, {"pace", "10"}, {"seed", "2"}});
  const auto refused = [&](std::string_view plan) { return codes(estimated(events, plan)); };
  using Codes = std::vector<std::string_view>;
  EXPECT_EQ(refused(R"({})"), Codes{"indexKind"});
  EXPECT_EQ(refused(R"({"profile":"causal","index":{"kind":"matched"}})"), Codes{"indexKind"});
  EXPECT_EQ(refused(R"({"profile":"causal","index":{"windowEnds":"window"}})"), Codes{"windowsOverlap"});
  EXPECT_EQ(refused(R"({"profile":"causal"})"), Codes{});
  const EffectEstimate few = estimated(simulated({{"events", "3000"}}), R"({"profile":"causal"})");
  ASSERT_FALSE(few.refusals.empty());
  EXPECT_EQ(codes(few).front(), "fewTreatedUsers");
  EXPECT_FALSE(few.figures);
  EXPECT_NE(estimate_json(few).find("\"naive\": null"), std::string::npos);
}

TEST(EffectEstimate, NamesTheWarningsOfTheAudit) {
  const std::string events = simulated({{"events", "20000"}, {"pace", "10"}, {"seed", "2"}});
  causal_sessions::Run run(plan_of(R"({"profile":"causal","outcome":{"from":"windowEnd"}})"), WithAudit::kYes);
  ASSERT_TRUE(support::feed(run.reader(), {events}).ok());
  ASSERT_TRUE(run_to_end(run).ok());
  const EffectEstimate doubtful = estimate_effect(run);
  ASSERT_FALSE(doubtful.warnings.empty());
  EXPECT_STREQ(doubtful.warnings.front().code, "armDecidedInWindow");
  EXPECT_NE(estimate_json(doubtful).find("armDecidedInWindow"), std::string::npos);
}

TEST(EffectEstimate, FewOutcomesAreNamedByArm) {
  const std::string events = simulated({{"events", "20000"}, {"seed", "2"}});
  const EffectEstimate rare = estimated(events, R"({"profile":"causal","index":{"horizonHours":0.05,"windowMinutes":2}})");
  ASSERT_FALSE(rare.refusals.empty());
  for (const EstimateRefusal& refusal : rare.refusals) EXPECT_EQ(refusal.code, "fewOutcomes");
}

// No row has a censored outcome that counts as none.
TEST(EffectEstimate, LeavesCensoredRowsOut) {
  const std::string events = simulated({{"events", "20000"}, {"seed", "3"}});
  const EffectEstimate kept = estimated(events, R"({"profile":"causal","outcome":{"censored":"keep"}})");
  const EffectEstimate dropped = estimated(events, R"({"profile":"causal"})");
  EXPECT_GT(kept.censored_left_out, 0u);
  EXPECT_EQ(kept.rows, dropped.rows);
  EXPECT_EQ(dropped.censored_left_out, 0u);
}

// Exposures whose device alone drives click and purchase; a click adds 10 points to the risk of a purchase in every row.
std::string confounded_by_device(std::uint32_t seed) {
  Xoshiro256 random(StreamKey{seed});
  std::string text = "user_id,event_timestamp,event_type,product_id,device\n";
  for (int user = 0; user < 700; ++user) {
    for (int visit = 0; visit < 3; ++visit) {
      const std::string head = "u" + std::to_string(user) + ",";
      const double device = random.uniform();
      const bool phone = device < 0.5;
      const std::int64_t t0 = 1'757'000'000 + 200'000 * visit + static_cast<std::int64_t>(random.uniform() * 80'000);
      const auto add = [&](std::int64_t after, const char* type, const char* value) {
        text += head + std::to_string(t0 + after) + "," + type + ",i," + value + "\n";
      };
      add(0, "impression", device < 0.1 ? "" : phone ? "phone" : device < 0.95 ? "desk" : "tv");
      const bool click = random.uniform() < (phone ? 0.5 : 0.15);
      if (click) add(30, "click", "later");
      if (random.uniform() < (phone ? 0.5 : 0.1) + (click ? 0.1 : 0)) add(3600, "purchase", "later");
    }
  }
  return text + "end," + std::to_string(1'757'000'000 + 600'000) + ",impression,i,\n";
}

TEST(EstimateColumns, AColumnThatConfoundsIsAdjustedFor) {
  constexpr double kTruth = 0.1;
  int with = 0, without = 0, naive = 0;
  const auto holds = [](const std::array<double, 2>& interval) { return interval[0] <= kTruth && kTruth <= interval[1]; };
  for (std::uint32_t seed = 1; seed <= 5; ++seed) {
    const std::string events = confounded_by_device(seed);
    const EffectEstimate adjusted = estimated(events, R"({"profile": "causal", "covariates": {"columns": ["device"]}})");
    ASSERT_TRUE(adjusted.figures) << (adjusted.refusals.empty() ? "" : adjusted.refusals[0].message);
    const EffectEstimate plain = estimated(events, R"({"profile": "causal"})");
    ASSERT_TRUE(plain.figures);
    with += holds(adjusted.figures->overlap.interval95);
    without += holds(plain.figures->overlap.interval95);
    naive += adjusted.naive.interval95 && holds(*adjusted.naive.interval95);
    const auto& groups = adjusted.figures->without;
    const auto columns = std::find_if(groups.begin(), groups.end(), [](const auto& one) { return one.group == "columns"; });
    ASSERT_NE(columns, groups.end());
    EXPECT_GT(columns->change, 0.05) << "without the columns the estimate would be higher";
    const auto balanced = [](const FeatureBalance& row) {
      return row.feature == "column_device=phone" || row.feature == "column_device=desk";
    };
    EXPECT_TRUE(std::any_of(adjusted.figures->balance.begin(), adjusted.figures->balance.end(), balanced));
  }
  EXPECT_GE(with, 4);
  EXPECT_EQ(without, 0);
  EXPECT_EQ(naive, 0);
}

// Exposures that a click follows 30 seconds later with a probability that stands beside them; `share`: of what it says.
std::string assigned(std::uint32_t seed, double share, std::int64_t purchase_after = 3600) {
  Xoshiro256 random(StreamKey{seed});
  std::string text = "user_id,event_timestamp,event_type,product_id,p\n";
  for (int user = 0; user < 700; ++user) {
    for (int visit = 0; visit < 3; ++visit) {
      const bool often = random.uniform() < 0.5;
      const std::int64_t t0 = 1'757'000'000 + 200'000 * visit + static_cast<std::int64_t>(random.uniform() * 80'000);
      const auto add = [&](std::int64_t after, const char* type, const char* value) {
        text += "u" + std::to_string(user) + "," + std::to_string(t0 + after) + "," + type + ",i," + value + "\n";
      };
      add(0, "impression", often ? "0.6" : "0.2");
      const bool click = random.uniform() < share * (often ? 0.6 : 0.2);
      if (click) add(30, "click", "none");
      if (random.uniform() < (often ? 0.5 : 0.1) + (click ? 0.1 : 0)) add(purchase_after, "purchase", "");
    }
  }
  return text + "end," + std::to_string(1'757'000'000 + 600'000) + ",impression,i,0.5\n";
}

TEST(EstimateAssigned, AKnownPropensityTakesThePlaceOfAFittedOne) {
  constexpr const char* kPlan = R"({"profile": "causal", "treatment": {"propensity": "p"}})";
  int holds = 0;
  for (std::uint32_t seed = 1; seed <= 12; ++seed) {
    const EffectEstimate estimate = estimated(assigned(seed, 1), kPlan);
    ASSERT_TRUE(estimate.figures) << (estimate.refusals.empty() ? "" : estimate.refusals[0].message);
    ASSERT_TRUE(estimate.sample_ratio);
    for (const double e : estimate.figures->propensity) ASSERT_TRUE(e == 0.2 || e == 0.6 || e == 0.5);
    const std::array<double, 2>& interval = estimate.figures->overlap.interval95;
    holds += interval[0] <= 0.1 && 0.1 <= interval[1];
    EXPECT_NE(estimate.estimand.find("The probability of treatment is known, by the column “p”."), std::string::npos);
  }
  EXPECT_GE(holds, 10);
  EXPECT_EQ(codes(estimated(assigned(1, 0.5), kPlan)), std::vector<std::string_view>{"sampleRatioMismatch"});
}

// Treated rows whose outcome came first are left out, untreated ones with the same outcome stay; or rows with an outcome in the window.
TEST(EstimateAssigned, RowsThatAreSelectedBehindTheirAssignmentAreRefused) {
  for (const auto& [rule, key] : {std::pair(R"("index": {"gracePeriod": "exclude"})", "index.gracePeriod"),
                                  std::pair(R"("outcome": {"from": "windowEnd"})", "outcome.from")}) {
    const EffectEstimate estimate =
        estimated(assigned(1, 1, 10), std::string(R"({"profile": "causal", "treatment": {"propensity": "p"}, )") + rule + "}");
    const auto found = std::find_if(estimate.refusals.begin(), estimate.refusals.end(),
                                    [](const EstimateRefusal& one) { return one.code == "selectedTreated"; });
    ASSERT_NE(found, estimate.refusals.end()) << rule;
    EXPECT_STREQ(found->key, key);
  }
}

// The outcome comes before the event of the treatment, which had been assigned before both: rows count as assigned.
TEST(EstimateAssigned, RowsStayAsTheyWereAssigned) {
  int holds = 0;
  for (std::uint32_t seed = 1; seed <= 12; ++seed) {
    const EffectEstimate estimate =
        estimated(assigned(seed, 1, 10), R"({"profile": "causal", "treatment": {"propensity": "p"}})");
    ASSERT_TRUE(estimate.figures) << (estimate.refusals.empty() ? "" : estimate.refusals[0].message);
    for (const auto& warning : estimate.warnings) {
      EXPECT_NE(std::string_view(warning.code), "armDecidedInWindow");
      EXPECT_NE(std::string_view(warning.code), "outcomeBeforeTreatment");
    }
    const std::array<double, 2>& interval = estimate.figures->overlap.interval95;
    holds += interval[0] <= 0.1 && 0.1 <= interval[1];
  }
  EXPECT_GE(holds, 10);
}

TEST(EstimateAssigned, TheOverlapIsThatOfTheKnownPropensity) {
  causal_sessions::Run run(
      plan_of(R"({"profile": "causal", "treatment": {"propensity": "p"}, "covariates": {"columns": ["p"]}})"), WithAudit::kYes);
  ASSERT_TRUE(support::feed(run.reader(), {assigned(1, 1)}).ok());
  ASSERT_TRUE(run_to_end(run).ok());
  ASSERT_TRUE(run.audit->overlap);
  EXPECT_EQ(run.audit->overlap->fitted_rows, 0u);
  for (const auto& arm : run.audit->overlap->arms) {
    EXPECT_EQ(arm.histogram[4] + arm.histogram[10] + arm.histogram[12], arm.rows);
    EXPECT_GT(arm.histogram[4], 20u);
  }
}

TEST(EstimateAssigned, AProbabilityThatIsNoneIsRefused) {
  const auto refused = [](const std::string& value) {
    causal_sessions::Run run(plan_of(R"({"profile": "causal", "treatment": {"propensity": "p"}, "session": {"minEvents": 1},
      "outcome": {"censored": "keep"}})"));
    const Status read =
        support::feed(run.reader(), {"user_id,event_timestamp,event_type,product_id,p\na,1757000000,impression,i," + value +
                                     "\nb,1757000000,impression,i,0.5\n"});
    const Status status = read.ok() ? run_to_end(run) : read;
    return status.ok() ? std::string() : status.error().where.column + ": " + status.error().message;
  };
  EXPECT_EQ(refused("0.999"), "");
  EXPECT_EQ(
      refused("1"),
      "treatment.propensity: column \"p\", user \"a\", time zero 2025-09-04T15:33:20Z: the value is \"1\"; the probability of "
      "treatment is a number above 0 and below 1 at each row's time zero, which 1 of 2 rows lack. Leave such events out, or name "
      "another column in the plan: treatment.propensity");
  EXPECT_NE(refused("").find("there is no value"), std::string::npos);
  EXPECT_NE(refused("half").find("the value is \"half\""), std::string::npos);
}

}  // namespace
}  // namespace causal_sessions
