#include "session/order.h"

#include <algorithm>
#include <numeric>
#include <span>
#include <utility>

#include "core/cold.h"
#include "core/numpy_sort.h"
#include "core/ranges.h"
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

// The events that are counted and put in their places by one thread: blocks of them, so that each can be freed once it has been
// passed. Every share has a place for the next event of each user.
struct Share {
  IndexRange blocks;
  std::vector<std::uint32_t> next;  // by user
};

IndexRange blocks_of(const EventTable& events, std::size_t share, std::size_t count) {
  const auto block = [&](std::size_t i) { return static_cast<std::uint32_t>(events.user.block_count() * i / count); };
  return {block(share), block(share + 1)};
}

std::vector<Share> cut_shares(const EventTable& events, const Workers& workers) {
  const std::size_t count = count_shares(events.size(), events.users.size(), workers);
  std::vector<Share> shares(count);
  for (std::size_t i = 0; i < count; ++i) {
    shares[i].blocks = blocks_of(events, i, count);
  }
  return shares;
}

// Where each user's events begin, and those of each share among them.
std::vector<std::uint32_t> place_users(const EventTable& events, std::vector<Share>& shares, const Workers& workers) {
  workers.each(shares.size(), [&](std::size_t i) {
    Share& share = shares[i];
    share.next.resize(events.users.size());
    for (std::uint32_t b = share.blocks.begin; b < share.blocks.end; ++b) count_users(events.user.block(b), share.next.data());
  });
  std::vector<std::uint32_t> begin(events.users.size() + 1);
  std::uint32_t at = 0;
  for (std::size_t user = 0; user < events.users.size(); ++user) {
    begin[user] = at;
    for (Share& share : shares) at += std::exchange(share.next[user], at);
  }
  begin.back() = at;
  return begin;
}

// Puts the events of a block where their users' next ones belong.
[[gnu::noinline]] void scatter_block(const EventColumns& events, std::size_t b, std::uint32_t* next, OrderedEvents& ordered) {
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

// Ranges of users with at most `near` events each, but for a user who has more.
std::vector<IndexRange> cut_near(std::span<const std::uint32_t> user_begin, std::size_t near) {
  std::vector<IndexRange> ranges = {{0, 0}};
  for (std::uint32_t user = 0; user + 1 < user_begin.size(); ++user) {
    IndexRange& last = ranges.back();
    if (user > last.begin && user_begin[user + 1] - user_begin[last.begin] > near) ranges.push_back({user, user});
    ranges.back().end = user + 1;
  }
  return ranges;
}

// The events of some blocks by ranges of users, in their order; their blocks are freed on the way.
std::vector<EventColumns> part_events(EventTable& events, IndexRange blocks, std::span<const std::uint16_t> range_of_user,
                                      std::size_t ranges) {
  std::vector<EventColumns> parts(ranges);
  for (std::uint32_t b = blocks.begin; b < blocks.end; ++b) {
    const auto user = events.user.block(b);
    const auto time_us = events.time_us.block(b);
    const auto type = events.type.block(b);
    const auto item = events.item.block(b);
    for (std::size_t i = 0; i < user.size(); ++i) {
      EventColumns& to = parts[range_of_user[user[i]]];
      to.user.push_back(user[i]);
      to.time_us.push_back(time_us[i]);
      to.type.push_back(type[i]);
      to.item.push_back(item[i]);
    }
    events.release_block(b);
  }
  return parts;
}

// The places of many events lie far apart, and most of them are in no cache, nor in memory where a run is out of core. So their
// events are first brought together by ranges of users, whose places lie near each other.
void scatter_by_ranges(EventTable& events, std::size_t near, OrderedEvents& ordered, const Workers& workers) {
  // A thread whose blocks are in memory is done before one whose blocks are not, so there are more pieces than threads.
  const std::size_t pieces = workers.threads() == 1 ? 1 : 2 * workers.threads();
  const std::vector<IndexRange> ranges = cut_near(ordered.user_begin, std::max(near / 4, events.size() / 32));
  std::vector<std::uint16_t> range_of_user(events.users.size());
  for (std::size_t r = 0; r < ranges.size(); ++r)
    std::fill(range_of_user.begin() + ranges[r].begin, range_of_user.begin() + ranges[r].end, static_cast<std::uint16_t>(r));
  std::vector<std::vector<EventColumns>> parts(pieces);
  workers.each(
      pieces, [&](std::size_t i) { parts[i] = part_events(events, blocks_of(events, i, pieces), range_of_user, ranges.size()); });
  std::vector<std::uint32_t> next = ordered.user_begin;
  workers.each(ranges.size(), [&](std::size_t r) {
    for (std::vector<EventColumns>& of_piece : parts) {
      EventColumns& part = of_piece[r];
      for (std::size_t b = 0; b < part.user.block_count(); ++b) {
        scatter_block(part, b, next.data(), ordered);
        part.release_block(b);
      }
    }
  });
}

// Calls put(to, block, i) for each event: its place among its users', and where it is in the input. `last(block)` once a block is passed.
template <class Put, class Last>
void place_events(const EventTable& events, std::span<const Share> shares, const Workers& workers, Put put, Last last) {
  workers.each(shares.size(), [&](std::size_t s) {
    std::vector<std::uint32_t> next = shares[s].next;
    for (std::uint32_t b = shares[s].blocks.begin; b < shares[s].blocks.end; ++b) {
      const auto user = events.user.block(b);
      for (std::size_t i = 0; i < user.size(); ++i) put(next[user[i]]++, b, i);
      last(b);
    }
  });
}

COLD RawVector<std::int64_t> group_known(EventTable& events, std::span<const Share> shares, const Workers& workers) {
  RawVector<std::int64_t> known(events.known_us.size());
  if (known.empty()) return known;
  place_events(
      events, shares, workers, [&](std::uint32_t to, std::uint32_t b, std::size_t i) { known[to] = events.known_us.block(b)[i]; },
      [&](std::uint32_t b) { events.known_us.release_block(b); });
  return known;
}

// The further columns, column by column.
COLD std::shared_ptr<const GroupedValues> group_values(EventTable& events, std::span<const Share> shares,
                                                       std::span<const std::uint32_t> user_begin, const Workers& workers) {
  if (events.values.empty()) return nullptr;
  auto grouped = std::make_shared<GroupedValues>();
  grouped->user_begin.assign(user_begin.begin(), user_begin.end());
  for (EventValues& values : events.values) {
    std::vector<std::uint32_t>& codes = grouped->columns.emplace_back().codes;
    codes.resize(events.size());
    place_events(
        events, shares, workers, [&](std::uint32_t to, std::uint32_t b, std::size_t i) { codes[to] = values.codes.block(b)[i]; },
        [&](std::uint32_t b) { values.codes.release_block(b); });
    grouped->columns.back().texts = std::move(values.texts);
  }
  return grouped;
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
    std::int64_t known_us;
    std::uint32_t item;
    std::uint8_t type;
  };
  const bool known = !events.known_us.empty();
  std::vector<Entry> entries;
  for (std::uint32_t i = begin; i < end; ++i)
    entries.push_back({key(i), known ? events.known_us[i] : 0, events.item[i], events.type[i]});
  small_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.key < b.key; });
  for (std::uint32_t i = begin; i < end; ++i) {
    const Entry& entry = entries[i - begin];
    events.type[i] = entry.type;
    events.item[i] = entry.item;
    events.input_rank[i] = static_cast<std::uint32_t>(entry.key);
    if (known) events.known_us[i] = entry.known_us;
  }
}

// Calls a visitor of its own for each range of users, with where each user's events begin and end.
template <class Visit>
void each_user(std::span<const std::uint32_t> user_begin, const Workers& workers, const Visit& visit) {
  const std::vector<IndexRange> ranges = cut_groups(user_begin, workers);
  workers.each(ranges.size(), [&](std::size_t i) {
    Visit visit_of_range = visit;
    for (std::uint32_t user = ranges[i].begin; user < ranges[i].end; ++user)
      visit_of_range(user_begin[user], user_begin[user + 1]);
  });
}

}  // namespace

void reorder_ties(OrderedEvents& events, TieRule ties, const Workers& workers) {
  each_user(events.user_begin, workers, [&](std::uint32_t begin, std::uint32_t end) {
    for (std::uint32_t i = begin; i < end;) {
      std::uint32_t next = i + 1;
      while (next < end && events.time_us[next] == events.time_us[i]) ++next;
      if (next - i > 1) sort_instant(events, i, next, ties == TieRule::kPriority);
      i = next;
    }
  });
}

OrderedEvents order_again(const OrderedEvents& events, TieRule ties, const Workers& workers) {
  OrderedEvents again;
  again.user_begin = events.user_begin;
  again.types = events.types;
  again.tied = events.tied;
  again.time_us.resize(events.size());
  again.type.resize(events.size());
  again.item.resize(events.size());
  again.input_rank.resize(events.size());
  again.known_us.resize(events.known_us.size());
  each_user(events.user_begin, workers, [&, sorter = SegmentSorter(ties)](std::uint32_t begin, std::uint32_t end) mutable {
    for (std::uint32_t i = begin; i < end; ++i) {
      const std::uint32_t rank = events.input_rank[i], to = begin + rank;
      again.time_us[to] = events.time_us[i];
      again.type[to] = events.type[i];
      again.item[to] = events.item[i];
      again.input_rank[to] = rank;
      if (!again.known_us.empty()) again.known_us[to] = events.known_us[i];
    }
    sorter.sort(again, begin, end);
  });
  return again;
}

OrderedEvents group_events(EventTable events, const Workers& workers, std::size_t near) {
  OrderedEvents ordered;
  std::vector<Share> shares = cut_shares(events, workers);
  ordered.user_begin = place_users(events, shares, workers);
  ordered.values = group_values(events, shares, ordered.user_begin, workers);
  ordered.known_us = group_known(events, shares, workers);
  ordered.time_us.resize(events.size());
  ordered.type.resize(events.size());
  ordered.item.resize(events.size());
  if (events.size() > near) {
    scatter_by_ranges(events, near, ordered, workers);
  } else {
    workers.each(shares.size(), [&](std::size_t i) {
      for (std::uint32_t b = shares[i].blocks.begin; b < shares[i].blocks.end; ++b) {
        scatter_block(events, b, shares[i].next.data(), ordered);
        events.release_block(b);
      }
    });
  }
  ordered.users = std::move(events.users);
  ordered.items = std::move(events.items);
  ordered.types = std::move(events.types);
  return ordered;
}

void order_users(OrderedEvents& events, TieRule ties, InputRank rank, const Workers& workers) {
  if (rank == InputRank::kKeep) events.input_rank.resize(events.size());
  const std::vector<IndexRange> ranges = cut_groups(events.user_begin, workers);
  std::vector<std::uint64_t> tied(ranges.size());
  workers.each(ranges.size(), [&](std::size_t i) {
    SegmentSorter sorter(ties);
    for (std::uint32_t user = ranges[i].begin; user < ranges[i].end; ++user) {
      const std::uint32_t begin = events.user_begin[user], end = events.user_begin[user + 1];
      if (rank == InputRank::kKeep) std::iota(events.input_rank.begin() + begin, events.input_rank.begin() + end, 0u);
      sorter.sort(events, begin, end);
      tied[i] += count_tied(std::span(events.time_us).subspan(begin, end - begin));
    }
  });
  events.tied += std::accumulate(tied.begin(), tied.end(), std::uint64_t{0});
}

std::uint64_t count_tied(const OrderedEvents& events) {
  std::uint64_t tied = 0;
  for (std::size_t user = 0; user + 1 < events.user_begin.size(); ++user) {
    const std::uint32_t begin = events.user_begin[user], end = events.user_begin[user + 1];
    tied += count_tied(std::span(events.time_us).subspan(begin, end - begin));
  }
  return tied;
}

OrderedEvents order_events(EventTable events, TieRule ties, InputRank rank, const Workers& workers) {
  OrderedEvents ordered = group_events(std::move(events), workers);
  order_users(ordered, ties, rank, workers);
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
  if (!events.known_us.empty()) {
    known_.assign(events.known_us.begin() + begin, events.known_us.begin() + end);
    for (std::uint32_t i = 0; i < count; ++i) events.known_us[begin + i] = known_[order_[i]];
  }
  if (events.input_rank.empty()) return;
  ranks_.assign(events.input_rank.begin() + begin, events.input_rank.begin() + end);
  for (std::uint32_t i = 0; i < count; ++i) events.input_rank[begin + i] = ranks_[order_[i]];
}

}  // namespace causal_sessions
