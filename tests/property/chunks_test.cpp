// A text file read in chunks by several chunk readers gives the outputs, or the error, of reading it in one go.
//
// The reader looks at 64 KB before it decides anything, so what is cut here stands behind a first row longer than that.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "property/streams.h"
#include "support/chunks.h"
#include "support/run.h"

namespace causal_sessions {
namespace {

using streams::Dice;
using support::commit;
using support::Cutting;
using support::PartCounts;
using support::plan_of;

// A run of a file that is read in chunks.
class PartsRun {
 public:
  PartsRun(const Plan& plan, const std::string& text, const Cutting& cutting)
      : made_(plan), feed_(plan, text, cutting, made_.reader()) {}

  support::Outcome run() { return support::finish(made_, feed_.feed()); }
  [[nodiscard]] const PartCounts& counts() const { return feed_.counts; }

 private:
  causal_sessions::Run made_;
  support::PartsFeed feed_;
};

constexpr const char* kDrop = R"({"events": {"unknown": "drop"}, "input": {"comment": "#"}})";
constexpr const char* kAdd = R"({"events": {"unknown": "add"}})";
constexpr const char* kStrict = "";
constexpr const char* kColumns = R"({"profile": "causal", "covariates": {"columns": ["note", "more", "type"], "minCount": 1},
  "outcome": {"censored": "keep"}, "session": {"minEvents": 1}, "index": {"gracePeriod": "exclude"}, "split": {"train": 1,
  "validation": 0, "test": 0}})";

// Two records with it fill the bytes that are looked at first; one of them is shorter.
std::string long_note() { return std::string(40 << 10, 'n'); }
std::string twice(const std::string& row) { return row + row; }

// A file of any kind: clean, or with rows of which some are refused, counted, or end the run.
struct File {
  std::string head, tail, plan;
};

File random_csv(Dice& dice, bool clean) {
  const std::string end = dice.chance(30) ? "\r\n" : "\n";
  const bool epoch = dice.chance(50);
  const char* const plan =
      clean ? dice.pick(std::vector<const char*>{kStrict, kColumns}) : dice.pick(std::vector<const char*>{kDrop, kAdd, kStrict});
  const std::string more = plan == kColumns ? ",1" : "";
  const std::string first =
      std::string("u0,") + (epoch ? "1757030400" : "2025-09-05 00:11:14") + ",click,i0," + long_note() + more + end;
  File file{"user,time,type,item,note" + std::string(more.empty() ? "" : ",more") + end + twice(first), {}, plan};
  for (std::uint32_t row = 0, rows = 5 + dice.below(40); row < rows; ++row) {
    std::string time =
        epoch ? "17570304" + std::to_string(10 + dice.below(90)) : "2025-09-05 00:11:" + std::to_string(10 + dice.below(50));
    if (dice.chance(20)) time += "." + std::to_string(1 + dice.below(99'999'999));
    std::string type = dice.pick(std::vector<std::string>{"click", "impression", "purchase", "auction"});
    std::string user = "u" + std::to_string(dice.below(12)), item = dice.chance(20) ? "" : "i" + std::to_string(dice.below(30)),
                note;
    if (dice.chance(10)) user = "\"a\"\"" + end + std::to_string(dice.below(3)) + "\"";
    if (dice.chance(15)) note = "\"" + end + "1,2,3" + end + "\"";
    if (!clean && dice.chance(10)) type = "t" + std::to_string(dice.below(4));
    if (!clean && dice.chance(5))
      time = dice.pick(std::vector<std::string>{"soon", "", "0", "2025-09-05", "1757030400123", "2025-09-05 07:03:00 PDT"});
    if (!clean && dice.chance(4)) user.clear();
    if (!clean && dice.chance(1)) item = "[PAD]";
    if (!clean && dice.chance(1)) note = "\"open";
    if (!clean && dice.chance(1)) note = "\xE9";
    const std::string value = more.empty() ? "" : "," + (dice.chance(30) ? "" : std::to_string(dice.below(9)));
    file.tail +=
        user + "," + time + "," + type + "," + item + "," + note + value + (!clean && dice.chance(4) ? ",more" : "") + end;
    if (dice.chance(5)) file.tail += end;
    if (plan == kDrop && row % 7 == 3) file.tail += "# it's \"no row\", " + end;
  }
  if (dice.chance(30)) file.tail.erase(file.tail.size() - end.size());
  return file;
}

File random_json(Dice& dice, bool clean) {
  const char* const plan = clean ? kStrict : dice.pick(std::vector<const char*>{kDrop, kAdd, kStrict});
  const std::string item = clean || dice.chance(70) ? "\"item\":\"i0\"," : "";
  File file{
      twice("{" + item + "\"user\":\"u0\",\"time\":1757030400,\"type\":\"click\",\"note\":\"" + long_note() + "\"}\n"), {}, plan};
  for (std::uint32_t row = 0, rows = 5 + dice.below(40); row < rows; ++row) {
    std::string type = dice.pick(std::vector<std::string>{"click", "impression", "purchase", "auction"});
    if (!clean && dice.chance(10)) type = "t" + std::to_string(dice.below(4));
    std::string object =
        "{\"user\":\"u" + std::to_string(dice.below(12)) + "\",\"time\":17570304" + std::to_string(10 + dice.below(90));
    if (dice.chance(20)) object += "." + std::to_string(dice.below(99'999));
    object += ",\"type\":\"" + type + "\"";
    if (dice.chance(60)) object += ",\"item\":\"i\\u00e9" + std::to_string(dice.below(30)) + "\"";
    if (dice.chance(10)) object += ",\n\"note\":[{\"x\":\"}\"},\n2]";
    if (!clean && dice.chance(3)) object += ",\"user\":{}";
    if (!clean && dice.chance(2)) object += ",\"sku\":\"s\"";
    if (!clean && dice.chance(1)) object += ",\"note\":\"\xE9\"";
    if (!clean && dice.chance(1)) object += ",";
    file.tail += object + "}" + dice.pick(std::vector<std::string>{"\n", "\n", "\n", "\r\n", " ", "\n\n"});
  }
  return file;
}

Cutting random_cutting(Dice& dice, const File& file) {
  const std::size_t size = file.head.size() + file.tail.size();
  Cutting cutting;
  cutting.first = file.head.size() + dice.below(2) * dice.below(std::min<std::size_t>(file.tail.size(), 100));
  for (std::size_t i = 1 + dice.below(5); i > 0; --i) cutting.cuts.push_back(cutting.first + dice.below(size - cutting.first));
  std::sort(cutting.cuts.begin(), cutting.cuts.end());
  const std::uint32_t pools = 1 + dice.below(3);
  for (std::size_t i = 0; i < cutting.cuts.size(); ++i) cutting.readers.push_back(dice.chance(20) ? 0 : 1 + dice.below(pools));
  cutting.ahead = dice.below(4);
  return cutting;
}

TEST(PartsProperty, RandomPartsGiveTheSame) {
  PartCounts clean, other;
  for (std::uint32_t seed = 0; seed < 160; ++seed) {
    Dice dice(seed);
    const bool is_clean = seed % 4 < 2;
    const File file = seed % 2 == 0 ? random_csv(dice, is_clean) : random_json(dice, is_clean);
    const Plan plan = plan_of(file.plan);
    const std::string text = file.head + file.tail;
    const std::string expected = support::run(plan, text).transcript();
    for (int round = 0; round < 3; ++round) {
      const Cutting cutting = random_cutting(dice, file);
      PartsRun run(plan, text, cutting);
      const std::string found = run.run().transcript();
      ASSERT_EQ(support::difference(expected, found), "") << seed << ", " << round << "\n" << file.tail;
      PartCounts& counts = is_clean ? clean : other;
      counts.read += run.counts().read;
      counts.absorbed += run.counts().absorbed;
    }
  }
  // Cuts inside of quotes, and chunks without a line of their own, are read by the file's own reader.
  EXPECT_GT(clean.absorbed * 2, clean.read);
  EXPECT_GT(other.absorbed * 5, other.read);
  EXPECT_LT(other.absorbed, other.read);
}

TEST(PartsProperty, EveryCutGivesTheSame) {
  Dice dice(7);
  for (const bool csv : {true, false}) {
    const File file = csv ? random_csv(dice, true) : random_json(dice, true);
    const Plan plan = plan_of(file.plan);
    const std::string text = file.head + file.tail;
    const std::string expected = support::run(plan, text).transcript();
    for (std::size_t cut = file.head.size(); cut < text.size(); ++cut) {
      const Cutting cutting{
          file.head.size(), {cut, std::min(cut + 150, text.size()), std::min(cut + 300, text.size())}, {1, 2, 1}, 1};
      ASSERT_EQ(support::difference(expected, PartsRun(plan, text, cutting).run().transcript()), "")
          << "cut before " << text.substr(cut);
    }
  }
}

// Rows that are only counted and left out are no reason to read a chunk again.
TEST(PartsProperty, DroppedRowsAreCountedInParts) {
  const std::string head = "user,time,type,item,note\n" + twice("u0,1757030400,click,i0," + long_note() + "\n") +
                           "u0,1757030401,purchase,i0,\nu0,1757030402,view,i0,\n";
  const std::string text = head +
                           "u1,1757030401,view,i1,\nu1,soon,click,i1,\nu1,1757030402,click,i1,\nu1,1\nu2,1757030402,view,i2,\nu3,"
                           "1757030403,scroll,i2,\nu3,1757030404,click,i3,\n";
  const Plan plan = plan_of(kDrop);
  const Cutting cutting{head.size(), {head.size(), head.size() + 25, head.size() + 70}, {1, 2, 1}, 2};
  PartsRun run(plan, text, cutting);
  EXPECT_EQ(support::difference(support::run(plan, text).transcript(), run.run().transcript()), "");
  EXPECT_EQ(run.counts().absorbed, 3u);
}

// It lacks the texts of that one, even where the counts happen to be those of an earlier start.
TEST(PartsProperty, APartAfterOneThatWasNotAbsorbedIsNot) {
  const std::string head = "user,time,type,item,note\n" + twice("u0,1757030400,click,i0," + long_note() + "\n");
  const std::vector<std::string> rows = {"u1,1757030401,click,i1,\n", "u2,1757030402,click,i2,\n", "u3,1757030403,click,i3,\n"};
  const std::string text = head + rows[0] + rows[1] + rows[2];
  const Plan plan;
  causal_sessions::Run made(plan);
  EventReader& reader = made.reader();
  reader.begin_file("events.csv", text.size());
  ASSERT_TRUE(commit(reader, head).ok());
  const auto task = reader.chunk_task();
  ASSERT_TRUE(task.has_value());
  ChunkReader chunk_reader(plan.reading, *task);
  const auto absorb = [&](std::size_t row) {
    const std::size_t begin = head.size() - 1 + row * rows[0].size();  // the line end before the row
    const std::string_view bytes = std::string_view(text).substr(begin, 2 * rows[0].size());
    std::copy(bytes.begin(), bytes.end(), chunk_reader.window(bytes.size()).begin());
    return reader.absorb(0, begin, chunk_reader.read(bytes.size(), rows[0].size()));
  };
  EXPECT_TRUE(absorb(0));
  chunk_reader.begin_anew();
  EXPECT_FALSE(absorb(2));  // not where the reader is
  EXPECT_FALSE(absorb(1));
  chunk_reader.begin_anew();
  EXPECT_TRUE(absorb(1));
  EXPECT_TRUE(absorb(2));
  EXPECT_TRUE(reader.end_file().ok());
  EXPECT_EQ(reader.builder().size(), 5u);
}

}  // namespace
}  // namespace causal_sessions
