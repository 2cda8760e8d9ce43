#include "ingest/csv/csv_format.h"

#include <algorithm>
#include <utility>

#include "core/cold.h"
#include "core/utf8.h"

namespace causal_sessions {
namespace {

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
      auto rows = read_csv_rows(window.subspan(at, end - at), true, {separator, options.input.quote, options.input.escape}, 1);
      if (!rows.empty() && find_columns({}, std::move(rows[0]), options).ok()) return line;
    }
    at = end + 1;
    if (at < window.size() && window[end] == '\r' && window[at] == '\n') ++at;
  }
  return std::nullopt;
}

}  // namespace

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
