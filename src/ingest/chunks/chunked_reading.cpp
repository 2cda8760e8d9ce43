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
#include "ingest/chunks/group_chunks.h"

namespace causal_sessions {
namespace {

constexpr std::size_t kAtOnce = 1 << 20;
// Chunks that each thread may be ahead. Groups of rows are larger; with fewer than two one of two threads waits for the other.
constexpr std::size_t kChunksAhead = 3;
constexpr std::size_t kGroupsAhead = 2;
// With more threads absorbing what they read is work enough for one.
constexpr std::size_t kMostThatReadStraight = 3;
// One of few, whose texts then are in the pools of the reader of the file alone: others take only what keeps them from reading
// ahead.
constexpr std::size_t kTaker = 0;

// What is read in chunks.
class Source {
 public:
  virtual ~Source() = default;

  [[nodiscard]] virtual std::size_t chunks() const = 0;
  // That each thread may be ahead.
  [[nodiscard]] virtual std::size_t ahead() const = 0;
  // Of the next chunk, by one thread at a time; the bytes of the file that are behind it then.
  [[nodiscard]] virtual bool absorb(std::size_t chunk, std::size_t thread, std::span<const char> bytes) = 0;
  [[nodiscard]] virtual Status read_straight(std::size_t chunk) = 0;
  [[nodiscard]] virtual std::uint64_t position(std::size_t taken) const = 0;
  // Of any chunk, on each thread by itself.
  [[nodiscard]] virtual std::vector<char> read_apart(std::size_t chunk, std::size_t thread, std::vector<char> spare) = 0;
  // What the thread has made is not known to the reader of the file.
  virtual void begin_anew(std::size_t thread) = 0;
};

// Stretches of a text, from about the first line that begins in them.
class TextSource final : public Source {
 public:
  TextSource(EventReader& reader, const ReadingOptions& options, std::uint64_t size, std::size_t threads, std::vector<char> task,
             ReadAt read_at, std::uint64_t chunk_bytes)
      : reader_(reader), options_(options), size_(size), chunk_bytes_(chunk_bytes), task_(std::move(task)),
        read_at_(std::move(read_at)), first_end_(reader.position() + chunk_bytes), readers_(threads) {}

  std::size_t chunks() const override { return 1 + (std::max(size_, first_end_) - first_end_ + chunk_bytes_ - 1) / chunk_bytes_; }
  std::size_t ahead() const override { return kChunksAhead; }
  bool absorb(std::size_t chunk, std::size_t thread, std::span<const char> bytes) override {
    return reader_.absorb(thread, begin_of(chunk), bytes);
  }
  std::uint64_t position(std::size_t) const override { return reader_.position(); }

  // Up to the first line end at or behind the end of the chunk.
  Status read_straight(std::size_t chunk) override {
    const std::uint64_t end = begin_of(chunk + 1);
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

  std::vector<char> read_apart(std::size_t chunk, std::size_t thread, std::vector<char> spare) override {
    std::unique_ptr<ChunkReader>& reader = readers_[thread];
    if (!reader) reader = std::make_unique<ChunkReader>(options_, task_);
    const std::uint64_t begin = begin_of(chunk);
    const std::size_t size = begin_of(chunk + 1) - begin;
    return reader->read(read_at_(begin, reader->window(size + kChunkTail)), size, std::move(spare));
  }
  void begin_anew(std::size_t thread) override { readers_[thread].reset(); }

 private:
  [[nodiscard]] std::uint64_t begin_of(std::size_t chunk) const {
    return std::min(size_, chunk == 0 ? 0 : first_end_ + (chunk - 1) * chunk_bytes_);
  }

  EventReader& reader_;
  const ReadingOptions& options_;
  const std::uint64_t size_, chunk_bytes_;
  const std::vector<char> task_;
  const ReadAt read_at_;
  const std::uint64_t first_end_;
  std::vector<std::unique_ptr<ChunkReader>> readers_;  // by thread
};

// Groups of rows of a file that is read by ranges.
class GroupSource final : public Source {
 public:
  GroupSource(EventReader& reader, const ReadingOptions& options, std::uint64_t size, std::size_t threads,
              EventReader::GroupTask task, ReadAt read_at)
      : reader_(reader), options_(options), size_(size), task_(std::move(task)), read_at_(std::move(read_at)),
        groups_(task_.file->groups()), readers_(threads) {}

  std::size_t chunks() const override { return groups_; }
  std::size_t ahead() const override { return kGroupsAhead; }
  bool absorb(std::size_t, std::size_t thread, std::span<const char> bytes) override {
    return reader_.absorb_group(thread, bytes);
  }
  Status read_straight(std::size_t chunk) override { return reader_.read_group(chunk, read_at_); }
  std::uint64_t position(std::size_t taken) const override { return size_ * taken / groups_; }
  std::vector<char> read_apart(std::size_t chunk, std::size_t thread, std::vector<char> spare) override {
    std::unique_ptr<GroupChunks>& reader = readers_[thread];
    if (!reader) reader = std::make_unique<GroupChunks>(options_, task_.task, *task_.file);
    return reader->read(chunk, read_at_, std::move(spare));
  }
  void begin_anew(std::size_t thread) override { readers_[thread].reset(); }

 private:
  EventReader& reader_;
  const ReadingOptions& options_;
  const std::uint64_t size_;
  const EventReader::GroupTask task_;
  const ReadAt read_at_;
  const std::size_t groups_;
  std::vector<std::unique_ptr<GroupChunks>> readers_;  // by thread
};

class Reading final : public ChunkedReading {
 public:
  Reading(std::unique_ptr<Source> source, std::size_t threads)
      : source_(std::move(source)), chunks_(source_->chunks()), anew_(threads) {
    spare_.reserve((source_->ahead() + 1) * threads + 1);
  }

  Status read(const Workers& workers, const std::function<bool(std::uint64_t)>& go_on) override {
    go_on_ = &go_on;
    ended_ = false;
    workers.each(anew_.size(), [this](std::size_t thread) { work(thread); });
    return status_;
  }
  bool is_over() const override { return taken_ == chunks_.size() || !status_.ok(); }

 private:
  struct Chunk {
    bool begun = false, read = false;
    std::size_t thread = 0;  // whose reader has read it
    std::vector<char> bytes;
  };

  // One that ends, by an exception above all, would leave the others waiting. There is room for what is added under the lock:
  // where memory that runs out ends a thread, nobody gets the lock again.
  class Ending {
   public:
    explicit Ending(Reading& of) : of_(of) {}
    ~Ending() {
      const std::lock_guard lock(of_.mutex_);
      of_.ended_ = true;
      of_.changed_.notify_all();
    }
    Ending(const Ending&) = delete;
    Ending& operator=(const Ending&) = delete;

   private:
    Reading& of_;
  };

  [[nodiscard]] bool ended() const { return ended_ || taken_ == chunks_.size(); }
  [[nodiscard]] bool are_few() const { return anew_.size() <= kMostThatReadStraight; }
  [[nodiscard]] bool may_take() const {
    if (taking_) return false;
    const Chunk& next = chunks_[taken_];
    return next.read || (!next.begun && (taken_ == 0 || are_few()));
  }
  // The chunk that the thread is to read ahead, if any. Of few threads each leaves the taker its share as long as others are within
  // reach, and then takes of it what the taker comes to last.
  [[nodiscard]] std::optional<std::size_t> next_ahead(std::size_t thread) const {
    if (are_few() && thread == kTaker) return {};
    const std::size_t end = std::min(chunks_.size(), taken_ + source_->ahead() * anew_.size() + 1);
    std::optional<std::size_t> left;
    for (std::size_t at = std::max<std::size_t>(taken_ + (are_few() ? 1 : 0), 1); at < end; ++at) {
      if (chunks_[at].begun) continue;
      if (!are_few() || at % anew_.size() != kTaker) return at;
      left = at;
    }
    return left;
  }

  void work(std::size_t thread) {
    const Ending ending(*this);
    std::unique_lock lock(mutex_);
    while (true) {
      std::optional<std::size_t> ahead;
      Workers::wait(changed_, lock, [&] {
        ahead = next_ahead(thread);
        return ended() || may_take() || ahead;
      });
      if (ended()) return;
      if (may_take() && !(are_few() && ahead)) {
        take(lock);
      } else {
        read_ahead(*ahead, thread, lock);
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
    const bool absorbed = chunk.read && source_->absorb(at, chunk.thread, chunk.bytes);
    Status status = absorbed ? Status() : source_->read_straight(at);
    const bool goes_on = status.ok() && (*go_on_)(source_->position(at + 1));
    lock.lock();
    if (chunk.read && !absorbed) anew_[chunk.thread] = true;
    if (chunk.bytes.capacity() != 0) spare_.push_back(std::exchange(chunk.bytes, {}));
    taking_ = false;
    ++taken_;
    ended_ |= !goes_on;
    if (!status.ok()) status_ = std::move(status);
  }

  void read_ahead(std::size_t at, std::size_t thread, std::unique_lock<std::mutex>& lock) {
    Chunk& chunk = chunks_[at];
    chunk.begun = true;
    chunk.thread = thread;
    if (anew_[thread]) source_->begin_anew(thread);
    anew_[thread] = false;
    std::vector<char> spare;
    if (!spare_.empty()) {
      spare = std::move(spare_.back());
      spare_.pop_back();
    }
    lock.unlock();
    std::vector<char> bytes = read_apart(at, thread, std::move(spare));
    lock.lock();
    chunk.bytes = std::move(bytes);
    chunk.read = true;
  }

  std::vector<char> read_apart(std::size_t chunk, std::size_t thread, std::vector<char> spare) const {
#ifdef __cpp_exceptions
    try {
      return source_->read_apart(chunk, thread, std::move(spare));
    } catch (const std::bad_alloc&) {
      source_->begin_anew(thread);  // the chunk is read where the others are absorbed
      return {};
    }
#else
    return source_->read_apart(chunk, thread, std::move(spare));
#endif
  }

  const std::unique_ptr<Source> source_;
  const std::function<bool(std::uint64_t)>* go_on_ = nullptr;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Chunk> chunks_;
  std::vector<std::vector<char>> spare_;  // of chunks that were taken
  std::size_t taken_ = 0;
  bool taking_ = false, ended_ = false;
  std::vector<bool> anew_;  // by thread: what it made last was not absorbed
  Status status_;
};

}  // namespace

std::unique_ptr<ChunkedReading> ChunkedReading::start(EventReader& reader, const ReadingOptions& options, std::uint64_t size,
                                                      unsigned threads, ReadAt read_at, std::uint64_t chunk_bytes) {
  std::unique_ptr<Source> source;
  if (std::optional<std::vector<char>> task = reader.chunk_task()) {
    source = std::make_unique<TextSource>(reader, options, size, threads, std::move(*task), std::move(read_at), chunk_bytes);
  } else if (std::optional<EventReader::GroupTask> groups = reader.group_task()) {
    source = std::make_unique<GroupSource>(reader, options, size, threads, std::move(*groups), std::move(read_at));
  }
  return source ? std::make_unique<Reading>(std::move(source), threads) : nullptr;
}

}  // namespace causal_sessions
