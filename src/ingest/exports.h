// Exports that are known by their columns: of analytics tools, and of published data sets. Each has a preset, a partial plan,
// which is offered and never applied unasked.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "ingest/reading_options.h"

namespace causal_sessions {

struct KnownExport {
  std::string_view name;   // of the preset
  std::string_view title;  // "a GA4 export"
  // All of these columns tell it; a blank stands between them. Empty: no columns do.
  std::string_view columns;
  std::string_view plan;  // JSON
  // Of exports without column names, whether a file's name and first row tell it; null: they do not.
  bool (*by_first_row)(std::string_view file, std::span<const std::string> cells) = nullptr;
  // Whether there is an event that the treatment may follow, or a time zero could be at. Else the causal profile does not fit.
  bool has_exposure = true;
};

[[nodiscard]] std::span<const KnownExport> known_exports();
[[nodiscard]] const KnownExport* find_export(std::string_view name);

// The one that a file with these columns seems to be, where the plan names none yet; null if it is none that is known.
[[nodiscard]] const KnownExport* tell_export(std::span<const std::string> names, const ReadingOptions& options);

// The same of a file without column names.
[[nodiscard]] const KnownExport* tell_export(std::string_view file, std::span<const std::string> first_row,
                                             const ReadingOptions& options);

// `This looks like a GA4 export: set preset to "ga4"`; empty where it is none.
[[nodiscard]] std::string export_advice(const KnownExport* known);

}  // namespace causal_sessions
