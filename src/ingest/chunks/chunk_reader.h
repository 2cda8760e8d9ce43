// Part reader: a stretch of a text file -> events, apart from the reader of the file, so that several can work at once.
//
// A chunk goes from the first line that begins in it to the end of its last line, which the bytes behind it hold. That
// the line begins a record, and is not inside quotes, is only assumed: EventReader::absorb() takes a chunk only if the
// records before it end exactly there. Ids are the reader's own; a chunk brings the texts that are new in it.
//
// Needs:   EventReader::chunk_task(); for each chunk window(), then read().
// Errors:  none are told. Whatever would be one is found again, with its place, by the reader of the file.
// Cost:    as the event builder's, of one chunk; the pools stay.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/buffer_sizes.h"
#include "ingest/build/event_builder.h"
#include "ingest/columns/derived_columns.h"
#include "ingest/csv/csv_reader.h"
#include "ingest/file_reader.h"

namespace causal_sessions {

// Bytes shown behind a chunk for the end of its last line.
using buffer_sizes::kChunkTail;

class ChunkReader {
 public:
  ChunkReader(ReadingOptions options, std::span<const char> task);

  // Room for `size` bytes: the chunk's and those behind it.
  [[nodiscard]] std::span<char> window(std::size_t size);
  // Reads the chunk that lies in the first `size` bytes of the window, `chunk_size` of them its own; no more than `size`:
  // the file ends there. Nothing if it cannot be read apart; the reader then begins anew. `reused`: whose memory the result may
  // take.
  [[nodiscard]] std::vector<char> read(std::size_t size, std::size_t chunk_size, std::vector<char> reused = {});
  // Forgets all texts, as those of a chunk that was not absorbed have no ids elsewhere.
  void begin_anew();

 private:
  [[nodiscard]] std::unique_ptr<TextReader> make_reader();

  ReadingOptions options_;
  std::vector<char> task_;
  bool csv_ = false;
  CsvDialect dialect_;
  std::string file_;
  std::vector<std::string> names_;
  std::unique_ptr<EventBuilder> builder_;
  std::optional<FileSink> sink_;  // before it
  std::vector<char> buffer_;
};

}  // namespace causal_sessions
