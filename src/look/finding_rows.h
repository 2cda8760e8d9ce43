// The rows that show what a finding of the audit says.
//
// A finding that is about rows, by its code. Where it is about all treated rows, or about a rule rather than rows, those are
// shown in which it can be seen: treated rows, sessions with events at one time.
//
// Needs:   a run that keeps its events.
// Cost:    that of RowSession for each row.
#pragma once

#include <cstdint>
#include <string_view>

#include "look/row_session.h"

namespace causal_sessions {

class FindingRows {
 public:
  // A code that stands in web/lib/types/look.ts, too.
  FindingRows(const Run& run, std::string_view code);

  // False for every row where no row can show the finding.
  [[nodiscard]] bool shows(std::uint32_t row);

 private:
  using Shows = bool (*)(const SequenceTable& table, const RowSession& session);
  struct Entry {
    std::string_view code;
    Shows shows;
  };
  static const Entry kEntries[];

  const SequenceTable& table_;
  RowSession session_;
  Shows shows_ = nullptr;
};

}  // namespace causal_sessions
