#include "audit/audit.h"

#include "audit/findings.h"
#include "audit/gaps.h"
#include "audit/ledger.h"
#include "audit/ties.h"
#include "plan/choices.h"
#include "report/notices_json.h"
#include "session/duplicates.h"
#include "trial/rules.h"

namespace causal_sessions {
namespace {

// Without the texts.
OrderedEvents copy_of(const OrderedEvents& events) {
  OrderedEvents copy;
  copy.user_begin = events.user_begin;
  copy.time_us = events.time_us;
  copy.type = events.type;
  copy.item = events.item;
  copy.input_rank = events.input_rank;
  copy.types = events.types;
  return copy;
}

// Brings one copy of the events into the order of each rule, for the ties and for the ledger. The ties are those that the
// run meets: without the duplicates that it drops, which the ledger still counts.
class Orders {
 public:
  // `seen`: the events, or what is left of them without `dropped` duplicates.
  Orders(const Plan& plan, OrderedEvents& events, const OrderedEvents& seen, bool dropped, const TrialSetup& setup, SessionCache& sessions)
      : plan_(plan), events_(events), setup_(setup), dropped_(dropped), tied_(dropped ? count_tied(seen) : events.tied), size_(seen.size()) {
    const SessionOptions of_sessions = session_options(plan);
    sessions_ = dropped ? sessionize(seen, of_sessions) : sessions.of(events, of_sessions);
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
    reorder_ties(copy, TieRule::kInput);
    mark(TieRule::kInput, copy);
    reorder_ties(copy, TieRule::kPriority);
    mark(TieRule::kPriority, copy);
    copy.users = events_.users;
    const bool unique = plan_.order.duplicates == Duplicates::kDrop && !dropped_;
    ledger.finish(copy, unique, [&] { return numpy_order(); });
  }

  [[nodiscard]] Json ties() const {
    Json under = Json::array();
    const auto own = static_cast<std::size_t>(plan_.order.ties);
    for (std::size_t rule = 0; rule < marks_.size(); ++rule) {
      if (rule == own) continue;
      Json entry = Fields().text("rule", rule_name(rule)).done();
      entry.update(compare_marks(marks_[own], marks_[rule]));
      under.push_back(std::move(entry));
    }
    return Fields()
        .text("rule", rule_name(own))
        .count("tiedEvents", tied_)
        .share("tiedShare", tied_, size_)
        .count("sessions", sessions_.size())
        .put("under", std::move(under))
        .done();
  }

 private:
  [[nodiscard]] static std::string rule_name(std::size_t rule) {
    return std::string(name_of(kTieRules, static_cast<TieRule>(rule)));
  }
  [[nodiscard]] OrderedEvents numpy_order() const {
    return plan_.order.ties == TieRule::kNumpy ? copy_of(events_) : order_again(events_, TieRule::kNumpy);
  }
  // Once more, as the notebook's rule does.
  void sort_sessions(OrderedEvents& events) const {
    SegmentSorter sorter(TieRule::kNumpy);
    for (std::size_t s = 0; s < sessions_.size(); ++s) sorter.sort(events, sessions_.begin[s], sessions_.end[s]);
  }
  void mark(TieRule rule, const OrderedEvents& events) {
    std::vector<TieMark>& marks = marks_[static_cast<std::size_t>(rule)];
    if (!dropped_) {
      marks = mark_sessions(events, sessions_, setup_);
      return;
    }
    OrderedEvents seen = copy_of(events);
    drop_duplicates(seen);
    if (rule == TieRule::kNumpy && !rule_of(plan_.trial.kind).time_zero) sort_sessions(seen);
    marks = mark_sessions(seen, sessions_, setup_);
  }

  const Plan& plan_;
  OrderedEvents& events_;
  const TrialSetup& setup_;
  const bool dropped_;
  const std::uint64_t tied_;
  const std::size_t size_;
  Sessions sessions_;
  std::array<std::vector<TieMark>, 3> marks_;
};

Json count_types(const OrderedEvents& events) {
  std::vector<std::uint64_t> counts(256);
  for (const std::uint8_t type : events.type) ++counts[type];
  Json by_type = Json::object();
  for (std::size_t type = 0; type < events.types.size(); ++type) by_type[events.types[type]] = counts[type];
  return Fields().count("events", events.size()).count("users", events.user_begin.size() - 1).put("byType", std::move(by_type)).done();
}

}  // namespace

void Auditor::look_at_events(const Plan& plan, OrderedEvents& events, std::int64_t data_end_us) {
  const TrialSetup setup = trial_setup(plan, events.types, data_end_us);
  OrderedEvents unique;
  bool dropped = false;
  if (plan.order.duplicates == Duplicates::kDrop) {
    unique = copy_of(events);
    dropped = drop_duplicates(unique) != 0;
  }
  const OrderedEvents& seen = dropped ? unique : events;
  events_ = count_types(seen);
  gaps_ = audit_gaps(seen, setup);
  SessionCache sessions;
  Ledger ledger(plan, events, data_end_us, sessions);
  Orders orders(plan, events, seen, dropped, setup, sessions);
  orders.run(ledger);
  ties_ = orders.ties();
  ledger_ = ledger.json();
  events.input_rank = {};
}

void Auditor::look_at_rows(const AuditRows& rows) {
  BalanceAudit balance = audit_balance(rows);
  Json audit = Fields()
                   .text("profile", rows.plan.profile)
                   .text("indexKind", std::string(name_of(kIndexKinds, rows.plan.trial.kind)))
                   .put("findings", Json::array())
                   .put("notices", notices_json(rows.notices))
                   .put("events", std::move(events_))
                   .put("attrition", audit_attrition(rows))
                   .put("leakage", audit_leakage(rows))
                   .put("balance", std::move(balance.balance))
                   .put("overlap", std::move(balance.overlap))
                   .put("lengths", audit_lengths(rows))
                   .put("ties", std::move(ties_))
                   .put("gaps", std::move(gaps_))
                   .put("vocabulary", audit_vocabulary(rows))
                   .put("split", audit_split(rows))
                   .put("window", audit_window(rows))
                   .put("ledger", std::move(ledger_))
                   .done();
  audit["findings"] = find_problems(audit, rows.plan);
  text_ = audit.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace causal_sessions
