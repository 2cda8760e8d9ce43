#include "session/duplicates.h"

#include <algorithm>
#include <functional>

#include "core/ranges.h"
#include "core/small_sort.h"

namespace causal_sessions {
namespace {

// Finds the duplicates among the events of one instant.
class Instant {
 public:
  // Positions of the duplicates in [begin, end), ascending. What they are duplicates of was known when the first of them was.
  const std::vector<std::uint32_t>& find(OrderedEvents& events, std::uint32_t begin, std::uint32_t end) {
    duplicates_.clear();
    if (end - begin < 2 || (end - begin <= kFew && all_differ(events, begin, end))) return duplicates_;
    keys_.clear();
    for (std::uint32_t i = begin; i < end; ++i) {
      keys_.push_back({std::uint64_t{events.type[i]} << 32 | events.item[i], i});
    }
    small_sort(keys_.begin(), keys_.end(), std::less<>());
    for (std::size_t i = 1, first = 0; i < keys_.size(); ++i) {
      if (keys_[i].first != keys_[first].first) {
        first = i;
        continue;
      }
      duplicates_.push_back(keys_[i].second);
      if (events.known_us.empty()) continue;
      std::int64_t& known_us = events.known_us[keys_[first].second];
      known_us = std::min(known_us, events.known_us[keys_[i].second]);
    }
    small_sort(duplicates_.begin(), duplicates_.end(), std::less<>());
    return duplicates_;
  }

 private:
  // Up to so many events are compared pair by pair.
  static constexpr std::uint32_t kFew = 12;

  static bool all_differ(const OrderedEvents& events, std::uint32_t begin, std::uint32_t end) {
    bool same = false;
    for (std::uint32_t i = begin + 1; i < end; ++i) {
      for (std::uint32_t j = begin; j < i; ++j) {
        same |= events.item[i] == events.item[j] && events.type[i] == events.type[j];
      }
    }
    return !same;
  }

  std::vector<std::pair<std::uint64_t, std::uint32_t>> keys_;
  std::vector<std::uint32_t> duplicates_;
};

// Moves what stays of a range of users to where their events begin; gives where that ends. The users' ends become those of what
// stays.
std::uint32_t drop_duplicates(OrderedEvents& events, IndexRange users) {
  Instant instant;
  std::uint32_t begin = events.user_begin[users.begin], to = begin;
  const bool ranked = !events.input_rank.empty(), known = !events.known_us.empty();
  for (std::uint32_t user = users.begin; user < users.end; ++user) {
    // The next range reads where it begins.
    const std::uint32_t user_end = events.user_begin[user + 1];
    if (user != users.begin) events.user_begin[user] = to;
    while (begin < user_end) {
      std::uint32_t end = begin + 1;
      while (end < user_end && events.time_us[end] == events.time_us[begin]) ++end;
      const auto& duplicates = instant.find(events, begin, end);
      auto next = duplicates.begin();
      for (; begin < end; ++begin) {
        if (next != duplicates.end() && *next == begin) {
          ++next;
          continue;
        }
        events.time_us[to] = events.time_us[begin];
        events.type[to] = events.type[begin];
        events.item[to] = events.item[begin];
        if (ranked) events.input_rank[to] = events.input_rank[begin];
        if (known) events.known_us[to] = events.known_us[begin];
        ++to;
      }
    }
  }
  return to;
}

}  // namespace

std::uint64_t drop_duplicates(OrderedEvents& events, const Workers& workers) {
  const std::vector<IndexRange> ranges = cut_groups(events.user_begin, workers);
  std::vector<std::uint32_t> ends(ranges.size());
  workers.each(ranges.size(), [&](std::size_t i) { ends[i] = drop_duplicates(events, ranges[i]); });
  const std::size_t before = events.size();
  std::uint32_t to = 0;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const std::uint32_t begin = events.user_begin[ranges[i].begin], gap = begin - to;
    const auto move = [&](auto& column) {
      if (gap != 0 && !column.empty()) std::copy(column.begin() + begin, column.begin() + ends[i], column.begin() + to);
    };
    move(events.time_us);
    move(events.type);
    move(events.item);
    move(events.input_rank);
    move(events.known_us);
    for (std::uint32_t user = ranges[i].begin; user < ranges[i].end; ++user) events.user_begin[user] -= gap;
    to += ends[i] - begin;
  }
  events.user_begin.back() = to;
  events.time_us.resize(to);
  events.type.resize(to);
  events.item.resize(to);
  if (!events.input_rank.empty()) events.input_rank.resize(to);
  if (!events.known_us.empty()) events.known_us.resize(to);
  return before - to;
}

}  // namespace causal_sessions
