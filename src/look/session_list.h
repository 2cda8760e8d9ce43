// The rows of a finished run as a list to choose from: by part, T, Y and a text in the session's id; page by page.
//
// Shapes:  JSON {total, sessions: [{row, session, user, part, length, treatment, outcome, startUs, timeZeroUs}]}. `row` is
//          the position before the split; `part` null where a row is in none; `length` that of X, padding included.
// Units:   microseconds since 1970-01-01 UTC.
// Cost:    one pass over the rows, or over those of the part, n log n where they are sorted, and that of FindingRows with a
//          finding; a user's id is searched once for all of the user's rows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "run/run.h"

namespace causal_sessions {

// Of a row; empty if it is in none.
[[nodiscard]] std::string_view part_name(const Split& split, std::uint32_t row);

// `query`: JSON, each key optional and null where all are wanted: part, treatment, outcome (0 or 1), text, which a
// session's id (user + "_" + number) has to contain, finding, whose code the rows show (look/finding_rows.h), sort (session, part,
// treatment, outcome, length or time, which is time zero or the session's begin) and descending, offset (0), limit (50).
[[nodiscard]] std::string list_sessions_json(const Run& run, std::string_view query);

}  // namespace causal_sessions
