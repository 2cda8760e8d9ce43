#include "causal/trials.h"

#include <algorithm>
#include <functional>
#include <optional>

#include "core/elapsed.h"
#include "core/random.h"
#include "core/small_sort.h"

namespace causal_sessions {
namespace {

// A row that may be left out.
struct Candidate {
  std::uint32_t x_end = 0;  // one past the last event of X
  std::int64_t time_zero_us = 0;
  bool treated = false, outcome = false, censored = false, window_outcome = false;
  std::optional<Filter> left_out;

  void leave_out(Filter filter, bool if_so) {
    if (if_so && (!left_out || filter < *left_out)) left_out = filter;
  }
};

// Counts a candidate in every step up to the rule that leaves it out: first by how many steps it reaches, summed up at
// the end. Rows of a session, and sessions of a user, follow each other.
class Counter {
 public:
  void count(const Candidate& row, std::uint32_t user, std::uint32_t session) {
    const std::size_t steps = row.left_out ? static_cast<std::size_t>(*row.left_out) + 1 : kFilters + 1;
    Attrition::Left& left = reached_.after[steps - 1];
    ++left.rows;
    ++left.arm[row.treated];
    left.outcomes[row.treated] += row.outcome;
    if (session_ != session) close_session();
    if (user_ != user) close_user();
    session_ = session;
    user_ = user;
    session_steps_ = std::max(session_steps_, steps);
    user_steps_ = std::max(user_steps_, steps);
    if (steps >= kFilters) reached_.first_time_zero_us = std::min(reached_.first_time_zero_us, row.time_zero_us);
    reached_.untreated_window_outcomes += !row.left_out && !row.treated && row.window_outcome;
  }
  [[nodiscard]] Attrition finish() {
    close_session();
    close_user();
    for (std::size_t step = kFilters; step-- > 0;) {
      Attrition::Left& left = reached_.after[step];
      const Attrition::Left& next = reached_.after[step + 1];
      left.rows += next.rows;
      left.sessions += next.sessions;
      left.users += next.users;
      for (std::size_t arm = 0; arm < 2; ++arm) {
        left.arm[arm] += next.arm[arm];
        left.outcomes[arm] += next.outcomes[arm];
      }
    }
    return reached_;
  }

 private:
  void close_session() {
    if (session_steps_ != 0) ++reached_.after[session_steps_ - 1].sessions;
    session_steps_ = 0;
  }
  void close_user() {
    if (user_steps_ != 0) ++reached_.after[user_steps_ - 1].users;
    user_steps_ = 0;
  }

  Attrition reached_;
  std::uint32_t session_ = 0, user_ = 0;               // of the last row
  std::size_t session_steps_ = 0, user_steps_ = 0;     // the most that one of its rows reached
};

class Builder {
 public:
  Builder(OrderedEvents& events, const Sessions& sessions, const TrialOptions& options)
      : events_(events), sessions_(sessions), options_(options), sorter_(options.ties) {}

  Trials build() {
    trials_.table.with_time_zero = options_.kind != IndexKind::kSession;
    reserve();
    if (options_.kind == IndexKind::kMatched) gather_donors();
    for (std::uint32_t s = 0; s < sessions_.size(); ++s) {
      if (options_.kind == IndexKind::kSession) {
        sorter_.sort(events_, sessions_.begin[s], sessions_.end[s]);
      } else {
        enter_user(sessions_.user[s]);
      }
      trial_ = 0;
      switch (options_.kind) {
        case IndexKind::kSession: add_session(s); break;
        case IndexKind::kExposure: add_exposures(s); break;
        case IndexKind::kLandmark: add_landmark(s); break;
        case IndexKind::kMatched: add_matched(s); break;
      }
    }
    trials_.attrition = counter_.finish();
    return std::move(trials_);
  }

 private:
  void reserve() {
    if (options_.kind != IndexKind::kSession) return;  // the number of rows is not known
    TrialTable& table = trials_.table;
    for (auto* column : {&table.user, &table.number, &table.history, &table.begin, &table.count, &table.padding}) {
      column->reserve(sessions_.size());
    }
    table.start_us.reserve(sessions_.size());
    for (auto* column : {&table.treatment, &table.outcome, &table.censored}) column->reserve(sessions_.size());
  }

  // Times of the user's treatments and outcomes; sessions of a user follow each other.
  void enter_user(std::uint32_t user) {
    if (user_ == user) return;
    user_ = user;
    treatments_.clear();
    outcomes_.clear();
    for (std::uint32_t i = events_.user_begin[user]; i < events_.user_begin[user + 1]; ++i) {
      if (events_.type[i] == options_.treatment_type) treatments_.push_back(i);
      if (events_.type[i] == options_.outcome_type) outcomes_.push_back(i);
    }
    next_treatment_ = next_outcome_ = 0;
  }

  [[nodiscard]] std::uint32_t find_type(std::uint32_t s, std::uint8_t type) const {
    const auto first = events_.type.begin();
    return static_cast<std::uint32_t>(std::find(first + sessions_.begin[s], first + sessions_.end[s], type) - first);
  }

  // The notebook's rule.
  [[gnu::noinline]] void add_session(std::uint32_t s) {
    const std::uint32_t begin = sessions_.begin[s], end = sessions_.end[s];
    const std::uint32_t treatment = find_type(s, options_.treatment_type);
    Candidate row;
    row.treated = treatment != end;
    row.x_end = std::max(treatment, begin + 1);  // a treatment that comes first is kept alone
    const std::uint32_t outcome = find_type(s, options_.outcome_type);
    row.outcome = outcome != end;
    const bool prior = row.treated && outcome < treatment;
    if (prior && options_.prior != PriorOutcome::kCount) {
      const auto first = events_.type.begin();
      row.outcome = std::find(first + treatment, first + end, options_.outcome_type) != first + end;
    }
    row.leave_out(Filter::kPriorOutcome, prior && options_.prior == PriorOutcome::kExclude);
    row.censored = options_.data_end_us - events_.time_us[end - 1] <= options_.max_gap_us;
    finish(row, s);
  }

  [[gnu::noinline]] void add_exposures(std::uint32_t s) {
    const std::uint32_t end = sessions_.end[s];
    bool prior_treatment = false, prior_outcome = false;
    for (std::uint32_t at = sessions_.begin[s]; at < end;) {
      const std::int64_t time = events_.time_us[at];
      const std::uint32_t first = at;
      bool exposed = false;
      for (; at < end && events_.time_us[at] == time; ++at) {
        exposed |= events_.type[at] == options_.exposure_type;
        prior_treatment |= events_.type[at] == options_.treatment_type;
        prior_outcome |= events_.type[at] == options_.outcome_type;
      }
      if (!exposed) continue;
      Candidate row;
      row.time_zero_us = time;
      row.x_end = at;
      follow_up(row, options_.same_item ? first : at);
      row.leave_out(Filter::kPriorTreatment, prior_treatment);
      row.leave_out(Filter::kPriorOutcome, prior_outcome && options_.prior == PriorOutcome::kExclude);
      finish(row, s);
    }
  }

  void add_landmark(std::uint32_t s) {
    Candidate row;
    row.time_zero_us = later(events_.time_us[sessions_.begin[s]], options_.landmark_us);
    look_back(row, s);
    const std::int64_t silence = row.time_zero_us - events_.time_us[row.x_end - 1];
    row.leave_out(Filter::kSessionOver, silence > options_.max_gap_us);
    follow_up(row, row.x_end);
    finish(row, s);
  }

  // Times to treatment of donors, ascending.
  void gather_donors() {
    for (std::uint32_t s = 0; s < sessions_.size(); ++s) {
      if (options_.is_donor && !options_.is_donor(sessions_.user[s])) continue;
      const std::uint32_t treatment = find_type(s, options_.treatment_type);
      if (treatment == sessions_.end[s]) continue;
      const std::int64_t waited = events_.time_us[treatment] - 1 - events_.time_us[sessions_.begin[s]];
      if (waited >= 0) waits_.push_back(waited);
    }
    small_sort(waits_.begin(), waits_.end(), std::less<>());
  }

  void add_matched(std::uint32_t s) {
    const std::uint32_t begin = sessions_.begin[s], end = sessions_.end[s];
    const std::uint32_t treatment = find_type(s, options_.treatment_type);
    Candidate row;
    row.x_end = begin;
    if (treatment != end) {
      row.treated = true;
      row.time_zero_us = events_.time_us[treatment] - 1;
    } else {
      const std::int64_t lasted = events_.time_us[end - 1] - events_.time_us[begin];
      const auto open = static_cast<std::uint32_t>(std::upper_bound(waits_.begin(), waits_.end(), lasted) - waits_.begin());
      row.leave_out(Filter::kNoMatch, open == 0);
      Xoshiro256 random(StreamKey{options_.seed}.child(text_key(events_.users[sessions_.user[s]])).child(sessions_.number[s]));
      row.time_zero_us = events_.time_us[begin] + (open == 0 ? 0 : waits_[random.below(open)]);
    }
    if (events_.time_us[begin] <= row.time_zero_us) look_back(row, s);
    const bool treated = row.treated;
    follow_up(row, row.x_end);
    row.treated = treated;  // a control's user may be treated in a later session
    finish(row, s);
  }

  // X, and what came before time zero.
  void look_back(Candidate& row, std::uint32_t s) {
    const auto time = events_.time_us.begin();
    row.x_end = static_cast<std::uint32_t>(
        std::upper_bound(time + sessions_.begin[s], time + sessions_.end[s], row.time_zero_us) - time);
    row.leave_out(Filter::kPriorTreatment, find_type(s, options_.treatment_type) < row.x_end);
    row.leave_out(Filter::kPriorOutcome, options_.prior == PriorOutcome::kExclude &&
                                             find_type(s, options_.outcome_type) < row.x_end);
  }

  // T and Y after time zero. `exposed`: first event of the exposure, whose items a treatment has to have.
  void follow_up(Candidate& row, std::uint32_t exposed) {
    const auto& time = events_.time_us;
    const std::int64_t t0 = row.time_zero_us, window_end = later(t0, options_.window_us);
    while (next_treatment_ < treatments_.size() && time[treatments_[next_treatment_]] <= t0) ++next_treatment_;
    while (next_outcome_ < outcomes_.size() && time[outcomes_[next_outcome_]] <= t0) ++next_outcome_;
    std::int64_t treated_us = 0;
    for (std::size_t i = next_treatment_; !row.treated && i < treatments_.size(); ++i) {
      treated_us = time[treatments_[i]];
      if (treated_us > window_end) break;
      row.treated = exposed == row.x_end || has_item(exposed, row.x_end, events_.item[treatments_[i]]);
    }
    const auto outcome_after = [&](std::size_t from, std::int64_t begin_us, std::int64_t end_us) {
      while (from < outcomes_.size() && time[outcomes_[from]] <= begin_us) ++from;
      return from < outcomes_.size() && time[outcomes_[from]] <= end_us;
    };
    row.window_outcome = outcome_after(next_outcome_, t0, window_end);
    const bool strict = options_.from == OutcomeFrom::kWindowEnd;
    const std::int64_t from = strict ? window_end : t0;
    row.outcome = outcome_after(next_outcome_, from, later(from, options_.horizon_us));
    row.leave_out(Filter::kOutcomeInWindow, strict && row.window_outcome);
    row.leave_out(Filter::kOutcomeBeforeTreatment,
                  !strict && options_.kind != IndexKind::kMatched && row.treated && outcome_after(next_outcome_, t0, treated_us - 1));
    row.censored = later(from, options_.horizon_us) > options_.data_end_us;
  }

  [[nodiscard]] bool has_item(std::uint32_t begin, std::uint32_t end, std::uint32_t item) const {
    for (std::uint32_t i = begin; i < end; ++i) {
      if (events_.type[i] == options_.exposure_type && events_.item[i] == item && item != StringPool::kNone) return true;
    }
    return false;
  }

  void finish(Candidate& row, std::uint32_t s) {
    const std::uint32_t begin = sessions_.begin[s];
    const bool of_x = options_.min_events_of == LengthOf::kX;
    const std::uint32_t least = of_x ? options_.min_events : 1;
    row.leave_out(Filter::kShortSession, !of_x && sessions_.end[s] - begin < options_.min_events);
    row.leave_out(Filter::kShortX, row.x_end - begin < least);
    row.leave_out(Filter::kCensored, row.censored && options_.censored == Censored::kDrop);
    counter_.count(row, sessions_.user[s], s);
    if (!row.left_out) append(row, s);
  }

  void append(const Candidate& row, std::uint32_t s) {
    const std::uint32_t begin = sessions_.begin[s];
    std::uint32_t count = row.x_end - begin, skipped = 0;
    std::uint32_t padding = options_.pad && count < options_.min_tokens ? options_.min_tokens - count : 0;
    if (count > options_.max_tokens) {
      if (options_.keep_last) skipped = count - options_.max_tokens;
      count = options_.max_tokens;
    }
    padding = std::min(padding, options_.max_tokens - count);
    TrialTable& table = trials_.table;
    table.user.push_back(sessions_.user[s]);
    table.number.push_back(sessions_.number[s]);
    table.history.push_back(begin);
    table.begin.push_back(begin + skipped);
    table.count.push_back(count);
    table.padding.push_back(padding);
    table.start_us.push_back(events_.time_us[begin]);
    table.treatment.push_back(row.treated);
    table.outcome.push_back(row.outcome);
    table.censored.push_back(row.censored);
    if (options_.kind == IndexKind::kSession) return;
    table.time_zero_us.push_back(row.time_zero_us);
    table.trial.push_back(++trial_);
  }

  OrderedEvents& events_;
  const Sessions& sessions_;
  const TrialOptions& options_;
  SegmentSorter sorter_;
  Trials trials_;
  Counter counter_;
  std::vector<std::int64_t> waits_;
  // Of the user at hand.
  std::optional<std::uint32_t> user_;
  std::vector<std::uint32_t> treatments_, outcomes_;  // positions, ascending
  std::size_t next_treatment_ = 0, next_outcome_ = 0; // first after time zero
  std::uint32_t trial_ = 0;                           // of the session at hand
};

std::uint8_t type_id(const std::vector<std::string>& types, const std::string& name) {
  return static_cast<std::uint8_t>(std::find(types.begin(), types.end(), name) - types.begin());
}

}  // namespace

TrialOptions trial_options(const Plan& plan, const std::vector<std::string>& types, std::int64_t data_end_us) {
  TrialOptions options;
  options.kind = plan.index.kind;
  options.treatment_type = type_id(types, plan.treatment_type);
  options.outcome_type = type_id(types, plan.outcome.type);
  options.exposure_type = type_id(types, plan.index.type);
  options.landmark_us = plan.landmark_us();
  options.window_us = plan.window_us();
  options.horizon_us = plan.horizon_us();
  options.same_item = plan.index.same_item;
  options.seed = plan.index.seed;
  options.from = plan.outcome.from;
  options.prior = plan.outcome.prior;
  options.censored = plan.outcome.censored;
  options.max_gap_us = plan.max_gap_us();
  options.data_end_us = data_end_us;
  options.min_events = plan.session.min_events;
  options.min_events_of = plan.session.min_events_of;
  options.max_tokens = plan.sequence.max_events;
  options.keep_last = plan.sequence.keep == KeepEvents::kLast;
  options.min_tokens = plan.sequence.min_events;
  options.pad = !plan.sequence.padding.empty();
  options.ties = plan.time.ties;
  return options;
}

Trials build_trials(OrderedEvents& events, const Sessions& sessions, const TrialOptions& options) {
  return Builder(events, sessions, options).build();
}

}  // namespace causal_sessions
