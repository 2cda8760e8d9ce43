// What may be wrong with the events that were read, although every row could be used: ids that stand for a missing value,
// one id in two forms, times where nobody was there, rows inside a quoted cell, event types that no event has.
//
// Cost:    one look at each distinct text and at the times, up to the first that settles the question.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/notice.h"
#include "core/result.h"
#include "core/workers.h"
#include "ingest/build/epoch_numbers.h"
#include "ingest/build/row_issues.h"
#include "ingest/event_table.h"
#include "ingest/reading_options.h"

namespace causal_sessions {

// Quoted cells that hold a line break followed by as many separators as a row has: rows, perhaps, that a stray quote glued
// together.
struct QuotedRows {
  std::uint64_t cells = 0;
  Where first;
};

// Ids, by their place in the pools, that are short floating-point numbers beyond those that each have a text of their own.
struct InexactIds {
  std::set<std::uint32_t> users, items;
};

struct ReadingFacts {
  const EventTable& events;
  const IssueSummary& issues;
  std::uint64_t rows;
  const TimeSummary& times;
  bool epoch_numbers;  // the times were numbers
  const ReadingOptions& options;
  const QuotedRows& quoted;
  const InexactIds& inexact;
  std::uint64_t known_early = 0;  // events that say to have been known before they happened
};

// Whether databases, libraries or languages write a missing value so.
[[nodiscard]] bool is_null_marker(std::string_view text);

[[nodiscard]] std::vector<Notice> reading_notices(const ReadingFacts& facts, const Workers& workers);

// Events outside of kFirstPlausibleUs to kLastPlausibleUs.
[[nodiscard]] std::uint64_t count_implausible(const BlockColumn<std::int64_t>& time_us);

// How many events have each type, by the position of the type.
struct TypeCounts {
  std::vector<std::string> types;
  std::vector<std::uint64_t> events;
  std::vector<std::string> left_out;  // types whose rows were left out
};
struct TypeRows {
  std::string type;
  std::uint64_t rows = 0;
};
[[nodiscard]] TypeCounts count_types(const EventTable& events, const IssueSummary& issues);

// An event type that a plan names outside of its list of types.
struct PlannedType {
  const char* key;
  const char* code;  // of the notice that no event has it
  const char* consequence;
  const std::string& type;
  bool needed = true;
};

// That there are the named event types; kBadPlan where the name is
// not one of the types, or stands in the data in other letters.
[[nodiscard]] Status check_event_types(std::span<const PlannedType> named, const TypeCounts& types);
// Those of them that no event has, and types that differ by their case alone.
[[nodiscard]] std::vector<Notice> type_notices(std::span<const PlannedType> named, const TypeCounts& types);

}  // namespace causal_sessions
