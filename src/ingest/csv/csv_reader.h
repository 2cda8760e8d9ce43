// CSV and TSV: RFC 4180 quotes, separators , ; tab | blank, line ends LF, CRLF, CR; quoted line breaks.
//
// Structural bytes are found 64 at a time; only the cells an event needs are looked at, and of a record without quotes
// nothing else.
// A quote inside an unquoted cell is a plain character, as pandas reads it. Behind a closing quote only a separator or the
// row's end may stand, not even a blank: a file that does not quote by RFC 4180 would lose rows inside of cells. Where such
// a row ends is not known, so it cannot be left out like other bad rows.
// With an escape (`input.escape`) a quote, separator, line break or escape behind it is that character, inside of quotes
// and outside; before any other character the escape stands for itself, as in \N. Where nothing quotes, the escape is a
// backslash and so \t, \n, \r, \b, \f and \v are what PostgreSQL, MySQL, ClickHouse and Hive write for control characters.
// With a comment (`input.comment`) a line that begins with it is passed over wherever a row could begin. Among such lines of
// the W3C's log files `#Fields:` names the columns, and one that names others later on is refused.
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

// The characters with a meaning, beside line ends. No quote, no escape or no comment: 0.
struct CsvMarks {
  char separator = ',';
  char quote = '"';
  char escape = 0;
  char comment = 0;
};

struct CsvDialect {
  CsvMarks marks;
  bool header = true;
  std::vector<std::string> names;  // of the header; without one "1", "2", ...
  std::size_t skip = 0;            // bytes before it: of a line `sep=;`, by which spreadsheets name it, and of lines to skip
  std::uint64_t first_line = 1;    // the line behind those
  bool fields = false;             // the names are those of a comment `#Fields:`, and no row
  bool header_holds_rows = false;  // inside of a name in quotes
  TextEncoding encoding = TextEncoding::kAuto;  // that the plan names
  const KnownExport* unnamed = nullptr;         // as in TableColumns
};

struct CsvRecord {
  enum class End : std::uint8_t { kDone, kIncomplete, kUnclosedQuote, kTextBehindQuote };
  End end = End::kDone;
  std::size_t next = 0;                     // first byte after the record; of kTextBehindQuote after the closing quote
  std::size_t cells = 0;                    // before the one that `end` is about
  bool blank = false;                       // an empty line
  std::uint64_t line_breaks = 0;            // inside of cells
  std::uint64_t quote_break = 0;            // those before the last quoted cell
  bool open = false;                        // that cell's quote has not been closed
  bool backslash = false;                   // one stands before a quote inside of a quoted cell or at its end, and is no escape
  bool quoted_marks = false;                // a quoted cell holds separators or line breaks
  std::optional<std::uint64_t> rows_break;  // those before a quoted cell that holds whole rows
};

// The first rows as cells.
struct CsvRows {
  std::vector<std::vector<std::string>> cells;
  CsvRecord next;          // the record after them, which is not whole, if there are fewer rows than were asked for
  std::uint64_t line = 1;  // on which it begins
};

// Stops at `most` rows or at the last whole record.
[[nodiscard]] CsvRows read_csv_rows(std::span<const char> window, bool last, const CsvMarks& marks, std::size_t most);
// Why there is no first row in the window.
[[nodiscard]] Error no_first_row(const std::string& file, std::span<const char> window, const CsvRows& rows,
                                 const CsvMarks& marks);

// Past the end of the line that begins at `at`; 0 if it does not end here, which at the end of a file it does.
[[nodiscard]] std::size_t past_line(std::span<const char> window, std::size_t at, bool last);
// The columns that a comment `#Fields:` of a log file names; none if the line is no such comment.
[[nodiscard]] std::vector<std::string> fields_of(std::string_view line);

// Whether a cell in quotes, cell number `cell` of `columns`, seems to hold the end of a row, whole rows and the beginning of
// one, by the separators of its lines. Where rows are wide, a line that fits as a whole is enough, or both ends are: a title
// among them can have a separator of its own. A text of several lines rarely fits by chance.
[[nodiscard]] bool holds_rows(std::string_view text, char separator, std::size_t cell, std::size_t columns);

class CsvCursor;

class CsvReader final : public TextReader {
 public:
  CsvReader(std::string file, const CsvDialect& dialect, std::span<const WantedColumn> wanted, TableSink& sink);

  [[nodiscard]] Result<std::size_t> consume(std::span<const char> window, bool last) override;
  [[nodiscard]] Error unfinished_record() const override;
  [[nodiscard]] std::uint64_t rows() const override { return rows_; }
  [[nodiscard]] const std::vector<std::string>* names() const override { return fields_ ? nullptr : &names_; }
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
  [[nodiscard]] Status finish_record(const CsvRecord& record, std::string_view text);
  [[nodiscard]] Status add_batch();
  [[nodiscard]] Status flush();
  [[nodiscard]] Where here(std::uint64_t line) const;
  [[nodiscard]] Error bad_encoding(std::span<const char> record, std::size_t at, bool in_row) const;
  [[nodiscard]] Result<std::size_t> pass_comment(CsvCursor& cursor, std::span<const char> window, std::size_t at, bool last);
  [[nodiscard]] Error text_behind_quote(const CsvRecord& record, char behind) const;

  std::string file_;
  CsvMarks marks_;
  TextEncoding encoding_;
  std::vector<std::string> names_;
  TableSink& sink_;
  std::vector<std::uint32_t> slot_of_column_;  // in a batch; kNoSlot: not wanted
  std::vector<NeededColumn> needed_;
  bool fields_;  // of a comment
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
