#include "run/summary.h"

#include <algorithm>
#include <numeric>

namespace causal_sessions {
namespace {

void count_row(ArmCounts& counts, const SequenceTable& table, std::size_t row) {
  ++counts.sessions;
  counts.treated += table.treatment[row];
  counts.outcomes += table.outcome[row];
  counts.treated_outcomes += table.treatment[row] & table.outcome[row];
}

// Between the two nearest ranks, in NumPy's order of operations.
double quantile(std::vector<std::uint32_t>& values, double q) {
  const double position = q * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const double t = position - static_cast<double>(below);
  const auto nth = values.begin() + static_cast<std::ptrdiff_t>(below);
  std::nth_element(values.begin(), nth, values.end());
  const double a = *nth;
  if (t == 0) return a;
  const double b = *std::min_element(nth + 1, values.end());
  return t < 0.5 ? a + (b - a) * t : b - (b - a) * (1 - t);
}

std::optional<LengthStatistics> measure_lengths(const SequenceTable& table) {
  if (table.rows() == 0) return std::nullopt;
  std::vector<std::uint32_t> lengths(table.rows());
  for (std::size_t row = 0; row < lengths.size(); ++row) lengths[row] = table.length(row);
  LengthStatistics statistics;
  const auto sum = std::accumulate(lengths.begin(), lengths.end(), std::uint64_t{0});
  statistics.mean = static_cast<double>(sum) / static_cast<double>(lengths.size());
  statistics.median = quantile(lengths, 0.5);
  statistics.p95 = quantile(lengths, 0.95);
  statistics.min = *std::min_element(lengths.begin(), lengths.end());
  statistics.max = *std::max_element(lengths.begin(), lengths.end());
  return statistics;
}

}  // namespace

std::optional<double> ArmCounts::naive_lift() const {
  const auto treated_rate = treated_outcome_rate();
  const auto control_rate = control_outcome_rate();
  if (!treated_rate || !control_rate) return std::nullopt;
  return *treated_rate - *control_rate;
}

Summary summarize(const SequenceTable& table, const Split& split) {
  Summary summary;
  for (std::size_t row = 0; row < table.rows(); ++row) count_row(summary.all, table, row);
  for (std::size_t part = 0; part < kParts; ++part) {
    for (const std::uint32_t row : split.rows[part]) count_row(summary.parts[part], table, row);
  }
  summary.lengths = measure_lengths(table);
  const auto& train = split.rows[static_cast<std::size_t>(Part::kTrain)];
  const auto add_first = [&](auto matches) {
    const auto found = std::find_if(train.begin(), train.end(), matches);
    if (found != train.end()) summary.samples.push_back(*found);
  };
  add_first([&](std::uint32_t row) { return table.outcome[row] == 1; });
  add_first([&](std::uint32_t row) { return table.treatment[row] == 1 && table.outcome[row] == 0; });
  add_first([&](std::uint32_t row) { return table.treatment[row] == 0 && table.outcome[row] == 1; });
  return summary;
}

}  // namespace causal_sessions
