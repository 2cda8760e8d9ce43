// When events became known (columns.knownAt): a row knows what the log held at its time zero, and nothing that came in later.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "property/streams.h"
#include "sequence/session_row.h"
#include "support/run.h"

namespace causal_sessions::known_at {
namespace {

using streams::Dice;

constexpr std::int64_t kMinute = 60'000'000;

struct Event : reference::Event {
  std::int64_t known_us = 0;
};
using Events = std::vector<Event>;

// The price is what the event's own fields decide; that of the first event is never blank, so the column is one of numbers.
std::string text_of(const Events& events) {
  std::string text = "user,time,type,item,price,known\n";
  for (const Event& event : events) {
    const std::string row = event.user + "," + std::to_string(event.time_us) + "," + event.type + "," + event.item;
    const std::uint64_t hash = text_key(row);
    text += row + "," + (hash % 4 == 0 && &event != &events[0] ? "" : std::to_string(hash % 97)) + "," +
            std::to_string(event.known_us) + "\n";
  }
  return text;
}

struct Finished {
  Finished(const Plan& plan, const Events& events) : made(plan, WithAudit::kYes) {
    const Status read = support::feed(made.reader(), {text_of(events)});
    EXPECT_TRUE(read.ok()) << read.error().message;
    const Status done = run_to_end(made);
    EXPECT_TRUE(done.ok()) << done.error().message;
  }
  Run made;
};

// X in words with its minutes and gaps, and all covariates by name, those without a column too.
std::string known_of(const Run& made, std::uint32_t row) {
  const SequenceTable& table = made.table;
  std::ostringstream text;
  text.precision(17);
  for_each_token(table, row, [&](const Token& token) {
    text << made.vocabulary.types[token.event_id] << "/" << made.vocabulary.text(token.item_id) << "/" << token.minutes << "/"
         << channel_value(table, row, token, Channel::kGap) << " ";
  });
  std::map<std::string, double> values(table.constant_covariates.begin(), table.constant_covariates.end());
  for (std::size_t j = 0; j < table.covariate_names.size(); ++j)
    values[table.covariate_names[j]] = table.covariates[row * table.covariate_names.size() + j];
  // Known by the exposure, which may be before time zero.
  if (made.plan.trial.kind != IndexKind::kExposure) values.erase("popularity");
  for (const auto& [name, value] : values) text << name << " " << value << ", ";
  return std::move(text).str();
}

std::string key_of(const SequenceTable& table, std::uint32_t row) {
  return std::string(table.users[table.user[row]]) + "@" + std::to_string(table.time_zero_us[row]);
}

std::map<std::string, std::string> known_by_row(const Run& made) {
  std::map<std::string, std::string> rows;
  for (std::uint32_t row = 0; row < made.table.rows(); ++row) rows[key_of(made.table, row)] = known_of(made, row);
  return rows;
}

Plan random_plan(Dice& dice, bool told) {
  static const char* const kIndex[] = {R"("kind": "exposure", "gracePeriod": "exclude")", R"("kind": "landmark", "minutes": 30)"};
  Plan plan = support::plan_of(
      std::string(R"({"profile": "causal", "time": {"unit": "us"}, "index": {"washoutHours": 0, "windowMinutes": 60, )") +
      dice.pick(kIndex) + R"(}, "outcome": {"censored": "keep", "prior": "ignore"}, "session": {"minEvents": )" +
      std::to_string(1 + dice.below(2)) + R"(, "gapHours": )" + (dice.chance(50) ? "0.5" : "2") +
      R"(}, "sequence": {"maxEvents": )" + std::to_string(dice.chance(50) ? 500 : 1 + dice.below(5)) + R"(, "keep": ")" +
      (dice.chance(50) ? "last" : "first") + R"("}, "covariates": {"columns": ["price"]},
      "split": {"kind": "hash", "train": 1, "validation": 0, "test": 0}})");
  if (told) plan.reading.columns.known_at.name = "known";
  return plan;
}

// Events at whole minutes, so that what becomes known meets time zeros; the very first of all is known at once.
Events random_events(Dice& dice) {
  static const char* const kTypes[] = {"impression", "impression", "impression", "auction", "click", "purchase"};
  Events events;
  const std::uint32_t users = 1 + dice.below(5), count = 20 + dice.below(150);
  for (std::uint32_t i = 0; i < count; ++i) {
    Event event;
    event.user = "u" + std::to_string(dice.below(users));
    event.time_us = 1'757'000'000'000'000 + static_cast<std::int64_t>(1 + dice.below(600)) * kMinute;
    event.type = dice.pick(kTypes);
    event.item = dice.chance(10) ? "" : "i" + std::to_string(dice.below(6));
    event.known_us =
        event.time_us + (dice.chance(50) ? 0 : static_cast<std::int64_t>(dice.below(dice.chance(50) ? 4 : 200)) * kMinute);
    events.push_back(event);
  }
  Event first;
  first.user = "first";
  first.time_us = first.known_us = 1'757'000'000'000'000;
  first.type = "auction";
  events.insert(events.begin(), first);
  return events;
}

// Whether the row's time zero belongs to it.
bool is_own(const Plan& plan, const Event& event, const std::string& user, std::int64_t t0) {
  return plan.trial.kind == IndexKind::kExposure && event.user == user && event.type == plan.trial.exposure &&
         event.time_us == t0;
}

// What a run tells of a row is what a run of the log as it was at that time zero tells, which need not be told when events
// became known.
TEST(KnownAt, ARowKnowsTheLogOfItsTimeZero) {
  std::size_t compared = 0, late = 0;
  for (std::uint32_t seed = 1; seed <= 150; ++seed) {
    Dice dice(seed), same(seed);
    const Plan told = random_plan(dice, true), untold = random_plan(same, false);
    const Events events = random_events(dice);
    const Finished run(told, events), of_all(untold, events);
    const auto without = known_by_row(of_all.made);
    const SequenceTable& table = run.made.table;
    for (int i = 0; i < 12 && table.rows() != 0; ++i) {
      const std::uint32_t row = dice.below(table.rows());
      const std::string user(table.users[table.user[row]]), key = key_of(table, row);
      const std::int64_t t0 = table.time_zero_us[row];
      Events log;
      for (const Event& event : events) {
        if ((event.known_us <= t0 && event.time_us <= t0) || is_own(told, event, user, t0)) log.push_back(event);
      }
      const Finished then(untold, log);
      const auto rows = known_by_row(then.made);
      const auto found = rows.find(key);
      // A landmark is counted from the session's first event, known or not.
      if (found == rows.end() && told.trial.kind == IndexKind::kLandmark) continue;
      ASSERT_NE(found, rows.end()) << "seed " << seed << ", " << key;
      ASSERT_EQ(known_of(run.made, row), found->second) << "seed " << seed << ", " << key;
      ++compared;
      const auto before = without.find(key);
      late += before == without.end() || before->second != found->second;
    }
  }
  EXPECT_GT(compared, 1000u);
  EXPECT_GT(late, 300u) << "hardly a row lacks anything";
}

// Any event that became known behind a row's time zero may change in any way, or go, or others come: the row stays.
TEST(KnownAt, NothingThatCameInLaterChangesWhatARowKnows) {
  std::size_t compared = 0;
  for (std::uint32_t seed = 1; seed <= 150; ++seed) {
    Dice dice(seed);
    const Plan plan = random_plan(dice, true);
    const Events events = random_events(dice);
    const Finished run(plan, events);
    const SequenceTable& table = run.made.table;
    for (int i = 0; i < 6 && table.rows() != 0; ++i) {
      const std::uint32_t row = dice.below(table.rows());
      const std::string user(table.users[table.user[row]]);
      const std::int64_t t0 = table.time_zero_us[row];
      Events edited;
      for (Event event : events) {
        if (event.known_us > t0 && !is_own(plan, event, user, t0)) {
          if (dice.chance(30)) continue;
          if (dice.chance(40)) event.type = dice.chance(50) ? "auction" : "impression";
          if (dice.chance(40)) event.item = "item of later";
          if (dice.chance(40)) event.time_us = 1'757'000'000'000'000 + static_cast<std::int64_t>(1 + dice.below(600)) * kMinute;
          event.known_us = std::max(event.time_us, t0 + 1 + dice.below(100) * kMinute);
          // Another exposure of the row's own instant would be known by it.
          if (is_own(plan, event, user, t0)) event.type = "auction";
        }
        edited.push_back(event);
      }
      const Finished after(plan, edited);
      const auto rows = known_by_row(after.made);
      const auto found = rows.find(key_of(table, row));
      if (found == rows.end()) continue;  // a treatment or outcome before it decides who is a row, known or not
      ASSERT_EQ(known_of(run.made, row), found->second) << "seed " << seed << ", " << key_of(table, row);
      ++compared;
    }
  }
  EXPECT_GT(compared, 300u);
}

// Where everything was known when it happened, the key changes no byte.
TEST(KnownAt, ChangesNothingWhereAllIsKnownAtOnce) {
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    Dice dice(seed), same(seed);
    Plan told = random_plan(dice, true), untold = random_plan(same, false);
    if (seed % 3 == 0) {
      told.trial.kind = untold.trial.kind = IndexKind::kMatched;
    } else if (told.trial.kind == IndexKind::kExposure) {
      told.trial.window_ends = untold.trial.window_ends = WindowEnds::kNextExposure;
      told.trial.grace = untold.trial.grace = GracePeriod::kAlign;
    }
    Events events = random_events(dice);
    for (Event& event : events) event.known_us = event.time_us;
    const auto all = [&](const Plan& plan) {
      const Finished run(plan, events);
      std::string text;
      for (const char* path :
           {"data/train_sessions.jsonl", "data/train_sessions_covariates.csv", "models/vocab.json", "audit.json"})
        text += support::output_text(run.made, path);
      return text;
    };
    ASSERT_EQ(support::difference(all(untold), all(told)), "") << "seed " << seed;
  }
}

// Delays and matches move time zero by what others do; what a row knows is known by then all the same.
TEST(KnownAt, HoldsWhereTimeZeroIsMoved) {
  std::size_t tokens = 0, listed = 0;
  for (std::uint32_t seed = 1; seed <= 120; ++seed) {
    Dice dice(seed);
    Plan plan = random_plan(dice, true);
    plan.trial.kind = seed % 2 == 0 ? IndexKind::kMatched : IndexKind::kExposure;
    plan.trial.window_ends = WindowEnds::kNextExposure;
    plan.trial.grace = seed % 2 == 0 ? GracePeriod::kExclude : GracePeriod::kAlign;
    const Events events = random_events(dice);
    std::map<std::string, std::int64_t> known;  // earliest, of all that are alike
    for (const Event& event : events) {
      const std::string key = event.user + "," + event.type + "," + event.item + "," + std::to_string(event.time_us);
      const auto [at, is_new] = known.emplace(key, event.known_us);
      at->second = std::min(at->second, event.known_us);
    }
    const Finished run(plan, events);
    const SequenceTable& table = run.made.table;
    for (std::uint32_t row = 0; row < table.rows(); ++row) {
      const std::string user(table.users[table.user[row]]);
      std::int64_t exposed_us = INT64_MIN;
      for (const Event& event : events) {
        if (event.user == user && event.type == "impression" && event.time_us <= table.time_zero_us[row])
          exposed_us = std::max(exposed_us, event.time_us);
      }
      listed += table.is_listed(row);
      for_each_token(table, row, [&](const Token& token) {
        const std::string& type = run.made.vocabulary.types[token.event_id];
        const std::int64_t time_us = table.time_us[token.at];
        if (type == "impression" && time_us == exposed_us) return;
        std::string item(run.made.vocabulary.text(token.item_id));
        if (item.starts_with('[')) return;  // of no item, or of a type without
        EXPECT_LE(known.at(user + "," + type + "," + item + "," + std::to_string(time_us)), table.time_zero_us[row]);
        ++tokens;
      });
    }
  }
  EXPECT_GT(tokens, 300u);
  EXPECT_GT(listed, 100u);
}

}  // namespace
}  // namespace causal_sessions::known_at
