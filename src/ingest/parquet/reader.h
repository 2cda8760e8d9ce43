// Parquet reader: ranges of a file's bytes -> a table sink. Only the columns that are wanted are read.
//
// The reader says which bytes it wants next: the footer, then, row group by row group, pieces of the columns' pages.
// The columns that are needed advance together, some thousand rows at a time; each other one, which a preview wants, is read
// behind them and by itself, so that damage to it leaves its cells alone out.
//
// Needs:   wanted(), then room() filled and supply(), until nothing is wanted.
// Errors:  those of the metadata, the needed columns and the sink; kUnknownFormat for columns that cannot be what they are
//          needed as, with the reason.
// Memory:  a piece, a page and a dictionary a column, and the footer.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"
#include "ingest/file_end.h"
#include "ingest/file_reader.h"
#include "ingest/parquet/column_reader.h"
#include "ingest/parquet/metadata.h"
#include "ingest/parquet/nested_reader.h"
#include "ingest/table_sink.h"

namespace causal_sessions::parquet {

// Columns of a row group, which advance together, a batch at a time.
class GroupReader {
 public:
  void add(ColumnReader column) {
    order_.push_back({false, columns_.size()});
    columns_.push_back(std::move(column));
  }
  void add(std::unique_ptr<NestedReader> column) {
    order_.push_back({true, nested_.size()});
    nested_.push_back(std::move(column));
  }
  // The rows that were read of each column, in their order.
  void put_columns(ColumnBatch& batch);

  [[nodiscard]] Status begin(const RowGroup& group, std::uint64_t file_end);
  [[nodiscard]] std::uint64_t rows_left() const { return rows_; }
  // The next rows, at least one where there are any; none: bytes are wanted first.
  [[nodiscard]] Result<std::size_t> read();

  [[nodiscard]] std::optional<ByteRange> wanted() const;
  // Needs wanted().
  [[nodiscard]] std::uint8_t* room(std::size_t size) { return waiting_->room(size); }
  void filled(std::size_t size) { waiting_->filled(size); }

 private:
  struct Place {
    bool nested;
    std::size_t at;
  };
  std::vector<ColumnReader> columns_;
  std::vector<std::unique_ptr<NestedReader>> nested_;
  std::vector<Place> order_;
  std::uint64_t rows_ = 0;           // of the group, not yet read
  ColumnReader* waiting_ = nullptr;  // the column that needs bytes
};

class Reader final : public RangedReader {
 public:
  Reader(std::string file, std::uint64_t size, TableSink& sink, Extent extent = Extent::kAll);

  [[nodiscard]] std::optional<ByteRange> wanted() const override;
  [[nodiscard]] std::span<char> room(std::size_t size) override;
  [[nodiscard]] Status supply(std::size_t size) override;
  [[nodiscard]] std::uint64_t rows() const override { return rows_; }
  [[nodiscard]] std::optional<std::uint64_t> stated_rows() const override { return metadata_->rows; }

  [[nodiscard]] std::size_t groups() const override;
  [[nodiscard]] std::unique_ptr<RangedReader> read_group(std::size_t group, TableSink& sink, Told told) const override;
  [[nodiscard]] Status begin() override;
  void pass_group(std::uint64_t rows) override;

 private:
  Reader(const Reader& of, std::size_t group, TableSink& sink, Told told);

  [[nodiscard]] Status read_footer();
  [[nodiscard]] Status choose_columns();
  [[nodiscard]] Status read_columns();
  [[nodiscard]] Status read_rows();
  [[nodiscard]] bool begin_group(Status& status);
  [[nodiscard]] Status add_batch(std::size_t size);

  std::string file_;
  TableSink& sink_;
  Extent extent_;
  FileEnd end_of_file_;
  std::shared_ptr<const Metadata> metadata_ = std::make_shared<Metadata>();  // shared with who reads a group of it
  bool started_ = false;                                                     // bytes of a group are there
  bool failed_ = false;                                                      // nothing can be read any more
  std::vector<WantedColumn> wanted_;
  std::size_t first_ = 0, end_ = 0;   // those of them that are being read together
  std::optional<GroupReader> group_;  // these
  std::size_t next_group_ = 0;        // of the file, behind the one they are in
  std::uint64_t rows_ = 0;            // of them so far
  // What is read of the file: all groups, or one of them that begins behind so many rows.
  std::size_t first_group_ = 0, end_group_ = 0;
  std::uint64_t first_row_ = 0;
  Told told_ = Told::kYes;
};

}  // namespace causal_sessions::parquet
