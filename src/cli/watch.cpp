#include "cli/watch.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <utility>

#include "text/lines.h"

namespace causal_sessions {
namespace {

volatile std::sig_atomic_t stop_asked = 0;

// A read that waits for more is interrupted by the signal, unless it begins just after; then by an alarm.
void ask_to_stop(int) {
  stop_asked = 1;
  alarm(1);
}

void listen_once() {
  static const bool listening = [] {
    struct sigaction action = {};
    action.sa_handler = ask_to_stop;
    sigaction(SIGALRM, &action, nullptr);
    action.sa_flags = static_cast<int>(SA_RESETHAND);  // the second time ends the program as usual
    for (const int signal : {SIGINT, SIGTERM}) sigaction(signal, &action, nullptr);
    return true;
  }();
  static_cast<void>(listening);
}

std::string megabytes(double bytes) { return fixed(bytes / 1e6, 1) + " MB"; }

std::size_t columns() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

Watch::Watch(bool quiet) : silent_(quiet), quiet_(quiet || isatty(STDERR_FILENO) == 0) { listen_once(); }

bool Watch::stopped() { return stop_asked != 0; }

void Watch::show_read(std::uint64_t bytes) {
  constexpr int kCells = 24;
  constexpr auto kLeast = std::chrono::milliseconds(80);
  read_ = bytes;
  const auto now = std::chrono::steady_clock::now();
  if (quiet_ || (shown_ && now - *shown_ < kLeast)) return;
  shown_ = now;
  if (total_.value_or(0) == 0) return show_stage("reading");
  const double seconds = std::chrono::duration<double>(now - started_).count();
  const double rate = static_cast<double>(bytes) / std::max(seconds, 1e-3);
  const double part = *share_read();
  const auto filled = static_cast<std::size_t>(std::lround(part * kCells));
  const double left = std::ceil(static_cast<double>(*total_ - std::min(bytes, *total_)) / std::max(rate, 1.0));
  show("reading [" + std::string(filled, '#') + std::string(kCells - filled, '.') + "] " + fixed(std::floor(part * 100), 0) +
       " %  " + megabytes(static_cast<double>(bytes)) + " of " + megabytes(static_cast<double>(*total_)) + "  " +
       megabytes(rate) + "/s  " + fixed(left, 0) + " s left");
}

std::optional<double> Watch::share_read() const {
  if (total_.value_or(0) == 0) return std::nullopt;
  return std::min(1.0, static_cast<double>(read_) / static_cast<double>(*total_));
}

void Watch::show_stage(std::string_view stage) { show(std::string(stage) + "  " + megabytes(static_cast<double>(read_))); }

void Watch::show(std::string text) {
  if (quiet_) return;
  text.resize(std::min(text.size(), columns() - 1));
  const std::lock_guard lock(mutex_);
  std::fprintf(stderr, "\r\x1b[K%s", text.c_str());
  std::fflush(stderr);
  dirty_ = true;
}

void Watch::say(const std::string& sentence) {
  if (silent_) return;
  const std::lock_guard lock(mutex_);
  std::fprintf(stderr, "%s%s\n", std::exchange(dirty_, false) ? "\r\x1b[K" : "", sentence.c_str());
}

void Watch::clear() {
  if (std::exchange(dirty_, false)) std::fputs("\r\x1b[K", stderr);
}

}  // namespace causal_sessions
