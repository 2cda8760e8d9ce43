// The profile "causal" on random streams: against a slow and obvious second implementation of its rules, and under
// edits of what must not matter.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "property/streams.h"
#include "support/run.h"

namespace causal_sessions {
namespace {

using reference::Event;
using streams::Dice;
using Events = std::vector<Event>;

constexpr std::int64_t kMinute = 60'000'000;

// A finished run.
struct FinishedRun {
  explicit FinishedRun(const Plan& plan, const Events& events) : pipeline(plan) {
    const Status read = support::feed(pipeline.reader(), {streams::csv_text(events)});
    EXPECT_TRUE(read.ok()) << read.error().message;
    const Status done = pipeline.run();
    EXPECT_TRUE(done.ok()) << done.error().message;
  }
  Pipeline pipeline;
};

std::string decoded(const Pipeline& pipeline, std::uint32_t row) {
  const SequenceTable& table = pipeline.table();
  std::string text;
  for (std::uint32_t i = table.begin[row]; i < table.begin[row] + table.count[row]; ++i) {
    text += pipeline.vocabulary().types[table.event_id[i]] + "/" + std::string(pipeline.vocabulary().text(table.item_id[i])) +
            "/" + std::to_string(table.time_us[i]) + " ";
  }
  return text;
}

std::string key_of(const SequenceTable& table, std::uint32_t row) {
  return std::string(table.users[table.user[row]]) + "_" + std::to_string(table.number[row]) + "@" +
         std::to_string(table.time_zero_us[row]);
}

// Row -> X in words, T and Y.
std::map<std::string, std::string> rows_of(const Pipeline& pipeline) {
  std::map<std::string, std::string> rows;
  const SequenceTable& table = pipeline.table();
  for (std::uint32_t row = 0; row < table.rows(); ++row) {
    rows[key_of(table, row)] = decoded(pipeline, row) + "T" + std::to_string(table.treatment[row]) + " Y" +
                               std::to_string(table.outcome[row]) + (table.censored[row] ? " censored" : "");
  }
  return rows;
}

// What the rules say, from the events of each user as they are written in the design. Exposures only.
std::map<std::string, std::string> expected_rows(const Plan& plan, const Events& input) {
  std::map<std::string, Events> users;
  std::int64_t data_end = INT64_MIN;
  for (const Event& event : input) {
    users[event.user].push_back(event);
    data_end = std::max(data_end, event.time_us);
  }
  const auto type_of = [&](const Event& event) {
    return std::find(plan.events.types.begin(), plan.events.types.end(), event.type) - plan.events.types.begin();
  };
  std::map<std::string, std::string> rows;
  for (auto& [user, events] : users) {
    std::stable_sort(events.begin(), events.end(), [&](const Event& a, const Event& b) {
      return std::pair(a.time_us, type_of(a)) < std::pair(b.time_us, type_of(b));
    });
    std::set<std::tuple<std::int64_t, std::string, std::string>> seen;
    std::erase_if(events, [&](const Event& e) { return !seen.insert({e.time_us, e.type, e.item}).second; });
    std::vector<int> session(events.size(), 1);
    for (std::size_t i = 1; i < events.size(); ++i) {
      session[i] = session[i - 1] + (events[i].time_us - events[i - 1].time_us > plan.max_gap_us());
    }
    for (std::size_t at = 0; at < events.size(); ++at) {
      const std::int64_t t0 = events[at].time_us;
      const bool repeated = at > 0 && events[at - 1].time_us == t0 && events[at - 1].type == plan.index.type;
      if (events[at].type != plan.index.type || repeated) continue;
      std::vector<const Event*> x;
      bool prior = false, treated = false, outcome = false;
      std::int64_t start = INT64_MAX, treated_at = INT64_MAX, outcome_at = INT64_MAX;
      for (std::size_t i = 0; i < events.size(); ++i) {
        const Event& event = events[i];
        if (session[i] == session[at] && event.time_us <= t0) {
          x.push_back(&event);
          start = std::min(start, event.time_us);
          prior |= event.type == plan.treatment_type || event.type == plan.outcome.type;
        }
        if (event.time_us > t0 && event.type == plan.treatment_type && event.time_us <= t0 + plan.window_us()) {
          treated = true;
          treated_at = std::min(treated_at, event.time_us);
        }
        if (event.time_us > t0 && event.type == plan.outcome.type) {
          outcome_at = std::min(outcome_at, event.time_us);
          outcome |= event.time_us <= t0 + plan.horizon_us();
        }
      }
      if (prior || (treated && outcome_at < treated_at) || x.size() < plan.session.min_events) continue;
      std::string text;
      const std::size_t first = x.size() > plan.sequence.max_events ? x.size() - plan.sequence.max_events : 0;
      for (std::size_t i = first; i < x.size(); ++i) {
        const std::string item = x[i]->type == "auction" ? "[AUCTION]" : x[i]->item.empty() ? "[UNK]" : x[i]->item;
        text += x[i]->type + "/" + item + "/" + std::to_string(x[i]->time_us) + " ";
      }
      rows[user + "_" + std::to_string(session[at]) + "@" + std::to_string(t0)] =
          text + "T" + std::to_string(treated) + " Y" + std::to_string(outcome) +
          (t0 + plan.horizon_us() > data_end ? " censored" : "");
    }
  }
  return rows;
}

Events random_stream(Dice& dice, const Plan& plan) {
  streams::StreamOptions options;
  options.users = 1 + dice.below(12);
  options.events = 20 + dice.below(300);
  options.gap_us = dice.chance(50) ? plan.max_gap_us() : plan.window_us();
  options.types = plan.events.types;
  return streams::random_events(dice, options);
}

Plan random_causal_plan(Dice& dice, const char* split) {
  static const char* const kWindows[] = {"5", "0.5", "60"};
  static const char* const kHorizons[] = {"24", "0.1", "100"};
  return support::plan_of(std::string(R"({"profile": "causal", "index": {"windowMinutes": )") + dice.pick(kWindows) +
                          R"(, "horizonHours": )" + dice.pick(kHorizons) + R"(}, "session": {"minEvents": )" +
                          std::to_string(1 + dice.below(3)) + R"(}, "sequence": {"maxEvents": )" +
                          std::to_string(dice.chance(50) ? 500 : 1 + dice.below(5)) + R"(}, "split": )" + split + "}");
}

constexpr const char* kAllTrainHash = R"({"train": 1, "validation": 0, "test": 0})";

TEST(CausalProfile, AgreesWithItsRulesWrittenOut) {
  for (std::uint32_t seed = 1; seed <= 120; ++seed) {
    Dice dice(seed);
    const Plan plan = random_causal_plan(dice, kAllTrainHash);
    const Events events = random_stream(dice, plan);
    const FinishedRun run(plan, events);
    ASSERT_EQ(rows_of(run.pipeline), expected_rows(plan, events)) << "seed " << seed;
  }
}

// X and the rest of it that time zero has seen, of rows up to an instant.
std::map<std::string, std::string> x_until(const Pipeline& pipeline, const std::string& user, std::int64_t until_us) {
  std::map<std::string, std::string> rows;
  const SequenceTable& table = pipeline.table();
  for (std::uint32_t row = 0; row < table.rows(); ++row) {
    if (table.users[table.user[row]] != user || table.time_zero_us[row] > until_us) continue;
    rows[key_of(table, row)] = decoded(pipeline, row);
  }
  return rows;
}

// Drops, changes and adds events of a user after an instant.
Events edited_after(Dice& dice, const Events& events, const Plan& plan, const std::string& user, std::int64_t after_us) {
  Events edited;
  for (Event event : events) {
    if (event.user == user && event.time_us > after_us) {
      if (dice.chance(40)) continue;
      if (dice.chance(40)) event.type = dice.pick(plan.events.types);
      if (dice.chance(40)) event.time_us = after_us + 1 + dice.below(1000) * kMinute;
    }
    edited.push_back(event);
  }
  for (int i = 0; i < 5; ++i) {
    edited.push_back({user, after_us + 1 + dice.below(100) * kMinute, dice.pick(plan.events.types), "item of later"});
  }
  return edited;
}

TEST(CausalProfile, NothingAfterTimeZeroChangesX) {
  std::size_t compared = 0;
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    Dice dice(seed);
    Plan plan = random_causal_plan(dice, kAllTrainHash);
    if (seed % 2 == 0) plan.index.kind = IndexKind::kLandmark;
    const Events events = random_stream(dice, plan);
    const FinishedRun before(plan, events);
    const SequenceTable& table = before.pipeline.table();
    if (table.rows() == 0) continue;
    const std::uint32_t row = dice.below(table.rows());
    const std::string user(table.users[table.user[row]]);
    const std::int64_t t0 = table.time_zero_us[row];
    const auto expected = x_until(before.pipeline, user, t0);
    const FinishedRun after(plan, edited_after(dice, events, plan, user, t0));
    for (const auto& [key, x] : x_until(after.pipeline, user, t0)) {
      // An edit may make a row eligible or not: an outcome now precedes the treatment, or no longer does.
      const auto found = expected.find(key);
      if (found == expected.end()) continue;
      ASSERT_EQ(x, found->second) << "seed " << seed << ", " << key;
      ++compared;
    }
  }
  EXPECT_GT(compared, 100u);
}

// All X as a model gets them, and what they are told by: no T and no Y.
std::string inputs_of_models(const Pipeline& pipeline) {
  const SequenceTable& table = pipeline.table();
  std::string text = support::output_text(pipeline, "models/vocab.json");
  for (std::uint32_t row = 0; row < table.rows(); ++row) {
    text += key_of(table, row) + ":";
    for (std::uint32_t i = table.begin[row]; i < table.begin[row] + table.count[row]; ++i) {
      text += " " + std::to_string(table.event_id[i]) + "," + std::to_string(table.item_id[i]) + "," + std::to_string(table.minutes(row, i));
    }
    for (std::size_t j = 0; j < table.covariate_names.size(); ++j) {
      text += " " + std::to_string(table.covariates[row * table.covariate_names.size() + j]);
    }
    text += "\n";
  }
  return text;
}

// With every time zero before an instant, whatever comes after it: the whole of the models' input stays, ids too.
TEST(CausalProfile, NothingAfterTheLastTimeZeroChangesAByteOfX) {
  constexpr std::int64_t kNow = 10'000 * kMinute;
  for (const char* kind : {"exposure", "landmark"}) {
    std::size_t rows = 0, changed = 0;
    for (std::uint32_t seed = 1; seed <= 60; ++seed) {
      Dice dice(seed);
      Plan plan = random_causal_plan(dice, R"({"train": 0.6, "validation": 0.2, "test": 0.2})");
      plan.index.kind = std::string_view(kind) == "exposure" ? IndexKind::kExposure : IndexKind::kLandmark;
      plan.index.minutes = 1;
      // Outcomes in the window decide who is eligible, so all purchases come after it. A session of later events alone
      // has no exposure; that it has no landmark, they all join the sessions that are there.
      const std::uint32_t minutes = plan.index.kind == IndexKind::kLandmark ? 19 : 300;
      Events before, later, other;
      for (std::uint32_t i = 0; i < 60; ++i) {
        before.push_back({"u" + std::to_string(i % 9), kNow - 10 * kMinute + dice.below(10) * kMinute, dice.chance(60) ? "impression" : "auction", "i" + std::to_string(dice.below(7))});
      }
      for (Events* events : {&later, &other}) {
        *events = before;
        for (std::uint32_t i = 0; i < 40; ++i) {
          const std::int64_t time = kNow + 1 + dice.below(minutes) * kMinute;
          const char* type = dice.chance(50) ? "click" : time > kNow + plan.window_us() ? "purchase" : "auction";
          events->push_back({"u" + std::to_string(dice.below(9)), time, type, "i" + std::to_string(dice.below(99))});
        }
      }
      const FinishedRun a(plan, later), b(plan, other);
      const std::string x = inputs_of_models(a.pipeline);
      ASSERT_EQ(x, inputs_of_models(b.pipeline)) << kind << ", seed " << seed;
      rows += a.pipeline.table().rows();
      changed += a.pipeline.table().treatment != b.pipeline.table().treatment || a.pipeline.table().outcome != b.pipeline.table().outcome;
    }
    EXPECT_GT(rows, 300u) << kind;
    EXPECT_GE(changed, 20u) << kind << ": the later events are no other";
  }
}

// Of the training part: ids, minutes, T and Y as the model gets them.
std::string training_part(const Pipeline& pipeline) {
  const SequenceTable& table = pipeline.table();
  std::string text = support::output_text(pipeline, "models/vocab.json");
  for (const std::uint32_t row : pipeline.split().rows[0]) {
    text += key_of(table, row) + " " + std::to_string(table.treatment[row]) + std::to_string(table.outcome[row]) + ":";
    for (std::uint32_t i = table.begin[row]; i < table.begin[row] + table.count[row]; ++i) {
      text += " " + std::to_string(table.event_id[i]) + "," + std::to_string(table.item_id[i]) + "," + std::to_string(table.minutes(row, i));
    }
    text += "\n";
  }
  return text;
}

TEST(CausalProfile, NothingOfOtherUsersChangesTheTrainingPart) {
  for (const char* kind : {"exposure", "landmark", "matched"}) {
    for (std::uint32_t seed = 1; seed <= 30; ++seed) {
      Dice dice(seed);
      Plan plan = random_causal_plan(dice, R"({"train": 0.5, "validation": 0.25, "test": 0.25, "folds": 3})");
      plan.index.kind = std::string_view(kind) == "exposure" ? IndexKind::kExposure
                        : std::string_view(kind) == "landmark" ? IndexKind::kLandmark : IndexKind::kMatched;
      const Events events = random_stream(dice, plan);
      const FinishedRun before(plan, events);
      std::int64_t last = INT64_MIN;
      for (const Event& event : events) last = std::max(last, event.time_us);
      SplitOptions split;
      split.train = 0.5;
      split.validation = 0.25;
      Events edited;
      for (Event event : events) {
        if (part_by_hash(event.user, split) != Part::kTrain && event.time_us != last) {
          if (dice.chance(30)) continue;
          if (dice.chance(30)) event.type = dice.pick(plan.events.types);
          if (dice.chance(30)) event.item = "item of others";
        }
        edited.push_back(event);
      }
      const FinishedRun after(plan, edited);
      ASSERT_EQ(training_part(before.pipeline), training_part(after.pipeline)) << kind << ", seed " << seed;
    }
  }
}

TEST(CausalProfile, HashSplitIsStableWhenTheDataGrow) {
  Dice dice(5);
  const Plan plan = support::plan_of(R"({"profile": "causal", "session": {"minEvents": 1}})");
  Events events = random_stream(dice, plan);
  const auto parts = [&](const Events& stream) {
    const FinishedRun run(plan, stream);
    std::map<std::string, std::size_t> part_of;
    for (std::size_t part = 0; part < kParts; ++part) {
      for (const std::uint32_t row : run.pipeline.split().rows[part]) {
        part_of[std::string(run.pipeline.table().users[run.pipeline.table().user[row]])] = part;
      }
    }
    return part_of;
  };
  const auto before = parts(events);
  for (int i = 0; i < 200; ++i) events.insert(events.begin(), {"new " + std::to_string(i), i * kMinute, "impression", "a"});
  const auto after = parts(events);
  for (const auto& [user, part] : before) EXPECT_EQ(after.at(user), part) << user;
  EXPECT_GT(after.size(), before.size() + 150);
}

// In X nothing is after time zero and nothing is a treatment or an outcome, whatever the stream.
TEST(CausalProfile, AdversarialStreams) {
  Events at_once, backwards, purchases_first, single;
  for (int i = 0; i < 40; ++i) {
    const std::string user = "u" + std::to_string(i % 4);
    const char* type = i % 5 == 0 ? "click" : i % 7 == 0 ? "purchase" : i % 2 == 0 ? "impression" : "auction";
    at_once.push_back({user, 7 * kMinute, type, "a"});
    backwards.push_back({user, (100 - i) * kMinute, type, "a"});
    purchases_first.push_back({user, i * kMinute, i < 12 ? "purchase" : type, "a"});
    single.push_back({"single " + std::to_string(i), i * kMinute, type, ""});
  }
  for (const Events& events : {at_once, backwards, purchases_first, single}) {
    for (const char* kind : {"exposure", "landmark", "matched"}) {
      const Plan plan = support::plan_of(std::string(R"({"profile": "causal", "session": {"minEvents": 1}, "index": {"kind": ")") + kind + "\"}}");
      const FinishedRun run(plan, events);
      const SequenceTable& table = run.pipeline.table();
      for (std::uint32_t row = 0; row < table.rows(); ++row) {
        for (std::uint32_t i = table.begin[row]; i < table.begin[row] + table.count[row]; ++i) {
          EXPECT_LE(table.time_us[i], table.time_zero_us[row]);
          const std::string& type = run.pipeline.vocabulary().types[table.event_id[i]];
          EXPECT_TRUE(type != "click" && type != "purchase") << kind;
        }
      }
    }
  }
}

}  // namespace
}  // namespace causal_sessions
