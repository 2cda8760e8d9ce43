// Column guesses: what a column may be that no name tells for sure, told from its first values and its name. Guesses are
// offered and never taken unasked.
//   time   its values are dates, or numbers as clocks count them; or its name speaks of one
//   type   few different texts that come again, best such as are known of event streams
//   user   its name speaks of somebody
//   item   its name speaks of something
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ingest/reading_options.h"
#include "ingest/schema.h"

namespace causal_sessions {

// By role, for those that `sure` lacks. `rows`: a cell a column, empty where there is no value.
[[nodiscard]] ChosenColumns guess_columns(std::span<const std::string> names, std::span<const std::vector<std::string>> rows,
                                          const ChosenColumns& sure, const ReadingOptions& options);

}  // namespace causal_sessions
