#include "audit/comparison.h"

#include <algorithm>

#include "audit/audit_json.h"

namespace causal_sessions {
namespace {

const Finding* find_code(const std::vector<Finding>& findings, std::string_view code) {
  const auto found =
      std::find_if(findings.begin(), findings.end(), [code](const Finding& finding) { return finding.code == code; });
  return found == findings.end() ? nullptr : &*found;
}

Comparison::Side side_of(const Audit& audit, const Audit& other) {
  const auto& [arms, interval] = audit.split.all;
  Comparison::Side side;
  side.audit = &audit;
  side.rows = arms.rows[0] + arms.rows[1];
  side.treatment_rate = share_of(arms.rows[1], side.rows);
  side.outcome_rate = share_of(arms.outcomes[0] + arms.outcomes[1], side.rows);
  side.naive_difference = arms.difference();
  side.interval95 = interval;
  for (const Finding& finding : audit.findings) {
    const bool first = find_code(audit.findings, finding.code) == &finding;
    if (first && find_code(other.findings, finding.code) == nullptr) side.own.push_back(&finding);
  }
  return side;
}

Json json_of(const Comparison::Side& side) {
  return Fields()
      .text("profile", side.audit->profile)
      .text("indexKind", rule_of(side.audit->kind).name)
      .count("rows", side.rows)
      .number("treatmentRate", side.treatment_rate)
      .number("outcomeRate", side.outcome_rate)
      .number("naiveDifference", side.naive_difference)
      .put("interval95", side.interval95 ? Json(*side.interval95) : Json())
      .done();
}

}  // namespace

Comparison compare_audits(const Run& by_plan, const Run& against) {
  const Audit &first = *by_plan.audit, &second = *against.audit;
  Comparison comparison;
  comparison.sides = {side_of(first, second), side_of(second, first)};
  for (const Finding& finding : first.findings) {
    const Finding* other = find_code(second.findings, finding.code);
    if (other != nullptr && find_code(first.findings, finding.code) == &finding)
      comparison.shared.push_back({finding.code, {finding.severity, other->severity}});
  }
  comparison.settings = differing_settings(by_plan.plan, against.plan);
  return comparison;
}

std::string comparison_json(const Comparison& comparison) {
  Fields sides, findings;
  for (std::size_t side = 0; side < 2; ++side) {
    sides.put(kSideNames[side], json_of(comparison.sides[side]));
    Json own = Json::array();
    for (const Finding* finding : comparison.sides[side].own) own.push_back(finding_json(*finding));
    findings.put(kSideNames[side], std::move(own));
  }
  Json both = Json::array(), settings = Json::array();
  for (const Comparison::Shared& shared : comparison.shared) {
    Fields severities;
    severities.text("code", shared.code);
    for (std::size_t side = 0; side < 2; ++side)
      severities.text(kSideNames[side], kSeverityNames[static_cast<std::size_t>(shared.severity[side])]);
    both.push_back(severities.done());
  }
  for (const DifferingSetting& setting : comparison.settings) {
    Fields values;
    values.text("key", setting.key);
    for (std::size_t side = 0; side < 2; ++side) values.put(kSideNames[side], setting.value[side]);
    settings.push_back(values.done());
  }
  findings.put("both", std::move(both));
  const Json json = sides.put("settings", std::move(settings)).put("findings", findings.done()).done();
  return document_of(json);
}

}  // namespace causal_sessions
