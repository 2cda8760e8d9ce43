// The covariates of random streams against a slow and plain telling of what each one is.
#include "trial/covariates.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "core/civil_time.h"
#include "property/streams.h"
#include "support/run.h"

namespace causal_sessions {
namespace {

using reference::Event;
using streams::Dice;
using Events = std::vector<Event>;

constexpr double kMinuteUs = 6e7, kDayUs = 24 * 60 * kMinuteUs, kTurn = 6.283185307179586;

// One row, and what its user has done by then; times as they are written in the input, in the plan's zone.
class RowByHand {
 public:
  RowByHand(const Run& run, const std::map<std::string, Events>& users, std::uint32_t row)
      : run_(run), plan_(run.plan), users_(users), table_(run.table), row_(row) {
    const std::int64_t zone = plan_.reading.time.zone_offset_us;
    time_zero_ = table_.time_zero_us[row] + zone;
    std::uint32_t session = 0, of_session = 0;
    std::int64_t last = INT64_MIN;
    for (const Event& event : users.at(std::string(table_.users[table_.user[row]]))) {
      if (last == INT64_MIN || event.time_us - last > plan_.session.max_gap.us) ++session;
      last = event.time_us;
      if (session < table_.number[row]) before_.push_back(event);
      // No X is cut here, so it is the whole history.
      if (session == table_.number[row] && of_session++ < table_.count[row]) history_.push_back(event);
    }
    for (const Event& event : history_) {
      if (is(event, plan_.trial.exposure)) shown_at_ = event.time_us;
    }
    for (const Event& event : history_) {
      if (is(event, plan_.trial.exposure) && event.time_us == shown_at_ && !event.item.empty()) items_.insert(event.item);
    }
  }

  [[nodiscard]] double told(const std::string& name) const {
    const std::string& exposure = plan_.trial.exposure;
    const std::string& treatment = plan_.trial.treatment;
    const std::string& outcome = plan_.trial.outcome;
    if (name == "span_minutes") return minutes(history_.front().time_us, history_.back().time_us);
    if (name == "distinct_items") return distinct_items();
    if (name == "minutes_since_last_event") return since_last_event();
    if (name == "exposures_5_minutes") return exposures_within(5);
    if (name == "exposures_60_minutes") return exposures_within(60);
    if (name == "items_shown") return static_cast<double>(items_.size());
    if (name == "shown_before") return had_item(exposure, shown_at_);
    if (name == "treated_before") return had_item(treatment, INT64_MAX);
    if (name == "popularity") return popularity();
    if (name == "earlier_sessions") return table_.number[row_] - 1;
    if (name == "earlier_exposures") return earlier(exposure);
    if (name == "earlier_treatments") return earlier(treatment);
    if (name == "earlier_outcomes") return earlier(outcome);
    if (name == "earlier_exposures_per_day") return earlier(exposure) / days();
    if (name == "earlier_treatments_per_day") return earlier(treatment) / days();
    if (name == "earlier_outcomes_per_day") return earlier(outcome) / days();
    if (name == "minutes_since_earlier_exposure") return since_earlier(exposure);
    if (name == "minutes_since_earlier_treatment") return since_earlier(treatment);
    if (name == "minutes_since_earlier_outcome") return since_earlier(outcome);
    if (name == "never_exposed") return earlier(exposure) == 0;
    if (name == "never_treated") return earlier(treatment) == 0;
    if (name == "never_outcome") return earlier(outcome) == 0;
    const double day = std::floor(static_cast<double>(time_zero_) / kDayUs);
    const double turn = kTurn * (static_cast<double>(time_zero_) / kDayUs - day);
    const double week = kTurn * std::fmod(day + 3, 7) / 7;
    if (name == "hour_sin") return std::sin(turn);
    if (name == "hour_cos") return std::cos(turn);
    if (name == "half_day_sin") return std::sin(2 * turn);
    if (name == "half_day_cos") return std::cos(2 * turn);
    if (name == "weekday_sin") return std::sin(week);
    if (name == "weekday_cos") return std::cos(week);
    if (name == "day") return day - first_day();
    if (name.starts_with("events_")) return count_of(history_, name.substr(7));
    ADD_FAILURE() << name << " is told nowhere";
    return NAN;
  }

 private:
  static double minutes(std::int64_t from, std::int64_t to) { return static_cast<double>(to - from) / kMinuteUs; }
  static bool is(const Event& event, const std::string& type) { return event.type == type; }
  static double count_of(const Events& events, const std::string& type) {
    return static_cast<double>(std::count_if(events.begin(), events.end(), [&](const Event& event) { return is(event, type); }));
  }
  [[nodiscard]] Events all() const {
    Events events = before_;
    events.insert(events.end(), history_.begin(), history_.end());
    return events;
  }

  [[nodiscard]] double distinct_items() const {
    std::set<std::string> items;
    for (const Event& event : history_) {
      if (!is(event, "auction") && !event.item.empty()) items.insert(event.item);
    }
    return static_cast<double>(items.size());
  }
  [[nodiscard]] double since_last_event() const {
    std::int64_t last = time_zero_;
    for (const Event& event : history_) {
      if (event.time_us < time_zero_) last = event.time_us;
    }
    return minutes(last, time_zero_);
  }
  [[nodiscard]] double exposures_within(double most) const {
    double count = 0;
    for (const Event& event : all()) count += is(event, plan_.trial.exposure) && minutes(event.time_us, time_zero_) < most;
    return count;
  }
  [[nodiscard]] double had_item(const std::string& type, std::int64_t before_us) const {
    for (const Event& event : all()) {
      if (is(event, type) && event.time_us < before_us && items_.contains(event.item)) return 1;
    }
    return 0;
  }
  [[nodiscard]] double popularity() const {
    double sum = 0;
    for (const auto& [user, events] : users_) {
      const auto [trains, until] = training(user);
      for (const Event& event : events) {
        if (trains && is(event, plan_.trial.exposure) && event.time_us < shown_at_ && event.time_us <= until)
          sum += items_.contains(event.item);
      }
    }
    return items_.empty() ? 0 : sum / static_cast<double>(items_.size());
  }
  [[nodiscard]] std::pair<bool, std::int64_t> training(const std::string& user) const {
    const SplitOptions& split = plan_.split;
    if (split.kind == SplitKind::kHash) return {part_by_hash(user, split) == Part::kTrain, INT64_MAX};
    bool trains = split.kind == SplitKind::kFolds;
    std::int64_t until = INT64_MIN;
    for (const std::uint32_t row : run_.rows_of(Part::kTrain)) {
      trains |= table_.users[table_.user[row]] == user;
      until = std::max(until, table_.time_zero_us[row] + plan_.reading.time.zone_offset_us);
    }
    return {trains, split.kind == SplitKind::kTime ? until : INT64_MAX};
  }
  [[nodiscard]] double earlier(const std::string& type) const { return count_of(before_, type); }
  [[nodiscard]] double days() const {
    const Events events = all();
    return std::max(1.0, static_cast<double>(history_.front().time_us - events.front().time_us) / kDayUs);
  }
  [[nodiscard]] double since_earlier(const std::string& type) const {
    double since = 0;
    for (const Event& event : before_) since = is(event, type) ? minutes(event.time_us, time_zero_) : since;
    return since;
  }
  [[nodiscard]] double first_day() const {
    double first = INFINITY;
    for (const auto& [user, events] : users_) first = std::min(first, static_cast<double>(events.front().time_us));
    return std::floor(first / kDayUs);
  }

  const Run& run_;
  const Plan& plan_;
  const std::map<std::string, Events>& users_;
  const SequenceTable& table_;
  std::uint32_t row_;
  std::int64_t time_zero_, shown_at_ = INT64_MIN;
  Events before_, history_;
  std::set<std::string> items_;  // shown at the exposure
};

// Each user's in order, equal ones once.
std::map<std::string, Events> by_user(const Events& events, const std::vector<std::string>& types) {
  std::map<std::string, Events> users;
  for (const Event& event : events) users[event.user].push_back(event);
  const auto rank = [&](const Event& event) { return std::find(types.begin(), types.end(), event.type) - types.begin(); };
  for (auto& [user, own] : users) {
    std::stable_sort(own.begin(), own.end(), [&](const Event& a, const Event& b) {
      return std::pair(a.time_us, rank(a)) < std::pair(b.time_us, rank(b));
    });
    std::set<std::tuple<std::int64_t, std::string, std::string>> seen;
    std::erase_if(own, [&](const Event& e) { return !seen.insert({e.time_us, e.type, e.item}).second; });
  }
  return users;
}

Plan plan_by_chance(Dice& dice) {
  static const char* const kSplits[] = {R"("hash")", R"("shuffle")", R"("folds")", R"("time")"};
  static const char* const kZones[] = {"UTC", "-03:30", "+14:00"};
  static const char* const kIndexes[] = {R"("kind": "exposure")", R"("kind": "exposure", "gracePeriod": "exclude")",
                                         R"("kind": "exposure", "windowEnds": "window")", R"("kind": "landmark", "minutes": 20)",
                                         R"("kind": "matched")"};
  return support::plan_of(std::string(R"({"profile": "causal", "time": {"zone": ")") + dice.pick(kZones) + R"("}, "index": {)" +
                          dice.pick(kIndexes) + (dice.chance(50) ? R"(, "washoutHours": 0)" : "") +
                          R"(}, "outcome": {"censored": "keep", "prior": ")" + (dice.chance(50) ? "ignore" : "exclude") +
                          R"("}, "session": {"minEvents": )" + std::to_string(1 + dice.below(2)) + R"(}, "split": {"kind": )" +
                          dice.pick(kSplits) + R"(, "train": 0.5, "validation": 0.25, "test": 0.25}})");
}

TEST(Covariates, AreWhatTheirNamesSay) {
  std::map<std::string, std::size_t> compared;
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    Dice dice(seed);
    const Plan plan = plan_by_chance(dice);
    streams::StreamOptions options;
    options.users = 1 + dice.below(8);
    options.events = 20 + dice.below(150);
    options.gap_us = dice.chance(70) ? plan.session.max_gap.us : 20'000'000;
    options.types = plan.reading.events.types;
    const Events events = streams::random_events(dice, options);
    const std::map<std::string, Events> users = by_user(events, options.types);
    causal_sessions::Run run(plan);
    ASSERT_TRUE(support::feed(run.reader(), {streams::csv_text(events)}).ok());
    const Status done = run_to_end(run);
    ASSERT_TRUE(done.ok()) << done.error().message;
    const SequenceTable& table = run.table;
    std::set<std::string> names(table.covariate_names.begin(), table.covariate_names.end());
    for (const auto& [name, value] : table.constant_covariates) names.insert(name);
    ASSERT_EQ(names.size(), 29 + options.types.size());
    for (std::uint32_t row = 0; row < table.rows(); ++row) {
      const RowByHand by_hand(run, users, row);
      const std::size_t columns = table.covariate_names.size();
      for (std::size_t j = 0; j < columns; ++j) {
        const std::string& name = table.covariate_names[j];
        ASSERT_NEAR(table.covariates[row * columns + j], by_hand.told(name), 1e-9)
            << name << ", seed " << seed << ", row " << row;
        ++compared[name];
      }
      for (const auto& [name, value] : table.constant_covariates)
        ASSERT_NEAR(value, by_hand.told(name), 1e-9) << name << ", seed " << seed << ", row " << row;
    }
  }
  EXPECT_EQ(compared.size(), 33u) << "one is the same in every row of every run";
  for (const auto& [name, count] : compared) EXPECT_GT(count, 40u) << name;
}

TEST(Covariates, TheClockIsThatOfThePlansZone) {
  const auto zone = TimeZone::load("Europe/Berlin");
  ASSERT_TRUE(zone);
  const LocalClock clock{0, zone};
  const std::int64_t spring = days_from_civil(2025, 3, 30) * 86'400'000'000;
  const std::int64_t hour = 3'600'000'000;
  EXPECT_EQ(clock.at(spring + hour - 1).day_us, 2 * hour - 1);
  EXPECT_EQ(clock.at(spring + hour).day_us, 3 * hour);
  EXPECT_EQ(clock.at(spring).weekday(), 6);
  EXPECT_EQ(clock.at(spring + 22 * hour).weekday(), 0) << "midnight comes an hour sooner in summer";
  EXPECT_EQ(LocalClock{-hour}.at(0).day, -1);
  EXPECT_EQ(LocalClock{-hour}.at(0).day_us, 23 * hour);
  EXPECT_EQ(LocalClock{hour}.at(INT64_MAX).day_us, LocalClock{}.at(INT64_MAX).day_us + hour);
}

TEST(Covariates, WhatIsTheSameInEveryRowHasNoColumn) {
  CovariateTable table{{"a", "b", "c"}, {1, 2, 3, 1, 5, 3, 1, 2, 3}, {}};
  table.leave_out_constants();
  EXPECT_EQ(table.names, std::vector<std::string>{"b"});
  EXPECT_EQ(table.values, (std::vector<double>{2, 5, 2}));
  EXPECT_EQ(table.left_out, (std::vector<std::pair<std::string, double>>{{"a", 1}, {"c", 3}}));
  CovariateTable one{{"a"}, {1}, {}};
  one.leave_out_constants();
  EXPECT_EQ(one.names.size(), 1u) << "one row tells nothing of others";
}

// Each with a name, a unit and a meaning of its own.
TEST(Covariates, AreDescribedOneByOne) {
  const OrderedEvents events;
  const TrialSetup setup;
  std::set<std::string_view> meanings, groups;
  for (const bool timed : {true, false}) {
    TrialTable table;
    table.with_time_zero = timed;
    const std::vector<std::string> names = Covariates({events, setup, {}, {}}, table).names();
    for (const std::string& name : names) {
      const CovariateTraits& traits = covariate_traits(name);
      EXPECT_EQ(traits.name, name);
      EXPECT_FALSE(traits.unit.empty() || traits.meaning.empty()) << name;
      meanings.insert(traits.meaning);
      groups.insert(kCovariateGroupNames[static_cast<std::size_t>(traits.group)]);
    }
    EXPECT_GE(meanings.size(), names.size()) << "two are described alike";
  }
  groups.insert(kCovariateGroupNames[static_cast<std::size_t>(covariate_traits("column_price").group)]);
  EXPECT_EQ(groups.size(), kCovariateGroups.size());
  EXPECT_EQ(covariate_traits("events_click").unit, "events");
}

}  // namespace
}  // namespace causal_sessions
