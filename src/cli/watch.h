// What a run tells while it goes on, and hears: a line on a terminal, and an interruption from the keyboard.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace causal_sessions {

class Watch {
 public:
  // `quiet`: shows nothing, as where standard error is no terminal.
  explicit Watch(bool quiet);
  ~Watch() { clear(); }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // Bytes of all files together; nothing where a file's size is not known before it has been read.
  void expect(std::optional<std::uint64_t> bytes) { total_ = bytes; }
  // So many bytes of all files have been read.
  void show_read(std::uint64_t bytes);
  void show_stage(std::string_view stage);
  // The share of all bytes that has been read; nothing where it is not known.
  [[nodiscard]] std::optional<double> share_read() const;
  // By any thread.
  void show(std::string text);
  void clear();
  // A sentence that stays, on a terminal or not.
  void say(const std::string& sentence);

  // Somebody wants the program to end. From the first Watch on, that no longer ends it by itself.
  [[nodiscard]] static bool stopped();

 private:
  const bool silent_, quiet_;
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::optional<std::chrono::steady_clock::time_point> shown_;
  std::optional<std::uint64_t> total_;
  std::uint64_t read_ = 0;
  bool dirty_ = false;
  std::mutex mutex_;
};

}  // namespace causal_sessions
