// Arrow IPC, stream or file: columns of record batches -> a table sink.
//
// A stream is read from front to back. A file is read by ranges: the footer, which has the schema and says where the
// messages stand, then the dictionaries, then the record batches; bytes of columns that are not wanted are left out.
// Errors:  those of the messages, of the footer and of the sink; kUnknownFormat for types that an event cannot have.
// Source:  "Arrow Columnar Format" 1.5, "IPC Streaming Format" and "IPC File Format".
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ingest/arrow/batch_reader.h"
#include "ingest/arrow/file.h"
#include "ingest/file_reader.h"
#include "ingest/sniffed.h"
#include "ingest/table_sink.h"

namespace causal_sessions::arrow {

// The batches' rows go to a sink, until it wants no more.
class TableBatches final : public BatchReader {
 public:
  TableBatches(std::string file, TableSink& sink) : BatchReader(std::move(file)), sink_(sink) {}

  [[nodiscard]] std::uint64_t rows() const { return rows_; }
  [[nodiscard]] bool full() const { return rows_ >= sink_.most_rows(); }

 private:
  [[nodiscard]] Result<std::vector<std::size_t>> choose(const std::vector<Field>& fields) override;
  [[nodiscard]] Status add(const std::vector<Column>& columns, std::uint64_t length) override;
  [[nodiscard]] bool needs(std::size_t column) const override;

  TableSink& sink_;
  std::vector<WantedColumn> wanted_;
  std::vector<std::size_t> place_;  // of each of them among the columns of a batch
  std::vector<Slice> slices_;
  std::uint64_t rows_ = 0;
};

class StreamReader final : public TextReader {
 public:
  StreamReader(std::string file, TableSink& sink) : batches_(std::move(file), sink) {}

  [[nodiscard]] Result<std::size_t> consume(std::span<const char> window, bool last) override;
  [[nodiscard]] Error unfinished_record() const override { return batches_.refuse("a message does not end"); }
  [[nodiscard]] std::uint64_t rows() const override { return batches_.rows(); }
  [[nodiscard]] bool lacks_end_mark() const override { return !batches_.ended(); }
  [[nodiscard]] std::uint64_t part_end() const override { return batches_.stopped() ? 0 : batches_.part_end(); }

 private:
  TableBatches batches_;
};

class FileReader final : public RangedReader {
 public:
  FileReader(const std::string& file, std::uint64_t size, TableSink& sink, Extent extent = Extent::kAll)
      : batches_(file, sink), blocks_(file, size, batches_, extent == Extent::kAll ? UINT64_MAX : buffer_sizes::kMostPreviewBytes) {}

  [[nodiscard]] std::optional<ByteRange> wanted() const override { return blocks_.wanted(); }
  [[nodiscard]] std::span<char> room(std::size_t size) override { return blocks_.room(size); }
  [[nodiscard]] Status supply(std::size_t size) override;
  [[nodiscard]] std::uint64_t rows() const override { return batches_.rows(); }
  [[nodiscard]] bool exhausted() const override { return blocks_.exhausted(); }

 private:
  TableBatches batches_;
  BlockReader blocks_;
};

[[nodiscard]] Result<Sniffed> sniff_stream(const FileStart& start);

}  // namespace causal_sessions::arrow
