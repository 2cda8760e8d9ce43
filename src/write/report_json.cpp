#include "write/report_json.h"

#include <algorithm>
#include <optional>

#include <nlohmann/json.hpp>

#include "core/civil_time.h"

namespace causal_sessions {
namespace {

using nlohmann::ordered_json;

ordered_json or_null(std::optional<double> value) { return value ? ordered_json(*value) : ordered_json(nullptr); }

ordered_json file_json(const FileSummary& file) {
  ordered_json out = {{"name", file.name},
                      {"bytes", file.bytes},
                      {"compression", file.compression.empty() ? ordered_json(nullptr) : ordered_json(file.compression)},
                      {"format", file.format}};
  if (file.format == "csv") {
    out["separator"] = file.separator;
    out["header"] = file.header;
  }
  out["rows"] = file.rows;
  out["columnNames"] = file.schema.names;
  for (std::size_t role = 0; role < kRoles; ++role) {
    const auto& at = file.schema.column[role];
    out["columns"][kRoleNames[role]] = at ? ordered_json(file.schema.names[*at]) : ordered_json(nullptr);
  }
  return out;
}

ordered_json issues_json(const IssueSummary& issues) {
  ordered_json out = {{"rows", issues.total()}, {"byReason", ordered_json::object()}};
  for (std::size_t reason = 0; reason < kIssueReasons; ++reason) {
    if (issues.rows[reason] != 0) out["byReason"][kIssueNames[reason]] = issues.rows[reason];
  }
  out["first"] = ordered_json::array();
  for (const RowIssue& issue : issues.first) {
    out["first"].push_back({{"reason", kIssueNames[static_cast<std::size_t>(issue.reason)]},
                            {"file", issue.file},
                            {"row", issue.row},
                            {"line", issue.line ? ordered_json(*issue.line) : ordered_json(nullptr)},
                            {"column", issue.column},
                            {"text", issue.text}});
  }
  out["unknownTypes"] = ordered_json::array();
  for (const auto& [type, entry] : issues.unknown_types) {
    out["unknownTypes"].push_back({{"type", type}, {"rows", entry.rows}, {"firstRow", entry.first_row}});
  }
  return out;
}

ordered_json input_json(const ReportParts& parts) {
  const EventBuilder& builder = parts.reader.builder();
  ordered_json out;
  out["files"] = ordered_json::array();
  for (const FileSummary& file : parts.reader.files()) out["files"].push_back(file_json(file));
  out["rows"] = builder.rows();
  out["events"] = parts.events;
  out["users"] = parts.users;
  const TimeSummary& times = builder.times();
  out["time"] = {{"unit", times.unit}, {"zone", parts.plan.time.zone}};
  out["time"]["first"] = parts.events ? ordered_json(format_utc(times.min_us)) : ordered_json(nullptr);
  out["time"]["last"] = parts.events ? ordered_json(format_utc(times.max_us)) : ordered_json(nullptr);
  out["time"]["digitsCut"] = times.cut;
  out["time"]["tiedEvents"] = parts.tied_events;
  out["issues"] = issues_json(builder.issues());
  return out;
}

ordered_json arms_json(const ArmCounts& counts) {
  return {{"sessions", counts.sessions},
          {"treated", counts.treated},
          {"outcomes", counts.outcomes},
          {"treatmentRate", or_null(counts.treatment_rate())},
          {"outcomeRate", or_null(counts.outcome_rate())},
          {"controlOutcomeRate", or_null(counts.control_outcome_rate())},
          {"treatedOutcomeRate", or_null(counts.treated_outcome_rate())},
          {"naiveLift", or_null(counts.naive_lift())}};
}

// Where rows were left out, rule by rule: how many there were after it.
ordered_json attrition_json(const Attrition& attrition) {
  ordered_json out = ordered_json::array();
  for (std::size_t step = 0; step <= kFilters; ++step) {
    const Attrition::Left& left = attrition.after[step];
    if (step != 0 && left.rows == attrition.after[step - 1].rows) continue;
    out.push_back({{"filter", step == 0 ? ordered_json(nullptr) : ordered_json(kFilterNames[step - 1])},
                   {"rows", left.rows},
                   {"sessions", left.sessions},
                   {"users", left.users},
                   {"treated", left.arm[1]},
                   {"outcomes", left.outcomes[0] + left.outcomes[1]},
                   {"treatedOutcomes", left.outcomes[1]}});
  }
  return out;
}

ordered_json sample_json(const ReportParts& parts, std::uint32_t row) {
  constexpr std::uint32_t kShown = 5;
  const SequenceTable& table = parts.table;
  const std::string user(table.users[table.user[row]]);
  ordered_json out = {{"sessionId", user + "_" + std::to_string(table.number[row])},
                      {"treatment", table.treatment[row]},
                      {"outcome", table.outcome[row]},
                      {"length", table.length(row)}};
  out["events"] = ordered_json::array();
  for (std::uint32_t i = 0; i < std::min(table.length(row), kShown); ++i) {
    const bool padding = i >= table.count[row];
    const std::uint32_t at = table.begin[row] + i;
    const std::uint8_t type = padding ? table.padding_event_id : table.event_id[at];
    const std::uint32_t item = padding ? table.padding_item_id : table.item_id[at];
    out["events"].push_back({{"type", parts.vocabulary.types[type]},
                             {"itemId", item},
                             {"item", std::string(parts.vocabulary.text(item))},
                             {"minutes", padding ? 0.0 : table.minutes(row, at)}});
  }
  return out;
}

}  // namespace

std::string write_report_json(const ReportParts& parts) {
  ordered_json out;
  out["engine"] = {{"name", "causal-sessions"}, {"version", CAUSAL_SESSIONS_VERSION}};
  out["plan"] = plan_json(parts.plan);
  out["input"] = input_json(parts);
  const Sessions& sessions = parts.sessions;
  out["sessions"] = {{"created", sessions.created},
                     {"kept", sessions.size()},
                     {"tooShort", sessions.created - sessions.size()},
                     {"eventsInTooShort", sessions.dropped_events},
                     {"users", parts.split.users[0] + parts.split.users[1] + parts.split.users[2]}};
  out["trials"] = {{"rows", parts.table.rows()},
                   {"duplicates", parts.duplicates},
                   {"purged", parts.split.purged},
                   {"attrition", attrition_json(parts.attrition)}};
  out["vocabulary"] = {{"events", parts.vocabulary.types.size()}, {"items", parts.vocabulary.size()}};
  out["all"] = arms_json(parts.summary.all);
  if (const auto& lengths = parts.summary.lengths) {
    out["sequenceLength"] = {{"mean", lengths->mean}, {"median", lengths->median}, {"min", lengths->min},
                             {"max", lengths->max},   {"p95", lengths->p95}};
  } else {
    out["sequenceLength"] = nullptr;
  }
  for (std::size_t part = 0; part < kParts; ++part) {
    ordered_json split = {{"users", parts.split.users[part]}};
    split.update(arms_json(parts.summary.parts[part]));
    out["splits"][kPartNames[part]] = split;
  }
  out["samples"] = ordered_json::array();
  for (const std::uint32_t row : parts.summary.samples) out["samples"].push_back(sample_json(parts, row));
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace causal_sessions
