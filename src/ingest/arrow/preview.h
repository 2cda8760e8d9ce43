// What a preview shows of an Arrow file, read by ranges, or of the first bytes of an Arrow stream.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ingest/arrow/batch_reader.h"
#include "ingest/arrow/file.h"
#include "ingest/inspection/inspection.h"
#include "ingest/reading_options.h"

namespace causal_sessions::arrow {

// The first rows of every column, as text; a column that cannot be shown has empty cells. What a run would refuse is the
// problem; damage to a column that a run would not look at is none.
class PreviewBatches final : public BatchReader {
 public:
  PreviewBatches(std::string file, const ReadingOptions& options, std::size_t most_rows);

  // What has been found, and the first column that cannot be what it is needed as.
  [[nodiscard]] const Preview& preview() const { return preview_; }
  [[nodiscard]] bool full() const { return preview_.rows.size() == most_rows_; }

 private:
  [[nodiscard]] Result<std::vector<std::size_t>> choose(const std::vector<Field>& fields) override;
  [[nodiscard]] Status add(const std::vector<Column>& columns, std::uint64_t length) override;
  [[nodiscard]] bool needs(std::size_t column) const override;

  const ReadingOptions& options_;
  std::size_t most_rows_;
  std::vector<std::size_t> shown_;  // the positions of the columns that are
  Preview preview_;
  Slice slice_;
};

class Inspection final : public RangedInspection {
 public:
  Inspection(const std::string& name, std::uint64_t size, ReadingOptions options, std::size_t most_rows);

  [[nodiscard]] std::optional<ByteRange> wanted() const override { return blocks_.wanted(); }
  [[nodiscard]] std::span<char> room(std::size_t size) override { return blocks_.room(size); }
  void supply(std::size_t size) override;
  [[nodiscard]] Preview preview() const override;

 private:
  ReadingOptions options_;
  PreviewBatches batches_;
  BlockReader blocks_;
  std::optional<Error> problem_;
};

// `last`: the bytes are the whole stream.
[[nodiscard]] Preview inspect_stream(const std::string& name, std::span<const char> bytes, bool last, const ReadingOptions& options,
                                     std::size_t most_rows);

}  // namespace causal_sessions::arrow
