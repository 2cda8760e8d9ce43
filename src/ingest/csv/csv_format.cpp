#include "ingest/csv/csv_format.h"

#include <algorithm>
#include <utility>

#include "core/cold.h"
#include "core/utf8.h"
#include "ingest/build/reading_notices.h"
#include "ingest/columns/nested_value.h"
#include "ingest/json/json_nested.h"
#include "ingest/not_utf8.h"
#include "ingest/timestamp.h"

namespace causal_sessions {
namespace {

// Whether the plan gives a column that an event needs by its number.
COLD bool names_by_number(const ReadingOptions& options) {
  return options.columns.user.number != 0 || options.columns.time.number != 0 || options.columns.type.number != 0;
}

COLD bool is_time(std::string_view text, const ReadingOptions& options) {
  const ParsedTime time = TimestampParser(options.time).parse(text);
  return time.kind == ParsedTime::Kind::kDate || (time.kind == ParsedTime::Kind::kNumber && text.size() >= 9);
}

// Whether a cell where the first time should be can be the column's name. A time in a form that is not read here, or one that
// is missing, is a row of data, whose loss nobody would see.
COLD bool may_be_name(std::string_view text, const ReadingOptions& options) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const char first = text.empty() ? '\0' : static_cast<char>(text[0] | 0x20);
  const bool letter = (first >= 'a' && first <= 'z') || (!text.empty() && (text[0] == '_' || (text[0] & 0x80) != 0));
  const bool null = is_null_marker(text) ||
                    std::find(options.input.nulls.begin(), options.input.nulls.end(), text) != options.input.nulls.end();
  return letter && !null && text.find(':') == text.npos && std::count_if(text.begin(), text.end(), is_digit) < 4;
}

COLD char detect_separator(std::span<const char> window, bool last, CsvMarks marks, std::size_t most_rows) {
  char best = ',';
  std::size_t best_agreeing = 0, best_cells = 1;
  for (const char separator : {',', ';', '\t', '|', '\x01'}) {
    marks.separator = separator;
    const auto rows = read_csv_rows(window, last, marks, most_rows).cells;
    if (rows.empty() || rows[0].size() < 2) continue;
    const auto agreeing = static_cast<std::size_t>(
        std::count_if(rows.begin(), rows.end(), [&](const auto& row) { return row.size() == rows[0].size(); }));
    if (agreeing > best_agreeing || (agreeing == best_agreeing && rows[0].size() > best_cells)) {
      best = separator;
      best_agreeing = agreeing;
      best_cells = rows[0].size();
    }
  }
  return best;
}

// `sep=;`, perhaps in quotes: its separator is taken unless the plan names one.
COLD void take_separator_line(std::span<const char> window, CsvDialect& dialect) {
  std::string_view line(window.data(), std::min<std::size_t>(window.size(), 16));
  const std::size_t end = line.find_first_of("\r\n");
  if (end == line.npos) return;
  dialect.skip = end + (line.substr(end).starts_with("\r\n") ? 2 : 1);
  line = line.substr(0, end);
  if (line.size() > 2 && line.front() == '"' && line.back() == '"') line = line.substr(1, line.size() - 2);
  const bool names_it = line.size() == 5 && (line[0] | 0x20) == 's' && (line[1] | 0x20) == 'e' && (line[2] | 0x20) == 'p' &&
                        line[3] == '=' && std::string_view(",;\t|").find(line[4]) != std::string_view::npos;
  if (!names_it) {
    dialect.skip = 0;
    return;
  }
  dialect.first_line = 2;
  if (dialect.marks.separator == 0) dialect.marks.separator = line[4];
}

// Lines at the front that the plan passes over; that of the separator is one of them. False if they do not end here.
COLD bool pass_lines(std::span<const char> window, bool last, std::uint64_t lines, CsvDialect& dialect) {
  while (dialect.first_line <= lines && dialect.skip < window.size()) {
    const std::size_t next = past_line(window, dialect.skip, last);
    if (next == 0) return false;
    dialect.skip = next;
    ++dialect.first_line;
  }
  return dialect.first_line > lines;
}

// The columns that the last comment `#Fields:` before the first row names, and what stands between cells: blanks, or tabs where
// the rows have some. False if the first row is not there yet.
COLD bool take_fields(std::span<const char> window, bool last, CsvDialect& dialect) {
  for (std::size_t at = 0; at < window.size();) {
    const std::size_t next = past_line(window, at, last);
    if (next == 0) return false;
    const std::string_view line(window.data() + at, next - at);
    at = next;
    if (line[0] == dialect.marks.comment) {
      std::vector<std::string> fields = fields_of(line);
      if (!fields.empty()) dialect.names = std::move(fields);
      continue;
    }
    if (line.find_first_not_of("\r\n") == line.npos) continue;
    dialect.fields = !dialect.names.empty();
    if (dialect.fields && dialect.marks.separator == 0) dialect.marks.separator = line.find('\t') != line.npos ? '\t' : ' ';
    return true;
  }
  return last;
}

bool is_blank_line(std::string_view line) { return line.find_first_not_of(" \t\r\n,;|\"") == line.npos; }

// Whether the columns that a run needs are found where a plan reads the file in this way, and the rows below have as many cells.
COLD bool reads_so(std::span<const char> window, bool last, const ReadingOptions& options) {
  const Result<CsvDialect> detected = detect_csv({}, window, last, options);
  if (!detected.ok()) return false;
  const CsvDialect& dialect = detected.value();
  if (!dialect.header && !names_by_number(options)) return false;
  if (!find_columns({}, dialect.names, options).ok()) return false;
  constexpr std::size_t kRows = 5;
  const CsvRows rows = read_csv_rows(window.subspan(dialect.skip), last, dialect.marks, kRows);
  return std::all_of(rows.cells.begin(), rows.cells.end(), [&](const auto& row) { return row.size() == dialect.names.size(); });
}

// Says more of columns that are missing where the file would be read with another plan, which is named.
COLD void advise(Error& error, std::span<const char> window, bool last, const CsvDialect& dialect,
                 const ReadingOptions& options) {
  // Lines that do not end soon are no titles, and many looks at a long one take long.
  if (window.size() > kSampleBytes) {
    window = window.first(kSampleBytes);
    last = false;
  }
  const auto say = [&](const std::string& finding) {
    error.where = {error.where.file, std::nullopt, dialect.first_line, {}};
    error.message = place(error.where) + ": " + finding;
  };
  ReadingOptions other = options;
  constexpr std::uint64_t kMostLines = 50;
  const char before_comment = options.input.comment;
  bool comments = before_comment == 0;  // all lines before the header
  std::size_t at = 0;
  for (std::uint64_t line = 1; line <= kMostLines && at < window.size(); ++line) {
    const std::size_t next = past_line(window, at, last);
    if (next == 0) break;
    const std::string_view text(window.data() + at, next - at);
    if (!fields_of(text).empty() && before_comment != '#') {
      return say("this is a log file whose line " + std::to_string(line) +
                 ", \"#Fields:\", names the columns: set input.comment to \"#\"");
    }
    if (line > dialect.first_line && text[0] != before_comment && !is_blank_line(text)) {
      other.input.skip_lines = static_cast<std::uint32_t>(line - 1);
      if (reads_so(window, last, other)) {
        ReadingOptions commented = options;
        commented.input.comment = '#';
        comments = comments && reads_so(window, last, commented);
        return say(std::string(dialect.header && options.input.header != CsvHeader::kNo
                                   ? "this is no header; the header seems to be line "
                                   : "this is no row; the rows seem to begin at line ") +
                   std::to_string(line) + ": set input.skipLines to " + std::to_string(line - 1) +
                   (comments ? ", or input.comment to \"#\"" : ""));
      }
    }
    comments = comments && (text[0] == '#' || is_blank_line(text));
    at = next;
  }
  other = options;
  for (const auto& [separator, written] : {std::pair(' ', " "), std::pair('~', "~"), std::pair('^', "^")}) {
    other.input.separator = separator;
    if (options.input.separator != 0 || dialect.names.size() > 1 || !reads_so(window, last, other)) continue;
    error.message.append("; \"").append(written).append("\" seems to stand between the cells: set input.separator to \"");
    error.message.append(written).append("\"");
    return;
  }
  const std::string_view first(window.data() + dialect.skip, past_line(window, dialect.skip, true) - dialect.skip);
  if (options.input.separator == 0 && dialect.names.size() == 1 && first.find("::") != first.npos) {
    error.message +=
        "; \"::\" seems to stand between the cells: set input.separator to \":\" and name the columns by number, 1, 3, 5 and so "
        "on, as "
        "those between are empty";
    return;
  }
  if (dialect.names.size() == 1 && dialect.marks.quote != 0 && window[0] == dialect.marks.quote) {
    other = options;
    other.input.quote = 0;
    if (const Result<CsvDialect> plain = detect_csv({}, window, last, other); plain.ok() && plain.value().names.size() > 2) {
      error.message +=
          "; each row stands in quotes as one cell, as a spreadsheet saves what it has read so: take the quotes around "
          "the rows off, or export the file again";
      return;
    }
  }
  other = options;
  other.input.quote = '\'';
  const bool has_one = std::find(window.begin(), window.end(), '\'') != window.end();  // else none would do as well
  if (options.input.quote != '\'' && has_one && reads_so(window, last, other)) {
    error.message += "; the file seems to quote with ': set input.quote to \"'\"";
  }
}

// The path of what could be the item, in a cell of the first rows that holds JSON.
COLD std::string item_in_cells(std::span<const char> rows, const CsvDialect& dialect) {
  constexpr std::size_t kLookedAt = 20;
  ItemPlace item;
  for (const auto& row : read_csv_rows(rows, false, dialect.marks, kLookedAt).cells) {
    for (std::size_t i = 0; i < std::min(row.size(), dialect.names.size()); ++i) {
      item.look_into(dialect.names[i], row[i], true);
    }
  }
  return std::move(item.path);
}

}  // namespace

COLD Result<CsvDialect> detect_csv(const std::string& file, std::span<const char> window, bool last,
                                   const ReadingOptions& options, std::size_t most_rows) {
  CsvDialect dialect;
  dialect.marks = {options.input.separator, options.input.quote, options.input.escape, options.input.comment};
  dialect.encoding = options.input.encoding;
  take_separator_line(window, dialect);
  const bool passed = pass_lines(window, last, options.input.skip_lines, dialect);
  if (!passed && last) {
    return Error{ErrorCode::kEmptyInput,
                 file + " has no rows of data behind the " + std::to_string(options.input.skip_lines) +
                     " lines that input.skipLines passes over",
                 {file, {}, {}, {}}};
  }
  window = window.subspan(dialect.skip);
  const bool may_have_fields = dialect.marks.comment == '#' && options.input.header != CsvHeader::kNo;
  if (!passed || (may_have_fields && !take_fields(window, last, dialect))) {
    return Error{ErrorCode::kEmptyInput, file + ": no row begins within the first bytes that are looked at", {file, {}, {}, {}}};
  }
  if (dialect.fields) return dialect;
  if (dialect.marks.separator == 0) {
    dialect.marks.separator = detect_separator(window, last, dialect.marks, std::min<std::size_t>(most_rows, 20));
  }
  CsvRows rows = read_csv_rows(window, last, dialect.marks, 1);
  rows.line += dialect.first_line - 1;
  if (rows.cells.empty()) return no_first_row(file, window, rows, dialect.marks);
  dialect.names = std::move(rows.cells[0]);
  for (std::size_t i = 0; i < dialect.names.size(); ++i) {
    dialect.header_holds_rows |= holds_rows(dialect.names[i], dialect.marks.separator, i, dialect.names.size()) &&
                                 dialect.names[i].find_first_of("\r\n") != std::string::npos;
  }
  const ColumnName& time = options.columns.time;
  const bool by_number = names_by_number(options);
  const bool has_name = std::any_of(dialect.names.begin(), dialect.names.end(), is_known_column);
  if (options.input.header != CsvHeader::kAuto) {
    dialect.header = options.input.header == CsvHeader::kYes;
  } else if (by_number && time.number != 0 && time.number <= dialect.names.size()) {
    dialect.header = may_be_name(dialect.names[time.number - 1], options);
  } else if (!has_name && std::any_of(dialect.names.begin(), dialect.names.end(),
                                      [&](const std::string& name) { return is_time(name, options); })) {
    dialect.header = false;
  }
  if (!dialect.header) {
    dialect.unnamed = tell_export(file, dialect.names, options);
    for (std::size_t i = 0; i < dialect.names.size(); ++i) dialect.names[i] = std::to_string(i + 1);
  }
  return dialect;
}

COLD std::optional<Error> refuse_unnamed_columns(const std::string& file, const CsvDialect& dialect,
                                                 const ReadingOptions& options) {
  if (dialect.header || names_by_number(options)) return std::nullopt;
  const std::string advice = export_advice(dialect.unnamed);
  return Error{ErrorCode::kMissingColumn,
               file +
                   ": the first row holds data, not column names; name the columns by number in the plan, as in "
                   "{\"columns\": {\"user\": 1, \"time\": 2, \"type\": 3}}" +
                   (advice.empty() ? "" : ". " + advice),
               {file, std::nullopt, dialect.first_line, {}}};
}

COLD Result<Sniffed> sniff_csv(const FileStart& start) {
  const auto& [name, bytes, last, options, most_records] = start;
  Result<CsvDialect> detected = detect_csv(name, bytes, last, options, most_records);
  if (!detected.ok()) {
    Error error = detected.error();
    if (error.code == ErrorCode::kBadSyntax) advise(error, bytes, last, CsvDialect(), options);  // a title may have quotes
    return error;
  }
  CsvDialect dialect = std::move(detected.value());
  if (std::any_of(dialect.names.begin(), dialect.names.end(),
                  [](const auto& text) { return find_invalid_utf8(text) != text.size(); })) {
    const Where where{name, std::nullopt, dialect.first_line, {}};
    std::string names;
    for (const std::string& text : dialect.names) names.append(text).append(1, ',');
    return Error{ErrorCode::kBadEncoding, place(where) + ": " + not_utf8("the header", names, options.input.encoding), where};
  }
  Sniffed sniffed{"csv", dialect.marks.separator, dialect.header, dialect.skip, {dialect.names}};
  sniffed.columns.unnamed = dialect.unnamed;
  const std::span<const char> rest = bytes.subspan(dialect.skip);
  const std::size_t bad = last ? find_invalid_utf8(rest) : find_invalid_utf8_prefix(rest);
  sniffed.whole = last && bad == rest.size();
  sniffed.shown = rest.first(bad);
  sniffed.refusal = refuse_unnamed_columns(name, dialect, options);
  if (dialect.header && !options.columns.item.is_set()) sniffed.nested_item = item_in_cells(rest.first(bad), dialect);
  sniffed.explain = [bytes = bytes, last = last, &options = options, dialect](Error& error) {
    advise(error, bytes, last, dialect, options);
  };
  sniffed.open = [name = name, dialect = std::move(dialect)](std::span<const WantedColumn> wanted, TableSink& sink) {
    return std::make_unique<CsvReader>(name, dialect, wanted, sink);
  };
  return sniffed;
}

}  // namespace causal_sessions
