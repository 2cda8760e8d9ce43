// Shapes of times that are not read without a format: the format that each seems to have, in strptime's letters, and what the
// numbers of all of them say of the order of day, month and year. A refusal then names the time.format that reads them.
//
// Needs:   every time that could not be read.
// Cost:    one look at each.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace causal_sessions {

struct TimeShape {
  enum Order : std::uint8_t { kDayFirst, kMonthFirst, kYearFirst };
  static constexpr std::size_t kOrders = 3;

  std::string format;  // where the order is open, its numbers are the bytes 1, 2 and 3
  std::uint64_t rows = 0;
  std::array<std::uint64_t, kOrders> fits{};  // rows that can be read in that order
};

struct TimeShapes {
  static constexpr std::size_t kMost = 8;

  std::vector<TimeShape> shapes;
  std::uint64_t others = 0;  // times without a shape

  void note(std::string_view text);
  [[nodiscard]] bool is_known(const TimeShape& shape) const;
  // Those of other rows, which come behind.
  void add(const TimeShape& shape);

  // What the values show of this one, and the key to set: `"05/09/2025" ...: set time.format to "%d/%m/%Y"`. `read`: a time of
  // the column that was read without a format; empty: none was. Empty: a value has no shape.
  [[nodiscard]] std::string advice(const std::string& shown, std::string_view read) const;
};

}  // namespace causal_sessions
