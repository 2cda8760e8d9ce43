// The profile "causal" on random streams: against a slow and obvious second implementation of its rules, and under
// edits of what must not matter.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "core/random.h"
#include "property/streams.h"
#include "support/run.h"

namespace causal_sessions {
namespace {

using reference::Event;
using streams::Dice;
using Events = std::vector<Event>;

constexpr std::int64_t kMinute = 60'000'000;

// With two columns more, a number and a text, which each event's own fields decide; either may be blank.
std::string text_with_columns(const Events& events) {
  std::string text;
  for (const Event& event : events) {
    const std::string row = streams::json_lines_text({event});
    const std::uint64_t hash = text_key(row);
    text.append(row, 0, row.rfind('}'));
    text += ", \"price\": " + (hash % 4 == 0 ? "null" : std::to_string(hash % 97));
    text += ", \"device\": \"" + (hash % 3 == 0 ? "" : "d" + std::to_string(hash % 5)) + "\"}\n";
  }
  return text;
}

// A finished run.
struct FinishedRun {
  explicit FinishedRun(const Plan& plan, const Events& events) : made(plan) {
    const bool columns = !plan.reading.values.covariates.empty();
    const Status read = support::feed(made.reader(), {columns ? text_with_columns(events) : streams::csv_text(events)});
    EXPECT_TRUE(read.ok()) << read.error().message;
    const Status done = run_to_end(made);
    EXPECT_TRUE(done.ok()) << done.error().message;
  }
  Run made;
};

std::string decoded(const Run& made, std::uint32_t row) {
  const SequenceTable& table = made.table;
  std::string text;
  for (std::uint32_t i = table.begin[row]; i < table.begin[row] + table.count[row]; ++i) {
    text += made.vocabulary.types[table.event_id[i]] + "/" + std::string(made.vocabulary.text(table.item_id[i])) + "/" +
            std::to_string(table.time_us[i]) + " ";
  }
  return text;
}

std::string key_of(const SequenceTable& table, std::uint32_t row) {
  return std::string(table.users[table.user[row]]) + "_" + std::to_string(table.number[row]) + "@" +
         std::to_string(table.time_zero_us[row]);
}

// Row -> X in words, T and Y.
std::map<std::string, std::string> rows_of(const Run& made) {
  std::map<std::string, std::string> rows;
  const SequenceTable& table = made.table;
  for (std::uint32_t row = 0; row < table.rows(); ++row) {
    rows[key_of(table, row)] = decoded(made, row) + "T" + std::to_string(table.treatment[row]) + " Y" +
                               std::to_string(table.outcome[row]) + (table.censored[row] ? " censored" : "");
  }
  return rows;
}

// What the rules say, from the events of each user as they are written in the design; the draws by the hash that
// trial/trials.h names. Exposures only.
class WrittenOut {
 public:
  WrittenOut(const Plan& plan, const Events& input) : plan_(plan) {
    for (const Event& event : input) {
      users_[event.user].push_back(event);
      end_us_ = std::max(end_us_, event.time_us);
    }
    for (auto& [user, events] : users_) order(events);
  }

  std::map<std::string, std::string> rows() {
    if (plan_.trial.grace == GracePeriod::kAlign) {
      for (const auto& [user, events] : users_) each_exposure(user, events, [&](const Trial& trial) { learn(trial); });
      std::sort(delays_.begin(), delays_.end());
    }
    for (const auto& [user, events] : users_) each_exposure(user, events, [&](const Trial& trial) { add(trial); });
    return rows_;
  }

 private:
  struct Trial {
    const std::string& user;
    const Events& events;
    const std::vector<int>& session;
    std::size_t at;                                           // the first exposure of its instant
    std::size_t treatment, any_treatment, outcome, exposure;  // behind it; SIZE_MAX: none; `treatment` is in the window
    bool eligible;
  };
  static constexpr std::size_t kNone = SIZE_MAX;

  void order(Events& events) const {
    const auto type_of = [&](const Event& event) {
      return std::find(plan_.reading.events.types.begin(), plan_.reading.events.types.end(), event.type) -
             plan_.reading.events.types.begin();
    };
    std::stable_sort(events.begin(), events.end(), [&](const Event& a, const Event& b) {
      return std::pair(a.time_us, type_of(a)) < std::pair(b.time_us, type_of(b));
    });
    std::set<std::tuple<std::int64_t, std::string, std::string>> seen;
    std::erase_if(events, [&](const Event& e) { return !seen.insert({e.time_us, e.type, e.item}).second; });
  }

  template <class Visit>
  void each_exposure(const std::string& user, const Events& events, Visit visit) const {
    std::vector<int> session(events.size(), 1);
    for (std::size_t i = 1; i < events.size(); ++i)
      session[i] = session[i - 1] + (events[i].time_us - events[i - 1].time_us > plan_.session.max_gap.us);
    std::set<std::int64_t> instants;
    for (std::size_t at = 0; at < events.size(); ++at) {
      if (events[at].type != plan_.trial.exposure || !instants.insert(events[at].time_us).second) continue;
      Trial trial{user, events, session, at, kNone, kNone, kNone, kNone, true};
      const std::int64_t t0 = events[at].time_us;
      for (std::size_t i = 0; i < events.size(); ++i) {
        const bool treatment = events[i].type == plan_.trial.treatment, outcome = events[i].type == plan_.trial.outcome;
        if (i < at) {
          if (session[i] == session[at] && (treatment || outcome)) trial.eligible = false;
          if (treatment && plan_.trial.washout.given != 0 && t0 - events[i].time_us <= plan_.trial.washout.us)
            trial.eligible = false;
        } else if (i > at) {
          if (treatment) trial.any_treatment = std::min(trial.any_treatment, i);
          if (outcome) trial.outcome = std::min(trial.outcome, i);
          if (events[i].type == plan_.trial.exposure && events[i].time_us > t0) trial.exposure = std::min(trial.exposure, i);
        }
      }
      const bool one = plan_.trial.window_ends == WindowEnds::kNextExposure;
      if (trial.any_treatment != kNone && events[trial.any_treatment].time_us <= t0 + plan_.trial.window.us &&
          (!one || trial.any_treatment < trial.exposure)) {
        trial.treatment = trial.any_treatment;
      }
      visit(trial);
    }
  }

  // Of the session, up to a position and a time.
  static std::vector<const Event*> history(const Trial& trial, std::size_t before, std::int64_t until_us) {
    std::vector<const Event*> x;
    for (std::size_t i = 0; i < std::min(before, trial.events.size()); ++i) {
      if (trial.session[i] == trial.session[trial.at] && trial.events[i].time_us <= until_us) x.push_back(&trial.events[i]);
    }
    return x;
  }
  static std::int64_t since(const Trial& trial, std::size_t i) {
    return trial.events[i].time_us - trial.events[trial.at].time_us;
  }

  std::int64_t free_us(const Trial& trial) const {
    std::int64_t free = plan_.trial.window.us;
    for (const std::size_t i : {trial.any_treatment, trial.outcome}) {
      if (i != kNone) free = std::min(free, since(trial, i) - 1);
    }
    // A treatment in the instant of the next exposure would be that one's.
    if (trial.exposure != kNone) free = std::min(free, since(trial, trial.exposure) - 2);
    return std::max<std::int64_t>(free, 0);
  }
  static std::int64_t delay_us(const Trial& trial) { return std::max<std::int64_t>(since(trial, trial.treatment) - 1, 0); }
  static bool comes_first(const Trial& trial) { return trial.treatment != kNone && trial.outcome > trial.treatment; }
  static std::size_t first_mark(const Trial& trial) { return std::min(trial.any_treatment, trial.outcome); }

  void learn(const Trial& trial) {
    if (!trial.eligible) return;
    if (comes_first(trial)) delays_.push_back(delay_us(trial));
    else free_us_.push_back(free_us(trial));
  }

  // Kaplan and Meier's share not treated by then, one delay after the other.
  double untreated(std::int64_t by_us) const {
    double share = 1;
    for (const std::int64_t delay : std::set<std::int64_t>(delays_.begin(), delays_.end())) {
      if (delay > by_us) break;
      const auto not_before = [&](std::int64_t us) { return us >= delay; };
      const auto at_risk =
          std::count_if(delays_.begin(), delays_.end(), not_before) + std::count_if(free_us_.begin(), free_us_.end(), not_before);
      const double stay =
          1 - static_cast<double>(std::count(delays_.begin(), delays_.end(), delay)) / static_cast<double>(at_risk);
      if (stay > 0) share *= stay;
    }
    return share;
  }

  // The delay, and whether a row that is free for so long stays.
  std::pair<std::int64_t, bool> drawn(const Trial& trial) const {
    std::vector<double> sums;
    double sum = 0;
    for (const std::int64_t delay : delays_) {
      double free = 0;
      std::vector<std::int64_t> longest_first = free_us_;
      std::sort(longest_first.rbegin(), longest_first.rend());
      for (const std::int64_t us : longest_first) free += us >= delay ? 1 / untreated(us) : 0;
      sums.push_back(sum += free == 0 ? 0 : 1 / free);
    }
    const auto session = static_cast<std::uint64_t>(trial.session[trial.at]),
               t0 = static_cast<std::uint64_t>(trial.events[trial.at].time_us);
    Xoshiro256 random(StreamKey{plan_.trial.seed}.child(text_key(trial.user)).child(session).child(t0));
    const double level = random.uniform() * sum;
    std::int64_t delay = sum == 0 ? 0 : delays_.back();
    for (std::size_t i = sums.size(); i-- > 0 && sum != 0;) {
      if (sums[i] > level) delay = delays_[i];
    }
    const bool stays = delays_.empty() || random.uniform() < untreated(INT64_MAX) / untreated(free_us(trial));
    return {delay, stays};
  }

  void add(const Trial& trial) {
    const std::int64_t exposure = trial.events[trial.at].time_us;
    std::int64_t t0 = exposure;
    std::size_t before = first_mark(trial);  // X ends before what follows the exposure
    if (plan_.trial.grace == GracePeriod::kAlign) {
      if (comes_first(trial)) {
        t0 += delay_us(trial);
        before = trial.treatment;
      } else {
        const auto [delay, stays] = drawn(trial);
        if (delay > free_us(trial) || !stays) return;
        t0 += delay;
      }
    } else if (trial.treatment != kNone && trial.outcome < trial.treatment) {
      return;
    }
    const std::vector<const Event*> x = history(trial, before, t0);
    const bool censored = std::max(exposure + plan_.trial.window.us, t0 + plan_.trial.horizon.us) > end_us_;
    if (!trial.eligible || x.size() < plan_.session.min_events || (censored && plan_.trial.censored == Censored::kDrop)) return;
    const bool outcome = trial.outcome != kNone && trial.events[trial.outcome].time_us <= t0 + plan_.trial.horizon.us;
    std::string text;
    for (std::size_t i = x.size() > plan_.sequence.max_events ? x.size() - plan_.sequence.max_events : 0; i < x.size(); ++i) {
      const std::string item = x[i]->type == "auction" ? "[AUCTION]" : x[i]->item.empty() ? "[UNK]" : x[i]->item;
      text += x[i]->type + "/" + item + "/" + std::to_string(x[i]->time_us) + " ";
    }
    rows_[trial.user + "_" + std::to_string(trial.session[trial.at]) + "@" + std::to_string(t0)] =
        text + "T" + std::to_string(plan_.trial.grace == GracePeriod::kAlign ? comes_first(trial) : trial.treatment != kNone) +
        " Y" + std::to_string(outcome) + (censored ? " censored" : "");
  }

  const Plan& plan_;
  std::map<std::string, Events> users_;
  std::int64_t end_us_ = INT64_MIN;
  std::vector<std::int64_t> delays_, free_us_;
  std::map<std::string, std::string> rows_;
};

Events random_stream(Dice& dice, const Plan& plan) {
  streams::StreamOptions options;
  options.users = 1 + dice.below(12);
  options.events = 20 + dice.below(300);
  options.gap_us = dice.chance(50) ? plan.session.max_gap.us : plan.trial.window.us;
  options.types = plan.reading.events.types;
  return streams::random_events(dice, options);
}

enum class Rules { kAll, kExclude };

Plan random_causal_plan(Dice& dice, const char* split, Rules rules = Rules::kAll) {
  static const char* const kWindows[] = {"5", "0.5", "60"};
  static const char* const kHorizons[] = {"24", "1", "100"};
  static const char* const kRules[] = {R"("gracePeriod": "align")", R"("gracePeriod": "exclude")", R"("windowEnds": "window")"};
  return support::plan_of(std::string(R"({"profile": "causal", "index": {"windowMinutes": )") + dice.pick(kWindows) +
                          R"(, "horizonHours": )" + dice.pick(kHorizons) + ", " +
                          kRules[dice.below(rules == Rules::kAll ? 3 : 2) + (rules == Rules::kAll ? 0 : 1)] +
                          (dice.chance(50) ? "" : R"(, "washoutHours": 0)") + R"(}, "outcome": {"censored": ")" +
                          (dice.chance(70) ? "keep" : "drop") + R"("}, "session": {"minEvents": )" +
                          std::to_string(1 + dice.below(3)) + R"(}, "sequence": {"maxEvents": )" +
                          std::to_string(dice.chance(50) ? 500 : 1 + dice.below(5)) + R"(}, "split": )" + split + "}");
}

constexpr const char* kAllTrainHash = R"({"train": 1, "validation": 0, "test": 0})";

TEST(CausalProfile, AgreesWithItsRulesWrittenOut) {
  std::size_t rows[2] = {};
  for (std::uint32_t seed = 1; seed <= 500; ++seed) {
    Dice dice(seed);
    const Plan plan = random_causal_plan(dice, kAllTrainHash);
    const Events events = random_stream(dice, plan);
    const FinishedRun run(plan, events);
    const auto expected = WrittenOut(plan, events).rows();
    ASSERT_EQ(rows_of(run.made), expected) << "seed " << seed;
    rows[plan.trial.grace == GracePeriod::kAlign] += expected.size();
  }
  EXPECT_GT(rows[0], 500u);
  EXPECT_GT(rows[1], 200u);
}

// All of them by name, those without a column too, to the last digit.
std::string covariates_of(const SequenceTable& table, std::uint32_t row) {
  std::map<std::string, double> values(table.constant_covariates.begin(), table.constant_covariates.end());
  for (std::size_t j = 0; j < table.covariate_names.size(); ++j)
    values[table.covariate_names[j]] = table.covariates[row * table.covariate_names.size() + j];
  std::ostringstream text;
  text.precision(17);
  for (const auto& [name, value] : values) text << name << " " << value << ", ";
  return std::move(text).str();
}

// X, the rest of it that time zero has seen and the covariates, of rows up to an instant.
std::map<std::string, std::string> x_until(const Run& made, const std::string& user, std::int64_t until_us) {
  std::map<std::string, std::string> rows;
  const SequenceTable& table = made.table;
  for (std::uint32_t row = 0; row < table.rows(); ++row) {
    if (table.users[table.user[row]] != user || table.time_zero_us[row] > until_us) continue;
    rows[key_of(table, row)] = decoded(made, row) + covariates_of(table, row);
  }
  return rows;
}

// Drops, changes and adds events of a user after an instant.
Events edited_after(Dice& dice, const Events& events, const Plan& plan, const std::string& user, std::int64_t after_us) {
  Events edited;
  for (Event event : events) {
    if (event.user == user && event.time_us > after_us) {
      if (dice.chance(40)) continue;
      if (dice.chance(40)) event.type = dice.pick(plan.reading.events.types);
      if (dice.chance(40)) event.time_us = after_us + 1 + dice.below(1000) * kMinute;
    }
    edited.push_back(event);
  }
  for (int i = 0; i < 5; ++i) {
    edited.push_back({user, after_us + 1 + dice.below(100) * kMinute, dice.pick(plan.reading.events.types), "item of later"});
  }
  return edited;
}

TEST(CausalProfile, NothingAfterTimeZeroChangesXOrACovariate) {
  std::size_t compared = 0;
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    Dice dice(seed);
    // Where time zero is aligned, what others do moves it too.
    Plan plan = random_causal_plan(dice, dice.chance(50) ? kAllTrainHash : "{}", Rules::kExclude);
    if (seed % 2 == 0) plan.trial.kind = IndexKind::kLandmark;
    // Of a text other rows say whether it is a category, of a number nothing else.
    plan.reading.values.covariates = {"price"};
    const Events events = random_stream(dice, plan);
    const FinishedRun before(plan, events);
    const SequenceTable& table = before.made.table;
    if (table.rows() == 0) continue;
    const std::uint32_t row = dice.below(table.rows());
    const std::string user(table.users[table.user[row]]);
    const std::int64_t t0 = table.time_zero_us[row];
    const auto expected = x_until(before.made, user, t0);
    const FinishedRun after(plan, edited_after(dice, events, plan, user, t0));
    for (const auto& [key, x] : x_until(after.made, user, t0)) {
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
std::string inputs_of_models(const Run& made) {
  const SequenceTable& table = made.table;
  std::string text = support::output_text(made, "models/vocab.json");
  for (std::uint32_t row = 0; row < table.rows(); ++row) {
    text += key_of(table, row) + ":";
    for (std::uint32_t i = table.begin[row]; i < table.begin[row] + table.count[row]; ++i) {
      text += " " + std::to_string(table.event_id[i]) + "," + std::to_string(table.item_id[i]) + "," +
              std::to_string(table.minutes(row, i));
    }
    text += covariates_of(table, row) + "\n";
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
      Plan plan = random_causal_plan(dice, R"({"train": 0.6, "validation": 0.2, "test": 0.2})", Rules::kExclude);
      plan.trial.censored = Censored::kKeep;
      plan.trial.kind = std::string_view(kind) == "exposure" ? IndexKind::kExposure : IndexKind::kLandmark;
      plan.trial.landmark = causal_sessions::minutes(1);
      plan.reading.values.covariates = {"price", "device"};
      plan.covariates.min_count = 3;
      // Outcomes in the window decide who is eligible, so all purchases come after it. A session of later events alone
      // has no exposure; that it has no landmark, they all join the sessions that are there.
      const std::uint32_t minutes = plan.trial.kind == IndexKind::kLandmark ? 19 : 300;
      Events before, later, other;
      for (std::uint32_t i = 0; i < 60; ++i) {
        before.push_back({"u" + std::to_string(i % 9), kNow - 10 * kMinute + dice.below(10) * kMinute,
                          dice.chance(60) ? "impression" : "auction", "i" + std::to_string(dice.below(7))});
      }
      for (Events* events : {&later, &other}) {
        *events = before;
        for (std::uint32_t i = 0; i < 40; ++i) {
          const std::int64_t time = kNow + 1 + dice.below(minutes) * kMinute;
          const char* type = dice.chance(50) ? "click" : time > kNow + plan.trial.window.us ? "purchase" : "auction";
          events->push_back({"u" + std::to_string(dice.below(9)), time, type, "i" + std::to_string(dice.below(99))});
        }
      }
      const FinishedRun a(plan, later), b(plan, other);
      const std::string x = inputs_of_models(a.made);
      ASSERT_EQ(x, inputs_of_models(b.made)) << kind << ", seed " << seed;
      rows += a.made.table.rows();
      changed += a.made.table.treatment != b.made.table.treatment || a.made.table.outcome != b.made.table.outcome;
    }
    EXPECT_GT(rows, 300u) << kind;
    EXPECT_GE(changed, 20u) << kind << ": the later events are no other";
  }
}

// Of the training part: ids, minutes, T and Y as the model gets them.
std::string training_part(const Run& made) {
  const SequenceTable& table = made.table;
  std::string text = support::output_text(made, "models/vocab.json");
  for (const std::uint32_t row : made.split.rows[0]) {
    text += key_of(table, row) + " " + std::to_string(table.treatment[row]) + std::to_string(table.outcome[row]) + ":";
    for (std::uint32_t i = table.begin[row]; i < table.begin[row] + table.count[row]; ++i) {
      text += " " + std::to_string(table.event_id[i]) + "," + std::to_string(table.item_id[i]) + "," +
              std::to_string(table.minutes(row, i));
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
      plan.trial.kind = std::string_view(kind) == "exposure"   ? IndexKind::kExposure
                        : std::string_view(kind) == "landmark" ? IndexKind::kLandmark
                                                               : IndexKind::kMatched;
      if (plan.trial.kind != IndexKind::kExposure) plan.trial.grace = GracePeriod::kExclude;
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
          if (dice.chance(30)) event.type = dice.pick(plan.reading.events.types);
          if (dice.chance(30)) event.item = "item of others";
        }
        edited.push_back(event);
      }
      const FinishedRun after(plan, edited);
      ASSERT_EQ(training_part(before.made), training_part(after.made)) << kind << ", seed " << seed;
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
      for (const std::uint32_t row : run.made.split.rows[part]) {
        part_of[std::string(run.made.table.users[run.made.table.user[row]])] = part;
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
      const Plan plan = support::plan_of(
          std::string(R"({"profile": "causal", "session": {"minEvents": 1}, "index": {"kind": ")") + kind + "\"}}");
      const FinishedRun run(plan, events);
      const SequenceTable& table = run.made.table;
      for (std::uint32_t row = 0; row < table.rows(); ++row) {
        for (std::uint32_t i = table.begin[row]; i < table.begin[row] + table.count[row]; ++i) {
          EXPECT_LE(table.time_us[i], table.time_zero_us[row]);
          const std::string& type = run.made.vocabulary.types[table.event_id[i]];
          EXPECT_TRUE(type != "click" && type != "purchase") << kind;
        }
      }
    }
  }
}

}  // namespace
}  // namespace causal_sessions
