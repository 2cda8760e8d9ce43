#include "session/sessionize.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/events.h"
#include "support/run.h"

namespace causal_sessions {
namespace {

using support::contains;
using support::Event;
using support::ordered_events;

constexpr std::int64_t kDay = 86'400'000'000;

// Sessions as "user_number[begin,end)".
std::string sessions_of(const std::vector<Event>& events, const SessionOptions& options) {
  const OrderedEvents ordered = ordered_events(events);
  const Sessions sessions = sessionize(ordered, options);
  std::string text;
  for (std::size_t s = 0; s < sessions.size(); ++s) {
    text += std::string(ordered.users[sessions.user[s]]) + "_" + std::to_string(sessions.number[s]) + "[" +
            std::to_string(sessions.begin[s]) + "," + std::to_string(sessions.end[s]) + ") ";
  }
  return text;
}

TEST(Sessionize, CutsAtLongerGaps) {
  struct Row {
    const char* name;
    SessionOptions options;
    std::vector<Event> events;
    const char* expected;
  };
  const SessionOptions all{Duration{24, kDay}, 1};
  for (const Row& row : {
           Row{"no events", all, {}, ""},
           Row{"one event", all, {{"u", 0}}, "u_1[0,1) "},
           Row{"a gap of exactly the limit does not cut", all, {{"u", 0}, {"u", kDay}}, "u_1[0,2) "},
           Row{"one microsecond more does", all, {{"u", 0}, {"u", kDay + 1}}, "u_1[0,1) u_2[1,2) "},
           Row{"gaps count from the event before, not from the first",
               all,
               {{"u", 0}, {"u", kDay}, {"u", 2 * kDay}},
               "u_1[0,3) "},
           Row{"a new user starts at 1", all, {{"u", 0}, {"u", 2 * kDay}, {"v", 0}}, "u_1[0,1) u_2[1,2) v_1[2,3) "},
           Row{"a limit of zero cuts between different times",
               {Duration{}, 1},
               {{"u", 5}, {"u", 5}, {"u", 6}},
               "u_1[0,2) u_2[2,3) "},
           Row{"short sessions are dropped, numbers stay",
               {Duration{24, kDay}, 2},
               {{"u", 0}, {"u", 2 * kDay}, {"u", 2 * kDay}},
               "u_2[1,3) "},
           Row{"nothing is kept", {Duration{24, kDay}, 3}, {{"u", 0}, {"u", 1}, {"v", 0}}, ""},
           Row{"before 1970", all, {{"u", -kDay - 1}, {"u", -1}, {"u", kDay}}, "u_1[0,2) u_2[2,3) "},
           Row{"a session as long as allowed",
               {Duration{24, kDay}, 1, LengthOf::kSession, Duration{0, 10}},
               {{"u", 0}, {"u", 5}, {"u", 10}},
               "u_1[0,3) "},
           Row{"a session longer than allowed is cut",
               {Duration{24, kDay}, 1, LengthOf::kSession, Duration{0, 10}},
               {{"u", 0}, {"u", 10}, {"u", 11}, {"u", 21}, {"u", 22}},
               "u_1[0,2) u_2[2,4) u_3[4,5) "},
       }) {
    EXPECT_EQ(sessions_of(row.events, row.options), row.expected) << row.name;
  }
}

TEST(Sessionize, CountsWhatItDrops) {
  const OrderedEvents events = ordered_events({{"u", 0}, {"u", 1}, {"u", 2 * kDay}, {"v", 0}, {"v", 3 * kDay}});
  const Sessions sessions = sessionize(events, {Duration{24, kDay}, 2});
  EXPECT_EQ(sessions.created, 4u);
  EXPECT_EQ(sessions.size(), 1u);
  EXPECT_EQ(sessions.dropped_events, 3u);
}

// The same three rules as a user meets them.

std::string train(const std::string& rows, const char* plan = support::kAllTrain) {
  const support::Outcome outcome = support::run(support::plan_of(plan), "user,time,type\n" + rows);
  EXPECT_TRUE(outcome.ok()) << outcome.message();
  return outcome.train;
}

TEST(Sessionize, AGapOfExactly24HoursDoesNotCut) {
  EXPECT_EQ(train("u,2025-09-05 10:00:00,auction\nu,2025-09-06 10:00:00,auction\n"),
            "{\"index\": 0, \"session_id\": \"u_1\", \"user_id\": \"u\", \"sequence\": [[0, 1, 0.0], [0, 1, 1440.0]], "
            "\"sequence_length\": 2, \"treatment\": 0, \"outcome\": 0}\n");
}

TEST(Sessionize, OneMicrosecondMoreThan24HoursCuts) {
  EXPECT_EQ(train("u,2025-09-05 10:00:00,auction\nu,2025-09-06 10:00:00.000001,auction\n"), "") << "two sessions of one event";
}

TEST(Sessionize, TheSecondSessionKeepsItsNumberWhenTheFirstIsDropped) {
  const std::string rows = train("u,2025-09-01,auction\nu,2025-09-05 10:00:00,auction\nu,2025-09-05 10:01:00,click\n");
  EXPECT_TRUE(contains(rows, "\"session_id\": \"u_2\""));
  EXPECT_TRUE(contains(rows, "\"index\": 0"));
}

}  // namespace
}  // namespace causal_sessions
