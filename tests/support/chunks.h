// Hands a text file to an event reader in chunks that chunk readers have read, as the commands do it, one after the other.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "ingest/chunks/chunk_reader.h"
#include "ingest/event_reader.h"
#include "plan/plan.h"

namespace causal_sessions::support {

// Where a file is cut, and who reads what lies between.
struct Cutting {
  std::size_t first = 0;             // bytes read before the file is cut
  std::vector<std::size_t> cuts;     // ascending, not below `first`
  std::vector<std::size_t> readers;  // of each chunk behind a cut, 1 to 3; 0: the reader of the file
  std::size_t ahead = 0;             // chunks read before the one in front of them is absorbed
};

struct PartCounts {
  std::size_t read = 0, absorbed = 0;
};

inline Status commit(EventReader& reader, std::string_view text) {
  std::copy(text.begin(), text.end(), reader.window(text.size()).begin());
  return reader.commit(text.size());
}

class PartsFeed {
 public:
  PartsFeed(const Plan& plan, std::string_view text, const Cutting& cutting, EventReader& reader)
      : plan_(plan), text_(text), cutting_(cutting), reader_(reader), chunk_readers_(4), anew_(4), made_(cutting.cuts.size()) {}

  // A file that cannot be read in chunks is read as a whole, and no chunk is counted.
  Status feed() {
    reader_.begin_file("events.csv", text_.size());
    if (Status status = commit(reader_, text_.substr(0, cutting_.first)); !status.ok()) return status;
    if (const auto task = reader_.chunk_task()) {
      if (Status status = feed_parts(*task); !status.ok()) return status;
    }
    if (Status status = commit(reader_, text_.substr(reader_.position())); !status.ok()) return status;
    return reader_.end_file();
  }
  PartCounts counts;

 private:
  Status feed_parts(const std::vector<char>& task) {
    if (Status status = read_here(begin_of(0)); !status.ok()) return status;
    for (std::size_t chunk = 0; chunk < made_.size(); ++chunk) {
      for (; done_ <= chunk + cutting_.ahead && done_ < made_.size(); ++done_) make(done_, task);
      const std::size_t by = cutting_.readers[chunk];
      const bool absorbed = by != 0 && reader_.absorb(by, begin_of(chunk), made_[chunk]);
      counts.read += by != 0;
      counts.absorbed += absorbed;
      if (absorbed) continue;
      anew_[by] = true;
      if (Status status = read_here(begin_of(chunk + 1)); !status.ok()) return status;
    }
    return {};
  }

  std::size_t begin_of(std::size_t chunk) const { return chunk < cutting_.cuts.size() ? cutting_.cuts[chunk] : text_.size(); }

  void make(std::size_t chunk, const std::vector<char>& task) {
    const std::size_t by = cutting_.readers[chunk];
    if (by == 0) return;
    if (!chunk_readers_[by]) chunk_readers_[by] = std::make_unique<ChunkReader>(plan_.reading, task);
    if (anew_[by]) chunk_readers_[by]->begin_anew();
    anew_[by] = false;
    const std::size_t size = begin_of(chunk + 1) - begin_of(chunk);
    const std::string_view bytes = text_.substr(begin_of(chunk), size + kChunkTail);
    std::copy(bytes.begin(), bytes.end(), chunk_readers_[by]->window(bytes.size()).begin());
    made_[chunk] = chunk_readers_[by]->read(bytes.size(), size);
  }

  Status read_here(std::size_t end) {
    const std::size_t at = reader_.position();
    const std::size_t feed = text_.find('\n', std::max(at, end));
    return commit(reader_, text_.substr(at, feed == text_.npos ? feed : feed + 1 - at));
  }

  const Plan& plan_;
  const std::string_view text_;
  const Cutting& cutting_;
  EventReader& reader_;
  std::vector<std::unique_ptr<ChunkReader>> chunk_readers_;
  std::vector<bool> anew_;
  std::vector<std::vector<char>> made_;
  std::size_t done_ = 0;
};

}  // namespace causal_sessions::support
