// Chunked reading: most of a file, read on the threads of a run: of plain CSV and JSON lines stretches of the text, of Parquet groups
// of rows.
//
// Of few threads one takes the chunks in their order: it absorbs what another one has read, and reads what nobody has begun straight
// into the reader, which then need not absorb it. The others read further on, each with a reader of chunks, and leave it its share
// while they can. Of many, absorbing is work enough for whoever is free, and each reads ahead otherwise. So no thread waits for long
// but where it is far ahead.
//
// Needs:   a reader that has read the beginning of a text, or is about to read the first group.
// Errors:  those of the reader; out of memory, unless it is a reader of chunks that has none left, whose chunk is then read by
//          another.
// Cost:    per thread the texts it has met, a chunk, and what has been read ahead.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "core/result.h"
#include "core/workers.h"
#include "ingest/event_reader.h"

namespace causal_sessions {

// Fills room with the bytes from an offset on, and says how many there were: fewer at the end of the file. Called by several
// threads at once.
using ReadAt = std::function<std::size_t(std::uint64_t offset, std::span<char> room)>;

// Small enough for a chunk to stay in the cache from reading to parsing.
inline constexpr std::uint64_t kChunkBytes = 2 << 20;

class ChunkedReading {
 public:
  // Reads a file of `size` bytes from where the reader is; null where it is not there, or the file must be read in one go.
  // `chunk_bytes`: of a text.
  [[nodiscard]] static std::unique_ptr<ChunkedReading> start(EventReader& reader, const ReadingOptions& options,
                                                             std::uint64_t size, unsigned threads, ReadAt read_at,
                                                             std::uint64_t chunk_bytes = kChunkBytes);
  virtual ~ChunkedReading() = default;

  // To the end of the file, or until `go_on(position)` says no, which is asked after each chunk, by one thread at a time. Then it
  // may be called again.
  [[nodiscard]] virtual Status read(const Workers& workers, const std::function<bool(std::uint64_t)>& go_on) = 0;
  [[nodiscard]] virtual bool is_over() const = 0;
};

}  // namespace causal_sessions
