#include "ingest/json/json_format.h"

#include <algorithm>
#include <utility>

#include "core/cold.h"
#include "core/utf8.h"
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

}  // namespace

COLD Result<Sniffed> sniff_json(const FileStart& start) {
  const auto& [name, bytes, last, options, most_records] = start;
  const std::size_t bad = last ? find_invalid_utf8(bytes) : find_invalid_utf8_prefix(bytes);
  Sniffed sniffed{.format = "json", .shown = bytes.first(bad), .most_shown = most_records};
  // Only the whole file shows its columns; where the plan says where the rows are, it is none of that layout.
  if (options.input.rows.empty() && begins_columns(sniffed.shown) && !names_inside(sniffed.shown, options)) {
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
  for (const JsonNested& nested : sample.nested) {
    if (sniffed.nested_item.empty()) sniffed.nested_item = nested.item;
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
