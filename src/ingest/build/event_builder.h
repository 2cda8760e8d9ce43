// Event builder: rows of text, or columns -> event columns. Checks each row, parses its time, numbers its texts.
// The same table gives the same events, issues and messages either way.
//
// A row that cannot be used is an issue (row_issues.h); whether issues refuse the run is decided once everything has
// been seen. What may be wrong with the rows that are used becomes notices (reading_notices.h).
//
// Units:   times become microseconds UTC; an epoch number's unit is decided over all rows (epoch_numbers.h).
// Errors:  kBadRows, kMixedTimeUnits, kBadTimes, kReservedId, kTooLarge.
// Cost:    one pass; what event_table.h says.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/workers.h"
#include "ingest/build/column_batch.h"
#include "ingest/build/epoch_numbers.h"
#include "ingest/build/found.h"
#include "ingest/build/reading_notices.h"
#include "ingest/build/row_batch.h"
#include "ingest/build/row_issues.h"
#include "ingest/event_table.h"
#include "ingest/reading_options.h"
#include "ingest/schema.h"
#include "ingest/table_sink.h"
#include "ingest/timestamp.h"

namespace causal_sessions {

// Beside the millionths of an epoch number: it had further digits.
constexpr std::uint32_t kCutBit = 1u << 31;

class ChunkParser;
class ChunkWriter;

// The ids that the texts of another builder, by its ids, have in this one.
struct ChunkIds {
  std::vector<std::uint32_t> users, items;
  std::vector<std::vector<std::uint32_t>> values;
  std::vector<std::uint8_t> types;
  bool lost = false;  // a chunk was not absorbed, so some of its texts are missing here
};

// The events of a builder, before their times are resolved.
struct BuiltEvents {
  const EventTable& table;
  std::array<const BlockColumn<std::uint32_t>*, 2> millionths;  // of the times, and of when events became known; empty: none
  const InexactIds& inexact;
};

struct PartTexts {
  std::span<const std::string_view> users, items;
  std::vector<std::span<const std::string_view>> values;
  std::span<const std::string> types;
};

// By the ids of their part.
struct PartEvents {
  std::size_t size = 0;
  std::span<const std::uint32_t> user, type, item;
  std::span<const std::int64_t> time, known;  // the latter empty where nothing says it
  std::array<std::span<const std::int64_t>, 2> millionths;
  std::vector<std::span<const std::uint32_t>> values;
};

class EventBuilder final : public TableSink {
 public:
  // `most_rows`: of a file.
  explicit EventBuilder(const ReadingOptions& options, std::uint64_t most_rows = UINT64_MAX);

  // The columns of an event: user, time and type, then the item and the further ones that the plan names, as far as there are such.
  [[nodiscard]] Result<std::vector<WantedColumn>> choose(const std::string& file, TableColumns columns) override;
  [[nodiscard]] bool may_choose(const std::string& name, std::size_t position) const override;
  [[nodiscard]] bool may_change(std::string_view name) const override;
  [[nodiscard]] std::uint64_t most_rows() const override { return most_rows_; }
  [[nodiscard]] bool shows() const override { return false; }
  void begin_file(const std::string& file, const Schema& schema);
  [[nodiscard]] Status add(const RowBatch& batch) override;
  [[nodiscard]] Status add(const ColumnBatch& batch) override;
  void add_bad_row(IssueReason reason, std::uint64_t row, std::optional<std::uint64_t> line, std::string column,
                   std::string_view text) override;

  // The events, once every file has been added; the builder is empty afterwards.
  [[nodiscard]] Result<EventTable> finish(const Workers& workers = Workers());

  // Chunks of a file that were read by other builders: event_builder_chunks.cpp. What a builder for chunks begins with:
  void write_start(ChunkWriter& task) const;
  void begin_chunks(ChunkParser& task);
  // Everything since the last chunk; only the texts and their ids stay.
  void write_chunk(ChunkWriter& chunk);
  // Takes such a chunk, as if its rows had been added here. `rows`, `lines`: what comes before it in its file. False, and
  // nothing is done, if it does not fit.
  [[nodiscard]] bool absorb(ChunkParser& chunk, ChunkIds& ids, std::uint64_t rows, std::uint64_t lines);

  // Files that were read by another builder, elsewhere: event_builder_parts.cpp. What that one has of events, and what it has found
  // since it was asked before.
  [[nodiscard]] BuiltEvents built() const;
  [[nodiscard]] Found take_found();
  // What it has, as if it had been read here. Texts that are new in the events to come; the ids of a part are those of its texts in
  // their order. Then events, and what was found of them. kBadSyntax for what no builder has; kTooLarge.
  [[nodiscard]] Status add_texts(const PartTexts& texts, ChunkIds& ids);
  [[nodiscard]] Status add_events(const PartEvents& events, const ChunkIds& ids);
  void add_found(Found found);
  void add_inexact(const InexactIds& inexact, const ChunkIds& ids);

  void note_quoted_rows(std::uint64_t row, std::uint64_t line) override;

  // Until finished: the types of the rows so far, whether or not they are of the plan.
  [[nodiscard]] std::vector<TypeRows> seen_types() const;

  // Of the file at hand.
  [[nodiscard]] const Schema& schema() const { return schema_; }
  [[nodiscard]] const std::string& file() const { return file_; }
  [[nodiscard]] const IssueSummary& issues() const { return issues_; }
  // Once finished: what may be wrong, and how many events have each type.
  [[nodiscard]] const std::vector<Notice>& notices() const { return notices_; }
  [[nodiscard]] const TypeCounts& types() const { return type_counts_; }
  [[nodiscard]] const TimeSummary& times() const { return times_; }
  [[nodiscard]] std::size_t size() const { return events_.size(); }
  [[nodiscard]] std::uint64_t rows() const { return rows_; }

 private:
  // The usable rows of a batch.
  struct Checked {
    std::size_t size = 0;
    std::array<std::uint32_t, RowBatch::kCapacity> user_id, item_id;
    std::array<std::int64_t, RowBatch::kCapacity> time;
    std::array<std::uint32_t, RowBatch::kCapacity> millionths;
    std::array<std::uint8_t, RowBatch::kCapacity> type;
    std::array<std::uint32_t, RowBatch::kCapacity> source;  // position in the batch
    // When each became known; empty without a column that says it.
    std::vector<std::int64_t> known;
    std::vector<std::uint32_t> known_millionths;
  };
  struct CheckedTexts {
    std::array<std::string_view, RowBatch::kCapacity> user, item;
  };
  // A batch of columns by what they are.
  struct EventColumns {
    std::size_t size;
    std::uint64_t first_row;
    TextColumn user, type, item;
    std::variant<TextColumn, TimeColumn> time;
    std::span<const std::uint64_t> rows;
    const ColumnBatch* whole;  // with the further columns

    [[nodiscard]] std::uint64_t row(std::size_t i) const { return rows.empty() ? first_row + i : rows[i]; }
  };
  struct RowPlace {
    std::uint64_t row;
    std::optional<std::uint64_t> line;
  };
  // A column of times, as far as it has been read.
  struct TimesRead {
    ParsedTime::Kind kind = ParsedTime::Kind::kBad;  // of the first usable row; all others must match
    BlockColumn<std::uint32_t> millionths;           // of epoch numbers, once one has a fraction
    EpochNumbers numbers;                            // of files whose unit is to be told

    // Whether it is a time, of the kind of those before.
    [[nodiscard]] bool fits(const ParsedTime& time) {
      if (kind == ParsedTime::Kind::kBad) kind = time.kind;
      return time.kind != ParsedTime::Kind::kBad && time.kind == kind;
    }
    void append(std::size_t before, const std::uint32_t* values, std::size_t count);
    // So many events have no fraction unless they have been given one.
    void fill_up(std::size_t events) {
      if (events > millionths.size()) millionths.append(events - millionths.size(), [](std::size_t) { return 0u; });
    }
  };
  static constexpr std::uint8_t kNoType = 0xFF;
  static constexpr std::size_t kNoSlot = SIZE_MAX;
  struct ChunkHead;

  [[nodiscard]] Status add_all(const EventColumns& batch);
  [[nodiscard]] Status add_cleaned(EventColumns batch);
  void check(const RowBatch& batch, Checked& checked, CheckedTexts& texts);
  void check(const EventColumns& batch, std::size_t first, std::size_t end, Checked& checked);
  // Keeps the row at a position of its batch; gives its place among the checked ones.
  std::size_t keep(Checked& checked, std::size_t position, const ParsedTime& time, std::string_view time_text, std::uint8_t type,
                   std::uint64_t row) {
    const std::size_t at = checked.size++;
    const bool number = time.kind == ParsedTime::Kind::kNumber;
    checked.time[at] = time.value;
    checked.millionths[at] = time.millionths | (number && time.cut ? kCutBit : 0);
    checked.type[at] = type;
    checked.source[at] = static_cast<std::uint32_t>(position);
    times_.cut += !number && time.cut;
    times_.zoned += time.zoned;
    if (time.change != ClockChange::kNone) ++(time.change == ClockChange::kSkipped ? times_.skipped : times_.repeated);
    if (number && time_.unit == TimeUnit::kAuto) times_read_.numbers.note(time.value, time_text, file_, row);
    return at;
  }
  // Whether it is a time, of the kind of those before; refuse_time() tells of one that is none.
  bool read_time(std::string_view text, ParsedTime& time);
  void refuse_time(std::string_view text, const RowPlace& at);
  void refuse_time(const RowBatch& batch, std::size_t i, const RowPlace& at);
  [[nodiscard]] bool is_other_header(const RowBatch& batch, std::size_t i) const;
  bool check_time(const TimeColumn& times, std::size_t i, const RowPlace& at, ParsedTime& time);
  // Of the row at a position of its batch, when it became known; one that tells none is an issue.
  bool check_known(const RowBatch& batch, std::size_t i, const RowPlace& at, ParsedTime& known);
  bool check_known(const EventColumns& batch, std::size_t i, const RowPlace& at, ParsedTime& known);
  bool check_known(const ParsedTime& known, std::string_view text, const RowPlace& at);
  ParsedTime read_known(std::string_view text);
  void keep_known(Checked& checked, const ParsedTime& known);
  [[nodiscard]] std::string name_of_known() const { return schema_.known_at ? schema_.names[*schema_.known_at] : std::string(); }
  // A value of a typed column.
  [[nodiscard]] ParsedTime time_of(const TimeColumn& times, std::size_t i);
  void begin_times(const ParsedTime& time, std::string_view text);
  std::uint8_t type_id(std::string_view text, const RowPlace& at);
  std::uint8_t type_id(const TextColumn& types, std::size_t i, const RowPlace& at);
  void append(const Checked& checked);
  // Of the further columns, by the text at a place in the batch and a position there.
  void append_values(const Checked& checked, const std::function<std::string_view(std::size_t, std::uint32_t)>& text_at);
  void write_values(ChunkWriter& chunk);
  void absorb_values(ChunkParser& chunk, std::size_t events, ChunkIds& ids);
  void place_columns(std::vector<WantedColumn>& wanted);
  void add_issue(IssueReason reason, const RowPlace& at, std::string column, std::string_view text);
  [[nodiscard]] Status check_room(std::size_t more) const;
  [[nodiscard]] bool fits(const ChunkHead& chunk, const ChunkIds& ids) const;
  void absorb_columns(ChunkParser& chunk, const ChunkHead& head, const ChunkIds& ids);
  [[nodiscard]] Found found_in(ChunkParser& chunk, const ChunkHead& head, std::uint64_t rows, std::uint64_t lines) const;
  // A special token among the batch's items: its position in `checked`.
  [[nodiscard]] std::optional<std::size_t> find_reserved(const Checked& checked) const;
  [[nodiscard]] Error reserved_item(std::uint32_t item_id, const RowPlace& at) const;
  [[nodiscard]] IssueContext issue_context() const;
  void begin_unit();
  // Gives the numbers among a column's times their unit; `told` is told of it.
  [[nodiscard]] Status resolve_numbers(TimesRead& read, BlockColumn<std::int64_t>& times_us, const std::string& column,
                                       TimeSummary& told);
  [[nodiscard]] Status resolve_numbers(const TimesRead& read, BlockColumn<std::int64_t>& times_us, std::size_t unit,
                                       std::size_t begin, std::size_t end, TimeSummary& told);
  [[nodiscard]] Status resolve_known();
  [[nodiscard]] bool is_null(std::string_view text) const;
  [[nodiscard]] std::string_view cleaned(std::string_view text) const;
  [[nodiscard]] std::string_view value_of(std::string_view text) const { return cleans_ ? cleaned(text) : text; }

  const ReadingOptions& options_;
  std::uint64_t most_rows_;
  std::string file_;
  ReadingOptions::Time time_;  // of the file at hand
  Schema schema_;
  // Places in a batch; kNoSlot where the file has no such column. Behind the type one that had a place in the file keeps it.
  std::size_t item_slot_ = kNoSlot, known_slot_ = kNoSlot;
  std::vector<std::size_t> value_slots_;
  std::vector<std::string> placed_;  // the names of the columns behind the type
  EventTable events_;
  CheckedTexts checked_texts_;  // of the batch at hand; kept, as making one fills it
  StringPool types_;            // ids are positions in `types`
  TimestampParser parser_;
  TimesRead times_read_;
  // When events became known.
  TimesRead known_read_;
  TimestampParser known_parser_, known_other_parser_;  // by the plan; of texts that no format of it fits
  std::uint64_t known_early_ = 0;                      // before they happened
  // From which event on numbers have which unit, once a file has another one than those before.
  struct UnitChange {
    std::size_t first_event;
    TimeUnit unit;
  };
  std::vector<UnitChange> units_;
  std::vector<std::string> reserved_;
  IssueSummary issues_;
  TimeShapes shapes_;
  std::string first_time_;  // that was read, where it was a text
  TimeSummary times_;
  QuotedRows quoted_rows_;
  InexactIds inexact_;
  std::vector<Notice> notices_;
  TypeCounts type_counts_;
  std::uint64_t rows_ = 0;
  bool cleans_ = false;  // the plan takes blanks off, or names texts that stand for a missing value
  std::uint32_t told_users_ = 0, told_items_ = 0, told_types_ = 0;  // that have gone out with a chunk
  std::vector<std::uint32_t> told_values_;
};

}  // namespace causal_sessions
