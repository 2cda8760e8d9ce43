#include "estimate/negative_control.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/portable_math.h"
#include "core/wording.h"
#include "estimate/features.h"
#include "estimate/weighted_effect.h"
#include "run/run.h"
#include "trial/control_name.h"

namespace causal_sessions {
namespace {

// Rows of their own that a control is asked of, with what it is adjusted for.
struct Asked {
  TreatedRows rows;
  Features features;
};

std::string rows_text(std::uint64_t rows) { return count_text(rows) + (rows == 1 ? " row" : " rows"); }
std::string users_text(std::uint64_t users) { return count_text(users) + (users == 1 ? " user" : " users"); }

// The rules by which the estimate itself is refused, here with users for different outcome events. Empty: there is enough.
std::string too_little(const TreatedRows& rows, const Arms& arms, const Clusters& clusters, const ControlName& name) {
  const std::uint64_t treated = users_treated(rows);
  if (treated < kLeastTreatedUsers) {
    return filled("It can be asked of the treated rows of {}; {} are needed.",
                  {users_text(treated), count_text(kLeastTreatedUsers)});
  }
  for (const std::size_t arm : {std::size_t{1}, std::size_t{0}}) {
    const std::uint64_t users = users_with(rows, [&](std::size_t r) { return rows.treatment[r] == arm && rows.outcome[r] != 0; });
    if (arms.outcomes[arm] >= kLeastOutcomes && users >= kLeastOutcomes) continue;
    return filled(
        "Of the {} rows, {} of {} have it; {} of each are needed.",
        {arm == 1 ? "treated" : name.text(), rows_text(arms.outcomes[arm]), users_text(users), count_text(kLeastOutcomes)});
  }
  if (clusters.effective < kLeastEffectiveUsers) {
    return filled("The rows that it can be asked of are worth {} users; {} are needed.",
                  {decimal_text(clusters.effective), decimal_text(kLeastEffectiveUsers)});
  }
  return {};
}

// `propensity`: of these rows, where it has been fitted.
void estimate_control(const Features& features, const TreatedRows& rows, const Run& run, NegativeControl& control,
                      const std::vector<double>& propensity = {}) {
  const Clusters clusters(rows.user);
  for (std::size_t r = 0; r < rows.size(); ++r) control.arms.add(rows.treatment[r] != 0, rows.outcome[r] != 0);
  control.too_little = too_little(rows, control.arms, clusters, ControlName(run.plan.trial));
  if (!control.too_little.empty()) return;
  const std::optional<Nuisances> nuisances = cross_fit(features, rows, run.workers, propensity);
  if (!nuisances) {
    control.too_little = filled("Of {} folds of users, one has all of it in a group, so no model can be fitted on the others.",
                                {count_text(rows.folds)});
    return;
  }
  const auto weighted = weighted_ratio(overlap_score(rows, *nuisances));
  const auto risk1 = weighted_ratio(risk_score(rows, *nuisances, 1)), risk0 = weighted_ratio(risk_score(rows, *nuisances, 0));
  if (!weighted || !risk1 || !risk0) {
    control.too_little = "The models tell the groups apart in every row that it can be asked of.";
    return;
  }
  control.effect = effect_of(*weighted, clusters);
  control.ratio = ratio_of(*risk1, *risk0, clusters);
}

// A covariate of a row, whether it has a column or is the same in all rows.
class Covariate {
 public:
  Covariate(const SequenceTable& table, std::string_view name) : table_(table) {
    const std::vector<std::string>& names = table.covariate_names;
    column_ = static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
    for (const auto& [constant, value] : table.constant_covariates) {
      if (constant == name) constant_ = value;
    }
  }

  [[nodiscard]] double of(std::uint32_t row) const {
    const std::size_t columns = table_.covariate_names.size();
    return column_ == columns ? constant_ : table_.covariates[row * columns + column_];
  }

 private:
  const SequenceTable& table_;
  std::size_t column_;
  double constant_ = 0;
};

// The rows whose user was exposed before the session, with an outcome by then as theirs.
Asked earlier_outcomes(const Run& run, std::span<const std::uint32_t> kept, const TreatedRows& rows) {
  const SequenceTable& table = run.table;
  Asked asked;
  asked.rows.folds = rows.folds;
  std::vector<std::size_t> columns;
  std::vector<std::string> names;
  for (std::size_t j = 0; j < table.covariate_names.size(); ++j) {
    if (covariate_traits(table.covariate_names[j]).of_outcome) continue;
    columns.push_back(j);
    names.push_back(table.covariate_names[j]);
  }
  const Covariate exposures(table, kEarlierExposures), outcomes(table, kEarlierOutcomes);
  std::vector<double> values;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (!(exposures.of(kept[r]) > 0)) continue;
    asked.rows.treatment.push_back(rows.treatment[r]);
    asked.rows.outcome.push_back(outcomes.of(kept[r]) > 0);
    asked.rows.user.push_back(rows.user[r]);
    asked.rows.fold.push_back(rows.fold[r]);
    if (!rows.propensity.empty()) asked.rows.propensity.push_back(rows.propensity[r]);
    const double* const of_row = table.covariates.data() + kept[r] * table.covariate_names.size();
    for (const std::size_t j : columns) values.push_back(of_row[j]);
  }
  std::vector<std::uint32_t> all(asked.rows.size());
  std::iota(all.begin(), all.end(), 0u);
  asked.features = make_features(names, values, all, run.workers);
  return asked;
}

std::string names_of_excluding(const std::vector<NegativeControl>& controls) {
  constexpr std::size_t kMost = 5;
  std::string names;
  std::size_t more = 0;
  for (const NegativeControl& control : controls) {
    if (!control.excludes_none()) continue;
    if (more++ < kMost) names += (names.empty() ? "" : ", ") + control.name;
  }
  return more <= kMost ? names : filled("{} and {} more", {names, count_text(more - kMost)});
}

std::string meaning_of(const NegativeControls& controls) {
  const auto told =
      static_cast<std::size_t>(std::count_if(controls.controls.begin(), controls.controls.end(),
                                             [](const NegativeControl& control) { return control.effect.has_value(); }));
  const std::size_t excluding = controls.excluding();
  if (told == 0) return {};
  if (excluding == 0) {
    return filled(
        "{} no difference between the groups where the treatment cannot have caused one, which does not prove that "
        "nothing unrecorded is at work.",
        {told == 1 ? "The negative control shows" : filled("The {} negative controls show", {count_text(told)})});
  }
  return filled(
      "Of {}, {} a difference between the groups that the treatment cannot have caused ({}), so something unrecorded "
      "probably drives treatment and outcomes and moves the adjusted difference too; by chance alone 1 in 20 does.",
      {told == 1 ? "1 negative control" : count_text(told) + " negative controls",
       count_text(excluding) + (excluding == 1 ? " shows" : " show"), names_of_excluding(controls.controls)});
}

void calibrate(NegativeControls& controls, const std::optional<Effect>& ratio, const Clusters& clusters) {
  std::vector<double> logs, errors;
  for (const NegativeControl& control : controls.controls) {
    if (control.earlier || !control.ratio) continue;
    logs.push_back(portable_log(control.ratio->effect));
    errors.push_back(control.ratio->standard_error);
  }
  if (!ratio || logs.size() < kLeastControls) {
    controls.not_calibrated =
        ratio ? filled("A calibrated interval needs {} event types in estimate.negativeControls with outcomes enough; there {}.",
                       {count_text(kLeastControls), logs.size() == 1 ? "is 1" : "are " + count_text(logs.size())})
              : "A ratio of outcome rates cannot be calibrated, as one of the rates is not above 0.";
    return;
  }
  const EmpiricalNull null = fit_null(logs, errors);
  const double error = std::sqrt(ratio->standard_error * ratio->standard_error + null.deviation * null.deviation);
  const double calibrated = ratio->effect / portable_exp(null.mean);
  controls.calibration = {logs.size(), null, ratio_with_interval(calibrated, error, clusters)};
}

// Of a deviation beyond chance: the likeliest mean, and the log likelihood at both.
struct Fit {
  double mean = 0, likelihood = 0;
};

Fit fit_mean(double deviation, std::span<const double> estimates, std::span<const double> errors) {
  double sum = 0, weights = 0;
  Fit fit;
  for (std::size_t i = 0; i < estimates.size(); ++i) {
    const double weight = 1 / (deviation * deviation + errors[i] * errors[i]);
    sum += weight * estimates[i];
    weights += weight;
  }
  fit.mean = sum / weights;
  for (std::size_t i = 0; i < estimates.size(); ++i) {
    const double variance = deviation * deviation + errors[i] * errors[i], off = estimates[i] - fit.mean;
    fit.likelihood -= (portable_log(variance) + off * off / variance) / 2;
  }
  return fit;
}

}  // namespace

bool NegativeControl::excludes_none() const { return effect && (effect->interval95[0] > 0 || effect->interval95[1] < 0); }

std::size_t NegativeControls::excluding() const {
  return static_cast<std::size_t>(
      std::count_if(controls.begin(), controls.end(), [](const NegativeControl& control) { return control.excludes_none(); }));
}

EmpiricalNull fit_null(std::span<const double> estimates, std::span<const double> errors) {
  const auto [least, most] = std::minmax_element(estimates.begin(), estimates.end());
  const auto likelihood = [&](double deviation) { return fit_mean(deviation, estimates, errors).likelihood; };
  // No more than the spread of all of them. It may have several peaks, so the highest of many points is climbed.
  constexpr int kPoints = 100;
  const double step = (*most - *least) / kPoints;
  int best = 0;
  for (int i = 1; i <= kPoints; ++i) {
    if (likelihood(i * step) > likelihood(best * step)) best = i;
  }
  double low = std::max(best - 1, 0) * step, high = std::min(best + 1, kPoints) * step;
  for (int i = 0; i < 100; ++i) {
    const double left = low + (high - low) / 3, right = high - (high - low) / 3;
    (likelihood(left) < likelihood(right) ? low : high) = likelihood(left) < likelihood(right) ? left : right;
  }
  const double deviation = likelihood(0) >= likelihood((low + high) / 2) ? 0 : (low + high) / 2;
  return {fit_mean(deviation, estimates, errors).mean, deviation};
}

NegativeControls look_at_controls(const Run& run, std::span<const std::uint32_t> kept, const TreatedRows& rows,
                                  const std::vector<double>& propensity, const std::optional<Effect>& ratio) {
  const std::vector<ControlOutcomes::Control>& types = run.controls.controls;
  Features features;
  if (!types.empty()) features = make_features(run.table.covariate_names, run.table.covariates, kept, run.workers);
  NegativeControls out;
  out.controls.resize(1 + types.size());
  run.workers.each(out.controls.size(), [&](std::size_t i) {
    NegativeControl& control = out.controls[i];
    control.earlier = i == 0;
    control.name = control.earlier ? filled("{} before the session", {run.plan.trial.outcome}) : types[i - 1].type;
    if (control.earlier) {
      const Asked asked = earlier_outcomes(run, kept, rows);
      return estimate_control(asked.features, asked.rows, run, control);
    }
    TreatedRows of_type = rows;
    for (std::size_t r = 0; r < kept.size(); ++r) of_type.outcome[r] = types[i - 1].outcome[kept[r]];
    estimate_control(features, of_type, run, control, propensity);
  });
  out.meaning = meaning_of(out);
  calibrate(out, ratio, Clusters(rows.user));
  return out;
}

}  // namespace causal_sessions
