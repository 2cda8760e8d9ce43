// Runs that start from the events of an earlier one: the same bytes as runs that read, whatever became of that one.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "property/streams.h"
#include "support/run.h"

namespace causal_sessions {
namespace {

using streams::Dice;
using support::difference;

// Everything a run can tell: report, audit, manifest and the files of some formats.
std::string everything(const Pipeline& pipeline) {
  std::string text = pipeline.report_json() + pipeline.audit_json();
  const std::vector<std::string> digests = {std::string(64, 'a')};
  text += pipeline.manifest_json(digests, {});
  const std::vector<std::string_view> formats = {"parquet", "jsonl", "npz"};
  for (const Output& output : Pipeline::outputs(formats)) text += output.path + "\n" + support::output_text(pipeline, output.path);
  return text;
}

// Plans that read alike, as far as `dice` leaves their reading alone.
Plan random_plan(Dice& dice) {
  static const char* const kProfiles[] = {"notebook", "causal"};
  static const char* const kTies[] = {"numpy", "input", "priority"};
  static const char* const kIndexes[] = {"session", "exposure", "landmark", "matched"};
  static const char* const kDuplicates[] = {"keep", "drop"};
  return support::plan_of(std::string(R"({"profile": ")") + dice.pick(kProfiles) + R"(", "time": {"ties": ")" + dice.pick(kTies) +
                          R"("}, "events": {"unknown": "drop", "duplicates": ")" + dice.pick(kDuplicates) +
                          R"("}, "index": {"kind": ")" + dice.pick(kIndexes) + R"("}, "session": {"gapHours": )" +
                          std::to_string(1 + dice.below(30)) + R"(, "minEvents": )" + std::to_string(1 + dice.below(3)) + "}}");
}

std::string random_file(Dice& dice) {
  streams::StreamOptions options;
  options.users = 1 + dice.below(12);
  options.events = 20 + dice.below(300);
  options.types = {"auction", "impression", "click", "purchase", "other"};  // the last is left out, and counted
  return streams::csv_text(streams::random_events(dice, options));
}

Status read(Pipeline& pipeline, const std::string& file) { return support::feed(pipeline.reader(), {file}); }

std::unique_ptr<Pipeline> make(const Plan& plan, Audit audit, const std::string& file, bool keep) {
  auto pipeline = std::make_unique<Pipeline>(plan, audit);
  if (keep) pipeline->keep_events();
  EXPECT_TRUE(read(*pipeline, file).ok());
  EXPECT_TRUE(pipeline->run().ok());
  EXPECT_EQ(pipeline->keeps_events(), keep);
  return pipeline;
}

TEST(Reuse, GivesTheBytesOfARunThatReads) {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    Dice dice(seed);
    const std::string file = random_file(dice);
    const Plan first = random_plan(dice);
    const auto audit_of = [&] { return dice.chance(50) ? Audit::kYes : Audit::kNo; };
    std::unique_ptr<Pipeline> earlier = make(first, audit_of(), file, true);
    const std::string before = everything(*earlier);
    for (int step = 0; step < 4; ++step) {
      const Plan plan = random_plan(dice);
      const Audit audit = audit_of();
      const bool keep = step < 3;
      auto reused = std::make_unique<Pipeline>(plan, audit);
      if (keep) reused->keep_events();
      ASSERT_TRUE(reused->start_from(*earlier));
      ASSERT_EQ(reused->stage_name(), "reading");
      if (step == 0) {
        EXPECT_EQ(difference(before, everything(*earlier)), "") << "the earlier run changed";
      }
      if (step == 1) earlier.reset();  // before it runs
      ASSERT_TRUE(reused->advance().ok());
      if (step == 2) earlier.reset();  // while it runs
      ASSERT_TRUE(reused->run().ok());
      ASSERT_EQ(reused->keeps_events(), keep);
      ASSERT_EQ(difference(everything(*make(plan, audit, file, keep)), everything(*reused)), "") << "seed " << seed << ", step " << step;
      earlier = std::move(reused);
    }
  }
}

TEST(Reuse, TwoRunsShareTheEventsOfOne) {
  Dice dice(5);
  const std::string file = random_file(dice);
  const Plan one = random_plan(dice), two = random_plan(dice);
  auto earlier = make(one, Audit::kNo, file, true);
  Pipeline first(one), second(two, Audit::kYes);
  ASSERT_TRUE(first.start_from(*earlier) && second.start_from(*earlier));
  earlier.reset();
  while (!first.done() || !second.done()) {  // in turns
    for (Pipeline* each : {&first, &second}) ASSERT_TRUE(each->done() || each->advance().ok());
  }
  EXPECT_EQ(everything(first), everything(*make(one, Audit::kNo, file, false)));
  EXPECT_EQ(everything(second), everything(*make(two, Audit::kYes, file, false)));
}

TEST(Reuse, NotOfARunThatKeepsNothing) {
  Dice dice(6);
  const std::string file = random_file(dice);
  const Plan plan = random_plan(dice);
  const auto earlier = make(plan, Audit::kNo, file, false);
  Pipeline next(plan);
  EXPECT_FALSE(next.start_from(*earlier));
  ASSERT_TRUE(read(next, file).ok());  // as if nothing had been asked
  ASSERT_TRUE(next.run().ok());
  EXPECT_EQ(everything(next), everything(*earlier));
}

TEST(Reuse, NotByAPlanThatReadsOtherwise) {
  Dice dice(7);
  const std::string file = random_file(dice);
  const auto earlier = make(support::plan_of(R"({"events": {"unknown": "drop"}})"), Audit::kNo, file, true);
  Pipeline next(support::plan_of(R"({"events": {"unknown": "add"}})"));
  EXPECT_FALSE(next.start_from(*earlier));
  ASSERT_TRUE(read(next, file).ok());
  ASSERT_TRUE(next.run().ok());
  EXPECT_NE(next.report_json(), earlier->report_json());
}

// With events.unknown "add" only the events tell whether there is such a type.
TEST(Reuse, RefusesATypeThatNoRowHas) {
  Dice dice(8);
  const std::string file = random_file(dice);
  const auto earlier = make(support::plan_of(R"({"events": {"unknown": "add"}})"), Audit::kNo, file, true);
  const Plan plan = support::plan_of(R"({"events": {"unknown": "add"}, "treatment": {"type": "cart"}})");
  Pipeline fresh(plan), reused(plan);
  ASSERT_TRUE(read(fresh, file).ok());
  ASSERT_TRUE(reused.start_from(*earlier));
  const Status expected = fresh.run(), found = reused.run();
  ASSERT_FALSE(expected.ok() || found.ok());
  EXPECT_EQ(found.error().message, expected.error().message);
  EXPECT_EQ(found.error().code, expected.error().code);
  EXPECT_EQ(found.error().where.column, expected.error().where.column);
}

}  // namespace
}  // namespace causal_sessions
