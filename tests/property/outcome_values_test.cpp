// What outcomes are worth, on random streams, against the sum written out: for all rules by which rows are made.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "property/streams.h"
#include "support/run.h"

namespace causal_sessions::outcome_values {
namespace {

using streams::Dice;

constexpr std::int64_t kMinute = 60'000'000;

struct Event {
  std::string user, type, item;
  std::int64_t time_us = 0, known_us = 0;

  // Equal events are worth the same, as one of them is left out as a duplicate.
  [[nodiscard]] std::optional<double> value() const {
    const std::size_t sum = static_cast<std::size_t>(time_us / kMinute) + item.size() + user.size() * 3 +
                            static_cast<std::size_t>(item.empty() ? 0 : item.back());
    if (sum % 5 == 0) return std::nullopt;
    return static_cast<double>(sum % 13) - 2.5;
  }
};
using Events = std::vector<Event>;

Events random_events(Dice& dice) {
  static const char* const kTypes[] = {"impression", "impression", "impression", "auction", "click", "purchase", "purchase"};
  Events events = {{"first", "auction", "", 1'757'000'000'000'000, 1'757'000'000'000'000}};
  const std::uint32_t users = 1 + dice.below(6), count = 20 + dice.below(200);
  for (std::uint32_t i = 0; i < count; ++i) {
    Event event;
    event.user = "u" + std::to_string(dice.below(users));
    event.time_us = events[0].time_us + static_cast<std::int64_t>(1 + dice.below(600)) * kMinute;
    event.known_us = event.time_us + (dice.chance(60) ? 0 : static_cast<std::int64_t>(dice.below(100)) * kMinute);
    event.type = dice.pick(kTypes);
    event.item = dice.chance(10) ? "" : "i" + std::to_string(dice.below(4));
    events.push_back(event);
  }
  return events;
}

std::string text_of(const Events& events) {
  std::string text = "user,time,type,item,known,price\n";
  for (const Event& event : events) {
    const std::optional<double> value = event.value();
    text += event.user + "," + std::to_string(event.time_us) + "," + event.type + "," + event.item + "," +
            std::to_string(event.known_us) + "," + (value ? std::to_string(*value) : "") + "\n";
  }
  return text;
}

Plan random_plan(Dice& dice) {
  static const char* const kIndex[] = {R"("index": {"gracePeriod": "exclude", )",
                                       R"("index": {"gracePeriod": "align", )",
                                       R"("treatment": {"comparator": "auction"}, "index": {"gracePeriod": "align", )",
                                       R"("treatment": {"otherTypes": ["auction"]}, "index": {"gracePeriod": "exclude", )",
                                       R"("index": {"kind": "landmark", "minutes": 30, )",
                                       R"("index": {"kind": "matched", )"};
  const std::uint32_t index = dice.below(std::size(kIndex));
  const bool late = index != 1 && index != 2 && dice.chance(40);
  Plan plan = support::plan_of(std::string(R"({"profile": "causal", "time": {"unit": "us"}, )") + kIndex[index] +
                               R"("washoutHours": 0, "windowMinutes": 20, "horizonHours": )" + (dice.chance(50) ? "1" : "3") +
                               R"(}, "outcome": {"censored": "keep", "prior": "ignore", "value": "price", "valueCap": )" +
                               (dice.chance(50) ? "null" : "6.5") + R"(, "from": ")" + (late ? "windowEnd" : "timeZero") +
                               R"(", "scope": ")" + (dice.chance(50) ? "user" : "session") + R"("}, "session": {"gapHours": )" +
                               (dice.chance(50) ? "0.5" : "1") +
                               R"(}, "split": {"kind": "hash", "train": 1, "validation": 0, "test": 0}})");
  if (dice.chance(40)) plan.reading.columns.known_at.name = "known";
  return plan;
}

struct Written {
  double sum = 0;
  bool outcome = false, lacks = false, capped = false;
};

Written written_out(const Plan& plan, Events events, const std::string& user, std::int64_t t0, std::int64_t session_start) {
  const TrialOptions& trial = plan.trial;
  std::erase_if(events, [&](const Event& event) { return event.user != user; });
  std::sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
    return std::tie(a.time_us, a.type, a.item) < std::tie(b.time_us, b.type, b.item);
  });
  const auto same = [](const Event& a, const Event& b) {
    return std::tie(a.time_us, a.type, a.item) == std::tie(b.time_us, b.type, b.item);
  };
  events.erase(std::unique(events.begin(), events.end(), same), events.end());
  std::int64_t session_end = session_start;
  for (const Event& event : events) {
    if (event.time_us > session_end && event.time_us - session_end <= plan.session.max_gap.us) session_end = event.time_us;
  }
  const bool late = trial.from == OutcomeFrom::kWindowEnd;
  const std::int64_t from = late ? t0 + trial.window.us : t0, until = from + trial.horizon.us;
  Written out;
  for (const Event& event : events) {
    // A purchase at the instant of an exposure stands behind it.
    const bool behind = event.time_us > from || (event.time_us == from && !late && trial.kind == IndexKind::kExposure);
    if (event.type != trial.outcome || !behind || event.time_us > until) continue;
    if (trial.scope == OutcomeScope::kSession && event.time_us > session_end) continue;
    out.outcome = true;
    out.lacks = out.lacks || !event.value();
    out.sum += event.value().value_or(0);
  }
  out.capped = trial.value_cap && out.sum > *trial.value_cap;
  if (out.capped) out.sum = *trial.value_cap;
  return out;
}

TEST(OutcomeValues, AreTheSumsOfTheOutcomesThatMakeY) {
  std::map<IndexKind, std::size_t> with_value;
  std::size_t told = 0, capped = 0;
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    Dice dice(seed);
    const Plan plan = random_plan(dice);
    const Events events = random_events(dice);
    const support::Ran ran(plan, {{text_of(events)}}, dice.chance(50) ? WithAudit::kYes : WithAudit::kNo);
    ASSERT_EQ(ran.message(), "") << "seed " << seed;
    const SequenceTable& table = ran.made.table;
    ASSERT_EQ(table.outcome_value.size(), table.rows());
    std::size_t lacking = 0, cut = 0;
    for (std::uint32_t row = 0; row < table.rows(); ++row) {
      // The session's first event is what its history begins with, whenever that became known.
      const Written expected = written_out(plan, events, std::string(table.users[table.user[row]]), table.time_zero_us[row],
                                           table.time_us[table.history[row]]);
      ASSERT_EQ(table.outcome[row], expected.outcome) << "seed " << seed << " row " << row;
      ASSERT_DOUBLE_EQ(table.outcome_value[row], expected.sum) << "seed " << seed << " row " << row;
      lacking += expected.lacks;
      cut += expected.capped;
      with_value[plan.trial.kind] += expected.sum != 0;
      told += ran.made.plan.reading.columns.known_at.is_set() && expected.sum != 0;
    }
    EXPECT_EQ(table.values_capped, cut) << "seed " << seed;
    EXPECT_EQ(ran.notice("outcomeValuesCapped") != "", cut != 0) << "seed " << seed;
    EXPECT_EQ(ran.notice("outcomeValuesMissing") != "", lacking != 0) << "seed " << seed;
    capped += cut;
  }
  for (const IndexKind kind : {IndexKind::kExposure, IndexKind::kLandmark, IndexKind::kMatched})
    EXPECT_GT(with_value[kind], 20u) << static_cast<int>(kind);
  EXPECT_GT(told, 200u);
  EXPECT_GT(capped, 100u);
}

}  // namespace
}  // namespace causal_sessions::outcome_values
