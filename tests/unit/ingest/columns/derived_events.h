// What comes of small texts whose columns are derived.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ingest/event_reader.h"
#include "support/chunks.h"
#include "support/events.h"
#include "support/run.h"

namespace causal_sessions {

// The events of texts, or why there are none.
inline std::string events_of(const std::string& plan_text, const std::vector<support::Input>& inputs) {
  const Plan plan = support::in_seconds(support::plan_of(plan_text));
  EventReader reader(plan.reading);
  for (const support::Input& input : inputs) {
    if (Status status = support::feed(reader, input); !status.ok()) return status.error().message;
  }
  const Result<EventTable> events = reader.finish();
  return events.ok() ? support::table_text(events.value()) : events.error().message;
}

struct DerivedRow {
  const char* name;
  std::string plan;
  std::string text;
  std::string events;
  std::string file = "events.csv";
};

inline void expect_events(const std::vector<DerivedRow>& rows) {
  for (const DerivedRow& row : rows) {
    EXPECT_EQ(events_of(row.plan, {{row.text, {}, row.file}}), row.events) << row.name;
    // However it is cut.
    for (std::size_t at = 0; at < row.text.size(); at += row.text.size() / 20 + 1) {
      EXPECT_EQ(events_of(row.plan, {{row.text, {at}, row.file}}), row.events) << row.name << ", cut at " << at;
    }
  }
}

}  // namespace causal_sessions
