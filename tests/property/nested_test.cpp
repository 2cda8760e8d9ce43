// Random nested JSON and random paths into it: the events are those that another library's values give, however the file is cut
// and whether the JSON stands in JSON lines, in an array, in a cell of CSV or below another key.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "ingest/columns/path.h"
#include "ingest/event_reader.h"
#include "property/reference_path.h"
#include "property/streams.h"
#include "support/events.h"
#include "support/run.h"

namespace causal_sessions {
namespace {

using nlohmann::ordered_json;
using reference::cells_of;
using streams::Dice;

constexpr const char* kKeys[] = {"a", "b", "item.id"};

ordered_json random_value(Dice& dice, int depth) {
  const std::uint32_t kind = dice.below(depth > 0 ? 10 : 6);
  if (kind == 0) return nullptr;
  if (kind == 1) return dice.chance(50);
  if (kind == 2) return dice.below(5);
  if (kind == 3) return dice.below(5) + (dice.chance(50) ? 0.5 : 0.0);
  if (kind < 6) return std::string(dice.pick(std::vector<std::string>{"x", "a \"b\"", "", "é\n", "\\", "7"}));
  ordered_json value = kind < 8 ? ordered_json::object() : ordered_json::array();
  for (std::uint32_t i = dice.below(4); i > 0; --i) {
    if (value.is_object()) value[dice.pick(kKeys)] = random_value(dice, depth - 1);
    else value.push_back(random_value(dice, depth - 1));
  }
  return value;
}

std::string random_path(Dice& dice, bool& list) {
  std::string path = "p";
  for (std::uint32_t i = dice.below(4); i > 0; --i) {
    const std::uint32_t kind = dice.below(6);
    if (kind == 0 && !list) {
      path += "[]";
      list = true;
    } else if (kind == 1) {
      path += "[" + std::to_string(dice.below(2)) + "]";
    } else if (kind == 2) {
      path += "[a=x]";
    } else {
      path += key_step(dice.pick(kKeys));
    }
  }
  return path;
}

std::string quoted(const std::string& text) {
  std::string cell = "\"";
  for (const char c : text) cell += c == '"' ? std::string("\"\"") : std::string(1, c);
  return cell + "\"";
}

std::string events_of(const Plan& plan, const std::string& text, Dice& dice) {
  support::Input input{text};
  for (std::size_t at = dice.below(200); at < text.size(); at += 1 + dice.below(200)) input.cuts.push_back(at);
  EventReader reader(plan.reading);
  if (Status status = support::feed(reader, input); !status.ok()) return status.error().message;
  const Result<EventTable> events = reader.finish();
  return events.ok() ? support::table_text(events.value()) : events.error().message;
}

TEST(Property, PathsFindWhatAnotherLibraryFinds) {
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    Dice dice(seed);
    bool list = false;
    const std::string path = random_path(dice, list);
    const std::optional<Path> steps = read_path(path);
    ASSERT_TRUE(steps.has_value()) << path;
    std::string lines, array = "[", csv = "user,time,type,p\n", nested, expected;
    for (int i = 0; i < 20; ++i) {
      ordered_json row = {{"user", "u"}, {"time", i + 1}, {"type", "click"}};
      row["p"] = i == 0 ? ordered_json() : random_value(dice, 4);
      const std::string text = row.dump(dice.chance(20) ? 1 : -1, ' ', dice.chance(30));
      lines += text + "\n";
      array += (i == 0 ? "" : ",") + text;
      nested += R"({"meta": [1, {}], "data": )" + text + "}\n";
      const std::string cell = row["p"].is_structured() ? row["p"].dump() : "";
      csv += "u," + std::to_string(i + 1) + ",click," + quoted(cell) + "\n";
      for (const std::string& item : cells_of(row["p"], std::span(*steps).subspan(1))) {
        if (item != "bad") expected += "u/" + std::to_string(i + 1) + "000000/click/" + item + "\n";
      }
    }
    ordered_json asked = {{"columns", {{"item", path}}}, {"rows", {{"bad", "drop"}}}, {"time", {{"unit", "s"}}}};
    const Plan plan = support::plan_of(asked.dump());
    EXPECT_EQ(events_of(plan, lines, dice), expected) << path << "\n" << lines;
    EXPECT_EQ(events_of(plan, array + "]", dice), expected) << path;
    // In CSV only what a bracket begins is JSON.
    if (steps->size() > 1) {
      EXPECT_EQ(events_of(plan, csv, dice), expected) << path << "\n" << csv;
    }
    asked["input"]["rows"] = "data";
    EXPECT_EQ(events_of(support::plan_of(asked.dump()), nested, dice), expected) << path << "\n" << nested;
  }
}

}  // namespace
}  // namespace causal_sessions
