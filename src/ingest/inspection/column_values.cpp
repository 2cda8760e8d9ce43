#include "ingest/inspection/column_values.h"

#include <cstdint>

#include "core/cold.h"
#include "ingest/timestamp.h"

namespace causal_sessions {
namespace {

// Numbers of this size count seconds, or a fraction of them, since 1970: those of 2001 to 2286.
bool is_epoch(std::int64_t value) {
  for (std::int64_t second : {1, 1000, 1'000'000, 1'000'000'000}) {
    if (value >= 1'000'000'000 * second && value / second < 10'000'000'000) return true;
  }
  return false;
}

}  // namespace

COLD ColumnValues values_of(std::span<const std::vector<std::string>> rows, std::size_t column,
                            const ReadingOptions::Time& options) {
  ColumnValues values;
  for (const std::vector<std::string>& row : rows) {
    if (column < row.size() && !row[column].empty()) ++values.of[row[column]].rows;
  }
  TimestampParser parser(options);
  for (auto& [text, value] : values.of) {
    value.time = parser.parse(text);
    const bool number = value.time.kind == ParsedTime::Kind::kNumber;
    values.present += value.rows;
    if (number) values.numbers += value.rows;
    if (number ? is_epoch(value.time.value) : value.time.kind != ParsedTime::Kind::kBad) values.times += value.rows;
  }
  return values;
}

}  // namespace causal_sessions
