// What a preview shows of a file: format, columns and their types, which one is what, and the first rows as text.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/buffer_sizes.h"
#include "core/result.h"
#include "ingest/build/column_batch.h"
#include "ingest/event_table.h"
#include "ingest/inspection/estimate.h"
#include "ingest/ranged_reader.h"
#include "ingest/schema.h"
#include "ingest/reading_options.h"

namespace causal_sessions {

struct Preview {
  std::string name;
  std::string compression;                     // "gzip", "zstd"; empty: none
  std::string format;                          // empty: not found out, and nothing but the problem is known
  std::string separator;                       // of CSV
  bool header = true;                          // of CSV
  std::vector<std::string> names, types;       // of the columns; no types in text
  std::optional<Schema> schema;
  std::vector<std::vector<std::string>> rows;  // a cell a column
  std::optional<Error> problem;                // what a run would refuse
  bool more_columns = false;                   // of a JSON object: there may be others behind these
  std::uint64_t needs_bytes = 0;               // so many of the first bytes may show what is missing
  std::optional<Estimate> estimate;            // of a run; none: cannot be told
  std::string note;                            // why rows are missing here, or what a run would say of rows
};

// Decides which column is what, or what the problem is, unless there is one already.
void find_columns(Preview& preview, const ReadingOptions& options, Columns known = Columns::kComplete);
// The rows need more than these bytes, of which a preview looks at.
void lack_bytes(Preview& preview, std::uint64_t bytes);
// What a run would say of the rows that were tried: `events` is what their builder came to. `whole`: they are all.
void note_rows(Preview& preview, const Result<EventTable>& events, bool whole);
// That a file has none.
[[nodiscard]] Error no_rows(const std::string& name);
[[nodiscard]] std::string preview_json(const Preview& preview);

// Cells of one column of a preview, from the row `first` on.
void show_texts(const TextColumn& texts, std::vector<std::vector<std::string>>& rows, std::size_t first,
                std::size_t count, std::size_t column);
void show_times(const TimeColumn& times, bool dates, std::vector<std::vector<std::string>>& rows, std::size_t first,
                std::size_t count, std::size_t column);

// A preview looks at so many bytes of a file that is not read by ranges; at more, up to the second number, where the
// preview so far says that it needs_bytes. Of one that is, it reads no larger piece of rows.
constexpr std::uint64_t kPreviewBytes = buffer_sizes::kPreviewBytes;
constexpr std::uint64_t kMostPreviewBytes = buffer_sizes::kMostPreviewBytes;
// It tries so many rows of a columnar file, about, whether a run could use them.
constexpr std::uint64_t kTriedRows = buffer_sizes::kTriedRows;

// The preview of a file that is read by ranges, as needs_ranges() tells.
//
// Needs:   wanted(), then room() filled and supply(), until nothing is wanted; then json().
class RangedInspection {
 public:
  virtual ~RangedInspection() = default;

  [[nodiscard]] virtual std::optional<ByteRange> wanted() const = 0;
  [[nodiscard]] virtual std::span<char> room(std::size_t size) = 0;
  // What is wrong with the file becomes the preview's problem.
  virtual void supply(std::size_t size) = 0;
  [[nodiscard]] virtual Preview preview() const = 0;
  [[nodiscard]] std::string json() const { return preview_json(preview()); }
};

}  // namespace causal_sessions
