#include "plan/plan.h"
#include "trial/rules.h"

namespace causal_sessions {

std::optional<Plan> default_plan(std::string_view profile) {
  Plan plan;
  if (profile == plan.profile) return plan;
  if (profile != "causal") return std::nullopt;
  plan.profile = profile;
  plan.order.ties = TieRule::kPriority;
  plan.order.duplicates = Duplicates::kDrop;
  plan.session.max_gap = hours(0.5);
  plan.session.min_events = 1;  // a longer one would leave out the first exposures, and those who came for them
  plan.session.min_events_of = LengthOf::kX;
  plan.trial.kind = IndexKind::kExposure;
  plan.trial.window_ends = WindowEnds::kNextExposure;
  plan.trial.grace = GracePeriod::kAlign;
  plan.trial.washout = plan.trial.horizon;
  plan.trial.prior = PriorOutcome::kExclude;
  plan.trial.censored = Censored::kDrop;
  plan.sequence.keep = KeepEvents::kLast;
  plan.sequence.padding.clear();
  plan.vocabulary.fit_on = FitOn::kTrainX;
  plan.vocabulary.special_events = true;
  plan.split.kind = SplitKind::kHash;
  return plan;
}

SessionOptions session_options(const Plan& plan) {
  SessionOptions options = plan.session;
  if (options.min_events_of == LengthOf::kX || plan.trial.draws_delays()) options.min_events = 1;
  return options;
}

TrialSetup trial_setup(const Plan& plan, const std::vector<std::string>& types, std::int64_t data_end_us) {
  const auto id = [&](const std::string& name) { return type_id(types, name); };
  std::vector<std::uint8_t> others;
  for (const std::string& type : plan.trial.left_out_treatments()) others.push_back(id(type));
  return {plan.trial,
          id(plan.trial.treatment),
          id(plan.trial.outcome),
          id(plan.trial.exposure),
          id(plan.trial.comparator),
          std::move(others),
          plan.session,
          plan.sequence,
          plan.order.ties,
          data_end_us,
          {}};
}

std::int64_t purged_us(const Plan& plan) { return rule_of(plan.trial.kind).time_zero ? plan.trial.follow_up_us() : 0; }

}  // namespace causal_sessions
