#include "core/workers.h"

#include <algorithm>

#ifdef CAUSAL_SESSIONS_THREADS
#include <pthread.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <thread>
#include <vector>

#include "core/room.h"
#endif

namespace causal_sessions {

#ifdef CAUSAL_SESSIONS_THREADS

#ifdef __EMSCRIPTEN__
constexpr std::size_t kThreadBytes = 2 << 20;  // a stack of 1 MB (CMakeLists.txt) and what goes with it
#endif

#ifndef __cpp_exceptions
namespace {

thread_local bool is_of_a_pool = false;
std::atomic<bool> lost = false;

// A thread of a pool cannot end the program: it says so, and goes no further.
void run_out_of_memory() {
  if (!is_of_a_pool) std::abort();
  lost = true;
  while (true) std::this_thread::sleep_for(std::chrono::hours(1));
}

}  // namespace

void Workers::end_if_lost() {
  if (lost) std::abort();
}
#endif

class Workers::Pool {
 public:
  explicit Pool(const Workers& workers) : workers_(workers) {
#ifndef __cpp_exceptions
    std::set_new_handler(run_out_of_memory);
#endif
    threads_.reserve(workers.threads() - 1);
    for (unsigned i = 1; i < workers.threads() && start();) ++i;
  }
  ~Pool() {
    {
      const std::lock_guard lock(mutex_);
      ends_ = true;
    }
    wake_.notify_all();
    for (const pthread_t thread : threads_) pthread_join(thread, nullptr);
  }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // False, and nothing is done, from within a task.
  bool each(std::size_t count, const std::function<void(std::size_t)>& task) {
    std::unique_lock lock(mutex_);
    if (task_ != nullptr) return false;
    task_ = &task;
    count_ = count;
    next_ = 0;
    lock.unlock();
    wake_.notify_all();
    lock.lock();
    take_tasks(lock);
    Workers::wait(idle_, lock, [this] { return working_ == 0; });
    task_ = nullptr;
    tell_failure();
    return true;
  }

 private:
  // False where the machine has no more of them: those that have started do.
  bool start() {
#ifdef __EMSCRIPTEN__
    // Its pthread_create() does not look whether it was given memory for the stack, and would write over everything without.
    if (!has_room(kThreadBytes)) return false;
#endif
    const auto work = [](void* pool) -> void* {
#ifndef __cpp_exceptions
      is_of_a_pool = true;
#endif
      static_cast<Pool*>(pool)->work();
      return nullptr;
    };
    pthread_t thread;
    if (pthread_create(&thread, nullptr, work, this) != 0) return false;
    threads_.push_back(thread);
    return true;
  }

  void work() {
    std::unique_lock lock(mutex_);
    for (;;) {
      wake_.wait(lock, [this] { return ends_ || (task_ != nullptr && next_ < count_); });
      if (ends_) return;
      take_tasks(lock);
      if (working_ == 0) idle_.notify_all();
    }
  }

  void take_tasks(std::unique_lock<std::mutex>& lock) {
    while (next_ < count_) {
      const std::size_t at = next_++;
      ++working_;
      lock.unlock();
      Failure failure = take(at);
      lock.lock();
      --working_;
      if (!failure) continue;
      next_ = count_;  // the rest would be for nothing
      if (!failure_) failure_ = std::move(failure);
    }
  }

#ifdef __cpp_exceptions
  using Failure = std::exception_ptr;

  Failure take(std::size_t at) const {
    try {
      workers_.take(*task_, at);
    } catch (...) {
      return std::current_exception();
    }
    return nullptr;
  }
  void tell_failure() {
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  }
#else
  using Failure = bool;

  Failure take(std::size_t at) const {
    workers_.take(*task_, at);
    return false;
  }
  void tell_failure() {}
#endif

  const Workers& workers_;
  std::mutex mutex_;
  std::condition_variable wake_, idle_;
  const std::function<void(std::size_t)>* task_ = nullptr;
  std::size_t count_ = 0, next_ = 0, working_ = 0;
  Failure failure_{};
  bool ends_ = false;
  std::vector<pthread_t> threads_;
};

#else

class Workers::Pool {};

#endif

Workers::Workers(unsigned threads, std::size_t least)
    : threads_(std::max(threads, 1u)), least_(std::max<std::size_t>(least, 1)) {}

Workers::~Workers() = default;

void Workers::rest() { pool_.reset(); }

void Workers::each(std::size_t count, const std::function<void(std::size_t)>& task) const {
#ifdef CAUSAL_SESSIONS_THREADS
  if (threads_ > 1 && count > 1) {
    if (!pool_) pool_ = std::make_unique<Pool>(*this);
    if (pool_->each(count, task)) return;
  }
#endif
  for (std::size_t i = 0; i < count; ++i) take(task, i);
}

void Workers::take(const std::function<void(std::size_t)>& task, std::size_t at) const {
#ifdef __cpp_exceptions
  if (stop_asked_ && stop_asked_()) throw Stopped();
#endif
  task(at);
}

}  // namespace causal_sessions
