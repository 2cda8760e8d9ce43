#include "text/blind_text.h"

#include "audit/audit_json.h"
#include "text/audit_text.h"
#include "text/lines.h"

namespace causal_sessions {
namespace {

Lines power_lines(const BlindAudit::Figures& figures, std::size_t width) {
  std::vector<Lines> rows;
  const auto size = [](double difference) { return filled("{} pp", {fixed(100 * difference, 1)}); };
  for (const auto& [rate, independent, alike] : figures.smallest)
    rows.push_back({share_text(rate), size(independent), size(alike)});
  Lines lines = table("outcome rate|rows of a user independent|rows of a user alike", rows, width);
  lines.emplace_back(
      "  The truth lies between: rows of a user often share an outcome. If the effect that would "
      "matter to you is smaller, these data are too few.");
  return lines;
}

Lines group_lines(const WeightedGroups& groups, const ControlName& control, std::size_t width) {
  std::vector<Lines> rows;
  for (const FeatureBalance& row : groups.features)
    rows.push_back({row.feature, decimal_text(row.smd), decimal_text(row.weighted_smd)});
  Lines lines = table("|raw|weighted", rows, width);
  lines.push_back(
      filled(control.in("  Effective rows: treated {}, untreated {}; propensities outside of 0.01 .. 0.99: {}"),
             {decimal_text(groups.effective_rows[1]), decimal_text(groups.effective_rows[0]), share_text(groups.clipped_share)}));
  return lines;
}

}  // namespace

std::string blind_text(const Audit& audit, const BlindAudit& blind, std::size_t width) {
  Lines lines = {blind.estimand, "No outcome of a row was looked at."};
  const auto add = [&lines](const std::string& title, const Lines& section) {
    lines.insert(lines.end(), {"", title});
    lines.insert(lines.end(), section.begin(), section.end());
  };
  lines.push_back(filled(blind.control.in("{} treated and {} untreated rows of {} users ({} of them treated), worth {} users."),
                         {count_text(blind.rows[1]), count_text(blind.rows[0]), count_text(blind.users),
                          count_text(blind.users_treated), count_text(static_cast<std::uint64_t>(blind.effective_users))}));
  const std::vector<Finding> findings = findings_without_outcomes(audit);
  add(filled("Findings ({})", {severities_text(findings)}), finding_lines(findings, audit.profile == "notebook"));
  if (!blind.figures) {
    add("No power is told", {"  " + blind.no_figures});
    return wrapped(lines, width);
  }
  add("Smallest difference that four of five such tables would show (80% power, two-sided 5%)",
      power_lines(*blind.figures, width));
  add("Balance and overlap (differences of the features in standard deviations)",
      group_lines(blind.figures->groups, blind.control, width));
  return wrapped(lines, width);
}

}  // namespace causal_sessions
