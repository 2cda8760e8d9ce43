// What a builder finds out beside the events: of a chunk or a file, or of all of them. It is added up in the order of the input.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "ingest/build/epoch_numbers.h"
#include "ingest/build/reading_notices.h"
#include "ingest/build/row_issues.h"
#include "ingest/build/time_shapes.h"
#include "ingest/parsed_time.h"

namespace causal_sessions {

// What has no texts.
struct FoundCounts {
  // Of the times, and of when events became known.
  std::array<ParsedTime::Kind, 2> kind = {ParsedTime::Kind::kBad, ParsedTime::Kind::kBad};
  std::uint64_t rows = 0;
  std::uint64_t cut = 0, zoned = 0, skipped = 0, repeated = 0;  // as in TimeSummary
};

struct Found : FoundCounts {
  std::array<EpochNumbers, 2> numbers;  // among the times, and among those when events became known
  IssueSummary issues;
  TimeShapes shapes;
  std::string first_time;
  QuotedRows quoted;
};

}  // namespace causal_sessions
