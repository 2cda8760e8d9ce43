// Text in another encoding than UTF-8: refused with the key that names it, and read right with that key, however it comes.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <vector>

#include "ingest/inspection/inspect.h"
#include "ingest/not_utf8.h"
#include "support/events.h"
#include "support/run.h"

namespace causal_sessions {
namespace {

using namespace std::string_literals;
using nlohmann::json;
using support::contains;
using support::Input;

const std::string kHeadLine = "user_id,event_timestamp,event_type,product_id\n";

std::string table(const std::string& item) {
  return kHeadLine + "u1,2025-09-05 07:03:00,impression,p1\nu1,2025-09-05 07:04:00,click," + item + "\n";
}

std::string utf16(std::string_view ascii, bool big) {
  std::string text;
  for (const char c : ascii) text.append(big ? std::string{'\0', c} : std::string{c, '\0'});
  return text;
}

Plan plan_for(const std::string& encoding) { return support::plan_of(json{{"input", {{"encoding", encoding}}}}.dump()); }

std::vector<std::string> items_of(const support::Outcome& outcome) {
  std::vector<std::string> items;
  const json all = json::parse(outcome.vocabulary);
  for (const auto& [item, id] : all["item_to_int"].items()) {
    if (id >= 3) items.push_back(item);
  }
  return items;
}

// The events of a file, or why there are none.
std::string events_of(const Plan& plan, const Input& input) {
  EventReader reader(plan.reading);
  if (Status status = support::feed(reader, input); !status.ok()) return status.error().message;
  const Result<EventTable> events = reader.finish();
  return events.ok() ? support::table_text(events.value()) : events.error().message;
}

struct Encoded {
  const char* name;
  std::string text;
  const char* encoding;  // which the refusal names
  std::vector<std::string> items;
};

std::vector<Encoded> rows() {
  return {
      {"Latin", table("caf\xE9-i"), "windows-1252", {"café-i", "p1"}},
      {"Latin quotes",
       table("it\x92s \x93"
             "5\x94"),
       "windows-1252",
       {"it’s “5”", "p1"}},
      {"Chinese", table("\xC1\xAC\xD2\xC2\xC8\xB9"), "gbk", {"p1", "连衣裙"}},
      {"Japanese", table("\x83\x56\x83\x83\x83\x63"), "shift_jis", {"p1", "シャツ"}},
      {"Japanese with words", table("\x90\xD4\x82\xA2\x8A\xD9"), "shift_jis", {"p1", "赤い館"}},
      {"Russian", table("\xF0\xF3\xE1\xE0\xF8\xEA\xE0"), "windows-1251", {"p1", "рубашка"}},
      {"Russian of Unix", table("\xD2\xD5\xC2\xC1\xDB\xCB\xC1"), "koi8-r", {"p1", "рубашка"}},
      {"UTF-16", utf16(table("p2"), false), "utf-16le", {"p1", "p2"}},
      {"UTF-16, big-endian", utf16(table("p2"), true), "utf-16be", {"p1", "p2"}},
      {"UTF-16 with a mark", "\xFF\xFE" + utf16(table("p2"), false), "utf-16le", {"p1", "p2"}},
      {"UTF-16, big-endian with a mark", "\xFE\xFF" + utf16(table("p2"), true), "utf-16be", {"p1", "p2"}},
  };
}

TEST(Encodings, TheMessageNamesTheKeyThatMendsIt) {
  for (const Encoded& row : rows()) {
    const support::Outcome refused = support::run(Plan(), row.text);
    ASSERT_FALSE(refused.ok()) << row.name;
    EXPECT_EQ(refused.error->code, ErrorCode::kBadEncoding) << row.name;
    EXPECT_TRUE(contains(refused.message(), std::string("set input.encoding to \"") + row.encoding + "\"")) << row.name;
    const Plan plan = plan_for(row.encoding);
    const support::Outcome outcome = support::run(plan, row.text);
    ASSERT_TRUE(outcome.ok()) << row.name << ": " << outcome.message();
    EXPECT_EQ(items_of(outcome), row.items) << row.name;
    const std::string whole = events_of(plan, {row.text});
    for (std::size_t at = 1; at < row.text.size(); ++at) {
      ASSERT_EQ(events_of(plan, {row.text, {at}}), whole) << row.name << " cut at " << at;
    }
    const json look = json::parse(inspect_json("a.csv", row.text, true, plan.reading, 5, row.text.size()));
    EXPECT_TRUE(look["problem"].is_null()) << row.name << look["problem"];
    EXPECT_TRUE(contains(look["rows"].dump(), row.items[row.items[0] == "p1"])) << row.name;
    const json refusing = json::parse(inspect_json("a.csv", row.text, true, Plan().reading, 5, row.text.size()));
    EXPECT_TRUE(contains(refusing["problem"].dump(), "set input.encoding to")) << row.name;
  }
}

// One object a line, an array of them, and an object of columns; 表 ends in a backslash.
TEST(Encodings, TheMessageOfJsonNamesTheKeyToo) {
  std::vector<Encoded> all = rows();
  all.push_back({"Japanese with a backslash", table("\x95\x5C\x8E\xA6\x82\xB7\x82\xE9"), "shift_jis", {"p1", "表示する"}});
  for (const Encoded& row : all) {
    if (std::string_view(row.encoding).starts_with("utf-16")) continue;
    const std::string end = "\n", item = row.text.substr(row.text.rfind(',') + 1, row.text.size() - row.text.rfind(',') - 2);
    const std::string first = R"({"user": "u1", "time": "2025-09-05 07:03:00", "type": "impression", "item": "p1"})";
    const std::string second = R"({"user": "u1", "time": "2025-09-05 07:04:00", "type": "click", "item": ")" + item + "\"}";
    const std::string columns = R"({"user": ["u1", "u1"], "time": ["2025-09-05 07:03:00", "2025-09-05 07:04:00"],)"
                                R"("type": ["impression", "click"], "item": ["p1", ")" +
                                item + "\"]}";
    const std::string more(2000, ' ');  // so that a piece ends between the byte and the file's end
    for (const std::string& text : {first + end + second + end, second + end + first + end, "[" + first + "," + second + "]",
                                    first + end + second + more, columns, columns + more}) {
      const std::string message = support::run(Plan(), text).message();
      EXPECT_TRUE(contains(message, " is not UTF-8; the text is probably ")) << row.name << ": " << message;
      EXPECT_TRUE(contains(message, std::string("set input.encoding to \"") + row.encoding + "\""))
          << row.name << ": " << message;
      for (std::size_t at = 1; at < text.size(); at += 7) {
        ASSERT_EQ(events_of(Plan(), {text, {at}}), events_of(Plan(), {text})) << row.name << " cut at " << at;
      }
      const support::Outcome outcome = support::run(plan_for(row.encoding), text);
      ASSERT_TRUE(outcome.ok()) << row.name << ": " << outcome.message();
      EXPECT_EQ(items_of(outcome), row.items) << row.name;
      const json look = json::parse(inspect_json("a.json", text, true, Plan().reading, 5, text.size()));
      EXPECT_TRUE(contains(look["problem"].dump(), "set input.encoding to")) << row.name << look["problem"];
    }
  }
}

TEST(Encodings, OtherNamesMeanTheSame) {
  EXPECT_EQ(plan_for("latin1").reading, plan_for("windows-1252").reading);
  EXPECT_EQ(plan_for("iso-8859-1").reading, plan_for("windows-1252").reading);
  EXPECT_EQ(plan_for("gb18030").reading, plan_for("gbk").reading);
  EXPECT_EQ(plan_for("gb2312").reading, plan_for("gbk").reading);
}

// A byte order mark says more than the plan, and Parquet, Arrow and what is refused by name are no text.
TEST(Encodings, WhatAFileSaysOfItselfComesFirst) {
  const std::string marked = "\xEF\xBB\xBF" + table("café"), wide = "\xFF\xFE" + utf16(table("p2"), false);
  const support::Outcome both = support::run(plan_for("gbk"), {{marked, {}, "a.csv"}, {wide, {}, "b.csv"}});
  ASSERT_TRUE(both.ok()) << both.message();
  EXPECT_EQ(items_of(both), (std::vector<std::string>{"café", "p1", "p2"}));
  const auto refused = [](const std::string& text) { return support::run(plan_for("windows-1252"), text).message(); };
  EXPECT_TRUE(contains(refused("PK\x03\x04....xl/workbook"), "is no whole zip archive"));
  EXPECT_TRUE(contains(refused("\xFF\xFE\0\0u\0\0\0"s), "is UTF-32 text"));
  EXPECT_TRUE(contains(refused("PAR1 and nothing more"), "Parquet"));
  EXPECT_TRUE(contains(refused("<!DOCTYPE html>\n<html>"), "HTML"));
  EXPECT_TRUE(contains(refused(""), "is empty"));
  EXPECT_TRUE(
      contains(refused("u\xE9"), "no column looks like the user, and none like the time or the type; the file has \"ué\""));
  EXPECT_TRUE(contains(refused(utf16(table("p2"), false)), "is UTF-16 text: set input.encoding to \"utf-16le\""));
}

// Where a plan for one file is used for another.
TEST(Encodings, Utf8ThatIsReadAsSomethingElseIsTold) {
  const auto codes = [](const Plan& plan, const std::vector<Input>& inputs) {
    std::vector<std::string> found;
    const support::Outcome outcome = support::run(plan, inputs);
    EXPECT_TRUE(outcome.ok()) << outcome.message();
    const json report = json::parse(outcome.report);
    for (const json& notice : report["notices"]) {
      if (notice["code"] == "utf8ReadOtherwise") found.push_back(notice["message"]);
    }
    return found;
  };
  const Input latin{table("caf\xE9"), {}, "latin.csv"}, utf8{table("café"), {}, "utf8.csv"}, ascii{table("x"), {}, "ascii.csv"};
  EXPECT_EQ(codes(plan_for("latin1"), {latin, ascii}), std::vector<std::string>());
  EXPECT_EQ(codes(Plan(), {utf8, ascii}), std::vector<std::string>());
  const std::vector<std::string> told = {
      "utf8.csv seems to be UTF-8, but was read as \"windows-1252\", which input.encoding says; its texts beyond ASCII are wrong "
      "then"};
  EXPECT_EQ(codes(plan_for("latin1"), {latin, utf8, ascii}), told);
  for (std::size_t at = utf8.text.find("caf"); at < utf8.text.size(); ++at)
    EXPECT_EQ(codes(plan_for("latin1"), {{utf8.text, {at}, "utf8.csv"}}), told);
}

// The place is the row and line of the text.
TEST(Encodings, WhatIsNoCharacterIsRefusedInItsRow) {
  const std::string text = table("\xD6\xD0") + "u1,2025-09-05 07:05:00,click,\xD6\nu1,2025-09-05 07:06:00,click,p1\n";
  const std::string message = support::run(plan_for("gbk"), text).message();
  EXPECT_EQ(
      message,
      "events.csv, row 3 (line 4): a character cannot be read as \"gbk\", which input.encoding says; set it to the encoding "
      "of the text, or save the file as UTF-8");
  for (std::size_t at = 1; at < text.size(); ++at) {
    EXPECT_EQ(events_of(plan_for("gbk"), {text, {at}}), message) << at;
  }
  EXPECT_TRUE(contains(support::run(plan_for("gbk"),
                                    "us\xFF"
                                    "er,b\n1,2\n")
                           .message(),
                       "line 1: a character cannot be read"));
  EXPECT_TRUE(
      contains(support::run(plan_for("shift_jis"), "{\"user\":\"a\",\"time\":1757055780,\"type\":\"click\"}\n{\"user\":\"\xFF\"}")
                   .message(),
               "row 2 (line 2): a character cannot be read as \"shift_jis\""));
  EXPECT_TRUE(
      contains(support::run(plan_for("utf-16le"), utf16(kHeadLine, false) + "u").message(), "cannot be read as \"utf-16le\""));
}

TEST(Encodings, JsonIsReadInThemToo) {
  const std::string text =
      "{\"user\":\"a\",\"time\":1757055780,\"type\":\"click\",\"item\":\"caf\xE9\"}\n"
      "{\"user\":\"a\",\"time\":1757055781,\"type\":\"click\",\"item\":\"x\"}\n";
  EXPECT_TRUE(contains(support::run(Plan(), text).message(),
                       "byte 0xE9 is not UTF-8; the text is probably windows-1252: set input.encoding to"));
  const support::Outcome outcome = support::run(plan_for("latin1"), text);
  ASSERT_TRUE(outcome.ok()) << outcome.message();
  EXPECT_EQ(items_of(outcome), (std::vector<std::string>{"café", "x"}));
}

// Text that is longer than what is looked at, and than a step of the transcoder.
TEST(Encodings, LongTextIsReadAlikeInAnyPieces) {
  std::string text = kHeadLine, utf8 = kHeadLine;
  for (int i = 0; i < 9000; ++i) {
    const std::string head =
        "u" + std::to_string(i % 7) + "," + std::to_string(1757055780 + i) + ",impression,p" + std::to_string(i % 50);
    text += head + (i % 3 == 0 ? "\xB2\xFA\xC6\xB7\x95\x32\x82\x36" : "") + "\n";
    utf8 += head + (i % 3 == 0 ? "产品𠀀" : "") + "\n";
  }
  const auto results = [](support::Outcome outcome) {
    EXPECT_TRUE(outcome.ok()) << outcome.message();
    return outcome.sessions() + outcome.vocabulary;
  };
  const std::string expected = results(support::run(Plan(), utf8));
  for (const std::size_t piece : {std::size_t{997}, std::size_t{65536}, text.size()}) {
    Input input{text};
    for (std::size_t at = piece; at < text.size(); at += piece) input.cuts.push_back(at);
    EXPECT_EQ(support::difference(expected, results(support::run(plan_for("gbk"), {input}))), "") << piece;
  }
}

TEST(Encodings, AGuessGoesByTheBytesThatStandTogether) {
  const std::vector<std::pair<std::string, TextEncoding>> guesses = {
      {"caf\xE9", TextEncoding::kWindows1252},
      {"Stra\xDF"
       "e \xC4\xD6\xDC na\xEFve",
       TextEncoding::kWindows1252},
      {"\x80"
       "5.00",
       TextEncoding::kWindows1252},
      {"\xD6\xD0\xB9\xFA, \xD6\xD0", TextEncoding::kGbk},
      {"\xC4\xD0,5,\xC5\xAE", TextEncoding::kGbk},       // words of one character
      {"\xD6\xEC\xE9\x46\xBB\xF9", TextEncoding::kGbk},  // with one that GB 2312 has not
      {"\xD6\xD0\xB9\xFA\xB7", TextEncoding::kGbk},      // cut inside of one
      {"\x82\xB1\x82\xEA", TextEncoding::kShiftJis},
      {"\x8C\x43,5,\x96\x7B", TextEncoding::kShiftJis},    // words of one character
      {"\xBC\xAC\xC2 \x90\xD4", TextEncoding::kShiftJis},  // katakana of half the width
      {"\xBC\xAC\xC2\xC4\xDE 5", TextEncoding::kShiftJis},
      {"don\x92t, \x93so\x94", TextEncoding::kWindows1252},
      {"\xC9t\xE9 \xE0 la", TextEncoding::kWindows1252},
      {"\xCF\xF0\xE8\xE2\xE5\xF2", TextEncoding::kWindows1251},
      {"\xD0\xD2\xC9\xD7\xC5\xD4", TextEncoding::kKoi8R},
  };
  for (const auto& [text, encoding] : guesses) EXPECT_EQ(guess_encoding(text), encoding) << encoding_name(encoding);
}

}  // namespace
}  // namespace causal_sessions
