// One row of a finished run as it came about: every event of its session, and what became of it.
//
// T, Y and X are the table's. An event of the session is
//   "x"                one of X, with its token's ids,
//   "cut"              before time zero, left out by sequence.maxEvents or behind a matched row's last exposure,
//   "afterTimeZero"    later than time zero,
//   "afterTreatment"   without a time zero: the first treatment, or later than it.
// `decides` is "treatment" or "outcome" for the first event by which T or Y is 1; that one is outside of the session
// where a later one decides, and then treatmentUs or outcomeUs alone tells of it.
//
// Units:   microseconds since 1970-01-01 UTC.
// Cost:    linear in the user's events, but for their sort.
#pragma once

#include <cstdint>
#include <string>

#include "run/run.h"

namespace causal_sessions {

// Of a finished run that keeps its events. JSON {row, session, user, part, length, treatment, outcome, censored, trial, startUs, timeZeroUs, windowEndUs,
// horizonEndUs, treatmentUs, outcomeUs, padding: {tokens, eventId, itemId}, events: [{timeUs, type, item, eventId, itemId,
// role, decides}]}, null where there is no such thing.
[[nodiscard]] std::string session_view_json(const Run& run, std::uint32_t row);

}  // namespace causal_sessions
