#include "estimate/blind.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "audit/audit_json.h"
#include "estimate/estimate.h"
#include "support/run.h"
#include "support/simulated.h"
#include "text/blind_text.h"

namespace causal_sessions {
namespace {

std::string blind_stream() { return support::simulated({{"events", "20000"}, {"seed", "5"}, {"effect", "3"}}); }

// All steps, with the outcomes of the rows changed as soon as there are rows.
template <class Change>
void run_with(causal_sessions::Run& run, const std::string& events, Change change) {
  ASSERT_TRUE(support::feed(run.reader(), {events}).ok());
  bool changed = false;
  while (!done(run)) {
    ASSERT_TRUE(advance(run).ok());
    if (changed || run.trials.table.rows() == 0) continue;
    changed = true;
    change(run.trials.table.outcome);
  }
  EXPECT_TRUE(changed);
}

TEST(BlindAudit, IsTheSameWhateverTheOutcomesOfTheRowsAre) {
  const std::string events = blind_stream();
  for (const char* plan : {R"({"profile":"causal"})", R"({"profile":"causal","index":{"gracePeriod":"exclude"}})",
                           R"({"profile":"causal","index":{"kind":"landmark","minutes":2}})", R"({})"}) {
    causal_sessions::Run plain(support::plan_of(plan), WithAudit::kYes), turned(support::plan_of(plan), WithAudit::kYes),
        none(support::plan_of(plan), WithAudit::kYes);
    run_with(plain, events, [](std::vector<std::uint8_t>&) {});
    run_with(turned, events, [](std::vector<std::uint8_t>& outcomes) { std::reverse(outcomes.begin(), outcomes.end()); });
    run_with(none, events, [](std::vector<std::uint8_t>& outcomes) { std::fill(outcomes.begin(), outcomes.end(), 0); });
    EXPECT_EQ(blind_json(plain), blind_json(turned));
    EXPECT_EQ(blind_json(plain), blind_json(none));
    EXPECT_EQ(blind_text(*plain.audit, look_blind(plain), 100), blind_text(*none.audit, look_blind(none), 100));
    // While the audit and the estimate are not.
    EXPECT_NE(audit_json(plain), audit_json(turned));
    for (const char* told : {"controlOutcome", "treatedOutcome", "NoOutcome", "naiveDifference", "interval95"})
      EXPECT_EQ(blind_json(plain).find(told), std::string::npos) << told;
  }
}

// From the effective rows, where rows of a user have nothing in common.
TEST(BlindAudit, ThePowerIsThatOfItsFormula) {
  const std::string events = blind_stream();
  causal_sessions::Run run(support::plan_of(R"({"profile":"causal"})"), WithAudit::kYes);
  ASSERT_TRUE(support::feed(run.reader(), {events}).ok());
  ASSERT_TRUE(run_to_end(run).ok());
  const BlindAudit blind = look_blind(run);
  ASSERT_TRUE(blind.figures) << blind.no_figures;
  const EffectEstimate estimate = estimate_effect(run);
  ASSERT_TRUE(estimate.figures);
  EXPECT_EQ(blind.rows[0] + blind.rows[1], estimate.rows);
  EXPECT_EQ(blind.effective_users, estimate.effective_users);
  EXPECT_EQ(blind.figures->groups.effective_rows, estimate.figures->effective_rows);
  const auto [control, treated] = blind.figures->groups.effective_rows;
  const double reach = t_quantile(blind.effective_users - 1) + 0.8416212335729143;
  for (const BlindAudit::Smallest& smallest : blind.figures->smallest) {
    const double of_outcome = smallest.outcome_rate * (1 - smallest.outcome_rate);
    EXPECT_NEAR(smallest.independent, reach * std::sqrt(of_outcome * (1 / control + 1 / treated)), 1e-12);
    EXPECT_GT(smallest.alike, smallest.independent);
  }
  // The error that the outcomes have lies where the two say, but for what the models explain.
  const double rate =
      static_cast<double>(estimate.naive.arms.outcomes[0] + estimate.naive.arms.outcomes[1]) / static_cast<double>(estimate.rows);
  const BlindAudit::Smallest& half = blind.figures->smallest.back();
  const double scale = std::sqrt(rate * (1 - rate)) / 0.5 / reach;
  EXPECT_GT(estimate.figures->overlap.standard_error, 0.8 * half.independent * scale);
  EXPECT_LT(estimate.figures->overlap.standard_error, 1.1 * half.alike * scale);
}

TEST(BlindAudit, SaysWhyThereIsNoPower) {
  causal_sessions::Run notebook(support::plan_of("{}"), WithAudit::kYes);
  ASSERT_TRUE(support::feed(notebook.reader(), {blind_stream()}).ok());
  ASSERT_TRUE(run_to_end(notebook).ok());
  EXPECT_NE(look_blind(notebook).no_figures.find("index.kind"), std::string::npos);
  EXPECT_NE(blind_text(*notebook.audit, look_blind(notebook), 100).find("No power is told"), std::string::npos);
}

}  // namespace
}  // namespace causal_sessions
