// Preview table: where a file's reader puts what a preview shows: the names and types of the columns, which one is what, and
// the first rows as text; a column that cannot be shown has empty cells. What a run would refuse is the problem; damage to a
// column that a run would not look at is none.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ingest/inspection/preview.h"
#include "ingest/reading_options.h"
#include "ingest/table_sink.h"

namespace causal_sessions {

class PreviewTable final : public TableSink {
 public:
  // kIds: rows of two cells, the user and the item, which the schema then places.
  enum class Shown : std::uint8_t { kAll, kIds };

  // Both have to outlive it.
  PreviewTable(Preview& preview, const ReadingOptions& options, std::uint64_t most_rows, Shown shown = Shown::kAll)
      : preview_(preview), options_(options), most_rows_(most_rows), shown_(shown) {}

  [[nodiscard]] Result<std::vector<WantedColumn>> choose(const std::string& file, TableColumns columns) override;
  [[nodiscard]] bool may_choose(const std::string&, std::size_t) const override { return true; }
  [[nodiscard]] bool may_change(std::string_view) const override { return false; }
  [[nodiscard]] std::uint64_t most_rows() const override { return most_rows_; }
  [[nodiscard]] bool shows() const override { return true; }

  [[nodiscard]] Status add(const RowBatch& batch) override;
  [[nodiscard]] Status add(const ColumnBatch& batch) override;
  void add_bad_row(IssueReason, std::uint64_t, std::optional<std::uint64_t>, std::string, std::string_view) override {}
  void show_row(std::span<const std::string_view> cells) override;
  void expect_rows(std::uint64_t rows) override;

 private:
  void choose_ids();

  Preview& preview_;
  const ReadingOptions& options_;
  std::uint64_t most_rows_;
  Shown shown_;
  std::vector<WantedColumn> wanted_;
  std::vector<std::size_t> place_;  // of each of them in a row
  std::size_t width_ = 0;           // of a row
};

}  // namespace causal_sessions
