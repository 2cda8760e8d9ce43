// Small event tables, written where a test reads them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "session/order.h"

namespace causal_sessions::support {

struct Event {
  std::string_view user;
  std::int64_t time_us = 0;
  std::uint8_t type = 0;
  std::string_view item = {};  // null: none
};

inline EventTable event_table(const std::vector<Event>& events) {
  EventTable table;
  table.types = {"auction", "impression", "click", "purchase"};
  for (const Event& event : events) {
    table.user.push_back(table.users.intern(event.user));
    table.time_us.push_back(event.time_us);
    table.type.push_back(event.type);
    table.item.push_back(event.item.data() == nullptr ? StringPool::kNone : table.items.intern(event.item));
  }
  return table;
}

// A line an event: "user/time/type/item", "-" for no item.
inline std::string table_text(const EventTable& table) {
  std::string text;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const std::uint32_t item = table.item[i];
    text += std::string(table.users[table.user[i]]) + "/" + std::to_string(table.time_us[i]) + "/" + table.types[table.type[i]] +
            "/" + (item == StringPool::kNone ? "-" : std::string(table.items[item])) + "\n";
  }
  return text;
}

// A line an event: "user time item", "-" for no item.
inline std::vector<std::string> event_lines(const EventTable& table) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const std::uint32_t item = table.item[i];
    lines.push_back(std::string(table.users[table.user[i]]) + ' ' + std::to_string(table.time_us[i]) + ' ' +
                    (item == StringPool::kNone ? "-" : std::string(table.items[item])));
  }
  return lines;
}

inline OrderedEvents ordered_events(const std::vector<Event>& events, TieRule ties = TieRule::kInput) {
  return order_events(event_table(events), ties);
}

// A cheap fingerprint of a permutation: FNV-1a over whole values.
inline std::uint64_t fingerprint(const std::vector<std::uint32_t>& values) {
  std::uint64_t hash = 14695981039346656037u;
  for (const std::uint32_t value : values) hash = (hash ^ value) * 1099511628211u;
  return hash;
}

}  // namespace causal_sessions::support
