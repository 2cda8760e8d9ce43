// An Arrow IPC stream, from front to back -> a table sink.
//
// Before Arrow 0.15 a message began with its length, which some libraries still write when they are asked to.
// Source:  "Arrow Columnar Format" 1.5, "IPC Streaming Format".
#pragma once

#include <string>
#include <string_view>

#include "ingest/arrow/batch_reader.h"
#include "ingest/file_reader.h"
#include "ingest/sniffed.h"

namespace causal_sessions::arrow {

// Whether a file begins with the schema of such an old stream; and whether one that begins with these bytes, eight or more, may.
[[nodiscard]] bool begins_old_stream(std::string_view start);
[[nodiscard]] bool may_begin_old_stream(std::string_view start);

class StreamReader final : public TextReader {
 public:
  StreamReader(std::string file, TableSink& sink) : batches_(std::move(file), sink) {}

  [[nodiscard]] Result<std::size_t> consume(std::span<const char> window, bool last) override;
  [[nodiscard]] Error unfinished_record() const override { return batches_.refuse("a message does not end"); }
  [[nodiscard]] std::uint64_t rows() const override { return batches_.rows(); }
  [[nodiscard]] bool lacks_end_mark() const override { return !batches_.ended(); }
  [[nodiscard]] std::uint64_t part_end() const override { return batches_.stopped() ? 0 : batches_.part_end(); }

 private:
  BatchReader batches_;
};

[[nodiscard]] Result<Sniffed> sniff_stream(const FileStart& start);

}  // namespace causal_sessions::arrow
