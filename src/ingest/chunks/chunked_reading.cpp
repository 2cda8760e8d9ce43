#include "ingest/chunks/chunked_reading.h"

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <utility>
#include <vector>

#include "ingest/chunks/chunk_reader.h"

namespace causal_sessions {
namespace {

constexpr std::size_t kAtOnce = 1 << 20;
// Small enough for a chunk to stay in the cache from reading to parsing.
constexpr std::uint64_t kChunkBytes = 2 << 20;
// Chunks that each thread may be ahead.
constexpr std::size_t kAhead = 3;
// With more threads absorbing what they read is work enough for one.
constexpr std::size_t kMostThatReadStraight = 3;

class ChunkedReading {
 public:
  ChunkedReading(EventReader& reader, const ReadingOptions& options, std::uint64_t size, std::size_t threads,
                 std::vector<char> task, const ReadAt& read_at, const std::function<bool(std::uint64_t)>& go_on)
      : reader_(reader), options_(options), size_(size), threads_(threads), task_(std::move(task)), read_at_(read_at),
        go_on_(go_on), first_end_(reader.position() + kChunkBytes),
        chunks_(1 + (std::max(size, first_end_) - first_end_ + kChunkBytes - 1) / kChunkBytes), anew_(threads) {}

  Status read(const Workers& workers) {
    workers.each(threads_, [this](std::size_t thread) { work(thread); });
    return status_;
  }

 private:
  struct Chunk {
    bool begun = false, read = false;
    std::size_t thread = 0;  // whose reader has read it
    std::vector<char> bytes;
  };

  // Without a lock that it must give up, an exception would leave the others waiting.
  class Ending {
   public:
    explicit Ending(ChunkedReading& of) : of_(of) {}
    ~Ending() {
      const std::lock_guard lock(of_.mutex_);
      of_.ended_ = true;
      of_.changed_.notify_all();
    }
    Ending(const Ending&) = delete;
    Ending& operator=(const Ending&) = delete;

   private:
    ChunkedReading& of_;
  };

  [[nodiscard]] std::uint64_t begin_of(std::size_t chunk) const {
    return std::min(size_, chunk == 0 ? 0 : first_end_ + (chunk - 1) * kChunkBytes);
  }
  [[nodiscard]] bool ended() const { return ended_ || taken_ == chunks_.size(); }
  [[nodiscard]] bool may_take() const {
    if (taking_) return false;
    const Chunk& next = chunks_[taken_];
    return next.read || (!next.begun && (taken_ == 0 || threads_ <= kMostThatReadStraight));
  }
  [[nodiscard]] bool may_read_ahead() {
    next_ = std::max(next_, taken_);
    while (next_ < chunks_.size() && chunks_[next_].begun) ++next_;
    return next_ < chunks_.size() && next_ <= taken_ + kAhead * threads_;
  }

  void work(std::size_t thread) {
    const Ending ending(*this);
    std::unique_ptr<ChunkReader> chunk_reader;
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return ended() || may_take() || may_read_ahead(); });
      if (ended()) return;
      if (may_take()) {
        take(lock);
      } else {
        read_ahead(thread, chunk_reader, lock);
      }
      changed_.notify_all();
    }
  }

  // The next chunk, into the reader of the file.
  void take(std::unique_lock<std::mutex>& lock) {
    const std::size_t at = taken_;
    Chunk& chunk = chunks_[at];
    chunk.begun = taking_ = true;
    lock.unlock();
    const bool absorbed = chunk.read && reader_.absorb(chunk.thread, begin_of(at), chunk.bytes);
    Status status = absorbed ? Status() : read_straight(begin_of(at + 1));
    const bool goes_on = status.ok() && go_on_(reader_.position());
    lock.lock();
    if (chunk.read && !absorbed) anew_[chunk.thread] = true;
    if (chunk.bytes.capacity() != 0) spare_.push_back(std::exchange(chunk.bytes, {}));
    taking_ = false;
    ++taken_;
    ended_ |= !goes_on;
    if (!status.ok()) status_ = std::move(status);
  }

  // Up to the first line end at or behind `end`.
  Status read_straight(std::uint64_t end) {
    while (true) {
      const std::uint64_t at = reader_.position();
      const bool tail = at >= end;
      const std::span<char> room = reader_.window(tail ? kChunkTail : std::min<std::uint64_t>(kAtOnce, end - at));
      std::size_t size = read_at_(at, room);
      if (size == 0) return {};
      const void* feed = tail ? std::memchr(room.data(), '\n', size) : nullptr;
      if (feed != nullptr) size = static_cast<std::size_t>(static_cast<const char*>(feed) - room.data()) + 1;
      if (Status status = reader_.commit(size); !status.ok() || tail) return status;
    }
  }

  void read_ahead(std::size_t thread, std::unique_ptr<ChunkReader>& chunk_reader, std::unique_lock<std::mutex>& lock) {
    const std::size_t at = next_++;
    Chunk& chunk = chunks_[at];
    chunk.begun = true;
    chunk.thread = thread;
    if (anew_[thread]) chunk_reader.reset();
    anew_[thread] = false;
    std::vector<char> spare;
    if (!spare_.empty()) {
      spare = std::move(spare_.back());
      spare_.pop_back();
    }
    lock.unlock();
    std::vector<char> bytes = read_apart(at, chunk_reader, std::move(spare));
    lock.lock();
    chunk.bytes = std::move(bytes);
    chunk.read = true;
  }

  std::vector<char> read_apart(std::size_t chunk, std::unique_ptr<ChunkReader>& chunk_reader, std::vector<char> spare) const {
    try {
      if (!chunk_reader) chunk_reader = std::make_unique<ChunkReader>(options_, task_);
      const std::uint64_t begin = begin_of(chunk);
      const std::size_t chunk_size = begin_of(chunk + 1) - begin;
      return chunk_reader->read(read_at_(begin, chunk_reader->window(chunk_size + kChunkTail)), chunk_size, std::move(spare));
    } catch (const std::bad_alloc&) {
      chunk_reader.reset();  // the chunk is read where the others are absorbed
      return {};
    }
  }

  EventReader& reader_;
  const ReadingOptions& options_;
  const std::uint64_t size_;
  const std::size_t threads_;
  const std::vector<char> task_;
  const ReadAt& read_at_;
  const std::function<bool(std::uint64_t)>& go_on_;
  const std::uint64_t first_end_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Chunk> chunks_;
  std::vector<std::vector<char>> spare_;  // of chunks that were taken
  std::size_t next_ = 1, taken_ = 0;
  bool taking_ = false, ended_ = false;
  std::vector<bool> anew_;  // by thread: what it made last was not absorbed
  Status status_;
};

}  // namespace

Status read_in_chunks(EventReader& reader, const ReadingOptions& options, std::uint64_t size, const Workers& workers,
                      const ReadAt& read_at, const std::function<bool(std::uint64_t)>& go_on) {
  std::optional<std::vector<char>> task = reader.chunk_task();
  if (!task) return {};
  return ChunkedReading(reader, options, size, workers.threads(), std::move(*task), read_at, go_on).read(workers);
}

}  // namespace causal_sessions
