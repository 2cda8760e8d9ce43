// Order: events by user (first appearance first), then by time, equal times by the tie rule.
//
// A counting sort by user scatters the columns once; a user's events are sorted only where they are out of order, or
// where the tie rule may move equal times.
// Threads: grouping is cut by blocks of the input, with a counter of each user for each thread, and is left to fewer of them
//          where users have few events; ordering by ranges of users.
// Cost:    two passes; 13 bytes an event (17 with their input ranks, four a further column, eight of when they became known) beside
//          the input, whose blocks are freed on the way.
//          The events as group_events() leaves them are all that any tie rule needs.
// Source:  the notebook's sort_values; NumPy's argsort for TieRule::kNumpy, see core/numpy_sort.h.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/raw_vector.h"
#include "core/shared_texts.h"
#include "core/workers.h"
#include "ingest/event_table.h"

namespace causal_sessions {

enum class TieRule {
  kNumpy,     // as NumPy's argsort leaves equal times: the notebook's
  kInput,     // equal times stay in input order
  kPriority,  // equal times by event type id, then input order
};
enum class Duplicates { kKeep, kDrop };

struct OrderOptions {
  TieRule ties = TieRule::kNumpy;
  Duplicates duplicates = Duplicates::kKeep;  // equal user, time, type and item
};

// The values of further columns, by user in input order, where each event's rank finds its own.
struct GroupedValues {
  struct Column {
    SharedTexts texts;
    std::vector<std::uint32_t> codes;  // StringPool::kNone: there is no value
  };
  std::vector<std::uint32_t> user_begin;
  std::vector<Column> columns;  // as the plan names them
};

struct OrderedEvents {
  std::vector<std::uint32_t> user_begin;  // first event of each user; one more entry for the end
  RawVector<std::int64_t> time_us;
  RawVector<std::uint8_t> type;
  RawVector<std::uint32_t> item;
  // Where each event stood among its user's in the input; only if asked for.
  RawVector<std::uint32_t> input_rank;
  RawVector<std::int64_t> known_us;  // when each became known; empty: at their times
  std::uint64_t tied = 0;            // events that share user and time with another

  SharedTexts users, items;
  std::vector<std::string> types;
  std::shared_ptr<const GroupedValues> values;  // null where there are none; they need the input ranks

  [[nodiscard]] std::size_t size() const { return time_us.size(); }
};

constexpr std::size_t kNearEvents = 16 << 20;  // 218 MB of columns

enum class InputRank : bool { kForget, kKeep };

[[nodiscard]] OrderedEvents order_events(EventTable events, TieRule ties, InputRank rank = InputRank::kForget,
                                         const Workers& workers = Workers());

// The two halves of it: by user, each user's in input order; then by time.
// `near`: more events are first brought together by users, so many at once.
[[nodiscard]] OrderedEvents group_events(EventTable events, const Workers& workers = Workers(), std::size_t near = kNearEvents);
void order_users(OrderedEvents& events, TieRule ties, InputRank rank, const Workers& workers = Workers());

// Events that share user and time with another.
[[nodiscard]] std::uint64_t count_tied(const OrderedEvents& events);

// Brings equal times into the order that order_events() would have given them by kInput or kPriority; needs the input
// ranks. Cost: one pass.
void reorder_ties(OrderedEvents& events, TieRule ties, const Workers& workers = Workers());

// The events as order_events() would have ordered them by another rule, from their input ranks; without users' and items'
// texts. Cost: as there.
[[nodiscard]] OrderedEvents order_again(const OrderedEvents& events, TieRule ties, const Workers& workers = Workers());

// Sorts the events [begin, end), all of one user, in place.
class SegmentSorter {
 public:
  explicit SegmentSorter(TieRule ties) : ties_(ties) {}
  void sort(OrderedEvents& events, std::uint32_t begin, std::uint32_t end);

 private:
  TieRule ties_;
  std::vector<std::uint32_t> order_, items_, ranks_;
  std::vector<std::int64_t> times_, known_;
  std::vector<std::uint8_t> types_;
};

}  // namespace causal_sessions
