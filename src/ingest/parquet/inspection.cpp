#include "ingest/parquet/inspection.h"

namespace causal_sessions::parquet {

Inspection::Inspection(std::string name, std::uint64_t size, Plan plan, std::size_t most_rows)
    : name_(name), plan_(std::move(plan)), reader_(std::move(name), size, most_rows) {}

std::optional<ByteRange> Inspection::wanted() const { return problem_ ? std::nullopt : reader_.wanted(); }

void Inspection::supply(std::size_t size) {
  if (Status status = reader_.supply(size); !status.ok()) problem_ = status.error();
}

Preview Inspection::preview() const {
  Preview preview;
  preview.name = name_;
  preview.format = "parquet";
  preview.problem = problem_;
  const std::vector<Column>& columns = reader_.metadata().columns;
  for (const Column& column : columns) {
    preview.names.push_back(column.name);
    preview.types.push_back(column.type_name);
  }
  find_columns(preview, plan_);
  for (std::size_t role = 0; role < kRoles && preview.schema && !preview.problem; ++role) {
    if (!preview.schema->column[role]) continue;
    const Status status = check_role(name_, columns[*preview.schema->column[role]], static_cast<Role>(role));
    if (!status.ok()) preview.problem = status.error();
  }
  preview.rows = reader_.rows();
  if (preview.schema && !preview.problem) {
    preview.estimate = estimate_stated(reader_.metadata().rows, preview.rows, *preview.schema);
  }
  return preview;
}

}  // namespace causal_sessions::parquet
