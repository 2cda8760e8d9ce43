// What a preview shows of a file: format, columns and their types, which one is what, and the first rows as text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/buffer_sizes.h"
#include "core/result.h"
#include "ingest/exports.h"
#include "ingest/inspection/column_facts.h"
#include "ingest/inspection/estimate.h"
#include "ingest/inspection/event_roles.h"
#include "ingest/schema.h"

namespace causal_sessions {

struct Preview {
  std::string name;
  std::string compression;                // "gzip", "zstd"; empty: none
  std::string format;                     // empty: not found out, and nothing but the problem is known
  char separator = 0;                     // of CSV
  bool header = true;                     // of CSV
  std::vector<std::string> names, types;  // of the columns; no types in text
  std::vector<std::string> paths;         // of values inside of them
  const KnownExport* known = nullptr;     // what it looks like
  std::optional<Schema> schema;
  ChosenColumns sure, guessed;                 // where there is no schema: what is found nevertheless, and what may be the rest
  std::vector<RoledType> event_types;          // of the rows that were looked at
  bool all_rows = false;                       // which are those of the file
  std::string settings;                        // a partial plan, as JSON, by which it may be run; empty: the plan has them
  std::vector<std::vector<std::string>> rows;  // a cell a column
  std::vector<bool> untold;                    // columns whose cells cannot be shown; empty: none
  std::size_t sampled_rows = 0;                // that the facts are of
  std::vector<std::optional<ColumnFacts>> facts;  // of the first columns; none where its cells cannot be shown
  std::optional<Error> problem;                   // what a run would refuse
  bool more_columns = false;                      // of a JSON object: there may be others behind these
  std::uint64_t needs_bytes = 0;                  // so many of the first bytes may show what is missing
  std::optional<Estimate> estimate;               // of a run; none: cannot be told
  std::uint64_t files = 0;                        // in the archive that this one is of
  std::string nested_item;                        // as in FileSummary
  bool out_of_reach = false;                      // as there
  std::string note;                               // why rows are missing here, or what a run would say of rows
};

// Guesses what can be guessed from what has been seen, and keeps so many of the rows.
void complete_preview(Preview& preview, const ReadingOptions& options, std::size_t most_rows);

// The types as preview_json() writes them, with the roles that they may have: of [{"type": ..., "rows": ...}], which may be those
// of several files, each type once.
[[nodiscard]] std::string guess_roles_json(std::string_view types);

[[nodiscard]] std::string preview_json(const Preview& preview);

// A preview looks at so many bytes of a file that is not read by ranges; at more, up to the second number, where the
// preview so far says that it needs_bytes. Of one that is, it reads no larger piece of rows.
constexpr std::uint64_t kPreviewBytes = buffer_sizes::kPreviewBytes;
constexpr std::uint64_t kMostPreviewBytes = buffer_sizes::kMostPreviewBytes;
// It looks at so many rows, or more, and shows those that are asked for.
constexpr std::size_t kGuessedRows = 500;
// Facts are told of so many columns: wider tables are of machines.
constexpr std::size_t kMostFacts = 100;
// It tries so many rows of a columnar file, about, whether a run could use them.
constexpr std::uint64_t kTriedRows = buffer_sizes::kTriedRows;

}  // namespace causal_sessions
