// Row issues: rows that cannot become events, counted by reason, the first ones kept with their place; and when they
// refuse a run.
//
// Errors:  kBadRows, where the plan's rows.bad or events.unknown does not allow for them, or no row is left.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/notice.h"
#include "core/result.h"
#include "core/utf8.h"
#include "ingest/build/time_shapes.h"
#include "ingest/reading_options.h"

namespace causal_sessions {

enum class IssueReason : std::uint8_t {
  kMissingUser,
  kMissingTime,
  kMissingType,
  kBadTime,
  kUnknownType,
  kWrongCellCount,
  kNestedValue,
  kBadValue,
  kOtherHeader
};
constexpr std::size_t kIssueReasons = 9;
constexpr std::array<const char*, kIssueReasons> kIssueNames = {"missingUser", "missingTime", "missingType",
                                                                "badTime",     "unknownType", "wrongCellCount",
                                                                "nestedValue", "badValue",    "otherHeader"};

// A type's id is a byte, and one of its values means "none".

struct RowIssue {
  IssueReason reason;
  std::string file;
  std::uint64_t row;
  std::optional<std::uint64_t> line;  // of text formats
  std::string column;                 // the file's name of it
  std::string text;                   // what was found
};

struct IssueSummary {
  struct UnknownType {
    std::uint64_t rows = 0;
    std::uint64_t first_row = 0;
  };
  std::array<std::uint64_t, kIssueReasons> rows{};   // by reason
  std::vector<RowIssue> first;                       // the first kKept of each reason
  std::map<std::string, UnknownType> unknown_types;  // at most kMaxUnknown of them
  static constexpr std::size_t kKept = 5;
  static constexpr std::size_t kMaxUnknown = 1000;

  // Those of rows that come behind.
  void add(const IssueSummary& more);
  [[nodiscard]] std::uint64_t total() const;
  [[nodiscard]] std::uint64_t unknown() const { return rows[static_cast<std::size_t>(IssueReason::kUnknownType)]; }
};

// What a refusal knows of the file beside its issues.
struct IssueContext {
  std::uint64_t rows = 0, events = 0;  // read; of them usable
  bool any_time = false;               // a time was read
  std::string date_column;             // beside the column of the time; empty: none
  std::vector<std::string> types;      // known ones
  bool quoted_lines = false;           // quoted cells hold lines that look like rows
  std::string first_time;              // that was read, where it was a text
  std::string known_column;            // that says when events became known; empty: there is none
  std::string preset;                  // of the export that the columns tell, as advice; empty: of none
  TimeShapes shapes;                   // of the times that could not be read
};

[[nodiscard]] Status refuse_issues(const IssueSummary& issues, const IssueContext& context, const ReadingOptions& options);

// The rows that were left out, as a plan that drops them allows; nothing if there are none.
[[nodiscard]] std::optional<Notice> note_left_out(const IssueSummary& issues, std::uint64_t rows);

// "events.csv, row 17 (line 18), column "time"": the place as messages name it.
[[nodiscard]] std::string place(const Where& where);

// "1 row", "3 rows".
[[nodiscard]] std::string counted(std::uint64_t count, const char* one, const char* many);

// A cell as a message shows it: in quotes, at most 60 bytes, cut between characters.
[[nodiscard]] std::string shown_cell(std::string_view text);

// Without blanks around it, be they of no width.
[[nodiscard]] std::string_view without_blanks(std::string_view text);

// The plain way to write an id: nothing around it that is blank or a quote, "7" of "7.0", "007" and "+7", "true" of "True".
// Empty: it is plain.
[[nodiscard]] std::string_view plain_form(std::string_view text);

// Whether the texts are the same but for case and what plain_form() takes away.
[[nodiscard]] bool same_but_for_form(std::string_view a, std::string_view b);

}  // namespace causal_sessions
