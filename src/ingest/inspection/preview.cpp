#include "ingest/inspection/preview.h"

#include <algorithm>
#include <map>
#include <span>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/cold.h"
#include "formats/json/notices.h"
#include "formats/json/parse.h"
#include "ingest/build/row_issues.h"
#include "ingest/columns/nested_value.h"
#include "ingest/file_notices.h"
#include "ingest/inspection/column_guesses.h"
#include "ingest/json/json_nested.h"

namespace causal_sessions {
namespace {

std::uint64_t whole(double value) { return static_cast<std::uint64_t>(std::min(value, 9e15) + 0.5); }

using nlohmann::ordered_json;

// The column of a role, if it is known or guessed.
std::optional<std::size_t> column_of(const Preview& preview, Role role) {
  const auto at = static_cast<std::size_t>(role);
  if (preview.schema) return preview.schema->column[at];
  return preview.sure[at] ? preview.sure[at] : preview.guessed[at];
}

// Of a file whose columns are known, or guessed, the types that its rows have.
std::vector<TypeRows> shown_types(const Preview& preview) {
  const std::optional<std::size_t> at = column_of(preview, Role::kType);
  std::map<std::string, std::uint64_t> counts;
  for (const std::vector<std::string>& row : preview.rows) {
    if (at && *at < row.size() && !row[*at].empty()) ++counts[row[*at]];
  }
  std::vector<TypeRows> types;
  for (const auto& [type, rows] : counts) types.push_back({type, rows});
  return types;
}

// Places of values in texts that hold JSON, told from the first of each column.
std::vector<std::string> paths_in_cells(const Preview& preview) {
  std::vector<std::string> paths;
  for (std::size_t column = 0; column < preview.names.size(); ++column) {
    for (const std::vector<std::string>& row : preview.rows) {
      if (column >= row.size() || row[column].size() < 2) continue;
      const std::string& cell = row[column];
      if (cell[0] != '{' && cell[0] != '[') break;
      if (!is_json(cell)) break;
      NestedValues padded;  // as readers of JSON look beyond its end
      const std::optional<JsonNested> nested = describe_nested(preview.names[column], padded.value_of_copy(cell).raw);
      if (!nested) {  // an empty list, of which the next may tell more, or one of plain values
        if (cell.find_first_not_of(" \t\r\n", 1) == cell.find(']')) continue;
        paths.push_back(preview.names[column] + "[0]");
        break;
      }
      paths.insert(paths.end(), nested->paths.begin(), nested->paths.end());
      break;
    }
  }
  return paths;
}

// Where the item may be in a file of typed columns, told from the cells that are shown.
COLD std::string item_in_cells(const Preview& preview) {
  ItemPlace item;
  for (std::size_t column = 0; column < preview.types.size(); ++column) {
    const std::string& name = preview.names[column];
    const bool nested = std::any_of(preview.paths.begin(), preview.paths.end(),
                                    [&](const std::string& path) { return is_path_below(path, name); });
    for (const std::vector<std::string>& row : preview.rows) {
      NestedValues padded;
      const JsonValue value = column < row.size() ? padded.value_of_copy(row[column]) : JsonValue();
      if (value.kind == JsonKind::kNested && is_json(row[column])) item.look(name, value.raw, !nested);
    }
  }
  return std::move(item.path);
}

COLD void add_facts(Preview& preview, const ReadingOptions& options) {
  if (preview.more_columns) return;  // nor are those that are there known to their end
  const ReadingOptions::Time plain;  // of other columns, whatever a plan says of the time
  const std::optional<std::size_t> time = column_of(preview, Role::kTime);
  preview.sampled_rows = preview.rows.size();
  for (std::size_t i = 0; i < std::min(preview.names.size(), kMostFacts) && !preview.rows.empty(); ++i) {
    if (i < preview.untold.size() && preview.untold[i]) {
      preview.facts.emplace_back();
      continue;
    }
    const ColumnValues values = values_of(preview.rows, i, i == time ? options.time : plain);
    preview.facts.emplace_back(facts_of(values, preview.rows.size(), i == time));
  }
}

COLD ordered_json facts_json(const std::optional<ColumnFacts>& facts) {
  if (!facts) return nullptr;
  ordered_json out;
  out["kind"] = kColumnKindNames[static_cast<std::size_t>(facts->kind)];
  out["blanks"] = facts->blanks;
  out["distinct"] = facts->distinct;
  if (facts->kind == ColumnFacts::Kind::kBlank) return out;
  out["least"] = facts->least;
  out["greatest"] = facts->greatest;
  ordered_json& frequent = out["frequent"] = ordered_json::array();
  for (const auto& [value, rows] : facts->frequent) {
    ordered_json& entry = frequent.emplace_back();
    entry["value"] = value;
    entry["rows"] = rows;
  }
  if (!facts->over_time.empty()) out["overTime"] = facts->over_time;
  return out;
}

ordered_json types_json(std::span<const RoledType> types) {
  ordered_json out = ordered_json::array();
  for (const auto& [of, role] : types) out.push_back({{"type", of.type}, {"rows", of.rows}, {"role", role_name(role)}});
  return out;
}

// The types without what is the file's and not theirs, blanks and quotes around them; `plan` then has the keys that take these off.
COLD std::vector<RoledType> mended_types(const Preview& preview, const ReadingOptions& options, ordered_json& plan) {
  const auto all = [&](auto holds) {
    return std::all_of(preview.event_types.begin(), preview.event_types.end(),
                       [&](const RoledType& type) { return holds(type.of.type); });
  };
  const bool quoted = preview.format == "csv" && options.input.quote != '\'' && !preview.event_types.empty() &&
                      all([](const std::string& type) { return type.size() > 2 && type.front() == '\'' && type.back() == '\''; });
  const bool padded = !options.input.trim && !all([](const std::string& type) { return without_blanks(type) == type; });
  if (!quoted && !padded) return preview.event_types;
  if (quoted) plan["input"]["quote"] = "'";
  if (padded) plan["input"]["trim"] = true;
  std::map<std::string_view, std::uint64_t> counts;
  for (const RoledType& type : preview.event_types) {
    std::string_view text = type.of.type;
    if (quoted) text = text.substr(1, text.size() - 2);
    counts[padded ? without_blanks(text) : text] += type.of.rows;
  }
  std::vector<TypeRows> types;
  for (const auto& [type, rows] : counts) types.push_back({std::string(type), rows});
  return guess_roles(std::move(types));
}

// By which the file may be run, as far as its plan does not say it.
std::string proposed_settings(const Preview& preview, const ReadingOptions& options) {
  ordered_json plan = ordered_json::object();
  const std::vector<RoledType> types = mended_types(preview, options, plan);
  const auto in_quotes = [](const RoledType& type) { return type.of.type.starts_with('"') && type.of.type.ends_with('"'); };
  if (std::any_of(types.begin(), types.end(), in_quotes)) return {};  // no plan reads quotes behind blanks
  for (std::size_t role = 0; role < kRoles; ++role) {
    const std::optional<std::size_t>& at = preview.guessed[role];
    if (!at) continue;
    ordered_json& column = plan["columns"][kRoleNames[role]];
    if (preview.header) column = preview.names[*at];
    else column = *at + 1;
  }
  const auto& planned = options.events.types;
  const bool known = std::all_of(types.begin(), types.end(), [&](const RoledType& type) {
    return std::find(planned.begin(), planned.end(), type.of.type) != planned.end();
  });
  if (!known && has_all_roles(types)) {
    plan["profile"] = "causal";
    for (const RoledType& type : types) plan["events"]["types"].push_back(type.of.type);
    // Rows further down may have others, which decide nothing.
    plan["events"]["unknown"] = "add";
    const auto key = [&](EventRole role) -> ordered_json& {
      return plan[role == EventRole::kExposure ? "index" : role_name(role)]["type"];
    };
    for (const RoledType& type : types) {
      if (type.role != EventRole::kOther) key(type.role) = type.of.type;
    }
  }
  return plan.empty() ? std::string() : plan.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace

COLD std::string guess_roles_json(std::string_view types) {
  std::vector<TypeRows> counts;
  for (const ordered_json& entry : parse_json_value(types)) {
    if (entry.contains("type") && entry.contains("rows") && entry["type"].is_string() && entry["rows"].is_number())
      counts.push_back({entry["type"].get<std::string>(), entry["rows"].get<std::uint64_t>()});
  }
  return types_json(guess_roles(std::move(counts))).dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

COLD void complete_preview(Preview& preview, const ReadingOptions& options, std::size_t most_rows) {
  // A problem of a line is that it is no header, so what stands there are no names; without a header none are asked for.
  if (!preview.schema && !preview.names.empty() && preview.problem && preview.problem->code == ErrorCode::kMissingColumn &&
      !(preview.header && preview.problem->where.line))
    preview.guessed = guess_columns(preview.names, preview.rows, preview.sure, options);
  std::vector<TypeRows> types;
  for (RoledType& type : preview.event_types) types.push_back(std::move(type.of));  // that a run was tried with
  if (types.empty()) types = shown_types(preview);
  if (types.size() > kMostTypes) types.clear();  // what has so many values is no type
  preview.event_types = guess_roles(std::move(types));
  if (preview.nested_item.empty()) preview.nested_item = item_in_cells(preview);
  if (preview.paths.empty()) preview.paths = paths_in_cells(preview);
  if (preview.known == nullptr) preview.settings = proposed_settings(preview, options);
  add_facts(preview, options);
  if (preview.rows.size() > most_rows) preview.rows.resize(most_rows);
}

std::string preview_json(const Preview& preview) {
  ordered_json out = {{"name", preview.name}, {"problem", nullptr}};
  if (preview.problem) out["problem"] = {{"code", code_name(preview.problem->code)}, {"message", preview.problem->message}};
  out["compression"] = preview.compression.empty() ? ordered_json(nullptr) : ordered_json(preview.compression);
  if (preview.more_columns) out["moreColumns"] = true;
  if (!preview.format.empty()) {
    out["format"] = preview.format;
    if (preview.format == "csv") {
      out["separator"] = std::string(1, preview.separator);
      out["header"] = preview.header;
    }
    out["columnNames"] = preview.names;
    if (!preview.types.empty()) out["columnTypes"] = preview.types;
    if (!preview.paths.empty()) out["paths"] = preview.paths;
    if (preview.known != nullptr) {
      out["preset"] = {{"name", preview.known->name}, {"title", preview.known->title}};
      if (!preview.known->has_exposure) out["preset"]["exposure"] = false;
    }
    for (std::size_t role = 0; role < kRoles; ++role) {
      const std::optional<std::size_t>& at = preview.schema ? preview.schema->column[role] : preview.sure[role];
      out["columns"][kRoleNames[role]] = at ? ordered_json(preview.names[*at]) : ordered_json(nullptr);
    }
    for (std::size_t role = 0; role < kRoles; ++role) {
      if (preview.guessed[role]) out["guesses"][kRoleNames[role]] = preview.names[*preview.guessed[role]];
    }
    if (!preview.event_types.empty()) {
      out["eventTypes"] = types_json(preview.event_types);
      out["allRows"] = preview.all_rows;
    }
    if (!preview.settings.empty()) out["settings"] = ordered_json::parse(preview.settings, nullptr, false);
    out["rows"] = preview.rows;
    if (!preview.facts.empty()) {
      ordered_json& sample = out["sample"];
      sample["rows"] = preview.sampled_rows;
      for (const auto& facts : preview.facts) sample["columns"].push_back(facts_json(facts));
    }
  }
  if (const auto& estimate = preview.estimate) {
    out["estimate"] = {
        {"rows", whole(estimate->rows)}, {"bytes", whole(estimate->bytes)}, {"leastBytes", whole(estimate->least_bytes)}};
  }
  if (preview.files > 1) out["files"] = preview.files;
  if (!preview.note.empty()) out["note"] = preview.note;
  if (preview.schema && !preview.schema->column[static_cast<std::size_t>(Role::kItem)] && !preview.nested_item.empty()) {
    const Notice notice = nested_item_notice(preview.name, preview.nested_item, preview.out_of_reach, 1);
    out["notices"] = notices_json({&notice, 1});
  }
  if (preview.needs_bytes != 0) out["needsBytes"] = preview.needs_bytes;
  return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace causal_sessions
