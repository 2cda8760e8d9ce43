#include "ingest/table_sink.h"

#include "ingest/exports.h"

namespace causal_sessions {

std::vector<std::string> TableColumns::places() const {
  std::vector<std::string> places = names;
  places.insert(places.end(), paths.begin(), paths.end());
  return places;
}

const KnownExport* TableColumns::looks_like(const ReadingOptions& options) const {
  return unnamed != nullptr ? unnamed : tell_export(places(), options);
}

Result<Schema> find_columns(const std::string& file, const TableColumns& columns, const ReadingOptions& options) {
  Result<Schema> schema = find_columns(file, columns.names, options, columns.known, columns.chosen);
  if (schema.ok()) return schema;
  const std::string advice = export_advice(columns.looks_like(options));
  if (advice.empty()) return schema;
  Error error = schema.error();
  error.message.append(". ").append(advice);
  return error;
}

}  // namespace causal_sessions
