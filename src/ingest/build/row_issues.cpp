#include "ingest/build/row_issues.h"

#include <algorithm>
#include <numeric>

#include "core/cold.h"

namespace causal_sessions {
namespace {

constexpr std::array<const char*, kIssueReasons> kIssueWords = {"no user",
                                                                "no time",
                                                                "no event type",
                                                                "a time that cannot be read",
                                                                "an unknown event type",
                                                                "a wrong number of cells",
                                                                "an object or list for a value",
                                                                "a value that stands for nothing",
                                                                "the names of columns in another order"};

bool is_time_of_day(std::string_view text) {
  const auto digit = [&](std::size_t i) { return i < text.size() && text[i] >= '0' && text[i] <= '9'; };
  const std::size_t colon = digit(1) ? 2 : 1;
  return digit(0) && colon < text.size() && text[colon] == ':' && digit(colon + 1) && digit(colon + 2);
}

bool has_shape(std::string_view text) {
  TimeShapes shapes;
  shapes.note(text);
  return shapes.others == 0;
}

// The zone that an ISO time names behind its clock, as in "2025-09-05 07:03:00 Europe/Berlin"; empty if it names none so.
COLD std::string_view named_zone(std::string_view text) {
  const std::size_t blank = text.rfind(' ');
  if (blank == text.npos || blank < 16 || text[4] != '-') return {};
  const std::string_view name = text.substr(blank + 1);
  const auto in_name = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '/' || c == '_' || c == '-';
  };
  return name.find('/') != name.npos && std::all_of(name.begin(), name.end(), in_name) ? name : std::string_view();
}

// Of a value in quotes that are those of the file, perhaps.
COLD std::string quote_advice(std::string_view text, const ReadingOptions& options) {
  const std::string_view inner = without_blanks(text);
  if (inner.size() >= 2 && inner.front() == '"' && inner.back() == '"' && inner.size() < text.size() &&
      options.input.quote == '"') {
    return "; a blank stands before its quotes, which makes them a part of it: write the separators without blanks";
  }
  const bool single = text.size() >= 2 && text.front() == '\'' && text.back() == '\'' && options.input.quote != '\'';
  return single ? "; if the file quotes with ', set input.quote to \"'\"" : "";
}

COLD std::string list_formats(const ReadingOptions& options) {
  std::string text;
  for (const std::string& format : options.time.format) text.append(text.empty() ? "\"" : ", \"").append(format).append("\"");
  return text;
}

// Whether a refusal of the row names the format that mends it.
bool names_format(const RowIssue& issue, const IssueContext& context, const ReadingOptions& options) {
  return issue.reason == IssueReason::kBadTime && options.time.format.empty() &&
         (!is_time_of_day(issue.text) || has_shape(issue.text)) && quote_advice(issue.text, options).empty() &&
         (!context.any_time || !context.first_time.empty()) && !context.shapes.advice({}, context.first_time).empty();
}

COLD std::string rule_of_time(const RowIssue& issue, const IssueContext& context, const ReadingOptions& options) {
  if (!options.time.format.empty()) return shown_cell(issue.text) + " does not fit time.format (" + list_formats(options) + ")";
  if (const std::string_view zone = named_zone(issue.text); !zone.empty()) {
    const std::string finding = shown_cell(issue.text) + " names the zone \"" + std::string(zone) + "\"";
    if (options.time.zone == "UTC") return finding + ": set time.zone to \"" + std::string(zone) + "\"";
    return finding + ", and time.zone is \"" + options.time.zone + "\"; export the times in UTC, or with their offsets";
  }
  const bool shaped = has_shape(issue.text), joined = issue.column.find(", ") != issue.column.npos;
  if (is_time_of_day(issue.text) && shaped && joined) {
    return shown_cell(issue.text) + " is a time of the day before its date; name the column of the date first in columns.time";
  }
  if (is_time_of_day(issue.text) && !shaped) {
    std::string text = shown_cell(issue.text) + " is a time of the day without its date";
    if (context.date_column.empty()) return text + "; write both into one column, as in 2025-09-05 00:11:14";
    text.append("; the column \"").append(context.date_column).append("\" may hold the date: set columns.time to [\"");
    return text.append(context.date_column).append("\", \"").append(issue.column).append("\"]");
  }
  // Of two columns, of which the second may count seconds or be an hour.
  const std::size_t blank = issue.text.find(' ');
  if (options.time.unit == TimeUnit::kAuto && blank == 10 &&
      issue.text.find_first_not_of("0123456789", blank + 1) == issue.text.npos && blank + 1 < issue.text.size()) {
    return shown_cell(issue.text) +
           " is a date and a number: set time.unit to what it counts from midnight (\"s\", \"ms\"), or time.format to what it "
           "is, as "
           "in \"%Y-%m-%d %H\"";
  }
  // Quotes are no part of a time, and other cells have them too.
  if (options.time.unit == TimeUnit::kExcel)
    return shown_cell(issue.text) + " is no number of days, which time.unit, \"excel\", asks for";
  const std::string quotes = quote_advice(issue.text, options);
  if (!quotes.empty()) return shown_cell(issue.text) + " is not a time that is read here" + quotes;
  std::string advice = context.shapes.advice(shaped ? shown_cell(issue.text) : "one of the other values", context.first_time);
  if (!shaped) advice.insert(0, shown_cell(issue.text) + " is not a time that is read here; ");
  if (names_format(issue, context, options)) return advice;
  return shown_cell(issue.text) + (context.any_time ? " is not a time like the others" : " is not a time that is read here") +
         " (ISO 8601 such as 2025-09-05 00:11:14.887526, or an epoch number; one kind in a column)" +
         (context.shapes.shapes.empty() ? "" : "; where a column is written in several ways, list all of them in time.format");
}

// Of the column that says when events became known.
COLD std::string rule_of_known(const RowIssue& issue, const ReadingOptions& options) {
  if (issue.reason == IssueReason::kMissingTime) {
    return "when the event became known is missing; without it nothing tells whether a time zero may know of it";
  }
  return shown_cell(issue.text) + " is not a time that is read here" +
         (options.time.format.empty() ? "" : ", by time.format or without it") +
         " (ISO 8601 such as 2025-09-05 00:11:14.887526, or an epoch number; one kind in a column)";
}

COLD std::string rule_of(const RowIssue& issue, const IssueContext& context, const ReadingOptions& options) {
  if (issue.reason == IssueReason::kOtherHeader) {
    return "another header begins here, whose columns are not those of the first; give each part a file of its own";
  }
  if (!issue.column.empty() && same_but_for_form(issue.text, issue.column))
    return "the row repeats the header; leave such lines out of the file";
  const bool of_time = issue.reason == IssueReason::kMissingTime || issue.reason == IssueReason::kBadTime;
  if (of_time && !context.known_column.empty() && issue.column == context.known_column) return rule_of_known(issue, options);
  switch (issue.reason) {
    case IssueReason::kMissingUser: return "the user is missing";
    case IssueReason::kMissingTime: return "the time is missing";
    case IssueReason::kMissingType: return "the event type is missing";
    case IssueReason::kBadTime: return rule_of_time(issue, context, options);
    case IssueReason::kUnknownType:
      if (options.events.unknown == UnknownTypes::kAdd) {
        return shown_cell(issue.text) + " is one event type too many: a run knows at most " + std::to_string(kMostTypes);
      }
      return shown_cell(issue.text) + " is not one of events.types" + quote_advice(issue.text, options);
    case IssueReason::kWrongCellCount:
    case IssueReason::kBadValue: return issue.text;
    case IssueReason::kNestedValue:
      if (!issue.text.empty())
        return "an object or list stands where a plain value is needed; the values in it have the paths " + issue.text +
               ": name the right one as the column";
      return "an object or list stands where a plain value is needed; a path names a value in it, such as \"" + issue.column +
             ".KEY\" or \"" + issue.column + "[0].KEY\", where inspect lists the keys that are there";
    case IssueReason::kOtherHeader: break;
  }
  return {};
}

// `"Click" 1, "view" 2, ...`
COLD std::string list_unknown(const IssueSummary& issues) {
  constexpr std::size_t kShown = 10;
  std::string text;
  std::size_t count = 0;
  for (const auto& [type, entry] : issues.unknown_types) {
    if (count++ == kShown) return text + ", ...";
    text += (text.empty() ? "" : ", ") + shown_cell(type) + " " + std::to_string(entry.rows);
  }
  return text;
}

COLD std::string list_reasons(const IssueSummary& issues) {
  std::string text;
  for (std::size_t reason = 0; reason < kIssueReasons; ++reason) {
    if (issues.rows[reason] == 0) continue;
    text.append(text.empty() ? "" : ", ").append(std::to_string(issues.rows[reason]));
    text.append(" with ").append(kIssueWords[reason]);
    if (reason == static_cast<std::size_t>(IssueReason::kUnknownType)) text += " (" + list_unknown(issues) + ")";
  }
  return text;
}

// An unknown type that is a known one in other letters.
COLD std::string case_hint(const IssueSummary& issues, const std::vector<std::string>& known, bool trims) {
  for (const auto& [type, entry] : issues.unknown_types) {
    const auto twin =
        std::find_if(known.begin(), known.end(), [&](const std::string& name) { return same_but_for_form(name, type); });
    if (twin == known.end()) continue;
    if (!trims && without_blanks(type) == without_blanks(*twin)) {
      return ". " + shown_cell(type) + " differs from " + shown_cell(*twin) +
             " in blanks around it alone: set input.trim to true to take such blanks off";
    }
    return ". " + shown_cell(type) + " differs from " + shown_cell(*twin) +
           (same_but_for_case(*twin, type) ? " in its case alone" : " in its form alone");
  }
  return {};
}

struct Refusing {
  bool unknown = false, bad = false, header = false;
  [[nodiscard]] bool any() const { return unknown || bad || header; }
  [[nodiscard]] bool is(IssueReason reason) const {
    if (header) return reason == IssueReason::kOtherHeader;
    return reason == IssueReason::kUnknownType ? unknown : bad;
  }
};

COLD std::string advice(const Refusing& refusing, const IssueContext& context, const IssueSummary& issues,
                        const ReadingOptions& options) {
  // Leaving out most of a file mends nothing: it is read by the wrong columns, or in the wrong way.
  const bool most = issues.total() * 2 > context.rows;
  std::string text;
  if (refusing.header) return text;
  if (refusing.unknown && options.events.unknown == UnknownTypes::kError) {
    text += case_hint(issues, context.types, options.input.trim) +
            ". Add the types to events.types, or set events.unknown to \"add\"";
    if (!most) text += " or \"drop\"";
  } else if (refusing.unknown) {
    text += ". Name the column of the event type in columns.type, or the types that matter in events.types";
    if (!most) text += " with events.unknown \"drop\"";
  }
  if (refusing.bad && !most) {
    text += context.quoted_lines
                ? ". A quoted cell holds several lines, which may be rows: look at input.quote and input.escape before rows.bad"
                : ". Set rows.bad to \"drop\" to leave such rows out and count them";
  } else if (refusing.bad) {
    text += issues.total() == context.rows ? ". No row is left without them" : ". Most rows are like that";
    text += ", so check which columns are read (columns), and how (input, time)";
  }
  return text;
}

}  // namespace

COLD std::string place(const Where& where) {
  std::string text = where.file;
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (where.row) {
    add("row " + std::to_string(*where.row) + (where.line ? " (line " + std::to_string(*where.line) + ")" : std::string()));
  } else if (where.line) {
    add("line " + std::to_string(*where.line));
  }
  if (!where.column.empty()) add("column \"" + where.column + "\"");
  return text;
}

COLD std::string counted(std::uint64_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

COLD std::string shown_cell(std::string_view text) {
  constexpr std::size_t kMost = 60;
  if (text.size() <= kMost) return '"' + std::string(text) + '"';
  std::size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return '"' + std::string(text.substr(0, end)) + "...\"";
}

namespace {

// Whether so many bytes are what Unicode calls White_Space, of every width (U+3000 is that of Chinese and Japanese texts), the byte
// order mark, or a character of no width.
bool is_blank(std::string_view bytes) {
  if (bytes.size() == 1) return std::string_view(" \t\r\n\v\f").find(bytes[0]) != std::string_view::npos;
  if (bytes.size() == 2) return bytes == "\xC2\x85" || bytes == "\xC2\xA0";
  if (bytes.starts_with("\xE2\x80")) {  // U+2000 to U+200D, U+2028, U+2029, U+202F
    const auto last = static_cast<unsigned char>(bytes[2]);
    return last <= 0x8D || last == 0xA8 || last == 0xA9 || last == 0xAF;
  }
  constexpr std::string_view kOthers[] = {"\xE1\x9A\x80", "\xE2\x81\x9F", "\xE2\x81\xA0", "\xE3\x80\x80", "\xEF\xBB\xBF"};
  return std::find(std::begin(kOthers), std::end(kOthers), bytes) != std::end(kOthers);
}

}  // namespace

std::string_view without_blanks(std::string_view text) {
  const auto is_plain = [](char c) { return static_cast<unsigned char>(c) < 0x80 && c > ' '; };
  for (bool more = !text.empty() && !(is_plain(text.front()) && is_plain(text.back())); more;) {
    more = false;
    for (std::size_t size = 1; size <= 3; ++size) {
      if (size <= text.size() && is_blank(text.substr(0, size))) text.remove_prefix(size), more = true;
      if (size <= text.size() && is_blank(text.substr(text.size() - size))) text.remove_suffix(size), more = true;
    }
  }
  return text;
}

std::string_view plain_form(std::string_view text) {
  // Nearly every id is plain, and its ends tell so.
  const auto is_usual = [](char c) { return static_cast<unsigned char>(c) < 0x80 && c > ' ' && c != '"'; };
  constexpr std::string_view kStarts = "0+TF";
  if (text.empty() || (is_usual(text.front()) && is_usual(text.back()) && kStarts.find(text.front()) == kStarts.npos &&
                       (text.back() != '0' || text.find('.') == text.npos)))
    return {};
  std::string_view plain = without_blanks(text);
  while (plain.starts_with('"')) plain = without_blanks(plain.substr(1));
  while (plain.ends_with('"')) plain = without_blanks(plain.substr(0, plain.size() - 1));
  if (const std::size_t point = plain.rfind('.');
      point != plain.npos && point != 0 && point + 1 < plain.size() && plain.find_first_not_of('0', point + 1) == plain.npos) {
    plain = plain.substr(0, point);
  }
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const std::size_t sign = plain.starts_with('+') ? 1 : 0;
  if (plain.size() > 1 && (sign != 0 || plain.starts_with('0')) && std::all_of(plain.begin() + sign, plain.end(), is_digit)) {
    plain.remove_prefix(std::min(plain.find_first_not_of('0', sign), plain.size() - 1));
  }
  if (plain == "True" || plain == "TRUE") return "true";
  if (plain == "False" || plain == "FALSE") return "false";
  return plain.size() == text.size() ? std::string_view() : plain;
}

COLD bool same_but_for_form(std::string_view a, std::string_view b) {
  const std::string_view x = plain_form(a), y = plain_form(b);
  return same_but_for_case(x.empty() ? a : x, y.empty() ? b : y);
}

COLD void IssueSummary::add(const IssueSummary& more) {
  std::array<std::uint64_t, kIssueReasons> before = rows;
  for (const RowIssue& issue : more.first) {
    if (before[static_cast<std::size_t>(issue.reason)]++ < kKept) first.push_back(issue);
  }
  for (std::size_t reason = 0; reason < kIssueReasons; ++reason) rows[reason] += more.rows[reason];
  // The first ones are kept, in the order of their rows.
  std::vector<const decltype(unknown_types)::value_type*> types;
  for (const auto& type : more.unknown_types) types.push_back(&type);
  std::stable_sort(types.begin(), types.end(),
                   [](const auto* one, const auto* other) { return one->second.first_row < other->second.first_row; });
  for (const auto* type : types) {
    if (unknown_types.size() >= kMaxUnknown && !unknown_types.contains(type->first)) continue;
    UnknownType& entry = unknown_types[type->first];
    if (entry.rows == 0) entry.first_row = type->second.first_row;
    entry.rows += type->second.rows;
  }
}

std::uint64_t IssueSummary::total() const { return std::accumulate(rows.begin(), rows.end(), std::uint64_t{0}); }

COLD Status refuse_issues(const IssueSummary& issues, const IssueContext& context, const ReadingOptions& options) {
  const std::uint64_t total = issues.total();
  if (total == 0) return {};
  Refusing refusing;
  refusing.unknown = issues.unknown() != 0 && options.events.unknown != UnknownTypes::kDrop;
  refusing.header = issues.rows[static_cast<std::size_t>(IssueReason::kOtherHeader)] != 0;
  refusing.bad = total != issues.unknown() && options.bad_rows == BadRows::kError;
  const bool nothing_left = context.events == 0;
  if (!refusing.any() && !nothing_left) return {};
  const RowIssue* first = &issues.first.front();
  for (const RowIssue& issue : issues.first) {
    if (!refusing.any() || refusing.is(issue.reason)) {
      first = &issue;
      break;
    }
  }
  Error error{ErrorCode::kBadRows, {}, {first->file, first->row, first->line, first->column}};
  error.message = place(error.where) + ": " + rule_of(*first, context, options) + ". " + counted(total, "row", "rows") + " of " +
                  std::to_string(context.rows) + " cannot be used: " + list_reasons(issues);
  if (refusing.any() && names_format(*first, context, options)) return error;
  if (refusing.any()) {
    error.message += advice(refusing, context, issues, options);
    if (!context.preset.empty()) error.message.append(". ").append(context.preset);
  } else {
    error.message += case_hint(issues, context.types, options.input.trim) +
                     ". No row is left without them, so there is nothing to make sessions of";
  }
  return error;
}

COLD std::optional<Notice> note_left_out(const IssueSummary& issues, std::uint64_t rows) {
  const std::uint64_t total = issues.total();
  if (total == 0) return std::nullopt;
  Notice notice{"rowsLeftOut", {}, {{"rows", total}, {"of", rows}}, total == issues.unknown() ? "events.unknown" : "rows.bad"};
  notice.message = counted(total, "row", "rows") + " of " + std::to_string(rows) + (total == 1 ? " was" : " were") +
                   " left out: " + list_reasons(issues);
  return notice;
}

}  // namespace causal_sessions
