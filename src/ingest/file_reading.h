// The bytes of one file, in pieces of any size -> a table sink, whatever format and compression it turns out to have.
//
// Compression is told first and taken off; then text in another encoding than UTF-8, which the plan names, becomes UTF-8; then
// the format is told, from the bytes inside. A text or a stream is shown to its reader
// window by window. A format with an index is read by ranges: of a file of known size the wanted ranges have to come instead
// of the rest; of any other, and inside of compressed data, all bytes are gathered before.
//
// Needs:   window, then commit, as often as there are bytes, and end(). While wanted() names a range, they mean its bytes.
// Errors:  those of the readers, the decompressor and the sink, and kEmptyInput, kUnknownFormat, kBadEncoding.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/result.h"
#include "core/utf8.h"
#include "formats/decompressor.h"
#include "formats/transcoder.h"
#include "ingest/columns/derived_columns.h"
#include "ingest/file_reader.h"
#include "ingest/file_summary.h"
#include "ingest/formats.h"
#include "ingest/reading_options.h"
#include "ingest/table_sink.h"

namespace causal_sessions {

class ItemSearch;

class FileReading {
 public:
  // `file` has its name, and is given what is found out. `size`: the file's, where any range of it can be read. `buffer`:
  // what an earlier file left, so that its room is used again.
  // `search`: looks for the item in typed columns, if it is looked for.
  FileReading(FileSummary& file, std::optional<std::uint64_t> size, const ReadingOptions& options, TableSink& sink,
              std::vector<char> buffer = {}, ItemSearch* search = nullptr);

  // Room for the next bytes of the file, or of the range, at least `size` of them.
  [[nodiscard]] std::span<char> window(std::size_t size);
  // So many bytes have been put there.
  [[nodiscard]] Status commit(std::size_t size);
  [[nodiscard]] std::optional<ByteRange> wanted() const {
    const RangedReader* const reader = ranged_now();
    return reader != nullptr ? reader->wanted() : std::nullopt;
  }
  [[nodiscard]] Status end();

  // The reader of a plain text that could go on elsewhere; null if it is none.
  [[nodiscard]] TextReader* text_reader() const { return decompressor_ || transcoder_ ? nullptr : text_.get(); }
  // The reader of a file whose groups of rows could be read elsewhere; null if it is none.
  [[nodiscard]] RangedReader* groups() const {
    return ranged_ && !searching_ && ranged_->groups() > 1 && sink_.derived() == nullptr ? ranged_.get() : nullptr;
  }
  [[nodiscard]] TableSink& sink() { return sink_.get(); }
  // Bytes that the reader has not taken; these are dropped, as they will come again.
  [[nodiscard]] std::size_t untaken() const { return end_ - begin_; }
  void drop_untaken();
  [[nodiscard]] std::vector<char> take_buffer() { return std::move(buffer_); }
  // It holds files, and nothing has been read of them: its bytes are all that came. See archive.h.
  [[nodiscard]] bool is_archive() const { return archive_; }
  [[nodiscard]] bool compares_with_folder() const { return sink_.derived() != nullptr && sink_.derived()->compares(); }
  // Where the plan says where the rows are, what counts them; else null.
  [[nodiscard]] DerivedColumns* nested_rows() {
    return sink_.derived() != nullptr && sink_.derived()->makes_rows() ? sink_.derived() : nullptr;
  }

 private:
  [[nodiscard]] std::span<char> room(std::size_t size);
  [[nodiscard]] std::span<char> raw_room(std::size_t size);
  [[nodiscard]] std::span<const char> bytes() const { return std::span(buffer_).subspan(begin_, end_ - begin_); }
  [[nodiscard]] Status look_at_compression();
  [[nodiscard]] Status take(std::size_t size);
  [[nodiscard]] Status begin_text(bool last);
  [[nodiscard]] Status transcode(bool last);
  [[nodiscard]] Status unpack(std::span<const char> packed);
  [[nodiscard]] Status refuse_rest(const Error& error);
  [[nodiscard]] Status consume(bool last);
  [[nodiscard]] Status try_to_open(bool last);
  [[nodiscard]] Status open(bool last);
  [[nodiscard]] Status begin_ranges(const InputFormat& format);
  [[nodiscard]] Status read_gathered();
  [[nodiscard]] RangedReader* ranged_now() const { return searching_ ? searching_.get() : ranged_.get(); }
  [[nodiscard]] Status supply(std::size_t size);
  void search_stream(bool last);

  FileSummary& file_;
  std::optional<std::uint64_t> size_;
  const ReadingOptions& options_;
  FileSink sink_;
  bool compression_known_ = false, archive_ = false;
  std::unique_ptr<Decompressor> decompressor_;  // of a compressed file
  std::vector<char> packed_;                    // its bytes on their way there
  bool encoding_known_;
  std::optional<Transcoder> transcoder_;  // of text in another encoding
  std::vector<char> raw_;                 // its bytes on their way there
  std::size_t raw_size_ = 0;
  Utf8Watch watch_;                   // of these
  std::unique_ptr<TextReader> text_;  // once the format is known, one of these
  std::unique_ptr<RangedReader> ranged_;
  const InputFormat* ranged_format_ = nullptr;
  const InputFormat* gathered_ = nullptr;  // of a file whose ranges cannot be had
  std::vector<char> buffer_;               // bytes not yet taken, at [begin_, end_), and slack
  std::size_t begin_ = 0, end_ = 0;
  // Where the item is looked for: readers of the same bytes, into a sink of their own.
  ItemSearch* search_;
  std::unique_ptr<RangedReader> searching_;
  std::unique_ptr<TextReader> stream_search_;
  std::size_t try_at_ = 0;  // do not look again before so many bytes are there
};

// A file without rows.
[[nodiscard]] Error no_rows(const std::string& name);

}  // namespace causal_sessions
