// Ties: whether the order of equal times decides what a session's row says.
//
// Without a time zero the first treatment's position cuts X, and with PriorOutcome other than kCount an outcome's
// position decides Y; both move when equal times do. With a time zero T, Y and the end of X depend on times alone, so
// only the order inside X can change.
//
// Cost:    one pass; 16 bytes a session and rule.
#pragma once

#include <cstdint>
#include <vector>

#include "audit/audit.h"

namespace causal_sessions {

// What a rule makes of one session.
struct TieMark {
  std::uint32_t cut = 0;                    // events in X, before padding
  std::uint8_t treatment = 0, outcome = 0;  // outcome 2: the row is left out
  std::uint64_t order = 0;                  // a hash of X's events in order
};

// Of ordered events whose ties a rule has brought into order, session by session where the row's rule sorts those.
[[nodiscard]] std::vector<TieMark> mark_sessions(const OrderedEvents& events, const Sessions& sessions, const TrialSetup& setup,
                                                 const Workers& workers);

// How many sessions differ under `rule`.
[[nodiscard]] TieDifference compare_marks(const std::vector<TieMark>& own, TieRule rule, const std::vector<TieMark>& other);

}  // namespace causal_sessions
