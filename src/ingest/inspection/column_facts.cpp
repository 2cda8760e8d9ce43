#include "ingest/inspection/column_facts.h"

#include <algorithm>
#include <string_view>

#include "core/cold.h"
#include "core/utf8.h"

namespace causal_sessions {
namespace {

using Entry = std::pair<const std::string_view, ColumnValues::Value>;

COLD std::string cut(std::string_view text) {
  constexpr std::size_t kMostBytes = 64;
  if (text.size() <= kMostBytes) return std::string(text);
  const std::string_view start = text.substr(0, kMostBytes);
  return std::string(start.substr(0, find_invalid_utf8(start))) + "…";
}

bool is_before(const Entry& a, const Entry& b) {
  const ParsedTime &left = a.second.time, &right = b.second.time;
  return left.value != right.value ? left.value < right.value : left.millionths < right.millionths;
}

ColumnFacts::Kind kind_of(const ColumnValues& values, bool is_time) {
  using Kind = ColumnFacts::Kind;
  if (values.present == 0) return Kind::kBlank;
  const bool numbers = values.numbers == values.present;
  if (values.times == values.present && (is_time || !numbers)) return Kind::kTime;
  return numbers ? Kind::kNumber : Kind::kText;
}

COLD std::vector<std::size_t> spread(const ColumnValues& values, std::int64_t first, std::int64_t last) {
  std::vector<std::size_t> bins(ColumnFacts::kBins);
  const auto since = [&](std::int64_t value) {
    return static_cast<double>(static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(first));
  };
  for (const auto& [text, value] : values.of) {
    const double share = since(value.time.value) / since(last);
    bins[std::min(ColumnFacts::kBins - 1, static_cast<std::size_t>(share * ColumnFacts::kBins))] += value.rows;
  }
  return bins;
}

}  // namespace

COLD ColumnFacts facts_of(const ColumnValues& values, std::size_t rows, bool is_time) {
  ColumnFacts facts;
  facts.kind = kind_of(values, is_time);
  facts.blanks = rows - values.present;
  facts.distinct = values.of.size();
  if (facts.kind == ColumnFacts::Kind::kBlank) return facts;
  auto least = values.of.begin(), greatest = std::prev(values.of.end());
  if (facts.kind != ColumnFacts::Kind::kText) {
    least = std::min_element(values.of.begin(), values.of.end(), is_before);
    greatest = std::max_element(values.of.begin(), values.of.end(), is_before);
  }
  facts.least = cut(least->first);
  facts.greatest = cut(greatest->first);
  std::vector<const Entry*> frequent;
  while (frequent.size() < ColumnFacts::kFrequent) {
    const Entry* most = nullptr;
    for (const Entry& entry : values.of) {
      const bool told = std::find(frequent.begin(), frequent.end(), &entry) != frequent.end();
      if (!told && entry.second.rows > (most == nullptr ? 1 : most->second.rows)) most = &entry;
    }
    if (most == nullptr) break;
    frequent.push_back(most);
    facts.frequent.emplace_back(cut(most->first), most->second.rows);
  }
  const std::int64_t first = least->second.time.value, last = greatest->second.time.value;
  if (is_time && facts.kind == ColumnFacts::Kind::kTime && first < last) facts.over_time = spread(values, first, last);
  return facts;
}

}  // namespace causal_sessions
