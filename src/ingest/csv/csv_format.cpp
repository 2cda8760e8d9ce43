#include "ingest/csv/csv_format.h"

#include <algorithm>
#include <utility>

#include "core/cold.h"
#include "core/utf8.h"
#include "ingest/build/reading_notices.h"
#include "ingest/timestamp.h"

namespace causal_sessions {
namespace {

// Whether the plan gives a column that an event needs by its number.
COLD bool names_by_number(const ReadingOptions& options) {
  return options.columns.user.number != 0 || options.columns.time.number != 0 || options.columns.type.number != 0;
}

COLD bool is_time(std::string_view text) {
  const ParsedTime time = TimestampParser().parse(text);
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
  for (const char separator : {',', ';', '\t', '|'}) {
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

// The line among the first fifty that holds the columns a run needs; nothing if there is none behind the first row, or if
// the plan says where the header is.
COLD std::optional<std::uint64_t> find_later_header(std::span<const char> window, const ReadingOptions& options) {
  if (options.input.header == CsvHeader::kNo || names_by_number(options)) return std::nullopt;
  constexpr std::uint64_t kMostLines = 50;
  std::size_t at = 0;
  for (std::uint64_t line = 1; line <= kMostLines && at < window.size(); ++line) {
    const auto is_end = [](char c) { return c == '\n' || c == '\r'; };
    const auto end = static_cast<std::size_t>(std::find_if(window.begin() + at, window.end(), is_end) - window.begin());
    for (const char separator : {',', ';', '\t', '|'}) {
      if (line == 1 || (options.input.separator != 0 && options.input.separator != separator)) continue;
      auto rows =
          read_csv_rows(window.subspan(at, end - at), true, {separator, options.input.quote, options.input.escape}, 1).cells;
      if (!rows.empty() && find_columns({}, std::move(rows[0]), options).ok()) return line;
    }
    at = end + 1;
    if (at < window.size() && window[end] == '\r' && window[at] == '\n') ++at;
  }
  return std::nullopt;
}

}  // namespace

COLD Result<CsvDialect> detect_csv(const std::string& file, std::span<const char> window, bool last,
                                   const ReadingOptions& options, std::size_t most_rows) {
  CsvDialect dialect;
  dialect.marks = {options.input.separator, options.input.quote, options.input.escape};
  take_separator_line(window, dialect);
  window = window.subspan(dialect.skip);
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
  } else if (!has_name && std::any_of(dialect.names.begin(), dialect.names.end(), is_time)) {
    dialect.header = false;
  }
  if (!dialect.header) {
    for (std::size_t i = 0; i < dialect.names.size(); ++i) dialect.names[i] = std::to_string(i + 1);
  }
  return dialect;
}

COLD std::optional<Error> refuse_unnamed_columns(const std::string& file, const CsvDialect& dialect,
                                                 const ReadingOptions& options) {
  if (dialect.header || names_by_number(options)) return std::nullopt;
  return Error{ErrorCode::kMissingColumn,
               file +
                   ": the first row holds data, not column names; name the columns by number in the plan, as in "
                   "{\"columns\": {\"user\": 1, \"time\": 2, \"type\": 3}}",
               {file, std::nullopt, dialect.first_line, {}}};
}

COLD Result<Sniffed> sniff_csv(const FileStart& start) {
  const auto& [name, bytes, last, options, most_records] = start;
  Result<CsvDialect> detected = detect_csv(name, bytes, last, options, most_records);
  if (!detected.ok()) return detected.error();
  CsvDialect dialect = std::move(detected.value());
  if (std::any_of(dialect.names.begin(), dialect.names.end(),
                  [](const auto& text) { return find_invalid_utf8(text) != text.size(); })) {
    return Error{ErrorCode::kBadEncoding, name + ", line 1: the header is not UTF-8; save the file as UTF-8", {name, {}, 1, {}}};
  }
  Sniffed sniffed{"csv", std::string(1, dialect.marks.separator), dialect.header, dialect.skip, {dialect.names}};
  const std::size_t bad = last ? find_invalid_utf8(bytes) : find_invalid_utf8_prefix(bytes);
  sniffed.whole = last && bad == bytes.size();
  sniffed.shown = bytes.first(bad).subspan(dialect.skip);
  sniffed.refusal = refuse_unnamed_columns(name, dialect, options);
  sniffed.explain = [&name = name, bytes = bytes, &options = options](Error& error) {
    const auto line = find_later_header(bytes, options);
    if (!line) return;
    error.where = {name, std::nullopt, 1, {}};
    error.message = place(error.where) + ": this is no header; the header seems to be line " + std::to_string(*line) +
                    "; remove the lines before it";
  };
  sniffed.open = [name = name, dialect = std::move(dialect)](std::span<const WantedColumn> wanted, TableSink& sink) {
    return std::make_unique<CsvReader>(name, dialect, wanted, sink);
  };
  return sniffed;
}

}  // namespace causal_sessions
