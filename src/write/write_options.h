// What writing needs to know besides the table.
#pragma once

#include <cstdint>

namespace causal_sessions {

// Cells of the CSV output that a spreadsheet would run as a formula.
enum class CsvFormulas { kHarmless, kKeep };

struct WriteOptions {
  CsvFormulas csv_formulas = CsvFormulas::kHarmless;
  std::uint32_t pad_to = 0;  // tokens a row of padded tensors; 0: as many as the longest sequence
};

}  // namespace causal_sessions
