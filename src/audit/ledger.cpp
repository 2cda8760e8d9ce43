#include "audit/ledger.h"

#include <algorithm>

#include "audit/statistics.h"
#include "plan/choices.h"
#include "session/duplicates.h"
#include "split/split.h"

namespace causal_sessions {
namespace {

Plan end_of(const Plan& plan, const OrderedEvents& events) {
  Plan end = plan.profile == "causal" ? plan : *default_plan("causal");
  const bool timed = plan.index.kind != IndexKind::kSession;
  const auto index = end.index;
  end.index = plan.index;
  end.treatment_type = plan.treatment_type;
  end.outcome.type = plan.outcome.type;
  if (timed) {
    end.outcome.from = plan.outcome.from;
    end.outcome.prior = plan.outcome.prior;
    end.outcome.censored = plan.outcome.censored;
  } else {
    const auto at = std::find(events.types.begin(), events.types.end(), plan.index.type);
    const auto type = static_cast<std::uint8_t>(at - events.types.begin());
    const bool exposures = at != events.types.end() && plan.index.type != plan.treatment_type &&
                           plan.index.type != plan.outcome.type &&
                           std::find(events.type.begin(), events.type.end(), type) != events.type.end();
    end.index.kind = exposures ? IndexKind::kExposure : IndexKind::kLandmark;
    end.outcome.prior = PriorOutcome::kExclude;
    end.index.window_ends = index.window_ends;
    end.index.grace = exposures ? index.grace : GracePeriod::kExclude;
    end.index.washout_hours = plan.index.horizon_hours;
  }
  return end;
}

std::string index_kind_name(IndexKind kind) { return std::string(name_of(kIndexKinds, kind)); }

// Share of the rows with T = 0 and Y = 1 whose X holds an outcome event.
std::optional<double> outcome_in_x(const OrderedEvents& events, const TrialTable& table, std::uint8_t outcome_type) {
  std::uint64_t rows = 0, with = 0;
  for (std::size_t r = 0; r < table.rows(); ++r) {
    if (table.treatment[r] != 0 || table.outcome[r] == 0) continue;
    const auto first = events.type.begin() + table.begin[r], last = first + table.count[r];
    ++rows;
    with += std::find(first, last, outcome_type) != last;
  }
  return share_of(with, rows);
}

// The columns that add() looks at, of rows with an X of at least so many events.
void keep_long(TrialTable& table, std::uint32_t min_events) {
  std::size_t to = 0;
  for (std::size_t r = 0; r < table.rows(); ++r) {
    if (table.count[r] < min_events) continue;
    table.begin[to] = table.begin[r];
    table.count[to] = table.count[r];
    table.padding[to] = table.padding[r];
    table.treatment[to] = table.treatment[r];
    table.outcome[to] = table.outcome[r];
    ++to;
  }
  for (auto* column : {&table.user, &table.begin, &table.count, &table.padding}) column->resize(to);
  for (auto* column : {&table.treatment, &table.outcome}) column->resize(to);
}

}  // namespace

const Sessions& SessionCache::of(const OrderedEvents& events, const SessionOptions& options) {
  for (const Entry& entry : entries_) {
    const SessionOptions& known = entry.options;
    if (known.max_gap_us == options.max_gap_us && known.max_session_us == options.max_session_us &&
        known.min_events == options.min_events) {
      return entry.sessions;
    }
  }
  return entries_.emplace_back(options, sessionize(events, options)).sessions;
}

Ledger::Ledger(const Plan& plan, const OrderedEvents& events, std::int64_t data_end_us, SessionCache& sessions)
    : end_(end_of(plan, events)), data_end_us_(data_end_us), sessions_(&sessions) {
  plan_.treatment_type = plan.treatment_type;
  plan_.outcome.type = plan.outcome.type;
}

Trials Ledger::build(OrderedEvents& events, TieRule ties) {
  const bool whole = plan_.session.min_events_of == LengthOf::kSession;
  const Sessions& sessions = sessions_->of(events, {plan_.max_gap_us(), plan_.max_session_us(), whole ? plan_.session.min_events : 1});
  TrialOptions options = trial_options(plan_, events.types, data_end_us_);
  options.ties = ties;
  SplitOptions split;
  split.seed = end_.split.seed;
  split.train = end_.split.train;
  split.validation = end_.split.validation;
  if (end_.split.kind == SplitKind::kHash) {
    options.part_of = [&](std::uint32_t user) { return part_by_hash(events.users[user], split); };
  }
  return build_trials(events, sessions, options);
}

void Ledger::add(const char* step, const char* key, Json value, const OrderedEvents& events, const TrialTable& table) {
  Arms arms;
  ScoreCounts length, padding;
  for (std::size_t r = 0; r < table.rows(); ++r) {
    const bool treated = table.treatment[r] != 0;
    arms.add(treated, table.outcome[r] != 0);
    length.add(table.length(r), treated);
    padding.add(table.padding[r], treated);
  }
  Fields fields;
  fields.text("step", step).put("key", key == nullptr ? Json() : Json(key)).put("value", std::move(value));
  arms.write(fields);
  const TrialOptions options = trial_options(plan_, events.types, data_end_us_);
  fields.number("lengthSmd", length.smd())
      .number("aucLength", length.auc())
      .number("aucPadding", padding.auc())
      .number("outcomeInX", outcome_in_x(events, table, options.outcome_type));
  steps_.push_back(fields.done());
}

void Ledger::repeat(const char* step, const char* key, Json value) {
  Json same = steps_.back();
  same["step"] = step;
  same["key"] = key;
  same["value"] = std::move(value);
  steps_.push_back(std::move(same));
}

void Ledger::start(OrderedEvents& numpy_order) {
  const Trials trials = build(numpy_order, TieRule::kNumpy);
  add("notebook", nullptr, nullptr, numpy_order, trials.table);
}

void Ledger::finish(OrderedEvents& events, const std::function<OrderedEvents()>& numpy_order) {
  duplicates_ = drop_duplicates(events);
  if (duplicates_ == 0) {
    repeat("duplicates", "events.duplicates", "drop");
  } else {
    sessions_->clear();
    OrderedEvents again = numpy_order();
    drop_duplicates(again);
    const Trials trials = build(again, TieRule::kNumpy);
    add("duplicates", "events.duplicates", "drop", again, trials.table);
  }
  // From here on equal times stand by priority, and no row's rule moves them.
  const auto build_and_add = [&](const char* step, const char* key, Json value) {
    Trials trials = build(events, TieRule::kInput);
    add(step, key, std::move(value), events, trials.table);
    return trials;
  };
  build_and_add("ties", "time.ties", "priority");
  plan_.session.gap_hours = end_.session.gap_hours;
  plan_.session.max_hours = end_.session.max_hours;
  build_and_add("gap", "session.gapHours", end_.session.gap_hours);
  plan_.index = end_.index;
  plan_.outcome = end_.outcome;
  Trials trials = build_and_add("timeZero", "index.kind", index_kind_name(plan_.index.kind));
  const std::uint32_t least = plan_.session.min_events;
  plan_.session.min_events_of = LengthOf::kX;
  plan_.session.min_events = end_.session.min_events;
  if (plan_.session.min_events < least || plan_.session.min_events > plan_.sequence.max_events) {
    trials = build_and_add("minimumLength", "session.minEventsOf", "x");
  } else {  // an X that long has a session that long, so these are some of the rows above
    keep_long(trials.table, plan_.session.min_events);
    add("minimumLength", "session.minEventsOf", "x", events, trials.table);
  }
  plan_.sequence.padding.clear();
  std::fill(trials.table.padding.begin(), trials.table.padding.end(), 0u);
  add("padding", "sequence.padding", nullptr, events, trials.table);
  const auto& count = trials.table.count;
  const bool cut = std::find(count.begin(), count.end(), plan_.sequence.max_events) != count.end();
  plan_.sequence.keep = KeepEvents::kLast;
  if (cut || plan_.sequence.max_events != end_.sequence.max_events) {
    plan_.sequence.max_events = end_.sequence.max_events;
    build_and_add("keepLast", "sequence.keep", "last");
  } else {
    repeat("keepLast", "sequence.keep", "last");
  }
}

Json Ledger::json() {
  return Fields().text("indexKind", index_kind_name(end_.index.kind)).count("duplicates", duplicates_).put("steps", std::move(steps_)).done();
}

}  // namespace causal_sessions
