// The run against a slow and obvious second implementation, on random streams and plans.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "property/reference.h"
#include "property/streams.h"
#include "support/run.h"

namespace causal_sessions {
namespace {

using streams::Dice;
using support::difference;

struct Trial {
  std::string plan_json;
  Plan plan;
  std::vector<reference::Event> events;
};

std::string random_plan(Dice& dice) {
  static const char* const kGaps[] = {"24", "24", "0.5", "0", "1", "2.3", "0.1", "4.1"};
  static const char* const kMaxHours[] = {"null", "null", "null", "0.5", "24", "48", "0"};
  static const char* const kShares[] = {
      R"("train": 0.7, "validation": 0.15, "test": 0.15)", R"("train": 1, "validation": 0, "test": 0)",
      R"("train": 0, "validation": 1, "test": 0)",         R"("train": 0, "validation": 0, "test": 1)",
      R"("train": 0.5, "validation": 0.5, "test": 0)",     R"("train": 0.29, "validation": 0.42, "test": 0.29)",
      R"("train": 0.1, "validation": 0.2, "test": 0.7)"};
  static const char* const kSeeds[] = {"42", "42", "0", "1", "4294967295", "123456789"};
  static const char* const kTypes[] = {
      "",
      "",
      R"("events": {"withoutItem": {}}, )",
      R"("events": {"withoutItem": {"click": "[C]", "auction": "[A]", "purchase": "[C]"}}, )",
      R"("events": {"types": ["view", "pay", "cart"]}, "treatment": {"type": "cart"}, "outcome": {"type": "pay"}, )",
      R"("events": {"types": ["purchase", "click", "日本", "auction"], "unknown": "drop"}, )",
      R"("treatment": {"type": "purchase"}, "outcome": {"type": "auction"}, )"};
  static const char* const kTies[] = {"numpy", "numpy", "input", "priority"};
  const char* types = dice.pick(kTypes);
  const bool has_auctions = std::string_view(types).find("view") == std::string_view::npos;
  static const char* const kPaddings[] = {"", "", R"(, "padding": null)", R"(, "padding": "click")"};
  const std::uint32_t max_events = dice.chance(50) ? 500 : 1 + dice.below(10);
  // With the last events kept, padding beyond the longest length has no meaning.
  const bool keep_last = dice.chance(30);
  const std::uint32_t min_padded = keep_last ? dice.below(std::min(max_events, 6u) + 1) : dice.below(6);
  return std::string("{") + types + R"("time": {"ties": ")" + dice.pick(kTies) + R"("}, "session": {"gapHours": )" +
         dice.pick(kGaps) + R"(, "minEvents": )" + std::to_string(1 + dice.below(4)) + R"(, "maxHours": )" +
         dice.pick(kMaxHours) + R"(}, "sequence": {"maxEvents": )" + std::to_string(max_events) + R"(, "minEvents": )" +
         std::to_string(min_padded) + R"(, "keep": ")" + (keep_last ? "last" : "first") + '"' +
         (has_auctions ? dice.pick(kPaddings) : "") + R"(}, "vocabulary": {"fitOn": ")" + (dice.chance(30) ? "train" : "all") +
         R"(", "minCount": )" + std::to_string(dice.chance(60) ? 1 : 1 + dice.below(4)) + R"(}, "split": {"seed": )" +
         dice.pick(kSeeds) + ", " + dice.pick(kShares) + "}}";
}

Trial random_trial(std::uint32_t seed) {
  Dice dice(seed);
  Trial trial;
  trial.plan_json = seed % 4 == 0 ? "{}" : random_plan(dice);
  trial.plan = support::plan_of(trial.plan_json);
  streams::StreamOptions options;
  options.users = 1 + dice.below(30);
  options.events = 10 + dice.below(400);
  options.gap_us = trial.plan.session.max_gap.us;
  options.types = trial.plan.reading.events.types;
  if (trial.plan.reading.events.unknown == UnknownTypes::kDrop) options.types.push_back("unheard of");
  trial.events = streams::random_events(dice, options);
  return trial;
}

// A first difference, or nothing.
std::string compare(const Trial& trial) {
  const support::Outcome found = support::run(trial.plan, streams::csv_text(trial.events));
  if (!found.ok()) return found.message();
  const reference::Outputs expected = reference::run(trial.plan, trial.events);
  std::string text;
  const auto add = [&text](const char* name, const std::string& a, const std::string& b) {
    if (a != b) text += std::string(name) + ": " + difference(a, b) + "\n";
  };
  add("train", expected.train, found.train);
  add("validation", expected.validation, found.validation);
  add("test", expected.test, found.test);
  add("vocabulary", expected.vocabulary, found.vocabulary);
  add("metadata", expected.metadata, found.metadata);
  return text;
}

TEST(NotebookProperty, AgreesWithTheSlowImplementation) {
  std::size_t sessions = 0, treated = 0;
  for (std::uint32_t seed = 0; seed < 500; ++seed) {
    Trial trial = random_trial(seed);
    std::string found = compare(trial);
    if (found.empty()) {
      const std::string rows = reference::run(trial.plan, trial.events).train;
      sessions += static_cast<std::size_t>(std::count(rows.begin(), rows.end(), '\n'));
      treated += rows.find("\"treatment\": 1") != rows.npos;
      continue;
    }
    // Leave out events for as long as the difference stays, so that what is shown is small.
    for (std::size_t step = trial.events.size() / 2; step >= 1; step /= 2) {
      for (std::size_t at = 0; at + step <= trial.events.size();) {
        Trial less = trial;
        less.events.erase(less.events.begin() + static_cast<std::ptrdiff_t>(at),
                          less.events.begin() + static_cast<std::ptrdiff_t>(at + step));
        if (const std::string still = compare(less); !still.empty()) {
          trial.events = less.events;
          found = still;
        } else {
          at += step;
        }
      }
    }
    FAIL() << "seed " << seed << "\nplan " << trial.plan_json << "\n" << streams::csv_text(trial.events) << "\n" << found;
  }
  EXPECT_GT(sessions, 3000u) << "the streams must give something to compare";
  EXPECT_GT(treated, 200u);
}

// The notebook's own file order and ids, larger: many sessions a user and long ones with many ties.
TEST(NotebookProperty, AgreesOnLongStreams) {
  for (std::uint32_t seed = 1000; seed < 1010; ++seed) {
    Dice dice(seed);
    streams::StreamOptions options;
    options.users = 40;
    options.events = 6000;
    options.types = Plan().reading.events.types;
    const Trial trial{"{}", Plan(), streams::random_events(dice, options)};
    EXPECT_EQ(compare(trial), "") << seed;
  }
}

}  // namespace
}  // namespace causal_sessions
