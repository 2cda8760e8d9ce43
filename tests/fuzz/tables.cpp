#include "tables.h"

#include <iterator>

#include "write/table_formats.h"

namespace causal_sessions::fuzz {
namespace {

constexpr const char* kTablePlans[] = {
    R"({})",
    R"({"events": {"unknown": "drop"}, "rows": {"bad": "drop"}})",
    R"({"profile": "causal", "events": {"unknown": "drop"}, "rows": {"bad": "drop"}})",
    R"({"profile": "causal", "events": {"unknown": "add"}, "rows": {"bad": "drop"}, "session": {"maxHours": 1}, "output": {"padTo": 3}})",
    R"({"events": {"unknown": "drop"}, "index": {"kind": "landmark", "minutes": 1}, "sequence": {"channels": ["gap", "hour", "weekday", "toTimeZero"]}})",
    R"({"events": {"unknown": "drop"}, "index": {"kind": "matched"}, "outcome": {"prior": "ignore", "from": "windowEnd"}})",
    R"({"events": {"unknown": "drop"}, "index": {"kind": "exposure", "sameItem": true, "windowMinutes": 1}, "split": {"kind": "hash"}, "vocabulary": {"fitOn": "trainX", "minCount": 2}})",
    R"({"profile": "causal", "events": {"unknown": "drop"}, "split": {"kind": "folds", "folds": 3}, "outcome": {"censored": "drop"}})",
    R"({"events": {"unknown": "drop"}, "split": {"kind": "time"}, "time": {"ties": "priority", "zone": "+05:30"}, "session": {"gapHours": 0.01, "minEventsOf": "x"}})",
    R"({"events": {"unknown": "drop"}, "split": {"kind": "time", "validationFrom": "2025-09-12", "testFrom": "2025-09-12 06:00"}, "index": {"kind": "landmark"}})",
    R"({"events": {"unknown": "drop", "duplicates": "drop"}, "input": {"separator": ";"}, "time": {"unit": "s", "ties": "input"}, "sequence": {"maxEvents": 2, "keep": "last"}})",
    R"({"events": {"unknown": "add"}, "input": {"separator": "\t", "header": "no"}, "columns": {"user": 1, "time": 2, "type": 3, "item": 4}, "sequence": {"padding": null}})",
    R"({"events": {"unknown": "drop"}, "input": {"separator": "|", "quote": null, "format": "csv"}, "output": {"csvFormulas": "keep"}})",
    R"({"events": {"unknown": "drop"}, "input": {"escape": "\\", "nulls": ["\\N", "NULL"]}, "vocabulary": {"specialEvents": true}})",
    R"({"events": {"types": ["view", "cart", "buy"], "unknown": "drop"}, "treatment": {"type": "cart"}, "outcome": {"type": "buy"}, "rows": {"bad": "error"}})",
    R"({"input": {"format": "json"}, "events": {"unknown": "add", "withoutItem": {"view": "[VIEW]"}}, "columns": {"user": "visitor", "time": "at", "type": "what", "item": "sku"}, "treatment": {"type": "cart"}})",
    R"({"input": {"comment": "#", "skipLines": 1}, "events": {"unknown": "add"}, "rows": {"bad": "drop"}})",
    R"({"input": {"encoding": "gbk"}, "events": {"unknown": "add"}, "rows": {"bad": "drop"}})",
    R"({"input": {"encoding": "utf-16le", "comment": "#"}, "events": {"unknown": "add"}, "rows": {"bad": "drop"}})",
};

std::vector<std::string_view> files_of(std::string_view text) {
  constexpr std::string_view kBetween = "\n====\n";
  const std::size_t at = text.find(kBetween);
  if (at == text.npos) return {text};
  return {text.substr(0, at + 1), text.substr(at + kBetween.size())};
}

}  // namespace

const std::vector<Plan>& table_plans() {
  static const std::vector<Plan> kRead = [] {
    std::vector<Plan> plans;
    for (const char* plan : kTablePlans) plans.push_back(plan_of(plan));
    return plans;
  }();
  return kRead;
}

std::optional<TableInput> table_input(std::string_view input) {
  if (input.empty()) return std::nullopt;
  const std::vector<Plan>& plans = table_plans();
  return TableInput{plans[static_cast<unsigned char>(input[0] - 'a') % plans.size()], files_of(input.substr(1))};
}

MadeRun make_run(const Plan& plan, const std::vector<std::string_view>& files, Dice* dice) {
  MadeRun made{std::make_unique<Run>(plan, WithAudit::kYes), {}};
  made.run->keep_events = true;
  for (std::size_t i = 0; i < files.size() && made.status.ok(); ++i) {
    made.status = feed(made.run->reader(), "file " + std::to_string(i), files[i], Access::kInOrder, dice);
  }
  if (made.status.ok()) made.status = run_to_end(*made.run);
  return made;
}

std::string everything(const MadeRun& made, Dice dice) {
  if (!made.status.ok()) return told(made.status.error());
  const Run& run = *made.run;
  std::string text = told(run, made.status);
  const auto add = [&text](const std::string& json) {
    expect_json("a list or a view is JSON", json);
    text.append("\n").append(json);
  };
  for (const char* query :
       {"{}", R"({"part": "train", "treatment": 1, "limit": 2})", R"({"outcome": 0, "text": "u", "offset": 1})"}) {
    add(list_sessions_json(run, query));
  }
  const std::size_t rows = run.table.rows();
  for (int i = 0; i < 3 && rows > 0 && run.keeps_events(); ++i) add(session_view_json(run, dice.below(rows)));
  const TableFormat& format = dice.pick(std::span(kTableFormats));
  const std::string_view formats[] = {format.name, "audit"};
  for (const Output& output : outputs_in(formats)) text.append("\n").append(output_text(run, output));
  return text;
}

}  // namespace causal_sessions::fuzz
