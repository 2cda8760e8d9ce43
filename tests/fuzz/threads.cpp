// Whole runs on one thread and on several, with ranges of a user each and a file in chunks of a few lines: the same of everything.
#include <algorithm>
#include <cstring>

#include "ingest/chunks/chunked_reading.h"
#include "tables.h"
#include "target.h"

namespace causal_sessions::fuzz {
namespace {

// As the command and the module read a file: its beginning in order, then in chunks where it is text that lies in rows.
Status feed_in_chunks(Run& run, const std::string& name, std::string_view bytes, std::uint64_t chunk_bytes) {
  EventReader& reader = run.reader();
  reader.begin_file(name, bytes.size());
  const auto read_at = [bytes](std::uint64_t offset, std::span<char> room) {
    const std::string_view rest = bytes.substr(std::min<std::uint64_t>(offset, bytes.size()), room.size());
    std::copy(rest.begin(), rest.end(), room.begin());
    return rest.size();
  };
  const auto commit_at = [&](std::uint64_t offset, std::size_t size) {
    return reader.commit(read_at(offset, reader.window(size).first(size)));
  };
  const std::size_t first = std::min(bytes.size(), buffer_sizes::kSampleBytes + 4);
  if (Status status = commit_at(0, first); !status.ok()) return status;
  std::uint64_t at = first;
#ifdef CAUSAL_SESSIONS_THREADS
  const auto chunked = ChunkedReading::start(reader, run.plan.reading, bytes.size(), run.workers.threads(), read_at, chunk_bytes);
  if (chunked) {
    if (Status status = chunked->read(run.workers, [](std::uint64_t) { return true; }); !status.ok()) return status;
    at = reader.position();
  }
#else
  static_cast<void>(chunk_bytes);
#endif
  if (!reader.wanted() && at < bytes.size()) {
    if (Status status = commit_at(at, bytes.size() - at); !status.ok()) return status;
  }
  while (const std::optional<ByteRange> range = reader.wanted()) {
    if (Status status = commit_at(range->offset, range->size); !status.ok()) return status;
  }
  return reader.end_file();
}

}  // namespace

void run_threads(std::string_view input) {
  const std::optional<TableInput> table = table_input(input);
  if (!table) return;
  Dice dice = dice_of(input);
  const unsigned threads = 2 + dice.below(2);
  MadeRun several{std::make_unique<Run>(table->plan, WithAudit::kYes, threads, 1 + dice.below(3)), {}};
  several.run->keep_events = true;
  for (std::size_t i = 0; i < table->files.size() && several.status.ok(); ++i) {
    several.status = feed_in_chunks(*several.run, "file " + std::to_string(i), table->files[i], 32 + dice.below(200));
  }
  if (several.status.ok()) several.status = run_to_end(*several.run);
  expect_same("one thread and several", everything(make_run(table->plan, table->files, nullptr), dice),
              everything(several, dice));
}

}  // namespace causal_sessions::fuzz
