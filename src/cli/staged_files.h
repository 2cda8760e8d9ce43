// Files that stand beside their place until all of them are whole: they appear together or not at all.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.h"
#include "formats/byte_sink.h"

namespace causal_sessions {

class StagedFiles {
 public:
  // `inputs` are not to be written over.
  StagedFiles(std::filesystem::path folder, std::span<const InputFile> inputs) : folder_(std::move(folder)), inputs_(inputs) {}
  ~StagedFiles();
  StagedFiles(const StagedFiles&) = delete;
  StagedFiles& operator=(const StagedFiles&) = delete;

  // `path`: below the folder. Folders are made where they are missing.
  [[nodiscard]] std::optional<Failure> add(const std::filesystem::path& path, const std::function<void(ByteSink&)>& fill);
  [[nodiscard]] std::optional<Failure> rename_all();

 private:
  std::filesystem::path folder_;
  std::span<const InputFile> inputs_;
  std::vector<std::pair<std::filesystem::path, std::filesystem::path>> staged_;  // from, to
};

}  // namespace causal_sessions
