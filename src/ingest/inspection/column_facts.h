// Column facts: what a column of a file's first rows holds, for somebody who wants to know the data before a run: the kind of its
// values, blanks, distinct ones, the least and the greatest, the most frequent, and how the rows spread over time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "ingest/inspection/column_values.h"

namespace causal_sessions {

struct ColumnFacts {
  // By the values, all of them: of a time, or of numbers; kBlank: there are none.
  enum class Kind : std::uint8_t { kBlank, kTime, kNumber, kText };
  static constexpr std::size_t kFrequent = 3;
  static constexpr std::size_t kBins = 24;

  Kind kind = Kind::kBlank;
  std::size_t blanks = 0, distinct = 0;
  std::string least, greatest;                                // by value where they have one, else by bytes; long ones cut
  std::vector<std::pair<std::string, std::size_t>> frequent;  // and their rows; of values that come more than once
  std::vector<std::size_t> over_time;  // rows in equal parts of the time between both; empty: no time column
};
inline constexpr std::array<const char*, 4> kColumnKindNames = {"blank", "time", "number", "text"};

// `rows`: how many were looked at. `is_time`: it is the time of events, so that numbers count from 1970.
[[nodiscard]] ColumnFacts facts_of(const ColumnValues& values, std::size_t rows, bool is_time);

}  // namespace causal_sessions
