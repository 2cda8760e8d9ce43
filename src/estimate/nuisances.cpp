#include "estimate/nuisances.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "audit/logistic.h"

namespace causal_sessions {
namespace {

using Rows = std::vector<std::uint32_t>;

// The propensity's model, then those of the outcome by arm.
constexpr std::size_t kModels = 3;

// The rows that a model is fitted on: all, or those of an arm.
bool takes(std::size_t model, const TreatedRows& rows, std::size_t r) { return model == 0 || rows.treatment[r] == model - 1; }
std::span<const std::uint8_t> labels(std::size_t model, const TreatedRows& rows) {
  return model == 0 ? rows.treatment : rows.outcome;
}

// All rows but those of a fold; of no fold, all.
Rows rows_for(std::size_t model, const TreatedRows& rows, std::optional<std::uint32_t> without) {
  Rows out;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (takes(model, rows, r) && (!without || rows.fold[r] != *without)) out.push_back(static_cast<std::uint32_t>(r));
  }
  return out;
}

bool has_both(std::span<const std::uint8_t> labels, const Rows& rows) {
  const std::size_t ones = std::accumulate(rows.begin(), rows.end(), std::size_t{0},
                                           [&](std::size_t sum, std::uint32_t r) { return sum + labels[r]; });
  return ones != 0 && ones != rows.size();
}

// How far a model came: there may be nothing to fit it on, and a search may end before it has found the top.
enum class Fitted : std::uint8_t { kNot, kGivenUp, kDone };
Fitted state_of(const LogisticModel& model) { return model.converged ? Fitted::kDone : Fitted::kGivenUp; }
bool has(const std::vector<Fitted>& models, Fitted state) {
  return std::find(models.begin(), models.end(), state) != models.end();
}

// Puts each fold's predictions where they belong; without folds, those of all rows by all rows. Where there are propensities,
// these stay. `models`: so many of them.
std::optional<Nuisances> fit(const Features& features, const TreatedRows& rows, bool crossed, const Workers& workers,
                             Nuisances out = {}, std::size_t models = kModels) {
  const std::size_t first = out.propensity.empty() ? 0 : 1;
  out.propensity.resize(rows.size());
  for (auto& risk : out.risk) risk.resize(rows.size());
  const std::array<std::vector<double>*, kModels> predicted = {&out.propensity, &out.risk[0], &out.risk[1]};
  const auto predict = [&](std::size_t model, const LogisticModel& by, std::optional<std::uint32_t> fold) {
    for (std::size_t r = 0; r < rows.size(); ++r) {
      if (!fold || rows.fold[r] == *fold) (*predicted[model])[r] = by.probability(std::span(features.row(r), features.size()));
    }
  };
  std::array<LogisticModel, kModels> of_all;
  std::vector<Fitted> fitted(models - first);
  workers.each(fitted.size(), [&](std::size_t i) {
    const std::size_t model = first + i;
    const Rows all = rows_for(model, rows, std::nullopt);
    if (!has_both(labels(model, rows), all)) return;
    of_all[model] = fit_logistic_of(features.values, features.size(), labels(model, rows), all, nullptr);
    fitted[i] = state_of(of_all[model]);
    if (!crossed) predict(model, of_all[model], std::nullopt);
  });
  if (has(fitted, Fitted::kNot)) return std::nullopt;
  out.converged = !has(fitted, Fitted::kGivenUp);
  if (!crossed) return out;
  std::vector<Fitted> judged(fitted.size() * rows.folds);
  workers.each(judged.size(), [&](std::size_t i) {
    const std::size_t model = first + i / rows.folds;
    const auto fold = static_cast<std::uint32_t>(i % rows.folds);
    const Rows others = rows_for(model, rows, fold);
    if (!has_both(labels(model, rows), others)) return;
    // The model of all rows is only where the search begins: what it finds is decided by the others.
    const LogisticModel by = fit_logistic_of(features.values, features.size(), labels(model, rows), others, &of_all[model]);
    predict(model, by, fold);
    judged[i] = state_of(by);
  });
  if (has(judged, Fitted::kNot)) return std::nullopt;
  out.converged = out.converged && !has(judged, Fitted::kGivenUp);
  return out;
}

}  // namespace

std::optional<Nuisances> fit_all(const Features& features, const TreatedRows& rows) {
  return fit(features, rows, false, Workers(), {rows.propensity, {}});
}

std::optional<Nuisances> cross_fit(const Features& features, const TreatedRows& rows, const Workers& workers,
                                   const std::vector<double>& propensity) {
  return fit(features, rows, true, workers, {rows.propensity.empty() ? propensity : rows.propensity, {}});
}

Nuisances cross_fit_values(const Features& features, const TreatedRows& rows, const Workers& workers,
                           const std::vector<double>& propensity) {
  Nuisances out{propensity, {}};
  for (auto& means : out.risk) means.resize(rows.size());
  workers.each(std::size_t{2} * rows.folds, [&](std::size_t i) {
    const std::size_t arm = i / rows.folds;
    const auto fold = static_cast<std::uint32_t>(i % rows.folds);
    const LinearModel by = fit_linear_of(features.values, features.size(), rows.value, rows_for(1 + arm, rows, fold));
    for (std::size_t r = 0; r < rows.size(); ++r) {
      if (rows.fold[r] == fold) out.risk[arm][r] = by.mean(std::span(features.row(r), features.size()));
    }
  });
  return out;
}

std::optional<std::vector<double>> cross_fit_propensity(const Features& features, const TreatedRows& rows,
                                                        const Workers& workers) {
  std::optional<Nuisances> nuisances = fit(features, rows, true, workers, {rows.propensity, {}}, 1);
  if (!nuisances) return std::nullopt;
  return std::move(nuisances->propensity);
}

}  // namespace causal_sessions
