// Columns on their way from a columnar reader (Parquet, Arrow) to a table sink: those it chose.
//
// Texts come by row, or once per distinct value with a code a row. A dictionary keeps its values' ids beside it, so that
// a value meets the string pool once; ids are given at first use in row order, never in dictionary order.
// Needs:   texts in UTF-8, alive until the batch has been added.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/string_pool.h"

#include "ingest/build/row_batch.h"

namespace causal_sessions {

// Rows that so many bytes of a table can hold: a few can stand for many equal rows, but no events are like that.
constexpr std::uint64_t rows_that_fit(std::uint64_t bytes) {
  constexpr std::uint64_t kPlentiful = 1 << 20, kRowsPerByte = 1000;
  return kPlentiful + kRowsPerByte * bytes;
}

struct TextColumn {
  std::span<const std::string_view> texts = {};  // by code, or by row when `codes` is empty; empty: missing
  std::span<const std::uint32_t> codes = {};     // by row; StringPool::kNone: missing
  // By code: the value's id once it has been used, StringPool::kNone before. Lives with the dictionary, with one
  // entry a text; belongs to one role.
  std::vector<std::uint32_t>* pool_ids = nullptr;
  // Of numbers that were floating-point ones of 32 bits or fewer: from here on several of them have one text. 0: of others.
  std::uint32_t exact_below = 0;

  // Of a row; empty where it is missing.
  [[nodiscard]] std::string_view text(std::size_t row) const {
    if (codes.empty()) return texts.empty() ? std::string_view() : texts[row];
    return codes[row] == StringPool::kNone ? std::string_view() : texts[codes[row]];
  }
  // Both spans empty: there is no such column.
  [[nodiscard]] bool absent() const { return texts.empty() && codes.empty(); }
};

constexpr std::uint32_t kFloatExactBelow = 1 << 24, kHalfExactBelow = 1 << 11;  // IEEE 754 binary32, binary16

struct TimeColumn {
  enum class Unit : std::uint8_t { kEpoch, kSeconds, kMilliseconds, kMicroseconds, kNanoseconds };
  // kDigitsCut: the reader cut digits beyond the microsecond. No times, and told of as what they are: kUnsigned, the bits of
  // a number of 2^63 or more; kJulian, a Julian day that no time is on.
  enum State : std::uint8_t { kMissing, kPresent, kDigitsCut, kUnsigned, kJulian };

  std::span<const std::int64_t> values;  // by row
  std::span<const std::uint8_t> states;  // by row, a State; empty: all present
  Unit unit = Unit::kMicroseconds;       // kEpoch: numbers without a unit, which is decided over all rows
  bool local = false;                    // without a zone of its own: the plan's time.zone applies
  bool dates = false;                    // days without a time

  [[nodiscard]] std::uint8_t state(std::size_t row) const { return states.empty() ? std::uint8_t{kPresent} : states[row]; }
  // How many of them a second has.
  [[nodiscard]] static constexpr std::int64_t per_second(Unit unit) {
    return unit == Unit::kNanoseconds    ? 1'000'000'000
           : unit == Unit::kMicroseconds ? 1'000'000
           : unit == Unit::kMilliseconds ? 1000
                                         : 1;
  }
  // A value that is no time, as messages and previews show it.
  [[nodiscard]] std::string shown(std::size_t row) const;
  // A value as ISO 8601 has it, without a Z where it is local; a number, and what is no time, as it is shown.
  [[nodiscard]] std::string text(std::size_t row) const;
};

struct ColumnBatch {
  std::size_t size = 0;
  std::uint64_t first_row = 1;                                     // data row in the file, 1-based
  std::vector<std::variant<TextColumn, TimeColumn>> columns = {};  // as they were chosen; absent() where one is left out
  std::size_t first_column = 0;                                    // place of the first of them among the chosen ones
  std::span<const std::uint64_t> rows = {};                        // their numbers, where they are not one after another
};

// That a column of this type cannot be the user, the time, ..., and what can.
[[nodiscard]] std::string cannot_be(const std::string& type, Role role);
// That one of so coarse a type cannot be the time.
[[nodiscard]] std::string too_coarse(const std::string& type);

}  // namespace causal_sessions
