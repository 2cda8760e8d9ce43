// CSV as one of the input formats.
#pragma once

#include "ingest/csv/csv_reader.h"
#include "ingest/sniffed.h"

namespace causal_sessions {

// Works out separator and header from the first bytes of a file. `last`: they are the whole file.
[[nodiscard]] Result<CsvDialect> detect_csv(const std::string& file, std::span<const char> window, bool last,
                                            const ReadingOptions& options, std::size_t most_rows = 20);

[[nodiscard]] Result<Sniffed> sniff_csv(const FileStart& start);

// Why a file whose first row holds data cannot be read by this plan, which names no column by number.
[[nodiscard]] std::optional<Error> refuse_unnamed_columns(const std::string& file, const CsvDialect& dialect,
                                                          const ReadingOptions& options);

}  // namespace causal_sessions
