#include "core/workers.h"

#include <algorithm>

#ifdef CAUSAL_SESSIONS_THREADS
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>
#endif

namespace causal_sessions {

#ifdef CAUSAL_SESSIONS_THREADS

class Workers::Pool {
 public:
  explicit Pool(const Workers& workers) : workers_(workers) {
    for (unsigned i = 1; i < workers.threads() && start();) ++i;
  }
  ~Pool() {
    {
      const std::lock_guard lock(mutex_);
      ends_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
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
    idle_.wait(lock, [this] { return working_ == 0; });
    task_ = nullptr;
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
    return true;
  }

 private:
  // False where the machine has no more of them: those that have started do.
  bool start() {
    try {
      threads_.emplace_back([this] { work(); });
    } catch (const std::system_error&) {
      return false;
    }
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
      std::exception_ptr failure = take(at);
      lock.lock();
      --working_;
      if (!failure) continue;
      next_ = count_;  // the rest would be for nothing
      if (!failure_) failure_ = std::move(failure);
    }
  }

  std::exception_ptr take(std::size_t at) const {
    try {
      workers_.take(*task_, at);
    } catch (...) {
      return std::current_exception();
    }
    return nullptr;
  }

  const Workers& workers_;
  std::mutex mutex_;
  std::condition_variable wake_, idle_;
  const std::function<void(std::size_t)>* task_ = nullptr;
  std::size_t count_ = 0, next_ = 0, working_ = 0;
  std::exception_ptr failure_;
  bool ends_ = false;
  std::vector<std::thread> threads_;
};

#else

class Workers::Pool {};

#endif

Workers::Workers(unsigned threads, std::size_t least)
    : threads_(std::max(threads, 1u)), least_(std::max<std::size_t>(least, 1)) {}

Workers::~Workers() = default;

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
