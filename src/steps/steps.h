// The arrows between the stages, in order:
// bytes -> events -> order -> sessions -> trials -> split -> vocabulary -> (X, T, Y) -> summary; then files on request.
// An audit, if there is to be one, looks at the ordered events and, before (X, T, Y) are made, at the rows.
//
// How each step is cut for the threads of a run (core/workers.h), and how its pieces are joined; whatever the cuts, the result is
// that of one thread:
//   reading     a text file in chunks, which are absorbed in its order; other formats are not cut
//   ordering    blocks of the input, each event going to its place; then ranges of users
//   sessions    ranges of users, appended; duplicates too
//   trials      ranges of users: delays are sorted together, rows appended, counts added; matched rows are not cut
//   vocabulary  shares of the events, whose counts are added; the items' sort in stretches, which are merged
//   auditing    ranges of users, sessions or rows, whose counts are added; then the topics of the rows side by side
//   sequences   stretches of the events, and ranges of users for covariates, each in its place
//   split and reporting are not cut: together they are a hundredth of a run. Files are written side by side (cli/staged_files.h).
//
// Needs:   the run's reader until all files are in, or start_from(); then advance() until done(), or run_to_end().
// Cost:    that of the stages.
// Errors:  those of the stages; after one, the run is good for nothing but destruction.
#pragma once

#include <string_view>

#include "core/result.h"
#include "run/run.h"

namespace causal_sessions {

// Starts from the events that an earlier run keeps, instead of from files. Does nothing, and is false, if it keeps none or this
// plan reads otherwise. What becomes of that run afterwards does not matter.
[[nodiscard]] bool start_from(Run& run, const Run& earlier);

// Takes the next step; small enough steps that a caller can show progress or stop in between.
[[nodiscard]] Status advance(Run& run);
[[nodiscard]] bool done(const Run& run);
// The step that advance() takes next, as users read it; "done" behind the last.
[[nodiscard]] std::string_view step_name(const Run& run);
[[nodiscard]] Status run_to_end(Run& run);

}  // namespace causal_sessions
