#include "ingest/json/json_format.h"

#include <algorithm>
#include <utility>

#include "core/cold.h"
#include "core/utf8.h"
#include "ingest/build/row_issues.h"
#include "ingest/columns/path.h"
#include "ingest/json/json_columns_reader.h"
#include "ingest/json/json_reader.h"
#include "ingest/schema.h"

namespace causal_sessions {
namespace {

// Whether the plan has a path that begins with a key of the text. Then an object of objects is a row, and no table.
bool names_inside(std::span<const char> text, const ReadingOptions& options) {
  const std::string_view bytes(text.data(), text.size());
  const auto planned = planned_columns(options);
  return std::any_of(planned.begin(), planned.end(), [&](const ColumnName* column) {
    const std::optional<Path> path = read_path(column->name);
    const auto is_key = [&](const std::string& key) { return bytes.find("\"" + key + "\"") != bytes.npos; };
    return path && path->size() > 1 && is_key(path->front().key) && !is_key(column->name);
  });
}

// The first character in a list or object that is no blank.
char first_inside(std::string_view value) {
  std::size_t at = 1;
  while (at < value.size() && is_json_space(value[at])) ++at;
  return at < value.size() ? value[at] : '\0';
}

// Whether a key that is the user, the time or the type begins with a list of plain values, as a column does.
bool has_columns(std::span<const char> text, const ReadingOptions& options) {
  const auto planned = planned_columns(options);
  for (JsonObjectReader reader(text); reader.next_open();) {
    const std::span<const char> value = reader.rest();
    if (value.empty() || (value[0] != '[' && value[0] != '{')) break;
    const char first = first_inside({value.data(), value.size()});
    const std::size_t size = find_json_end(value, 0);
    const bool plain = value[0] == '[' && first != '\0' && first != '{' && first != '[' && first != ']';
    for (std::size_t role = 0; plain && role < kRoles; ++role) {
      if (role == static_cast<std::size_t>(Role::kItem)) continue;
      if (planned[role]->is_set() ? planned[role]->name == reader.key() : is_known_as(reader.key(), static_cast<Role>(role)))
        return true;
    }
    if (size == 0) break;
    reader.pass(size);
  }
  return false;
}

// Whether a list's elements are lists, or what BigQuery makes of them: {"f": [{"v": ...}]}.
bool has_rows_without_keys(std::string_view list) {
  if (list.empty() || list[0] != '[') return false;
  const char first = first_inside(list);
  if (first != '{') return first == '[';
  JsonObjectReader row(list.substr(list.find('{')));
  if (!row.next_open() || row.key() != "f") return false;
  const std::span<const char> cells = row.rest();
  return !cells.empty() && cells[0] == '[';
}

// Of a document whose rows are lists, with the names of their columns elsewhere; nothing if it is none.
COLD std::optional<Error> refuse_rows_without_keys(const std::string& file, std::span<const char> bytes,
                                                   const ReadingOptions& options) {
  std::string_view text(bytes.data(), bytes.size());
  while (!text.empty() && is_json_space(text[0])) text.remove_prefix(1);
  std::string rows;
  bool columns = false;
  if (text.starts_with('[')) {
    const char first = first_inside(text);
    if (first == '[') rows = "the rows";
    if (first == '"') rows = "if it is JSON, the rows";
  } else {
    bool split = true;  // as pandas writes it, which is refused by that name
    for (JsonObjectReader reader(text); reader.next_open();) {
      if (may_be_needed(std::string(reader.key()), options)) return std::nullopt;
      split = split && (reader.key() == "columns" || reader.key() == "index" || (reader.key() == "data" && columns));
      columns |= reader.key() == "columns";
      const std::string_view value(reader.rest().data(), reader.rest().size());
      if (has_rows_without_keys(value)) rows = "the rows in " + shown_cell(reader.key());
      const bool nested = !value.empty() && (value[0] == '[' || value[0] == '{');
      const std::size_t size = nested ? find_json_end(reader.rest(), 0) : 0;
      if (nested && size == 0) {  // others may come behind what does not end here, unless its name says that it is all
        if (reader.key() != "data" && reader.key() != "rows") return std::nullopt;
        break;
      }
      if (nested) reader.pass(size);
      else if (!reader.next_value()) break;
    }
    if (split && columns && rows.ends_with("\"data\"")) return std::nullopt;
  }
  if (rows.empty()) return std::nullopt;
  return Error{ErrorCode::kUnknownFormat,
               file + ": " + rows +
                   " are lists without keys; write them as objects, as pandas does with orient=\"records\" and ClickHouse with "
                   "FORMAT JSONEachRow, or write CSV" +
                   (text.starts_with("[\"") ? ". If it is CSV, set input.format to \"csv\"" : ""),
               {file, {}, {}, {}}};
}

}  // namespace

COLD Result<Sniffed> sniff_json(const FileStart& start) {
  const auto& [name, bytes, last, options, most_records] = start;
  const std::size_t bad = last ? find_invalid_utf8(bytes) : find_invalid_utf8_prefix(bytes);
  Sniffed sniffed{.format = "json", .shown = bytes.first(bad), .most_shown = most_records};
  if (options.input.rows.empty()) {
    if (std::optional<Error> refused = refuse_rows_without_keys(name, sniffed.shown, options)) return *std::move(refused);
  }
  const bool begins = options.input.rows.empty() && begins_columns(sniffed.shown);
  const bool by_path = begins && names_inside(sniffed.shown, options);
  if (by_path && has_columns(sniffed.shown, options)) {
    return Error{ErrorCode::kUnknownFormat,
                 name +
                     " is an object of columns, whose values no path goes into; write the table with orient=\"records\", or "
                     "with lines=True too",
                 {name, {}, {}, {}}};
  }
  // Only the whole file shows its columns; where the plan says where the rows are, it is none of that layout.
  if (begins && !by_path) {
    sniffed.columns_come_later = true;
    const Result<JsonSample> row = sample_json(name, bytes, bad, 1, options.input.encoding);
    std::vector<JsonNested> inside = row.ok() ? row.value().nested : std::vector<JsonNested>();
    sniffed.open = [name = name, inside = std::move(inside), &options = options](std::span<const WantedColumn>, TableSink& sink) {
      return std::make_unique<JsonColumnsReader>(name, inside, options, sink);
    };
    return sniffed;
  }
  Result<JsonSample> read = sample_json(name, bytes, bad, most_records, options.input.encoding, options.input.rows);
  if (!read.ok()) return read.error();
  JsonSample sample = std::move(read.value());
  if (sample.layout == JsonLayout::kLines) sniffed.format = "ndjson";
  sniffed.columns = {.names = sample.names, .known = Columns::kMayGrow, .nested = true};
  sniffed.columns.below = [window = sniffed.shown, piece = sample.piece, names = sample.names](std::size_t column,
                                                                                               std::span<const PathStep> steps) {
    return keys_below(piece ? std::span<const char>(*piece).first(piece->size() - kWindowSlack) : window, names[column], steps);
  };
  sniffed.nested_item = sample.item.path;
  for (const JsonNested& nested : sample.nested) {
    sniffed.columns.paths.insert(sniffed.columns.paths.end(), nested.paths.begin(), nested.paths.end());
  }
  // No more rows than hold as many cells as there are bytes, but for the first few.
  constexpr std::size_t kFewRows = 10;
  sniffed.most_shown = std::min(most_records, std::max(kFewRows, bad / sample.names.size()));
  sniffed.explain = [nested = sample.nested, &options = options](Error& error) { advise_nested(error, nested, options); };
  sniffed.open = [name = name, sample = std::move(sample), &options = options](std::span<const WantedColumn> wanted,
                                                                               TableSink& sink) {
    return std::make_unique<JsonReader>(name, sample, wanted, options, sink);
  };
  return sniffed;
}

}  // namespace causal_sessions
