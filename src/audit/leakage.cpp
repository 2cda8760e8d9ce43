#include <algorithm>

#include "audit/topics.h"
#include "core/elapsed.h"
#include "trial/follow_up.h"
#include "trial/rules.h"

namespace causal_sessions {
namespace {

constexpr std::uint32_t kNowhere = 0xFFFFFFFFu;

// AUC of Y within an arm from whether X holds an outcome token.
std::optional<double> auc_of_presence(const Cells& with, const Cells& all, int arm) {
  const double ones = static_cast<double>(all.rows[arm][1]), zeros = static_cast<double>(all.rows[arm][0]);
  if (ones == 0 || zeros == 0) return std::nullopt;
  const double hit = static_cast<double>(with.rows[arm][1]), miss = static_cast<double>(with.rows[arm][0]);
  return (2 * hit * (zeros - miss) + hit * miss + (ones - hit) * (zeros - miss)) / (2 * ones * zeros);
}

class Leakage {
 public:
  explicit Leakage(const Run& run)
      : events_(run.events), sessions_(run.sessions), table_(run.trials.table), attrition_(run.trials.attrition),
        setup_(run.setup()), timed_(table_.has_time_zero()), time_(events_.time_us), follow_up_(events_, setup_) {}

  LeakageAudit run() {
    for (std::size_t r = 0; r < table_.rows(); ++r) {
      enter(r);
      look_at_tokens(r);
      look_at_shape(r);
      if (timed_) {
        look_at_follow_up(r);
      } else if (treated_ && outcome_) {
        look_at_session(r);
      }
    }
    return finish();
  }

 private:
  void enter(std::size_t r) {
    treated_ = table_.treatment[r] != 0;
    outcome_ = table_.outcome[r] != 0;
    all_.add(treated_, outcome_);
    const std::uint32_t user = table_.user[r];
    if (timed_ && (r == 0 || user != table_.user[r - 1])) {
      follow_up_.enter(events_.user_begin[user], events_.user_begin[user + 1]);
    }
    // The last treatment and outcome before the end of X; rows of a session share the walk.
    if (table_.is_listed(r)) return enter_listed(r);
    const std::uint32_t begin = table_.history[r], end = table_.begin[r] + table_.count[r];
    if (r == 0 || begin != table_.history[r - 1] || end < at_) {
      at_ = begin;
      last_treatment_ = last_outcome_ = kNowhere;
    }
    for (; at_ < end; ++at_) note(at_);
  }
  void enter_listed(std::size_t r) {
    at_ = kNowhere;  // the next row shares nothing of it
    last_treatment_ = last_outcome_ = kNowhere;
    for (std::uint32_t i = 0; i < table_.count[r]; ++i) note(table_.event_of_x(r, i));
  }
  void note(std::uint32_t at) {
    if (events_.type[at] == setup_.treatment_type) last_treatment_ = at;
    if (events_.type[at] == setup_.outcome_type) last_outcome_ = at;
  }

  // In X, and not before its first event.
  [[nodiscard]] bool in_x(std::uint32_t at, std::size_t r) const { return at != kNowhere && at >= table_.begin[r]; }

  void look_at_tokens(std::size_t r) {
    const bool outcome = in_x(last_outcome_, r), treatment = in_x(last_treatment_, r);
    if (outcome) {
      any_outcome_.add(treated_, outcome_);
      // Without a time zero every outcome decides Y, or those from the treatment on: then a treated row's X holds none,
      // but where the treatment is its only event.
      const bool decides =
          timed_ ? time_[last_outcome_] > table_.time_zero_us[r] : setup_.prior == PriorOutcome::kCount || !treated_ || treatment;
      if (decides) outcome_token_.add(treated_, outcome_);
    }
    if (treatment) {
      any_treatment_.add(treated_, outcome_);
      if (!timed_ || time_[last_treatment_] > table_.time_zero_us[r]) treatment_token_.add(treated_, outcome_);
    }
  }

  void look_at_shape(std::size_t r) {
    if (table_.padding[r] != 0) padded_.add(treated_, outcome_);
    padding_tokens_[treated_] += table_.padding[r];
    length_.add(table_.length(r), treated_);
    padding_.add(table_.padding[r], treated_);
    std::uint64_t span = 0;
    if (table_.count[r] != 0) {
      const std::uint32_t last = table_.event_of_x(r, table_.count[r] - 1);
      span = static_cast<std::uint64_t>(elapsed_us(time_[table_.begin[r]], time_[last]));
      last_event_.add(events_.type[last], treated_);
    }
    spans_.push_back(span << 1 | (treated_ ? 1u : 0u));
  }

  // Without a time zero: where outcomes stand by the first treatment.
  void look_at_session(std::size_t r) {
    const std::uint32_t begin = table_.history[r];
    while (session_ + 1 < sessions_.size() && sessions_.begin[session_ + 1] <= begin) ++session_;
    const auto first = events_.type.begin() + begin;
    const auto last = events_.type.begin() + sessions_.end[session_];
    const auto treatment = std::find(first, last, setup_.treatment_type);
    const bool before = std::find(first, treatment, setup_.outcome_type) != treatment;
    first_before_ += before;
    all_before_ += before && std::find(treatment, last, setup_.outcome_type) == last;
  }

  // With one: whether the first outcome stands before the treatment, and whether all do.
  void look_at_follow_up(std::size_t r) {
    if (!treated_ || !outcome_) return;
    const std::int64_t t0 = table_.time_zero_us[r];
    const FollowUp::Start start = start_of_row(events_, setup_, table_.history[r], table_.history_end[r], t0);
    const std::uint32_t treatment = follow_up_.treatment_of_row(table_.history_end[r], start, follow_up_.window(start));
    const std::uint32_t outcome = follow_up_.outcome(table_.history_end[r], t0);
    if (treatment == FollowUp::kNone || outcome == FollowUp::kNone || outcome >= treatment) return;
    ++first_before_;
    all_before_ += follow_up_.outcome(treatment, t0) == FollowUp::kNone;
  }

  // What an arrangement of arms inside the window can do to the difference, where rows were left out or kept by what came
  // after their time zero: L rows were left out, W of the untreated have an outcome inside the window, and any of both may
  // belong to either arm.
  [[nodiscard]] std::optional<ImmortalTime> immortal_time() const {
    const Rule& rule = rule_of(setup_.kind);
    if (!rule.window || setup_.draws_delays() || setup_.is_assigned()) return std::nullopt;
    const auto step = static_cast<std::size_t>(Filter::kOutcomeBeforeTreatment);
    const std::uint64_t left_out = attrition_.after[step].rows - attrition_.after[step + 1].rows;
    const std::uint64_t inside = attrition_.untreated_window_outcomes, counted = attrition_.untreated_window_outcomes_counted;
    Arms kept, low, high;
    for (int t = 0; t < 2; ++t) {
      kept.rows[t] = all_.arm(t);
      kept.outcomes[t] = all_.rows[t][1];
    }
    low = high = kept;
    low.rows[0] += left_out;
    low.outcomes[0] += left_out;
    high.rows[1] += left_out + inside;
    high.outcomes[1] += left_out + inside;
    high.rows[0] -= inside;
    high.outcomes[0] -= counted;
    ImmortalTime out{left_out, inside, kept.difference(), {}, {}};
    const auto lowest = low.difference(), highest = high.difference();
    if (lowest && highest) out.interval = {*lowest, *highest};
    if (rule.exposure) out.usual_delay_minutes = static_cast<double>(attrition_.usual_delay_us) / 6e7;
    return out;
  }

  [[nodiscard]] LeakageAudit finish() {
    LeakageAudit audit;
    audit.outcome_in_x = {outcome_token_, all_};
    audit.outcome_in_history = {any_outcome_, all_};
    audit.treatment_in_x = {treatment_token_, all_};
    audit.treatment_in_history = {any_treatment_, all_};
    audit.padding = {padded_, all_};
    audit.padding_tokens = padding_tokens_;
    audit.auc_length = length_.auc();
    audit.auc_span = auc_of_keys(spans_);
    audit.auc_last_event = last_event_.auc_of_shares();
    audit.auc_padding = padding_.auc();
    for (int arm = 0; arm < 2; ++arm) audit.auc_of_outcome[arm] = auc_of_presence(any_outcome_, all_, arm);
    audit.before = {all_.rows[1][1], first_before_, all_before_};
    audit.immortal_time = immortal_time();
    return audit;
  }

  const OrderedEvents& events_;
  const Sessions& sessions_;
  const TrialTable& table_;
  const Attrition& attrition_;
  const TrialSetup setup_;
  const bool timed_;
  const std::span<const std::int64_t> time_;
  // Of the row at hand.
  bool treated_ = false, outcome_ = false;
  std::uint32_t at_ = 0, last_treatment_ = kNowhere, last_outcome_ = kNowhere;
  std::size_t session_ = 0;
  FollowUp follow_up_;  // of its user
  // Of all.
  Cells all_, outcome_token_, any_outcome_, treatment_token_, any_treatment_, padded_;
  ByArm<std::uint64_t> padding_tokens_{};
  ScoreCounts length_, padding_, last_event_;
  std::vector<std::uint64_t> spans_;
  std::uint64_t first_before_ = 0, all_before_ = 0;
};

}  // namespace

LeakageAudit audit_leakage(const Run& run) { return Leakage(run).run(); }

}  // namespace causal_sessions
