// Tables as text under many plans, with an audit, a list of the sessions and a look at some: the same from one piece and
// from many, in one file and in two, read anew and started from kept events.
//
// An input begins with the letter of its plan, of which "a" is the first; a line "====" parts two files.
#include <iterator>
#include <memory>
#include <vector>

#include "support.h"
#include "target.h"
#include "write/table_formats.h"

namespace causal_sessions::fuzz {
namespace {

constexpr const char* kPlans[] = {
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

struct Made {
  std::unique_ptr<Run> run;
  Status status;
};

Made run(const Plan& plan, const std::vector<std::string_view>& files, Dice* dice) {
  Made made{std::make_unique<Run>(plan, WithAudit::kYes), {}};
  made.run->keep_events = true;
  for (std::size_t i = 0; i < files.size() && made.status.ok(); ++i) {
    made.status = feed(made.run->reader(), "file " + std::to_string(i), files[i], Access::kInOrder, dice);
  }
  if (made.status.ok()) made.status = run_to_end(*made.run);
  return made;
}

// What users see of a run and of its sessions.
std::string everything(const Made& made, Dice dice) {
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

// Another plan of the table that reads as this one does.
const Plan* reads_alike(const std::vector<Plan>& plans, const Plan& plan, Dice& dice) {
  const std::size_t first = dice.below(plans.size());
  for (std::size_t i = 0; i < plans.size(); ++i) {
    const Plan& other = plans[(first + i) % plans.size()];
    if (plan.reading == other.reading) return &other;
  }
  return nullptr;
}

std::vector<std::string_view> files_of(std::string_view text) {
  constexpr std::string_view kBetween = "\n====\n";
  const std::size_t at = text.find(kBetween);
  if (at == text.npos) return {text};
  return {text.substr(0, at + 1), text.substr(at + kBetween.size())};
}

}  // namespace

void run_plans(std::string_view input) {
  static const std::vector<Plan> kRead = [] {
    std::vector<Plan> plans;
    for (const char* plan : kPlans) plans.push_back(plan_of(plan));
    return plans;
  }();
  if (input.empty()) return;
  const Plan& plan = kRead[static_cast<unsigned char>(input[0] - 'a') % std::size(kPlans)];
  const std::vector<std::string_view> files = files_of(input.substr(1));
  Dice dice = dice_of(input);
  const Dice shown = dice;  // what is looked at
  const Made one = run(plan, files, nullptr);
  expect_same("one piece and many", everything(one, shown), everything(run(plan, files, &dice), shown));
  if (!one.status.ok()) return;
  const Plan* const other = reads_alike(kRead, plan, dice);
  if (other == nullptr) return;
  Made started{std::make_unique<Run>(*other, WithAudit::kYes), {}};
  started.run->keep_events = true;
  expect(start_from(*started.run, *one.run), "a run starts from events that are read alike");
  started.status = run_to_end(*started.run);
  expect_same("read anew and started from kept events", everything(run(*other, files, nullptr), shown),
              everything(started, shown));
}

}  // namespace causal_sessions::fuzz
