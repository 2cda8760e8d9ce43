#include "plan/plan.h"

namespace causal_sessions {
namespace {

// To whole nanoseconds as pandas' Timedelta(hours=...) computes them, 4.1 hours being one short of 14,760 seconds; then
// down to whole microseconds: times have no finer digits, so "longer than" stays exact.
std::int64_t hours_to_us(double hours) { return static_cast<std::int64_t>(hours * 3600 * 1e9) / 1000; }

std::int64_t minutes_to_us(double minutes) { return static_cast<std::int64_t>(minutes * 60 * 1e6); }

}  // namespace

std::optional<Plan> default_plan(std::string_view profile) {
  Plan plan;
  if (profile == plan.profile) return plan;
  if (profile != "causal") return std::nullopt;
  plan.profile = profile;
  plan.time.ties = TieRule::kPriority;
  plan.events.duplicates = Duplicates::kDrop;
  plan.session.gap_hours = 0.5;
  plan.session.min_events = 1;  // a longer one would leave out the first exposures, and those who came for them
  plan.session.min_events_of = LengthOf::kX;
  plan.outcome.prior = PriorOutcome::kExclude;
  plan.outcome.censored = Censored::kDrop;
  plan.index.kind = IndexKind::kExposure;
  plan.index.window_ends = WindowEnds::kNextExposure;
  plan.index.grace = GracePeriod::kAlign;
  plan.index.washout_hours = plan.index.horizon_hours;
  plan.sequence.keep = KeepEvents::kLast;
  plan.sequence.padding.clear();
  plan.vocabulary.fit_on = FitOn::kTrainX;
  plan.vocabulary.special_events = true;
  plan.split.kind = SplitKind::kHash;
  return plan;
}

std::int64_t Plan::max_gap_us() const { return hours_to_us(session.gap_hours); }

std::optional<std::int64_t> Plan::max_session_us() const {
  if (!session.max_hours) return std::nullopt;
  return hours_to_us(*session.max_hours);
}

std::int64_t Plan::window_us() const { return minutes_to_us(index.window_minutes); }

std::int64_t Plan::horizon_us() const { return hours_to_us(index.horizon_hours); }

std::int64_t Plan::landmark_us() const { return minutes_to_us(index.minutes); }

std::int64_t Plan::washout_us() const { return hours_to_us(index.washout_hours); }

std::int64_t Plan::follow_up_us() const {
  return horizon_us() + (outcome.from == OutcomeFrom::kWindowEnd ? window_us() : 0);
}

}  // namespace causal_sessions
