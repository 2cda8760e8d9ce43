#include "report/report_json.h"

#include <algorithm>
#include <optional>

#include "core/civil_time.h"
#include "formats/json/long_list.h"
#include "formats/json/notices.h"
#include "report/estimand.h"
#include "sequence/session_row.h"

namespace causal_sessions {
namespace {

std::string dumped(Fields fields) { return fields.done().dump(2, ' ', false, Json::error_handler_t::replace); }

Json columns_json(const Schema& schema) {
  Fields out;
  for (std::size_t role = 0; role < kRoles; ++role) {
    const auto& at = schema.column[role];
    out.put(kRoleNames[role], at ? Json(schema.names[*at]) : Json());
  }
  return out.done();
}

Json file_json(const FileSummary& file) {
  Fields out;
  out.text("name", file.name)
      .count("bytes", file.bytes)
      .text_or_null("compression", file.compression)
      .text("format", file.format);
  if (file.format == "csv") out.text("separator", std::string_view(&file.separator, 1)).flag("header", file.header);
  return out.count("rows", file.rows).put("columnNames", file.schema().names).put("columns", columns_json(file.schema())).done();
}

Json issues_json(const IssueSummary& issues) {
  Json first = Json::array();
  for (const RowIssue& issue : issues.first) {
    Fields fields;
    fields.text("reason", kIssueNames[static_cast<std::size_t>(issue.reason)]).text("file", issue.file).count("row", issue.row);
    fields.put("line", issue.line ? Json(*issue.line) : Json()).text("column", issue.column).text("text", issue.text);
    first.push_back(fields.done());
  }
  Json unknown = Json::array();
  for (const auto& [type, entry] : issues.unknown_types) {
    unknown.push_back(Fields().text("type", type).count("rows", entry.rows).count("firstRow", entry.first_row).done());
  }
  return Fields()
      .count("rows", issues.total())
      .put("byReason", issue_counts_json(issues))
      .put("first", std::move(first))
      .put("unknownTypes", std::move(unknown))
      .done();
}

Json time_json(const Run& run) {
  const TimeSummary& times = run.builder().times();
  const bool any = run.event_count != 0;
  return Fields()
      .text("unit", times.unit)
      .text("zone", run.plan.reading.time.zone)
      .text_or_null("first", any ? format_utc(times.min_us) : "")
      .text_or_null("last", any ? format_utc(times.max_us) : "")
      .count("digitsCut", times.cut)
      .count("tiedEvents", run.tied)
      .done();
}

// Those that events have, by their ids.
Json types_json(const TypeCounts& counts) {
  Json types = Json::array();
  for (std::size_t i = 0; i < counts.types.size(); ++i) {
    if (counts.events[i] != 0) types.push_back(Fields().text("type", counts.types[i]).count("events", counts.events[i]).done());
  }
  return types;
}

Json input_json(const Run& run) {
  const EventBuilder& builder = run.builder();
  return Fields()
      .put("files", long_list_mark())
      .count("emptyFiles", run.reader().empty_files().count)
      .count("passedOver", run.reader().passed_over())
      .count("rows", builder.rows())
      .count("events", run.event_count)
      .count("users", run.table.users.size())
      .put("types", types_json(builder.types()))
      .put("time", time_json(run))
      .put("issues", issues_json(builder.issues()))
      .done();
}

Fields& put_arms(Fields& fields, const ArmCounts& counts) {
  return fields.count("sessions", counts.sessions)
      .count("treated", counts.treated)
      .count("outcomes", counts.outcomes)
      .number("treatmentRate", counts.treatment_rate())
      .number("outcomeRate", counts.outcome_rate())
      .number("controlOutcomeRate", counts.control_outcome_rate())
      .number("treatedOutcomeRate", counts.treated_outcome_rate())
      .number("naiveLift", counts.naive_lift());
}

// Where rows were left out, rule by rule: how many there were after it.
Json attrition_json(const Attrition& attrition) {
  Json out = Json::array();
  for (std::size_t step = 0; step <= kFilters; ++step) {
    const Attrition::Left& left = attrition.after[step];
    if (step != 0 && left.rows == attrition.after[step - 1].rows) continue;
    out.push_back(Fields()
                      .text_or_null("filter", step == 0 ? "" : kFilterNames[step - 1])
                      .count("rows", left.rows)
                      .count("sessions", left.sessions)
                      .count("users", left.users)
                      .count("treated", left.arm[1])
                      .count("outcomes", left.outcomes[0] + left.outcomes[1])
                      .count("treatedOutcomes", left.outcomes[1])
                      .done());
  }
  return out;
}

Json sample_json(const Run& run, std::uint32_t row) {
  Json events = Json::array();
  for (const SampleToken& token : sample_tokens(run, row)) {
    events.push_back(Fields()
                         .text("type", token.type)
                         .count("itemId", token.item_id)
                         .text("item", token.item)
                         .number("minutes", token.minutes)
                         .done());
  }
  return Fields()
      .text("sessionId", sample_id(run, row))
      .count("treatment", run.table.treatment[row])
      .count("outcome", run.table.outcome[row])
      .count("length", run.table.length(row))
      .put("events", std::move(events))
      .done();
}

Json sessions_json(const Run& run) {
  const Sessions& sessions = run.sessions;
  return Fields()
      .count("created", sessions.created)
      .count("kept", sessions.size())
      .count("tooShort", sessions.created - sessions.size())
      .count("eventsInTooShort", sessions.dropped_events)
      .count("users", run.split.users[0] + run.split.users[1] + run.split.users[2])
      .done();
}

Json lengths_json(const std::optional<LengthStatistics>& lengths) {
  if (!lengths) return nullptr;
  return Fields()
      .number("mean", lengths->mean)
      .number("median", lengths->median)
      .count("min", lengths->min)
      .count("max", lengths->max)
      .number("p95", lengths->p95)
      .done();
}

}  // namespace

Json engine_json() { return Fields().text("name", "causal-sessions").text("version", CAUSAL_SESSIONS_VERSION).done(); }

Json issue_counts_json(const IssueSummary& issues) {
  Fields out;
  for (std::size_t reason = 0; reason < kIssueReasons; ++reason) {
    if (issues.rows[reason] != 0) out.count(kIssueNames[reason], issues.rows[reason]);
  }
  return out.done();
}

std::vector<SampleToken> sample_tokens(const Run& run, std::uint32_t row) {
  constexpr std::uint32_t kShown = 5;
  const SequenceTable& table = run.table;
  std::vector<SampleToken> tokens;
  for (std::uint32_t i = 0; i < std::min(table.length(row), kShown); ++i) {
    const bool padding = i >= table.count[row];
    const std::uint32_t at = padding ? 0 : table.event_of_x(row, i);
    const std::uint8_t type = padding ? table.padding_event_id : table.event_id[at];
    const std::uint32_t item = padding ? table.padding_item_id : table.item_id[at];
    tokens.push_back(
        {run.vocabulary.types[type], std::string(run.vocabulary.text(item)), item, padding ? 0.0 : table.minutes(row, at)});
  }
  return tokens;
}

std::string sample_id(const Run& run, std::uint32_t row) {
  std::string buffer;
  return std::string(session_id(run.table, row, buffer));
}

namespace {

// With the first files, so many.
std::string report_with(const Run& run, std::size_t files) {
  Fields splits;
  for (std::size_t part = 0; part < kParts; ++part) {
    Fields split;
    split.count("users", run.split.users[part]);
    splits.put(kPartNames[part], put_arms(split, run.summary.parts[part]).done());
  }
  Fields all;
  put_arms(all, run.summary.all);
  Json samples = Json::array();
  for (const std::uint32_t row : run.summary.samples) samples.push_back(sample_json(run, row));
  Fields trials;
  trials.count("rows", run.table.rows()).count("duplicates", run.duplicates).count("purged", run.split.purged);
  trials.put("attrition", attrition_json(run.trials.attrition));
  Fields vocabulary;
  vocabulary.count("events", run.vocabulary.types.size()).count("items", run.vocabulary.size());
  Fields out;
  out.put("engine", engine_json()).put("plan", plan_json(run.plan)).put("notices", notices_json(run.notices));
  out.put("estimand", estimand_json(run.plan.trial));
  out.put("input", input_json(run));
  out.put("sessions", sessions_json(run)).put("trials", trials.done()).put("vocabulary", vocabulary.done());
  out.put("all", all.done()).put("sequenceLength", lengths_json(run.summary.lengths)).put("splits", splits.done());
  return with_long_list(dumped(std::move(out.put("samples", std::move(samples)))), "files", files,
                        [&](std::size_t i) { return file_json(run.reader().files()[i]); });
}

}  // namespace

std::string report_json(const Run& run) { return report_with(run, run.reader().files().size()); }
std::string report_json_without_files(const Run& run) { return report_with(run, 0); }

std::string report_files_json(const Run& run, std::size_t begin, std::size_t most) {
  const std::vector<FileSummary>& files = run.reader().files();
  Json list = Json::array();
  for (std::size_t i = begin; i < files.size() && list.size() < most; ++i) list.push_back(file_json(files[i]));
  return list.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace causal_sessions
