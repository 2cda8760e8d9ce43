// The plan: everything a run depends on besides the input, as one JSON object.
//
// Every key is optional and every default stands here. Unknown keys and wrong values are refused by name,
// with what is allowed, so that a typing error never runs as something else.
//
// Errors:  kBadPlan; where.column is the key, as in "session.gapHours".
// Source:  the notebook's configuration cell for the defaults.
#pragma once

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
  kError,  // rows that cannot be used refuse the run
  kDrop,   // they are left out and counted
  kAdd,    // unknown event types are appended to `types`; other such rows refuse the run
};
enum class KeepEvents { kFirst, kLast };
enum class FitOn { kAll, kTrain };
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
  } events;
  struct {
    double gap_hours = 24;             // a session ends after a strictly longer silence
    std::uint32_t min_events = 2;      // shorter sessions are dropped
    std::optional<double> max_hours;   // a session longer than this is cut; unset: never
  } session;
  std::string treatment_type = "click";
  std::string outcome_type = "purchase";
  struct {
    std::uint32_t max_events = 500;
    KeepEvents keep = KeepEvents::kFirst;
    std::uint32_t min_events = 2;      // shorter sequences are padded to this
    std::string padding = "auction";   // event type of padding tokens; empty: no padding
  } sequence;
  struct {
    FitOn fit_on = FitOn::kAll;
    std::uint32_t min_count = 1;       // items seen fewer times are [UNK]
  } vocabulary;
  struct {
    std::uint32_t seed = 42;
    double train = 0.7, validation = 0.15, test = 0.15;  // shares of users, sum 1
  } split;
  struct {
    CsvFormulas csv_formulas = CsvFormulas::kHarmless;
    std::uint32_t pad_to = 0;          // tokens a row of padded tensors; 0: as many as the longest sequence
  } output;

  [[nodiscard]] std::int64_t max_gap_us() const;
  [[nodiscard]] std::optional<std::int64_t> max_session_us() const;
};

// Reads a plan from JSON text; empty text is the default plan.
[[nodiscard]] Result<Plan> read_plan(std::string_view json_text);

// The whole plan as JSON, defaults included, indented by two spaces; read_plan() of it gives the same plan.
[[nodiscard]] std::string write_plan(const Plan& plan);
[[nodiscard]] nlohmann::ordered_json plan_json(const Plan& plan);

}  // namespace causal_sessions
