// Reads a large text file on several threads: each has a chunk reader, and this one absorbs what they make, in order.
#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>

#include <unistd.h>

#include "cli/command.h"
#include "ingest/chunks/chunk_reader.h"

namespace causal_sessions {
namespace {

constexpr std::size_t kPiece = 1 << 20;
// Small enough for a chunk to stay in the cache from reading to parsing.
constexpr std::uint64_t kChunkBytes = 2 << 20;
// Chunks that each thread may be ahead.
constexpr std::size_t kAhead = 3;

// From `offset` on; fewer bytes at the end of the file.
std::size_t read_at(int file, std::uint64_t offset, std::span<char> room) {
  std::size_t filled = 0;
  while (filled < room.size()) {
    const ssize_t size = pread(file, room.data() + filled, room.size() - filled, static_cast<off_t>(offset + filled));
    if (size <= 0) break;
    filled += static_cast<std::size_t>(size);
  }
  return filled;
}

// The chunks of one file, and the threads that read them. The first is read here, as it begins where the reader stands.
class Chunks {
 public:
  Chunks(Run& run, int file, std::uint64_t size, unsigned threads)
      : plan_(run.plan), reader_(run.reader()), file_(file), size_(size) {
    // To absorb what many threads make is work enough for this one.
    own_ = threads <= 3 ? threads : 0;
    first_end_ = reader_.position() + (own_ != 0 ? kChunkBytes : 0);
    chunks_.resize(1 + (std::max(size, first_end_) - first_end_ + kChunkBytes - 1) / kChunkBytes);
  }
  ~Chunks() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }
  Chunks(const Chunks&) = delete;
  Chunks& operator=(const Chunks&) = delete;

  Status read(unsigned threads, const std::vector<char>& task, const std::function<bool(std::uint64_t)>& go_on) {
    anew_.resize(threads);
    for (std::size_t i = 1; i < threads && start(i, task);) ++i;
    for (std::size_t chunk = 0; chunk < chunks_.size(); ++chunk) {
      const bool absorbed = take(chunk);
      if (!absorbed) {
        if (Status status = read_here(begin_of(chunk + 1)); !status.ok()) return status;
      }
      const std::lock_guard lock(mutex_);
      chunks_[chunk].bytes = {};
      if (!absorbed) anew_[chunks_[chunk].thread] = true;
      taken_ = chunk + 1;
      changed_.notify_all();
      if (!go_on(reader_.position())) return {};
    }
    return {};
  }

 private:
  // False where the machine has no more of them: those that have started do.
  bool start(std::size_t i, const std::vector<char>& task) {
    try {
      threads_.emplace_back([this, i, &task] { work(i, task); });
      return true;
    } catch (const std::system_error&) {
      return false;
    }
  }
  struct Part {
    bool done = false;
    std::size_t thread = 0;  // that reads it; 0: this one
    std::vector<char> bytes;
  };

  [[nodiscard]] std::uint64_t begin_of(std::size_t chunk) const {
    return std::min(size_, chunk == 0 ? 0 : first_end_ + (chunk - 1) * kChunkBytes);
  }
  [[nodiscard]] bool is_own(std::size_t chunk) const { return chunk == 0 || (own_ != 0 && chunk % own_ == 0); }

  // Absorbs a chunk that another thread reads, once it is done.
  bool take(std::size_t chunk) {
    std::unique_lock lock(mutex_);
    next_ = std::max(next_, chunk + 1);
    if (chunks_[chunk].thread == 0) return false;
    changed_.wait(lock, [&] { return chunks_[chunk].done; });
    lock.unlock();
    return reader_.absorb(chunks_[chunk].thread, begin_of(chunk), chunks_[chunk].bytes);
  }

  // Up to the first line end at or behind `end`.
  Status read_here(std::uint64_t end) {
    while (true) {
      const std::uint64_t at = reader_.position();
      const bool tail = at >= end;
      const std::span<char> room = reader_.window(tail ? kChunkTail : std::min<std::uint64_t>(kPiece, end - at));
      std::size_t size = read_at(file_, at, room);
      if (size == 0) return {};
      const void* feed = tail ? std::memchr(room.data(), '\n', size) : nullptr;
      if (feed != nullptr) size = static_cast<std::size_t>(static_cast<const char*>(feed) - room.data()) + 1;
      if (Status status = reader_.commit(size); !status.ok() || tail) return status;
    }
  }

  void work(std::size_t thread, const std::vector<char>& task) {
    std::unique_lock lock(mutex_);
    std::unique_ptr<ChunkReader> reader;
    for (;;) {
      const auto pass_own = [this] {
        while (next_ < chunks_.size() && is_own(next_)) ++next_;
      };
      changed_.wait(lock, [&] {
        pass_own();
        return stop_ || next_ >= chunks_.size() || next_ < taken_ + kAhead * threads_.size();
      });
      if (stop_ || next_ >= chunks_.size()) return;
      const std::size_t chunk = next_++;
      chunks_[chunk].thread = thread;
      if (anew_[thread]) reader.reset();
      anew_[thread] = false;
      lock.unlock();
      std::vector<char> bytes;
      try {
        if (!reader) reader = std::make_unique<ChunkReader>(plan_.reading, task);
        const std::uint64_t begin = begin_of(chunk);
        const std::size_t chunk_size = begin_of(chunk + 1) - begin;
        bytes = reader->read(read_at(file_, begin, reader->window(chunk_size + kChunkTail)), chunk_size);
      } catch (const std::bad_alloc&) {
        reader.reset();  // the chunk is read where the others are absorbed
      }
      lock.lock();
      chunks_[chunk].bytes = std::move(bytes);
      chunks_[chunk].done = true;
      changed_.notify_all();
    }
  }

  const Plan& plan_;
  EventReader& reader_;
  const int file_;
  const std::uint64_t size_;
  std::uint64_t first_end_;
  std::size_t own_;  // this thread reads every own_-th chunk; 0: the first alone
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Part> chunks_;
  std::size_t next_ = 1, taken_ = 0;
  std::vector<bool> anew_;  // by thread: what it made last was not absorbed
  bool stop_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace

unsigned default_threads() { return std::clamp(std::thread::hardware_concurrency(), 1u, 8u); }

Status read_in_chunks(Run& run, std::FILE* file, std::uint64_t size, unsigned threads,
                      const std::function<bool(std::uint64_t)>& go_on) {
  const auto task = run.reader().chunk_task();
  if (!task) return {};
  const Status status = Chunks(run, fileno(file), size, threads).read(threads, *task, go_on);
  const bool found = fseeko(file, static_cast<off_t>(run.reader().position()), SEEK_SET) == 0;
  return found || !status.ok() ? status : Status(Error{ErrorCode::kBadCall, "the file cannot be read from within", {}});
}

}  // namespace causal_sessions
