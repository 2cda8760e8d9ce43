#include <algorithm>
#include <bit>

#include "audit/rows.h"
#include "audit/statistics.h"
#include "core/civil_time.h"

namespace causal_sessions {

namespace {

// Rows by arm, and Newcombe's interval of the difference of their outcome rates.
Fields& put_arms(Fields& fields, const Arms& arms) {
  arms.write(fields);
  Json interval;
  if (const auto bounds = arms.newcombe()) interval = Json::array({(*bounds)[0], (*bounds)[1]});
  return fields.put("interval95", std::move(interval));
}

Json all_json(const TrialTable& table) {
  Arms arms;
  for (std::size_t row = 0; row < table.rows(); ++row) arms.add(table.treatment[row] != 0, table.outcome[row] != 0);
  Fields fields;
  return put_arms(fields, arms).done();
}

}  // namespace

Json audit_split(const AuditRows& rows) {
  const TrialTable& table = rows.table;
  const auto& times = table.has_time_zero() ? table.time_zero_us : table.start_us;
  std::vector<std::uint8_t> parts_of_user(rows.events.users.size());
  Json parts = Json::object();
  for (std::size_t part = 0; part < kParts; ++part) {
    Arms arms;
    std::int64_t first_us = INT64_MAX, last_us = INT64_MIN;
    for (const std::uint32_t row : rows.split.rows[part]) {
      arms.add(table.treatment[row] != 0, table.outcome[row] != 0);
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
      .put("all", all_json(table))
      .put("parts", std::move(parts))
      .done();
}

}  // namespace causal_sessions
