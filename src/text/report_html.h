// The report as one HTML page, to hand on or to print: verdict, estimand, flow, charts, findings, notices, the plan, and what the
// TARGET checklist asks for. It stands for itself: no script, nothing that is fetched, no sessions.
//
// Counts below five are shown as "<5", and rates of them are not shown, unless they are asked for exactly.
#pragma once

#include <string>
#include <string_view>

#include "run/run.h"

namespace causal_sessions {

struct HtmlReportOptions {
  bool exact_counts = false;
  std::string manifest_sha256;  // of the manifest beside the files; empty where there is none
};

// Of a finished run with an audit.
[[nodiscard]] std::string report_html(const Run& run, const HtmlReportOptions& options);

}  // namespace causal_sessions
