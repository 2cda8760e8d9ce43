#include "ingest/parquet/inspection.h"

#include <nlohmann/json.hpp>

namespace causal_sessions::parquet {

Inspection::Inspection(std::string name, std::uint64_t size, Plan plan, std::size_t most_rows)
    : name_(name), plan_(std::move(plan)), reader_(std::move(name), size, most_rows) {}

std::optional<Range> Inspection::wanted() const { return problem_ ? std::nullopt : reader_.wanted(); }

void Inspection::supply(std::size_t size) {
  if (Status status = reader_.supply(size); !status.ok()) problem_ = status.error();
}

std::string Inspection::json() const {
  using nlohmann::ordered_json;
  ordered_json out = {{"name", name_}, {"problem", nullptr}, {"compression", nullptr}, {"format", "parquet"}};
  std::vector<std::string> names, types;
  for (const Column& column : reader_.metadata().columns) {
    names.push_back(column.name);
    types.push_back(column.type_name);
  }
  const Result<Schema> schema = find_columns(name_, names, plan_);
  std::optional<Error> problem = problem_;
  if (!problem && !schema.ok()) problem = schema.error();
  for (std::size_t role = 0; role < kRoles; ++role) {
    const bool found = schema.ok() && schema.value().column[role];
    out["columns"][kRoleNames[role]] = found ? ordered_json(names[*schema.value().column[role]]) : ordered_json(nullptr);
    if (!found || problem) continue;
    const Column& column = reader_.metadata().columns[*schema.value().column[role]];
    if (Status status = check_role(name_, column, static_cast<Role>(role)); !status.ok()) problem = status.error();
  }
  if (problem) out["problem"] = {{"code", code_name(problem->code)}, {"message", problem->message}};
  out["columnNames"] = names;
  out["columnTypes"] = types;
  out["rows"] = reader_.rows();
  return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace causal_sessions::parquet
