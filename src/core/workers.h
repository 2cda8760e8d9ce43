// Workers: the threads of a run. A step hands them tasks that do not touch what another one writes, and joins what they have
// made by the tasks' numbers, so that no result depends on how many threads there were or which of them came first.
//
// Needs:   nothing else is asked of it while tasks are under way, but for each() within a task, which goes through its own
//          tasks on the task's thread.
// Errors:  memory that runs out in a task is told where each() was called, as std::bad_alloc, once no task is under way; and
//          Stopped where somebody wants the work to end, as far as a build has exceptions.
// Cost:    no thread before there is work for two.
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <initializer_list>
#include <memory>
#include <utility>

// As WebAssembly there are none yet.
#ifndef __EMSCRIPTEN__
#define CAUSAL_SESSIONS_THREADS 1
#endif

namespace causal_sessions {

// Thrown by Workers::each() instead of a further task.
struct Stopped : std::exception {
  [[nodiscard]] const char* what() const noexcept override { return "stopped"; }
};

class Workers {
 public:
  // Fewer users, events or rows are not worth a thread.
  static constexpr std::size_t kLeast = 4 << 10;

  // `threads`: that work at once, with the caller's. `least`: of what is cut into ranges (core/ranges.h), that a range has.
  explicit Workers(unsigned threads = 1, std::size_t least = kLeast);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

#ifdef CAUSAL_SESSIONS_THREADS
  [[nodiscard]] unsigned threads() const { return threads_; }
#else
  // Known to the compiler, which leaves out what is done for several.
  [[nodiscard]] static constexpr unsigned threads() { return 1; }
#endif
  [[nodiscard]] std::size_t least() const { return least_; }

  // Asked before each task, by any thread: whether no more are wanted.
  void stop_when(std::function<bool()> asked) { stop_asked_ = std::move(asked); }

  // Calls task(i) for each i below `count`, in no order, and returns once all have ended.
  void each(std::size_t count, const std::function<void(std::size_t)>& task) const;
  // The same with tasks that have little in common.
  void all(std::initializer_list<std::function<void()>> tasks) const {
    each(tasks.size(), [&tasks](std::size_t i) { tasks.begin()[i](); });
  }

 private:
  class Pool;

  void take(const std::function<void(std::size_t)>& task, std::size_t at) const;

  [[maybe_unused]] const unsigned threads_;  // one where there are none
  const std::size_t least_;
  std::function<bool()> stop_asked_;
  mutable std::unique_ptr<Pool> pool_;
};

}  // namespace causal_sessions
