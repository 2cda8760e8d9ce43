#include "estimate/blind.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "audit/audit_json.h"
#include "core/wording.h"
#include "estimate/estimate.h"
#include "report/estimand.h"
#include "trial/rules.h"

namespace causal_sessions {
namespace {

constexpr std::array kOutcomeRates = {0.01, 0.02, 0.05, 0.1, 0.2, 0.5};
constexpr double kZOfPower = 0.8416212335729143;  // P(Z < z) = 0.8

// Of a difference of weighted means, in units of the outcome's variance.
struct Variance {
  double independent = 0, alike = 0;
};

Variance variance_of(const TreatedRows& rows, std::span<const double> weight, const Clusters& clusters) {
  std::array<double, 2> total{}, squares{}, of_users{};
  for (std::size_t g = 0; g < clusters.users(); ++g) {
    std::array<double, 2> of_user{};
    for (std::uint32_t r = clusters.begin[g]; r < clusters.begin[g + 1]; ++r) {
      of_user[rows.treatment[r]] += weight[r];
      squares[rows.treatment[r]] += weight[r] * weight[r];
    }
    for (std::size_t arm = 0; arm < 2; ++arm) {
      total[arm] += of_user[arm];
      of_users[arm] += of_user[arm] * of_user[arm];
    }
  }
  Variance variance;
  for (std::size_t arm = 0; arm < 2; ++arm) {
    variance.independent += squares[arm] / (total[arm] * total[arm]);
    variance.alike += of_users[arm] / (total[arm] * total[arm]);
  }
  return variance;
}

// What the estimate would refuse too, of what is known without outcomes.
std::string too_few(const BlindAudit& blind) {
  if (blind.users_treated < kLeastTreatedUsers) {
    return filled("{} with a treated row; an estimate needs {}.",
                  {blind.users_treated == 1 ? "There is 1 user" : "There are " + count_text(blind.users_treated) + " users",
                   count_text(kLeastTreatedUsers)});
  }
  if (blind.effective_users < kLeastEffectiveUsers) {
    return filled("The rows are worth {} users, as few users have most of them; an estimate needs {}.",
                  {decimal_text(blind.effective_users), decimal_text(kLeastEffectiveUsers)});
  }
  return {};
}

Json json_of(const BlindAudit::Figures& figures) {
  Json smallest = Json::array();
  for (const auto& [rate, independent, alike] : figures.smallest) {
    smallest.push_back(
        Fields().number("outcomeRate", rate).number("rowsIndependent", independent).number("rowsAlike", alike).done());
  }
  const auto [control, treated] = figures.groups.effective_rows;
  return Fields()
      .number("power", BlindAudit::kPower)
      .number("level", BlindAudit::kLevel)
      .put("smallestDifference", std::move(smallest))
      .put("effectiveRows", Fields().number("control", control).number("treated", treated).done())
      .number("clippedShare", figures.groups.clipped_share)
      .put("balance", balance_json(figures.groups.features))
      .done();
}

}  // namespace

BlindAudit look_blind(const Run& run) {
  BlindAudit blind;
  blind.estimand = estimand_sentence(run.plan.trial);
  blind.control = ControlName(run.plan.trial);
  const Rule& rule = rule_of(run.plan.trial.kind);
  if (!rule.time_zero || rule.controls) {
    blind.no_figures =
        filled("Rows of index.kind {} are not weighed against each other; set index.kind to exposure.", {std::string(rule.name)});
    return blind;
  }
  const Analysis analysis = analyzed(run);
  const TreatedRows& rows = analysis.rows;
  const Clusters clusters(rows.user);
  blind.censored_left_out = run.table.rows() - rows.size();
  blind.users = clusters.users();
  blind.users_treated = users_treated(rows);
  for (const std::uint8_t treated : rows.treatment) ++blind.rows[treated];
  blind.effective_users = clusters.effective;
  blind.no_figures = too_few(blind);
  if (!blind.no_figures.empty()) return blind;
  const Features features = make_features(run.table.covariate_names, run.table.covariates, analysis.kept, run.workers);
  const std::optional<std::vector<double>> propensity = cross_fit_propensity(features, rows, run.workers);
  if (!propensity) {
    blind.no_figures =
        filled("Of {} folds of users, one has all treated or all {} rows, so no model can be fitted on the others.",
               {count_text(rows.folds), blind.control.text()});
    return blind;
  }
  BlindAudit::Figures& figures = blind.figures.emplace();
  figures.groups = weigh_groups(features, rows, *propensity, clusters);
  const Variance variance = variance_of(rows, overlap_weights(rows, *propensity), clusters);
  const double reach = t_quantile(clusters.effective - 1) + kZOfPower;
  for (const double rate : kOutcomeRates) {
    const double of_outcome = rate * (1 - rate);
    figures.smallest.push_back({rate, reach * std::sqrt(of_outcome * variance.independent),
                                reach * std::sqrt(of_outcome * std::max(variance.alike, variance.independent))});
  }
  return blind;
}

std::string blind_json(const Audit& audit, const BlindAudit& blind) {
  return document_of(Fields()
                         .text("estimand", blind.estimand)
                         .put("rows", Fields().count("control", blind.rows[0]).count("treated", blind.rows[1]).done())
                         .count("censoredLeftOut", blind.censored_left_out)
                         .count("users", blind.users)
                         .count("usersTreated", blind.users_treated)
                         .number("effectiveUsers", blind.effective_users)
                         .put("design", blind.figures ? json_of(*blind.figures) : Json())
                         .text_or_null("noDesign", blind.no_figures)
                         .put("audit", audit_without_outcomes(audit))
                         .done());
}

std::string blind_json(const Run& run) { return blind_json(*run.audit, look_blind(run)); }

}  // namespace causal_sessions
