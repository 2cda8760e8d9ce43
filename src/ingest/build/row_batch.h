// Rows on their way from a reader to a table sink: the cells of the columns it chose, still as text.
//
// The texts point into the reader's buffer, or into `texts` where a cell had to be put together,
// and live until the batch is cleared.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "core/buffer_sizes.h"

namespace causal_sessions {

// Those of an event; and what any other column that a plan names is for: when an event became known, or a value of it.
enum class Role : std::uint8_t { kUser, kTime, kType, kItem, kKnownAt, kValue };
constexpr std::size_t kRoles = 4;
[[nodiscard]] constexpr bool is_of_times(Role role) { return role == Role::kTime || role == Role::kKnownAt; }
constexpr std::array<const char*, kRoles> kRoleNames = {"user", "time", "type", "item"};

struct RowBatch {
  static constexpr std::size_t kCapacity = buffer_sizes::kBatchRows;

  // There is room for an event's columns in any case; of more of them a batch holds fewer rows, not more cells.
  explicit RowBatch(std::size_t columns = kRoles)
      : capacity(std::max<std::size_t>(kCapacity * kRoles / std::max(columns, kRoles), 1)),
        cells(std::max(columns, kRoles), std::vector<std::string_view>(capacity)) {}

  std::size_t size = 0;
  std::size_t capacity;
  // By column, as they were chosen, then row. Empty: the cell is missing.
  std::vector<std::vector<std::string_view>> cells;
  std::array<std::uint64_t, kCapacity> row;   // data row in the file, 1-based
  std::array<std::uint64_t, kCapacity> line;  // line of text, 1-based
  std::deque<std::string> texts;

  [[nodiscard]] bool full() const { return size == capacity; }
  // Adds the row whose cells have been set.
  void place_row(std::uint64_t row_number, std::uint64_t line_number) {
    row[size] = row_number;
    line[size] = line_number;
    ++size;
  }
  void clear() {
    size = 0;
    if (!texts.empty()) texts.clear();
  }
};

}  // namespace causal_sessions
