// Paths into nested values: a path that is written out is the same path, and what it finds is what another library finds.
//
// The first line of an input is the path, below the column "p"; the rest is the value of the column.
#include <set>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/utf8.h"
#include "property/reference_path.h"
#include "support.h"
#include "target.h"

namespace causal_sessions::fuzz {
namespace {

using nlohmann::ordered_json;

// As a plan has it; nothing where a step is none that a plan can be sure to write alike.
std::optional<std::string> path_text(const Path& path) {
  std::string text = path[0].key;
  for (std::size_t i = 1; i < path.size(); ++i) {
    const PathStep& step = path[i];
    switch (step.kind) {
      case PathStep::Kind::kKey: text += key_step(step.key); break;
      case PathStep::Kind::kIndex: text += "[" + std::to_string(step.index) + "]"; break;
      case PathStep::Kind::kEach: text += "[]"; break;
      default: {
        if (step.key.find_first_of("[]\"=\\") != step.key.npos) return std::nullopt;
        std::string quoted = "\"";
        for (const char c : step.value) quoted.append(c == '"' || c == '\\' ? "\\" : "").append(1, c);
        text += "[" + step.key + "=" + quoted + "\"]";
      }
    }
  }
  return text;
}

// Keys that occur once in their object; texts that hold no JSON; numbers that are written in one way; no object of MongoDB's.
bool is_plain(const ordered_json& value, int levels = 0) {
  if (levels > 30 || value.is_number_float()) return false;
  if (value.is_string()) {
    const std::string text = value.get<std::string>();
    return text.find_first_of("[{") == text.npos;
  }
  for (const auto& [key, member] : value.items()) {
    if (value.is_object() && key.starts_with('$')) return false;
    if (value.is_structured() && !is_plain(member, levels + 1)) return false;
  }
  return true;
}

// Discarded if a key comes twice.
ordered_json with_keys_once(std::string_view text) {
  std::vector<std::set<std::string>> open;
  bool twice = false;
  ordered_json value = ordered_json::parse(
      text,
      [&](int, ordered_json::parse_event_t event, ordered_json& parsed) {
        if (event == ordered_json::parse_event_t::object_start) open.emplace_back();
        if (event == ordered_json::parse_event_t::object_end) open.pop_back();
        if (event == ordered_json::parse_event_t::key) twice |= !open.back().insert(parsed.get<std::string>()).second;
        return true;
      },
      false);
  return twice ? ordered_json(ordered_json::value_t::discarded) : value;
}

// A line an event, of which there are more where the path goes into a list.
std::string items_of(const Plan& plan, const std::string& text, Dice* dice) {
  EventReader reader(plan.reading);
  if (Status status = feed(reader, "events.json", text, Access::kInOrder, dice); !status.ok()) return told(status.error());
  const Result<EventTable> events = reader.finish();
  if (!events.ok()) return told(events.error());
  const EventTable& table = events.value();
  std::string items;
  for (std::size_t i = 0; i < table.size(); ++i) {
    items.append(std::to_string(table.time_us[i] / 1'000'000)).append(" ");
    items.append(table.item[i] == StringPool::kNone ? "-" : table.items[table.item[i]]).append("\n");
  }
  return items;
}

void check_found(const std::string& path_text, const Path& path, std::string_view json, Dice& dice) {
  if (find_invalid_utf8(json) != json.size() || json.find('\0') != json.npos || json.find("-0") != json.npos) return;
  const ordered_json value = with_keys_once(json);
  if (value.is_discarded() || !is_plain(value)) return;
  const ordered_json asked = {{"columns", {{"user", "user"}, {"time", "time"}, {"type", "type"}, {"item", path_text}}},
                              {"rows", {{"bad", "drop"}}},
                              {"time", {{"unit", "s"}}}};
  const Result<Plan> plan = read_plan(asked.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
  if (!plan.ok()) return;  // two lists, say
  std::string expected = "1 -\n";
  const std::string null_row = R"({"user": "u", "time": 1, "type": "click", "p": null})";
  for (const std::string& cell : reference::cells_of(value, std::span(path).subspan(1))) {
    if (cell != "bad") expected += "2 " + cell + "\n";
  }
  const std::string row = R"({"user": "u", "time": 2, "type": "click", "p": )" + std::string(json) + "}";
  expect_same("what a path finds, by another library and here", expected, items_of(plan.value(), null_row + "\n" + row, &dice));
  expect_same("the same of an array", expected, items_of(plan.value(), "[" + null_row + "," + row + "]", &dice));
}

}  // namespace

void run_paths(std::string_view input) {
  const std::size_t end = std::min(input.find('\n'), input.size());
  const std::string text = "p" + std::string(input.substr(0, end));
  const std::optional<PathText> read = read_path_text(text);
  if (!read) return;
  const Path& path = read->path;
  expect(!path.empty() && path.size() <= kMostSteps && read->ends.size() == path.size(), "a path has steps", text);
  expect(read->ends.back() == text.size(), "its last step ends with it", text);
  if (const std::optional<std::string> written = path_text(path)) {
    const std::optional<Path> again = read_path(*written);
    expect(again && *again == path, "a path that is written out is the same", text + "\n" + *written);
  }
  Dice dice = dice_of(input);
  const bool readable = path[0].key == "p" && find_invalid_utf8(text) == text.size() && text.find('\0') == text.npos;
  if (readable && end < input.size()) check_found(text, path, input.substr(end + 1), dice);
}

}  // namespace causal_sessions::fuzz
