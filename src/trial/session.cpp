// IndexKind::kSession, the notebook's rule: a row a session, without a time zero.
#include <algorithm>

#include "session/order.h"
#include "trial/row_maker.h"
#include "trial/rules.h"

namespace causal_sessions {
namespace {

void add_session_row(RowMaker& rows, std::uint32_t s) {
  const std::uint32_t begin = rows.sessions.begin[s], end = rows.sessions.end[s];
  const std::uint32_t treatment = rows.find_type(s, rows.setup.treatment_type);
  Candidate row;
  row.treated = treatment != end;
  row.x_end = std::max(treatment, begin + 1);  // a treatment that comes first is kept alone
  const std::uint32_t outcome = rows.find_type(s, rows.setup.outcome_type);
  row.outcome = outcome != end;
  const bool prior = row.treated && outcome < treatment;
  if (prior && rows.setup.prior != PriorOutcome::kCount) {
    const auto first = rows.events.type.begin();
    row.outcome = std::find(first + treatment, first + end, rows.setup.outcome_type) != first + end;
  }
  row.leave_out(Filter::kPriorOutcome, prior && rows.setup.prior == PriorOutcome::kExclude);
  row.censored = rows.setup.may_go_on(rows.events.time_us[end - 1]);
  rows.finish(row, s);
}

}  // namespace

void add_session_rows(RowMaker& rows) {
  SegmentSorter sorter(rows.setup.ties);
  // Other rules leave nothing to move in events that they have ordered once.
  const bool sorts = rows.setup.ties == TieRule::kNumpy;
  for (std::uint32_t s = rows.range.begin; s < rows.range.end; ++s) {
    if (sorts) sorter.sort(rows.events, rows.sessions.begin[s], rows.sessions.end[s]);
    add_session_row(rows, s);
  }
}

}  // namespace causal_sessions
