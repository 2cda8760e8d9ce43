// Calendar text of a time, for reports: "2025-09-05T00:11:14.887526Z", without a fraction where it is zero.
#pragma once

#include <cstdint>
#include <string>

namespace causal_sessions {

[[nodiscard]] std::string format_utc(std::int64_t time_us);

}  // namespace causal_sessions
