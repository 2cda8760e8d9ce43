// Plain table: the bytes of one or more files -> columns of numbers and texts, for tables that are finished: a row is a row, and
// nothing in it is an event. The readers are those of events, so any format and compression that they know is a table.
//
// Whoever reads says of each column by its name what it has to be. A number is one in decimal digits, or true or false, which are 1
// and 0; missing are empty cells, NaN and what input.nulls names. Columns are known by their names, in all files; one that a file
// lacks is missing in its rows.
//
// Needs:   begin_file, then window/commit as often as there are bytes, end_file; again for each file. While wanted() names a range,
//          window/commit mean its bytes.
// Errors:  those of a file's reading; kBadRows for a cell that is not what its column has to be and for a row of too few or too many
//          cells; kAmbiguousColumn for two columns of one name; kUnknownFormat for an archive; kEmptyInput for a file without rows.
// Memory:  eight bytes a number, four more while a column has few different texts; four an id.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/string_pool.h"
#include "ingest/file_reading.h"
#include "ingest/file_summary.h"
#include "ingest/reading_options.h"
#include "ingest/table_sink.h"

namespace causal_sessions {

// kFlag: 0 or 1 in each row. kShare: a number between 0 and 1 in each row. kId: a text in each row. kValue: anything.
enum class PlainKind : std::uint8_t { kUnread, kFlag, kShare, kId, kValue };

struct PlainColumn {
  // Of one that has more different texts, none is kept.
  static constexpr std::size_t kMostTexts = 20;
  struct Cell {
    std::string text, place;
  };

  std::string name;
  PlainKind kind = PlainKind::kValue;
  std::vector<double> numbers;       // of all but ids; NaN: it is missing, or no number
  std::vector<std::uint32_t> codes;  // of ids, and of other values while they are few; StringPool::kNone: missing
  StringPool texts;                  // by code
  std::uint64_t number_rows = 0, text_rows = 0, missing_rows = 0;
  std::optional<Cell> first_text;  // that is no number

  [[nodiscard]] bool too_many_texts() const { return texts.size() > kMostTexts; }
};

class PlainTable final : private TableSink {
 public:
  // `kind_of`: of a column by its name. `options` say how text is read; what they say of events is not asked for.
  PlainTable(ReadingOptions options, std::function<PlainKind(std::string_view name)> kind_of);

  void begin_file(std::string name, std::optional<std::uint64_t> size = std::nullopt);
  [[nodiscard]] std::span<char> window(std::size_t size) { return reading_->window(size); }
  [[nodiscard]] Status commit(std::size_t size);
  [[nodiscard]] std::optional<ByteRange> wanted() const { return reading_->wanted(); }
  [[nodiscard]] Status end_file();

  [[nodiscard]] std::uint64_t rows() const { return rows_; }
  // In the order of their first appearance.
  [[nodiscard]] const std::vector<PlainColumn>& columns() const { return columns_; }
  [[nodiscard]] const PlainColumn* find(std::string_view name) const;
  // Of the columns that are neither read nor texts or numbers.
  [[nodiscard]] const std::vector<std::string>& without_text() const { return without_text_; }
  // All columns of the files, also those that are not read.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  [[nodiscard]] Result<std::vector<WantedColumn>> choose(const std::string& file, TableColumns columns) override;
  [[nodiscard]] bool may_choose(const std::string& name, std::size_t) const override {
    return kind_of_(name) != PlainKind::kUnread;
  }
  [[nodiscard]] bool may_change(std::string_view name) const override { return kind_of_(name) != PlainKind::kUnread; }
  [[nodiscard]] std::uint64_t most_rows() const override { return UINT64_MAX; }
  [[nodiscard]] bool shows() const override { return false; }
  [[nodiscard]] Status add(const RowBatch& batch) override;
  [[nodiscard]] Status add(const ColumnBatch& batch) override;
  void add_bad_row(IssueReason reason, std::uint64_t row, std::optional<std::uint64_t> line, std::string column,
                   std::string_view text) override;

  // One value at the end of a column; where it is, for messages.
  void put(PlainColumn& column, std::string_view text, std::uint64_t row, std::optional<std::uint64_t> line);
  void refuse(const PlainColumn& column, std::string_view text, std::uint64_t row, std::optional<std::uint64_t> line,
              const char* rule);
  [[nodiscard]] Status end_batch(std::size_t rows);
  [[nodiscard]] bool is_missing(std::string_view text) const;

  const ReadingOptions options_;
  const std::function<PlainKind(std::string_view name)> kind_of_;
  FileSummary file_;
  std::unique_ptr<FileReading> reading_;
  std::vector<PlainColumn> columns_;
  std::vector<std::size_t> place_;  // among them, of each column that was chosen
  std::vector<std::string> without_text_, names_;
  std::uint64_t rows_ = 0;
  std::optional<Error> refusal_;  // the first
};

}  // namespace causal_sessions
