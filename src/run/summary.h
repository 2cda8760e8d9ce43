// Summary: the numbers that the notebook prints, from the finished table.
//
// Where the notebook prints 0 % for an arm without sessions, a rate here is unset.
// Units:   rates and lifts are shares (0.25, not 25).
// Cost:    one pass over the rows, one copy of their lengths.
// Source:  the notebook's cells 9, 11, 13 and 14; pandas' quantile (linear interpolation).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "sequence/sequence_table.h"
#include "split/split.h"

namespace causal_sessions {

struct ArmCounts {
  std::uint64_t sessions = 0, treated = 0, outcomes = 0, treated_outcomes = 0;

  [[nodiscard]] std::optional<double> treatment_rate() const { return share(treated, sessions); }
  [[nodiscard]] std::optional<double> outcome_rate() const { return share(outcomes, sessions); }
  [[nodiscard]] std::optional<double> treated_outcome_rate() const { return share(treated_outcomes, treated); }
  [[nodiscard]] std::optional<double> control_outcome_rate() const {
    return share(outcomes - treated_outcomes, sessions - treated);
  }
  // Difference of outcome rates, treated minus control; unset where an arm is empty.
  [[nodiscard]] std::optional<double> naive_lift() const;

 private:
  static std::optional<double> share(std::uint64_t part, std::uint64_t whole) {
    if (whole == 0) return std::nullopt;
    return static_cast<double>(part) / static_cast<double>(whole);
  }
};

struct LengthStatistics {
  double mean = 0, median = 0, p95 = 0;
  std::uint32_t min = 0, max = 0;
};

struct Summary {
  ArmCounts all;
  std::array<ArmCounts, kParts> parts;
  std::optional<LengthStatistics> lengths;  // unset: no sessions
  std::vector<std::uint32_t> samples;       // rows worth looking at: of the training part, the first with an outcome,
                                            // treated without one, and with one untreated
};

[[nodiscard]] Summary summarize(const SequenceTable& table, const Split& split);

}  // namespace causal_sessions
