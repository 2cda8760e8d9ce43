// A text file read in parts by several part readers gives the outputs, or the error, of reading it in one go.
//
// The reader looks at 64 KB before it decides anything, so what is cut here stands behind a first row longer than that.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "ingest/part_reader.h"
#include "property/streams.h"
#include "support/run.h"

namespace causal_sessions {
namespace {

using streams::Dice;
using support::plan_of;

// Where a file is cut, and who reads what lies between.
struct Cutting {
  std::size_t first = 0;             // bytes read before the file is cut
  std::vector<std::size_t> cuts;     // ascending, not below `first`
  std::vector<std::size_t> readers;  // of each part behind a cut; 0: the reader of the file
  std::size_t ahead = 0;             // parts read before the one in front of them is absorbed
};

struct Counts {
  std::size_t read = 0, absorbed = 0;
};

Status commit(EventReader& reader, std::string_view text) {
  std::copy(text.begin(), text.end(), reader.window(text.size()).begin());
  return reader.commit(text.size());
}

// As the commands do it, one after the other.
class PartsRun {
 public:
  PartsRun(const Plan& plan, const std::string& text, const Cutting& cutting)
      : plan_(plan), text_(text), cutting_(cutting), pipeline_(plan), part_readers_(4), anew_(4), made_(cutting.cuts.size()) {}

  support::Outcome run() { return support::finish(pipeline_, feed()); }
  Counts counts;

 private:
  Status feed() {
    EventReader& reader = pipeline_.reader();
    reader.begin_file("events.csv", text_.size());
    if (Status status = commit(reader, std::string_view(text_).substr(0, cutting_.first)); !status.ok()) return status;
    const auto task = reader.part_task();
    EXPECT_TRUE(task.has_value());
    if (!task) return {};
    if (Status status = read_here(begin_of(0)); !status.ok()) return status;
    for (std::size_t part = 0; part < made_.size(); ++part) {
      for (; done_ <= part + cutting_.ahead && done_ < made_.size(); ++done_) make(done_, *task);
      const std::size_t by = cutting_.readers[part];
      const bool absorbed = by != 0 && reader.absorb(by, begin_of(part), made_[part]);
      counts.read += by != 0;
      counts.absorbed += absorbed;
      if (absorbed) continue;
      anew_[by] = true;
      if (Status status = read_here(begin_of(part + 1)); !status.ok()) return status;
    }
    if (Status status = commit(reader, std::string_view(text_).substr(reader.position())); !status.ok()) return status;
    return reader.end_file();
  }

  std::size_t begin_of(std::size_t part) const { return part < cutting_.cuts.size() ? cutting_.cuts[part] : text_.size(); }

  void make(std::size_t part, const std::vector<char>& task) {
    const std::size_t by = cutting_.readers[part];
    if (by == 0) return;
    if (!part_readers_[by]) part_readers_[by] = std::make_unique<PartReader>(plan_, task);
    if (anew_[by]) part_readers_[by]->begin_anew();
    anew_[by] = false;
    const std::size_t size = begin_of(part + 1) - begin_of(part);
    const std::string_view bytes = std::string_view(text_).substr(begin_of(part), size + kPartTail);
    std::copy(bytes.begin(), bytes.end(), part_readers_[by]->window(bytes.size()).begin());
    made_[part] = part_readers_[by]->read(bytes.size(), size);
  }

  Status read_here(std::size_t end) {
    const std::size_t at = pipeline_.reader().position();
    const std::size_t feed = text_.find('\n', std::max(at, end));
    return commit(pipeline_.reader(), std::string_view(text_).substr(at, feed == std::string::npos ? feed : feed + 1 - at));
  }

  const Plan& plan_;
  const std::string& text_;
  const Cutting& cutting_;
  Pipeline pipeline_;
  std::vector<std::unique_ptr<PartReader>> part_readers_;
  std::vector<bool> anew_;
  std::vector<std::vector<char>> made_;
  std::size_t done_ = 0;
};

constexpr const char* kDrop = R"({"events": {"unknown": "drop"}})";
constexpr const char* kAdd = R"({"events": {"unknown": "add"}})";
constexpr const char* kStrict = "";

std::string long_note() { return std::string(64 << 10, 'n'); }

// A file of any kind: clean, or with rows of which some are refused, counted, or end the run.
struct File {
  std::string head, tail, plan;
};

File random_csv(Dice& dice, bool clean) {
  const std::string end = dice.chance(30) ? "\r\n" : "\n";
  const bool epoch = dice.chance(50);
  const char* const plan = clean ? kStrict : dice.pick(std::vector<const char*>{kDrop, kAdd, kStrict});
  File file{"user,time,type,item,note" + end + "u0," + (epoch ? "1757030400" : "2025-09-05 00:11:14") + ",click,i0," + long_note() + end, {}, plan};
  for (std::uint32_t row = 0, rows = 5 + dice.below(40); row < rows; ++row) {
    std::string time = epoch ? "17570304" + std::to_string(10 + dice.below(90)) : "2025-09-05 00:11:" + std::to_string(10 + dice.below(50));
    if (dice.chance(20)) time += "." + std::to_string(1 + dice.below(99'999'999));
    std::string type = dice.pick(std::vector<std::string>{"click", "impression", "purchase", "auction"});
    std::string user = "u" + std::to_string(dice.below(12)), item = dice.chance(20) ? "" : "i" + std::to_string(dice.below(30)), note;
    if (dice.chance(10)) user = "\"a\"\"" + end + std::to_string(dice.below(3)) + "\"";
    if (dice.chance(15)) note = "\"" + end + "1,2,3" + end + "\"";
    if (!clean && dice.chance(10)) type = "t" + std::to_string(dice.below(4));
    if (!clean && dice.chance(5)) time = dice.pick(std::vector<std::string>{"soon", "", "0", "2025-09-05", "1757030400123"});
    if (!clean && dice.chance(4)) user.clear();
    if (!clean && dice.chance(1)) item = "[PAD]";
    if (!clean && dice.chance(1)) note = "\"open";
    if (!clean && dice.chance(1)) note = "\xE9";
    file.tail += user + "," + time + "," + type + "," + item + "," + note + (!clean && dice.chance(4) ? ",more" : "") + end;
    if (dice.chance(5)) file.tail += end;
  }
  if (dice.chance(30)) file.tail.erase(file.tail.size() - end.size());
  return file;
}

File random_json(Dice& dice, bool clean) {
  const char* const plan = clean ? kStrict : dice.pick(std::vector<const char*>{kDrop, kAdd, kStrict});
  File file{"{\"user\":\"u0\",\"time\":1757030400,\"type\":\"click\",\"note\":\"" + long_note() + "\"}\n", {}, plan};
  if (clean || dice.chance(70)) file.head.insert(1, "\"item\":\"i0\",");
  for (std::uint32_t row = 0, rows = 5 + dice.below(40); row < rows; ++row) {
    std::string type = dice.pick(std::vector<std::string>{"click", "impression", "purchase", "auction"});
    if (!clean && dice.chance(10)) type = "t" + std::to_string(dice.below(4));
    std::string object = "{\"user\":\"u" + std::to_string(dice.below(12)) + "\",\"time\":17570304" + std::to_string(10 + dice.below(90));
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
  Counts clean, other;
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
      Counts& counts = is_clean ? clean : other;
      counts.read += run.counts.read;
      counts.absorbed += run.counts.absorbed;
    }
  }
  // Cuts inside of quotes, and parts without a line of their own, are read by the file's own reader.
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
      const Cutting cutting{file.head.size(), {cut, std::min(cut + 150, text.size()), std::min(cut + 300, text.size())}, {1, 2, 1}, 1};
      ASSERT_EQ(support::difference(expected, PartsRun(plan, text, cutting).run().transcript()), "") << "cut before " << text.substr(cut);
    }
  }
}

// Rows that are only counted and left out are no reason to read a part again.
TEST(PartsProperty, DroppedRowsAreCountedInParts) {
  const std::string head = "user,time,type,item,note\nu0,1757030400,click,i0," + long_note() + "\nu0,1757030401,purchase,i0,\nu0,1757030402,view,i0,\n";
  const std::string text = head + "u1,1757030401,view,i1,\nu1,soon,click,i1,\nu1,1757030402,click,i1,\nu1,1\nu2,1757030402,view,i2,\nu3,1757030403,scroll,i2,\nu3,1757030404,click,i3,\n";
  const Plan plan = plan_of(kDrop);
  const Cutting cutting{head.size(), {head.size(), head.size() + 25, head.size() + 70}, {1, 2, 1}, 2};
  PartsRun run(plan, text, cutting);
  EXPECT_EQ(support::difference(support::run(plan, text).transcript(), run.run().transcript()), "");
  EXPECT_EQ(run.counts.absorbed, 3u);
}

// It lacks the texts of that one, even where the counts happen to be those of an earlier start.
TEST(PartsProperty, APartAfterOneThatWasNotAbsorbedIsNot) {
  const std::string head = "user,time,type,item,note\nu0,1757030400,click,i0," + long_note() + "\n";
  const std::vector<std::string> rows = {"u1,1757030401,click,i1,\n", "u2,1757030402,click,i2,\n", "u3,1757030403,click,i3,\n"};
  const std::string text = head + rows[0] + rows[1] + rows[2];
  const Plan plan;
  Pipeline pipeline(plan);
  EventReader& reader = pipeline.reader();
  reader.begin_file("events.csv", text.size());
  ASSERT_TRUE(commit(reader, head).ok());
  const auto task = reader.part_task();
  ASSERT_TRUE(task.has_value());
  PartReader part_reader(plan, *task);
  const auto absorb = [&](std::size_t row) {
    const std::size_t begin = head.size() - 1 + row * rows[0].size();  // the line end before the row
    const std::string_view bytes = std::string_view(text).substr(begin, 2 * rows[0].size());
    std::copy(bytes.begin(), bytes.end(), part_reader.window(bytes.size()).begin());
    return reader.absorb(0, begin, part_reader.read(bytes.size(), rows[0].size()));
  };
  EXPECT_TRUE(absorb(0));
  part_reader.begin_anew();
  EXPECT_FALSE(absorb(2));  // not where the reader is
  EXPECT_FALSE(absorb(1));
  part_reader.begin_anew();
  EXPECT_TRUE(absorb(1));
  EXPECT_TRUE(absorb(2));
  EXPECT_TRUE(reader.end_file().ok());
  EXPECT_EQ(reader.builder().size(), 4u);
}

}  // namespace
}  // namespace causal_sessions
