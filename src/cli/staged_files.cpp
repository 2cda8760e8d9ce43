#include "cli/staged_files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace causal_sessions {

namespace fs = std::filesystem;

namespace {

// While it lives, no other run puts files in place below this folder; where that cannot be had, runs are on their own.
class Turn {
 public:
  explicit Turn(const fs::path& folder) : folder_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (folder_ >= 0) flock(folder_, LOCK_EX);
  }
  ~Turn() {
    if (folder_ >= 0) close(folder_);
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  const int folder_;
};

// The hidden name of a file beside its place, until all are whole or while they are put in place.
fs::path beside(const fs::path& to, const char* ending) {
  return to.parent_path() / std::string(1, '.').append(to.filename().string()).append(ending);
}

constexpr const char *kPartial = ".partial", *kEarlier = ".earlier";

// Takes away what a run left here that was killed while it put its files in place; whether there was something.
bool clear_left(const fs::path& to) {
  std::error_code ignored;
  const bool partial = fs::remove(beside(to, kPartial), ignored);
  const fs::path earlier = beside(to, kEarlier);
  if (!fs::is_regular_file(fs::symlink_status(earlier, ignored))) return partial;
  // Where a file can have no two names, it has only this one.
  if (!fs::exists(fs::symlink_status(to, ignored))) {
    fs::rename(earlier, to, ignored);
  } else {
    fs::remove(earlier, ignored);
  }
  return true;
}

}  // namespace

StagedFiles::~StagedFiles() {
  std::error_code ignored;
  for (const Staged& staged : staged_) {
    if (staged.named) fs::remove(staged.beside, ignored);
  }
  if (made_.empty()) return;
  const Turn turn(folder_);
  for (auto folder = made_.rbegin(); folder != made_.rend(); ++folder) rmdir(folder->c_str());
}

void StagedFiles::make_folders(const fs::path& folder) {
  std::error_code ignored;
  std::vector<fs::path> missing;
  for (fs::path at = folder; !at.empty() && !fs::exists(at, ignored); at = at.parent_path()) missing.push_back(at);
  for (; !missing.empty(); missing.pop_back()) {
    if (fs::create_directory(missing.back(), ignored)) made_.push_back(std::move(missing.back()));
  }
}

std::optional<Failure> StagedFiles::stage(const fs::path& path) {
  fs::path to = folder_ / path;
  std::error_code ignored;
  if (fs::is_symlink(to, ignored) && fs::exists(to, ignored)) to = fs::canonical(to);  // the link stays
  make_folders(to.parent_path());
  const auto place = [](const fs::path& file) { return fs::absolute(file).lexically_normal(); };
  for (const Staged& other : staged_) {
    if (place(other.to) == place(to)) return unwritable(to.string() + " is another file of this run; name another place.");
  }
  if (fs::is_directory(to)) return unwritable(to.string() + " is a directory; a file is to be written there");
  const bool there = fs::exists(to);
  if (there && !fs::is_regular_file(to)) return unwritable(to.string() + " is a device or a pipe; name a file");
  for (const InputFile& input : inputs_) {
    if (there && fs::equivalent(input.path(), to, ignored))
      return unwritable(to.string() + " is an input of this run, and would be written over; choose another folder.");
  }
  Staged staged;
  staged.beside = beside(to, kPartial);
  staged.earlier = beside(to, kEarlier);
  staged.to = std::move(to);
  staged_.push_back(std::move(staged));
  return std::nullopt;
}

void StagedFiles::open(Staged& staged) {
#ifdef O_TMPFILE
  if (access("/proc/self/fd", X_OK) == 0) {
    const int file = ::open(staged.to.parent_path().c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
    if (file >= 0) staged.file.reset(fdopen(file, "wb"));
    if (file >= 0 && !staged.file) close(file);
    if (staged.file) staged.unnamed = "/proc/self/fd/" + std::to_string(file);
  }
#endif
  if (staged.file) return;
  staged.beside += std::to_string(getpid());  // other runs may write beside
  staged.file.reset(std::fopen(staged.beside.c_str(), "wb"));
  staged.named = staged.file != nullptr;
}

std::optional<Failure> StagedFiles::write(Staged& staged, const std::function<void(ByteSink&)>& fill) {
  open(staged);
  bool whole = staged.file != nullptr;
  ByteSink sink([&](std::span<const std::uint8_t> bytes) {
    whole = whole && std::fwrite(bytes.data(), 1, bytes.size(), staged.file.get()) == bytes.size();
  });
  if (whole) fill(sink);
  sink.flush();
  // Who could read the earlier file can read this one, and nobody else.
  struct stat earlier{};
  if (whole && stat(staged.to.c_str(), &earlier) == 0) {
    whole = fchmod(fileno(staged.file.get()), earlier.st_mode & 07777) == 0;
  }
  whole = whole && std::fflush(staged.file.get()) == 0;
  if (!whole) return unwritable(staged.to.string() + " cannot be written");
  return std::nullopt;
}

std::optional<Failure> StagedFiles::add(std::span<const StagedFile> files, const Workers& workers) {
  const std::size_t first = staged_.size();
  for (const StagedFile& file : files) {
    if (auto failure = stage(file.path)) return failure;
  }
  std::vector<std::optional<Failure>> failures(files.size());
  workers.each(files.size(), [&](std::size_t i) { failures[i] = write(staged_[first + i], files[i].fill); });
  for (std::optional<Failure>& failure : failures) {
    if (failure) return std::move(failure);
  }
  return std::nullopt;
}

bool StagedFiles::name(Staged& staged) {
  if (!staged.named) {
    staged.named = linkat(AT_FDCWD, staged.unnamed.c_str(), AT_FDCWD, staged.beside.c_str(), AT_SYMLINK_FOLLOW) == 0;
  }
  // Some file systems tell only here that a file could not be written.
  return std::fclose(staged.file.release()) == 0 && staged.named;
}

bool StagedFiles::put_in_place(Staged& staged) {
  std::error_code ignored, error;
  if (fs::exists(staged.to, ignored)) {
    // A second name for it, so that its place is never empty; or the only one, where a file can have no two.
    fs::create_hard_link(staged.to, staged.earlier, error);
    if (error) fs::rename(staged.to, staged.earlier, error);
    if (error) return false;
    staged.had_earlier = true;
  }
  fs::rename(staged.beside, staged.to, error);
  staged.in_place = !error;
  staged.named = !staged.in_place;
  return staged.in_place;
}

std::optional<Failure> StagedFiles::rename_all(std::span<const fs::path> others) {
  const Turn turn(folder_);
  std::error_code ignored;
  // Another run that made them may have been stopped, and has taken them away as nothing in them had a name yet.
  for (const Staged& staged : staged_) make_folders(staged.to.parent_path());
  bool left = false;
  for (const Staged& staged : staged_) left = clear_left(staged.to) || left;
  for (const fs::path& path : others) left = clear_left(folder_ / path) || left;
  if (left) {
    std::fprintf(stderr,
                 "causal-sessions: notice: a run was killed while it put its files into %s; what it left there is cleared now\n",
                 folder_.empty() ? "." : folder_.c_str());
  }
  // From here on nothing takes memory, which could run out in between.
  const auto failed =
      std::find_if_not(staged_.begin(), staged_.end(), [](Staged& staged) { return name(staged) && put_in_place(staged); });
  const bool all = failed == staged_.end();
  for (const Staged& staged : staged_) {
    if (!all && staged.had_earlier) {
      fs::rename(staged.earlier, staged.to, ignored);
    } else if (!all && staged.in_place) {
      fs::remove(staged.to, ignored);
    }
    // Also where both were names of one file, which a renaming leaves as they are.
    if (staged.had_earlier) fs::remove(staged.earlier, ignored);
  }
  if (!all) return unwritable(failed->to.string() + " cannot be written");
  staged_.clear();
  made_.clear();
  return std::nullopt;
}

}  // namespace causal_sessions
