// Durations by size: zero, under a second, equal steps of their logarithm up to 30 days, longer ones.
//
// Units:   microseconds in, seconds out.
// Cost:    a few instructions each, without branches that the data decide.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "audit/audit.h"

namespace causal_sessions {

class DurationHistogram {
 public:
  static constexpr std::size_t kBins = 60;

  DurationHistogram();

  // A bit more of a number is at most kSteps bins.
  void add(std::int64_t duration_us) {
    zero_ += duration_us == 0;
    const std::size_t first = first_[static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(duration_us)))];
    std::size_t bin = first;
    for (std::size_t step = 0; step < kSteps; ++step) bin += edges_[first + step] <= duration_us;
    ++counts_[bin];
  }
  void add(const DurationHistogram& others) {
    zero_ += others.zero_;
    for (std::size_t bin = 0; bin < counts_.size(); ++bin) counts_[bin] += others.counts_[bin];
  }
  [[nodiscard]] DurationCounts counts() const;

 private:
  static constexpr std::size_t kSteps = 3;              // 21.3 doublings make 60 bins
  std::array<std::int64_t, kBins + 1 + kSteps> edges_;  // the last ones beyond every duration
  std::array<std::uint8_t, 65> first_{};                // by bit width: edges at or below every number of that width
  std::array<std::uint64_t, kBins + 2> counts_{};
  std::uint64_t zero_ = 0;
};

}  // namespace causal_sessions
