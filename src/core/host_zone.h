// What the host knows of time zones: natively the C library's data, as WebAssembly those of JavaScript's Intl
// (src/bindings/zone_bridge.cpp).
//
// Needs:   no other thread that asks for local times while a zone is open; one zone at a time.
#pragma once

#include <cstdint>
#include <string>

namespace causal_sessions {

// False: the host has no such zone, and none is open.
[[nodiscard]] bool open_host_zone(const std::string& name);
// Seconds east of UTC, of the open zone, at so many seconds since 1970-01-01 UTC.
[[nodiscard]] std::int64_t host_zone_offset(std::int64_t utc_seconds);
void close_host_zone();

}  // namespace causal_sessions
