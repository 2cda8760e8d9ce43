// Sessionization: groups each user's events into sessions.
//
// An event opens a new session when it is its user's first, or when the silence before it is longer than max_gap.
// A gap of exactly max_gap does not cut. With max_length, an event later than that after its session's first
// opens a new one too. Sessions are numbered before the short ones are dropped, so a number does not depend on that.
//
// Units:   times and gaps in microseconds.
// Needs:   events ordered by (user, time, tie rule); see order_events().
// Threads: ranges of users.
// Cost:    one pass; 16 bytes a session, twice that on several threads until the ranges are joined.
// Source:  the notebook's rule, 24 hours, strictly greater.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/duration.h"
#include "core/elapsed.h"
#include "session/order.h"

namespace causal_sessions {

enum class LengthOf { kSession, kX };

struct SessionOptions {
  Duration max_gap = hours(24);
  std::uint32_t min_events = 2;                 // shorter sessions are dropped
  LengthOf min_events_of = LengthOf::kSession;  // what is that short; sessionize() takes it to be the session
  std::optional<Duration> max_length = {};      // a longer session is cut; unset: never
};

struct Sessions {
  // Kept sessions, in order of user and number.
  std::vector<std::uint32_t> user;
  std::vector<std::uint32_t> number;
  std::vector<std::uint32_t> begin;  // first event
  std::vector<std::uint32_t> end;    // one past the last
  // All sessions.
  std::uint64_t created = 0;
  std::uint64_t dropped_events = 0;  // events of sessions that were too short

  [[nodiscard]] std::size_t size() const { return user.size(); }
};

// The end of the session that begins with an event, before or at `user_end`; short or not.
[[nodiscard]] inline std::uint32_t session_end(const OrderedEvents& events, std::uint32_t begin, std::uint32_t user_end,
                                               const SessionOptions& options) {
  const auto& time = events.time_us;
  const std::int64_t max_length_us = options.max_length ? options.max_length->us : INT64_MAX;
  std::uint32_t end = begin + 1;
  while (end < user_end && time[end] - time[end - 1] <= options.max_gap.us &&
         elapsed_us(time[begin], time[end]) <= max_length_us) {
    ++end;
  }
  return end;
}

[[nodiscard]] Sessions sessionize(const OrderedEvents& events, const SessionOptions& options, const Workers& workers = Workers());

}  // namespace causal_sessions
