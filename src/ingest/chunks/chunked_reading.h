// Chunked reading: most of a text file, read on the threads of a run.
//
// A thread that is free absorbs the next chunk, if it has been read. If nobody has begun it, it reads that chunk straight into the
// reader, which then need not absorb it, unless so many threads are ahead that absorbing is work enough. Otherwise it reads one
// further on with a reader of chunks. So no thread waits but for chunks that are far behind.
//
// Needs:   a reader that has read the beginning of the file.
// Errors:  those of the reader; out of memory, unless it is a reader of chunks that has none left, whose chunk is then read by
//          another.
// Cost:    per thread the texts it has met, a chunk, and what has been read ahead.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "core/result.h"
#include "core/workers.h"
#include "ingest/event_reader.h"

namespace causal_sessions {

// Fills room with the bytes from an offset on, and says how many there were: fewer at the end of the file. Called by several
// threads at once.
using ReadAt = std::function<std::size_t(std::uint64_t offset, std::span<char> room)>;

// Reads a file of `size` bytes from the reader's position on, and does nothing where its format must be read in one go.
// `go_on(position)` is asked after each chunk, by one thread at a time; reading ends where it says no.
[[nodiscard]] Status read_in_chunks(EventReader& reader, const ReadingOptions& options, std::uint64_t size,
                                    const Workers& workers, const ReadAt& read_at,
                                    const std::function<bool(std::uint64_t)>& go_on);

}  // namespace causal_sessions
