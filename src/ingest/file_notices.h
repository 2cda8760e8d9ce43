// What may be wrong with the files that were read, each beside the others: one without rows, without the item that others
// have, the same events once more, columns by number that are named otherwise, without the mark at its end, UTF-8 that
// was read as something else, a type or another value in two places.
#pragma once

#include <vector>

#include "core/notice.h"
#include "ingest/event_table.h"
#include "ingest/file_summary.h"
#include "ingest/reading_options.h"

namespace causal_sessions {

// Sets `same` of the files whose events, in the order of the file, are those of an earlier one. Looks at events of files
// alone that have as many and begin alike.
void find_same_files(std::vector<FileSummary>& files, const EventTable& events);

// That no item is read of a file, and the path of what may be it. `out_of_reach`: as in FileSummary.
[[nodiscard]] Notice nested_item_notice(const std::string& file, const std::string& path, bool out_of_reach, std::uint64_t files);

[[nodiscard]] std::vector<Notice> file_notices(const std::vector<FileSummary>& files, const ReadingOptions& options,
                                               bool drops_duplicates);

}  // namespace causal_sessions
