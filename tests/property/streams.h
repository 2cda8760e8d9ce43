// Random event streams with everything that is hard about them, and the files they are written to.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "property/reference.h"

namespace causal_sessions::streams {

// Draws from a generator whose numbers the standard fixes; its distributions are not fixed and not used.
class Dice {
 public:
  explicit Dice(std::uint32_t seed) : engine_(seed) {}
  std::uint32_t below(std::size_t count) { return static_cast<std::uint32_t>(engine_() % count); }
  bool chance(std::uint32_t percent) { return below(100) < percent; }
  template <class List>
  const auto& pick(const List& list) {
    return list[below(std::size(list))];
  }
  template <class T>
  void shuffle(std::vector<T>& values) {
    for (std::size_t i = values.size(); i-- > 1;) std::swap(values[i], values[below(i + 1)]);
  }

 private:
  std::mt19937 engine_;
};

struct StreamOptions {
  std::uint32_t users = 8;
  std::uint32_t events = 150;
  std::int64_t gap_us = 86'400'000'000;  // gaps of exactly this and a microsecond to either side are frequent
  std::vector<std::string> types;
};

// Events in some input order: by time, grouped by user, shuffled or backwards.
std::vector<reference::Event> random_events(Dice& dice, const StreamOptions& options);

struct CsvDialect {
  char separator = ',';
  std::string line_end = "\n";
  bool byte_order_mark = false;
  bool quote_all = false;
  bool final_line_end = true;
};

// "2025-09-05 00:11:14.887526"
std::string time_text(std::int64_t time_us);
std::string csv_text(const std::vector<reference::Event>& events, const CsvDialect& dialect = {});
std::string json_array_text(const std::vector<reference::Event>& events);
std::string json_lines_text(const std::vector<reference::Event>& events);

}  // namespace causal_sessions::streams
