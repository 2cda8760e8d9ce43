// An Arrow IPC file, by ranges -> a table sink: the footer, which has the schema and says where the messages stand, then the
// dictionaries, then the record batches; bytes of columns that are not wanted are left out.
//
// "ARROW1" and two bytes; messages; the footer: schema, and the block of each dictionary and record batch; the footer's
// length; "ARROW1". What stands between the blocks is not looked at: some writers put the schema there too, others do not.
//
// Errors:  kBadSyntax for a footer that is damaged or points outside of the file, or at more bytes than there are;
//          those of the messages.
// Source:  Apache Arrow's format/File.fbs; "Arrow Columnar Format" 1.5, "IPC File Format".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ingest/arrow/batch_reader.h"
#include "ingest/file_end.h"
#include "ingest/file_reader.h"

namespace causal_sessions::arrow {

class FileReader final : public RangedReader {
 public:
  FileReader(std::string file, std::uint64_t size, TableSink& sink, Extent extent = Extent::kAll);

  [[nodiscard]] std::optional<ByteRange> wanted() const override {
    return failed_ ? std::nullopt : end_.wanted() ? end_.wanted() : wanted_;
  }
  [[nodiscard]] std::span<char> room(std::size_t size) override;
  [[nodiscard]] Status supply(std::size_t size) override;
  [[nodiscard]] std::uint64_t rows() const override { return batches_.rows(); }
  [[nodiscard]] bool exhausted() const override { return exhausted_; }

 private:
  [[nodiscard]] Status take(std::size_t size);
  [[nodiscard]] Status read_footer();
  [[nodiscard]] Status begin_batches();
  [[nodiscard]] Status next_range();

  std::string file_;
  FileEnd end_;
  BatchReader batches_;
  std::uint64_t bytes_left_;  // of the blocks, that may be wanted
  std::optional<ByteRange> wanted_;
  std::vector<char> bytes_;
  bool failed_ = false, exhausted_ = false;
  std::vector<Field> fields_;  // of the footer, until the batches have them
  std::vector<Block> blocks_;  // the dictionaries', then those of record batches
  std::size_t block_ = 0;      // the one being read
  std::uint64_t passed_ = 0;   // its bytes so far
};

}  // namespace causal_sessions::arrow
