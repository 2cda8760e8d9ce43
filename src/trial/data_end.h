// The end of the data: until when what users did was observed.
//
// The last time of all is a poor witness: one wrong clock moves it by years, and then no follow-up seems to be cut. So the
// last thousandth of the events is left out of account where it spans more than a tenth of the time.
//
// Cost:    one pass; where that tells of late events, a copy of the times.
#pragma once

#include <cstdint>
#include <span>

namespace causal_sessions {

struct DataEnd {
  std::int64_t time_us = 0;
  std::uint64_t later_events = 0;  // behind it, in a thousandth that was left out of account; else 0
};

// `times_us`: in any order, from first_us to last_us.
[[nodiscard]] DataEnd find_data_end(std::span<const std::int64_t> times_us, std::int64_t first_us, std::int64_t last_us);

}  // namespace causal_sessions
