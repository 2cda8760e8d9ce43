#include "ingest/inspection/preview.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace causal_sessions {
namespace {

std::uint64_t whole(double value) { return static_cast<std::uint64_t>(std::min(value, 9e15) + 0.5); }

}  // namespace

std::string preview_json(const Preview& preview) {
  using nlohmann::ordered_json;
  ordered_json out = {{"name", preview.name}, {"problem", nullptr}};
  if (preview.problem) out["problem"] = {{"code", code_name(preview.problem->code)}, {"message", preview.problem->message}};
  out["compression"] = preview.compression.empty() ? ordered_json(nullptr) : ordered_json(preview.compression);
  if (preview.more_columns) out["moreColumns"] = true;
  if (!preview.format.empty()) {
    out["format"] = preview.format;
    if (preview.format == "csv") {
      out["separator"] = preview.separator;
      out["header"] = preview.header;
    }
    out["columnNames"] = preview.names;
    if (!preview.types.empty()) out["columnTypes"] = preview.types;
    if (!preview.paths.empty()) out["paths"] = preview.paths;
    if (preview.known != nullptr) out["preset"] = {{"name", preview.known->name}, {"title", preview.known->title}};
    for (std::size_t role = 0; role < kRoles; ++role) {
      const bool found = preview.schema && preview.schema->column[role];
      out["columns"][kRoleNames[role]] =
          found ? ordered_json(preview.names[*preview.schema->column[role]]) : ordered_json(nullptr);
    }
    out["rows"] = preview.rows;
  }
  if (const auto& estimate = preview.estimate) {
    out["estimate"] = {
        {"rows", whole(estimate->rows)}, {"bytes", whole(estimate->bytes)}, {"leastBytes", whole(estimate->least_bytes)}};
  }
  if (preview.files > 1) out["files"] = preview.files;
  if (!preview.note.empty()) out["note"] = preview.note;
  if (preview.needs_bytes != 0) out["needsBytes"] = preview.needs_bytes;
  return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace causal_sessions
