// Inputs that several partial runs read and one run merges: every file, report and manifest is that of one process over all of them,
// byte for byte; and parts that do not go together, or are damaged, are refused in a sentence.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "fuzz/seeds/seeds.h"
#include "property/streams.h"
#include "support/parts.h"

namespace causal_sessions::partials {
namespace {

using streams::Dice;
using support::contains;
using support::Input;
using support::partial_of;
using support::plan_of;
using Inputs = std::vector<Input>;

// --- random inputs and plans ---------------------------------------------------------------------

struct Kind {
  bool epoch, bad, known;
};

std::string row_of(Dice& dice, const Kind& kind, std::uint32_t file) {
  const auto draw = [&](std::uint32_t count) { return std::to_string(dice.below(count)); };
  std::string time = kind.epoch
                         ? "17570" + std::to_string(30'000 + dice.below(60'000))
                         : "2025-09-0" + std::to_string(1 + dice.below(9)) + " 0" + draw(10) + ":1" + draw(10) + ":1" + draw(10);
  const bool whole = kind.epoch ? !dice.chance(10) : dice.chance(60);
  if (!whole) time += "." + std::to_string(1 + dice.below(9'999'999));
  if (!kind.epoch && dice.chance(10)) time += "Z";
  std::string user = "u" + draw(12), type = dice.pick(std::vector<std::string>{"auction", "impression", "click", "purchase"});
  std::string item = dice.chance(20) ? "" : "i" + std::to_string(dice.below(20) + 5 * file % 30);
  std::string known =
      kind.epoch ? "17570" + std::to_string(30'000 + dice.below(65'000)) : "2025-09-0" + std::to_string(1 + dice.below(9));
  if (kind.bad && dice.chance(6)) type = "t" + draw(6);
  if (kind.bad && dice.chance(6))
    time = dice.pick(std::vector<std::string>{"soon", "", "05/09/2025", "1. Mai", "Sep 5, 2025", "2025-09-05 07:03:00 PDT"});
  if (kind.bad && dice.chance(5)) user.clear();
  if (kind.bad && dice.chance(4)) known = dice.pick(std::vector<std::string>{"", "later"});
  if (dice.chance(3)) user = dice.pick(std::vector<std::string>{" u1", "NA", "7.0", "U2", "\"a\n1,2\""});
  return user + "," + time + "," + type + "," + item + "," + (dice.chance(30) ? "" : draw(9)) + "," + known +
         (kind.bad && dice.chance(4) ? ",more" : "") + "\n";
}

// Some have no rows, no item, no value, or the events of another one.
Inputs random_inputs(Dice& dice, const Kind& kind) {
  Inputs inputs;
  const std::uint32_t files = dice.chance(10) ? 70 : 1 + dice.below(12);
  for (std::uint32_t file = 0; file < files; ++file) {
    Input input;
    input.name = "day=" + std::to_string(dice.below(4)) + "/part-" + std::to_string(file) + ".csv";
    if (!inputs.empty() && dice.chance(5)) {
      input.text = dice.pick(inputs).text;
    } else if (!dice.chance(5)) {
      input.text = "user,time,type,item,price,known\n";
      for (std::uint32_t row = 0, rows = dice.below(files > 20 ? 6 : 40); row < rows; ++row)
        input.text += row_of(dice, kind, file);
    }
    inputs.push_back(std::move(input));
  }
  return inputs;
}

Plan random_plan(Dice& dice, const Kind& kind) {
  const std::string index = dice.pick(std::vector<std::string>{"session", "exposure", "landmark", "matched"});
  std::string plan = R"({"profile": ")" + std::string(index == "session" ? "notebook" : "causal") + R"(", "index": {"kind": ")" +
                     index + R"("}, "session": {"minEvents": 1, "gapHours": )" + dice.pick(std::vector<std::string>{"1", "24"}) +
                     "}";
  plan += R"(, "time": {"ties": ")" + dice.pick(std::vector<std::string>{"numpy", "input", "priority"}) + R"("})";
  plan += R"(, "events": {"unknown": ")" + dice.pick(std::vector<std::string>{"drop", "add", "error"}) + R"(", "duplicates": ")" +
          dice.pick(std::vector<std::string>{"keep", "drop"}) + R"("}, "rows": {"bad": ")" +
          (dice.chance(80) ? "drop" : "error") +
          R"("}, "columns": {"user": "user", "time": "time", "type": "type", "item": "item")" +
          (kind.known && index != "session" ? R"(, "knownAt": "known")" : "") + "}";
  plan += R"(, "split": {"kind": ")" + dice.pick(std::vector<std::string>{"shuffle", "hash", "time"}) +
          R"("}, "outcome": {"censored": "keep"})";
  if (index != "session" && dice.chance(50)) plan += R"(, "covariates": {"columns": ["price"], "minCount": 1})";
  return plan_of(plan + "}");
}

// By the names of the inputs, or as shares of all.
std::vector<std::string> random_parts(Dice& dice, const Plan& plan, Inputs& inputs, Status& refusal) {
  std::vector<std::string> parts;
  const std::uint32_t count = dice.pick(std::vector<std::uint32_t>{1, 2, 7, 64});
  const auto add = [&](const Result<std::string>& part) {
    if (part.ok()) parts.push_back(part.value());
    else if (refusal.ok()) refusal = part.error();
  };
  if (dice.chance(50)) {
    dice.shuffle(inputs);
    for (std::uint32_t number = 1; number <= count; ++number) add(partial_of(plan, inputs, {number, count}));
  } else {
    std::sort(inputs.begin(), inputs.end(), [](const Input& one, const Input& other) { return one.name < other.name; });
    std::vector<Inputs> of_part(count);
    for (const Input& input : inputs) of_part[dice.below(count)].push_back(input);
    for (const Inputs& some : of_part) {
      if (!some.empty()) add(partial_of(plan, some));
    }
  }
  dice.shuffle(parts);
  return parts;
}

TEST(Partials, AreTheRunOfOneProcess) {
  std::size_t merged_runs = 0, with_rows = 0, refused = 0;
  for (std::uint32_t seed = 0; seed < 120; ++seed) {
    Dice dice(seed);
    const Kind kind{dice.chance(40), dice.chance(60), dice.chance(40)};
    Inputs inputs = random_inputs(dice, kind);
    const Plan plan = random_plan(dice, kind);
    Status refusal;
    const std::vector<std::string> parts = random_parts(dice, plan, inputs, refusal);
    const WithAudit audit = dice.chance(60) ? WithAudit::kYes : WithAudit::kNo;
    const support::Ran whole(plan, inputs, audit);
    if (!refusal.ok()) {
      EXPECT_TRUE(whole.error.has_value()) << seed << ": " << refusal.error().message;
      continue;
    }
    std::vector<std::string> sums;
    for (const Input& input : inputs) sums.push_back(support::sha256_of(input.text));
    const Status status = whole.error ? Status(*whole.error) : Status();
    const std::string expected = support::everything(whole.made, status, sums), found = support::merged(plan, parts, audit);
    EXPECT_EQ(support::difference(expected, found), "") << "seed " << seed << ", " << parts.size() << " parts\n"
                                                        << write_plan(plan);
    ++merged_runs;
    refused += whole.error.has_value();
    with_rows += !whole.error && whole.made.table.rows() != 0;
  }
  EXPECT_GT(merged_runs, 80u);
  EXPECT_GT(with_rows, 40u);
  EXPECT_GT(refused, 10u);
}

TEST(Partials, OfTypedFilesAreTheRunOfOneProcess) {
  const Plan plan = plan_of(R"({"events": {"unknown": "add"}, "rows": {"bad": "drop"}, "session": {"minEvents": 1},
    "split": {"train": 1, "validation": 0, "test": 0}})");
  Inputs inputs;
  std::vector<seeds::Seed> all = seeds::parquet_seeds();
  for (seeds::Seed& seed : seeds::arrow_seeds()) all.push_back(std::move(seed));
  for (const seeds::Seed& seed : all) {
    const Input input{seed.bytes, {}, "f" + std::to_string(1000 + inputs.size())};
    if (partial_of(plan, {input}).ok()) inputs.push_back(input);
  }
  ASSERT_GT(inputs.size(), 20u);
  std::size_t done = 0;
  for (std::size_t first = 0; first + 4 <= inputs.size(); ++first) {
    const Inputs four(inputs.begin() + static_cast<std::ptrdiff_t>(first),
                      inputs.begin() + static_cast<std::ptrdiff_t>(first + 4));
    const support::Ran whole(plan, four);
    const std::string found =
        support::merged(plan, {partial_of(plan, four, {2, 2}).value(), partial_of(plan, four, {1, 2}).value()}, WithAudit::kNo);
    if (contains(found, "one run takes one kind")) continue;
    std::vector<std::string> sums;
    for (const Input& input : four) sums.push_back(support::sha256_of(input.text));
    const std::string expected = support::everything(whole.made, whole.error ? Status(*whole.error) : Status(), sums);
    EXPECT_EQ(support::difference(expected, found), "") << first;
    ++done;
  }
  EXPECT_GT(done, 10u);
}

// --- what is refused -----------------------------------------------------------------------------

const Input kOne{"user,time,type,item\nu,2025-09-05 00:00:00,click,i\nv,2025-09-05 00:00:01,purchase,\n", {}, "a.csv"};
const Input kTwo{"user,time,type,item\nu,2025-09-05 00:00:03,click,j\n", {}, "b.csv"};
const Input kNumbers{"user,time,type,item\nu,1757030400,click,j\n", {}, "c.csv"};

std::string part(const Inputs& inputs, const InputShare& share = {}, const char* plan = "{}") {
  const Result<std::string> made = partial_of(plan_of(plan), inputs, share);
  EXPECT_TRUE(made.ok());
  return made.ok() ? made.value() : "";
}

std::string refusal(const std::vector<std::string>& parts, const char* plan = "{}") {
  return support::merged(plan_of(plan), parts, WithAudit::kNo);
}

TEST(Partials, ThatDoNotGoTogetherAreRefused) {
  EXPECT_EQ(refusal({part({kOne}), part({kOne})}),
            "part-0.arrow and part-1.arrow both hold the events of a.csv; give each part once, and each input to one part");
  EXPECT_EQ(refusal({part({kOne}), part({kOne, kTwo})}),
            "part-0.arrow and part-1.arrow both hold the events of a.csv; give each part once, and each input to one part");
  const std::string first = part({kOne, kTwo}, {1, 2}), second = part({kOne, kTwo}, {2, 2});
  EXPECT_EQ(refusal({first}), "part 2 of 2 is missing");
  EXPECT_EQ(refusal({first, first}), "part-0.arrow and part-1.arrow are both part 1 of 2; give each part once");
  EXPECT_TRUE(contains(refusal({first, part({kTwo, kOne}, {2, 2})}), "were made of other inputs"));
  EXPECT_TRUE(contains(refusal({first, part({kTwo})}), "were made with another --part"));
  EXPECT_TRUE(contains(refusal({part({kOne}), part({kNumbers})}),
                       "part-1.arrow has times that are numbers, and part-0.arrow such that are dates"));
  EXPECT_TRUE(contains(refusal({part({kOne}), part({kTwo}, {}, R"({"rows": {"bad": "drop"}})")}), "read otherwise, in rows.bad"));
  EXPECT_TRUE(contains(refusal({part({kOne})}, R"({"time": {"zone": "+02:00"}})"), "in time.zone"));
  EXPECT_TRUE(contains(refusal({first, second}), "\n"));
}

TEST(Partials, WithAFooterOfNoBytesAreRefused) {
  const std::string bytes("ARROW1\0\0ARW\0\0\0\0\0\0\0\0ARROW1", 25);
  EXPECT_TRUE(contains(refusal({bytes}), "part-0.arrow: it is no whole partial run"));
}

TEST(Partials, ThatAreDamagedAreRefused) {
  const std::string whole = part({kOne, kTwo});
  for (std::size_t size = 0; size < whole.size(); size += 97) {
    EXPECT_TRUE(contains(refusal({whole.substr(0, size)}), "part-0.arrow: ")) << size;
  }
  std::size_t told = 0, tried = 0;
  const std::string unchanged = refusal({whole});
  for (std::size_t at = 0; at < whole.size(); at += 29, ++tried) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    const std::string found = refusal({changed});
    if (found != unchanged) {
      EXPECT_TRUE(contains(found, "part-0.arrow")) << at << ": " << found;
      ++told;
    }
  }
  EXPECT_GT(told, tried / 4);  // the rest is padding, and what nobody reads
}

}  // namespace
}  // namespace causal_sessions::partials
