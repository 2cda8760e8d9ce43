#include "audit/duration_histogram.h"

#include "core/portable_math.h"

namespace causal_sessions {
namespace {

constexpr double kMicroseconds = 1e6, kMostSeconds = 30.0 * 24 * 3600;

}  // namespace

DurationHistogram::DurationHistogram() {
  const double step = portable_log(kMostSeconds) / kBins;
  for (std::size_t i = 0; i <= kBins; ++i) {
    edges_[i] = static_cast<std::int64_t>(portable_exp(step * static_cast<double>(i)) * kMicroseconds + 0.5);
  }
  edges_.back() = edges_[kBins + 2] = edges_[kBins + 1] = INT64_MAX;
  for (std::size_t bits = 1; bits < first_.size(); ++bits) {
    std::uint8_t bin = 0;
    while (bin <= kBins && static_cast<std::uint64_t>(edges_[bin]) <= std::uint64_t{1} << (bits - 1)) ++bin;
    first_[bits] = bin;
  }
}

DurationCounts DurationHistogram::counts() const {
  DurationCounts counts{zero_, counts_[0] - zero_, counts_[kBins + 1], {}, {}};
  for (std::size_t i = 0; i <= kBins; ++i) counts.edges_seconds.push_back(static_cast<double>(edges_[i]) / kMicroseconds);
  counts.counts.assign(counts_.begin() + 1, counts_.begin() + 1 + kBins);
  return counts;
}

}  // namespace causal_sessions
