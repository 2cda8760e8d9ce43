// Ledger: the notebook's table, repaired one thing at a time until it is the causal one, whatever the plan is.
//
// The steps add up: duplicates, ties, gap, time zero, minimum length, padding, which events are kept. The end is the
// plan's own where its profile is "causal" or it has a time zero, else the defaults of that profile; where no event has
// the type of its exposures, a landmark. Rows are built as a run builds them; no tokens are made.
//
// Needs:   start(): events ordered by TieRule::kNumpy, which are sorted once more as the notebook does; finish(): by
//          kPriority, with their users' texts; these lose their duplicates.
// Cost:    four times rows, four times sessions, each linear.
#pragma once

#include <deque>
#include <functional>
#include <utility>

#include "audit/audit.h"

namespace causal_sessions {

// The sessions of one set of events; the order of ties does not change them.
class SessionCache {
 public:
  explicit SessionCache(const Workers& workers) : workers_(workers) {}
  const Sessions& of(const OrderedEvents& events, const SessionOptions& options);
  void clear() { entries_.clear(); }

 private:
  struct Entry {
    SessionOptions options;
    Sessions sessions;
  };
  const Workers& workers_;
  std::deque<Entry> entries_;
};

class Ledger {
 public:
  // `sessions`: of the events, whatever the order of their ties.
  Ledger(const Run& run, const OrderedEvents& events, SessionCache& sessions);

  void start(OrderedEvents& numpy_order);
  // `unique`: it is known that there are no duplicates. `numpy_order` gives such events again; called if there are some.
  void finish(OrderedEvents& priority_order, bool unique, const std::function<OrderedEvents()>& numpy_order);

  // Once finished.
  [[nodiscard]] LedgerAudit finished() { return std::move(audit_); }

 private:
  using Step = LedgerAudit::Step;
  [[nodiscard]] const Sessions& sessions(const OrderedEvents& events);
  [[nodiscard]] Trials build(OrderedEvents& events, TieRule ties);
  // `counted`: whether a row is; nullptr: all are.
  void add(Step step, const OrderedEvents& events, const TrialTable& table, const std::vector<bool>* counted = nullptr);
  void repeat(Step step);
  // `long_enough`: which rows the rule of length keeps.
  [[nodiscard]] TrialTable add_time_zero_and_length(OrderedEvents& events, std::vector<bool>& long_enough);

  Plan end_;   // what the steps lead to
  Plan plan_;  // as far as they have come
  std::int64_t data_end_us_;
  const Workers& workers_;
  SessionCache* sessions_;
  LedgerAudit audit_;
};

}  // namespace causal_sessions
