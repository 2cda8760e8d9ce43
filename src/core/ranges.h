// Ranges: what a step goes through, cut for the threads of a run. Steps work on users one by one, so events, sessions and rows
// are cut where their users change.
//
// Cost: a search a range.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/workers.h"

namespace causal_sessions {

// The positions [begin, end).
struct IndexRange {
  std::uint32_t begin = 0, end = 0;
  [[nodiscard]] std::uint32_t size() const { return end - begin; }
};

// Positions below `size`, whatever they are of; one range at least, also of nothing.
[[nodiscard]] std::vector<IndexRange> cut_evenly(std::size_t size, const Workers& workers);
// Groups by where each begins, with one more entry for the end: ranges of groups with about as many members each.
[[nodiscard]] std::vector<IndexRange> cut_groups(std::span<const std::uint32_t> begin, const Workers& workers);
// Members by the group of each, which follow each other: ranges of members that hold whole groups.
[[nodiscard]] std::vector<IndexRange> cut_members(std::span<const std::uint32_t> group, const Workers& workers);

// How many threads may count members by so many keys, each with counters of its own: these stay no more than the members.
[[nodiscard]] std::size_t count_shares(std::size_t members, std::size_t keys, const Workers& workers);

// Appends columns of tables that were made range by range, in their order; the pieces are empty afterwards.
template <class Table, class... T>
void join_columns(std::vector<Table>& pieces, Table& whole, const Workers& workers, std::vector<T> Table::*... columns) {
  const auto join = [&](auto column) {
    auto& all = whole.*column;
    if (all.empty() && !pieces.empty()) all = std::move(pieces.front().*column);
    std::size_t size = all.size();
    for (const Table& piece : pieces) size += (piece.*column).size();
    all.reserve(size);
    for (Table& piece : pieces) {
      auto& more = piece.*column;
      all.insert(all.end(), more.begin(), more.end());
      more = {};
    }
  };
  workers.all({[&join, columns] { join(columns); }...});
}

}  // namespace causal_sessions
