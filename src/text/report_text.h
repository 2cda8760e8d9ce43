// The report as a terminal shows it. report_json.h is the whole of it, for machines.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "report/manifest_json.h"
#include "run/run.h"

namespace causal_sessions {

// Of a finished run, and which files were written of it into `folder`.
[[nodiscard]] std::string report_text(const Run& run, std::string_view folder, std::span<const ManifestOutput> written);

// A line each, which say whose they are: they are seen also where the report goes elsewhere.
[[nodiscard]] std::string notices_text(std::span<const Notice> notices);

// Of a manifest that was run again, where nothing differs.
[[nodiscard]] std::string verified_text(std::uint64_t inputs, std::uint64_t outputs);

// What was simulated: the file, and beside it the truth, empty where none was written.
[[nodiscard]] std::string simulation_text(std::string_view path, std::uint64_t events, std::uint64_t bytes,
                                          std::string_view truth_path, std::optional<double> effect);

// What a partial run wrote; and that it has rows which no run can use, or "".
struct PartialFacts {
  std::string path;
  std::uint64_t bytes = 0, events = 0, inputs = 0, rows = 0, unusable = 0;
};
[[nodiscard]] std::string partial_text(const PartialFacts& facts);
[[nodiscard]] std::string unusable_text(const PartialFacts& facts);

}  // namespace causal_sessions
