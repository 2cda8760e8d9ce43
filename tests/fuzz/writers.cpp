// What we write, our own readers read: the sessions of any file of events, in every format that has a row a session, come back with
// their users, treatments and items.
#include <vector>

#include "sequence/session_row.h"
#include "support.h"
#include "target.h"

namespace causal_sessions::fuzz {
namespace {

// A row of a token: its user, how many tokens it has as a time, its treatment as a type, the number of its item.
std::string rows_of_table(const SequenceTable& table) {
  std::string rows;
  for (std::uint32_t row = 0; row < table.rows(); ++row) {
    for_each_token(table, row, [&](const Token& token) {
      rows.append(table.users[table.user[row]]).append("\t").append(std::to_string(table.length(row))).append("\t");
      rows.append(std::to_string(table.treatment[row])).append("\t").append(std::to_string(token.item_id)).append("\n");
    });
  }
  return rows;
}

std::string rows_read(const Plan& plan, const std::string& file, Dice* dice) {
  EventReader reader(plan.reading);
  if (Status status = feed(reader, "sessions", file, Access::kByRanges, dice); !status.ok()) return told(status.error());
  const Result<EventTable> events = reader.finish();
  if (!events.ok()) return told(events.error());
  const EventTable& table = events.value();
  std::string rows;
  for (std::size_t i = 0; i < table.size(); ++i) {
    rows.append(table.users[table.user[i]]).append("\t").append(std::to_string(table.time_us[i] / 1'000'000)).append("\t");
    rows.append(table.types[table.type[i]]).append("\t");
    rows.append(table.item[i] == StringPool::kNone ? "-" : table.items[table.item[i]]).append("\n");
  }
  return rows;
}

struct ReadBack {
  const char* format;
  Plan plan;
};

ReadBack read_back(const char* format, const std::string& item) {
  return {format, plan_of(R"({"columns": {"user": "user_id", "time": "sequence_length", "type": "treatment", "item": ")" + item +
                          R"("}, "time": {"unit": "s"}, "events": {"unknown": "add"}, "input": {"nulls": []}})")};
}

}  // namespace

void run_writers(std::string_view input) {
  static const Plan kPlan = plan_of(
      R"({"events": {"unknown": "add"}, "rows": {"bad": "drop"}, "split": {"train": 1, "validation": 0, "test": 0}, "output": {"csvFormulas": "keep"}})");
  static const ReadBack kFormats[] = {read_back("parquet", "sequence[][1]"), read_back("jsonl", "sequence[][1]"),
                                      read_back("csv", "sequence[][1]"),     read_back("parquet-flat", "item_ids[]"),
                                      read_back("arrow", "item_ids[]"),      read_back("arrow-stream", "item_ids[]")};
  Run made(kPlan);
  Status status = feed(made.reader(), "events.csv", input, Access::kByRanges, nullptr);
  if (status.ok()) status = run_to_end(made);
  if (!status.ok() || made.table.rows() == 0) return;
  const std::string expected = rows_of_table(made.table);
  Dice dice = dice_of(input);
  for (const ReadBack& back : kFormats) {
    // A CSV with a zero byte is none to its reader, which asks the beginning of a file alone; other formats write it otherwise.
    if (back.format == std::string_view("csv") && expected.find('\0') != std::string::npos) continue;
    const std::string_view formats[] = {back.format};
    const std::string file = output_text(made, outputs_in(formats)[0]);
    expect_same(std::string("sessions, and what is read of them as ") + back.format, expected, rows_read(back.plan, file, &dice));
  }
}

}  // namespace causal_sessions::fuzz
