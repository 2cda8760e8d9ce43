#include "ingest/table_sink.h"

#include "ingest/exports.h"

namespace causal_sessions {

Result<Schema> find_columns(const std::string& file, const TableColumns& columns, const ReadingOptions& options) {
  Result<Schema> schema = find_columns(file, columns.names, options, columns.known, columns.chosen);
  if (schema.ok()) return schema;
  std::vector<std::string> places = columns.names;
  places.insert(places.end(), columns.paths.begin(), columns.paths.end());
  const std::string advice = export_advice(places, options);
  if (advice.empty()) return schema;
  Error error = schema.error();
  error.message.append(". ").append(advice);
  return error;
}

}  // namespace causal_sessions
