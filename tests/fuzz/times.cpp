// Time texts, one a line: what came before changes nothing, a time that is shown reads back, and no unit overflows.
#include <vector>

#include "core/civil_time.h"
#include "ingest/timestamp.h"
#include "support.h"
#include "target.h"

namespace causal_sessions::fuzz {
namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string shown(const ParsedTime& time) {
  return std::to_string(static_cast<int>(time.kind)) + (time.cut ? " cut " : " ") + std::to_string(time.value) + " " +
         std::to_string(time.millionths);
}

void check(TimestampParser& used, std::int64_t zone_us, std::string_view text) {
  const ParsedTime time = used.parse(text);
  expect_same("a new parser and one that was used", shown(TimestampParser(zone_us).parse(text)), shown(time));
  if (time.kind == ParsedTime::Kind::kNumber) expect(time.millionths < 1'000'000, "a fraction is below one", text);
  if (time.kind != ParsedTime::Kind::kDate) return;
  const std::string date = format_utc(time.value);
  if (date.size() < 20 || date[0] == '-' || date[4] != '-') return;  // before the year 0 or after 9999, by its zone
  expect_same("a time, and what it is shown as", std::to_string(time.value), std::to_string(TimestampParser().parse(date).value));
}

// A table whose times they are, in every unit.
void run_table(const std::vector<std::string_view>& lines) {
  static const Plan kPlans[] = {
      plan_of(R"({"rows": {"bad": "drop"}})"),
      plan_of(R"({"rows": {"bad": "drop"}, "time": {"unit": "s", "zone": "-23:59"}})"),
      plan_of(R"({"rows": {"bad": "drop"}, "time": {"unit": "ms"}})"),
      plan_of(R"({"rows": {"bad": "drop"}, "time": {"unit": "us", "zone": "+23:59"}})"),
      plan_of(R"({"rows": {"bad": "drop"}, "time": {"unit": "ns"}})"),
      plan_of(R"({"rows": {"bad": "drop"}, "time": {"unit": "excel", "zone": "Pacific/Apia"}})"),
      plan_of(R"({"rows": {"bad": "drop"}, "time": {"unit": "dotnet"}})"),
      plan_of(
          R"({"rows": {"bad": "drop"}, "time": {"format": ["%d/%m/%Y %I:%M:%S %p", "%a, %d %b %y %T.%f %z", "%Y%m%d%H%M", "%s"]}})"),
      plan_of("{}")};
  std::string table = "user,time,type\n";
  for (const std::string_view line : lines) {
    table.append("u,\"");
    for (const char c : line) table.append(c == '"' ? 2 : 1, c);
    table.append("\",click\n");
  }
  for (const Plan& plan : kPlans) static_cast<void>(run_file(plan, table, Access::kInOrder));
}

}  // namespace

void run_times(std::string_view input) {
  const std::vector<std::string_view> lines = lines_of(input);
  for (const std::int64_t zone_us : {std::int64_t{0}, std::int64_t{-86'340'000'000}, std::int64_t{7'200'000'000}}) {
    TimestampParser used(zone_us);
    for (const std::string_view line : lines) check(used, zone_us, line);
  }
  if (dice_of(input).chance(25)) run_table(lines);
}

}  // namespace causal_sessions::fuzz
