// The syntax of a JSON object of columns, in pieces of any size: {"user":["u","v"],"time":[5,6]}, or with an index before
// every cell, as pandas writes it: {"user":{"0":"u","1":"v"},"time":{"0":5,"1":6}}.
//
// Cells are taken off a window one by one and only those of wanted columns are kept. Nested cells, and texts with escapes,
// are cut out whole and checked as in json_object.h; nothing here recurses.
// Errors:  kBadSyntax (with row and column: broken or cut JSON, a column twice, columns that do not fit together),
//          kBadEncoding; kUnknownFormat for what pandas writes with orient "split" or "table".
// Cost:    one pass; the bytes of the kept cells and one or two a cell, and an index once.
// Source:  RFC 8259; pandas, DataFrame.to_json.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"
#include "formats/json/scan.h"
#include "ingest/json/cell_log.h"
#include "ingest/json/json_nested.h"

namespace causal_sessions {

struct JsonColumn {
  std::string name;
  bool wanted = false;
  bool indexed = false;     // an object whose keys are the index
  std::uint64_t cells = 0;  // seen
  CellLog kept;             // the first `most_cells` of them, if wanted
};

class JsonColumns {
 public:
  // Whether the cells of a column are wanted, by its name and position.
  using Wanted = std::function<bool(const std::string& name, std::size_t position)>;

  JsonColumns(std::string file, const ReadingOptions& options, Wanted wanted,
              std::uint64_t most_cells = std::numeric_limits<std::uint64_t>::max())
      : file_(std::move(file)), options_(options), wanted_(std::move(wanted)), most_cells_(most_cells) {}

  // As TextReader::consume; a record is a bracket, a comma, a name or a cell.
  [[nodiscard]] Result<std::size_t> consume(std::span<const char> window, bool last);
  [[nodiscard]] Error unfinished_cell() const;

  [[nodiscard]] std::vector<JsonColumn>& columns() { return columns_; }
  [[nodiscard]] const std::vector<JsonColumn>& columns() const { return columns_; }
  [[nodiscard]] std::vector<std::string> names() const;
  // The object's closing bracket has been taken.
  [[nodiscard]] bool closed() const { return expect_ == Expect::kNothing; }
  // Of the first column, if it has an index.
  [[nodiscard]] const std::string& first_key() const { return first_key_; }

  // For a table of another layout.
  [[nodiscard]] Error refuse_orient(std::string_view orient) const;
  // Columns in which the rows may be instead.
  [[nodiscard]] const std::vector<JsonNested>& nested() const { return nested_; }
  [[nodiscard]] const ItemPlace& item() const { return item_; }
  [[nodiscard]] Error refuse_nested() const;
  // Why the columns are no table: all have the same number of cells or this names them.
  [[nodiscard]] Status check_lengths() const;

 private:
  enum class Expect : std::uint8_t {
    kObject,
    kFirstName,
    kName,
    kNameColon,
    kColumn,
    kFirstCell,
    kCell,
    kFirstKey,
    kKey,
    kKeyColon,
    kCellEnd,
    kColumnEnd,
    kNothing
  };

  // Take a token and go past it; false: the window's end cuts it, or error_ says what is wrong with it.
  bool take(JsonScanner& scanner, std::size_t& at);
  bool take_name(JsonScanner& scanner, std::size_t& at);
  bool take_column(char bracket, std::size_t& at);
  bool take_key(JsonScanner& scanner, std::size_t& at);
  bool take_cell(JsonScanner& scanner, std::size_t& at);
  // The first escape in it that is half of a surrogate pair goes to `half`.
  bool take_text(JsonScanner& scanner, std::size_t& at, std::string_view& text, std::string& half);
  bool take_bracket(char c, char needed, Expect next, const char* finding, std::size_t& at);

  void add_cell(CellLog::Kind kind, std::string_view text);
  // In the first cells of columns that are not needed.
  [[nodiscard]] bool looks_for_item() const { return columns_.back().cells < kLookedAt && !columns_.back().wanted; }
  [[nodiscard]] std::optional<std::string> pandas_orient() const;
  bool fail(const std::string& finding);
  // The columns do not fit together; but perhaps they need not.
  bool fail_as_columns(const std::string& finding);
  [[nodiscard]] Error refuse(ErrorCode code, const std::string& finding) const;

  static constexpr std::uint64_t kLookedAt = 20;

  std::string file_;
  const ReadingOptions& options_;  // for messages
  Wanted wanted_;
  std::uint64_t most_cells_;
  Expect expect_ = Expect::kObject;
  std::vector<JsonColumn> columns_;
  std::set<std::string> names_;
  bool in_column_ = false;
  CellLog index_;             // of the first wanted column with one
  std::size_t index_of_ = 0;  // 1 + that column's position; 0: none yet
  std::string first_key_;
  std::string decoded_;  // the text at hand, if it had escapes
  std::vector<JsonNested> nested_;
  ItemPlace item_;      // as if each row were an object
  std::string misfit_;  // why the column at hand does not fit the first one; told once its first cell has been seen
  std::uint64_t line_ = 1;
  std::optional<Error> error_;
};

}  // namespace causal_sessions
