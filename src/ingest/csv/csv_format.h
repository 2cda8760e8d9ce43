// CSV as one of the input formats.
#pragma once

#include "ingest/csv/csv_reader.h"
#include "ingest/sniffed.h"

namespace causal_sessions {

[[nodiscard]] Result<Sniffed> sniff_csv(const FileStart& start);

// Why a file whose first row holds data cannot be read by this plan, which names no column by number.
[[nodiscard]] std::optional<Error> refuse_unnamed_columns(const std::string& file, const CsvDialect& dialect,
                                                          const ReadingOptions& options);

}  // namespace causal_sessions
