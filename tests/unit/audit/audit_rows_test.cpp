#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "audit/statistics.h"
#include "trial/covariates.h"
#include "unit/audit/brute_force.h"

namespace causal_sessions {
namespace {

using namespace brute;

constexpr const char* kPlans[] = {
    R"({})",
    R"({"outcome": {"prior": "ignore"}, "session": {"gapHours": 0.5}, "sequence": {"maxEvents": 5}})",
    R"({"outcome": {"prior": "exclude"}, "session": {"minEvents": 3, "maxHours": 2}, "sequence": {"keep": "last", "maxEvents": 4}})",
    R"({"profile": "causal"})",
    R"({"profile": "causal", "index": {"sameItem": true, "windowMinutes": 20, "horizonHours": 0.4}, "sequence": {"maxEvents": 3}})",
    R"({"profile": "causal", "index": {"kind": "landmark", "minutes": 4}, "outcome": {"prior": "ignore"}, "sequence": {"keep": "first", "maxEvents": 2}})",
    R"({"profile": "causal", "index": {"kind": "landmark"}, "outcome": {"from": "windowEnd"}, "split": {"kind": "time"}})",
    R"({"profile": "causal", "index": {"kind": "matched"}, "vocabulary": {"minCount": 3}})",
    R"({"index": {"kind": "exposure"}, "session": {"gapHours": 0.5}, "vocabulary": {"minCount": 2, "fitOn": "train"}})"};

template <class Check>
void for_every_run(Check check) {
  for (const char* plan : kPlans) {
    for (std::uint32_t seed = 1; seed <= 6; ++seed) {
      SCOPED_TRACE(std::string(plan) + " seed " + std::to_string(seed));
      check(run(plan, random_events(seed, seed % 2 == 0 ? 4 : 25, 300)));
    }
  }
}

// Rows by T and Y with something, as the audit writes them.
template <class Has>
json cells(const Audited& run, Has has) {
  std::uint64_t with[2][2] = {}, all[2][2] = {};
  for (const Row& row : run.rows) {
    ++all[row.treated][row.outcome];
    with[row.treated][row.outcome] += has(row);
  }
  const auto part = [](std::uint64_t of, std::uint64_t whole) {
    return json{{"rows", of}, {"share", whole == 0 ? json() : json(static_cast<double>(of) / static_cast<double>(whole))}};
  };
  const auto sum = [](const std::uint64_t (&arm)[2]) { return arm[0] + arm[1]; };
  json out = part(sum(with[0]) + sum(with[1]), sum(all[0]) + sum(all[1]));
  out["control"] = part(sum(with[0]), sum(all[0]));
  out["treated"] = part(sum(with[1]), sum(all[1]));
  out["controlNoOutcome"] = part(with[0][0], all[0][0]);
  out["controlOutcome"] = part(with[0][1], all[0][1]);
  out["treatedNoOutcome"] = part(with[1][0], all[1][0]);
  out["treatedOutcome"] = part(with[1][1], all[1][1]);
  return out;
}

TEST(AuditLeakage, TokensAreThoseInX) {
  for_every_run([](const Audited& run) {
    const json& leakage = run.audit["leakage"];
    const bool timed = run.plan.trial.kind != IndexKind::kSession;
    const bool counts_all = run.plan.trial.prior == PriorOutcome::kCount;
    EXPECT_EQ(leakage["outcomeInHistory"], cells(run, [](const Row& row) { return holds(row.x, kPurchase); }));
    EXPECT_EQ(leakage["treatmentInHistory"], cells(run, [](const Row& row) { return holds(row.x, kClick); }));
    EXPECT_EQ(leakage["padding"]["rows"], cells(run, [](const Row& row) { return row.padding != 0; }));
    EXPECT_EQ(leakage["treatmentInX"], cells(run, [&](const Row& row) { return !timed && holds(row.x, kClick); }));
    EXPECT_EQ(leakage["outcomeInX"],
              cells(run, [&](const Row& row) { return !timed && holds(row.x, kPurchase) && (counts_all || !row.treated); }));
    if (!timed) return;
    for (const Row& row : run.rows) {
      for (const Token& token : row.x) EXPECT_LE(token.time_us, row.t0_us);
    }
  });
}

TEST(AuditLeakage, AreasUnderTheCurveAreThoseOfAllPairs) {
  for_every_run([](const Audited& run) {
    const json& found = run.audit["leakage"]["aucOfTreatment"];
    const std::vector<bool> treated = arms(run.rows);
    EXPECT_TRUE(near(auc(scores(run.rows, [](const Row& row) { return row.length(); }), treated), found["length"]));
    EXPECT_TRUE(near(auc(scores(run.rows, [](const Row& row) { return row.padding; }), treated), found["padding"]));
    const auto span = [](const Row& row) { return row.x.empty() ? 0 : row.x.back().time_us - row.x.front().time_us; };
    EXPECT_TRUE(near(auc(scores(run.rows, span), treated), found["span"]));
    std::map<int, std::pair<double, double>> by_type;  // treated, all
    for (const Row& row : run.rows) {
      by_type[row.x.back().type].first += row.treated;
      by_type[row.x.back().type].second += 1;
    }
    const auto last = [&](const Row& row) { return by_type[row.x.back().type].first / by_type[row.x.back().type].second; };
    EXPECT_TRUE(near(auc(scores(run.rows, last), treated), found["lastEvent"]));
    for (const bool arm : {false, true}) {
      std::vector<double> token;
      std::vector<bool> outcome;
      for (const Row& row : run.rows) {
        if (row.treated != arm) continue;
        token.push_back(holds(row.x, kPurchase));
        outcome.push_back(row.outcome);
      }
      EXPECT_TRUE(near(auc(token, outcome), run.audit["leakage"]["aucOfOutcomeFromToken"][arm ? "treated" : "control"]));
    }
  });
}

// The session of a row again, from the events of its user: those within the gap of each other that hold its start.
std::vector<Event> session_of(const Audited& run, const Row& row) {
  std::vector<Event> events;
  for (const Event& event : run.events) {
    if (event.user == row.user) events.push_back(event);
  }
  std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.time_us < b.time_us; });
  std::vector<Event> session;
  for (const Event& event : events) {
    const bool cut = !session.empty() &&
                     (event.time_us - session.back().time_us > run.plan.session.max_gap.us ||
                      (run.plan.session.max_length && event.time_us - session.front().time_us > run.plan.session.max_length->us));
    if (cut && session.front().time_us == row.start_us) break;
    if (cut) session.clear();
    session.push_back(event);
  }
  return session;
}

TEST(AuditLeakage, OutcomesBeforeTheTreatmentAreCountedByTime) {
  for (std::uint32_t seed = 1; seed <= 12; ++seed) {
    // Distinct times, so that the order of ties does not matter.
    std::vector<Event> events = random_events(seed, 12, 300);
    for (std::size_t i = 0; i < events.size(); ++i) events[i].time_us += static_cast<std::int64_t>(i);
    for (const char* plan : {kPlans[0], kPlans[1], kPlans[3], kPlans[6], kPlans[7]}) {
      const Audited found = run(plan, events);
      std::uint64_t rows = 0, first = 0, all = 0;
      for (const Row& row : found.rows) {
        if (!row.treated || !row.outcome) continue;
        ++rows;
        if (found.plan.trial.kind != IndexKind::kSession) continue;  // then none, by construction
        std::int64_t treatment = INT64_MAX, first_outcome = INT64_MAX, last_outcome = 0;
        for (const Event& event : session_of(found, row)) {
          if (event.type == kClick) treatment = std::min(treatment, event.time_us);
          if (event.type != kPurchase) continue;
          first_outcome = std::min(first_outcome, event.time_us);
          last_outcome = std::max(last_outcome, event.time_us);
        }
        first += first_outcome < treatment;
        all += last_outcome < treatment;
      }
      const json& before = found.audit["leakage"]["outcomeBeforeTreatment"];
      EXPECT_EQ(before["rows"], rows) << plan;
      EXPECT_EQ(before["first"], first) << plan;
      EXPECT_EQ(before["all"], all) << plan;
    }
  }
}

TEST(AuditLeakage, TheImmortalTimeIntervalHoldsEveryArrangementOfTheArms) {
  for (const char* plan :
       {R"({"profile": "causal", "index": {"gracePeriod": "exclude"}, "outcome": {"censored": "keep"}})",
        R"({"profile": "causal", "index": {"windowEnds": "window", "windowMinutes": 20}, "outcome": {"censored": "keep"}})",
        R"({"profile": "causal", "index": {"kind": "landmark", "minutes": 4}})", R"({"profile": "causal"})", "{}"}) {
    for (std::uint32_t seed = 1; seed <= 6; ++seed) {
      SCOPED_TRACE(std::string(plan) + " seed " + std::to_string(seed));
      std::vector<Event> events = random_events(seed, seed % 2 == 0 ? 4 : 25, 300);
      for (std::size_t i = 0; i < events.size(); ++i) events[i].time_us += static_cast<std::int64_t>(i);
      const Audited run = brute::run(plan, events);
      const json& immortal = run.audit["leakage"]["immortalTime"];
      if (run.plan.trial.kind == IndexKind::kSession || run.plan.trial.grace == GracePeriod::kAlign) {
        EXPECT_TRUE(immortal.is_null());
        continue;
      }
      double n[2] = {}, y[2] = {}, inside = 0, inside_y = 0, left_out = 0;
      for (const Row& row : run.rows) {
        ++n[row.treated];
        y[row.treated] += row.outcome;
        std::int64_t end = row.t0_us + run.plan.trial.window.us;
        for (const Event& event : run.events) {
          if (run.plan.trial.window_ends == WindowEnds::kNextExposure && event.user == row.user && event.type == 1 &&
              event.time_us > row.t0_us)
            end = std::min(end, event.time_us);
        }
        const bool early = std::any_of(run.events.begin(), run.events.end(), [&](const Event& event) {
          return event.user == row.user && event.type == kPurchase && event.time_us > row.t0_us && event.time_us <= end;
        });
        inside += !row.treated && early;
        inside_y += !row.treated && early && row.outcome;
      }
      for (const json& filter : run.audit["attrition"]["filters"]) {
        if (filter["filter"] == "outcomeBeforeTreatment") left_out = filter["removed"];
      }
      EXPECT_EQ(immortal["untreatedWindowOutcomes"], inside);
      EXPECT_EQ(immortal["leftOut"], left_out);
      const auto difference = [](double n1, double y1, double n0, double y0) {
        return n1 == 0 || n0 == 0 ? json() : json(y1 / n1 - y0 / n0);
      };
      const json low = difference(n[1], y[1], n[0] + left_out, y[0] + left_out);
      const json high = difference(n[1] + left_out + inside, y[1] + left_out + inside, n[0] - inside, y[0] - inside_y);
      EXPECT_TRUE(near(difference(n[1], y[1], n[0], y[0]), immortal["naiveDifference"]));
      if (low.is_null() || high.is_null()) {
        EXPECT_TRUE(immortal["interval"].is_null());
        continue;
      }
      EXPECT_TRUE(near(low, immortal["interval"][0]));
      EXPECT_TRUE(near(high, immortal["interval"][1]));
    }
  }
}

// One covariate of a row, from the events of its history.
double covariate(const Audited& run, const Row& row, const std::string& name, std::vector<Event> history) {
  const bool timed = run.plan.trial.kind != IndexKind::kSession;
  const std::int64_t first = history.front().time_us, last = history.back().time_us, at = timed ? row.t0_us : last;
  if (name == "events") return static_cast<double>(history.size());
  if (name == "span_minutes") return static_cast<double>(last - first) / 6e7;
  const double turns = static_cast<double>(row.t0_us % 86'400'000'000) / 86'400'000'000;
  if (name == "hour_sin") return std::sin(2 * std::numbers::pi * turns);
  if (name == "hour_cos") return std::cos(2 * std::numbers::pi * turns);
  if (name == "earlier_sessions") return row.number - 1;
  if (name == "minutes_since_last_event") {
    std::int64_t before = at;
    for (const Event& event : history) {
      if (event.time_us < at) before = event.time_us;
    }
    return static_cast<double>(at - before) / 6e7;
  }
  std::set<std::string> items;
  double count = 0;
  for (const Event& event : history) {
    count += name == std::string("events_") + kTypes[event.type];
    if (event.type != 0 && !event.item.empty()) items.insert(event.item);
  }
  return name == "distinct_items" ? static_cast<double>(items.size()) : count;
}

TEST(AuditBalance, IsThatOfTheHistories) {
  for (const char* plan : {kPlans[0], kPlans[3], kPlans[4], kPlans[5], kPlans[7]}) {
    for (std::uint32_t seed = 1; seed <= 4; ++seed) {
      SCOPED_TRACE(std::string(plan) + " seed " + std::to_string(seed));
      std::vector<Event> events = random_events(seed, 15, 300);
      for (std::size_t i = 0; i < events.size(); ++i) events[i].time_us += static_cast<std::int64_t>(i);
      const Audited found = run(plan, events);
      const std::vector<bool> treated = arms(found.rows);
      for (const json& entry : found.audit["balance"]) {
        const std::string name = entry["covariate"];
        // property/covariates_test.cpp tells the others.
        const bool of_history = covariate_traits(name).group == CovariateGroup::kSession;
        if (!of_history && name != "earlier_sessions" && !name.starts_with("hour_")) continue;
        const auto value = [&](const Row& row) {
          std::vector<Event> history = session_of(found, row);
          const bool timed = found.plan.trial.kind != IndexKind::kSession;
          if (timed) std::erase_if(history, [&](const Event& event) { return event.time_us > row.t0_us; });
          while (found.plan.trial.kind == IndexKind::kMatched && history.back().type != 1)
            history.pop_back();                      // to the last exposure
          if (!timed) history.resize(row.x.size());  // X is the first events of a session whose times are distinct
          return covariate(found, row, name, history);
        };
        const std::vector<double> values = scores(found.rows, value);
        EXPECT_TRUE(near(smd(values, treated), entry["smd"])) << name;
        double sum = 0, n = 0;
        for (std::size_t i = 0; i < values.size(); ++i) sum += treated[i] ? values[i] : 0, n += treated[i];
        EXPECT_TRUE(entry["treated"].is_null() || near(sum / n, entry["treated"])) << name;
      }
    }
  }
}

TEST(AuditVocabulary, CountsTheEventsOfXOnce) {
  for_every_run([](const Audited& run) {
    std::set<std::uint32_t> seen;
    for (std::size_t part = 0; part < 3; ++part) {
      std::set<std::tuple<std::string, std::uint32_t, std::size_t>> events;  // by place in the session
      std::uint64_t unknown = 0, special = 0;
      for (const std::uint32_t r : run.parts[part]) {
        const Row& row = run.rows[r];
        for (std::size_t i = row.history.size() - row.x.size(); i < row.history.size(); ++i) {
          if (!events.emplace(row.user, row.number, i).second) continue;
          unknown += row.history[i].item == kUnknownId;
          special += row.history[i].item == kAuctionId;
          if (part == 0) seen.insert(row.history[i].item);
        }
      }
      const json& found = run.audit["vocabulary"]["parts"][kPartNames[part]];
      EXPECT_EQ(found["tokens"], events.size());
      EXPECT_EQ(found["unknown"], unknown);
      EXPECT_EQ(found["withoutItem"], special);
      EXPECT_EQ(found["known"], events.size() - unknown - special);
    }
    std::uint64_t never = 0;
    const std::uint64_t size = run.report["vocabulary"]["items"];
    for (std::uint32_t id = 3; id < size; ++id) never += !seen.contains(id);
    EXPECT_EQ(run.audit["vocabulary"]["neverInTrainX"], never);
    EXPECT_EQ(run.audit["vocabulary"]["items"], size - 3);
  });
}

// By the users' shares of the difference, one after the other; Newcombe's where every user has one row.
json interval_of(const Audited& run) {
  Arms all;
  std::map<std::string, Arms> users;
  for (const Row& row : run.rows) {
    all.add(row.treated, row.outcome);
    users[row.user].add(row.treated, row.outcome);
  }
  if (users.size() == run.rows.size()) return all.newcombe() ? json(*all.newcombe()) : json();
  if (!all.difference() || users.size() < 2) return nullptr;
  const auto mean = [&](int arm) { return static_cast<double>(all.outcomes[arm]) / static_cast<double>(all.rows[arm]); };
  double squares = 0;
  for (const auto& [name, user] : users) {
    const auto share = [&](int arm) {
      return (static_cast<double>(user.outcomes[arm]) - mean(arm) * static_cast<double>(user.rows[arm])) /
             static_cast<double>(all.rows[arm]);
    };
    squares += std::pow(share(1) - share(0), 2);
  }
  const double n = static_cast<double>(users.size()), reach = 1.959963984540054 * std::sqrt(squares * n / (n - 1));
  return json{std::max(-1.0, *all.difference() - reach), std::min(1.0, *all.difference() + reach)};
}

TEST(AuditSplit, CertifiesThePartsAsTheyAre) {
  for_every_run([](const Audited& run) {
    std::map<std::string, std::set<std::size_t>> parts_of_user;
    for (std::size_t part = 0; part < 3; ++part) {
      std::uint64_t n[2] = {}, y[2] = {};
      for (const std::uint32_t r : run.parts[part]) {
        ++n[run.rows[r].treated];
        y[run.rows[r].treated] += run.rows[r].outcome;
        parts_of_user[run.rows[r].user].insert(part);
      }
      const json& found = run.audit["split"]["parts"][kPartNames[part]];
      EXPECT_EQ(found["control"], n[0]);
      EXPECT_EQ(found["treated"], n[1]);
      EXPECT_EQ(found["treatedOutcomes"], y[1]);
      const auto users = run.audit["split"]["parts"][kPartNames[part]]["users"].get<std::uint64_t>();
      EXPECT_EQ(found["interval95"].is_null(), n[0] == 0 || n[1] == 0 || (users < 2 && n[0] + n[1] > users));
      EXPECT_EQ(found["naiveDifference"].is_null(), n[0] == 0 || n[1] == 0);
    }
    Arms all;
    for (const Row& row : run.rows) all.add(row.treated, row.outcome);
    const json& found = run.audit["split"]["all"];
    EXPECT_EQ(found["rows"], run.rows.size());
    EXPECT_EQ(found["controlOutcomes"], all.outcomes[0]);
    EXPECT_TRUE(near(all.difference() ? json(*all.difference()) : json(), found["naiveDifference"]));
    const json interval = interval_of(run);
    EXPECT_EQ(found["interval95"].is_null(), interval.is_null());
    for (std::size_t i = 0; i < 2 && !interval.is_null(); ++i) EXPECT_TRUE(near(interval[i], found["interval95"][i]));
    std::uint64_t shared = 0;
    for (const auto& [user, parts] : parts_of_user) shared += parts.size() > 1;
    EXPECT_EQ(run.audit["split"]["usersInSeveralParts"], shared);
  });
}

TEST(AuditLengths, EveryRowIsInTheBinOfItsLength) {
  for_every_run([](const Audited& run) {
    const json& lengths = run.audit["lengths"];
    const auto edges = lengths["edges"].get<std::vector<std::size_t>>();
    double longest = 0;
    for (const Row& row : run.rows) longest = std::max(longest, row.length());
    ASSERT_GE(edges.size(), 2u);
    EXPECT_EQ(edges.front(), 0u);
    EXPECT_LE(edges[edges.size() - 2], longest) << "the last bin is empty";
    for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
      EXPECT_EQ(edges[i + 1] - edges[i], i < 8 ? 1u : edges[i] / 4);
      std::uint64_t arms[2] = {};
      for (const Row& row : run.rows) {
        arms[row.treated] += row.length() >= static_cast<double>(edges[i]) && row.length() < static_cast<double>(edges[i + 1]);
      }
      EXPECT_EQ(lengths["control"][i], arms[0]) << edges[i];
      EXPECT_EQ(lengths["treated"][i], arms[1]) << edges[i];
    }
    std::uint64_t counted = 0;
    for (const char* arm : {"control", "treated"}) {
      EXPECT_EQ(lengths[arm].size(), edges.size() - 1);
      for (const json& rows : lengths[arm]) counted += rows.get<std::uint64_t>();
    }
    EXPECT_EQ(counted, run.rows.size());
  });
}

TEST(AuditAttrition, StartsBeforeShortSessionsAreDropped) {
  for_every_run([](const Audited& run) {
    const json& attrition = run.audit["attrition"];
    EXPECT_EQ(attrition["end"]["rows"], run.rows.size());
    // All sessions, short ones too, through the same rules.
    EventTable table;
    table.types = {"auction", "impression", "click", "purchase"};
    for (const Event& event : run.events) {
      table.user.push_back(table.users.intern(event.user));
      table.time_us.push_back(event.time_us);
      table.type.push_back(static_cast<std::uint8_t>(event.type));
      table.item.push_back(event.item.empty() ? StringPool::kNone : table.items.intern(event.item));
    }
    std::int64_t end = 0;
    for (const Event& event : run.events) end = std::max(end, event.time_us);
    OrderedEvents ordered = order_events(std::move(table), run.plan.order.ties);
    const Sessions sessions = sessionize(ordered, {run.plan.session.max_gap, 1, LengthOf::kSession, run.plan.session.max_length});
    if (run.plan.order.duplicates == Duplicates::kDrop) return;  // counted elsewhere
    const Attrition expected = build_trials(ordered, sessions, trial_setup(run.plan, ordered.types, end)).attrition;
    EXPECT_EQ(attrition["start"]["rows"], expected.after[0].rows);
    EXPECT_EQ(attrition["start"]["users"], expected.after[0].users);
    EXPECT_EQ(attrition["start"]["sessions"], expected.after[0].sessions);
    EXPECT_EQ(attrition["start"]["treated"], expected.after[0].arm[1]);
    EXPECT_EQ(attrition["start"]["treatedOutcomes"], expected.after[0].outcomes[1]);
    std::uint64_t removed = 0;
    for (const json& filter : attrition["filters"]) removed += filter["removed"].get<std::uint64_t>();
    EXPECT_EQ(expected.after[0].rows - removed, run.rows.size());
  });
}

TEST(AuditOverlap, SurvivesConstantAndCollinearColumns) {
  for_every_run([](const Audited& run) {
    const json& overlap = run.audit["overlap"];
    if (overlap.is_null()) return;
    EXPECT_EQ(overlap["converged"], true);
    std::uint64_t rows = 0;
    for (const char* arm : {"control", "treated"}) {
      for (const json& count : overlap[arm]["histogram"]) rows += count.get<std::uint64_t>();
      if (!overlap[arm]["effectiveSampleSize"].is_null()) {
        EXPECT_LE(overlap[arm]["effectiveSampleSize"].get<double>(), overlap[arm]["rows"].get<double>() * (1 + 1e-9));
      }
    }
    EXPECT_EQ(rows, run.rows.size());
  });
}

}  // namespace
}  // namespace causal_sessions
