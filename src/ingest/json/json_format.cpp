#include "ingest/json/json_format.h"

#include <algorithm>
#include <utility>

#include "core/cold.h"
#include "core/utf8.h"
#include "ingest/json/json_columns_reader.h"
#include "ingest/json/json_reader.h"

namespace causal_sessions {

COLD Result<Sniffed> sniff_json(const FileStart& start) {
  const auto& [name, bytes, last, options, most_records] = start;
  const std::size_t bad = last ? find_invalid_utf8(bytes) : find_invalid_utf8_prefix(bytes);
  Sniffed sniffed{.format = "json", .shown = bytes.first(bad), .most_shown = most_records};
  if (begins_columns(sniffed.shown)) {  // only the whole file shows its columns
    sniffed.columns_come_later = true;
    sniffed.open = [name = name, &options = options](std::span<const WantedColumn>, TableSink& sink) {
      return std::make_unique<JsonColumnsReader>(name, options, sink);
    };
    return sniffed;
  }
  Result<JsonSample> read = sample_json(name, sniffed.shown, bad < bytes.size(), most_records, options.input.encoding);
  if (!read.ok()) return read.error();
  JsonSample sample = std::move(read.value());
  if (sample.layout == JsonLayout::kLines) sniffed.format = "ndjson";
  sniffed.columns = {sample.names, Columns::kMayGrow};
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
