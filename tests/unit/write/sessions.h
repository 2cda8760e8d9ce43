// A small table of sessions for the writers' tests.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sequence/sequence_table.h"

namespace causal_sessions {

struct TestToken {
  std::uint8_t event_id;
  std::uint32_t item_id;
  std::int64_t us;  // since the session's start
};

struct SessionRow {
  std::string user;
  std::uint32_t number;
  std::vector<TestToken> tokens;
  std::uint32_t padding = 0;
  std::uint8_t treatment = 0, outcome = 0;
};

inline SequenceTable table_of(const std::vector<SessionRow>& rows) {
  constexpr std::int64_t kStart = 1'757'030'717'255'000;
  SequenceTable table;
  StringPool users;
  table.padding_item_id = 1;
  for (const SessionRow& row : rows) {
    table.user.push_back(users.intern(row.user));
    table.number.push_back(row.number);
    table.begin.push_back(static_cast<std::uint32_t>(table.event_id.size()));
    table.count.push_back(static_cast<std::uint32_t>(row.tokens.size()));
    table.padding.push_back(row.padding);
    table.start_us.push_back(kStart);
    table.treatment.push_back(row.treatment);
    table.outcome.push_back(row.outcome);
    for (const TestToken& token : row.tokens) {
      table.event_id.push_back(token.event_id);
      table.item_id.push_back(token.item_id);
      table.time_us.push_back(kStart + token.us);
    }
  }
  table.users = std::move(users);
  return table;
}

}  // namespace causal_sessions
