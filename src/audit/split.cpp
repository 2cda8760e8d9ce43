#include <algorithm>
#include <bit>

#include "audit/rows.h"
#include "audit/statistics.h"
#include "core/civil_time.h"
#include "trial/follow_up.h"

namespace causal_sessions {

namespace {

// Rows by arm, and the interval of the difference of their outcome rates.
Fields& put_arms(Fields& fields, ClusteredArms& arms) {
  arms.arms().write(fields);
  Json interval;
  if (const auto bounds = arms.interval()) interval = Json::array({(*bounds)[0], (*bounds)[1]});
  return fields.put("interval95", std::move(interval));
}

// Events that make Y = 1, each once however many rows count it; rows without a time zero share none.
Json outcome_events(const AuditRows& rows) {
  const TrialTable& table = rows.table;
  if (!table.has_time_zero()) return nullptr;
  FollowUp follow_up(rows.events, rows.setup);
  std::vector<std::uint32_t> found;  // of the user at hand
  std::uint64_t count = 0;
  const auto close = [&] {
    std::sort(found.begin(), found.end());
    count += static_cast<std::uint64_t>(std::unique(found.begin(), found.end()) - found.begin());
    found.clear();
  };
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::uint32_t user = table.user[row];
    if (row == 0 || user != table.user[row - 1]) {
      close();
      follow_up.enter(rows.events.user_begin[user], rows.events.user_begin[user + 1]);
    }
    if (table.outcome[row] != 0) found.push_back(follow_up.outcome(table.history_end[row], table.time_zero_us[row]));
  }
  close();
  return count;
}

Json all_json(const AuditRows& rows) {
  const TrialTable& table = rows.table;
  ClusteredArms arms;
  for (std::size_t row = 0; row < table.rows(); ++row) arms.add(table.user[row], table.treatment[row] != 0, table.outcome[row] != 0);
  Fields fields;
  return put_arms(fields, arms).put("outcomeEvents", outcome_events(rows)).done();
}

}  // namespace

Json audit_split(const AuditRows& rows) {
  const TrialTable& table = rows.table;
  const auto& times = table.has_time_zero() ? table.time_zero_us : table.start_us;
  std::vector<std::uint8_t> parts_of_user(rows.events.users.size());
  Json parts = Json::object();
  for (std::size_t part = 0; part < kParts; ++part) {
    ClusteredArms arms;
    std::int64_t first_us = INT64_MAX, last_us = INT64_MIN;
    for (const std::uint32_t row : rows.split.rows[part]) {
      arms.add(table.user[row], table.treatment[row] != 0, table.outcome[row] != 0);
      first_us = std::min(first_us, times[row]);
      last_us = std::max(last_us, times[row]);
      parts_of_user[table.user[row]] |= static_cast<std::uint8_t>(1u << part);
    }
    const bool any = !rows.split.rows[part].empty();
    Fields fields;
    fields.count("users", rows.split.users[part]);
    put_arms(fields, arms)
        .put("firstTimeZero", any ? Json(format_utc(first_us)) : Json())
        .put("lastTimeZero", any ? Json(format_utc(last_us)) : Json());
    parts[kPartNames[part]] = fields.done();
  }
  const auto shared = std::count_if(parts_of_user.begin(), parts_of_user.end(),
                                    [](std::uint8_t bits) { return std::popcount(bits) > 1; });
  return Fields()
      .count("usersInSeveralParts", static_cast<std::uint64_t>(shared))
      .count("purged", rows.split.purged)
      .put("all", all_json(rows))
      .put("parts", std::move(parts))
      .done();
}

}  // namespace causal_sessions
