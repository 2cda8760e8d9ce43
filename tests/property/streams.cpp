#include "property/streams.h"

#include <algorithm>

#include "core/civil_time.h"
#include "property/reference_text.h"

namespace causal_sessions::streams {
namespace {

using reference::Event;

constexpr std::int64_t kStart = 1757030400000000;  // 2025-09-05

const std::vector<std::string> kIds = {
    "u",    "a_1",        "a",        "00",       "-1",        "NA",    "日本",  "🛒",    "a,b",    "say \"hi\"",
    "\"",   "a\nb",       "a\r\nb",   "\r",       "x;y",       "tab\t", "|",     " lead", "trail ", "1e5",
    "null", "\\n",        "'quoted'", "ext1:7f9", "e\xCC\x81", "ﬀ",     "U",     "#",     "=1+1",   "12345678901234567890",
    "[PAD", "[AUCTION] ", "nan",      "0",        "\"\"",      "a\"b",  "\",\"", "zz\n",  "é",      "\x7F"};

// Keys that take NumPy's quicksort to its depth limit, where it turns to heap sort; see core/numpy_sort_test.cpp.
const std::vector<std::int64_t> kKiller = {0, 21, 1, 21, 2, 20, 3, 20, 4, 19, 5,  19, 6,  18, 7,  18, 8,  17, 9,  17, 10, 11, 0,
                                           1, 2,  3, 4,  5, 6,  7, 8,  9, 10, 16, 16, 15, 15, 14, 14, 13, 13, 12, 12, 22, 11};

std::int64_t random_step(Dice& dice, std::int64_t gap_us) {
  switch (dice.below(12)) {
    case 0:
    case 1:
    case 2: return 0;
    case 3:
    case 4: return 1'000'000 * static_cast<std::int64_t>(dice.below(5));
    case 5: return dice.below(2'000'000);
    case 6:
    case 7: return static_cast<std::int64_t>(dice.below(3'600'000)) * 1000;
    case 8: return gap_us;
    case 9: return gap_us + 1;
    case 10: return gap_us > 0 ? gap_us - 1 : 0;
    default: return gap_us * 3 + dice.below(1'000'000);
  }
}

std::vector<std::string> random_ids(Dice& dice, std::size_t count) {
  std::vector<std::string> ids = kIds;
  dice.shuffle(ids);
  ids.resize(std::min(count, ids.size()));
  while (ids.size() < count) ids.push_back("id-" + std::to_string(ids.size()));
  return ids;
}

void add_user(Dice& dice, const std::string& user, const std::vector<std::string>& items, const StreamOptions& options,
              std::vector<Event>& events) {
  // One event, a few, or one long run with many ties.
  const std::uint32_t style = dice.below(4);
  const std::uint32_t count = style == 0   ? 1
                              : style == 1 ? 1 + dice.below(5)
                                           : 1 + dice.below(2 * options.events / options.users + 1);
  const bool killer = style == 2 && dice.chance(20);
  std::int64_t time = kStart + static_cast<std::int64_t>(dice.below(7)) * 3'600'000'000;
  for (std::uint32_t i = 0; i < (killer ? kKiller.size() : count); ++i) {
    Event event{user, time, dice.pick(options.types), dice.chance(20) ? "" : dice.pick(items)};
    if (killer) event.time_us = time + kKiller[i] * 1'000'000;
    events.push_back(event);
    if (!killer) time += style == 3 ? 250'000 * static_cast<std::int64_t>(dice.below(3)) : random_step(dice, options.gap_us);
  }
}

std::string csv_cell(const std::string& text, const CsvDialect& dialect) {
  const bool needed = text.find_first_of(std::string("\"\r\n") + dialect.separator) != text.npos;
  if (!needed && !dialect.quote_all) return text;
  std::string cell = "\"";
  for (const char c : text) cell += c == '"' ? std::string("\"\"") : std::string(1, c);
  return cell + "\"";
}

std::string json_text(const Event& event) {
  std::string text = "{\"event_type\": " + reference::quoted(event.type, false) +
                     ", \"note\": {\"list\": [1, \"}\"]}, \"user_id\": " + reference::quoted(event.user, false) +
                     ", \"timestamp\": \"" + time_text(event.time_us) + "\"";
  // A missing item is null, an empty text, or not there at all.
  if (!event.item.empty()) text += ", \"item_id\": " + reference::quoted(event.item, event.time_us % 2 == 0);
  if (event.item.empty() && event.time_us % 3 == 0) text += ", \"item_id\": null";
  if (event.item.empty() && event.time_us % 3 == 1) text += ", \"item_id\": \"\"";
  return text + "}";
}

}  // namespace

std::vector<Event> random_events(Dice& dice, const StreamOptions& options) {
  const std::vector<std::string> users = random_ids(dice, options.users);
  const std::vector<std::string> items = random_ids(dice, 3 + dice.below(20));
  std::vector<Event> events;
  for (const std::string& user : users) add_user(dice, user, items, options, events);
  switch (dice.below(4)) {
    case 0:
      std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.time_us < b.time_us; });
      break;
    case 1: dice.shuffle(events); break;
    case 2: std::reverse(events.begin(), events.end()); break;
    default: break;  // grouped by user
  }
  return events;
}

std::string time_text(std::int64_t time_us) {
  std::string text = format_utc(time_us);
  text[10] = ' ';
  text.pop_back();
  return text;
}

std::string csv_text(const std::vector<Event>& events, const CsvDialect& dialect) {
  std::string text = dialect.byte_order_mark ? "\xEF\xBB\xBF" : "";
  const auto add_row = [&](const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i)
      text += (i > 0 ? std::string(1, dialect.separator) : "") + csv_cell(cells[i], dialect);
    text += dialect.line_end;
  };
  add_row({"item_id", "user_id", "note", "timestamp", "event_type"});
  for (const Event& event : events) add_row({event.item, event.user, "a \"note\"", time_text(event.time_us), event.type});
  if (!dialect.final_line_end) text.resize(text.size() - dialect.line_end.size());
  return text;
}

std::string json_array_text(const std::vector<Event>& events) {
  std::string text = "[";
  for (const Event& event : events) text += (text.size() > 1 ? ",\n " : "") + json_text(event);
  return text + "]\n";
}

std::string json_lines_text(const std::vector<Event>& events) {
  std::string text;
  for (const Event& event : events) text += json_text(event) + "\n";
  return text;
}

}  // namespace causal_sessions::streams
