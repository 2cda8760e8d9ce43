#include "audit/ledger.h"

#include <algorithm>

#include "core/ranges.h"
#include "session/duplicates.h"
#include "split/split.h"
#include "trial/rules.h"

namespace causal_sessions {
namespace {

Plan end_of(const Plan& plan, const OrderedEvents& events) {
  Plan end = plan.profile == "causal" ? plan : *default_plan("causal");
  const bool timed = rule_of(plan.trial.kind).time_zero;
  const TrialOptions causal = end.trial;
  end.trial = plan.trial;
  if (!timed) {
    const std::uint8_t type = type_id(events.types, plan.trial.exposure);
    const bool exposures = plan.trial.exposure != plan.trial.treatment && plan.trial.exposure != plan.trial.outcome &&
                           std::find(events.type.begin(), events.type.end(), type) != events.type.end();
    end.trial.kind = exposures ? IndexKind::kExposure : IndexKind::kLandmark;
    end.trial.from = causal.from;
    end.trial.prior = causal.prior;
    end.trial.censored = causal.censored;
    end.trial.window_ends = causal.window_ends;
    end.trial.grace = exposures ? causal.grace : GracePeriod::kExclude;
    end.trial.washout = plan.trial.horizon;
  }
  return end;
}

// The sessions that rows are of, by their first events.
class SessionLengths {
 public:
  explicit SessionLengths(const Sessions& sessions) : sessions_(sessions) {}
  // Of the session that begins with an event; asked in the order of rows.
  std::uint32_t of(std::uint32_t begin) {
    while (sessions_.begin[at_] != begin) ++at_;
    return sessions_.end[at_] - begin;
  }

 private:
  const Sessions& sessions_;
  std::size_t at_ = 0;
};

// What a step of the ledger tells of its rows.
struct StepCounts {
  Arms arms;
  ScoreCounts length, padding;
  std::uint64_t outcomes = 0, outcomes_in_x = 0;  // of rows with T = 0 and Y = 1

  void add(const OrderedEvents& events, const TrialTable& table, std::size_t row, std::uint8_t outcome_type) {
    const bool treated = table.treatment[row] != 0;
    arms.add(treated, table.outcome[row] != 0);
    length.add(table.length(row), treated);
    padding.add(table.padding[row], treated);
    if (treated || table.outcome[row] == 0) return;
    ++outcomes;
    std::uint32_t i = 0;
    while (i < table.count[row] && events.type[table.event_of_x(row, i)] != outcome_type) ++i;
    outcomes_in_x += i != table.count[row];
  }
  void add(const StepCounts& others) {
    arms.add(others.arms);
    length.add(others.length);
    padding.add(others.padding);
    outcomes += others.outcomes;
    outcomes_in_x += others.outcomes_in_x;
  }
};

}  // namespace

const Sessions& SessionCache::of(const OrderedEvents& events, const SessionOptions& options) {
  for (const Entry& entry : entries_) {
    const SessionOptions& known = entry.options;
    if (known.max_gap == options.max_gap && known.max_length == options.max_length && known.min_events == options.min_events) {
      return entry.sessions;
    }
  }
  return entries_.emplace_back(options, sessionize(events, options, workers_)).sessions;
}

Ledger::Ledger(const Run& run, const OrderedEvents& events, SessionCache& sessions)
    : end_(end_of(run.plan, events)), data_end_us_(run.data_end_us), workers_(run.workers), sessions_(&sessions) {
  plan_.trial.treatment = run.plan.trial.treatment;
  plan_.trial.outcome = run.plan.trial.outcome;
  audit_.end = end_.trial.kind;
}

const Sessions& Ledger::sessions(const OrderedEvents& events) { return sessions_->of(events, session_options(plan_)); }

Trials Ledger::build(OrderedEvents& events, TieRule ties) {
  TrialSetup setup = trial_setup(plan_, events.types, data_end_us_);
  setup.ties = ties;
  if (end_.split.kind == SplitKind::kHash) {
    setup.part_of = [&](std::uint32_t user) { return part_by_hash(events.users[user], end_.split); };
  }
  return build_trials(events, sessions(events), setup, workers_);
}

void Ledger::add(Step step, const OrderedEvents& events, const TrialTable& table, const std::vector<bool>* counted) {
  const TrialSetup setup = trial_setup(plan_, events.types, data_end_us_);
  const std::vector<IndexRange> ranges = cut_evenly(table.rows(), workers_);
  std::vector<StepCounts> counts(ranges.size());
  workers_.each(ranges.size(), [&](std::size_t i) {
    for (std::uint32_t row = ranges[i].begin; row < ranges[i].end; ++row) {
      if (counted == nullptr || (*counted)[row]) counts[i].add(events, table, row, setup.outcome_type);
    }
  });
  StepCounts& all = counts.front();
  for (std::size_t i = 1; i < counts.size(); ++i) all.add(counts[i]);
  step.arms = all.arms;
  step.length_smd = all.length.smd();
  step.auc_length = all.length.auc();
  step.auc_padding = all.padding.auc();
  step.outcome_in_x = share_of(all.outcomes_in_x, all.outcomes);
  audit_.steps.push_back(std::move(step));
}

void Ledger::repeat(Step step) {
  const Step& same = audit_.steps.back();
  step.arms = same.arms;
  step.length_smd = same.length_smd;
  step.auc_length = same.auc_length;
  step.auc_padding = same.auc_padding;
  step.outcome_in_x = same.outcome_in_x;
  audit_.steps.push_back(std::move(step));
}

void Ledger::start(OrderedEvents& numpy_order) {
  const Trials trials = build(numpy_order, TieRule::kNumpy);
  add({"notebook", nullptr, nullptr}, numpy_order, trials.table);
}

void Ledger::finish(OrderedEvents& events, bool unique, const std::function<OrderedEvents()>& numpy_order) {
  const Step drop = {"duplicates", "events.duplicates", "drop"};
  if (!unique) audit_.duplicates = drop_duplicates(events, workers_);
  if (audit_.duplicates == 0) {
    repeat(drop);
  } else {
    sessions_->clear();
    OrderedEvents again = numpy_order();
    drop_duplicates(again, workers_);
    const Trials trials = build(again, TieRule::kNumpy);
    add(drop, again, trials.table);
  }
  // From here on equal times stand by priority, and no row's rule moves them.
  const auto build_and_add = [&](const Step& step) {
    Trials trials = build(events, TieRule::kInput);
    add(step, events, trials.table);
    return trials;
  };
  build_and_add({"ties", "time.ties", "priority"});
  plan_.session.max_gap = end_.session.max_gap;
  plan_.session.max_length = end_.session.max_length;
  build_and_add({"gap", "session.gapHours", end_.session.max_gap.given});
  plan_.trial = end_.trial;
  std::vector<bool> long_enough;
  TrialTable table = add_time_zero_and_length(events, long_enough);
  plan_.sequence.padding.clear();
  std::fill(table.padding.begin(), table.padding.end(), 0u);
  bool cut = false;
  for (std::size_t r = 0; r < table.rows(); ++r) cut |= long_enough[r] && table.count[r] == plan_.sequence.max_events;
  add({"padding", "sequence.padding", nullptr}, events, table, &long_enough);
  plan_.sequence.keep = KeepEvents::kLast;
  const Step last = {"keepLast", "sequence.keep", "last"};
  if (cut || plan_.sequence.max_events != end_.sequence.max_events) {
    plan_.sequence.max_events = end_.sequence.max_events;
    build_and_add(last);
  } else {
    repeat(last);
  }
}

// Both steps are read from one table where a row does not depend on which others there are.
TrialTable Ledger::add_time_zero_and_length(OrderedEvents& events, std::vector<bool>& long_enough) {
  const Step time_zero = {"timeZero", "index.kind", std::string(rule_of(plan_.trial.kind).name)},
             length = {"minimumLength", "session.minEventsOf", "x"};
  const std::uint32_t least_of_session = plan_.session.min_events;
  const bool draws_controls = rule_of(plan_.trial.kind).controls;
  if (draws_controls) {
    const Trials trials = build(events, TieRule::kInput);
    add(time_zero, events, trials.table);
  }
  plan_.session.min_events_of = LengthOf::kX;
  plan_.session.min_events = draws_controls ? end_.session.min_events : 1;
  TrialTable table = build(events, TieRule::kInput).table;
  if (!draws_controls) {
    std::vector<bool> counted(table.rows());
    SessionLengths lengths(sessions(events));
    for (std::size_t r = 0; r < table.rows(); ++r) counted[r] = lengths.of(table.history[r]) >= least_of_session;
    add(time_zero, events, table, &counted);
  }
  plan_.session.min_events = end_.session.min_events;
  long_enough.resize(table.rows());
  for (std::size_t r = 0; r < table.rows(); ++r) {
    const std::uint32_t events_of_x = table.is_listed(r) ? table.count[r] : table.history_end[r] - table.history[r];
    long_enough[r] = events_of_x >= plan_.session.min_events;
  }
  add(length, events, table, &long_enough);
  return table;
}

}  // namespace causal_sessions
