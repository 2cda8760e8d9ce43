#include "session/sessionize.h"

#include "core/elapsed.h"

namespace causal_sessions {

Sessions sessionize(const OrderedEvents& events, const SessionOptions& options) {
  Sessions sessions;
  const auto& time = events.time_us;
  const std::int64_t max_gap_us = options.max_gap.us;
  const std::int64_t max_length_us = options.max_length ? options.max_length->us : INT64_MAX;
  for (std::uint32_t user = 0; user + 1 < events.user_begin.size(); ++user) {
    const std::uint32_t user_end = events.user_begin[user + 1];
    std::uint32_t number = 0;
    for (std::uint32_t begin = events.user_begin[user]; begin < user_end;) {
      std::uint32_t end = begin + 1;
      while (end < user_end && time[end] - time[end - 1] <= max_gap_us && elapsed_us(time[begin], time[end]) <= max_length_us) {
        ++end;
      }
      ++number;
      ++sessions.created;
      if (end - begin >= options.min_events) {
        sessions.user.push_back(user);
        sessions.number.push_back(number);
        sessions.begin.push_back(begin);
        sessions.end.push_back(end);
      } else {
        sessions.dropped_events += end - begin;
      }
      begin = end;
    }
  }
  return sessions;
}

}  // namespace causal_sessions
