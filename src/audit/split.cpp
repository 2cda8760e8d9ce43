#include <algorithm>
#include <bit>
#include <utility>

#include "audit/topics.h"
#include "trial/follow_up.h"

namespace causal_sessions {
namespace {

ArmsWithInterval with_interval(ClusteredArms& arms) { return {arms.arms(), arms.interval()}; }

// Events that make Y = 1, each once however many rows count it; rows without a time zero share none.
std::optional<SplitAudit::OutcomeEvents> outcome_events(const Run& run) {
  const TrialTable& table = run.trials.table;
  if (!table.has_time_zero()) return std::nullopt;
  const TrialSetup setup = run.setup();
  FollowUp follow_up(run.events, setup);
  // Of the user at hand: what an event is found by, and then by which arms, 1 and 2.
  std::vector<std::pair<std::uint32_t, int>> found;
  SplitAudit::OutcomeEvents count;
  const auto close = [&] {
    std::sort(found.begin(), found.end());
    int arms = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
      arms |= found[i].second;
      if (i + 1 < found.size() && found[i + 1].first == found[i].first) continue;
      ++count.all;
      for (std::size_t arm = 0; arm < 2; ++arm) count.by_arm[arm] += static_cast<unsigned>(arms) >> arm & 1u;
      arms = 0;
    }
    found.clear();
  };
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::uint32_t user = table.user[row];
    if (row == 0 || user != table.user[row - 1]) {
      close();
      follow_up.enter(run.events.user_begin[user], run.events.user_begin[user + 1]);
    }
    if (table.outcome[row] != 0)
      found.emplace_back(follow_up.outcome(table.history_end[row], table.time_zero_us[row]), 1 << table.treatment[row]);
  }
  close();
  return count;
}

}  // namespace

SplitAudit audit_split(const Run& run) {
  const TrialTable& table = run.trials.table;
  const auto& times = table.has_time_zero() ? table.time_zero_us : table.start_us;
  const auto add = [&table](ClusteredArms& arms, std::size_t row) {
    arms.add(table.user[row], table.treatment[row] != 0, table.outcome[row] != 0);
  };
  SplitAudit audit;
  std::vector<std::uint8_t> parts_of_user(run.events.users.size());
  for (std::size_t part = 0; part < kParts; ++part) {
    ClusteredArms arms;
    SplitAudit::PartRows& out = audit.parts[part];
    for (const std::uint32_t row : run.split.rows[part]) {
      add(arms, row);
      out.first_us = std::min(out.first_us.value_or(INT64_MAX), times[row]);
      out.last_us = std::max(out.last_us.value_or(INT64_MIN), times[row]);
      parts_of_user[table.user[row]] |= static_cast<std::uint8_t>(1u << part);
    }
    out.users = run.split.users[part];
    static_cast<ArmsWithInterval&>(out) = with_interval(arms);
  }
  audit.users_in_several_parts = static_cast<std::uint64_t>(
      std::count_if(parts_of_user.begin(), parts_of_user.end(), [](std::uint8_t bits) { return std::popcount(bits) > 1; }));
  audit.purged = run.split.purged;
  ClusteredArms all;
  for (std::size_t row = 0; row < table.rows(); ++row) add(all, row);
  audit.all = with_interval(all);
  audit.outcome_events = outcome_events(run);
  return audit;
}

}  // namespace causal_sessions
