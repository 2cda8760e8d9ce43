// Where a file's reader puts its table: into events, for a run (build/event_builder.h), or into text, for a preview
// (inspection/preview_table.h). The reader tells the columns, the sink chooses those it wants, and batches bring their
// values in the order of that choice.
//
// Needs:   choose(), once the columns are known and again when another one turns up; then rows, in the file's order, but that
//          a reader of columns may bring those that are not `needed` one after another, each from the first row on.
// Errors:  of choose() and add(): what ends the reading.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "ingest/build/column_batch.h"
#include "ingest/build/row_batch.h"
#include "ingest/build/row_issues.h"
#include "ingest/columns/path.h"
#include "ingest/exports.h"
#include "ingest/schema.h"

namespace causal_sessions {

// kId: text; a number's as a whole one, where it is whole. kTime: a number or a time keeps its type. kShown: text as people
// see it, of any value that has one. kNested: text; of a nested value its JSON, where the columns are `nested`.
enum class ReadAs : std::uint8_t { kId, kTime, kShown, kNested };

struct WantedColumn {
  std::size_t position = 0;  // among the file's columns
  ReadAs as = ReadAs::kId;
  bool needed = true;            // else damage to it does no harm: its cells are left out
  std::vector<Path> paths = {};  // kNested: below the column, those that are asked for; others may be left out
};

struct TableColumns {
  std::vector<std::string> names;
  Columns known = Columns::kComplete;
  // Of formats whose columns have types: these, why a column cannot be the user, the time, ..., and whether it has a text.
  std::vector<std::string> types = {};
  std::function<std::optional<Error>(std::size_t column, Role role)> refuse = {};
  std::function<bool(std::size_t column)> has_text = {};
  // Of those whose columns may be nested by their type: why a path cannot go into a column, if it cannot.
  std::function<std::optional<Error>(std::size_t column, const Path& path)> refuse_path = {};
  // Of formats whose values may be nested: they can be read as kNested, with kWindowSlack readable bytes behind each that comes
  // in rows; and the keys of the objects at the end of a path below a column, in the order of their first appearance, as far as
  // they are known.
  bool nested = false;
  std::function<std::vector<std::string>(std::size_t column, std::span<const PathStep> steps)> below = {};
  // Further places of plain values, as a plan names them: "properties.product_id", "items[0].item_id".
  std::vector<std::string> paths = {};
  // Columns that are the user, the time, ... whatever they are named.
  ChosenColumns chosen = {};
  // The export that a file without column names seems to be; null: none that is known, or the columns have names.
  const KnownExport* unnamed = nullptr;

  // Names and paths.
  [[nodiscard]] std::vector<std::string> places() const;
  // What the file seems to be.
  [[nodiscard]] const KnownExport* looks_like(const ReadingOptions& options) const;
};

// find_columns() of them; refusals also say which known export the file seems to be.
[[nodiscard]] Result<Schema> find_columns(const std::string& file, const TableColumns& columns, const ReadingOptions& options);

class TableSink {
 public:
  virtual ~TableSink() = default;

  // Those that are needed come first.
  [[nodiscard]] virtual Result<std::vector<WantedColumn>> choose(const std::string& file, TableColumns columns) = 0;
  // Whether a column could be chosen, whichever others there are; and whether one that turns up late could change the choice.
  [[nodiscard]] virtual bool may_choose(const std::string& name, std::size_t position) const = 0;
  [[nodiscard]] virtual bool may_change(std::string_view name) const = 0;
  // Rows of a file that are wanted, at most.
  [[nodiscard]] virtual std::uint64_t most_rows() const = 0;
  // Whether rows are shown and not used: then so are those that a run refuses.
  [[nodiscard]] virtual bool shows() const = 0;

  [[nodiscard]] virtual Status add(const RowBatch& batch) = 0;
  [[nodiscard]] virtual Status add(const ColumnBatch& batch) = 0;
  // A row that never made it into a batch: a wrong number of cells, a nested value.
  virtual void add_bad_row(IssueReason reason, std::uint64_t row, std::optional<std::uint64_t> line, std::string column,
                           std::string_view text) = 0;
  // One with a wrong number of cells, all of them, where rows are shown.
  virtual void show_row(std::span<const std::string_view> /*cells*/) {}
  // So many rows are there, whatever becomes of their columns.
  virtual void expect_rows(std::uint64_t /*rows*/) {}
  // A quoted cell holds what looks like whole rows: build/reading_notices.h.
  virtual void note_quoted_rows(std::uint64_t /*row*/, std::uint64_t /*line*/) {}
};

}  // namespace causal_sessions
