// Two arms compared: areas under the curve, standardized differences, differences of shares with an interval.
//
// Source:  Mann and Whitney 1947 (an AUC is U / (n1 n0), ties count half); Austin 2009 for the standardized mean
//          difference; Wilson 1927 and Newcombe 1998, method 10, for the interval; Liang and Zeger 1986 for that of users' sums.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "formats/json/fields.h"

namespace causal_sessions {

// Rows by T and outcomes among them.
struct Arms {
  std::array<std::uint64_t, 2> rows{}, outcomes{};

  void add(bool treated, bool outcome) {
    ++rows[treated];
    outcomes[treated] += outcome;
  }
  void add(const Arms& others) {
    for (std::size_t t = 0; t < 2; ++t) {
      rows[t] += others.rows[t];
      outcomes[t] += others.outcomes[t];
    }
  }
  // Treated minus control; unset where an arm is empty.
  [[nodiscard]] std::optional<double> difference() const;
  // Of the difference, 95 %.
  [[nodiscard]] std::optional<std::array<double, 2>> newcombe() const;
};

// The same of rows that belong to users, those of a user one after the other. What each user adds to the difference is what
// varies, since their rows share outcomes. Sums of whole numbers, so no order of users changes a bit.
class ClusteredArms {
 public:
  void add(std::uint32_t user, bool treated, bool outcome) {
    if (user != user_) close();
    user_ = user;
    arms_.add(treated, outcome);
    own_.add(treated, outcome);
  }
  [[nodiscard]] const Arms& arms() const { return arms_; }
  // Of the difference, 95 %: by the users' shares in it where users have several rows, else Newcombe's; unset where an arm
  // is empty, and where fewer than two users have rows.
  [[nodiscard]] std::optional<std::array<double, 2>> interval();

 private:
  void close();

  Arms arms_, own_;  // of all, of the user at hand
  std::uint32_t user_ = 0xFFFFFFFFu;
  std::uint64_t users_ = 0;
  // Sums over users of the products of outcomes and rows by arm: [i][j] of (y1, n1, y0, n0).
  std::array<std::array<std::uint64_t, 4>, 4> products_{};
};

// Counts of a small whole score by arm.
class ScoreCounts {
 public:
  void add(std::size_t score, bool arm) {
    if (score >= counts_.size()) grow(score);
    ++counts_[score][arm];
  }
  void add(const ScoreCounts& others);
  // P(score of arm 1 > score of arm 0) + P(equal) / 2; unset where an arm is empty.
  [[nodiscard]] std::optional<double> auc() const;
  // Means of arm 1 minus arm 0 over the pooled standard deviation; unset where an arm is empty, or nothing varies and
  // the means differ.
  [[nodiscard]] std::optional<double> smd() const;
  // The same with each score's share of arm 1 as the score.
  [[nodiscard]] std::optional<double> auc_of_shares() const;

 private:
  void grow(std::size_t score);
  std::vector<std::array<std::uint64_t, 2>> counts_;
};

// Scores of any kind by arm: bit 0 is the arm, the rest the score. Sorts them.
[[nodiscard]] std::optional<double> auc_of_keys(std::vector<std::uint64_t>& keys);

// From means and variances by arm.
[[nodiscard]] std::optional<double> standardized_difference(const std::array<double, 2>& mean,
                                                            const std::array<double, 2>& variance);

}  // namespace causal_sessions
