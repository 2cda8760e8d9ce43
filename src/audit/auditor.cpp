#include "audit/auditor.h"

#include "audit/findings.h"
#include "audit/ledger.h"
#include "audit/ties.h"
#include "audit/topics.h"
#include "core/ranges.h"
#include "session/duplicates.h"
#include "trial/rules.h"

namespace causal_sessions {
namespace {

// Without the texts.
OrderedEvents copy_of(const OrderedEvents& events, const Workers& workers) {
  OrderedEvents copy;
  workers.all({[&] { copy.time_us = events.time_us; }, [&] { copy.item = events.item; },
               [&] { copy.input_rank = events.input_rank; }, [&] { copy.type = events.type; },
               [&] { copy.user_begin = events.user_begin; }});
  copy.types = events.types;
  copy.known_us = events.known_us;
  return copy;
}

// Brings one copy of the events into the order of each rule, for the ties and for the ledger. The ties are those that the
// run meets: without the duplicates that it drops, which the ledger still counts.
class Orders {
 public:
  // `seen`: the events, or what is left of them without `dropped` duplicates.
  Orders(const Run& run, OrderedEvents& events, const OrderedEvents& seen, bool dropped, const TrialSetup& setup,
         SessionCache& sessions)
      : plan_(run.plan), workers_(run.workers), events_(events), setup_(setup), dropped_(dropped),
        tied_(dropped ? count_tied(seen) : events.tied), size_(seen.size()) {
    const SessionOptions of_sessions = session_options(plan_);
    sessions_ = dropped ? sessionize(seen, of_sessions, workers_) : sessions.of(events, of_sessions);
  }

  void run(Ledger& ledger) {
    OrderedEvents copy = numpy_order();
    const bool sorts_sessions = !rule_of(plan_.trial.kind).time_zero;
    if (!sorts_sessions || dropped_) mark(TieRule::kNumpy, copy);
    ledger.start(copy);  // sorts the notebook's sessions once more
    if (sorts_sessions && !dropped_) {
      const bool same = plan_.session.max_gap.us == Plan().session.max_gap.us && !plan_.session.max_length;
      if (!same) {
        copy = numpy_order();
        sort_sessions(copy);
      }
      mark(TieRule::kNumpy, copy);
    }
    reorder_ties(copy, TieRule::kInput, workers_);
    mark(TieRule::kInput, copy);
    reorder_ties(copy, TieRule::kPriority, workers_);
    mark(TieRule::kPriority, copy);
    copy.users = events_.users;
    const bool unique = plan_.order.duplicates == Duplicates::kDrop && !dropped_;
    ledger.finish(copy, unique, [&] { return numpy_order(); });
  }

  [[nodiscard]] TiesAudit ties() const {
    TiesAudit audit{plan_.order.ties, tied_, size_, sessions_.size(), {}};
    const auto own = static_cast<std::size_t>(audit.rule);
    for (std::size_t rule = 0; rule < marks_.size(); ++rule) {
      if (rule != own) audit.under.push_back(compare_marks(marks_[own], static_cast<TieRule>(rule), marks_[rule]));
    }
    return audit;
  }

 private:
  [[nodiscard]] OrderedEvents numpy_order() const {
    return plan_.order.ties == TieRule::kNumpy ? copy_of(events_, workers_) : order_again(events_, TieRule::kNumpy, workers_);
  }
  // Once more, as the notebook's rule does.
  void sort_sessions(OrderedEvents& events) const {
    const std::vector<IndexRange> ranges = cut_evenly(sessions_.size(), workers_);
    workers_.each(ranges.size(), [&](std::size_t i) {
      SegmentSorter sorter(TieRule::kNumpy);
      for (std::uint32_t s = ranges[i].begin; s < ranges[i].end; ++s) sorter.sort(events, sessions_.begin[s], sessions_.end[s]);
    });
  }
  void mark(TieRule rule, const OrderedEvents& events) {
    std::vector<TieMark>& marks = marks_[static_cast<std::size_t>(rule)];
    if (!dropped_) {
      marks = mark_sessions(events, sessions_, setup_, workers_);
      return;
    }
    OrderedEvents seen = copy_of(events, workers_);
    drop_duplicates(seen, workers_);
    if (rule == TieRule::kNumpy && !rule_of(plan_.trial.kind).time_zero) sort_sessions(seen);
    marks = mark_sessions(seen, sessions_, setup_, workers_);
  }

  const Plan& plan_;
  const Workers& workers_;
  OrderedEvents& events_;
  const TrialSetup& setup_;
  const bool dropped_;
  const std::uint64_t tied_;
  const std::size_t size_;
  Sessions sessions_;
  std::array<std::vector<TieMark>, 3> marks_;
};

EventCounts count_types(const OrderedEvents& events) {
  std::vector<std::uint64_t> counts(256);
  for (const std::uint8_t type : events.type) ++counts[type];
  EventCounts audit{events.size(), events.user_begin.size() - 1, {}};
  for (std::size_t type = 0; type < events.types.size(); ++type) audit.by_type.emplace_back(events.types[type], counts[type]);
  return audit;
}

}  // namespace

void look_at_events(Run& run, Audit& audit) {
  OrderedEvents& events = run.events;
  const TrialSetup setup = run.setup();
  OrderedEvents unique;
  bool dropped = false;
  if (run.plan.order.duplicates == Duplicates::kDrop) {
    unique = copy_of(events, run.workers);
    dropped = drop_duplicates(unique, run.workers) != 0;
  }
  const OrderedEvents& seen = dropped ? unique : events;
  audit.events = count_types(seen);
  audit.gaps = audit_gaps(seen, setup, run.workers);
  SessionCache sessions(run.workers);
  Ledger ledger(run, events, sessions);
  Orders orders(run, events, seen, dropped, setup, sessions);
  orders.run(ledger);
  audit.ties = orders.ties();
  audit.ledger = ledger.finished();
  if (events.values == nullptr) events.input_rank = {};
}

void look_at_rows(Run& run, Audit& audit) {
  audit.profile = run.plan.profile;
  audit.kind = run.plan.trial.kind;
  audit.control = ControlName(run.plan.trial);
  audit.notices = run.notices;
  audit.late = run.late;
  audit.attrition = audit_attrition(run);  // which may move ties, so it goes before the others
  BalanceAudit balance;
  run.workers.all({[&] { balance = audit_balance(run); }, [&] { audit.leakage = audit_leakage(run); },
                   [&] { audit.delays = audit_delays(run); }, [&] { audit.split = audit_split(run); },
                   [&] { audit.vocabulary = audit_vocabulary(run); }, [&] { audit.window = audit_window(run); },
                   [&] { audit.lengths = audit_lengths(run.trials.table); }});
  audit.balance = std::move(balance.rows);
  audit.overlap = balance.overlap;
  audit.findings = find_problems(audit, run.plan);
}

}  // namespace causal_sessions
