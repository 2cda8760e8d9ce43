// Whether two plans read alike: the same files give the same events, issues and messages by either.
//
// Reading asks a plan for its input and columns, the unit and zone of times, the event types, what becomes of rows that
// cannot be used, and the special tokens, which no item may be named like. Nothing else of a plan may reach it, but for
// the types that check_event_types() asks after once all has been read.
#pragma once

#include "plan/plan.h"

namespace causal_sessions {

[[nodiscard]] bool same_reading(const Plan& a, const Plan& b);

}  // namespace causal_sessions
