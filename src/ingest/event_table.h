// Events as columns, in input order; texts are ids into string pools.
//
// Cost: 17 bytes an event and the two pools; of each further column four bytes more, and its different texts; eight of when
//       events became known.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/block_column.h"
#include "core/string_pool.h"

namespace causal_sessions {

// A further column that the plan names. What is blank, or NaN, has no text.
struct EventValues {
  StringPool texts;
  BlockColumn<std::uint32_t> codes;  // id in `texts`; StringPool::kNone: there is no value
};

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
  std::vector<EventValues> values;     // as the plan names them
  BlockColumn<std::int64_t> known_us;  // when each became known, at its time or later; empty: at their times
};

}  // namespace causal_sessions
