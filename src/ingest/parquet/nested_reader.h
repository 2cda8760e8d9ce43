// A nested column of a row group: its leaves, page by page -> the JSON text of each row.
//
// Of the leaves only those that the plan's paths need are read. Each is read ahead until it has a whole row: one ends where the
// next value begins another, or the chunk ends. Then the rows are put together by the levels of their values, which say how
// much of the way to a value is there, and which of the lists on it goes on.
// Errors:  those of the leaves; kBadSyntax where leaves of one list do not have equally many values; kTooLarge.
// Source:  Melnik et al., "Dremel", VLDB 2010, section 4.3; apache/parquet-format, README.md, "Nested Encoding".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.h"
#include "ingest/columns/nested_field.h"
#include "ingest/parquet/column_reader.h"
#include "ingest/parquet/metadata.h"
#include "ingest/table_sink.h"

namespace causal_sessions::parquet {

class NestedReader {
 public:
  NestedReader(const std::string& file, const NestedColumn& column, const WantedColumn& wanted);

  [[nodiscard]] Status begin(const RowGroup& group, std::uint64_t file_end);
  // Reads on until there is a whole row; returns the leaf that needs bytes first, or nullptr.
  [[nodiscard]] Result<ColumnReader*> load();
  [[nodiscard]] std::uint64_t rows_ready() const;
  // The next rows, at most rows_ready().
  [[nodiscard]] Status read(std::size_t rows);
  // Those, until the next call.
  [[nodiscard]] TextColumn texts() { return {texts_.rows(most_)}; }

 private:
  // A value or that there is none, with its levels; `end`: of its JSON in the leaf's texts.
  struct Entry {
    std::uint32_t definition, repetition;
    std::size_t end;
  };
  struct Leaf {
    ColumnReader reader;
    std::string json = {};  // of the entries, one behind the other
    std::vector<Entry> entries = {};
    std::vector<std::size_t> row_ends = {};  // entries before each row's end, of the whole rows
    std::size_t row = 0, at = 0;             // those that have been used
    std::uint64_t rows_left = 0;             // of the group, not yet whole
    bool open = false;                       // an entry of a row that is not yet whole has come
  };

  [[nodiscard]] Status take(Leaf& leaf);
  void add_leaves(NestedField& field, const std::string& file, const std::vector<Column>& leaves, bool needed);
  void put(const NestedField& field);
  void put_list(const NestedField& field);
  void pass(const NestedField& field);
  [[nodiscard]] const Entry* next(std::size_t leaf) const;
  [[nodiscard]] const Leaf* first_leaf(const NestedField& field) const;
  [[nodiscard]] const Entry* first_entry(const NestedField& field) const;

  NestedField field_;
  std::vector<Leaf> leaves_;  // those that are wanted; a value's `source` is its place here
  std::size_t most_;
  NestedTexts texts_;
  bool damaged_ = false;
};

}  // namespace causal_sessions::parquet
