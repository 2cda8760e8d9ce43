#include "trial/trials.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <optional>

#include "core/elapsed.h"
#include "core/random.h"
#include "core/small_sort.h"
#include "trial/follow_up.h"

namespace causal_sessions {
namespace {

// A row that may be left out.
struct Candidate {
  std::uint32_t x_end = 0;  // one past the last event of X
  std::int64_t time_zero_us = 0;
  bool treated = false, outcome = false, censored = false;
  // For the figures of the window.
  bool window_outcome = false, window_exposure = false, treated_late = false, treated_at_once = false, treated_before = false;
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
    if (row.left_out) return;
    reached_.untreated_window_outcomes += !row.treated && row.window_outcome;
    reached_.untreated_window_outcomes_counted += !row.treated && row.window_outcome && row.outcome;
    reached_.window_holds_exposure += row.window_exposure;
    reached_.treated_after_exposure += row.treated_late;
    reached_.treated_at_once += row.treated_at_once;
    reached_.controls_after_treatment += !row.treated && row.treated_before;
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

// The delays of treated exposures, to draw from for the others; and how many were not yet treated by then.
class Delays {
 public:
  // Of an exposure that was treated after so long.
  void add_treated(std::int64_t delay_us) { delays_us_.push_back(delay_us); }
  // Of one that was not, and that could have been until so long after it.
  void add_untreated(std::int64_t free_us) { free_us_.push_back(free_us); }

  // Once all have been added.
  void finish() {
    small_sort(delays_us_.begin(), delays_us_.end(), std::less<>());
    small_sort(free_us_.begin(), free_us_.end(), std::less<>());
    fit_untreated();
    // Of those who are free at each delay, from the last one down; one whose wait ended early stands for fewer.
    std::vector<double> weights(delays_us_.size());
    double free = 0;
    for (std::size_t d = delays_us_.size(), u = free_us_.size(); d-- > 0;) {
      while (u > 0 && free_us_[u - 1] >= delays_us_[d]) free += 1 / untreated(free_us_[--u]);
      weights[d] = free == 0 ? 0 : 1 / free;
    }
    double sum = 0;
    for (const double weight : weights) sums_.push_back(sum += weight);
    free_us_ = {};
  }
  // 0 where there is none to draw.
  [[nodiscard]] std::int64_t draw(double level) const {
    if (sums_.empty() || sums_.back() <= 0) return 0;
    const auto drawn = std::upper_bound(sums_.begin(), sums_.end(), level * sums_.back());
    return delays_us_[static_cast<std::size_t>(std::min(drawn, std::prev(sums_.end())) - sums_.begin())];
  }
  // The probability with which an untreated exposure stays that was free for so long: the less time it had to be treated, the
  // surer it is to be among the untreated.
  [[nodiscard]] double stays(std::int64_t free_us) const { return untreated_.empty() ? 1 : untreated_.back() / untreated(free_us); }

 private:
  // Kaplan and Meier's share of exposures not treated by each delay, were nothing else to end their wait. A last factor of 0
  // is left out: beyond it nothing is known.
  void fit_untreated() {
    double share = 1;
    for (std::size_t d = 0; d < delays_us_.size();) {
      std::size_t next = d + 1;
      while (next < delays_us_.size() && delays_us_[next] == delays_us_[d]) ++next;
      const auto others = free_us_.end() - std::lower_bound(free_us_.begin(), free_us_.end(), delays_us_[d]);
      const double at_risk = static_cast<double>(delays_us_.size() - d) + static_cast<double>(others);
      const double stay = 1 - static_cast<double>(next - d) / at_risk;
      if (stay > 0) share *= stay;
      untreated_.resize(next, share);
      d = next;
    }
  }
  [[nodiscard]] double untreated(std::int64_t by_us) const {
    const auto later = std::upper_bound(delays_us_.begin(), delays_us_.end(), by_us);
    return later == delays_us_.begin() ? 1 : untreated_[static_cast<std::size_t>(later - delays_us_.begin()) - 1];
  }

  std::vector<std::int64_t> delays_us_, free_us_;
  std::vector<double> sums_;       // of the weights up to each delay
  std::vector<double> untreated_;  // share not treated by each delay
};

class Builder {
 public:
  Builder(OrderedEvents& events, const Sessions& sessions, const TrialSetup& setup)
      : events_(events), sessions_(sessions), setup_(setup), sorter_(setup.ties), follow_up_(events, setup) {}

  Trials build() {
    trials_.table.with_time_zero = setup_.kind != IndexKind::kSession;
    reserve();
    if (setup_.kind == IndexKind::kMatched) add_matched();
    if (aligns()) gather_delays();
    for (std::uint32_t s = 0; s < sessions_.size() && setup_.kind != IndexKind::kMatched; ++s) {
      if (setup_.kind == IndexKind::kSession) {
        // Other rules leave nothing to move in events that they have ordered once.
        if (setup_.ties == TieRule::kNumpy) sorter_.sort(events_, sessions_.begin[s], sessions_.end[s]);
      } else {
        enter_user(sessions_.user[s]);
      }
      trial_ = 0;
      switch (setup_.kind) {
        case IndexKind::kSession: add_session(s); break;
        case IndexKind::kExposure: add_exposures(s); break;
        case IndexKind::kLandmark: add_landmark(s); break;
        case IndexKind::kMatched: break;
      }
    }
    trials_.attrition = counter_.finish();
    if (!treated_delays_us_.empty()) {
      const auto usual = treated_delays_us_.begin() + static_cast<std::ptrdiff_t>((treated_delays_us_.size() * 99 + 99) / 100 - 1);
      std::nth_element(treated_delays_us_.begin(), usual, treated_delays_us_.end());
      trials_.attrition.usual_delay_us = *usual;
    }
    return std::move(trials_);
  }

 private:
  using Start = FollowUp::Start;
  using Window = FollowUp::Window;
  static constexpr std::uint32_t kNone = FollowUp::kNone;

  [[nodiscard]] bool aligns() const { return setup_.draws_delays(); }

  void reserve() {
    if (setup_.kind != IndexKind::kSession) return;  // the number of rows is not known
    TrialTable& table = trials_.table;
    for (auto* column : {&table.user, &table.number, &table.history, &table.begin, &table.count, &table.padding}) {
      column->reserve(sessions_.size());
    }
    table.start_us.reserve(sessions_.size());
    for (auto* column : {&table.treatment, &table.outcome, &table.censored}) column->reserve(sessions_.size());
  }

  // Sessions of a user follow each other.
  void enter_user(std::uint32_t user) {
    if (user_ == user) return;
    user_ = user;
    follow_up_.enter(events_.user_begin[user], events_.user_begin[user + 1]);
  }

  [[nodiscard]] bool is_donor(std::uint32_t s) const { return !setup_.part_of || setup_.part_of(sessions_.user[s]) == Part::kTrain; }

  // Random numbers of a session's row, whatever else is in the data.
  [[nodiscard]] StreamKey key_of(std::uint32_t s) {
    if (keyed_user_ != sessions_.user[s]) {
      keyed_user_ = sessions_.user[s];
      user_key_ = StreamKey{setup_.seed}.child(text_key(events_.users[sessions_.user[s]]));
    }
    return user_key_.child(sessions_.number[s]);
  }

  [[nodiscard]] std::uint32_t find_type(std::uint32_t s, std::uint8_t type) const {
    const auto first = events_.type.begin();
    return static_cast<std::uint32_t>(std::find(first + sessions_.begin[s], first + sessions_.end[s], type) - first);
  }

  // The notebook's rule.
  [[gnu::noinline]] void add_session(std::uint32_t s) {
    const std::uint32_t begin = sessions_.begin[s], end = sessions_.end[s];
    const std::uint32_t treatment = find_type(s, setup_.treatment_type);
    Candidate row;
    row.treated = treatment != end;
    row.x_end = std::max(treatment, begin + 1);  // a treatment that comes first is kept alone
    const std::uint32_t outcome = find_type(s, setup_.outcome_type);
    row.outcome = outcome != end;
    const bool prior = row.treated && outcome < treatment;
    if (prior && setup_.prior != PriorOutcome::kCount) {
      const auto first = events_.type.begin();
      row.outcome = std::find(first + treatment, first + end, setup_.outcome_type) != first + end;
    }
    row.leave_out(Filter::kPriorOutcome, prior && setup_.prior == PriorOutcome::kExclude);
    row.censored = silent_until_end(events_.time_us[end - 1]);
    finish(row, s);
  }

  using Exposure = FollowUp::Exposure;

  // What is known at an exposure of a session: whether it is eligible.
  [[nodiscard]] Candidate at_exposure(const Exposure& exposure, std::uint32_t s) const {
    const auto in_session = [&](std::uint32_t mark) { return mark != kNone && mark >= sessions_.begin[s]; };
    Candidate row;
    row.time_zero_us = exposure.start.time_us;
    row.x_end = exposure.x_end;
    row.leave_out(Filter::kPriorTreatment, in_session(exposure.last_treatment));
    row.leave_out(Filter::kPriorOutcome, setup_.prior == PriorOutcome::kExclude && in_session(exposure.last_outcome));
    look_for_washout(row, exposure.last_treatment);
    return row;
  }

  [[gnu::noinline]] void add_exposures(std::uint32_t s) {
    follow_up_.each_exposure(sessions_.begin[s], sessions_.end[s], [&](const Exposure& exposure) {
      Candidate row = at_exposure(exposure, s);
      const Start& start = exposure.start;
      const Window window = follow_up_.window(exposure);
      std::uint32_t treatment = follow_up_.treatment(start, window);
      if (aligns() && !comes_first(exposure, treatment)) treatment = kNone;
      if (aligns()) align(row, exposure, treatment, s);
      follow(row, window, treatment);
      row.treated_at_once = treatment != kNone && events_.time_us[treatment] == start.time_us;
      row.censored |= later(start.time_us, setup_.window.us) > setup_.data_end_us;
      if (treatment != kNone && !aligns() && (!row.left_out || *row.left_out == Filter::kOutcomeBeforeTreatment)) {
        treated_delays_us_.push_back(elapsed_us(follow_up_.last_exposure_us(treatment), events_.time_us[treatment]));
      }
      finish(row, s);
    });
  }

  // The last delay at which an exposure could still be treated, at least 0: nothing that ends the wait has happened by
  // then. A treatment that is none of T's ends it too. One in the instant of the next exposure would be that one's, so the
  // next exposure must be later than the instant after the delay, where a treated row has its treatment.
  [[nodiscard]] std::int64_t free_us(const Exposure& exposure) const {
    const auto until = [&](std::uint32_t mark) { return elapsed_us(exposure.start.time_us, events_.time_us[mark]); };
    std::int64_t free = setup_.window.us;
    const std::uint32_t first = std::min(exposure.next_treatment, exposure.next_outcome);
    if (first != kNone) free = std::min(free, until(first) - 1);
    if (exposure.next_exposure != kNone) free = std::min(free, until(exposure.next_exposure) - 2);
    return std::max<std::int64_t>(free, 0);
  }

  // Whether nothing ends the wait for a treatment before it comes.
  [[nodiscard]] static bool comes_first(const Exposure& exposure, std::uint32_t treatment) {
    return treatment != kNone && exposure.next_treatment == treatment && exposure.next_outcome > treatment;
  }

  // From an exposure to the microsecond before its treatment.
  [[nodiscard]] std::int64_t delay_us(const Start& start, std::uint32_t treatment) const {
    return std::max<std::int64_t>(elapsed_us(start.time_us, events_.time_us[treatment]) - 1, 0);
  }

  void gather_delays() {
    for (std::uint32_t s = 0; s < sessions_.size(); ++s) {
      if (!is_donor(s)) continue;
      enter_user(sessions_.user[s]);
      follow_up_.each_exposure(sessions_.begin[s], sessions_.end[s], [&](const Exposure& exposure) {
        if (at_exposure(exposure, s).left_out) return;
        const std::uint32_t treatment = follow_up_.treatment(exposure.start, follow_up_.window(exposure));
        if (comes_first(exposure, treatment)) {
          delays_.add_treated(delay_us(exposure.start, treatment));
        } else {
          delays_.add_untreated(free_us(exposure));
        }
      });
    }
    delays_.finish();
    user_.reset();
  }

  // Moves time zero from the exposure to the treatment, or by a delay like those of the treated.
  void align(Candidate& row, const Exposure& exposure, std::uint32_t treatment, std::uint32_t s) {
    const Start& start = exposure.start;
    std::int64_t delay = 0;
    if (treatment != kNone) {
      delay = delay_us(start, treatment);
    } else {
      Xoshiro256 random(key_of(s).child(static_cast<std::uint64_t>(start.time_us)));
      const std::int64_t free = free_us(exposure);
      delay = delays_.draw(random.uniform());
      if (delay > free) {
        const bool over = exposure.next_exposure != kNone && elapsed_us(start.time_us, events_.time_us[exposure.next_exposure]) - 2 < delay;
        row.leave_out(over ? Filter::kNextExposure : Filter::kEventBeforeTimeZero, true);
      } else {
        row.leave_out(Filter::kThinned, random.uniform() >= delays_.stays(free));
      }
    }
    row.time_zero_us = later(start.time_us, delay);
    const std::uint32_t end = std::min(sessions_.end[s], treatment);
    while (delay > 0 && row.x_end < end && events_.time_us[row.x_end] <= row.time_zero_us) ++row.x_end;
  }

  void add_landmark(std::uint32_t s) {
    Candidate row;
    row.time_zero_us = later(events_.time_us[sessions_.begin[s]], setup_.landmark.us);
    look_back(row, s);
    const std::int64_t silence = row.time_zero_us - events_.time_us[row.x_end - 1];
    row.leave_out(Filter::kSessionOver, silence > setup_.session.max_gap.us);
    look_for_washout(row, follow_up_.last_treatment(row.x_end));
    const Start start{row.time_zero_us, row.x_end, 0, 0};
    const Window window = follow_up_.window(start);
    follow(row, window, follow_up_.treatment(start, window));
    row.censored |= later(row.time_zero_us, setup_.window.us) > setup_.data_end_us;
    finish(row, s);
  }

  // A session from one of its exposures on: one that a treated one may be compared with.
  struct AtRisk {
    std::uint64_t key;        // they are passed in its order
    std::int64_t age_us;      // of the session at the exposure
    std::int64_t until_us;    // after the exposure; from then on no more
    std::uint32_t session, x_end;
    std::int64_t exposure_us;
    std::uint32_t last_treatment;  // of the user, in an earlier session
  };
  struct MatchedRow {
    std::uint32_t session, x_end;
    std::int64_t time_zero_us;
    std::uint32_t treatment;  // kNone: a control
    std::int64_t exposure_us = 0;
    std::size_t exposures = 0;
  };

  // Those at risk by their number of exposures, and the treated.
  void gather_risk_sets() {
    for (std::uint32_t s = 0; s < sessions_.size(); ++s) {
      enter_user(sessions_.user[s]);
      const std::uint32_t begin = sessions_.begin[s], end = sessions_.end[s];
      const std::uint32_t treatment = find_type(s, setup_.treatment_type), outcome = find_type(s, setup_.outcome_type);
      std::int64_t over_us = later(later(events_.time_us[end - 1], setup_.session.max_gap.us), 1);
      if (treatment != end) over_us = std::min(over_us, events_.time_us[treatment]);
      if (outcome != end && setup_.prior == PriorOutcome::kExclude) over_us = std::min(over_us, events_.time_us[outcome]);
      const std::uint64_t key = key_of(s).value;
      MatchedRow treated{s, begin, treatment == end ? 0 : events_.time_us[treatment] - 1, treatment};
      follow_up_.each_exposure(begin, end, [&](const Exposure& at) {
        if (at.last_treatment != kNone && at.last_treatment >= begin) return;
        const Start& exposure = at.start;
        if (treated.exposures != 0) {
          AtRisk& before = risk_sets_[treated.exposures - 1].back();
          before.until_us = std::min(before.until_us, elapsed_us(before.exposure_us, exposure.time_us));
        }
        if (++treated.exposures > risk_sets_.size()) risk_sets_.emplace_back();
        const std::int64_t until = over_us > exposure.time_us ? elapsed_us(exposure.time_us, over_us) : 0;
        risk_sets_[treated.exposures - 1].push_back({key, elapsed_us(events_.time_us[begin], exposure.time_us), until, s, at.x_end, exposure.time_us,
                                                     follow_up_.last_treatment(begin)});
        treated.x_end = at.x_end;
        treated.exposure_us = exposure.time_us;
        treated.time_zero_us = std::max(treated.time_zero_us, exposure.time_us);
      });
      if (treatment != end) matched_.push_back(treated);
    }
    for (std::vector<AtRisk>& set : risk_sets_) {
      small_sort(set.begin(), set.end(), [](const AtRisk& a, const AtRisk& b) { return a.key != b.key ? a.key < b.key : a.session < b.session; });
    }
    user_.reset();
  }

  // Whether one at risk may be compared with a treated one, `waited_us` after the exposure of each.
  [[nodiscard]] bool fits(const AtRisk& other, const MatchedRow& treated, std::int64_t waited_us) const {
    constexpr std::int64_t kMinute = 60'000'000;
    const std::uint32_t user = sessions_.user[treated.session], other_user = sessions_.user[other.session];
    const std::int64_t age = elapsed_us(events_.time_us[sessions_.begin[treated.session]], treated.exposure_us);
    const std::int64_t apart = other.age_us > age ? other.age_us - age : age - other.age_us;
    if (waited_us >= other.until_us || user == other_user || apart > std::max(age / 10, kMinute)) return false;
    if (setup_.part_of && setup_.part_of(other_user) != setup_.part_of(user)) return false;
    return other.last_treatment == kNone || setup_.washout.us == 0 ||
           elapsed_us(events_.time_us[other.last_treatment], later(other.exposure_us, waited_us)) > setup_.washout.us;
  }

  // Rows of a treated session's controls, the first ones that fit from a hash on.
  bool draw_controls(const MatchedRow& treated, std::vector<MatchedRow>& drawn) {
    if (treated.exposures == 0) return false;
    const std::vector<AtRisk>& set = risk_sets_[treated.exposures - 1];
    const std::int64_t waited = elapsed_us(treated.exposure_us, treated.time_zero_us);
    const std::uint64_t from = key_of(treated.session).child(1).value;
    const auto first = std::lower_bound(set.begin(), set.end(), from, [](const AtRisk& one, std::uint64_t key) { return one.key < key; });
    const auto begin = static_cast<std::size_t>(first - set.begin());
    std::uint32_t found = 0;
    for (std::size_t i = 0; i < set.size() && found < setup_.controls; ++i) {
      const AtRisk& other = set[(begin + i) % set.size()];
      if (!fits(other, treated, waited)) continue;
      drawn.push_back({other.session, other.x_end, later(other.exposure_us, waited), kNone});
      ++found;
    }
    return found != 0;
  }

  void add_matched() {
    gather_risk_sets();
    std::vector<MatchedRow> controls;
    std::vector<bool> has_control;
    for (const MatchedRow& treated : matched_) has_control.push_back(draw_controls(treated, controls));
    std::vector<MatchedRow> rows = matched_;
    rows.insert(rows.end(), controls.begin(), controls.end());
    std::vector<std::uint32_t> order(rows.size());
    std::iota(order.begin(), order.end(), 0u);
    small_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      const MatchedRow &one = rows[a], &other = rows[b];
      if (one.session != other.session) return one.session < other.session;
      return one.time_zero_us != other.time_zero_us ? one.time_zero_us < other.time_zero_us : a < b;
    });
    std::uint32_t session = kNone;
    for (const std::uint32_t i : order) {
      const MatchedRow& at = rows[i];
      if (at.session != session) trial_ = 0;
      session = at.session;
      enter_user(sessions_.user[session]);
      Candidate row;
      row.x_end = at.x_end;
      row.time_zero_us = at.time_zero_us;
      if (at.treatment != kNone) {
        row.leave_out(Filter::kNoMatch, !has_control[i]);
        row.leave_out(Filter::kPriorOutcome, setup_.prior == PriorOutcome::kExclude && find_type(session, setup_.outcome_type) < at.treatment);
      }
      look_for_washout(row, follow_up_.last_treatment(at.treatment == kNone ? at.x_end : at.treatment));
      follow(row, follow_up_.window(Start{at.time_zero_us, at.x_end, 0, 0}), at.treatment);
      finish(row, session);
    }
  }

  // X, and what came before time zero.
  void look_back(Candidate& row, std::uint32_t s) {
    const auto time = events_.time_us.begin();
    row.x_end = static_cast<std::uint32_t>(
        std::upper_bound(time + sessions_.begin[s], time + sessions_.end[s], row.time_zero_us) - time);
    row.leave_out(Filter::kPriorTreatment, find_type(s, setup_.treatment_type) < row.x_end);
    row.leave_out(Filter::kPriorOutcome, setup_.prior == PriorOutcome::kExclude &&
                                             find_type(s, setup_.outcome_type) < row.x_end);
  }

  // `last`: the last treatment of the user before the row's X ends, in an earlier session too.
  void look_for_washout(Candidate& row, std::uint32_t last) const {
    if (last == kNone || events_.time_us[last] > row.time_zero_us) return;
    const std::int64_t ago = elapsed_us(events_.time_us[last], row.time_zero_us);
    row.leave_out(Filter::kWashout, setup_.washout.us != 0 && ago <= setup_.washout.us);
    row.treated_before = ago <= setup_.horizon.us;
  }

  // T and Y after time zero.
  void follow(Candidate& row, const Window& window, std::uint32_t treatment) {
    const std::int64_t t0 = row.time_zero_us;
    const bool strict = setup_.from == OutcomeFrom::kWindowEnd, matched = setup_.kind == IndexKind::kMatched;
    row.treated = treatment != kNone;
    row.outcome = follow_up_.outcome(row.x_end, t0) != kNone;
    const std::uint32_t inside = follow_up_.outcome_in_window(row.x_end, t0, window);
    row.window_outcome = inside != kNone;
    row.window_exposure = window.holds_exposure && setup_.window_ends == WindowEnds::kWindow && !matched;
    row.treated_late = row.treated && row.window_exposure && window.next_exposure < treatment;
    row.leave_out(Filter::kOutcomeInWindow, strict && row.window_outcome);
    row.leave_out(Filter::kOutcomeBeforeTreatment, !strict && !aligns() && !matched && row.treated && inside < treatment);
    row.censored = follow_up_.outcomes_until_us(t0) > setup_.data_end_us;
  }

  [[nodiscard]] bool silent_until_end(std::int64_t last_us) const {
    return last_us > setup_.data_end_us || elapsed_us(last_us, setup_.data_end_us) <= setup_.session.max_gap.us;
  }

  void look_at_length(Candidate& row, std::uint32_t s) {
    const std::uint32_t begin = sessions_.begin[s];
    const bool of_x = setup_.session.min_events_of == LengthOf::kX;
    const std::uint32_t least = of_x ? setup_.session.min_events : 1;
    row.leave_out(Filter::kShortSession, !of_x && sessions_.end[s] - begin < setup_.session.min_events);
    row.leave_out(Filter::kShortX, row.x_end - begin < least);
  }

  void finish(Candidate& row, std::uint32_t s) {
    look_at_length(row, s);
    row.leave_out(Filter::kCensored, row.censored && setup_.censored == Censored::kDrop);
    counter_.count(row, sessions_.user[s], s);
    if (!row.left_out) append(row, s);
  }

  void append(const Candidate& row, std::uint32_t s) {
    const std::uint32_t begin = sessions_.begin[s];
    std::uint32_t count = row.x_end - begin, skipped = 0;
    std::uint32_t padding = !setup_.sequence.padding.empty() && count < setup_.sequence.min_events ? setup_.sequence.min_events - count : 0;
    if (count > setup_.sequence.max_events) {
      if (setup_.sequence.keep == KeepEvents::kLast) skipped = count - setup_.sequence.max_events;
      count = setup_.sequence.max_events;
    }
    padding = std::min(padding, setup_.sequence.max_events - count);
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
    if (setup_.kind == IndexKind::kSession) return;
    table.time_zero_us.push_back(row.time_zero_us);
    table.history_end.push_back(row.x_end);
    table.trial.push_back(++trial_);
  }

  OrderedEvents& events_;
  const Sessions& sessions_;
  const TrialSetup& setup_;
  SegmentSorter sorter_;
  Trials trials_;
  Counter counter_;
  Delays delays_;
  std::vector<std::int64_t> treated_delays_us_;  // after the last exposure
  std::vector<std::vector<AtRisk>> risk_sets_;  // by number of exposures, from 1
  std::vector<MatchedRow> matched_;             // the treated ones
  FollowUp follow_up_;
  std::optional<std::uint32_t> user_;        // entered
  std::optional<std::uint32_t> keyed_user_;  // whose key is this:
  StreamKey user_key_;
  std::uint32_t trial_ = 0;            // of the session at hand
};

}  // namespace

Trials build_trials(OrderedEvents& events, const Sessions& sessions, const TrialSetup& setup) {
  return Builder(events, sessions, setup).build();
}

}  // namespace causal_sessions
