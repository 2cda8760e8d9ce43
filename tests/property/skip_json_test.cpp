// Random nested JSON with random damage: what is passed over 64 bytes at a time is what another library takes, whatever stands behind
// it and wherever the window ends; and rows are the same by the fast way and by the full one, however the file is cut.
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/utf8.h"
#include "formats/json/scan.h"
#include "ingest/event_reader.h"
#include "ingest/file_reader.h"
#include "property/streams.h"
#include "support/events.h"
#include "support/run.h"

namespace causal_sessions {
namespace {

using streams::Dice;

std::string random_space(Dice& dice, std::uint32_t percent) {
  std::string space;
  while (dice.chance(percent)) space += dice.pick(std::string_view(" \n\t\r    "));
  return space;
}

std::string random_text(Dice& dice) {
  constexpr const char* kParts[] = {"a", "key", "\\\"", "\\\\", "\\/", "\\u00e9", "\\n", "é", "{", "]", ",", ":", " ", "null"};
  std::string text = "\"";
  for (std::uint32_t i = dice.below(dice.chance(10) ? 60 : 5); i > 0; --i) text += dice.pick(kParts);
  return text + "\"";
}

// An object or list as text, of which every byte may be where a block of 64 ends.
std::string random_json(Dice& dice, int depth, std::uint32_t space) {
  constexpr const char* kPlain[] = {"null", "true", "false", "0", "-1", "12.5e-3", "2E-7", "1234567890", "0.0"};
  const bool object = dice.chance(50);
  std::string text = object ? "{" : "[";
  for (std::uint32_t i = 0, count = dice.below(6); i < count; ++i) {
    text += random_space(dice, space) + (i == 0 ? "" : ",") + random_space(dice, space);
    if (object) text += random_text(dice) + random_space(dice, space) + ":" + random_space(dice, space);
    if (depth > 0 && dice.chance(40)) text += random_json(dice, depth - 1, space);
    else if (dice.chance(50)) text += random_text(dice);
    else text += dice.pick(kPlain);
  }
  return text + random_space(dice, space) + (object ? "}" : "]");
}

void damage(Dice& dice, std::string& text) {
  constexpr std::string_view kBytes = "{}[]:,\"\\ \n\t019.eE+-nutf\x01\x7F/";
  const std::size_t at = dice.below(text.size());
  const char c = dice.pick(kBytes);
  switch (dice.below(4)) {
    case 0: text[at] = c; break;
    case 1: text.insert(at, 1, c); break;
    case 2: text.erase(at, 1 + dice.below(3)); break;
    default: std::swap(text[at], text[dice.below(text.size())]); break;
  }
}

std::size_t skip(const std::string& text, std::size_t size, std::uint64_t& breaks) {
  std::string window = text + std::string(kWindowSlack, '"');
  return skip_json(std::span<const char>(window).first(size), 0, breaks);
}

TEST(Property, NestedJsonIsPassedOverAsAnotherLibraryTakesIt) {
  const std::regex huge("[eE][+]?[0-9]{3}");
  std::uint32_t sound = 0, damaged = 0;
  for (std::uint32_t seed = 0; seed < 10'000; ++seed) {
    Dice dice(seed);
    std::string text = random_json(dice, 5, dice.chance(50) ? 0 : dice.below(60));
    for (std::uint32_t i = dice.chance(70) ? 1 + dice.below(2) : 0; i > 0 && text.size() > 3; --i) damage(dice, text);
    if ((text[0] != '{' && text[0] != '[') || find_invalid_utf8(text) != text.size()) continue;  // for others to find
    if (std::regex_search(text, huge)) continue;  // the other library takes no number beyond a double's
    std::uint64_t breaks = 0;
    const std::size_t end = skip(text, text.size(), breaks);
    const bool whole = end != 0 && text.find_first_not_of(" \n\t\r", end) == text.npos;
    ASSERT_EQ(whole, nlohmann::json::accept(text)) << end << ": " << text;
    ++(whole ? sound : damaged);
    if (end == 0) continue;
    ASSERT_TRUE(nlohmann::json::accept(text.substr(0, end))) << text.substr(0, end);
    ASSERT_EQ(breaks,
              static_cast<std::uint64_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), '\n')));
    for (std::size_t size = 0; size < end; ++size) {
      ASSERT_EQ(skip(text, size, breaks), 0U) << size << " bytes of " << text;
    }
  }
  EXPECT_GT(sound, 2000U);
  EXPECT_GT(damaged, 2000U);
}

std::string rows_of(const Plan& plan, support::Input input) {
  EventReader reader(plan.reading);
  if (Status status = support::feed(reader, input); !status.ok()) return status.error().message;
  const Result<EventTable> events = reader.finish();
  return events.ok() ? support::table_text(events.value()) : events.error().message;
}

TEST(Property, NestedJsonOfAnyDepthIsReadOver) {
  const Plan plan = support::plan_of(R"({"time": {"unit": "s"}, "events": {"types": ["click", "purchase"]}})");
  for (const unsigned levels : {1U, 2U, 63U, 64U, 65U, 200U}) {
    std::string text;
    for (unsigned i = 0; i < levels; ++i) text += i % 3 == 0 ? R"({"a": )" : "[";
    text += "1";
    for (unsigned i = levels; i-- > 0;) text += i % 3 == 0 ? "}" : "]";
    std::uint64_t breaks = 0;
    EXPECT_EQ(skip(text, text.size(), breaks), levels > 64 ? 0U : text.size()) << levels;
    const std::string row = R"({"user": "u", "time": 1, "type": "click", "more": )" + text + "}\n";
    EXPECT_EQ(rows_of(plan, {row}), "u/1000000/click/-\n") << levels;
  }
}

TEST(Property, RowsAreTheSameByTheFastWayAndTheFullOneHoweverTheFileIsCut) {
  const Plan plan = support::plan_of(
      R"({"columns": {"item": "more[].key"}, "rows": {"bad": "drop"}, "time": {"unit": "s"}, "events": {"types": ["click", "purchase"]}})");
  std::uint32_t refused = 0;
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    Dice dice(seed);
    // A key with an escape is for the full reader; both are as long, so that places in messages are the same.
    std::string fast, full;
    for (int i = 0; i < 3; ++i) {
      std::string row = R"({"user":"u","time":)" + std::to_string(i + 1) + R"(,"type":"click","more":[{"key":)" +
                        random_text(dice) + R"(}],"text":)" + random_text(dice) + R"(,"rest":)" +
                        random_json(dice, 3, dice.below(30));
      if (i > 0 && dice.chance(30)) damage(dice, row);
      fast += row + R"(,"abcdef":1})" + "\n";
      full += row + R"(,"\u0061":1})" + "\n";
    }
    const std::string expected = rows_of(plan, {full});
    ASSERT_EQ(rows_of(plan, {fast}), expected) << fast;
    refused += expected.find("is not JSON") != expected.npos;
    for (const std::string& text : {fast, full}) {
      std::vector<std::size_t> all;
      for (std::size_t cut = 1; cut < text.size(); ++cut) {
        if (dice.chance(3)) {
          ASSERT_EQ(rows_of(plan, {text, {cut}}), expected) << "cut at " << cut << ": " << text;
        }
        all.push_back(cut);
      }
      ASSERT_EQ(rows_of(plan, {text, all}), expected) << text;
    }
  }
  EXPECT_GT(refused, 10U);
  EXPECT_LT(refused, 50U);
}

}  // namespace
}  // namespace causal_sessions
