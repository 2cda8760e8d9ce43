// An Arrow IPC file's footer and blocks, by ranges -> the messages of a BatchReader.
//
// "ARROW1" and two bytes; messages; the footer: schema, and the block of each dictionary and record batch; the footer's
// length; "ARROW1". What stands between the blocks is not looked at: some writers put the schema there too, others do not.
// Behind the last block there is a mark of at most eight bytes. Where there is more, the file may be two, one behind the
// other, of which the footer knows the last alone and places it where the first one stands; that is looked for.
//
// Needs:   wanted(), then room() filled and supply(), until nothing is wanted.
// Errors:  kBadSyntax for a footer that is damaged or points outside of the file, or at more bytes than there are;
//          those of the messages.
// Source:  Apache Arrow's format/File.fbs; "Arrow Columnar Format" 1.5, "IPC File Format".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ingest/arrow/batch_reader.h"
#include "ingest/file_reader.h"
#include "ingest/seam_search.h"

namespace causal_sessions::arrow {

class BlockReader {
 public:
  // `batches` is given the schema, then dictionaries, then record batches, until it stops before a block is whole.
  // Of the blocks at most so many bytes are wanted; exhausted() tells whether that ended it.
  BlockReader(std::string file, std::uint64_t size, BatchReader& batches, std::uint64_t most_bytes = UINT64_MAX);

  [[nodiscard]] std::optional<ByteRange> wanted() const { return wanted_; }
  [[nodiscard]] std::span<char> room(std::size_t size);
  [[nodiscard]] Status supply(std::size_t size);
  // Nothing more is needed.
  void end() { wanted_.reset(); }
  [[nodiscard]] bool exhausted() const { return exhausted_; }

 private:
  [[nodiscard]] Status read_footer();
  [[nodiscard]] Status begin();
  [[nodiscard]] Status next_range();
  [[nodiscard]] Error refuse(const std::string& why) const;

  std::string file_;
  std::uint64_t size_;
  BatchReader& batches_;
  std::uint64_t bytes_left_;
  std::optional<ByteRange> wanted_;
  std::vector<char> bytes_;
  bool has_footer_ = false, exhausted_ = false;
  std::optional<SeamSearch> seam_;   // while it goes on
  std::vector<Field> fields_;        // of the footer, until the batches have them
  std::vector<Block> blocks_;  // the dictionaries', then those of record batches
  std::size_t block_ = 0;      // the one being read
  std::uint64_t passed_ = 0;   // its bytes so far
};

}  // namespace causal_sessions::arrow
