// The local time of an instant: the clock of the plan's time zone.
//
// Units:  microseconds since 1970-01-01, UTC or local; days since 1970-01-01.
#pragma once

#include <cstdint>
#include <memory>

#include "core/time_zone.h"

namespace causal_sessions {

struct LocalClock {
  std::int64_t offset_us = 0;              // east of UTC
  std::shared_ptr<const TimeZone> zone{};  // in place of it, where the offset changes

  struct Reading {
    std::int64_t day;                                                               // since 1970-01-01, a Thursday
    std::int64_t day_us;                                                            // of the day
    [[nodiscard]] std::int64_t weekday() const { return ((day + 3) % 7 + 7) % 7; }  // from Monday, 0
  };

  [[nodiscard]] Reading at(std::int64_t utc_us) const {
    constexpr std::int64_t kDay = 24LL * 3'600'000'000;
    // By day and rest, as the sum may be beyond 64 bits.
    std::int64_t day = utc_us / kDay, rest = utc_us % kDay + (zone ? zone->offset_at(utc_us) : offset_us);
    const std::int64_t over = rest / kDay - (rest % kDay < 0);
    return {day + over, rest - over * kDay};
  }
};

}  // namespace causal_sessions
