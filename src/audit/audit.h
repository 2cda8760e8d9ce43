// The audit: evidence of what a run made of its events, and what stands in the way of a causal reading.
//
// It looks twice: at the ordered events before duplicates are dropped (ties, gaps, the ledger), and at the rows after the
// vocabulary (attrition, leakage, balance, overlap, vocabulary, split, window). What the figures mean stands in
// "findings", worst first; see findings.h. The JSON is the same bytes everywhere.
//
// Units:   rates are shares (0.25, not 25); what divides by nothing is null.
// Cost:    linear in events and rows; while it looks at the events, a second copy of them, 21 bytes each.
#pragma once

#include <string>

#include "audit/rows.h"

namespace causal_sessions {

enum class Audit : bool { kNo, kYes };

class Auditor {
 public:
  // Of events ordered with their input ranks, which are freed.
  void look_at_events(const Plan& plan, OrderedEvents& events, std::int64_t data_end_us);
  void look_at_rows(const AuditRows& rows);

  // Once both are done.
  [[nodiscard]] const std::string& json() const { return text_; }

 private:
  Json events_, ties_, gaps_, ledger_;
  std::string text_;
};

}  // namespace causal_sessions
