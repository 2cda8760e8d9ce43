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
#include "core/workers.h"
#include "formats/byte_sink.h"

namespace causal_sessions {

struct StagedFile {
  std::filesystem::path path;  // below the folder
  std::function<void(ByteSink&)> fill;
};

class StagedFiles {
 public:
  // `inputs` are not to be written over.
  StagedFiles(std::filesystem::path folder, std::span<const InputFile> inputs) : folder_(std::move(folder)), inputs_(inputs) {}
  ~StagedFiles();
  StagedFiles(const StagedFiles&) = delete;
  StagedFiles& operator=(const StagedFiles&) = delete;

  // Writes files side by side. Folders are made where they are missing.
  [[nodiscard]] std::optional<Failure> add(std::span<const StagedFile> files, const Workers& workers);
  [[nodiscard]] std::optional<Failure> add(const StagedFile& file) { return add(std::span(&file, 1), Workers()); }
  [[nodiscard]] std::optional<Failure> rename_all();

 private:
  // Where a file is to stand until all are whole.
  [[nodiscard]] std::optional<Failure> stage(const std::filesystem::path& path);

  std::filesystem::path folder_;
  std::span<const InputFile> inputs_;
  std::vector<std::pair<std::filesystem::path, std::filesystem::path>> staged_;  // from, to
};

}  // namespace causal_sessions
