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

struct EventColumns {
  BlockColumn<std::uint32_t> user;    // id in `users`
  BlockColumn<std::int64_t> time_us;  // microseconds since 1970-01-01 UTC
  BlockColumn<std::uint8_t> type;     // position in `types`
  BlockColumn<std::uint32_t> item;    // id in `items`; StringPool::kNone: no item

  [[nodiscard]] std::size_t size() const { return user.size(); }
  void release_block(std::size_t b) {
    user.release_block(b);
    time_us.release_block(b);
    type.release_block(b);
    item.release_block(b);
  }
};

struct EventTable : EventColumns {
  StringPool users;
  StringPool items;
  std::vector<std::string> types;
};

}  // namespace causal_sessions
