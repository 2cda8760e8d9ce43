// Any text as JSON: what passes over it, the fast way through it and the full one take what another library takes, and find the
// same values in it.
#include <algorithm>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/utf8.h"
#include "formats/json/parse.h"
#include "ingest/json/json_object.h"
#include "support.h"
#include "support/window.h"
#include "target.h"

namespace causal_sessions::fuzz {
namespace {

using nlohmann::ordered_json;
using support::Window;

// The full reader's values as the other library holds them.
class FullWalk {
 public:
  // What only this house takes: half of a surrogate pair, NaN, Infinity, a number beyond a double's range.
  bool beyond = false;
  std::size_t levels = 0;

  ordered_json value_of(const JsonValue& value, std::size_t level = 0) {
    levels = std::max(levels, level);
    switch (value.kind) {
      case JsonKind::kNull: return nullptr;
      case JsonKind::kWord: return value.raw == "true";
      case JsonKind::kText: return text_of(value);
      case JsonKind::kNumber:
      case JsonKind::kFraction: return number_of(value.raw);
      case JsonKind::kNested: return nested(value.raw, level + 1);
      default: beyond = true; return nullptr;
    }
  }

 private:
  ordered_json text_of(const JsonValue& value) {
    std::string_view half;
    std::string text = value.text(half);
    beyond = beyond || !half.empty();
    return text;
  }
  ordered_json number_of(std::string_view raw) {
    ordered_json number = ordered_json::parse(raw, nullptr, false);
    beyond = beyond || number.is_discarded();
    return number;
  }
  ordered_json nested(std::string_view raw, std::size_t level) {
    levels = std::max(levels, level);
    const bool list = raw[0] == '[';
    ordered_json value = list ? ordered_json::array() : ordered_json::object();
    JsonObjectReader reader(raw);
    while (reader.next()) {
      const std::string key(reader.key());
      ordered_json member = value_of(reader.value(), level);
      if (list) value.push_back(std::move(member));
      else value[key] = std::move(member);
    }
    expect(reader.error_at() == 0 && reader.end() == raw.size(), "what was passed over is JSON to its end", raw);
    return value;
  }
};

// The fast way leaves an object to the full one, or sees the same members.
void check_scan(std::span<const char> window, std::size_t at) {
  struct Member {
    std::string_view key, raw;
    JsonKind kind;
  };
  std::vector<Member> members;
  std::uint64_t breaks = 0;
  const auto take = [&](std::size_t, std::string_view key, std::string_view raw, JsonKind kind) {
    members.push_back({key, raw, kind});
    return true;
  };
  const std::size_t end = JsonScanner(window).scan(at, breaks, take, take);
  if (end == 0) return;
  JsonObjectReader reader(window.subspan(at));
  for (const Member& member : members) {
    expect(reader.next(), "the full reader has the members that the fast one has", {window.data() + at, end - at});
    expect_same("keys", reader.key(), member.key);
    expect_same("values", reader.raw(), member.raw);
    expect(reader.kind() == member.kind, "a value is of one kind", member.raw);
  }
  expect(!reader.next() && reader.error_at() == 0 && at + reader.end() == end, "both readers end at one place");
}

// What is passed over 64 bytes at a time ends where a walk from bracket to bracket ends, and in no window that is cut.
void check_skip(std::string_view text, std::size_t at, Dice dice) {
  const Window window(text);
  std::uint64_t breaks = 0;
  const std::size_t end = skip_json(window.span(), at, breaks);
  if (end == 0) return;
  expect(find_json_end(window.span(), at) == end, "a value ends at its last bracket", text);
  const std::string_view value = text.substr(at, end - at);
  expect(breaks == static_cast<std::uint64_t>(std::count(value.begin(), value.end(), '\n')), "line breaks are counted", value);
  expect(find_json_mistake(Window(value).span()) == 0, "what is passed over is JSON", value);
  expect(skip_json(Window(text.substr(0, at + dice.below(end - at))).span(), at, breaks) == 0, "a cut value is not passed over",
         text);
}

}  // namespace

void run_json(std::string_view input) {
  if (find_invalid_utf8(input) != input.size() || input.starts_with("\xEF\xBB\xBF")) return;  // looked for before, by others
  const std::size_t at = std::min(input.find_first_not_of(" \t\r\n"), input.size());
  if (at == input.size()) return;
  const Window window(input);
  const bool object = input[at] == '{', nested = object || input[at] == '[';
  if (nested) check_skip(input, at, dice_of(input));
  if (object) check_scan(window.span(), at);

  // To the other library a text ends at a zero byte.
  const ordered_json theirs = input.find('\0') == input.npos ? ordered_json::parse(input, nullptr, false)
                                                             : ordered_json(ordered_json::value_t::discarded);
  expect(is_json(input) == !theirs.is_discarded(), "what we write is checked as another library does", input);
  if (find_json_mistake(window.span()) != 0) {
    expect(theirs.is_discarded(), "what another library takes is JSON here", input);
    return;
  }
  // As the only member of a list, any value can be asked for.
  const std::string list = "[" + std::string(input) + "]";
  const Window listed(list);
  JsonObjectReader reader(listed.span());
  expect(reader.next(), "a list of a value has it", list);
  FullWalk walk;
  const ordered_json ours = walk.value_of(reader.value());
  const bool half_in_key = input.find("\\ud") != input.npos || input.find("\\uD") != input.npos;
  if (theirs.is_discarded()) {
    expect(walk.beyond || half_in_key, "what is JSON here is JSON to another library", input);
    return;
  }
  expect_same("values, ours and theirs", ours.dump(), theirs.dump());
  const ordered_json of_plan = parse_json_value(input);
  expect(of_plan.is_discarded() == (walk.levels > kMostJsonLevels), "a plan may be nested so deeply", input);
  if (!of_plan.is_discarded()) expect_same("values, a plan's and theirs", of_plan.dump(), theirs.dump());
  std::uint64_t breaks = 0;
  const bool passed = nested && skip_json(window.span(), at, breaks) != 0;
  expect(!nested || passed == (walk.levels <= 64), "what another library takes is passed over", input);
}

}  // namespace causal_sessions::fuzz
