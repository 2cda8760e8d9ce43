// Parquet reader: ranges of a file's bytes -> events. Only the columns that are needed are read.
//
// The reader says which bytes it wants next: the footer, then, row group by row group, pieces of the columns' pages.
// The columns of a group advance together, some thousand rows at a time.
//
// Needs:   wanted(), then room() filled and supply(), until nothing is wanted.
// Errors:  those of the metadata, the columns and the event builder; kMissingColumn, kAmbiguousColumn; kUnknownFormat for
//          columns that cannot be what they are needed as, with the reason.
// Memory:  a piece, a page and a dictionary a column, and the footer.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "ingest/event_builder.h"
#include "ingest/parquet/column_reader.h"
#include "ingest/parquet/metadata.h"
#include "ingest/ranged_reader.h"
#include "ingest/schema.h"
#include "plan/plan.h"

namespace causal_sessions::parquet {

// The footer at the end of a file, by ranges.
class FooterReader {
 public:
  FooterReader(std::string file, std::uint64_t size);

  [[nodiscard]] std::optional<ByteRange> wanted() const { return wanted_; }
  [[nodiscard]] std::uint8_t* room(std::size_t size);
  [[nodiscard]] Status supply(std::size_t size);

  // Once nothing is wanted any more.
  [[nodiscard]] const Metadata& metadata() const { return metadata_; }
  [[nodiscard]] std::uint64_t offset() const { return offset_; }

 private:
  std::string file_;
  std::uint64_t size_;
  std::uint64_t offset_ = 0;  // of the footer
  std::optional<ByteRange> wanted_;
  std::vector<std::uint8_t> bytes_;
  Metadata metadata_;
};

class ParquetReader final : public RangedReader {
 public:
  ParquetReader(std::string file, std::uint64_t size, const Plan& plan, EventBuilder& builder);

  [[nodiscard]] std::optional<ByteRange> wanted() const override;
  [[nodiscard]] std::span<char> room(std::size_t size) override;
  [[nodiscard]] Status supply(std::size_t size) override;
  [[nodiscard]] const Schema& schema() const override { return schema_; }
  [[nodiscard]] std::uint64_t rows() const override { return rows_; }

 private:
  [[nodiscard]] Status open_columns();
  [[nodiscard]] Status read_rows();
  [[nodiscard]] Status begin_group();
  [[nodiscard]] Result<bool> load_pages();
  [[nodiscard]] Status add_batch();

  std::string file_;
  const Plan& plan_;
  EventBuilder& builder_;
  FooterReader footer_;
  Schema schema_;
  std::vector<ColumnReader> columns_;                       // those needed
  std::array<std::optional<std::size_t>, kRoles> by_role_;  // positions in columns_
  std::optional<std::size_t> waiting_;                      // the column that needs bytes
  std::size_t group_ = 0;                                   // the next one
  std::uint64_t group_rows_ = 0;                            // of the group at hand, not yet read
  std::uint64_t rows_ = 0;
};

// The first rows of every column, as text; a column that cannot be shown has empty cells.
class PreviewReader {
 public:
  PreviewReader(std::string file, std::uint64_t size, std::size_t most_rows);

  [[nodiscard]] std::optional<ByteRange> wanted() const;
  [[nodiscard]] std::span<char> room(std::size_t size);
  [[nodiscard]] Status supply(std::size_t size);

  [[nodiscard]] const Metadata& metadata() const { return footer_.metadata(); }
  [[nodiscard]] const std::vector<std::vector<std::string>>& rows() const { return rows_; }

 private:
  Status next_columns();
  Status show(std::size_t column);

  std::string file_;
  std::size_t most_rows_;
  FooterReader footer_;
  std::size_t column_ = 0;                // the one being read
  std::optional<ColumnReader> reader_;    // of it
  std::size_t shown_ = 0;                 // its rows so far
  std::vector<std::vector<std::string>> rows_;
};

// Whether the column can be the user, the time, ...; else why not.
[[nodiscard]] Status check_role(const std::string& file, const Column& column, Role role);

}  // namespace causal_sessions::parquet
