#include "report/estimand.h"

#include "core/number_text.h"
#include "core/wording.h"
#include "trial/rules.h"

namespace causal_sessions {
namespace {

std::string text_of(const Duration& duration) { return duration_text(static_cast<double>(duration.us) / 1e6); }

std::string amount_text(double value) {
  char text[kMaxNumberText];
  return {text, write_id(value, text)};
}

std::string quoted(const std::string& type) { return filled("“{}”", {visible(type)}); }

std::string window_of(const TrialOptions& trial) {
  std::string text = filled("within {}", {text_of(trial.window)});
  if (trial.window_ends == WindowEnds::kNextExposure) text += " and before the user's next exposure";
  if (trial.same_item) text += ", with an item of the exposure";
  return text;
}

std::string treatment_of(const TrialOptions& trial) {
  std::string text = quoted(trial.treatment), values;
  if (trial.group.empty()) return text;
  for (const std::string& value : trial.group_values) values.append(values.empty() ? "" : " or ").append(quoted(value));
  return text + filled(" with {} in the column {}", {values, quoted(trial.group)});
}

// What is done in rows with T = 0.
std::string contrast_of(const TrialOptions& trial) {
  if (trial.compares()) return filled("{} as the first of the two", {quoted(trial.comparator)});
  return trial.left_out_treatments().empty() ? "none" : "no treatment of any type";
}

std::string follow_up_of(const TrialOptions& trial) {
  std::string text = filled("{} within {} after ", {quoted(trial.outcome), text_of(trial.horizon)});
  text += trial.from == OutcomeFrom::kWindowEnd ? "the window's end" : "time zero";
  if (trial.scope == OutcomeScope::kSession) text += ", in the same session";
  if (trial.from == OutcomeFrom::kWindowEnd) text += ", among rows without one in the window";
  return text;
}

std::string question_of(const TrialOptions& trial) {
  const std::string treatment = treatment_of(trial), outcome = quoted(trial.outcome), against = contrast_of(trial),
                    follow_up = follow_up_of(trial);
  switch (trial.kind) {
    case IndexKind::kSession:
      return filled(
          "Each row is a session: T says whether it has {} anywhere, Y whether it has {} anywhere. The table has no time zero, "
          "so it "
          "describes sessions and supports no causal estimate.",
          {treatment, outcome});
    case IndexKind::kExposure:
      return filled("The effect of {} after an exposure ({}), {}, against {}, on {}, averaged over the eligible exposures.",
                    {treatment, quoted(trial.exposure), window_of(trial), against, follow_up});
    case IndexKind::kLandmark:
      return filled(
          "The effect of {} after the first {} of a session, {}, against {}, on {}, averaged over the eligible sessions.",
          {treatment, text_of(trial.landmark), window_of(trial), against, follow_up});
    case IndexKind::kMatched:
      return filled(
          "The effect of {} on those who are treated, against not being treated by the same point of a session, on {}; untreated "
          "matches per treated row: {}.",
          {treatment, follow_up, std::to_string(trial.controls)});
  }
  return {};
}

}  // namespace

std::string estimand_sentence(const TrialOptions& trial) {
  std::string text = question_of(trial);
  if (const auto others = trial.left_out_treatments(); !others.empty()) {
    std::string types;
    for (const std::string& type : others) types.append(types.empty() ? "" : " or ").append(quoted(type));
    text += filled(" Rows whose first treatment is {} are left out.", {types});
  }
  if (!trial.propensity.empty())
    text += filled(" The probability of treatment is known, by the column {}.", {quoted(trial.propensity)});
  if (trial.outcome_value.empty()) return text;
  text += filled(" Beside it, that on the sum of the column {} over these outcomes", {quoted(trial.outcome_value)});
  return text + (trial.value_cap ? filled(", at most {} a row.", {amount_text(*trial.value_cap)}) : ".");
}

std::string time_zero_sentence(const TrialOptions& trial) {
  if (trial.compares()) return "Time zero is just before the treatment, in both groups.";
  if (trial.draws_delays())
    return "Time zero is just before the treatment; in every other row it is as long after the exposure as the delay of some "
           "treated row.";
  switch (trial.kind) {
    case IndexKind::kSession: return {};
    case IndexKind::kExposure: return "Time zero is the exposure.";
    case IndexKind::kLandmark: return filled("Time zero is {} after the session's first event.", {text_of(trial.landmark)});
    case IndexKind::kMatched: return "Time zero is just before the treatment, and at the same point of a session in its matches.";
  }
  return {};
}

std::string eligibility_sentence(const TrialOptions& trial) {
  if (!rule_of(trial.kind).time_zero) return {};
  std::string treatment = treatment_of(trial);
  if (trial.compares()) treatment += filled(" or {}", {quoted(trial.comparator)});
  std::string text = filled("Eligible are rows with no {} in the session before time zero", {treatment});
  if (trial.washout.us > 0) text += filled(", none in the {} before it", {text_of(trial.washout)});
  if (trial.prior == PriorOutcome::kExclude) text += filled(", and no {} in the session", {quoted(trial.outcome)});
  return text + ".";
}

Json estimand_json(const TrialOptions& trial) {
  const Rule& rule = rule_of(trial.kind);
  if (!rule.time_zero) return nullptr;
  const auto hours_of = [](const Duration& duration) { return static_cast<double>(duration.us) / 3.6e9; };
  Fields population, treatment, outcome;
  population.text("unit", rule.controls   ? "treatedSession"
                          : rule.exposure ? "exposure"
                                          : "session")
      .text("eligible", eligibility_sentence(trial))
      .number("washoutHours", hours_of(trial.washout))
      .flag("withoutEarlierOutcome", trial.prior == PriorOutcome::kExclude)
      .flag("completeFollowUpOnly", trial.censored == Censored::kDrop);
  treatment.text("type", trial.treatment)
      .put("comparator", trial.compares() ? Json(trial.comparator) : Json())
      .put("group", trial.group.empty() ? Json() : Fields().text("column", trial.group).put("values", trial.group_values).done())
      .put("leftOut", trial.left_out_treatments())
      .text("versions", trial.same_item ? "withItemOfExposure" : "anyItem")
      .put("withinMinutes", rule.window ? Json(hours_of(trial.window) * 60) : Json())
      .flag("endsAtNextExposure", rule.window && trial.window_ends == WindowEnds::kNextExposure)
      .text_or_null("knownPropensity", trial.propensity);
  outcome.text("type", trial.outcome)
      .text("from", trial.from == OutcomeFrom::kWindowEnd ? "windowEnd" : "timeZero")
      .number("withinHours", hours_of(trial.horizon))
      .text("scope", trial.scope == OutcomeScope::kSession ? "session" : "user")
      .text_or_null("value", trial.outcome_value)
      .put("valueCap", trial.value_cap ? Json(*trial.value_cap) : Json());
  // What can happen first, so that a row is left out or its window ends.
  Json competing = Json::array();
  if (rule.window) {
    if (!trial.is_assigned()) competing.push_back(trial.outcome);
    if (trial.window_ends == WindowEnds::kNextExposure) competing.push_back(trial.exposure);
    for (const std::string& type : trial.left_out_treatments()) competing.push_back(type);
  }
  return Fields()
      .text("sentence", estimand_sentence(trial))
      .put("population", population.done())
      .text("timeZero", time_zero_sentence(trial))
      .put("treatment", treatment.done())
      .put("outcome", outcome.done())
      .put("competingEvents", std::move(competing))
      .text("weights", rule.controls ? "treated" : "overlap")
      .done();
}

}  // namespace causal_sessions
