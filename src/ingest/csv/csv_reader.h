// CSV and TSV: RFC 4180 quotes, separators , ; tab |, line ends LF, CRLF, CR; quoted line breaks.
//
// Structural bytes are found 64 at a time; only the cells an event needs are looked at, and of a record without quotes
// nothing else.
// A quote inside an unquoted cell is a plain character, as pandas reads it. Behind a closing quote only a separator or the
// row's end may stand, not even a blank: a file that does not quote by RFC 4180 would lose rows inside of cells. Where such
// a row ends is not known, so it cannot be left out like other bad rows.
// With an escape (`input.escape`) a quote, separator, line break or escape behind it is that character, inside of quotes
// and outside; before any other character the escape stands for itself, as in \N.
// Errors:  kBadSyntax (unclosed quote, text behind a closing one, with the row and line where it opened), kBadEncoding
//          (first row that is not UTF-8); a row with too few or too many cells is a row issue.
// Notes:   a quoted cell that holds line breaks and between them whole rows goes to TableSink::note_quoted_rows().
// Source:  RFC 4180.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ingest/file_reader.h"
#include "ingest/sniffed.h"
#include "ingest/table_sink.h"

namespace causal_sessions {

// The characters with a meaning, beside line ends. No quote or no escape: 0.
struct CsvMarks {
  char separator = ',';
  char quote = '"';
  char escape = 0;
};

struct CsvDialect {
  CsvMarks marks;
  bool header = true;
  std::vector<std::string> names;  // of the header; without one "1", "2", ...
  std::size_t skip = 0;            // bytes of a line `sep=;` before it, by which spreadsheets name the separator
  std::uint64_t first_line = 1;    // the line behind that one
  bool header_holds_rows = false;  // inside of a name in quotes
};

// Works out separator and header from the first bytes of a file. `last`: they are the whole file.
[[nodiscard]] Result<CsvDialect> detect_csv(const std::string& file, std::span<const char> window, bool last,
                                            const ReadingOptions& options, std::size_t most_rows = 20);

// Whether the plan gives a column that an event needs by its number.
[[nodiscard]] bool names_by_number(const ReadingOptions& options);

// The first rows as cells, by which separator and header are told; stops at `most` rows or at the last whole record.
[[nodiscard]] std::vector<std::vector<std::string>> read_csv_rows(std::span<const char> window, bool last, const CsvMarks& marks,
                                                                  std::size_t most);

class CsvCursor;
struct CsvRecord;

class CsvReader final : public TextReader {
 public:
  CsvReader(std::string file, const CsvDialect& dialect, std::span<const WantedColumn> wanted, TableSink& sink);

  [[nodiscard]] Result<std::size_t> consume(std::span<const char> window, bool last) override;
  [[nodiscard]] Error unfinished_record() const override;
  [[nodiscard]] std::uint64_t rows() const override { return rows_; }
  [[nodiscard]] const std::vector<std::string>* names() const override { return &names_; }
  [[nodiscard]] std::uint64_t line() const override { return line_; }
  void pass(std::uint64_t rows, std::uint64_t lines) override {
    rows_ += rows;
    line_ += lines;
  }

 private:
  struct NeededColumn {
    std::size_t column, slot;
  };

  std::size_t take_plain(CsvCursor& cursor, std::size_t at);
  [[nodiscard]] Status finish_record(const CsvRecord& record);
  [[nodiscard]] Status add_batch();
  [[nodiscard]] Status flush();
  [[nodiscard]] Where here(std::uint64_t line) const;
  [[nodiscard]] Error bad_encoding(unsigned char byte) const;
  [[nodiscard]] Error text_behind_quote(const CsvRecord& record, char behind) const;

  std::string file_;
  CsvMarks marks_;
  std::vector<std::string> names_;
  TableSink& sink_;
  std::vector<std::uint32_t> slot_of_column_;  // in a batch; kNoSlot: not wanted
  std::vector<NeededColumn> needed_;
  bool skip_header_;
  bool shows_;                           // all cells are kept of each row
  std::vector<std::string_view> shown_;  // these, of the row at hand
  std::uint64_t most_rows_;
  RowBatch batch_;
  std::uint64_t rows_ = 0;  // data rows taken
  std::uint64_t line_ = 1;  // line on which the record at hand begins
  // Of a record that is not whole yet: the line on which its open quote stands, 0 if none is open; and whether a backslash
  // stands before a quote in it.
  std::uint64_t quote_line_ = 0;
  bool backslash_ = false;
};

}  // namespace causal_sessions
