#include <algorithm>
#include <utility>

#include "audit/duration_histogram.h"
#include "audit/topics.h"
#include "core/elapsed.h"
#include "trial/follow_up.h"
#include "trial/rules.h"

namespace causal_sessions {
namespace {

constexpr std::int64_t kLongestWaitUs = 30LL * 24 * 3'600'000'000;
constexpr std::uint32_t kNever = FollowUp::kNone;

class WaitCounts {
 public:
  explicit WaitCounts(const OrderedEvents& events) : time_(events.time_us.data()) {}

  // `until`: the event that ends it; kNever: none.
  void add(std::int64_t start_us, std::uint32_t until) {
    ++starts_;
    if (until == kNever) return;
    const std::int64_t waited = elapsed_us(start_us, time_[until]);
    if (waited <= kLongestWaitUs) waits_us_.push_back(waited);
  }

  [[nodiscard]] DelaysAudit::Waits finish(DelaysAudit::From from, const std::string& type, std::optional<std::int64_t> limit_us) {
    DelaysAudit::Waits out;
    out.from = from;
    out.type = type;
    out.starts = starts_;
    out.followed = waits_us_.size();
    DurationHistogram histogram;
    for (const std::int64_t waited : waits_us_) histogram.add(waited);
    out.histogram = histogram.counts();
    if (limit_us) {
      out.limit_seconds = static_cast<double>(*limit_us) / 1e6;
      out.beyond_limit = static_cast<std::uint64_t>(
          std::count_if(waits_us_.begin(), waits_us_.end(), [&](std::int64_t waited) { return waited > *limit_us; }));
    }
    // The shortest time within which so many are followed. Each selection leaves the smaller ones before it.
    auto begin = waits_us_.begin();
    for (std::size_t i = 0; i < out.within.size() && !waits_us_.empty(); ++i) {
      const std::uint64_t rank = (out.followed * DelaysAudit::kPercents[i] + 99) / 100;
      const auto at = waits_us_.begin() + static_cast<std::ptrdiff_t>(rank - 1);
      if (at >= begin) std::nth_element(begin, at, waits_us_.end());
      begin = at;
      out.within[i] = static_cast<double>(*at) / 1e6;
    }
    return out;
  }

 private:
  const std::int64_t* time_;
  std::uint64_t starts_ = 0;
  std::vector<std::int64_t> waits_us_;
};

// Walks each user's events from the last one to the first, with the next treatment and outcome at hand.
class ExposureWaits {
 public:
  ExposureWaits(const OrderedEvents& events, const TrialSetup& setup, WaitCounts& treatments, WaitCounts& outcomes)
      : events_(events), setup_(setup), treatments_(treatments), outcomes_(outcomes) {}

  void run() {
    for (std::size_t user = 0; user + 1 < events_.user_begin.size(); ++user)
      walk(events_.user_begin[user], events_.user_begin[user + 1]);
  }

 private:
  void walk(std::uint32_t begin, std::uint32_t end) {
    const std::uint8_t* const type = events_.type.data();
    const std::int64_t* const time = events_.time_us.data();
    next_treatment_ = next_outcome_ = next_exposure_ = exposure_ = kNever;
    for (std::uint32_t i = end; i-- > begin;) {
      const std::uint8_t is = type[i];
      if (exposure_ != kNever && time[i] != time[exposure_]) close();
      if (is == setup_.exposure_type) see_exposure(i);  // before it is the treatment, which an event itself does not follow
      if (is == setup_.treatment_type) see_treatment(i);
      if (is == setup_.outcome_type) next_outcome_ = i;
    }
    if (exposure_ != kNever) close();
  }

  void see_treatment(std::uint32_t i) {
    next_treatment_ = i;
    if (!setup_.same_item) return;
    // Not behind an exposure of the instant at hand, unless a lower one comes.
    if (exposure_ != kNever) {
      held_.push_back(i);
    } else {
      note_item(i);
    }
  }

  void see_exposure(std::uint32_t i) {
    exposure_ = i;
    treatment_ = next_treatment_;
    outcome_ = next_outcome_;
    if (!setup_.same_item) return;
    release_held();
    if (events_.item[i] != StringPool::kNone) items_.push_back(events_.item[i]);
  }

  // The instant's exposures are all known.
  void close() {
    if (setup_.same_item) {
      treatment_ = kNever;
      for (const std::uint32_t item : items_) {
        const std::uint32_t found = item < treatment_of_item_.size() ? treatment_of_item_[item] : kNever;
        if (found > exposure_) treatment_ = std::min(treatment_, found);  // lower: of an earlier user
      }
      items_.clear();
    }
    if (setup_.window_ends == WindowEnds::kNextExposure && treatment_ > next_exposure_) treatment_ = kNever;
    treatments_.add(events_.time_us[exposure_], treatment_);
    outcomes_.add(events_.time_us[exposure_], outcome_);
    next_exposure_ = std::exchange(exposure_, kNever);
    release_held();
  }

  void release_held() {
    for (const std::uint32_t i : held_) note_item(i);
    held_.clear();
  }
  void note_item(std::uint32_t i) {
    const std::uint32_t item = events_.item[i];
    if (item == StringPool::kNone) return;
    if (item >= treatment_of_item_.size())
      treatment_of_item_.resize(std::max<std::size_t>(item + std::size_t{1}, 2 * treatment_of_item_.size()), kNever);
    treatment_of_item_[item] = i;
  }

  const OrderedEvents& events_;
  const TrialSetup& setup_;
  WaitCounts &treatments_, &outcomes_;
  // Behind the event at hand.
  std::uint32_t next_treatment_ = kNever, next_outcome_ = kNever, next_exposure_ = kNever;
  // The first exposure seen so far of the instant at hand, and what is behind it.
  std::uint32_t exposure_ = kNever, treatment_ = kNever, outcome_ = kNever;
  // With same_item: the items of these exposures, treatments of their instant that come before the one seen last, and the
  // next treatment of each item.
  std::vector<std::uint32_t> items_, held_, treatment_of_item_;
};

// Visits the sessions with follow_up at their user.
template <class Visit>
void each_session(const Run& run, FollowUp& follow_up, Visit visit) {
  std::optional<std::uint32_t> entered;
  for (std::size_t s = 0; s < run.sessions.size(); ++s) {
    const std::uint32_t user = run.sessions.user[s];
    if (entered != user) follow_up.enter(run.events.user_begin[user], run.events.user_begin[user + 1]);
    entered = user;
    visit(run.sessions.begin[s], run.sessions.end[s]);
  }
}

}  // namespace

DelaysAudit audit_delays(const Run& run) {
  using From = DelaysAudit::From;
  const OrderedEvents& events = run.events;
  const std::int64_t* const time = events.time_us.data();
  TrialSetup setup = run.setup();
  const Rule& rule = rule_of(setup.kind);
  const auto window = rule.window ? std::optional(setup.window.us) : std::nullopt;
  const auto horizon = rule.time_zero ? std::optional(setup.follow_up_us()) : std::nullopt;
  setup.window.us = setup.horizon.us = kLongestWaitUs;
  setup.from = OutcomeFrom::kTimeZero;
  if (!rule.window) setup.window_ends = WindowEnds::kNextExposure;  // so a treatment is the last exposure's, as it should be
  FollowUp follow_up(events, setup);
  WaitCounts treatments(events), outcomes(events);
  DelaysAudit audit;
  if (rule.window && !rule.exposure) {
    each_session(run, follow_up, [&](std::uint32_t begin, std::uint32_t end) {
      const std::int64_t start_us = later(time[begin], setup.landmark.us);
      const auto x_end = static_cast<std::uint32_t>(std::upper_bound(time + begin, time + end, start_us) - time);
      if (elapsed_us(time[x_end - 1], start_us) > setup.session.max_gap.us) return;
      const FollowUp::Start start{start_us, x_end, 0, 0};
      treatments.add(start_us, follow_up.treatment(start, follow_up.window(start)));
      outcomes.add(start_us, follow_up.outcome(x_end, start_us));
    });
    audit.treatment = treatments.finish(From::kLandmark, setup.treatment, window);
    audit.outcome = outcomes.finish(From::kLandmark, setup.outcome, horizon);
    return audit;
  }
  if (std::find(events.types.begin(), events.types.end(), setup.exposure) != events.types.end()) {
    ExposureWaits(events, setup, treatments, outcomes).run();
    audit.treatment = treatments.finish(From::kExposure, setup.treatment, window);
    audit.outcome = outcomes.finish(From::kExposure, setup.outcome, horizon);
  }
  if (rule.controls) {
    WaitCounts of_treated(events);
    each_session(run, follow_up, [&](std::uint32_t begin, std::uint32_t end) {
      const auto first = std::find(events.type.begin() + begin, events.type.begin() + end, setup.treatment_type);
      const auto at = static_cast<std::uint32_t>(first - events.type.begin());
      if (at != end) of_treated.add(time[at], follow_up.outcome(begin, time[at] - 1));
    });
    audit.outcome = of_treated.finish(From::kTreatment, setup.outcome, horizon);
  }
  return audit;
}

}  // namespace causal_sessions
