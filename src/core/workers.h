// Workers: the threads of a run. A step hands them tasks that do not touch what another one writes, and joins what they have
// made by the tasks' numbers, so that no result depends on how many threads there were or which of them came first.
//
// Needs:   nothing else is asked of it while tasks are under way, but for each() within a task, which goes through its own
//          tasks on the task's thread.
// Errors:  memory that runs out in a task is told where each() was called, as std::bad_alloc, once no task is under way; and
//          Stopped where somebody wants the work to end. Without exceptions, memory that runs out ends the program, on the
//          thread that called each().
// Cost:    no thread before there is work for two.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <utility>

// As WebAssembly there are two builds, one of which shares its memory.
#if !defined(__EMSCRIPTEN__) || defined(__EMSCRIPTEN_PTHREADS__)
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

  // Until the first task.
  void use([[maybe_unused]] unsigned threads) {
#ifdef CAUSAL_SESSIONS_THREADS
    threads_ = threads;
#endif
  }

  // Asked before each task, by any thread: whether no more are wanted.
  void stop_when(std::function<bool()> asked) { stop_asked_ = std::move(asked); }

  // Calls task(i) for each i below `count`, in no order, and returns once all have ended.
  void each(std::size_t count, const std::function<void(std::size_t)>& task) const;
  // The same with tasks that have little in common.
  void all(std::initializer_list<std::function<void()>> tasks) const {
    each(tasks.size(), [&tasks](std::size_t i) { tasks.begin()[i](); });
  }
  // Ends the threads, which start again with the next tasks.
  void rest();

#ifdef CAUSAL_SESSIONS_THREADS
  // What a task waits for another one with: that one may never get there, where it cannot say that its memory has run out.
  template <class Ready>
  static void wait(std::condition_variable& changed, std::unique_lock<std::mutex>& lock, const Ready& ready) {
#ifdef __cpp_exceptions
    changed.wait(lock, ready);
#else
    while (!changed.wait_for(lock, std::chrono::milliseconds(20), ready)) end_if_lost();
#endif
  }
#endif

 private:
  class Pool;

  void take(const std::function<void(std::size_t)>& task, std::size_t at) const;
  // Ends the program where the memory of a thread has run out.
  static void end_if_lost();

  [[maybe_unused]] unsigned threads_;  // one where there are none
  const std::size_t least_;
  std::function<bool()> stop_asked_;
  mutable std::unique_ptr<Pool> pool_;
};

}  // namespace causal_sessions
