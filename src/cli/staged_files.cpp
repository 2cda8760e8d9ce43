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

std::optional<Failure> StagedFiles::add(const fs::path& path, const std::function<void(ByteSink&)>& fill) {
  const fs::path to = folder_ / path;
  std::error_code ignored;
  fs::create_directories(to.parent_path(), ignored);
  const auto place = [](const fs::path& file) { return fs::absolute(file).lexically_normal(); };
  for (const auto& [from, other] : staged_) {
    if (place(other) == place(to)) return unwritable(to.string() + " is another file of this run; name another place.");
  }
  const fs::path partial = to.parent_path() / std::string(1, '.').append(to.filename().string()).append(".partial");
  staged_.emplace_back(partial, to);
  if (fs::is_directory(to)) return unwritable(to.string() + " is a directory; a file is to be written there");
  if (!fs::exists(to, ignored)) return write_beside(partial, fill);
  for (const InputFile& input : inputs_) {
    if (fs::equivalent(input.path, to, ignored))
      return unwritable(to.string() + " is an input of this run, and would be written over; choose another folder.");
  }
  return write_beside(partial, fill);
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
