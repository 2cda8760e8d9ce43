#include "cli/staged_files.h"

namespace causal_sessions {

namespace fs = std::filesystem;

namespace {

std::optional<Failure> write_beside(const fs::path& partial, const std::function<void(ByteSink&)>& fill) {
  FileHandle file(std::fopen(partial.c_str(), "wb"), std::fclose);
  bool whole = file != nullptr;
  ByteSink sink([&](std::span<const std::uint8_t> bytes) {
    whole = whole && std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size();
  });
  if (whole) fill(sink);
  sink.flush();
  whole = whole && std::fflush(file.get()) == 0;
  if (!whole) return unwritable(partial.string() + " cannot be written");
  return std::nullopt;
}

}  // namespace

StagedFiles::~StagedFiles() {
  std::error_code ignored;
  for (const auto& [partial, to] : staged_) fs::remove(partial, ignored);
}

std::optional<Failure> StagedFiles::stage(const fs::path& path) {
  const fs::path to = folder_ / path;
  std::error_code ignored;
  fs::create_directories(to.parent_path(), ignored);
  const auto place = [](const fs::path& file) { return fs::absolute(file).lexically_normal(); };
  for (const auto& [from, other] : staged_) {
    if (place(other) == place(to)) return unwritable(to.string() + " is another file of this run; name another place.");
  }
  staged_.emplace_back(to.parent_path() / std::string(1, '.').append(to.filename().string()).append(".partial"), to);
  if (fs::is_directory(to)) return unwritable(to.string() + " is a directory; a file is to be written there");
  if (!fs::exists(to, ignored)) return std::nullopt;
  for (const InputFile& input : inputs_) {
    if (fs::equivalent(input.path, to, ignored))
      return unwritable(to.string() + " is an input of this run, and would be written over; choose another folder.");
  }
  return std::nullopt;
}

std::optional<Failure> StagedFiles::add(std::span<const StagedFile> files, const Workers& workers) {
  const std::size_t first = staged_.size();
  for (const StagedFile& file : files) {
    if (auto failure = stage(file.path)) return failure;
  }
  std::vector<std::optional<Failure>> failures(files.size());
  workers.each(files.size(), [&](std::size_t i) { failures[i] = write_beside(staged_[first + i].first, files[i].fill); });
  for (std::optional<Failure>& failure : failures) {
    if (failure) return std::move(failure);
  }
  return std::nullopt;
}

std::optional<Failure> StagedFiles::rename_all() {
  for (const auto& [partial, to] : staged_) {
    std::error_code error;
    fs::rename(partial, to, error);
    if (error) return unwritable(to.string() + " cannot be written");
  }
  staged_.clear();
  return std::nullopt;
}

}  // namespace causal_sessions
