// Event roles: what the event types of a file may be to a study: its exposure, its treatment, its outcome. Told from their names,
// as shops and tools give them along the way from a view to a purchase, and, for an exposure or a treatment that no name tells, from
// how many events a type has. A guess, which is offered and never taken unasked.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/build/reading_notices.h"

namespace causal_sessions {

enum class EventRole : std::uint8_t { kExposure, kTreatment, kOutcome, kOther };

struct RoledType {
  TypeRows of;
  EventRole role = EventRole::kOther;
};

// The types in the order of the way, which is that of their ids and of events at one instant; those that are not on it behind
// the others, the most frequent first. A role goes to one type at most.
[[nodiscard]] std::vector<RoledType> guess_roles(std::vector<TypeRows> types);

// Whether the name of a type says where on the way it is.
[[nodiscard]] bool is_known_type(std::string_view name);

// Whether each of the three roles has a type.
[[nodiscard]] bool has_all_roles(std::span<const RoledType> types);

[[nodiscard]] const char* role_name(EventRole role);

}  // namespace causal_sessions
