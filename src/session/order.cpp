#include "session/order.h"

#include <algorithm>
#include <numeric>
#include <span>

#include "core/numpy_sort.h"
#include "core/small_sort.h"

namespace causal_sessions {
namespace {

// Up to so many keys NumPy sorts by insertion alone, which is stable.
constexpr std::uint32_t kNumpyStable = 16;

// What passes over all events is a function of its own, called for each block or user: a WebAssembly engine compiles a
// function that runs for long once more, but goes over to the faster code only when it is next called.

[[gnu::noinline]] void count_users(std::span<const std::uint32_t> users, std::uint32_t* counts) {
  for (const std::uint32_t user : users) ++counts[user];
}

std::vector<std::uint32_t> count_by_user(const EventTable& events) {
  std::vector<std::uint32_t> begin(events.users.size() + 1, 0);
  for (std::size_t b = 0; b < events.user.block_count(); ++b) count_users(events.user.block(b), begin.data() + 1);
  std::partial_sum(begin.begin(), begin.end(), begin.begin());
  return begin;
}

// Puts the events of a block where their users' next ones belong.
[[gnu::noinline]] void scatter_block(const EventTable& events, std::size_t b, std::uint32_t* next, OrderedEvents& ordered) {
  const auto user = events.user.block(b);
  const std::int64_t* time_us = events.time_us.block(b).data();
  const std::uint8_t* type = events.type.block(b).data();
  const std::uint32_t* item = events.item.block(b).data();
  std::int64_t* to_time_us = ordered.time_us.data();
  std::uint8_t* to_type = ordered.type.data();
  std::uint32_t* to_item = ordered.item.data();
  for (std::size_t i = 0; i < user.size(); ++i) {
    const std::uint32_t to = next[user[i]]++;
    to_time_us[to] = time_us[i];
    to_type[to] = type[i];
    to_item[to] = item[i];
  }
}

// Of times in order: those that another one equals.
[[gnu::noinline]] std::uint64_t count_tied(std::span<const std::int64_t> time_us) {
  std::uint64_t tied = 0;
  for (std::size_t i = 0; i < time_us.size();) {
    std::size_t next = i + 1;
    while (next < time_us.size() && time_us[next] == time_us[i]) ++next;
    if (next - i > 1) tied += next - i;
    i = next;
  }
  return tied;
}

// Sorts the few events of one instant by (type, rank), or by rank alone.
void sort_instant(OrderedEvents& events, std::uint32_t begin, std::uint32_t end, bool by_type) {
  const auto key = [&](std::uint32_t i) { return std::uint64_t{by_type ? events.type[i] : 0u} << 32 | events.input_rank[i]; };
  bool ordered = true;
  for (std::uint32_t i = begin + 1; i < end; ++i) ordered &= key(i - 1) < key(i);
  if (ordered) return;
  struct Entry {
    std::uint64_t key;
    std::uint32_t item;
    std::uint8_t type;
  };
  std::vector<Entry> entries;
  for (std::uint32_t i = begin; i < end; ++i) entries.push_back({key(i), events.item[i], events.type[i]});
  small_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.key < b.key; });
  for (std::uint32_t i = begin; i < end; ++i) {
    const Entry& entry = entries[i - begin];
    events.type[i] = entry.type;
    events.item[i] = entry.item;
    events.input_rank[i] = static_cast<std::uint32_t>(entry.key);
  }
}

}  // namespace

void reorder_ties(OrderedEvents& events, TieRule ties) {
  for (std::size_t user = 0; user + 1 < events.user_begin.size(); ++user) {
    const std::uint32_t end = events.user_begin[user + 1];
    for (std::uint32_t i = events.user_begin[user]; i < end;) {
      std::uint32_t next = i + 1;
      while (next < end && events.time_us[next] == events.time_us[i]) ++next;
      if (next - i > 1) sort_instant(events, i, next, ties == TieRule::kPriority);
      i = next;
    }
  }
}

OrderedEvents order_again(const OrderedEvents& events, TieRule ties) {
  OrderedEvents again;
  again.user_begin = events.user_begin;
  again.types = events.types;
  again.tied = events.tied;
  again.time_us.resize(events.size());
  again.type.resize(events.size());
  again.item.resize(events.size());
  again.input_rank.resize(events.size());
  SegmentSorter sorter(ties);
  for (std::size_t user = 0; user + 1 < events.user_begin.size(); ++user) {
    const std::uint32_t begin = events.user_begin[user], end = events.user_begin[user + 1];
    for (std::uint32_t i = begin; i < end; ++i) {
      const std::uint32_t rank = events.input_rank[i], to = begin + rank;
      again.time_us[to] = events.time_us[i];
      again.type[to] = events.type[i];
      again.item[to] = events.item[i];
      again.input_rank[to] = rank;
    }
    sorter.sort(again, begin, end);
  }
  return again;
}

OrderedEvents group_events(EventTable events) {
  OrderedEvents ordered;
  ordered.user_begin = count_by_user(events);
  ordered.time_us.resize(events.size());
  ordered.type.resize(events.size());
  ordered.item.resize(events.size());
  std::vector<std::uint32_t> next(ordered.user_begin.begin(), ordered.user_begin.end() - 1);
  for (std::size_t b = 0; b < events.user.block_count(); ++b) {
    scatter_block(events, b, next.data(), ordered);
    events.user.release_block(b);
    events.time_us.release_block(b);
    events.type.release_block(b);
    events.item.release_block(b);
  }
  ordered.users = std::move(events.users);
  ordered.items = std::move(events.items);
  ordered.types = std::move(events.types);
  return ordered;
}

void order_users(OrderedEvents& events, TieRule ties, InputRank rank) {
  if (rank == InputRank::kKeep) {
    events.input_rank.resize(events.size());
    for (std::size_t user = 0; user + 1 < events.user_begin.size(); ++user) {
      const auto first = events.input_rank.begin();
      std::iota(first + events.user_begin[user], first + events.user_begin[user + 1], 0u);
    }
  }
  SegmentSorter sorter(ties);
  for (std::size_t user = 0; user + 1 < events.user_begin.size(); ++user) {
    const std::uint32_t begin = events.user_begin[user], end = events.user_begin[user + 1];
    sorter.sort(events, begin, end);
    events.tied += count_tied(std::span(events.time_us).subspan(begin, end - begin));
  }
}

std::uint64_t count_tied(const OrderedEvents& events) {
  std::uint64_t tied = 0;
  for (std::size_t user = 0; user + 1 < events.user_begin.size(); ++user) {
    const std::uint32_t begin = events.user_begin[user], end = events.user_begin[user + 1];
    tied += count_tied(std::span(events.time_us).subspan(begin, end - begin));
  }
  return tied;
}

OrderedEvents order_events(EventTable events, TieRule ties, InputRank rank) {
  OrderedEvents ordered = group_events(std::move(events));
  order_users(ordered, ties, rank);
  return ordered;
}

void SegmentSorter::sort(OrderedEvents& events, std::uint32_t begin, std::uint32_t end) {
  const std::uint32_t count = end - begin;
  const std::int64_t* time = events.time_us.data() + begin;
  const std::uint8_t* type = events.type.data() + begin;
  bool out_of_order = false, has_ties = false, types_out_of_order = false;
  for (std::uint32_t i = 1; i < count; ++i) {
    const bool tied = time[i] == time[i - 1];
    out_of_order |= time[i] < time[i - 1];
    has_ties |= tied;
    types_out_of_order |= tied && type[i] < type[i - 1];
  }
  const bool ties_may_move =
      ties_ == TieRule::kPriority ? types_out_of_order : ties_ == TieRule::kNumpy && has_ties && count > kNumpyStable;
  if (!out_of_order && !ties_may_move) return;

  order_.resize(count);
  std::iota(order_.begin(), order_.end(), 0u);
  if (ties_ == TieRule::kNumpy) {
    numpy_argsort(time, order_);
  } else {
    const bool by_type = ties_ == TieRule::kPriority;
    small_sort(order_.begin(), order_.end(), [&](std::uint32_t a, std::uint32_t b) {
      if (time[a] != time[b]) return time[a] < time[b];
      if (by_type && type[a] != type[b]) return type[a] < type[b];
      return a < b;
    });
  }
  times_.assign(time, time + count);
  types_.assign(type, type + count);
  items_.assign(events.item.begin() + begin, events.item.begin() + end);
  for (std::uint32_t i = 0; i < count; ++i) {
    events.time_us[begin + i] = times_[order_[i]];
    events.type[begin + i] = types_[order_[i]];
    events.item[begin + i] = items_[order_[i]];
  }
  if (events.input_rank.empty()) return;
  ranks_.assign(events.input_rank.begin() + begin, events.input_rank.begin() + end);
  for (std::uint32_t i = 0; i < count; ++i) events.input_rank[begin + i] = ranks_[order_[i]];
}

}  // namespace causal_sessions
