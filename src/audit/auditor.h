// Makes the audit, in two looks; audit.h says what it holds.
#pragma once

#include "audit/audit.h"

namespace causal_sessions {

// At events that are ordered with their input ranks, which are freed.
void look_at_events(Run& run, Audit& audit);
// At the rows, and for what all of it means.
void look_at_rows(Run& run, Audit& audit);

}  // namespace causal_sessions
