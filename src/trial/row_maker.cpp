#include "trial/row_maker.h"

#include <algorithm>

#include "core/elapsed.h"
#include "trial/rules.h"

namespace causal_sessions {

void Attrition::add(const Attrition& others) {
  for (std::size_t step = 0; step < after.size(); ++step) after[step].add(others.after[step]);
  first_time_zero_us = std::min(first_time_zero_us, others.first_time_zero_us);
  untreated_window_outcomes += others.untreated_window_outcomes;
  untreated_window_outcomes_counted += others.untreated_window_outcomes_counted;
  window_holds_exposure += others.window_holds_exposure;
  treated_after_exposure += others.treated_after_exposure;
  treated_at_once += others.treated_at_once;
  controls_after_treatment += others.controls_after_treatment;
}

void AttritionCounter::count(const Candidate& row, std::uint32_t user, std::uint32_t session) {
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

Attrition AttritionCounter::finish() {
  close_session();
  close_user();
  for (std::size_t step = kFilters; step-- > 0;) reached_.after[step].add(reached_.after[step + 1]);
  return reached_;
}

void AttritionCounter::close_session() {
  if (session_steps_ != 0) ++reached_.after[session_steps_ - 1].sessions;
  session_steps_ = 0;
}

void AttritionCounter::close_user() {
  if (user_steps_ != 0) ++reached_.after[user_steps_ - 1].users;
  user_steps_ = 0;
}

RowMaker::RowMaker(OrderedEvents& ordered, const Sessions& of, const TrialSetup& by, IndexRange in, const Delays* drawn)
    : events(ordered), sessions(of), setup(by), range(in), delays(drawn), follow_up(ordered, by), known_(ordered, by) {
  trials_.table.with_time_zero = rule_of(setup.kind).time_zero;
  if (!trials_.table.with_time_zero) reserve();  // else the number of rows is not known
}

void RowMaker::reserve() {
  TrialTable& table = trials_.table;
  for (auto* column : {&table.user, &table.number, &table.history, &table.begin, &table.count, &table.padding}) {
    column->reserve(range.size());
  }
  table.start_us.reserve(range.size());
  for (auto* column : {&table.treatment, &table.outcome, &table.censored}) column->reserve(range.size());
}

void RowMaker::enter_user_of(std::uint32_t session) {
  const std::uint32_t user = sessions.user[session];
  if (user_ == user) return;
  user_ = user;
  follow_up.enter(events.user_begin[user], events.user_begin[user + 1]);
}

StreamKey RowMaker::key_of(std::uint32_t session) {
  const std::uint32_t user = sessions.user[session];
  if (keyed_user_ != user) {
    keyed_user_ = user;
    user_key_ = StreamKey{setup.seed}.child(text_key(events.users[user]));
  }
  return user_key_.child(sessions.number[session]);
}

std::uint32_t RowMaker::find_type(std::uint32_t session, std::uint8_t type) const {
  const auto first = events.type.begin();
  return static_cast<std::uint32_t>(std::find(first + sessions.begin[session], first + sessions.end[session], type) - first);
}

void RowMaker::look_for_washout(Candidate& row, std::uint32_t last) const {
  if (last == kNone || events.time_us[last] > row.time_zero_us) return;
  const std::int64_t ago = elapsed_us(events.time_us[last], row.time_zero_us);
  row.leave_out(Filter::kWashout, setup.washout.us != 0 && ago <= setup.washout.us);
  row.treated_before = ago <= setup.horizon.us;
}

std::uint32_t RowMaker::treatment_of(Candidate& row, const FollowUp::Assigned& first) const {
  using Arm = FollowUp::Arm;
  row.leave_out(Filter::kOtherTreatment, first.arm == Arm::kOther || (setup.compares() && first.arm == Arm::kNone));
  return first.arm == Arm::kTreatment ? first.at : kNone;
}

void RowMaker::follow(Candidate& row, const FollowUp::Window& window, std::uint32_t treatment) const {
  const std::int64_t t0 = row.time_zero_us;
  const bool strict = setup.from == OutcomeFrom::kWindowEnd, matched = rule_of(setup.kind).controls;
  row.treated = treatment != kNone;
  row.outcome = follow_up.outcome(row.x_end, t0) != kNone;
  const std::uint32_t inside = follow_up.outcome_in_window(row.x_end, t0, window);
  row.window_outcome = inside != kNone;
  row.window_exposure = window.holds_exposure && setup.window_ends == WindowEnds::kWindow && !matched;
  row.treated_late = row.treated && row.window_exposure && window.next_exposure < treatment;
  row.leave_out(Filter::kOutcomeInWindow, strict && row.window_outcome);
  row.leave_out(Filter::kOutcomeBeforeTreatment,
                !strict && !setup.draws_delays() && !setup.is_assigned() && !matched && row.treated && inside < treatment);
  row.censored = follow_up.outcomes_until_us(t0) > setup.data_end_us;
}

void RowMaker::look_at_known(Candidate& row, std::uint32_t s) {
  row.history = row.x_end - sessions.begin[s];
  if (!known_.told()) return;
  known_.enter(sessions.begin[s], row.x_end, row.time_zero_us);
  known_.find_history();
  row.history = static_cast<std::uint32_t>(known_.history().size());
}

void RowMaker::look_at_length(Candidate& row, std::uint32_t s) const {
  const std::uint32_t begin = sessions.begin[s];
  const bool of_x = setup.session.min_events_of == LengthOf::kX;
  const std::uint32_t least = of_x ? setup.session.min_events : 1;
  row.leave_out(Filter::kShortSession, !of_x && sessions.end[s] - begin < setup.session.min_events);
  row.leave_out(Filter::kShortX, row.history < least);
}

void RowMaker::finish(Candidate& row, std::uint32_t s) {
  look_at_known(row, s);
  look_at_length(row, s);
  row.leave_out(Filter::kCensored, row.censored && setup.censored == Censored::kDrop);
  counter_.count(row, sessions.user[s], s);
  if (!row.left_out) append(row, s);
}

void RowMaker::append(const Candidate& row, std::uint32_t s) {
  const std::uint32_t begin = sessions.begin[s];
  std::uint32_t count = row.history, skipped = 0;
  std::uint32_t padding =
      !setup.sequence.padding.empty() && count < setup.sequence.min_events ? setup.sequence.min_events - count : 0;
  if (count > setup.sequence.max_events) {
    if (setup.sequence.keep == KeepEvents::kLast) skipped = count - setup.sequence.max_events;
    count = setup.sequence.max_events;
  }
  padding = std::min(padding, setup.sequence.max_events - count);
  TrialTable& table = trials_.table;
  const bool first = table.rows() == 0 || table.history.back() != begin;
  const std::uint32_t number = first || !table.has_time_zero() ? 1 : table.trial.back() + 1;
  table.user.push_back(sessions.user[s]);
  table.number.push_back(sessions.number[s]);
  const bool all = row.history == row.x_end - begin;
  const std::uint32_t from = all ? begin : known_.history().front();
  table.history.push_back(begin);
  table.begin.push_back(all ? begin + skipped : known_.history()[skipped]);
  table.count.push_back(count);
  table.padding.push_back(padding);
  table.start_us.push_back(events.time_us[from]);
  table.treatment.push_back(row.treated);
  table.outcome.push_back(row.outcome);
  table.censored.push_back(row.censored);
  if (!table.has_time_zero()) return;
  table.time_zero_us.push_back(row.time_zero_us);
  table.history_end.push_back(row.x_end);
  table.trial.push_back(number);
  if (!known_.told()) return;
  table.listed_from.push_back(all ? TrialTable::kContiguous : table.listed.size() + 1);
  if (all) return;
  const std::vector<std::uint32_t>& known = known_.history();
  table.listed.push_back(known[skipped == 0 ? 0 : skipped - 1]);
  table.listed.insert(table.listed.end(), known.begin() + skipped, known.begin() + skipped + count);
}

}  // namespace causal_sessions
