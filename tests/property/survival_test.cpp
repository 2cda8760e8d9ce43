// Readers survive anything: a damaged file is read or refused with a sentence, the same however it is cut.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/utf8.h"
#include "ingest/inspection/inspect.h"
#include "property/streams.h"
#include "support/run.h"

namespace causal_sessions {
namespace {

using streams::Dice;
using support::Input;
using support::plan_of;

// One to four damages: bytes changed, pieces lost, doubled or moved, the end cut off.
std::string damaged(Dice& dice, std::string text) {
  // clang-format off
  static const std::string_view kSpecial[] = {
      ",", ";", "\t", "|", "\"", "\"\"", "\n", "\r", "\r\n", "{", "}", "[", "]", ":", "\\", "\\u", "\\ud83d",
      "null", "1e9", "-", "99999999999999999999", "2025-02-30", "[PAD]", "\xE9", "\xF0\x9F",
      std::string_view("\0", 1), "\xEF\xBB\xBF", "\xFF\xFE", "\x1F"};
  // clang-format on
  for (std::uint32_t round = 1 + dice.below(4); round > 0 && !text.empty(); --round) {
    const std::size_t at = dice.below(text.size());
    const std::size_t length = dice.below(std::min<std::size_t>(text.size() - at, 40) + 1);
    switch (dice.below(7)) {
      case 0: text[at] = static_cast<char>(dice.below(256)); break;
      case 1: text.insert(at, dice.pick(kSpecial)); break;
      case 2: text.replace(at, length, dice.pick(kSpecial)); break;
      case 3: text.erase(at, length); break;
      case 4: text.insert(at, text.substr(at, length)); break;
      case 5: text.insert(dice.below(text.size()), text.substr(at, length)); break;
      default: text.resize(at); break;
    }
  }
  return text;
}

std::vector<std::string> sound_files() {
  const std::string csv =
      "user,time,type,item,note\nu1,2025-09-05 "
      "10:00:00.5,impression,i1,\n\"u,2\",2025-09-05T10:00:01Z,click,\"i\"\"2\",\"a\nb\"\n"
      "日本,2025-09-05 10:00:02+02:00,click,🛒,x\r\nu1,2025-09-05,purchase,,\"\"\n\nu1,2025-09-06,auction,i1,y\n";
  const std::string epoch = "\xEF\xBB\xBFts|uid|event\r1757030400|u|click\r1757030401.25|\"u\"|auction\r-5|v|click";
  const std::string lines =
      "{\"user\":\"u\\n1\",\"time\":\"2025-09-05 10:00\",\"type\":\"impression\",\"item\":\"\\ud83d\\uded2\"}\n"
      "{\"x\":[{\"a\":\"}\"},[]],\"user\":17,\"time\":\"2025-09-05\",\"type\":\"click\",\"item\":null}\n{\"user\":\"日本\","
      "\"item\":1.5e3,\n"
      "\"time\":\"2025-09-06T00:00:00.123456789Z\",\"type\":\"purchase\"}";
  const std::string array =
      "[ {\"user\":\"u\",\"time\":1757030400,\"type\":\"click\"}, "
      "{\"user\":true,\"time\":1757030401,\"type\":\"click\",\"item\":{}}\n]\n";
  const std::string columns =
      "{\"user\":[\"u\\n1\", 17,\"日本\"],\"x\":[{\"a\":\"]\"},[],null],\n\"time\":[\"2025-09-05 "
      "10:00\",\"2025-09-05\",\"2025-09-06T00:00:00Z\"],"
      "\"type\":[\"impression\",\"click\",\"click\"] , \"item\":[\"\\ud83d\\uded2\",null,1.5e3]}\n";
  const std::string indexed =
      "{\"user\":{\"0\":\"u\",\"1\":\"v\"},\"time\":{\"0\":1757030400,\"1\":1757030401},\"type\":{\"0\":\"click\",\"1\":"
      "\"click\"}}";
  return {csv, epoch, lines, array, columns, indexed};
}

void expect_sound(const support::Outcome& outcome, const std::string& what) {
  if (outcome.ok()) {
    ASSERT_FALSE(nlohmann::json::parse(outcome.report, nullptr, false).is_discarded()) << what;
    ASSERT_EQ(find_invalid_utf8(outcome.sessions()), outcome.sessions().size()) << what;
    return;
  }
  ASSERT_NE(outcome.message(), "") << what;
  ASSERT_EQ(find_invalid_utf8(outcome.message()), outcome.message().size()) << what << "\n" << outcome.message();
}

const char* plan_for(std::uint32_t seed) {
  static const char* const kPlans[] = {
      "", R"({"events": {"unknown": "drop"}})", R"({"events": {"unknown": "add"}})",
      R"({"columns": {"user": 1, "time": 2, "type": 3, "item": 4}, "events": {"unknown": "drop"}})",
      R"({"rows": {"bad": "drop"}, "events": {"unknown": "add"}})"};
  return kPlans[seed % 5];
}

TEST(SurvivalProperty, DamagedFilesAreReadOrRefused) {
  const std::vector<std::string> files = sound_files();
  std::size_t read = 0;
  for (std::uint32_t seed = 0; seed < 6000; ++seed) {
    Dice dice(seed);
    const std::string text = damaged(dice, dice.pick(files));
    const Plan plan = plan_of(plan_for(seed));
    const support::Outcome outcome = support::run(plan, text);
    read += outcome.ok();
    expect_sound(outcome, "seed " + std::to_string(seed) + "\n" + text);
    const std::string preview = inspect_json("events.csv", text, seed % 3 != 0, plan.reading, 5);
    ASSERT_FALSE(nlohmann::json::parse(preview, nullptr, false).is_discarded()) << seed << "\n" << text << "\n" << preview;
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(read, 500u) << "damage must leave something to read";
}

TEST(SurvivalProperty, EveryTruncationIsReadOrRefused) {
  for (const std::string& file : sound_files()) {
    for (std::size_t size = 0; size <= file.size(); ++size) {
      for (const char* plan : {"", R"({"events": {"unknown": "drop"}})"}) {
        expect_sound(support::run(plan_of(plan), file.substr(0, size)), file.substr(0, size));
        if (HasFatalFailure()) return;
      }
    }
  }
}

// Behind sound rows that fill the first 64 KB, since only then is a file read in pieces. Two of them: if the first row alone
// were that long, twice as many bytes would be waited for.
TEST(SurvivalProperty, DamagedFilesAreTheSameHoweverTheyAreCut) {
  const std::string note(40 << 10, 'n');
  const std::string row = "u0,2025-09-05,click,i0," + note + "\n";
  const std::string object = "{\"user\":\"u0\",\"time\":\"2025-09-05\",\"type\":\"click\",\"note\":\"" + note + "\"}\n";
  const std::string heads[] = {"user,time,type,item,note\n" + row + row, object + object};
  const std::vector<std::string> files = sound_files();
  for (std::uint32_t seed = 0; seed < 1200; ++seed) {
    Dice dice(seed);
    const std::string& head = heads[seed / 2 % 2];
    const std::string tail = damaged(dice, files[seed / 2 % 2 == 0 ? 0 : 2]);
    const Plan plan = plan_of(seed % 2 == 0 ? "" : R"({"events": {"unknown": "drop"}})");
    Input input{head + tail};
    const support::Outcome whole = support::run(plan, input.text);
    expect_sound(whole, tail);
    const std::uint32_t longest = 1 + dice.below(60);
    for (std::size_t at = head.size() - dice.below(3); at < input.text.size(); at += 1 + dice.below(longest))
      input.cuts.push_back(at);
    ASSERT_EQ(support::difference(whole.transcript(), support::run(plan, {input}).transcript()), "") << "seed " << seed << "\n"
                                                                                                     << tail;
  }
}

TEST(SurvivalProperty, DamagedPlansAreReadOrRefused) {
  const std::string sound = write_plan(Plan());
  for (std::uint32_t seed = 0; seed < 3000; ++seed) {
    Dice dice(seed);
    const std::string text = damaged(dice, sound);
    const Result<Plan> plan = read_plan(text);
    if (plan.ok()) {
      const std::string written = write_plan(plan.value());
      const Result<Plan> again = read_plan(written);
      ASSERT_TRUE(again.ok()) << text << "\n" << again.error().message;
      ASSERT_EQ(write_plan(again.value()), written) << text;
      continue;
    }
    ASSERT_EQ(plan.error().code, ErrorCode::kBadPlan) << text;
    ASSERT_NE(plan.error().message, "") << text;
    ASSERT_EQ(find_invalid_utf8(plan.error().message), plan.error().message.size()) << text;
  }
}

TEST(SurvivalProperty, NoiseIsReadOrRefused) {
  for (std::uint32_t seed = 0; seed < 2000; ++seed) {
    Dice dice(seed);
    std::string text;
    static const std::string kAlphabet = "ab1,;\"\n\r\t|{}[]:\\ .-eu";
    for (std::uint32_t i = dice.below(80); i > 0; --i)
      text += seed % 2 == 0 ? dice.pick(kAlphabet) : static_cast<char>(dice.below(256));
    expect_sound(support::run(plan_of(plan_for(seed)), text), text);
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace causal_sessions
