#include "ingest/chunks/group_chunks.h"

#include <string>
#include <utility>

#include "ingest/chunks/chunk_bytes.h"

namespace causal_sessions {

GroupChunks::GroupChunks(const ReadingOptions& options, std::span<const char> task, const RangedReader& file)
    : options_(options), task_(task.begin(), task.end()), file_(file) {
  begin_anew();
}

void GroupChunks::begin_anew() {
  ChunkParser task(task_);
  const std::string file(task.get_text());
  builder_ = std::make_unique<EventBuilder>(options_);
  builder_->begin_chunks(task);
  sink_.emplace(options_, file, *builder_);
}

std::vector<char> GroupChunks::read(std::size_t group,
                                    const std::function<std::size_t(std::uint64_t offset, std::span<char> room)>& read_at,
                                    std::vector<char> reused) {
  const std::unique_ptr<RangedReader> reader = file_.read_group(group, sink_->get(), Told::kNo);
  if (!read_group(*reader, read_at).ok()) {
    begin_anew();
    return {};
  }
  ChunkWriter chunk(std::move(reused));
  chunk.put(reader->rows());
  builder_->write_chunk(chunk);
  return chunk.take();
}

}  // namespace causal_sessions
