// Arrow IPC, stream or file: columns of record batches -> the event builder.
//
// A stream is read from front to back. A file is read by ranges: the footer, which has the schema and says where the
// messages stand, then the dictionaries, then the record batches; bytes of columns that are not needed are left out.
// Errors:  those of the messages and of the footer; kMissingColumn, kAmbiguousColumn; kUnknownFormat for types that an
//          event cannot have.
// Source:  "Arrow Columnar Format" 1.5, "IPC Streaming Format" and "IPC File Format".
#pragma once

#include <array>
#include <string>

#include "ingest/arrow/batch_reader.h"
#include "ingest/arrow/file.h"
#include "ingest/build/event_builder.h"
#include "ingest/ranged_reader.h"
#include "ingest/text_reader.h"
#include "ingest/reading_options.h"

namespace causal_sessions::arrow {

// The batches' rows become events.
class EventBatches final : public BatchReader {
 public:
  // Once there are `most_rows` no more are read.
  EventBatches(std::string file, const ReadingOptions& options, EventBuilder& builder, std::uint64_t most_rows);

  [[nodiscard]] const Schema& schema() const { return schema_; }
  [[nodiscard]] std::uint64_t rows() const { return rows_; }
  [[nodiscard]] bool full() const { return rows_ >= most_rows_; }

 private:
  [[nodiscard]] Result<std::vector<std::size_t>> choose(const std::vector<Field>& fields) override;
  [[nodiscard]] Status add(const std::vector<Column>& columns, std::uint64_t length) override;

  const ReadingOptions& options_;
  EventBuilder& builder_;
  Schema schema_;
  std::array<std::optional<std::size_t>, kRoles> by_role_;  // positions among the chosen columns
  std::array<Slice, kRoles> slices_;
  std::uint64_t rows_ = 0, most_rows_;
};

class StreamReader final : public TextReader {
 public:
  StreamReader(std::string file, const ReadingOptions& options, EventBuilder& builder, std::uint64_t most_rows = UINT64_MAX)
      : batches_(std::move(file), options, builder, most_rows) {}

  [[nodiscard]] Result<std::size_t> consume(std::span<const char> window, bool last) override;
  [[nodiscard]] Error unfinished_record() const override { return batches_.refuse("a message does not end"); }
  [[nodiscard]] const Schema& schema() const override { return batches_.schema(); }
  [[nodiscard]] std::uint64_t rows() const override { return batches_.rows(); }
  [[nodiscard]] bool lacks_end_mark() const override { return !batches_.ended(); }

 private:
  EventBatches batches_;
};

class FileReader final : public RangedReader {
 public:
  FileReader(const std::string& file, std::uint64_t size, const ReadingOptions& options, EventBuilder& builder, std::uint64_t most_rows = UINT64_MAX)
      : batches_(file, options, builder, most_rows), blocks_(file, size, batches_) {}

  [[nodiscard]] std::optional<ByteRange> wanted() const override { return blocks_.wanted(); }
  [[nodiscard]] std::span<char> room(std::size_t size) override { return blocks_.room(size); }
  [[nodiscard]] Status supply(std::size_t size) override;
  [[nodiscard]] const Schema& schema() const override { return batches_.schema(); }
  [[nodiscard]] std::uint64_t rows() const override { return batches_.rows(); }

 private:
  EventBatches batches_;
  BlockReader blocks_;
};

}  // namespace causal_sessions::arrow
