// JSON events as an object of columns: {"user":["u","v"],"time":[5,6],...}, or as pandas writes it, with an index.
//
// Rows are whole once the last column is, so the cells an event may need are kept until the object's end (json_columns.h)
// and then handed over row by row. Cells are read as in json_reader.h; rows have no line.
// Errors:  those of json_columns.h and, once all names are known, of find_columns.
// Memory:  the bytes of the needed cells and one or two a cell, let go of as their rows become events.
#pragma once

#include <string>
#include <vector>

#include "ingest/build/event_builder.h"
#include "ingest/json/json_columns.h"
#include "ingest/schema.h"
#include "ingest/text_reader.h"

namespace causal_sessions {

class JsonColumnsReader final : public TextReader {
 public:
  JsonColumnsReader(std::string file, const ReadingOptions& options, EventBuilder& builder);

  [[nodiscard]] Result<std::size_t> consume(std::span<const char> window, bool last) override;
  [[nodiscard]] Error unfinished_record() const override { return columns_.unfinished_cell(); }
  [[nodiscard]] const Schema& schema() const override { return schema_; }
  [[nodiscard]] std::uint64_t rows() const override { return rows_; }

 private:
  [[nodiscard]] Status find_schema();
  [[nodiscard]] Status add_rows();

  std::string file_;
  const ReadingOptions& options_;
  EventBuilder& builder_;
  JsonColumns columns_;
  Schema schema_;
  std::uint64_t rows_ = 0;
};

// Whether a file that begins so is an object of columns, and not an object a line: no value of its first object is a plain
// one, as far as it is there, and no second object follows.
[[nodiscard]] bool begins_columns(std::span<const char> start);

struct JsonColumnsSample {
  std::vector<std::string> names;              // as far as the bytes go
  std::vector<std::vector<std::string>> rows;  // cells by position in `names`
  std::vector<JsonNested> nested;              // where the rows may be instead
  bool complete = false;                       // there are no further columns
};

// Columns and first rows as far as a file's first bytes show them.
[[nodiscard]] Result<JsonColumnsSample> sample_json_columns(const std::string& file, std::span<const char> window,
                                                            bool last, const ReadingOptions& options, std::size_t most_rows);

}  // namespace causal_sessions
