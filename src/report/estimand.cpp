#include "report/estimand.h"

#include "core/wording.h"
#include "trial/rules.h"

namespace causal_sessions {
namespace {

std::string text_of(const Duration& duration) { return duration_text(static_cast<double>(duration.us) / 1e6); }

std::string quoted(const std::string& type) { return filled("“{}”", {visible(type)}); }

std::string window_of(const TrialOptions& trial) {
  std::string text = filled("within {}", {text_of(trial.window)});
  if (trial.window_ends == WindowEnds::kNextExposure) text += " and before the user's next exposure";
  if (trial.same_item) text += ", with an item of the exposure";
  return text;
}

std::string question_of(const TrialOptions& trial) {
  const std::string treatment = quoted(trial.treatment), outcome = quoted(trial.outcome);
  std::string follow_up = filled("{} within {} after time zero", {outcome, text_of(trial.horizon)});
  if (trial.from == OutcomeFrom::kWindowEnd)
    follow_up =
        filled("{} within {} after the window's end, among rows without one in the window", {outcome, text_of(trial.horizon)});
  switch (trial.kind) {
    case IndexKind::kSession:
      return filled(
          "Each row is a session: T says whether it has {} anywhere, Y whether it has {} anywhere. The table has no time zero, "
          "so it "
          "describes sessions and supports no causal estimate.",
          {treatment, outcome});
    case IndexKind::kExposure:
      return filled("The effect of {} after an exposure ({}), {}, against none, on {}, averaged over the eligible exposures.",
                    {treatment, quoted(trial.exposure), window_of(trial), follow_up});
    case IndexKind::kLandmark:
      return filled(
          "The effect of {} after the first {} of a session, {}, against none, on {}, averaged over the eligible sessions.",
          {treatment, text_of(trial.landmark), window_of(trial), follow_up});
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
  if (trial.propensity.empty()) return question_of(trial);
  return filled("{} The probability of treatment is known, by the column {}.", {question_of(trial), quoted(trial.propensity)});
}

std::string time_zero_sentence(const TrialOptions& trial) {
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
  std::string text = filled("Eligible are rows with no {} in the session before time zero", {quoted(trial.treatment)});
  if (trial.washout.us > 0) text += filled(", none in the {} before it", {text_of(trial.washout)});
  if (trial.prior == PriorOutcome::kExclude) text += filled(", and no {} in the session", {quoted(trial.outcome)});
  return text + ".";
}

}  // namespace causal_sessions
