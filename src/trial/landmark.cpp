// IndexKind::kLandmark: a row a session, at a fixed time after its start.
#include <algorithm>

#include "core/elapsed.h"
#include "trial/row_maker.h"
#include "trial/rules.h"

namespace causal_sessions {
namespace {

// X, and what came before time zero.
void look_back(const RowMaker& rows, Candidate& row, std::uint32_t s) {
  const auto time = rows.events.time_us.begin();
  row.x_end = static_cast<std::uint32_t>(
      std::upper_bound(time + rows.sessions.begin[s], time + rows.sessions.end[s], row.time_zero_us) - time);
  row.leave_out(Filter::kPriorTreatment, rows.find_type(s, rows.setup.treatment_type) < row.x_end);
  row.leave_out(Filter::kPriorOutcome,
                rows.setup.prior == PriorOutcome::kExclude && rows.find_type(s, rows.setup.outcome_type) < row.x_end);
}

void add_landmark_row(RowMaker& rows, std::uint32_t s) {
  Candidate row;
  row.time_zero_us = later(rows.events.time_us[rows.sessions.begin[s]], rows.setup.landmark.us);
  look_back(rows, row, s);
  const std::int64_t silence = row.time_zero_us - rows.events.time_us[row.x_end - 1];
  row.leave_out(Filter::kSessionOver, silence > rows.setup.session.max_gap.us);
  rows.look_for_washout(row, rows.follow_up.last_treatment(row.x_end));
  const FollowUp::Start start{row.time_zero_us, row.x_end, 0, 0};
  const FollowUp::Window window = rows.follow_up.window(start);
  rows.follow(row, window, rows.treatment_of(row, rows.follow_up.assigned(start, window)));
  row.censored |= later(row.time_zero_us, rows.setup.window.us) > rows.setup.data_end_us;
  rows.finish(row, s);
}

}  // namespace

void add_landmark_rows(RowMaker& rows) {
  for (std::uint32_t s = rows.range.begin; s < rows.range.end; ++s) {
    rows.enter_user_of(s);
    add_landmark_row(rows, s);
  }
}

}  // namespace causal_sessions
