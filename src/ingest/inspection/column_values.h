// Column values: what the first rows of a file have in one column, each value once: how often, and read as a time or a number.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/parsed_time.h"
#include "ingest/reading_options.h"

namespace causal_sessions {

struct ColumnValues {
  struct Value {
    std::size_t rows = 0;
    ParsedTime time;
  };
  std::map<std::string_view, Value> of;             // of the rows that they are looked for in
  std::size_t present = 0, times = 0, numbers = 0;  // rows; a number that may count from 1970 is a time too
};

[[nodiscard]] ColumnValues values_of(std::span<const std::vector<std::string>> rows, std::size_t column,
                                     const ReadingOptions::Time& options);

}  // namespace causal_sessions
