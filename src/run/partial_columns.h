// The columns of a partial run's file, and the sum over what is in them, for both of its ends.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/crc32.h"
#include "run/partial_head.h"

namespace causal_sessions {

inline constexpr std::string_view kPartialKey = "causal-sessions.partial", kPartialSumKey = "causal-sessions.sum";

// What stands there: a part's own words (run/partial_head.h), and the sum over them and its rows.
struct PartialMetadata {
  std::string head, sum;
};

struct PartialColumn {
  enum class Kind : std::uint8_t { kTexts, kTypes, kTimes, kKnown, kMillionths };
  std::string name;
  Kind kind;
  std::size_t at = 0;  // which of them
};

// In their order. Texts are those of users, items and the plan's further columns.
[[nodiscard]] inline std::vector<PartialColumn> partial_columns(const ReadingOptions& options,
                                                                const std::array<bool, 2>& fractions) {
  using Kind = PartialColumn::Kind;
  std::vector<PartialColumn> columns = {
      {"user", Kind::kTexts, 0}, {"time", Kind::kTimes, 0}, {"type", Kind::kTypes}, {"item", Kind::kTexts, 1}};
  if (options.columns.known_at.is_set()) columns.push_back({"knownAt", Kind::kKnown, 1});
  if (fractions[0]) columns.push_back({"timeMillionths", Kind::kMillionths, 0});
  if (fractions[1]) columns.push_back({"knownAtMillionths", Kind::kMillionths, 1});
  const std::vector<std::string> values = options.values.names();
  for (std::size_t v = 0; v < values.size(); ++v) columns.push_back({"value " + values[v], Kind::kTexts, 2 + v});
  return columns;
}

// Of each column's values, however they are cut into pieces.
class ColumnSums {
 public:
  explicit ColumnSums(std::size_t columns) : sums_(columns) {}

  template <class T>
  void add(std::size_t column, std::span<const T> values) {
    sums_[column] = crc32({reinterpret_cast<const std::uint8_t*>(values.data()), values.size_bytes()}, sums_[column]);
  }
  void add(std::size_t column, std::string_view text) {
    const std::uint64_t size = text.size();
    add(column, std::span(&size, 1));
    add(column, std::span(text));
  }
  // With what the part says of itself, in hexadecimal digits.
  [[nodiscard]] std::string finish(std::string_view head) {
    std::uint32_t sum = crc32({reinterpret_cast<const std::uint8_t*>(head.data()), head.size()});
    sum = crc32({reinterpret_cast<const std::uint8_t*>(sums_.data()), sums_.size() * sizeof(std::uint32_t)}, sum);
    std::string text;
    for (int shift = 28; shift >= 0; shift -= 4) text += "0123456789abcdef"[sum >> shift & 15];
    return text;
  }

 private:
  std::vector<std::uint32_t> sums_;
};

// The sum of names in their order.
[[nodiscard]] inline std::uint64_t sum_of_names(std::span<const std::string> names) {
  std::uint32_t sum = 0;
  for (const std::string& name : names) {
    sum = crc32({reinterpret_cast<const std::uint8_t*>(name.data()), name.size() + 1}, sum);
  }
  return sum;
}

}  // namespace causal_sessions
