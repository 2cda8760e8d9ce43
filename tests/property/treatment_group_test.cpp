// Treatment by group, on random streams, against the same events whose types were told apart by hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "look/row_session.h"
#include "property/streams.h"
#include "support/run.h"

namespace causal_sessions::treatment_group {
namespace {

using streams::Dice;

constexpr std::int64_t kMinute = 60'000'000;

struct Event {
  std::string user, type, item, category;
  std::int64_t time_us = 0;
};

// No two events of a user at one instant: there the place of a type in the plan decides, which is another one by hand.
std::vector<Event> random_events(Dice& dice) {
  static const char* const kTypes[] = {"impression", "impression", "impression", "auction", "click", "click", "purchase"};
  static const char* const kCategories[] = {"shoes", "boots", "hats", "coats", ""};
  std::vector<Event> events = {{"first", "auction", "", "", 1'757'000'000'000'000}, {"last", "click", "i", "shoes", 0}};
  events[1].time_us = events[0].time_us + 900 * kMinute;
  std::set<std::pair<std::string, std::int64_t>> seen;
  const std::uint32_t users = 1 + dice.below(6), count = 20 + dice.below(200);
  for (std::uint32_t i = 0; i < count; ++i) {
    Event event;
    event.user = "u" + std::to_string(dice.below(users));
    event.time_us = events[0].time_us + static_cast<std::int64_t>(1 + dice.below(600)) * kMinute;
    event.type = dice.pick(kTypes);
    event.item = dice.chance(10) ? "" : "i" + std::to_string(dice.below(4));
    event.category = dice.pick(kCategories);
    if (seen.insert({event.user, event.time_us}).second) events.push_back(event);
  }
  return events;
}

bool is_of_group(const Event& event) { return event.category == "shoes" || event.category == "boots"; }

std::string text_of(const std::vector<Event>& events, bool by_hand) {
  std::string text = "user,time,type,item,category\n";
  for (const Event& event : events) {
    const bool other = by_hand && event.type == "click" && !is_of_group(event);
    text += event.user + "," + std::to_string(event.time_us) + "," + event.type + (other ? " (other)" : "") + "," + event.item +
            "," + event.category + "\n";
  }
  return text;
}

Plan plan_with(const std::string& treatment, const std::string& index, const std::string& types) {
  return support::plan_of(R"({"profile": "causal", "time": {"unit": "us"}, "events": {"types": ["auction", "impression", "click",
      "purchase")" + types +
                          R"(]}, "treatment": {)" + treatment + R"(}, "index": {)" + index +
                          R"(}, "outcome": {"censored": "keep"}, "split": {"kind": "hash", "train": 0.6, "validation": 0.2,
      "test": 0.2}})");
}

// What a run makes of its events, without what it says of their types as they were read.
std::string made_of(const causal_sessions::Run& run) {
  std::string text;
  for (const char* path : {"data/train_sessions.jsonl", "data/validation_sessions.jsonl", "data/test_sessions.jsonl",
                           "models/vocab.json", "data/train_sessions_covariates.csv"}) {
    text += support::output_text(run, path);
  }
  for (std::size_t step = 0; step < kFilters; ++step) text += std::to_string(run.trials.attrition.after[step].rows) + " ";
  return text;
}

TEST(TreatmentGroup, IsAsIfTheTypesHadBeenToldApart) {
  static const char* const kIndex[] = {R"("gracePeriod": "align", "washoutHours": 1)",
                                       R"("gracePeriod": "exclude", "washoutHours": 0)",
                                       R"("kind": "landmark", "minutes": 10, "windowMinutes": 30, "washoutHours": 0)",
                                       R"("gracePeriod": "exclude", "sameItem": true, "windowMinutes": 60)"};
  std::size_t treated = 0, left_out = 0;
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    Dice dice(seed);
    const std::string index = dice.pick(kIndex);
    const std::string comparator = index == kIndex[0] && dice.chance(30) ? R"(, "comparator": "auction")" : "";
    const Plan plan = plan_with(R"("group": "category", "groupValues": ["shoes", "boots"])" + comparator, index, "");
    const Plan by_hand = plan_with(R"-("otherTypes": ["click (other)"])-" + comparator, index, R"-(, "click (other)")-");
    const std::vector<Event> events = random_events(dice);
    const support::Ran ran(plan, {{text_of(events, false)}}, WithAudit::kYes),
        expected(by_hand, {{text_of(events, true)}}, WithAudit::kYes);
    ASSERT_EQ(ran.message(), "") << "seed " << seed;
    ASSERT_EQ(expected.message(), "") << "seed " << seed;
    ASSERT_EQ(support::difference(made_of(expected.made), made_of(ran.made)), "") << "seed " << seed;
    for (const std::uint8_t t : ran.made.table.treatment) treated += t;
    const auto step = static_cast<std::size_t>(Filter::kOtherTreatment);
    left_out += ran.made.trials.attrition.after[step].rows - ran.made.trials.attrition.after[step + 1].rows;
  }
  EXPECT_GT(treated, 100u);
  EXPECT_GT(left_out, 100u);
}

// A look at a session tells its events as the run did.
TEST(TreatmentGroup, ALookTellsItsEventsAsTheRunDid) {
  std::size_t told = 0;
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    Dice dice(seed);
    const Plan plan = plan_with(R"("group": "category", "groupValues": ["shoes", "boots"])", R"("gracePeriod": "exclude")", "");
    causal_sessions::Run run(plan, WithAudit::kYes);
    run.keep_events = true;
    ASSERT_TRUE(support::feed(run.reader(), {text_of(random_events(dice), false)}).ok());
    ASSERT_TRUE(run_to_end(run).ok());
    RowSession session(run);
    for (std::uint32_t row = 0; row < run.table.rows(); ++row) {
      session.enter(row);
      ASSERT_EQ(session.treatment.has_value(), run.table.treatment[row] != 0) << "seed " << seed << " row " << row;
      for (std::uint32_t i = session.begin; i < session.end; ++i) {
        const std::string& type = session.events.types[session.events.type[i]];
        const std::string& token = run.vocabulary.types[run.table.event_id[session.token_of(i)]];
        ASSERT_TRUE(type == token || token == "[UNK]") << "seed " << seed << " row " << row << ": " << type << " is " << token;
        told += type == "click (other)";
      }
    }
  }
  EXPECT_GT(told, 50u);
}

}  // namespace
}  // namespace causal_sessions::treatment_group
