#include "trial/trials.h"

#include <algorithm>

#include "core/ranges.h"
#include "trial/row_maker.h"
#include "trial/rules.h"

namespace causal_sessions {
namespace {

// 99 % of them are no longer.
std::int64_t usual_delay(std::vector<std::int64_t>& delays_us) {
  if (delays_us.empty()) return 0;
  const auto usual = delays_us.begin() + static_cast<std::ptrdiff_t>((delays_us.size() * 99 + 99) / 100 - 1);
  std::nth_element(delays_us.begin(), usual, delays_us.end());
  return *usual;
}

void join(std::vector<TrialTable>& pieces, TrialTable& table, const Workers& workers) {
  table.with_time_zero = pieces.front().with_time_zero;
  using T = TrialTable;
  join_columns(pieces, table, workers, &T::user, &T::number, &T::history, &T::begin, &T::count, &T::padding, &T::history_end,
               &T::trial);
  join_columns(pieces, table, workers, &T::start_us, &T::time_zero_us);
  std::uint64_t before = 0;
  for (TrialTable& piece : pieces) {
    for (std::uint64_t& from : piece.listed_from) from += from == T::kContiguous ? 0 : before;
    before += piece.listed.size();
  }
  join_columns(pieces, table, workers, &T::listed_from);
  join_columns(pieces, table, workers, &T::listed);
  join_columns(pieces, table, workers, &T::treatment, &T::outcome, &T::censored);
}

}  // namespace

Trials build_trials(OrderedEvents& events, const Sessions& sessions, const TrialSetup& setup, const Workers& workers) {
  const Rule& rule = rule_of(setup.kind);
  // Controls are drawn from the sessions of all users, which is one thread's work.
  const Workers alone;
  const std::vector<IndexRange> ranges = cut_members(sessions.user, rule.controls ? alone : workers);
  Delays delays;
  if (setup.draws_delays()) {
    std::vector<Delays> gathered(ranges.size());
    workers.each(ranges.size(), [&](std::size_t i) {
      RowMaker rows(events, sessions, setup, ranges[i]);
      gather_exposure_delays(rows, gathered[i]);
    });
    for (Delays& more : gathered) delays.add(std::move(more));
    delays.finish(workers);
  }
  std::vector<TrialTable> tables(ranges.size());
  std::vector<Attrition> attritions(ranges.size());
  std::vector<std::vector<std::int64_t>> treated_delays_us(ranges.size());
  workers.each(ranges.size(), [&](std::size_t i) {
    RowMaker rows(events, sessions, setup, ranges[i], &delays);
    rule.add_rows(rows);
    Trials made = rows.take();
    tables[i] = std::move(made.table);
    attritions[i] = made.attrition;
    treated_delays_us[i] = rows.take_delays();
  });
  Trials trials;
  join(tables, trials.table, workers);
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    trials.attrition.add(attritions[i]);
    if (i == 0) continue;
    treated_delays_us[0].insert(treated_delays_us[0].end(), treated_delays_us[i].begin(), treated_delays_us[i].end());
  }
  trials.attrition.usual_delay_us = usual_delay(treated_delays_us[0]);
  return trials;
}

}  // namespace causal_sessions
