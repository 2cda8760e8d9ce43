// Sorts values range by range on the threads of a run, then merges the ranges.
//
// Needs:   an order in which no two are equal, or do not care which comes first.
// Cost:    n log n, shared; the last merge is one thread's.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "core/ranges.h"

namespace causal_sessions {

// Sorts what sort(begin, end) has sorted in each range.
template <class T, class Less>
void merge_ranges(std::vector<T>& values, std::vector<IndexRange> ranges, const Workers& workers, Less less) {
  while (ranges.size() > 1) {
    std::vector<IndexRange> pairs((ranges.size() + 1) / 2);
    workers.each(pairs.size(), [&](std::size_t i) {
      const bool two = 2 * i + 1 < ranges.size();
      pairs[i] = {ranges[2 * i].begin, ranges[two ? 2 * i + 1 : 2 * i].end};
      const auto at = values.begin();
      if (two) std::inplace_merge(at + pairs[i].begin, at + ranges[2 * i].end, at + pairs[i].end, less);
    });
    ranges = std::move(pairs);
  }
}

template <class T, class Less>
void sort_in_ranges(std::vector<T>& values, const Workers& workers, Less less) {
  if (workers.threads() == 1) return std::sort(values.begin(), values.end(), less);
  const std::vector<IndexRange> ranges = cut_evenly(values.size(), workers);
  workers.each(ranges.size(),
               [&](std::size_t i) { std::sort(values.begin() + ranges[i].begin, values.begin() + ranges[i].end, less); });
  merge_ranges(values, ranges, workers, less);
}

}  // namespace causal_sessions
