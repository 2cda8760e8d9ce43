// What the words of the command stand for: lists the folders that src/ingest/file_search.h asks for.
#include <system_error>

#include "cli/command.h"

namespace causal_sessions {
namespace {

namespace fs = std::filesystem;

EntryKind kind_of(const fs::directory_entry& entry) {
  std::error_code missing;
  const fs::file_status status = entry.status(missing);
  if (fs::is_directory(status)) return entry.is_symlink(missing) ? EntryKind::kFolderLink : EntryKind::kFolder;
  // A link to nothing is refused where it is opened.
  return fs::is_regular_file(status) || !fs::exists(status) ? EntryKind::kFile : EntryKind::kOther;
}

std::optional<Failure> search(const std::string& word, bool pattern, InputFiles& inputs) {
  FileSearch search(word, pattern);
  while (const auto folder = search.folder()) {
    std::error_code error;
    fs::directory_iterator entries(*folder, error);
    if (error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory) continue;
    if (error)
      return unreadable(*folder +
                        (error == std::errc::permission_denied ? " may not be read by this user." : " cannot be read."));
    if (!search.begin(fs::canonical(*folder, error).string())) continue;
    for (; entries != fs::directory_iterator(); entries.increment(error)) {
      search.add(entries->path().filename().string(), kind_of(*entries));
    }
    if (error) return unreadable(*folder + " cannot be read.");
  }
  Result<std::vector<FoundFile>> found = search.found();
  if (!found.ok()) return refused(found.error());
  inputs.files.reserve(inputs.files.size() + found.value().size());
  for (FoundFile& file : found.value()) inputs.files.emplace_back(std::move(file));
  inputs.passed_over += search.passed_over();
  return std::nullopt;
}

}  // namespace

std::optional<Failure> find_files(const std::vector<std::string>& words, InputFiles& inputs) {
  for (const std::string& word : words) {
    std::error_code error;
    const fs::file_status status = word == "-" ? fs::file_status(fs::file_type::fifo) : fs::status(word, error);
    const bool folder = fs::is_directory(status);
    if (!folder && (fs::exists(status) || !is_pattern(word))) {
      inputs.files.emplace_back(word);
    } else if (auto failure = search(word, !folder, inputs)) {
      return failure;
    }
  }
  return std::nullopt;
}

}  // namespace causal_sessions
