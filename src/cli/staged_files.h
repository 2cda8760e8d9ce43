// Files that have no name, or another one, until all of them are whole: they appear together or not at all.
//
// Where the file system allows it they have no name until then, so that a killed run leaves nothing. Files that were there come
// back if one cannot take its place, and folders that were made for them go where nothing came into them. Runs that write into
// one folder take their turns in doing so.
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
  // `others`: files of other runs into the folder, beside which a killed one may have left something.
  [[nodiscard]] std::optional<Failure> rename_all(std::span<const std::filesystem::path> others = {});

 private:
  struct Staged {
    std::filesystem::path to, beside, earlier;  // its place; its name until then; that of the file that was there
    std::string unnamed;                        // where it can be named from
    FileHandle file = FileHandle(nullptr, std::fclose);
    bool named = false, had_earlier = false, in_place = false;  // whether it is at `beside`, at `to`, and something at `earlier`
  };

  void make_folders(const std::filesystem::path& folder);
  // Where a file is to stand until all are whole.
  [[nodiscard]] std::optional<Failure> stage(const std::filesystem::path& path);
  static void open(Staged& staged);
  [[nodiscard]] static std::optional<Failure> write(Staged& staged, const std::function<void(ByteSink&)>& fill);
  // Gives a whole file its name beside its place.
  [[nodiscard]] static bool name(Staged& staged);
  [[nodiscard]] static bool put_in_place(Staged& staged);

  std::filesystem::path folder_;
  std::span<const InputFile> inputs_;
  std::vector<Staged> staged_;
  std::vector<std::filesystem::path> made_;  // folders that were not there
};

}  // namespace causal_sessions
