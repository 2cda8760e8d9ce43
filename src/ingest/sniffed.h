// What the first bytes of a text or a stream tell: layout, columns, and how it is read from there on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/buffer_sizes.h"
#include "core/result.h"
#include "ingest/file_reader.h"
#include "ingest/reading_options.h"
#include "ingest/table_sink.h"

namespace causal_sessions {

// Bytes looked at before format, separator, header and keys are decided.
using buffer_sizes::kSampleBytes;

// The first bytes of a file, behind its byte order marks. `last`: they are the whole file.
struct FileStart {
  const std::string& name;
  std::span<const char> bytes;
  bool last = false;
  const ReadingOptions& options;
  std::size_t most_records = 0;  // that are looked at
};

struct Sniffed {
  std::string_view format = {};  // as in FileSummary, like the next two
  char separator = 0;
  bool header = true;
  std::size_t skip = 0;  // bytes before the first record
  TableColumns columns = {};
  std::string nested_item = {};              // as in FileSummary
  bool columns_come_later = false;           // the reader finds them, and has the sink choose
  bool stream = false;                       // no text: of damage to it what stands before is shown
  bool whole = false;                        // every byte was looked at and is sound
  std::span<const char> shown = {};          // the sound bytes behind `skip`, for a preview
  std::size_t most_shown = SIZE_MAX;         // rows of it
  std::optional<Error> refusal = {};         // of a run, whatever its columns are
  std::function<void(Error&)> explain = {};  // says more of a column that is missing; while the bytes are there
  // `wanted`: what the sink chose of the columns, if they are known.
  std::function<std::unique_ptr<TextReader>(std::span<const WantedColumn> wanted, TableSink& sink)> open = {};
};

}  // namespace causal_sessions
