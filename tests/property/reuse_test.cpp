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
std::string everything(const Run& made) {
  std::string text = report_json(made) + audit_json(made);
  const std::vector<std::string> digests = {std::string(64, 'a')};
  text += manifest_json(made, digests, {});
  const std::vector<std::string_view> formats = {"parquet", "jsonl", "npz"};
  for (const Output& output : outputs_in(formats)) text += output.path + "\n" + support::output_text(made, output.path);
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

Status read(Run& made, const std::string& file) { return support::feed(made.reader(), {file}); }

std::unique_ptr<causal_sessions::Run> make(const Plan& plan, WithAudit audit, const std::string& file, bool keep) {
  auto made = std::make_unique<causal_sessions::Run>(plan, audit);
  if (keep) made->keep_events = true;
  EXPECT_TRUE(read(*made, file).ok());
  EXPECT_TRUE(run_to_end(*made).ok());
  EXPECT_EQ(made->keeps_events(), keep);
  return made;
}

TEST(Reuse, GivesTheBytesOfARunThatReads) {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    Dice dice(seed);
    const std::string file = random_file(dice);
    const Plan first = random_plan(dice);
    const auto audit_of = [&] { return dice.chance(50) ? WithAudit::kYes : WithAudit::kNo; };
    std::unique_ptr<causal_sessions::Run> earlier = make(first, audit_of(), file, true);
    const std::string before = everything(*earlier);
    for (int step = 0; step < 4; ++step) {
      const Plan plan = random_plan(dice);
      const WithAudit audit = audit_of();
      const bool keep = step < 3;
      auto reused = std::make_unique<causal_sessions::Run>(plan, audit);
      if (keep) reused->keep_events = true;
      ASSERT_TRUE(start_from(*reused, *earlier));
      ASSERT_EQ(step_name(*reused), "reading");
      if (step == 0) {
        EXPECT_EQ(difference(before, everything(*earlier)), "") << "the earlier run changed";
      }
      if (step == 1) earlier.reset();  // before it runs
      ASSERT_TRUE(advance(*reused).ok());
      if (step == 2) earlier.reset();  // while it runs
      ASSERT_TRUE(run_to_end(*reused).ok());
      ASSERT_EQ(reused->keeps_events(), keep);
      ASSERT_EQ(difference(everything(*make(plan, audit, file, keep)), everything(*reused)), "")
          << "seed " << seed << ", step " << step;
      earlier = std::move(reused);
    }
  }
}

TEST(Reuse, TwoRunsShareTheEventsOfOne) {
  Dice dice(5);
  const std::string file = random_file(dice);
  const Plan one = random_plan(dice), two = random_plan(dice);
  auto earlier = make(one, WithAudit::kNo, file, true);
  causal_sessions::Run first(one), second(two, WithAudit::kYes);
  ASSERT_TRUE(start_from(first, *earlier) && start_from(second, *earlier));
  earlier.reset();
  while (!done(first) || !done(second)) {  // in turns
    for (causal_sessions::Run* each : {&first, &second}) ASSERT_TRUE(done(*each) || advance(*each).ok());
  }
  EXPECT_EQ(everything(first), everything(*make(one, WithAudit::kNo, file, false)));
  EXPECT_EQ(everything(second), everything(*make(two, WithAudit::kYes, file, false)));
}

TEST(Reuse, NotOfARunThatKeepsNothing) {
  Dice dice(6);
  const std::string file = random_file(dice);
  const Plan plan = random_plan(dice);
  const auto earlier = make(plan, WithAudit::kNo, file, false);
  causal_sessions::Run next(plan);
  EXPECT_FALSE(start_from(next, *earlier));
  ASSERT_TRUE(read(next, file).ok());  // as if nothing had been asked
  ASSERT_TRUE(run_to_end(next).ok());
  EXPECT_EQ(everything(next), everything(*earlier));
}

TEST(Reuse, NotByAPlanThatReadsOtherwise) {
  Dice dice(7);
  const std::string file = random_file(dice);
  const auto earlier = make(support::plan_of(R"({"events": {"unknown": "drop"}})"), WithAudit::kNo, file, true);
  causal_sessions::Run next(support::plan_of(R"({"events": {"unknown": "add"}})"));
  EXPECT_FALSE(start_from(next, *earlier));
  ASSERT_TRUE(read(next, file).ok());
  ASSERT_TRUE(run_to_end(next).ok());
  EXPECT_NE(report_json(next), report_json(*earlier));
}

// With events.unknown "add" only the events tell whether there is such a type.
TEST(Reuse, RefusesATypeThatNoRowHas) {
  Dice dice(8);
  const std::string file = random_file(dice);
  const auto earlier = make(support::plan_of(R"({"events": {"unknown": "add"}})"), WithAudit::kNo, file, true);
  const Plan plan = support::plan_of(R"({"events": {"unknown": "add"}, "treatment": {"type": "cart"}})");
  causal_sessions::Run fresh(plan), reused(plan);
  ASSERT_TRUE(read(fresh, file).ok());
  ASSERT_TRUE(start_from(reused, *earlier));
  const Status expected = run_to_end(fresh), found = run_to_end(reused);
  ASSERT_FALSE(expected.ok() || found.ok());
  EXPECT_EQ(found.error().message, expected.error().message);
  EXPECT_EQ(found.error().code, expected.error().code);
  EXPECT_EQ(found.error().where.column, expected.error().where.column);
}

}  // namespace
}  // namespace causal_sessions
