#include "session/sessionize.h"

#include "core/ranges.h"

namespace causal_sessions {
namespace {

Sessions sessionize(const OrderedEvents& events, const SessionOptions& options, IndexRange users) {
  Sessions sessions;
  for (std::uint32_t user = users.begin; user < users.end; ++user) {
    const std::uint32_t user_end = events.user_begin[user + 1];
    std::uint32_t number = 0;
    for (std::uint32_t begin = events.user_begin[user]; begin < user_end;) {
      const std::uint32_t end = session_end(events, begin, user_end, options);
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

}  // namespace

Sessions sessionize(const OrderedEvents& events, const SessionOptions& options, const Workers& workers) {
  const std::vector<IndexRange> users = cut_groups(events.user_begin, workers);
  std::vector<Sessions> pieces(users.size());
  workers.each(users.size(), [&](std::size_t i) { pieces[i] = sessionize(events, options, users[i]); });
  Sessions sessions;
  for (Sessions& piece : pieces) {
    sessions.created += piece.created;
    sessions.dropped_events += piece.dropped_events;
  }
  join_columns(pieces, sessions, workers, &Sessions::user, &Sessions::number, &Sessions::begin, &Sessions::end);
  return sessions;
}

}  // namespace causal_sessions
