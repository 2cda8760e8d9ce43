#include "cli/out_of_core.h"

#ifdef __linux__
#include <fcntl.h>
#include <malloc.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>
#endif

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <map>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>

#include "core/wording.h"

namespace causal_sessions {

namespace fs = std::filesystem;

fs::path temporary_folder() {
  const char* const named = std::getenv("TMPDIR");
  std::error_code ignored;
  return named != nullptr && fs::is_directory(named, ignored) ? named : "/var/tmp";
}

#ifdef __linux__

namespace {

constexpr std::size_t kLeastBlock = 64 << 10;  // smaller blocks are not worth pages of their own
constexpr std::size_t kSlack = 64;             // that malloc may add to one
constexpr std::size_t kUnit = 4096;            // blocks of the file are of so many bytes

std::string size_text(std::uint64_t bytes) {
  const auto megabytes = static_cast<double>(bytes) / 1e6;
  return megabytes < 1000 ? fixed(megabytes, 0) + " MB" : fixed(megabytes / 1000, 1) + " GB";
}

// Blocks of one mapped file, by their places in it.
class BlockFile {
 public:
  BlockFile(int file, std::byte* begin, std::size_t size) : file_(file), begin_(begin), size_(size) {
    free_.emplace(0, size);
    by_size_.emplace(size, 0);
  }

  [[nodiscard]] bool holds(const void* block) const {
    return !std::less<>()(static_cast<const std::byte*>(block), begin_) &&
           std::less<>()(static_cast<const std::byte*>(block), begin_ + size_);
  }
  // Null where the file, or its disk, has no room.
  [[nodiscard]] void* take(std::size_t bytes) {
    bytes = (bytes + kUnit - 1) / kUnit * kUnit;
    std::size_t at = 0;
    {
      const std::lock_guard lock(mutex_);
      const auto found = by_size_.lower_bound(bytes);
      if (found == by_size_.end()) return nullptr;
      at = found->second;
      const std::size_t room = found->first;
      free_.erase(at);
      by_size_.erase(found);
      if (room > bytes) add_free(at + bytes, room - bytes);
      taken_.emplace(at, bytes);
    }
    // A file system that cannot do so writes where there is room for it, and ends the process where there is none.
    if (fallocate(file_, 0, static_cast<off_t>(at), static_cast<off_t>(bytes)) != 0 && errno != EOPNOTSUPP) {
      give_back(begin_ + at);
      return nullptr;
    }
    return begin_ + at;
  }
  void give_back(void* block) {
    const auto at = static_cast<std::size_t>(static_cast<std::byte*>(block) - begin_);
    std::size_t bytes = 0;
    {
      const std::lock_guard lock(mutex_);
      bytes = taken_.at(at);
    }
    // Else what nobody reads any more would still be written.
    static_cast<void>(
        fallocate(file_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(at), static_cast<off_t>(bytes)));
    const std::lock_guard lock(mutex_);
    taken_.erase(at);
    std::size_t begin = at, size = bytes;
    auto next = free_.upper_bound(at);
    if (next != free_.end() && next->first == at + bytes) {
      size += next->second;
      next = remove_free(next);
    }
    if (next != free_.begin() && std::prev(next)->first + std::prev(next)->second == at) {
      begin = std::prev(next)->first;
      size += std::prev(next)->second;
      remove_free(std::prev(next));
    }
    add_free(begin, size);
  }
  // The process has no page of it in memory any more; what was written stays with the system, and comes back where it is used.
  void let_go() const { madvise(begin_, size_, MADV_DONTNEED); }

 private:
  using Places = std::map<std::size_t, std::size_t>;

  void add_free(std::size_t at, std::size_t bytes) {
    free_.emplace(at, bytes);
    by_size_.emplace(bytes, at);
  }
  Places::iterator remove_free(Places::iterator place) {
    auto [sized, end] = by_size_.equal_range(place->second);
    while (sized->second != place->first) ++sized;
    by_size_.erase(sized);
    return free_.erase(place);
  }

  const int file_;
  std::byte* const begin_;
  const std::size_t size_;
  std::mutex mutex_;
  Places free_, taken_;  // bytes by place
  std::multimap<std::size_t, std::size_t> by_size_;
};

// Of the whole process, as its allocations are. Nothing here is freed: blocks are given back until the very end.
struct State {
  std::string folder, full_text;  // the latter of a full disk
  std::uint64_t limit = 0, disk_free = 0;
  std::atomic<std::int64_t> held = 0;      // bytes of large blocks outside of the file
  std::int64_t most_held = 0;              // that may be
  std::atomic<BlockFile*> file = nullptr;  // once there is one
  std::atomic<bool> begun = false, told = false, full = false;
  std::mutex opening;
  bool tried = false;
};
std::atomic<State*> state = nullptr;

// Bytes of this process that are in memory, and those of files among them.
struct Resident {
  std::uint64_t all = 0, of_files = 0;
};
Resident resident() {
  static const int statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  char text[128] = {};
  if (pread(statm, text, sizeof text - 1, 0) <= 0) return {};
  char* at = text;
  std::strtoull(at, &at, 10);
  const std::uint64_t all = std::strtoull(at, &at, 10), of_files = std::strtoull(at, &at, 10);
  static const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  return {all * page, of_files * page};
}

// Lets go of the file's pages whenever there are too many. It ends with the process.
void keep_below_limit(const State& of, const BlockFile& file) {
  while (true) {
    const Resident now = resident();
    if (now.all > of.limit / 10 * 9 && now.of_files > of.limit / 8) file.let_go();
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

// A file without a name, as large as its disk has room for; blocks of it get theirs when they are taken.
BlockFile* open_block_file(State& of) {
  int file = open(of.folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) {
    std::string name = of.folder + "/.causal-sessions-XXXXXX";
    file = mkostemp(name.data(), O_CLOEXEC);
    if (file < 0) return nullptr;
    unlink(name.c_str());
  }
  rlimit most{};
  std::uint64_t size = of.disk_free;
  if (getrlimit(RLIMIT_FSIZE, &most) == 0 && most.rlim_cur != RLIM_INFINITY) size = std::min<std::uint64_t>(size, most.rlim_cur);
  size = size / kUnit * kUnit;
  if (size == 0 || ftruncate(file, static_cast<off_t>(size)) != 0) return nullptr;
  void* const begin = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, file, 0);
  if (begin == MAP_FAILED) return nullptr;
  madvise(begin, size, MADV_DONTDUMP);
  // Large blocks that are given back outside of the file are to be the system's again.
  mallopt(M_MMAP_THRESHOLD, 2 * kLeastBlock);
  malloc_trim(0);
  auto* const blocks = new BlockFile(file, static_cast<std::byte*>(begin), size);
  try {
    std::thread(keep_below_limit, std::cref(of), std::cref(*blocks)).detach();
  } catch (const std::system_error&) {
    return nullptr;  // without the thread that keeps the limit it would be of no use
  }
  return blocks;
}

BlockFile* block_file(State& of) {
  BlockFile* file = of.file.load(std::memory_order_acquire);
  if (file != nullptr) return file;
  const std::lock_guard lock(of.opening);
  if (!std::exchange(of.tried, true)) of.file.store(open_block_file(of), std::memory_order_release);
  return of.file.load(std::memory_order_acquire);
}

// What counts of a block outside of the file, by what malloc made of it: that alone is known when it is given back.
std::int64_t held_by(void* block) {
  const std::size_t bytes = malloc_usable_size(block);
  return bytes < kLeastBlock ? 0 : static_cast<std::int64_t>(bytes);
}

// Where memory ends, a small block is all that is left to be refused in the middle of what cannot be undone: the destructor of a
// JSON value takes memory. So there is a reserve for small ones, and the refusal is that of a large one, which a step can end with.
std::atomic<void*> reserve = std::malloc(4 << 20);

void* take_small_block(std::size_t bytes) {
  void* const block = std::malloc(bytes == 0 ? 1 : bytes);
  void* const held = block == nullptr ? reserve.exchange(nullptr) : nullptr;
  if (held == nullptr) return block;
  std::free(held);
  return std::malloc(bytes);
}

void* take_block(std::size_t bytes) {
  State* const of = bytes < kLeastBlock - kSlack ? nullptr : state.load(std::memory_order_acquire);
  if (of == nullptr) return bytes < kLeastBlock - kSlack ? take_small_block(bytes) : std::malloc(bytes);
  if (bytes >= kLeastBlock && of->held.load(std::memory_order_relaxed) + static_cast<std::int64_t>(bytes) > of->most_held) {
    if (BlockFile* const file = block_file(*of)) {
      void* const block = file->take(bytes);
      if (block == nullptr) of->full = true;
      of->begun = true;
      return block;
    }
  }
  void* const block = std::malloc(bytes);
  if (block != nullptr) of->held += held_by(block);
  return block;
}

void give_back_block(void* block) {
  State* const of = state.load(std::memory_order_acquire);
  if (of == nullptr || block == nullptr) return std::free(block);
  if (BlockFile* const file = of->file.load(std::memory_order_acquire); file != nullptr && file->holds(block)) {
    return file->give_back(block);
  }
  of->held -= held_by(block);
  std::free(block);
}

// The first number of a file; nothing where it has none.
std::optional<std::uint64_t> number_in(const fs::path& path, const std::string& before = "") {
  std::ifstream file(path);
  for (std::string word; file >> word;) {
    if (before.empty() || word == before) {
      std::uint64_t number = 0;
      if (!before.empty() && !(file >> word)) return std::nullopt;
      if (word.empty() || word.find_first_not_of("0123456789") != word.npos || word.size() > 19) return std::nullopt;
      for (const char digit : word) number = number * 10 + static_cast<std::uint64_t>(digit - '0');
      return number;
    }
  }
  return std::nullopt;
}

// What the machine has free, and no more than this process's control group and those around it may have.
std::optional<std::uint64_t> memory_of_machine() {
  const std::optional<std::uint64_t> kilobytes = number_in("/proc/meminfo", "MemAvailable:");
  if (!kilobytes) return std::nullopt;
  std::uint64_t bytes = *kilobytes << 10;
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    if (!line.starts_with("0::/")) continue;
    for (fs::path group = line.substr(4);; group = group.parent_path()) {
      bytes = std::min(bytes, number_in("/sys/fs/cgroup" / group / "memory.max").value_or(bytes));
      if (group.empty()) break;
    }
  }
  return std::min(bytes, number_in("/sys/fs/cgroup/memory/memory.limit_in_bytes").value_or(bytes));
}

}  // namespace

std::optional<Failure> allow_memory(const Arguments& arguments, const fs::path& folder) {
  static State& of = *new State;  // which outlives all that is allocated
  const std::optional<std::uint64_t> asked = arguments.memory();
  const std::optional<std::uint64_t> free = asked ? asked : memory_of_machine();
  if (!free) return std::nullopt;
  std::error_code error;
  fs::path place = fs::absolute(folder, error);
  while (!fs::is_directory(place, error) && place.has_relative_path()) place = place.parent_path();
  constexpr long kInMemory = 0x01021994;  // tmpfs, see statfs(2)
  struct statfs kind{};
  struct statvfs room{};
  const bool writable =
      access(place.c_str(), W_OK) == 0 && statfs(place.c_str(), &kind) == 0 && statvfs(place.c_str(), &room) == 0;
  const bool on_disk = writable && kind.f_type != kInMemory;
  if (!on_disk) {
    if (!asked) return std::nullopt;
    return wrong_use("--memory needs a temporary file in " + place.string() + ", which " +
                     (writable ? "is no disk but memory itself" : "cannot be written") +
                     "; write to another folder, or name one with TMPDIR where no folder is written");
  }
  of.folder = place.string();
  of.full_text =
      "the disk of " + of.folder +
      " has no room left for the temporary file that takes what --memory leaves out; free some, write to another disk, or "
      "allow more memory";
  of.limit = asked ? *asked : *free / 4 * 3;
  of.most_held = static_cast<std::int64_t>(of.limit / 2);
  of.disk_free = std::uint64_t{room.f_bavail} * room.f_frsize;
  // Who did not ask for it stays in memory where there is no file to be had.
  if (asked && block_file(of) == nullptr) {
    return wrong_use(
        "--memory needs a temporary file in " + place.string() +
        ", and none can be made or mapped there; is the disk full, or are files or addresses limited (ulimit -f, ulimit -v)?");
  }
  state.store(&of, std::memory_order_release);
  return std::nullopt;
}

void tell_out_of_core(Watch& watch) {
  State* const of = state.load(std::memory_order_acquire);
  if (of == nullptr || !of->begun || of->told.exchange(true)) return;
  std::string need;
  // While events are read the memory grows with them; the later steps take about as much once more.
  if (const auto read = watch.share_read(); read && *read > 0)
    need = "about " + size_text(static_cast<std::uint64_t>(static_cast<double>(of->most_held) / *read)) + " of ";
  watch.say("The events are more than the " + size_text(of->limit) + " of memory that this run may take, so " + need +
            "them go to a temporary file in " + of->folder + ", where " + size_text(of->disk_free) + " are free.");
}

const char* out_of_memory_text() {
  State* const of = state.load(std::memory_order_acquire);
  if (of != nullptr && of->full) return of->full_text.c_str();
  return "out of memory; give it fewer events, or let it use the disk with --memory SIZE";
}

#else

std::optional<Failure> allow_memory(const Arguments& arguments, const fs::path&) {
  if (!arguments.memory()) return std::nullopt;
  return wrong_use("--memory works on Linux alone");
}
void tell_out_of_core(Watch&) {}
const char* out_of_memory_text() { return "out of memory; give it fewer events, or split the input by user"; }

#endif

}  // namespace causal_sessions

#ifdef __linux__

// All of C++'s allocations come by here, but for those with an alignment beyond the usual one.
void* operator new(std::size_t bytes) {
  void* const block = causal_sessions::take_block(bytes);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}
void operator delete(void* block) noexcept { causal_sessions::give_back_block(block); }
void operator delete(void* block, std::size_t) noexcept { causal_sessions::give_back_block(block); }

#endif
