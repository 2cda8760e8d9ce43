// Derived columns: between a file's reader and its sink, columns that the plan, or the file's path, makes of others.
//
//   a path into nested values   of the reader's columns, as JSON or as text that holds it; a list makes a row of each element
//   input.rows                  where the rows are nested, the keys in them are the columns, beside those around them
//   several                     the first that has a value; of the time its parts, in their order, a blank between them
//   a constant                  of the plan, of input.files, or of a folder: event_type=click/part-0.parquet; of a folder where
//                               a column of that name has no value
//
// The sink is told them as columns behind the reader's own, so that it need not know; the reader brings what they are made of.
// Row numbers and lines are those of the reader's rows, but that rows of input.rows are counted themselves. An empty list leaves
// one row without its elements, of input.rows none.
//
// Errors:  kBadPlan for lists in two different places; those of the sink. A value that is not there is a missing one; JSON that
//          is damaged is a row issue.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/columns/nested_value.h"
#include "ingest/file_summary.h"
#include "ingest/reading_options.h"
#include "ingest/table_sink.h"

namespace causal_sessions {

class DerivedColumns final : public TableSink {
 public:
  // All have to outlive it. `file`: its name, or path.
  DerivedColumns(const ReadingOptions& options, std::string file, TableSink& sink);
  // Whether there is anything to do.
  [[nodiscard]] static bool needed(const ReadingOptions& options, const std::string& file);

  [[nodiscard]] Result<std::vector<WantedColumn>> choose(const std::string& file, TableColumns columns) override;
  [[nodiscard]] bool may_choose(const std::string& name, std::size_t position) const override;
  [[nodiscard]] bool may_change(std::string_view name) const override { return sink_.may_change(name); }
  [[nodiscard]] std::uint64_t most_rows() const override { return sink_.most_rows(); }
  [[nodiscard]] bool shows() const override { return sink_.shows(); }

  [[nodiscard]] Status add(const RowBatch& batch) override;
  [[nodiscard]] Status add(const ColumnBatch& batch) override;
  void add_bad_row(IssueReason reason, std::uint64_t row, std::optional<std::uint64_t> line, std::string column,
                   std::string_view text) override {
    told_by_reader_ = true;
    sink_.add_bad_row(reason, row, line, std::move(column), text);
  }
  void show_row(std::span<const std::string_view> cells) override { sink_.show_row(cells); }
  void expect_rows(std::uint64_t rows) override {
    if (lists_.empty()) sink_.expect_rows(rows);
  }
  void note_quoted_rows(std::uint64_t row, std::uint64_t line) override { sink_.note_quoted_rows(row, line); }

  // Of a file that is read in chunks, where the rows are nested: their keys, which its beginning alone tells, and how many rows
  // have come. A chunk counts its own from 1, unless the number of a row of the reader's has been told in it.
  [[nodiscard]] bool makes_rows() const { return rows_base_.has_value(); }
  [[nodiscard]] const std::vector<std::string>& rows_keys() const { return rows_keys_; }
  [[nodiscard]] std::uint64_t elements() const { return elements_; }
  [[nodiscard]] bool told_by_reader() const { return told_by_reader_; }
  void pass(std::uint64_t elements) { elements_ += elements; }
  void know_rows_keys(std::vector<std::string> keys) { rows_keys_ = std::move(keys); }
  void begin_chunk() {
    elements_ = 0;
    told_by_reader_ = false;
  }

  // What the file says of itself in two places.
  [[nodiscard]] const TwoPlaces& found() const { return found_; }
  // Whether a column of the file is compared with its folder.
  [[nodiscard]] bool compares() const {
    return std::any_of(sources_.begin(), sources_.end(), [](const Source& one) { return one.kind == Source::Kind::kFolder; });
  }

 private:
  // A column behind the reader's own.
  struct Derived {
    enum class Kind : std::uint8_t { kPath, kConstant, kFirst, kJoined };
    Kind kind;
    std::string name;
    std::size_t base = 0;   // kPath: the reader's column
    Path path = {};         // below it
    std::string text = {};  // kConstant
    std::vector<std::size_t> parts = {};
  };
  // What a column of the sink is made of: a column of the reader, by its place among those it brings, a value in one, a text, or
  // other sources.
  struct Source {
    enum class Kind : std::uint8_t { kColumn, kValue, kConstant, kFirst, kJoined, kFolder };
    Kind kind;
    std::size_t at = 0;     // kColumn: of wanted_; kValue: of values_
    std::string text = {};  // of kFolder: where parts[0] has nothing
    std::vector<Source> parts = {};
  };
  // A value that is looked for, from the column's or, behind a list, from the element's on.
  struct Value {
    std::size_t list;  // 0: of none; else behind lists_[list - 1]
    bool id;
    std::string name;  // for messages
  };
  // Those of one column, or of the elements of one list: their paths, and which values these are.
  struct Walk {
    std::size_t column;  // of wanted_
    std::size_t list;    // as above
    PathTree paths;
    std::vector<std::size_t> values;  // by path
  };
  // Lists on the way, each inside of an element of the one before.
  struct List {
    std::size_t column;
    Path path;  // without its last step
    PathStep::Kind kind;
    PathTree way;  // the path
  };
  // A column that the file's folder tells too.
  struct Folder {
    std::size_t column;
    std::string value;
  };
  [[nodiscard]] Status derive_rows(const TableColumns& columns);
  void derive_folders();
  [[nodiscard]] Status check_type_of_file();
  void look_outside_of_rows(std::span<const WantedColumn> chosen);
  [[nodiscard]] std::optional<std::size_t> derive_role(std::size_t role);
  void derive_known();
  [[nodiscard]] std::optional<std::size_t> derive_several(const ColumnName& wanted, bool joined);
  [[nodiscard]] std::optional<std::size_t> derive_name(const std::string& name);
  [[nodiscard]] std::optional<std::size_t> derive_path(const std::string& text);
  [[nodiscard]] std::size_t derive(Derived derived);
  [[nodiscard]] std::optional<std::size_t> find_name(std::string_view name) const;

  [[nodiscard]] std::size_t want(std::size_t position, ReadAs as, bool needed);
  [[nodiscard]] Result<Source> source_of(std::size_t position, const WantedColumn& column);
  [[nodiscard]] Result<Source> path_source(const Derived& derived, const WantedColumn& column);

  template <class Emit>
  [[nodiscard]] Status unfold(std::uint64_t row, std::optional<std::uint64_t> line, Emit emit);
  template <class Emit>
  [[nodiscard]] Status unfold_list(std::size_t list, const JsonValue& from, Emit& emit);
  void find_values(std::size_t list, const JsonValue* element);
  void watch_keys();
  [[nodiscard]] Status take_late_keys();
  void clear_values(std::size_t list);
  [[nodiscard]] const Value* find_issue() const;
  [[nodiscard]] std::string_view text_of(const Source& source);
  [[nodiscard]] std::string_view value_of(const Source& source);
  [[nodiscard]] Status flush();
  [[nodiscard]] Status add_unneeded(const ColumnBatch& batch);

  const ReadingOptions& options_;
  std::string file_;
  TableSink& sink_;

  // Of the file.
  TimeUnit unit_;                            // of its times
  std::optional<std::string> type_of_file_;  // by input.files
  TwoPlaces found_;
  std::vector<Folder> folders_;
  std::size_t own_ = 0;                   // columns of the reader
  std::optional<std::size_t> rows_base_;  // the one that the rows are in
  Path rows_path_;                        // below it
  std::vector<std::string> rows_keys_;    // at its end
  std::optional<KeyWatch> watch_;         // of these, where others may turn up
  std::vector<std::string> own_names_;    // the reader's
  std::vector<std::string> names_;        // its and the derived ones
  std::vector<Derived> derived_;
  bool slack_ = false;  // behind the cells at hand
  std::function<std::optional<Error>(std::size_t column, const Path& path)> refuse_path_;
  std::vector<WantedColumn> wanted_;  // of the reader
  std::vector<Source> sources_;       // by column that the sink chose
  std::vector<std::string> chosen_;   // the names of the columns
  std::size_t needed_ = 0;            // so many of them are needed
  std::vector<Value> values_;
  std::vector<Walk> walks_;
  std::vector<List> lists_;

  // Of the row at hand.
  NestedValues nested_values_;
  std::vector<std::string_view> columns_;  // by column of wanted_
  std::vector<JsonValue> roots_;           // as JSON
  std::vector<JsonCell> cells_;            // by value
  std::optional<RowBatch> out_;
  std::uint64_t row_ = 0;       // its number: the reader's, or that of the element where the plan says where the rows are
  std::uint64_t elements_ = 0;  // of such rows, so far
  std::uint64_t emitted_ = 0;
  bool plain_rows_ = false;  // a plain value was where they are
  bool listed_ = false;      // a list was on the way to a list, where an object is needed
  bool told_by_reader_ = false;
};

// What the reader of a file fills: the sink, or before it the columns that are derived for it.
class FileSink {
 public:
  FileSink(const ReadingOptions& options, const std::string& file, TableSink& sink) : sink_(sink) {
    if (DerivedColumns::needed(options, file)) derived_.emplace(options, file, sink);
  }
  [[nodiscard]] TableSink& get() { return derived_ ? *derived_ : sink_; }
  [[nodiscard]] const DerivedColumns* derived() const { return derived_ ? &*derived_ : nullptr; }
  [[nodiscard]] DerivedColumns* derived() { return derived_ ? &*derived_ : nullptr; }

 private:
  std::optional<DerivedColumns> derived_;
  TableSink& sink_;
};

}  // namespace causal_sessions
