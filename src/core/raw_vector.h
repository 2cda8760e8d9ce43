// Raw vector: a vector whose resize() leaves new numbers as the memory has them, for columns of which every value is written before
// it is read. Zeros would cost a pass over them on one thread, which would also be the one that first touches their pages.
#pragma once

#include <memory>
#include <utility>
#include <vector>

namespace causal_sessions {

template <class T>
struct RawAllocator : std::allocator<T> {
  template <class U>
  struct rebind {
    using other = RawAllocator<U>;
  };

  template <class U>
  void construct(U* at) noexcept {
    ::new (static_cast<void*>(at)) U;
  }
  template <class U, class... Values>
  void construct(U* at, Values&&... values) {
    ::new (static_cast<void*>(at)) U(std::forward<Values>(values)...);
  }
};

template <class T>
using RawVector = std::vector<T, RawAllocator<T>>;

}  // namespace causal_sessions
