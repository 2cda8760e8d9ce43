// Sorts what is mostly short or in order already, such as the events of a user or of an instant: a tenth of the code of
// std::sort, which every page would load once for each type that is sorted.
//
// Needs:   an order in which no two are equal, or do not care which comes first.
// Cost:    linear where at most a few are out of place; n log n at worst.
#pragma once

#include <algorithm>
#include <iterator>
#include <utility>

namespace causal_sessions {

template <class Iterator, class Less>
void small_sort(Iterator begin, Iterator end, Less less) {
  // Insertions, until they have moved so much that a heap is cheaper.
  std::ptrdiff_t moves = 16 * (end - begin);
  for (Iterator next = begin; next != end; ++next) {
    auto value = std::move(*next);
    Iterator at = next;
    for (; at != begin && less(value, at[-1]); --at) *at = std::move(at[-1]);
    *at = std::move(value);
    moves -= next - at;
    if (moves >= 0) continue;
    std::make_heap(begin, end, less);
    std::sort_heap(begin, end, less);
    return;
  }
}

}  // namespace causal_sessions
