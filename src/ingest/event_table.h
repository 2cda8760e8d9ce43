// Events as columns, in input order; texts are ids into string pools.
//
// Cost: 17 bytes an event and the two pools.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/block_column.h"
#include "core/string_pool.h"

namespace causal_sessions {

struct EventTable {
  BlockColumn<std::uint32_t> user;    // id in `users`
  BlockColumn<std::int64_t> time_us;  // microseconds since 1970-01-01 UTC
  BlockColumn<std::uint8_t> type;     // position in `types`
  BlockColumn<std::uint32_t> item;    // id in `items`; StringPool::kNone: no item

  StringPool users;
  StringPool items;
  std::vector<std::string> types;

  [[nodiscard]] std::size_t size() const { return user.size(); }
};

}  // namespace causal_sessions
