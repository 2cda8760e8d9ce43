// The plan: everything a run depends on besides the input, as one JSON object.
//
// Every key is optional and every default stands here. Unknown keys and wrong values are refused by name,
// with what is allowed, so that a typing error never runs as something else.
//
// Errors:  kBadPlan; where.column is the key, as in "session.gapHours".
// Source:  the notebook's configuration cell for the defaults of the profile "notebook".
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "core/result.h"

namespace causal_sessions {

enum class TextFormat { kAuto, kCsv, kJson };
enum class CsvHeader { kAuto, kYes, kNo };
enum class TimeUnit { kAuto, kSeconds, kMilliseconds, kMicroseconds, kNanoseconds };
enum class TieRule {
  kNumpy,     // as NumPy's argsort leaves equal times: the notebook's
  kInput,     // equal times stay in input order
  kPriority,  // equal times by event type id, then input order
};
enum class UnknownTypes {
  kError,  // rows with an unknown event type refuse the run
  kDrop,   // they are left out and counted
  kAdd,    // unknown event types are appended to `types`
};
// Rows without user, time or type, with a time that cannot be read, with too few or too many cells.
enum class BadRows { kError, kDrop };
enum class Duplicates { kKeep, kDrop };
// Where the window ends in which a treatment makes T = 1.
enum class WindowEnds {
  kWindow,        // after its minutes
  kNextExposure,  // or at the user's next exposure, if that comes first
};
// What becomes of what happens between an exposure and its treatment.
enum class GracePeriod {
  kExclude,  // rows whose outcome comes before their treatment are left out
  kAlign,    // time zero is moved to the treatment, and by a delay like the treated's in every other row
};
enum class IndexKind {
  kSession,   // the notebook's: no common time zero
  kExposure,  // every exposure of a session
  kLandmark,  // a fixed time after the session's start
  kMatched,   // risk sets: where the treated are treated, and controls who are not yet at the same point of a session
};
enum class OutcomeFrom { kTimeZero, kWindowEnd };
enum class PriorOutcome {
  kCount,    // an outcome before the treatment is one like any other
  kIgnore,   // it does not count towards Y
  kExclude,  // the row is left out
};
enum class Censored { kKeep, kDrop };
enum class LengthOf { kSession, kX };
enum class KeepEvents { kFirst, kLast };
enum class FitOn {
  kAll,     // the events of all kept sessions
  kTrain,   // those of the training part
  kTrainX,  // those in X of the training part
};
enum class SplitKind { kShuffle, kHash, kTime, kFolds };
// What a token carries beside event, item and minutes.
enum class Channel : std::uint8_t {
  kGap,         // minutes since the session's previous event
  kHour,        // 0 .. 23, UTC
  kWeekday,     // 0 .. 6, Monday first, UTC
  kToTimeZero,  // minutes until time zero
};
constexpr std::size_t kMostChannels = 4;
// Cells of the CSV output that a spreadsheet would run as a formula.
enum class CsvFormulas { kHarmless, kKeep };

// A column by name, or by number (1 = first) where a file has no header.
struct ColumnName {
  std::string name;
  std::uint32_t number = 0;
  [[nodiscard]] bool is_set() const { return number != 0 || !name.empty(); }
};

struct Plan {
  std::string profile = "notebook";
  struct {
    TextFormat format = TextFormat::kAuto;  // of text; Parquet and Arrow say what they are
    char separator = 0;                     // of CSV; 0: told from the first rows
    CsvHeader header = CsvHeader::kAuto;    // whether its first row names the columns
    char quote = '"';                       // of CSV; 0: none, quotes are characters like any other
    char escape = 0;                        // of CSV: takes its meaning from a quote, a separator, a line break; 0: none
    std::vector<std::string> nulls;         // texts that stand for a missing value
  } input;
  struct {
    ColumnName user, time, type, item;  // unset: found by synonym
  } columns;
  struct {
    TimeUnit unit = TimeUnit::kAuto;
    std::int64_t zone_offset_us = 0;  // of text without a zone
    std::string zone = "UTC";
    TieRule ties = TieRule::kNumpy;
  } time;
  struct {
    std::vector<std::string> types = {"auction", "impression", "click", "purchase"};
    std::vector<std::pair<std::string, std::string>> without_item = {{"auction", "[AUCTION]"}};  // type, token
    UnknownTypes unknown = UnknownTypes::kError;
    Duplicates duplicates = Duplicates::kKeep;  // equal user, time, type and item
  } events;
  struct {
    BadRows bad = BadRows::kError;  // where the plan does not say: kDrop if unknown types are dropped
  } rows;
  struct {
    std::string end;                   // until when events were observed; empty: told from their times
    std::int64_t end_us = 0;
  } data;
  struct {
    double gap_hours = 24;             // a session ends after a strictly longer silence
    std::uint32_t min_events = 2;      // shorter ones are dropped
    LengthOf min_events_of = LengthOf::kSession;  // what is that short
    std::optional<double> max_hours;   // a session longer than this is cut; unset: never
  } session;
  std::string treatment_type = "click";
  struct {
    std::string type = "purchase";
    OutcomeFrom from = OutcomeFrom::kTimeZero;
    PriorOutcome prior = PriorOutcome::kCount;
    Censored censored = Censored::kKeep;  // rows whose follow-up the end of the data cuts
  } outcome;
  struct {
    IndexKind kind = IndexKind::kSession;
    std::string type = "impression";  // of exposures
    double minutes = 10;              // of the landmark after the session's start
    double window_minutes = 5;        // in which a treatment makes T = 1
    double horizon_hours = 24;        // in which an outcome makes Y = 1
    bool same_item = false;           // only a treatment with an item of the exposure counts
    WindowEnds window_ends = WindowEnds::kWindow;
    GracePeriod grace = GracePeriod::kExclude;
    double washout_hours = 0;         // no treatment of the user in so long before time zero; 0: not asked
    std::uint32_t controls = 1;       // drawn for each treated row of a matched design
    std::uint32_t seed = 42;          // of what is drawn for controls
  } index;
  struct {
    std::uint32_t max_events = 500;
    KeepEvents keep = KeepEvents::kFirst;
    std::uint32_t min_events = 2;      // shorter sequences are padded to this
    std::string padding = "auction";   // event type of padding tokens; empty: no padding
    std::vector<Channel> channels;
  } sequence;
  struct {
    FitOn fit_on = FitOn::kAll;
    std::uint32_t min_count = 1;       // items seen fewer times are [UNK]
    bool special_events = false;       // event ids 0 and 1 are [PAD] and [UNK]
  } vocabulary;
  struct {
    SplitKind kind = SplitKind::kShuffle;
    std::uint32_t seed = 42;           // of the shuffle; the salt of a hash
    double train = 0.7, validation = 0.15, test = 0.15;  // shares of users (by time: of rows), sum 1
    std::uint32_t folds = 0;           // folds of users, as a column; 0: none
    std::string validation_from, test_from;  // of a split by time; empty: told from the shares
    std::int64_t validation_from_us = 0, test_from_us = 0;
  } split;
  struct {
    CsvFormulas csv_formulas = CsvFormulas::kHarmless;
    std::uint32_t pad_to = 0;          // tokens a row of padded tensors; 0: as many as the longest sequence
  } output;

  [[nodiscard]] std::int64_t max_gap_us() const;
  [[nodiscard]] std::optional<std::int64_t> max_session_us() const;
  [[nodiscard]] std::int64_t window_us() const;
  [[nodiscard]] std::int64_t horizon_us() const;
  [[nodiscard]] std::int64_t landmark_us() const;
  [[nodiscard]] std::int64_t washout_us() const;
  // From time zero to the last instant that can decide T or Y.
  [[nodiscard]] std::int64_t follow_up_us() const;
};

// Reads a plan from JSON text; empty text is the default plan.
[[nodiscard]] Result<Plan> read_plan(std::string_view json_text);

[[nodiscard]] inline bool has_channel(const Plan& plan, Channel channel) {
  for (const Channel entry : plan.sequence.channels) {
    if (entry == channel) return true;
  }
  return false;
}

// The defaults of a profile; nothing for a name that is none.
[[nodiscard]] std::optional<Plan> default_plan(std::string_view profile);

// The whole plan as JSON, defaults included, indented by two spaces; read_plan() of it gives the same plan.
[[nodiscard]] std::string write_plan(const Plan& plan);
[[nodiscard]] nlohmann::ordered_json plan_json(const Plan& plan);

}  // namespace causal_sessions
