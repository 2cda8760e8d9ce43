// Gaps: how long users are silent between two events, and what sessions become as the gap that ends them grows.
//
// The curve follows the notebook's rule, T and Y being any treatment or outcome event of a session of at least
// min_events events; session.maxHours is not looked at.
//
// Cost:    one pass over the events; then every segment joins the one before it at most once, so all values of the gap
//          together are linear; 25 bytes a silence of more than a minute.
#pragma once

#include "formats/json/fields.h"
#include "trial/trials.h"

namespace causal_sessions {

[[nodiscard]] Json audit_gaps(const OrderedEvents& events, const TrialSetup& setup);

}  // namespace causal_sessions
