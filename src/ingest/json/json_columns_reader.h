// JSON events as an object of columns: {"user":["u","v"],"time":[5,6],...}, or as pandas writes it, with an index.
//
// Rows are whole once the last column is, so the cells an event may need are kept until the object's end (json_columns.h)
// and then handed over row by row. Cells are read as in json_reader.h; rows have no line. Where rows are shown, so are those
// of the columns that have come so far.
// Errors:  those of json_columns.h and, once all names are known, of find_columns.
// Memory:  the bytes of the needed cells and one or two a cell, let go of as their rows become events.
#pragma once

#include <string>
#include <vector>

#include "ingest/file_reader.h"
#include "ingest/json/json_columns.h"
#include "ingest/table_sink.h"

namespace causal_sessions {

class JsonColumnsReader final : public TextReader {
 public:
  // `inside`: what lies nested in its first object, if that is a row after all.
  JsonColumnsReader(std::string file, std::vector<JsonNested> inside, const ReadingOptions& options, TableSink& sink);

  [[nodiscard]] Result<std::size_t> consume(std::span<const char> window, bool last) override;
  [[nodiscard]] Error unfinished_record() const override { return columns_.unfinished_cell(); }
  [[nodiscard]] std::uint64_t rows() const override { return rows_; }
  [[nodiscard]] bool more_columns() const override { return !columns_.closed(); }
  void explain(Error& missing) const override;
  [[nodiscard]] std::string item_out_of_reach() const override { return columns_.item().path; }

 private:
  [[nodiscard]] Status choose();
  [[nodiscard]] Status add_rows();
  [[nodiscard]] Status show_rows();

  std::string file_;
  std::vector<JsonNested> inside_;
  const ReadingOptions& options_;
  TableSink& sink_;
  JsonColumns columns_;
  std::vector<WantedColumn> wanted_;
  std::uint64_t rows_ = 0;
};

// Whether a file that begins so is an object of columns, and not an object a line: no value of its first object is a plain
// one, as far as it is there, and no second object follows.
[[nodiscard]] bool begins_columns(std::span<const char> start);

}  // namespace causal_sessions
