#include "look/row_session.h"

#include <algorithm>

#include "session/duplicates.h"
#include "trial/follow_up.h"
#include "trial/rules.h"
#include "trial/treatment_group.h"

namespace causal_sessions {

RowSession::RowSession(const Run& run)
    : setup(trial_setup(run.plan, run.kept->types, run.data_end_us)), run_(run), kept_(*run.kept), table_(run.table) {
  events.types = kept_.types;
  if (!setup.group.empty()) events.types.push_back(setup.treatment_of_others());
}

void RowSession::enter(std::uint32_t to) {
  row = to;
  treatment = outcome = std::nullopt;
  window_end_us = horizon_end_us = std::nullopt;
  const bool timed = table_.has_time_zero();
  // The notebook's rule orders a session once more, in its place.
  if (!timed || user_ != table_.user[row]) take_events();
  find_session();
  if (timed) {
    follow_up();
  } else {
    look_at_session();
  }
}

bool RowSession::in_x(std::uint32_t event) const {
  const std::uint32_t token = token_of(event);
  if (!table_.is_listed(row)) return token >= table_.begin[row] && token < table_.begin[row] + table_.count[row];
  const auto first = table_.listed.begin() + static_cast<std::ptrdiff_t>(table_.listed_from[row]);
  return std::binary_search(first, first + table_.count[row], token);
}

// The user's alone, in the order of the run.
void RowSession::take_events() {
  user_ = table_.user[row];
  const std::uint32_t first = kept_.user_begin[*user_], last = kept_.user_begin[*user_ + 1];
  events.time_us.assign(kept_.time_us.begin() + first, kept_.time_us.begin() + last);
  events.type.assign(kept_.type.begin() + first, kept_.type.begin() + last);
  events.item.assign(kept_.item.begin() + first, kept_.item.begin() + last);
  events.user_begin = {0, last - first};
  events.input_rank.clear();
  const bool grouped = !setup.group.empty();
  order_users(events, setup.ties, grouped ? InputRank::kKeep : InputRank::kForget);
  if (grouped) {
    TreatmentGroup(setup, *kept_.values, run_.plan.reading.values.place_of("treatment.group"), kept_.types)
        .tell_apart(events, *user_, 0, last - first);
  }
  if (run_.plan.order.duplicates == Duplicates::kDrop) drop_duplicates(events);
}

void RowSession::find_session() {
  SessionOptions all = run_.plan.session;
  all.min_events = 1;
  const Sessions sessions = sessionize(events, all);
  begin = sessions.begin[table_.number[row] - 1];
  end = sessions.end[table_.number[row] - 1];
}

std::optional<std::uint32_t> RowSession::find_type(std::uint8_t type, std::uint32_t from, std::uint32_t to) const {
  const auto last = events.type.begin() + to;
  const auto found = std::find(events.type.begin() + from, last, type);
  if (found == last) return std::nullopt;
  return static_cast<std::uint32_t>(found - events.type.begin());
}

// By the notebook's rule, which orders each session once more.
void RowSession::look_at_session() {
  SegmentSorter(setup.ties).sort(events, begin, end);
  treatment = find_type(setup.treatment_type, begin, end);
  x_end = treatment ? std::max(*treatment, begin + 1) : end;
  const bool counts_prior = setup.prior == PriorOutcome::kCount;
  outcome = find_type(setup.outcome_type, counts_prior || !treatment ? begin : *treatment, end);
}

// By a time zero; whether there was a treatment or an outcome stands in the table.
void RowSession::follow_up() {
  const std::int64_t t0 = table_.time_zero_us[row];
  x_end = begin + (table_.history_end[row] - table_.history[row]);
  FollowUp follow_up(events, setup);
  follow_up.enter(0, static_cast<std::uint32_t>(events.size()));
  const FollowUp::Start start = start_of_row(events, setup, begin, x_end, t0);
  const FollowUp::Window window = follow_up.window(start);
  if (!rule_of(setup.kind).controls || setup.from == OutcomeFrom::kWindowEnd) window_end_us = window.end_us;
  horizon_end_us = follow_up.outcomes_until_us(t0);
  const auto where = [](std::uint32_t at) { return at == FollowUp::kNone ? std::nullopt : std::optional(at); };
  if (table_.treatment[row]) treatment = where(follow_up.treatment_of_row(x_end, start, window));
  if (table_.outcome[row]) outcome = where(follow_up.outcome(x_end, t0));
}

}  // namespace causal_sessions
