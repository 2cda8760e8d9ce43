// Columns on their way from a columnar reader (Parquet, Arrow) to the event builder: the four an event needs.
//
// Texts come by row, or once per distinct value with a code a row. A dictionary keeps its values' ids beside it, so that
// a value meets the string pool once; ids are given at first use in row order, never in dictionary order.
// Needs:   texts in UTF-8, alive until the batch has been added.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

namespace causal_sessions {

struct TextColumn {
  std::span<const std::string_view> texts;  // by code, or by row when `codes` is empty; empty: missing
  std::span<const std::uint32_t> codes;     // by row; StringPool::kNone: missing
  // By code: the value's id once it has been used, StringPool::kNone before. Lives with the dictionary, with one
  // entry a text; belongs to one role.
  std::vector<std::uint32_t>* pool_ids = nullptr;

  // Both spans empty: the file has no such column.
  [[nodiscard]] bool absent() const { return texts.empty() && codes.empty(); }
};

struct TimeColumn {
  enum class Unit : std::uint8_t { kEpoch, kSeconds, kMilliseconds, kMicroseconds, kNanoseconds };
  enum State : std::uint8_t { kMissing, kPresent, kDigitsCut };  // kDigitsCut: the reader cut digits beyond the microsecond

  std::span<const std::int64_t> values;  // by row
  std::span<const std::uint8_t> states;  // by row, a State; empty: all present
  Unit unit = Unit::kMicroseconds;       // kEpoch: numbers without a unit, which is decided over all rows
  bool local = false;                    // without a zone of its own: the plan's time.zone applies
};

struct ColumnBatch {
  std::size_t size = 0;
  std::uint64_t first_row = 1;  // data row in the file, 1-based
  TextColumn user, type, item;
  std::variant<TextColumn, TimeColumn> time;
};

}  // namespace causal_sessions
