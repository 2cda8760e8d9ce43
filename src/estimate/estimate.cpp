#include "estimate/estimate.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "core/wording.h"
#include "estimate/features.h"
#include "estimate/nuisances.h"
#include "estimate/weighted_effect.h"
#include "report/estimand.h"
#include "trial/rules.h"

namespace causal_sessions {
namespace {

constexpr std::uint32_t kFolds = 5;  // where the plan has none
constexpr std::int64_t kWeek = 7LL * 24 * 3'600'000'000;
constexpr std::int64_t kFirstMonday = 4LL * 24 * 3'600'000'000;  // 1970-01-05

class Refusals {
 public:
  explicit Refusals(std::vector<EstimateRefusal>& to) : to_(to) {}
  void add(std::string_view code, const char* key, std::string message) { to_.push_back({code, std::move(message), key}); }
  [[nodiscard]] bool any() const { return !to_.empty(); }

 private:
  std::vector<EstimateRefusal>& to_;
};

// What the design alone forbids.
void ask_design(const Run& run, Refusals& refusals) {
  const Rule& rule = rule_of(run.plan.trial.kind);
  if (!rule.time_zero || rule.controls) {
    refusals.add(
        "indexKind", "index.kind",
        filled("Rows of index.kind {} have {}. Set index.kind to exposure",
               {std::string(rule.name),
                rule.time_zero ? "untreated rows that are chosen at a moment which the treatment sets" : "no time zero"}));
    return;
  }
  for (const Finding& finding : run.audit->findings) {
    if (finding.severity != Severity::kError) continue;
    refusals.add(finding.code, finding.repair ? finding.repair->key : "",
                 filled("The audit rules out a causal interpretation. {} {}", {finding.message, finding.consequence}));
  }
  // The probability that is known is that of all rows, and no longer that of what such a rule leaves of one group, or of both by
  // what the treatment may have done.
  if (run.plan.trial.propensity.empty()) return;
  for (const auto& [filter, key, repair] :
       {std::tuple(Filter::kOutcomeBeforeTreatment, "index.gracePeriod", "index.gracePeriod to keep, or leave the key out"),
        std::tuple(Filter::kOutcomeInWindow, "outcome.from", "outcome.from to timeZero")}) {
    const auto step = static_cast<std::size_t>(filter);
    const std::uint64_t left_out = run.trials.attrition.after[step].rows - run.trials.attrition.after[step + 1].rows;
    if (left_out == 0) continue;
    refusals.add(
        "selectedTreated", key,
        filled("{} left out by an outcome that came after time zero, where the treatment had been assigned already, so the "
               "known probability is not that of the rows that stay. To estimate from the rows as they were assigned, set {}",
               {left_out == 1 ? "1 row was" : count_text(left_out) + " rows were", repair}));
  }
}

// What too few rows forbid.
void ask_numbers(const EffectEstimate& estimate, const Analysis& analysis, Refusals& refusals) {
  if (estimate.users_treated < kLeastTreatedUsers) {
    refusals.add(
        "fewTreatedUsers", "",
        filled("{} with a treated row; an estimate needs {}",
               {estimate.users_treated == 1 ? "There is 1 user" : "There are " + count_text(estimate.users_treated) + " users",
                count_text(kLeastTreatedUsers)}));
  }
  for (const int arm : {1, 0}) {
    const std::uint64_t rows = estimate.naive.arms.outcomes[static_cast<std::size_t>(arm)];
    const std::uint64_t different = analysis.different_outcomes[static_cast<std::size_t>(arm)];
    if (rows >= kLeastOutcomes && different >= kLeastOutcomes) continue;
    refusals.add("fewOutcomes", "",
                 filled("Of the {} rows, {} the outcome, from {}; an estimate needs {} of each",
                        {arm == 1 ? "treated" : estimate.control.text(), count_text(rows) + (rows == 1 ? " has" : " have"),
                         filled("{} {}", {count_text(different), different == 1 ? analysis.one_different : analysis.different}),
                         count_text(kLeastOutcomes)}));
  }
  if (estimate.effective_users < kLeastEffectiveUsers) {
    refusals.add("fewEffectiveUsers", "",
                 filled("The rows are worth {} users, as few users have most of them; an estimate needs {}",
                        {decimal_text(estimate.effective_users), decimal_text(kLeastEffectiveUsers)}));
  }
}

// Whether as many rows are treated as what assigned the treatment would have made of them: Fabijan et al. 2019.
void ask_assignment(const TreatedRows& rows, const Clusters& clusters, EffectEstimate& estimate, Refusals& refusals) {
  EffectEstimate::SampleRatio ratio;
  std::vector<double> off(rows.size());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    ratio.expected += rows.propensity[r] / static_cast<double>(rows.size());
    ratio.observed += rows.treatment[r] / static_cast<double>(rows.size());
    off[r] = rows.treatment[r] - rows.propensity[r];
  }
  const double error = clusters.standard_error(off);
  if (error > 0) ratio.p_value = two_sided_p((ratio.observed - ratio.expected) / error);
  estimate.sample_ratio = ratio;
  if (ratio.p_value >= kLeastSampleRatioP) return;
  refusals.add(
      "sampleRatioMismatch", "",
      filled("{} of the rows were treated, where the known probabilities expect {}; that is no chance (p below {}), so they "
             "are not what assigned the treatment, or rows are missing from one group",
             {share_text(ratio.observed), share_text(ratio.expected), decimal_text(kLeastSampleRatioP)}));
}

// Each user's rows count as one together.
std::vector<double> weights_by_user(const Clusters& clusters) {
  std::vector<double> weights;
  for (std::size_t g = 0; g < clusters.users(); ++g) {
    const std::uint32_t rows = clusters.begin[g + 1] - clusters.begin[g];
    weights.insert(weights.end(), rows, 1.0 / rows);
  }
  return weights;
}

// The rows of one calendar week, of those whose interval would mean something.
std::vector<EffectEstimate::Week> by_week(const Analysis& analysis, const Score& score) {
  std::vector<std::int64_t> week_of(analysis.time_us.size());
  for (std::size_t r = 0; r < week_of.size(); ++r) {
    const std::int64_t time = analysis.time_us[r] - kFirstMonday;
    week_of[r] = time / kWeek - (time % kWeek < 0);
  }
  std::vector<std::int64_t> weeks = week_of;
  std::sort(weeks.begin(), weeks.end());
  weeks.erase(std::unique(weeks.begin(), weeks.end()), weeks.end());
  std::vector<EffectEstimate::Week> out;
  if (weeks.size() < 2) return out;
  constexpr std::size_t kMostWeeks = 60;
  if (weeks.size() > kMostWeeks) weeks.erase(weeks.begin(), weeks.end() - kMostWeeks);
  for (const std::int64_t week : weeks) {
    Score part;
    std::vector<std::uint32_t> users;
    Arms arms;
    for (std::size_t r = 0; r < week_of.size(); ++r) {
      if (week_of[r] != week) continue;
      part.numerator.push_back(score.numerator[r]);
      part.denominator.push_back(score.denominator[r]);
      if (!score.slope.empty()) part.slope.push_back(score.slope[r]);
      if (!score.slope.empty()) part.contrast.push_back(score.contrast[r]);
      users.push_back(analysis.rows.user[r]);
      arms.add(analysis.rows.treatment[r] != 0, analysis.rows.outcome[r] != 0);
    }
    const Clusters clusters(users);
    if (arms.outcomes[0] < kLeastOutcomes || arms.outcomes[1] < kLeastOutcomes || clusters.effective < kLeastEffectiveUsers)
      continue;
    if (const auto weighted = weighted_ratio(part)) {
      out.push_back({week * kWeek + kFirstMonday, users.size(), effect_of(*weighted, clusters)});
    }
  }
  return out;
}

std::optional<Strength> robustness_of(const TreatedRows& rows, const Nuisances& nuisances, const Effect& effect) {
  std::vector<double> treatment(rows.size()), outcome(rows.size());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const double e = nuisances.propensity[r];
    treatment[r] = rows.treatment[r] - e;
    outcome[r] = rows.outcome[r] - e * nuisances.risk[1][r] - (1 - e) * nuisances.risk[0][r];
  }
  return robustness_value(treatment, outcome, effect);
}

std::optional<double> effect_with(const Features& features, const TreatedRows& rows) {
  const std::optional<Nuisances> nuisances = fit_all(features, rows);
  const auto weighted = nuisances ? weighted_ratio(overlap_score(rows, *nuisances)) : std::nullopt;
  return weighted ? std::optional(weighted->value) : std::nullopt;
}

// Every so many rows where there are many: a yardstick needs no more, and the models are fitted once for each group.
void thin_out(Features& features, TreatedRows& rows) {
  constexpr std::size_t kMostRows = 20'000;
  const std::size_t stride = (rows.size() + kMostRows - 1) / kMostRows;
  if (stride < 2) return;
  TreatedRows few;
  std::vector<double> values;
  for (std::size_t r = 0; r < rows.size(); r += stride) {
    few.treatment.push_back(rows.treatment[r]);
    few.outcome.push_back(rows.outcome[r]);
    if (!rows.propensity.empty()) few.propensity.push_back(rows.propensity[r]);
    values.insert(values.end(), features.row(r), features.row(r) + features.size());
  }
  features.values = std::move(values);
  rows = std::move(few);
}

std::vector<EffectEstimate::WithoutGroup> without_groups(Features features, TreatedRows rows, const Workers& workers) {
  std::vector<std::string> groups;
  for (const Features::Column& column : features.columns) {
    if (std::find(groups.begin(), groups.end(), column.group) == groups.end()) groups.push_back(column.group);
  }
  std::vector<EffectEstimate::WithoutGroup> out;
  if (groups.size() > kMostGroups) return out;
  thin_out(features, rows);
  std::vector<std::optional<double>> effects(groups.size() + 1);  // of all features, then without each group
  workers.each(effects.size(), [&](std::size_t i) {
    effects[i] = i == 0 ? effect_with(features, rows) : effect_with(features.without(groups[i - 1]), rows);
  });
  for (std::size_t i = 1; i < effects.size(); ++i) {
    if (effects[i] && effects[0]) out.push_back({groups[i - 1], *effects[i] - *effects[0]});
  }
  return out;
}

// As they are, with an error that knows of users.
Effect naive_difference(const TreatedRows& rows, const Clusters& clusters) {
  ByArm<double> count{}, sum{};
  for (std::size_t r = 0; r < rows.size(); ++r) {
    count[rows.treatment[r]] += 1;
    sum[rows.treatment[r]] += rows.value[r];
  }
  std::vector<double> influence(rows.size());
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const std::uint8_t arm = rows.treatment[r];
    const double off = (rows.value[r] - sum[arm] / count[arm]) * static_cast<double>(rows.size()) / count[arm];
    influence[r] = arm != 0 ? off : -off;
  }
  return clusters.with_interval(sum[1] / count[1] - sum[0] / count[0], clusters.standard_error(influence));
}

// The main figure's recipe, with the values in place of the outcomes.
EffectEstimate::Value value_of(const Analysis& analysis, const Features& features, const std::vector<double>& propensity,
                               const Clusters& clusters) {
  const TreatedRows& rows = analysis.rows;
  const Nuisances nuisances = cross_fit_values(features, rows, *analysis.workers, propensity);
  const auto weighted = [&](const Score& score) { return *weighted_ratio(score); };
  EffectEstimate::Value value = analysis.value;
  value.overlap = effect_of(weighted(overlap_score(rows, nuisances, Measured::kValue)), clusters);
  for (const int arm : {0, 1})
    value.mean[static_cast<std::size_t>(arm)] = weighted(risk_score(rows, nuisances, arm, Measured::kValue)).value;
  value.naive = naive_difference(rows, clusters);
  return value;
}

std::optional<EffectEstimate::Figures> figures_of(const Analysis& analysis, const Clusters& clusters, Refusals& refusals) {
  const TreatedRows& rows = analysis.rows;
  const Features features = analysis.features();
  const std::optional<Nuisances> nuisances = cross_fit(features, rows, *analysis.workers);
  if (!nuisances) {
    refusals.add("emptyFold", "split.folds",
                 filled("Of {} folds of users, one has all outcomes of a group, so no model of its outcome rate can be fitted on "
                        "the others; set split.folds "
                        "to another number, or bring more data",
                        {count_text(rows.folds)}));
    return std::nullopt;
  }
  if (!nuisances->converged) {
    refusals.add(
        "notConverged", "",
        "The search for a model of the treatment or of the outcome rate did not come to its end, so nothing can be adjusted "
        "by it; leave out covariates that take extreme values");
    return std::nullopt;
  }
  EffectEstimate::Figures figures;
  WeightedGroups groups = weigh_groups(features, rows, nuisances->propensity, clusters);
  figures.balance = std::move(groups.features);
  figures.clipped_share = groups.clipped_share;
  figures.effective_rows = groups.effective_rows;
  // A fitted propensity balances nearly all of it; a known one leaves what chance made, in each of many features.
  const double allowed = kLeastSampleRatioP / static_cast<double>(std::max<std::size_t>(features.size(), 1));
  const auto imbalanced = [&](const FeatureBalance& row) {
    return row.imbalanced() && (rows.propensity.empty() || two_sided_p(row.weighted_smd / row.weighted_error) < allowed);
  };
  const auto worst = std::max_element(figures.balance.begin(), figures.balance.end(), [&](const auto& one, const auto& other) {
    const auto size = [&](const auto& row) { return imbalanced(row) ? std::abs(row.weighted_smd) : 0; };
    return size(one) < size(other);
  });
  if (worst != figures.balance.end() && imbalanced(*worst)) {
    refusals.add("imbalance", "",
                 filled("After weighting, the groups still differ by {} standard deviations in {}, which is more than chance; an "
                        "estimate needs at "
                        "most {}",
                        {decimal_text(std::abs(worst->weighted_smd)), worst->feature, decimal_text(kMostImbalance)}));
    return std::nullopt;
  }
  const Score overlap = overlap_score(rows, *nuisances);
  const auto main = weighted_ratio(overlap), by_user = weighted_ratio(overlap, weights_by_user(clusters));
  const auto treated = weighted_ratio(treated_score(rows, *nuisances)), all = weighted_ratio(all_score(rows, *nuisances));
  const auto risk1 = weighted_ratio(risk_score(rows, *nuisances, 1)), risk0 = weighted_ratio(risk_score(rows, *nuisances, 0));
  if (!main || !by_user || !treated || !all || !risk1 || !risk0) {
    refusals.add(
        "noOverlap", "",
        "The models tell the groups apart in every row, so no row could have gone either way and nothing can be compared");
    return std::nullopt;
  }
  figures.overlap = effect_of(*main, clusters);
  figures.by_user = effect_of(*by_user, clusters);
  figures.treated = effect_of(*treated, clusters);
  if (figures.clipped_share < kMostClipped) figures.all = effect_of(*all, clusters);
  figures.risk = {risk0->value, risk1->value};
  figures.ratio = ratio_of(*risk1, *risk0, clusters);
  if (figures.ratio) {
    figures.e_value = e_value(figures.ratio->effect, figures.ratio->interval95[0], figures.ratio->interval95[1]);
  }
  if (!rows.value.empty()) figures.value = value_of(analysis, features, nuisances->propensity, clusters);
  figures.robustness = robustness_of(rows, *nuisances, figures.overlap);
  figures.weeks = by_week(analysis, overlap);
  figures.without = without_groups(features, rows, *analysis.workers);
  figures.propensity = nuisances->propensity;
  return figures;
}

}  // namespace

Analysis analyzed(const Run& run) {
  const SequenceTable& table = run.table;
  Analysis analysis;
  analysis.workers = &run.workers;
  analysis.rows.folds = table.with_folds ? run.plan.split.folds : kFolds;
  for (std::uint32_t row = 0; row < table.rows(); ++row) {
    if (table.censored[row] != 0) continue;
    TreatedRows& rows = analysis.rows;
    const bool same = !rows.user.empty() && rows.user.back() == table.user[row];
    rows.fold.push_back(table.with_folds ? table.fold[row]
                        : same           ? rows.fold.back()
                                         : fold_by_hash(table.users[table.user[row]], run.plan.split.seed, kFolds));
    rows.user.push_back(table.user[row]);
    rows.treatment.push_back(table.treatment[row]);
    rows.outcome.push_back(table.outcome[row]);
    if (!table.propensity.empty()) rows.propensity.push_back(table.propensity[row]);
    if (table.with_outcome_value) rows.value.push_back(table.outcome_value[row]);
    analysis.time_us.push_back(table.time_zero_us[row]);
    analysis.kept.push_back(row);
  }
  if (run.audit->split.outcome_events) analysis.different_outcomes = run.audit->split.outcome_events->by_arm;
  analysis.value = {run.plan.trial.outcome_value, run.plan.trial.value_cap, table.values_capped, {}, {}, {}};
  analysis.one_different = "outcome event";
  analysis.different = "different outcome events";
  return analysis;
}

EffectEstimate estimate_effect(const Run& run) {
  EffectEstimate estimate;
  estimate.estimand = estimand_sentence(run.plan.trial);
  estimate.control = ControlName(run.plan.trial);
  run.note_estimate();
  estimate.other_plans = run.other_plans().size();
  Refusals refusals(estimate.refusals);
  for (const Finding& finding : run.audit->findings) {
    if (finding.severity == Severity::kWarning) estimate.warnings.push_back({finding.code, finding.title});
  }
  ask_design(run, refusals);
  if (!run.table.has_time_zero()) return estimate;
  Analysis analysis = analyzed(run);
  analysis.features = [&] { return make_features(run.table.covariate_names, run.table.covariates, analysis.kept, run.workers); };
  estimate.censored_left_out = run.table.rows() - analysis.rows.size();
  estimate_rows(analysis, estimate);
  if (estimate.figures) {
    estimate.figures->negative_controls =
        look_at_controls(run, analysis.kept, analysis.rows, estimate.figures->propensity, estimate.figures->ratio);
  }
  return estimate;
}

void estimate_rows(const Analysis& analysis, EffectEstimate& estimate) {
  Refusals refusals(estimate.refusals);
  const Clusters clusters(analysis.rows.user);
  estimate.rows = analysis.rows.size();
  estimate.users = clusters.users();
  estimate.users_treated = users_treated(analysis.rows);
  estimate.effective_users = clusters.effective;
  estimate.folds = analysis.rows.folds;
  ClusteredArms naive;
  for (std::size_t r = 0; r < analysis.rows.size(); ++r) {
    naive.add(analysis.rows.user[r], analysis.rows.treatment[r] != 0, analysis.rows.outcome[r] != 0);
  }
  estimate.naive = {naive.arms(), naive.interval()};
  if (!analysis.rows.propensity.empty()) ask_assignment(analysis.rows, clusters, estimate, refusals);
  if (!refusals.any()) ask_numbers(estimate, analysis, refusals);
  if (!refusals.any()) estimate.figures = figures_of(analysis, clusters, refusals);
}

}  // namespace causal_sessions
