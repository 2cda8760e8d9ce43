// Event reader: the bytes of one or more files, in pieces of any size -> events.
//
// The format, and gzip or zstd around it, is told from the first bytes, never from the name. Bytes are written straight
// into the reader's own buffer (window(), then commit()), so a file is copied once and never held whole.
//
// A Parquet or Arrow file of known size is read by ranges: once wanted() names one, the rest of the file is not shown in
// order; the wanted bytes are. Of unknown size, or compressed as a whole, it is gathered first.
//
// Needs:   begin_file, then window/commit as often as there are bytes, end_file; again for each file; then finish.
//          Between commit and end_file: while wanted() names a range, window/commit with that range's bytes.
// Errors:  those of the readers, the decompressor and the event builder, and kEmptyInput, kUnknownFormat, kBadEncoding.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "formats/decompressor.h"
#include "ingest/build/event_builder.h"
#include "ingest/event_table.h"
#include "ingest/file_summary.h"
#include "ingest/json/json_nested.h"
#include "ingest/ranged_reader.h"
#include "ingest/text_reader.h"
#include "ingest/reading_options.h"

namespace causal_sessions {

class EventReader {
 public:
  explicit EventReader(const ReadingOptions& options);

  // `size`: the file's, where any range of it can be read.
  void begin_file(std::string name, std::optional<std::uint64_t> size = std::nullopt);
  // Room for the next bytes of the file, at least `size` of them.
  [[nodiscard]] std::span<char> window(std::size_t size);
  // So many bytes have been put there.
  [[nodiscard]] Status commit(std::size_t size);
  // The range that has to come next; window() and commit() then mean its bytes, from its beginning.
  [[nodiscard]] std::optional<ByteRange> wanted() const;

  // Chunks of the file may be read elsewhere (chunk_reader.h) while this reader reads, or takes, those before them. What a
  // chunk reader needs to know; nothing unless the file is plain CSV or JSON lines, and some of it has been read. Bytes
  // that are not taken yet are dropped: window() and commit() go on at position().
  [[nodiscard]] std::optional<std::vector<char>> chunk_task();
  // Bytes of the file that have been committed or absorbed.
  [[nodiscard]] std::uint64_t position() const { return files_.back().bytes; }
  // Takes what chunk reader number `reader` made of the chunk whose window began at `offset`. False if that is nothing
  // or does not fit: then the chunk's bytes are to come here, and that reader has to begin anew.
  [[nodiscard]] bool absorb(std::size_t reader, std::uint64_t offset, std::span<const char> chunk);

  [[nodiscard]] Status end_file();
  [[nodiscard]] Result<EventTable> finish();

  [[nodiscard]] const std::vector<FileSummary>& files() const { return files_; }
  // Files without a row: they have no bytes, blank ones alone, or a header and nothing behind it, as parts of a set have
  // that several writers made. Among other files they do no harm; where there are no others finish() refuses the first.
  struct EmptyFiles {
    std::uint64_t count = 0;
    std::string first;  // its name
  };
  [[nodiscard]] const EmptyFiles& empty_files() const { return empty_files_; }
  [[nodiscard]] const EventBuilder& builder() const { return builder_; }

 private:
  [[nodiscard]] std::span<char> room(std::size_t size);
  [[nodiscard]] Status look_at_compression();
  [[nodiscard]] Status unpack(std::span<const char> packed);
  [[nodiscard]] Status refuse_rest(const Error& error);
  [[nodiscard]] Status consume(bool last);
  [[nodiscard]] Status open(bool last);
  [[nodiscard]] Status begin_ranges();
  [[nodiscard]] std::unique_ptr<RangedReader> make_ranged_reader(std::uint64_t size);
  [[nodiscard]] Status read_gathered();
  [[nodiscard]] Status read_to_end();

  const ReadingOptions& options_;
  EventBuilder builder_;
  std::unique_ptr<TextReader> reader_;  // of the file at hand, once its format is known
  std::vector<JsonNested> nested_;      // what a message about a missing column tells of
  std::unique_ptr<RangedReader> ranged_;
  bool gathering_ = false;              // a file that is read by ranges, which cannot be had
  std::optional<std::uint64_t> size_;   // of the file at hand
  std::vector<FileSummary> files_;
  EmptyFiles empty_files_;
  std::optional<Error> empty_error_;    // of the first of them
  std::vector<ChunkIds> chunk_ids_;       // by chunk reader
  bool compression_known_ = false;
  std::unique_ptr<Decompressor> decompressor_;  // of a compressed file
  std::vector<char> packed_;                    // its bytes on their way there
  std::vector<char> buffer_;   // bytes not yet taken, at [begin_, end_), and slack
  std::size_t begin_ = 0, end_ = 0;
  std::size_t try_at_ = 0;     // do not look again before so many bytes are there
};

// Whether a file that begins with these bytes is read by ranges.
[[nodiscard]] bool needs_ranges(std::span<const char> start);

// What a preview shows of a file's first bytes, as JSON: format, separator, columns, which one is what, and the first
// rows; or the problem that a run would meet. `last`: the bytes are the whole file. With the file's size, also an estimate
// of what a run needs.
[[nodiscard]] std::string inspect_json(const std::string& name, std::span<const char> bytes, bool last, const ReadingOptions& options,
                                       std::size_t most_rows, std::optional<std::uint64_t> file_size = std::nullopt);

}  // namespace causal_sessions
