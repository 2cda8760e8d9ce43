// Duplicates: events that equal another one in user, time, type and item.
//
// The first of them in the order of the events stays. Equal events are told apart by nothing that a model sees, so
// which one stays changes no output. It has been known since the first of them was.
//
// Needs:   ordered events; see order_events().
// Threads: ranges of users, whose events then move together.
// Cost:    one pass; events of one instant are compared with each other by their sort keys.
#pragma once

#include "session/order.h"

namespace causal_sessions {

// Removes them in place; returns how many there were.
std::uint64_t drop_duplicates(OrderedEvents& events, const Workers& workers = Workers());

}  // namespace causal_sessions
