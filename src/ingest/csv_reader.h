// CSV and TSV: RFC 4180 quotes, separators , ; tab |, line ends LF, CRLF, CR; quoted line breaks.
//
// Structural bytes are found 64 at a time; only the cells an event needs are looked at, and of a record without quotes
// nothing else.
// A quote inside an unquoted cell is a plain character, as pandas reads it.
// Errors:  kBadSyntax (unclosed quote, with the row it opened in), kBadEncoding (first row that is not UTF-8);
//          a row with too few or too many cells is a row issue.
// Source:  RFC 4180.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ingest/event_builder.h"
#include "ingest/schema.h"
#include "ingest/text_reader.h"

namespace causal_sessions {

struct CsvDialect {
  char separator = ',';
  bool header = true;
  std::vector<std::string> names;  // of the header; without one "1", "2", ...
};

// Works out separator and header from the first bytes of a file. `last`: they are the whole file.
[[nodiscard]] Result<CsvDialect> detect_csv(const std::string& file, std::span<const char> window, bool last,
                                            const Plan& plan, std::size_t most_rows = 20);

// The first rows as cells, for previews; stops at `most` rows or at the last whole record.
[[nodiscard]] std::vector<std::vector<std::string>> read_csv_rows(std::span<const char> window, bool last,
                                                                  char separator, std::size_t most);

class CsvCursor;

class CsvReader final : public TextReader {
 public:
  CsvReader(std::string file, const CsvDialect& dialect, const Schema& schema, EventBuilder& builder);

  [[nodiscard]] Result<std::size_t> consume(std::span<const char> window, bool last) override;
  [[nodiscard]] Error unfinished_record() const override;
  [[nodiscard]] const Schema& schema() const override { return schema_; }
  [[nodiscard]] std::uint64_t rows() const override { return rows_; }
  [[nodiscard]] std::uint64_t line() const override { return line_; }
  void pass(std::uint64_t rows, std::uint64_t lines) override {
    rows_ += rows;
    line_ += lines;
  }

 private:
  struct NeededColumn {
    std::size_t column, role;
  };

  std::size_t take_plain(CsvCursor& cursor, std::size_t at);
  [[nodiscard]] Status finish_record(std::size_t cells);
  [[nodiscard]] Status flush();
  [[nodiscard]] Error bad_encoding(unsigned char byte) const;
  [[nodiscard]] Error unclosed_quote() const;

  std::string file_;
  char separator_;
  Schema schema_;
  EventBuilder& builder_;
  std::vector<std::uint8_t> role_of_column_;  // kRoles: not needed
  std::vector<NeededColumn> needed_;
  bool skip_header_;
  RowBatch batch_;
  std::uint64_t rows_ = 0;        // data rows taken
  std::uint64_t line_ = 1;        // line on which the record at hand begins
  std::uint64_t quote_line_ = 0;  // line on which its last quoted cell begins
};

}  // namespace causal_sessions
