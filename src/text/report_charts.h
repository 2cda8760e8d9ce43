// The charts of the report in HTML, drawn as SVG that stands in the page: no script, no font, colors by the page's classes.
//
// Errors:  none; what there is nothing to draw of gives an empty text.
#pragma once

#include <string>
#include <vector>

#include "audit/audit.h"

namespace causal_sessions {

// A difference of outcome rates with its interval, in a line of its own.
struct DifferenceLine {
  std::string name;
  std::optional<double> difference;
  std::optional<std::array<double, 2>> interval95;
};
[[nodiscard]] std::string differences_svg(const std::vector<DifferenceLine>& lines, const ControlName& control);

// A Love plot: the absolute standardized differences of the groups, before weighting as a ring and after as a dot.
[[nodiscard]] std::string balance_svg(const std::vector<BalanceRow>& rows);

// Rows by propensity, the treated above and the untreated below. Bars of fewer than `least` rows are left out.
[[nodiscard]] std::string overlap_svg(const OverlapAudit& overlap, const ControlName& control, std::uint64_t least);

// Waits by their length on a logarithmic axis, with the plan's limit. Bars of fewer than `least` are left out.
[[nodiscard]] std::string waits_svg(const DelaysAudit::Waits& waits, std::uint64_t least);

// A text where HTML and SVG have one: its markup means nothing, and neither do characters that deceive (core/wording.h).
[[nodiscard]] std::string escaped(std::string_view text);

}  // namespace causal_sessions
