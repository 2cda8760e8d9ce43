// Group chunks: groups of rows of a file that is read by ranges -> events, apart from the reader of the file, so that several can
// work at once. As chunk_reader.h of a text, but that a group is one by itself.
//
// Needs:   EventReader::group_task(), whose reader outlives this; for each group read(). The next groups of a file are the same
//          columns.
// Errors:  none are told. Whatever would be one is found again, with its place, by the reader of the file.
// Cost:    as the event builder's, of one group; the pools stay.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "ingest/build/event_builder.h"
#include "ingest/columns/derived_columns.h"
#include "ingest/file_reader.h"

namespace causal_sessions {

class GroupChunks {
 public:
  GroupChunks(const ReadingOptions& options, std::span<const char> task, const RangedReader& file);

  // Nothing if it cannot be read apart; then all texts are forgotten, as they have no ids elsewhere. `reused`: whose memory the
  // result may take.
  [[nodiscard]] std::vector<char> read(std::size_t group,
                                       const std::function<std::size_t(std::uint64_t offset, std::span<char> room)>& read_at,
                                       std::vector<char> reused = {});

 private:
  void begin_anew();

  const ReadingOptions& options_;
  const std::vector<char> task_;
  const RangedReader& file_;
  std::unique_ptr<EventBuilder> builder_;
  std::optional<FileSink> sink_;  // before it
};

}  // namespace causal_sessions
