// File rules: what the plan says of a file by its name, in input.files.
#pragma once

#include <string_view>

#include "ingest/reading_options.h"

namespace causal_sessions {

// The first rule that fits the file; null where none does. The folder counts only for a pattern that names one, so that it does
// not matter where the files lie.
[[nodiscard]] const FileRule* find_rule(const ReadingOptions& options, std::string_view file);

// How the times of the file are read.
[[nodiscard]] ReadingOptions::Time time_of_file(const ReadingOptions& options, std::string_view file);

}  // namespace causal_sessions
