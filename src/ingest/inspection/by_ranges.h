// The preview of a file that is read by ranges: of Parquet and Arrow files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "ingest/inspection/inspection.h"
#include "ingest/reading_options.h"

namespace causal_sessions {

// `start`: the file's first bytes, eight of them or all.
[[nodiscard]] std::unique_ptr<RangedInspection> inspect_by_ranges(const std::string& name, std::span<const char> start,
                                                                  std::uint64_t size, const ReadingOptions& options,
                                                                  std::size_t most_rows);

}  // namespace causal_sessions
