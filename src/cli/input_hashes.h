// The SHA-256 of the inputs, for the manifest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "cli/command.h"
#include "core/sha256.h"

namespace causal_sessions {

// Hashes the files while the run reads them too; what can be read only once, such as a pipe, is hashed as it is read.
class InputHashes {
 public:
  InputHashes(const std::vector<InputFile>& files, bool wanted) : files_(files) {
    if (!wanted) return;
    hashed_.resize(files.size());
    try {
      thread_ = std::thread(&InputHashes::hash_files, this);
    } catch (const std::system_error&) {
      later_ = true;  // where no further thread can be had
    }
  }
  ~InputHashes() { wait(); }
  InputHashes(const InputHashes&) = delete;
  InputHashes& operator=(const InputHashes&) = delete;

  // Null for a file that is hashed beside the run.
  [[nodiscard]] Sha256* of_stream(std::size_t i) { return is_stream(i) ? &streams_[i] : nullptr; }
  // Waits; false if a file changed or vanished in between.
  [[nodiscard]] bool finish(const EventReader& reader) {
    if (later_) hash_files();
    wait();
    for (const auto& [i, hash] : streams_) hashed_[i] = {hash.digest(), hash.size()};
    for (std::size_t i = 0; i < hashed_.size(); ++i) {
      if (failed_ || hashed_[i].size != reader.input(i).bytes) return false;
    }
    return true;
  }
  [[nodiscard]] std::string hex(std::size_t i) const { return Sha256::hex(hashed_[i].digest); }

 private:
  [[nodiscard]] bool is_stream(std::size_t i) const {
    std::error_code ignored;
    return files_[i].path() == "-" || !std::filesystem::is_regular_file(files_[i].path(), ignored);
  }
  void hash_files() {
    for (std::size_t i = 0; i < files_.size(); ++i) {
      if (is_stream(i)) continue;
      Sha256 hash;
      if (!hash_file(files_[i].path(), hash)) failed_ = true;
      hashed_[i] = {hash.digest(), hash.size()};
    }
  }
  void wait() {
    if (thread_.joinable()) thread_.join();
  }

  struct Hashed {
    Sha256::State digest;
    std::uint64_t size;
  };
  const std::vector<InputFile>& files_;
  std::vector<Hashed> hashed_;
  std::map<std::size_t, Sha256> streams_;
  bool failed_ = false, later_ = false;
  std::thread thread_;
};

}  // namespace causal_sessions
