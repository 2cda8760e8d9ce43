// Event builder: rows of text, or columns -> event columns. Checks each row, parses its time, numbers its texts.
// The same table gives the same events, issues and messages either way.
//
// A row that cannot be used is an issue: counted by reason, the first ones kept with their place.
// Whether issues refuse the run is the plan's `events.unknown`, decided once everything has been seen.
//
// Units:   times become microseconds UTC; an epoch number's unit is decided over all rows.
// Errors:  kBadRows, kMixedTimeUnits, kReservedId, kTooLarge.
// Cost:    one pass; 17 bytes an event and the string pools.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/event_table.h"
#include "core/result.h"
#include "ingest/column_batch.h"
#include "ingest/row_batch.h"
#include "ingest/schema.h"
#include "ingest/timestamp.h"
#include "plan/plan.h"

namespace causal_sessions {

enum class IssueReason : std::uint8_t {
  kMissingUser, kMissingTime, kMissingType, kBadTime, kUnknownType, kWrongCellCount, kNestedValue
};
constexpr std::size_t kIssueReasons = 7;
constexpr std::array<const char*, kIssueReasons> kIssueNames = {
    "missingUser", "missingTime", "missingType", "badTime", "unknownType", "wrongCellCount", "nestedValue"};

struct RowIssue {
  IssueReason reason;
  std::string file;
  std::uint64_t row;
  std::optional<std::uint64_t> line;  // of text formats
  std::string column;  // the file's name of it
  std::string text;    // what was found
};

struct IssueSummary {
  struct UnknownType {
    std::uint64_t rows = 0;
    std::uint64_t first_row = 0;
  };
  std::array<std::uint64_t, kIssueReasons> rows{};  // by reason
  std::vector<RowIssue> first;                      // the first kKept of each reason
  std::map<std::string, UnknownType> unknown_types;  // at most kMaxUnknown of them
  static constexpr std::size_t kKept = 5;
  static constexpr std::size_t kMaxUnknown = 1000;

  [[nodiscard]] std::uint64_t total() const;
};

struct TimeSummary {
  std::string unit = "text";             // text, s, ms, us or ns
  std::int64_t min_us = 0, max_us = 0;   // over the events kept
  std::uint64_t cut = 0;                 // times with digits beyond the microsecond
};

// Beside the millionths of an epoch number: it had further digits.
constexpr std::uint32_t kCutBit = 1u << 31;

class PartParser;
class PartWriter;

// The ids that the texts of another builder, by its ids, have in this one.
struct PartIds {
  std::vector<std::uint32_t> users, items;
  std::vector<std::uint8_t> types;
  bool lost = false;  // a part was not absorbed, so some of its texts are missing here
};

class EventBuilder {
 public:
  explicit EventBuilder(const Plan& plan);

  void begin_file(const std::string& file, const Schema& schema);
  [[nodiscard]] Status add(const RowBatch& batch);
  [[nodiscard]] Status add(const ColumnBatch& batch);
  // A row that never made it into a batch: a wrong number of cells, a nested value.
  void add_bad_row(IssueReason reason, std::uint64_t row, std::optional<std::uint64_t> line, std::string column,
                   std::string_view text);

  // The events, once every file has been added; the builder is empty afterwards.
  [[nodiscard]] Result<EventTable> finish();

  // Parts of a file that were read by other builders: event_builder_parts.cpp. What a builder for parts begins with:
  void write_start(PartWriter& task) const;
  void begin_parts(PartParser& task);
  // Everything since the last part; only the texts and their ids stay.
  void write_part(PartWriter& part);
  // Takes such a part, as if its rows had been added here. `rows`, `lines`: what comes before it in its file. False, and
  // nothing is done, if it does not fit.
  [[nodiscard]] bool absorb(PartParser& part, PartIds& ids, std::uint64_t rows, std::uint64_t lines);

  [[nodiscard]] const IssueSummary& issues() const { return issues_; }
  [[nodiscard]] const TimeSummary& times() const { return times_; }
  [[nodiscard]] std::size_t size() const { return events_.size(); }
  [[nodiscard]] std::uint64_t rows() const { return rows_; }

 private:
  // Numbers of one unit: how many, and an example for messages.
  struct UnitExample {
    std::uint64_t rows = 0;
    std::uint64_t row = 0;
    std::string file, text;
  };

  // The usable rows of a batch.
  struct Checked {
    std::size_t size = 0;
    std::array<std::uint32_t, RowBatch::kCapacity> user_id, item_id;
    std::array<std::int64_t, RowBatch::kCapacity> time;
    std::array<std::uint32_t, RowBatch::kCapacity> millionths;
    std::array<std::uint8_t, RowBatch::kCapacity> type;
    std::array<std::uint32_t, RowBatch::kCapacity> source;  // position in the batch
  };
  struct CheckedTexts {
    std::array<std::string_view, RowBatch::kCapacity> user, item;
  };
  struct RowPlace {
    std::uint64_t row;
    std::optional<std::uint64_t> line;
  };
  static constexpr std::uint8_t kNoType = 0xFF;
  struct PartHead;

  void check(const RowBatch& batch, Checked& checked, CheckedTexts& texts);
  void check(const ColumnBatch& batch, std::size_t first, std::size_t end, Checked& checked);
  bool check_time(std::string_view text, const RowPlace& at, ParsedTime& time);
  bool check_time(const TimeColumn& times, std::size_t i, const RowPlace& at, ParsedTime& time);
  bool check_kind(const ParsedTime& time);
  std::uint8_t type_id(std::string_view text, const RowPlace& at);
  std::uint8_t type_id(const TextColumn& types, std::size_t i, const RowPlace& at);
  void append(const Checked& checked);
  void add_issue(IssueReason reason, const RowPlace& at, std::string column, std::string_view text);
  void note_number(std::int64_t value, std::string_view text, const RowPlace& at);
  [[nodiscard]] Status check_room(std::size_t more) const;
  [[nodiscard]] bool fits(const PartHead& part, const PartIds& ids) const;
  void absorb_columns(PartParser& part, const PartHead& head, const PartIds& ids);
  void absorb_issues(PartParser& part, const PartHead& head, std::uint64_t rows, std::uint64_t lines);
  // A special token among the batch's items: its position in `checked`.
  [[nodiscard]] std::optional<std::size_t> find_reserved(const Checked& checked) const;
  [[nodiscard]] Error reserved_item(std::uint32_t item_id, const RowPlace& at) const;
  [[nodiscard]] Status refuse_issues() const;
  [[nodiscard]] Status resolve_numbers();

  const Plan& plan_;
  std::string file_;
  Schema schema_;
  EventTable events_;
  CheckedTexts checked_texts_;  // of the batch at hand; kept, as making one fills it
  StringPool types_;  // ids are positions in `types`
  TimestampParser parser_;
  ParsedTime::Kind time_kind_ = ParsedTime::Kind::kBad;  // of the first usable row; all others must match
  BlockColumn<std::uint32_t> millionths_;                // of epoch numbers, once one has a fraction
  std::array<UnitExample, 4> units_;                     // s, ms, us, ns
  std::vector<std::string> reserved_;
  IssueSummary issues_;
  TimeSummary times_;
  std::uint64_t rows_ = 0;
  std::uint32_t told_users_ = 0, told_items_ = 0, told_types_ = 0;  // that have gone out with a part
};

// That there are the event types which the plan names for treatment, outcome and exposures.
[[nodiscard]] Status check_event_types(const Plan& plan, const std::vector<std::string>& types);

// "events.csv, row 17 (line 18), column "time"": the place as messages name it.
[[nodiscard]] std::string place(const Where& where);

}  // namespace causal_sessions
