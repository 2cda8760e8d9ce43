// NumPy's argsort for datetime64 (kind='quicksort'), comparison for comparison: it is not stable, and which of
// two equal times comes first decides what the notebook's X holds, so the order of swaps is part of the result.
//
// Sorts `order` (positions into `keys`) by key.
// Cost:    O(n log n) worst case: introsort, past the depth limit heapsort.
// Source:  numpy/core/src/npysort, quicksort.cpp (aquicksort_) and heapsort.cpp (aheapsort_), described in
//          the README under "References"; written anew here from that description.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace causal_sessions {
namespace numpy_sort_detail {

constexpr std::ptrdiff_t kSmall = 16;  // partitions while right - left >= kSmall, that is > 15

template <class Key>
void heap_argsort(const Key* keys, std::uint32_t* order, std::ptrdiff_t n) {
  std::uint32_t* a = order - 1;  // the heap counts from one
  const auto sift_down = [&](std::ptrdiff_t i, std::ptrdiff_t size, std::uint32_t value) {
    std::ptrdiff_t j = 2 * i;
    while (j <= size) {
      if (j < size && keys[a[j]] < keys[a[j + 1]]) ++j;
      if (!(keys[value] < keys[a[j]])) break;
      a[i] = a[j];
      i = j;
      j += j;
    }
    a[i] = value;
  };
  for (std::ptrdiff_t l = n >> 1; l > 0; --l) sift_down(l, n, a[l]);
  for (std::ptrdiff_t size = n; size > 1;) {
    const std::uint32_t value = a[size];
    a[size] = a[1];
    --size;
    sift_down(1, size, value);
  }
}

template <class Key>
void insertion_argsort(const Key* keys, std::uint32_t* left, std::uint32_t* right) {
  for (std::uint32_t* i = left + 1; i <= right; ++i) {
    const std::uint32_t moved = *i;
    const Key key = keys[moved];
    std::uint32_t* j = i;
    for (; j > left && key < keys[j[-1]]; --j) *j = j[-1];
    *j = moved;
  }
}

// Median of three to the middle, then Hoare's scan; returns where the pivot ends up.
template <class Key>
std::uint32_t* partition(const Key* keys, std::uint32_t* left, std::uint32_t* right) {
  std::uint32_t* middle = left + ((right - left) >> 1);
  if (keys[*middle] < keys[*left]) std::swap(*middle, *left);
  if (keys[*right] < keys[*middle]) std::swap(*right, *middle);
  if (keys[*middle] < keys[*left]) std::swap(*middle, *left);
  const Key pivot = keys[*middle];
  std::uint32_t* i = left;
  std::uint32_t* j = right - 1;
  std::swap(*middle, *j);
  for (;;) {
    do ++i;
    while (keys[*i] < pivot);
    do --j;
    while (pivot < keys[*j]);
    if (i >= j) break;
    std::swap(*i, *j);
  }
  std::swap(*i, *(right - 1));
  return i;
}

}  // namespace numpy_sort_detail

template <class Key>
void numpy_argsort(const Key* keys, std::span<std::uint32_t> order) {
  using namespace numpy_sort_detail;
  if (order.size() < 2) return;
  struct Part {
    std::uint32_t* left;
    std::uint32_t* right;
    int depth;
  };
  Part stack[2 * 64];
  Part* top = stack;
  Part part{order.data(), order.data() + order.size() - 1, 2 * (static_cast<int>(std::bit_width(order.size())) - 1)};
  for (;;) {
    bool sorted = false;
    if (part.depth < 0) {
      heap_argsort(keys, part.left, part.right - part.left + 1);
      sorted = true;
    }
    while (!sorted && part.right - part.left >= kSmall) {
      std::uint32_t* pivot = partition(keys, part.left, part.right);
      --part.depth;
      if (pivot - part.left < part.right - pivot) {
        *top++ = {pivot + 1, part.right, part.depth};
        part.right = pivot - 1;
      } else {
        *top++ = {part.left, pivot - 1, part.depth};
        part.left = pivot + 1;
      }
    }
    if (!sorted) insertion_argsort(keys, part.left, part.right);
    if (top == stack) return;
    part = *--top;
  }
}

}  // namespace causal_sessions
