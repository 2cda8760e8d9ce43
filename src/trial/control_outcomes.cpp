#include "trial/control_outcomes.h"

#include "core/ranges.h"
#include "trial/follow_up.h"

namespace causal_sessions {

ControlOutcomes follow_controls(const OrderedEvents& events, const TrialSetup& setup, const TrialTable& table,
                                const Workers& workers) {
  ControlOutcomes out;
  if (!table.has_time_zero()) return out;
  const std::vector<IndexRange> ranges = cut_members(table.user, workers);
  for (const std::string& type : setup.negative_controls) {
    TrialSetup by = setup;
    by.outcome_type = type_id(events.types, type);
    ControlOutcomes::Control& control = out.controls.emplace_back(type, std::vector<std::uint8_t>(table.rows()));
    workers.each(ranges.size(), [&](std::size_t i) {
      FollowUp follow_up(events, by);
      for (std::uint32_t row = ranges[i].begin; row < ranges[i].end; ++row) {
        const std::uint32_t user = table.user[row];
        if (row == ranges[i].begin || user != table.user[row - 1])
          follow_up.enter(events.user_begin[user], events.user_begin[user + 1]);
        control.outcome[row] = follow_up.outcome(table.history_end[row], table.time_zero_us[row]) != FollowUp::kNone;
      }
    });
  }
  return out;
}

}  // namespace causal_sessions
