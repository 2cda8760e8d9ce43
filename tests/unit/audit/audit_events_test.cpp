#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <random>

#include "audit/logistic.h"
#include "audit/statistics.h"
#include "simulate/simulate.h"
#include "support/events.h"
#include "unit/audit/brute_force.h"

namespace causal_sessions {
namespace {

using namespace brute;

OrderedEvents ordered(const std::vector<Event>& events, TieRule ties) {
  std::vector<support::Event> plain;
  for (const Event& event : events) {
    plain.push_back({event.user, event.time_us, static_cast<std::uint8_t>(event.type),
                     event.item.empty() ? std::string_view() : std::string_view(event.item)});
  }
  return order_events(support::event_table(plain), ties, InputRank::kKeep);
}

TEST(Order, AnotherTieRuleGivesWhatOrderingByItGives) {
  for (std::uint32_t seed = 1; seed <= 10; ++seed) {
    const std::vector<Event> events = random_events(seed, 3, 300);
    for (const TieRule from : {TieRule::kNumpy, TieRule::kInput, TieRule::kPriority}) {
      for (const TieRule to : {TieRule::kNumpy, TieRule::kInput, TieRule::kPriority}) {
        const OrderedEvents expected = ordered(events, to);
        const auto same = [&](const OrderedEvents& found) {
          EXPECT_EQ(found.time_us, expected.time_us);
          EXPECT_EQ(found.type, expected.type);
          EXPECT_EQ(found.item, expected.item);
          EXPECT_EQ(found.input_rank, expected.input_rank);
        };
        OrderedEvents found = ordered(events, from);
        same(order_again(found, to));
        if (to == TieRule::kNumpy) continue;
        reorder_ties(found, to);
        same(found);
      }
    }
  }
}

// T, Y and X of each session as a run with this tie rule makes them.
TEST(AuditTies, CountsTheSessionsThatARunWithTheOtherRuleChanges) {
  for (const char* settings :
       {R"("session": {"gapHours": 24})", R"("session": {"gapHours": 0.5}, "outcome": {"prior": "ignore"})",
        R"("session": {"gapHours": 2, "minEvents": 3}, "sequence": {"maxEvents": 6, "keep": "last"})"}) {
    for (std::uint32_t seed = 1; seed <= 5; ++seed) {
      const std::vector<Event> events = random_events(seed, 5, 400);
      const auto with = [&](const std::string& rule) {
        return run(
            R"({"time": {"ties": ")" + rule + R"("}, "split": {"train": 1, "validation": 0, "test": 0}, )" + settings + "}",
            events);
      };
      std::map<std::string, Audited> runs;
      for (const char* rule : {"numpy", "input", "priority"}) runs.emplace(rule, with(rule));
      for (const auto& [own, base] : runs) {
        for (const json& entry : base.audit["ties"]["under"]) {
          const std::vector<Row>& other = runs.at(entry["rule"]).rows;
          ASSERT_EQ(other.size(), base.rows.size());
          std::uint64_t t = 0, y = 0, cut = 0, any = 0, order = 0;
          for (std::size_t r = 0; r < other.size(); ++r) {
            const Row &a = base.rows[r], &b = other[r];
            const auto differs = [](const Token& left, const Token& right) {
              // The vocabulary is the same: it is fitted on all events.
              return left.type != right.type || left.item != right.item;
            };
            const bool cuts = a.x.size() != b.x.size();
            t += a.treated != b.treated;
            y += a.outcome != b.outcome;
            cut += cuts;
            any += a.treated != b.treated || a.outcome != b.outcome || cuts;
            bool moved = cuts;
            for (std::size_t i = 0; !moved && i < a.x.size(); ++i) moved = differs(a.x[i], b.x[i]);
            order += moved;
          }
          EXPECT_EQ(entry["treatment"], t);
          EXPECT_EQ(entry["outcome"], y);
          EXPECT_EQ(entry["cut"], cut);
          EXPECT_EQ(entry["changed"], any);
          // Items of auctions stand in the events and not in X, so the audit may see more.
          EXPECT_GE(entry["order"], order);
        }
      }
    }
  }
}

TEST(AuditTies, ChangeNoRowThatHasATimeZero) {
  for (const char* kind : {"exposure", "landmark", "matched"}) {
    const Audited found =
        run(R"({"profile": "causal", "index": {"kind": ")" + std::string(kind) + "\"}}", random_events(3, 5, 400));
    for (const json& entry : found.audit["ties"]["under"]) EXPECT_EQ(entry["changed"], 0);
  }
}

TEST(AuditGaps, EachPointIsARunWithThatGap) {
  for (std::uint32_t seed = 1; seed <= 4; ++seed) {
    const std::vector<Event> events = random_events(seed, 6, 400);
    const Audited found = run("{}", events);
    std::uint64_t gaps = 0;
    const json& histogram = found.audit["gaps"]["histogram"];
    for (const json& count : histogram["gaps"]) gaps += count.get<std::uint64_t>();
    gaps += histogram["zero"].get<std::uint64_t>() + histogram["underASecond"].get<std::uint64_t>() +
            histogram["over30Days"].get<std::uint64_t>();
    EXPECT_EQ(gaps, events.size() - found.audit["events"]["users"].get<std::size_t>());
    EXPECT_EQ(histogram["gaps"].size(), 60u);
    std::map<std::string, std::vector<std::int64_t>> times;
    for (const Event& event : events) times[event.user].push_back(event.time_us);
    std::vector<std::uint64_t> bins(60);
    std::uint64_t zero = 0;
    for (auto& [user, list] : times) {
      std::sort(list.begin(), list.end());
      for (std::size_t i = 1; i < list.size(); ++i) {
        const double seconds = static_cast<double>(list[i] - list[i - 1]) / 1e6;
        zero += seconds == 0;
        for (std::size_t b = 0; b < 60; ++b) {
          bins[b] +=
              seconds >= histogram["edgesSeconds"][b].get<double>() && seconds < histogram["edgesSeconds"][b + 1].get<double>();
        }
      }
    }
    EXPECT_EQ(histogram["zero"], zero);
    EXPECT_EQ(histogram["gaps"], json(bins));
    for (const json& point : found.audit["gaps"]["curve"]) {
      const Audited at = run(R"({"session": {"gapHours": )" + point["gapHours"].dump() + "}}", events);
      // 7 minutes are a microsecond less as hours.
      const json& all = at.report["all"];
      EXPECT_EQ(point["sessions"], all["sessions"]) << point["gapHours"];
      EXPECT_EQ(point["created"], at.report["sessions"]["created"]);
      EXPECT_EQ(point["treatmentRate"], all["treatmentRate"]);
      EXPECT_EQ(point["outcomeRate"], all["outcomeRate"]);
      EXPECT_EQ(point["naiveDifference"], all["naiveLift"]);
    }
  }
}

TEST(AuditLedger, EachStepIsARunWithThatPlan) {
  struct Case {
    const char* index;  // of the plan under audit
    const char* censored;
    const char* audited;
  };
  for (const Case& entry :
       {Case{R"("index": {"kind": "exposure", "windowEnds": "nextExposure", "gracePeriod": "align", "washoutHours": 24})", "drop",
             "{}"},
        Case{R"("index": {"kind": "landmark", "minutes": 3, "windowEnds": "nextExposure", "washoutHours": 24})", "drop",
             R"({"profile": "causal", "index": {"kind": "landmark", "minutes": 3}})"},
        Case{R"("index": {"kind": "matched"})", "keep", R"({"index": {"kind": "matched"}})"}}) {
    for (std::uint32_t seed = 1; seed <= 3; ++seed) {
      const std::vector<Event> events = random_events(seed, 12, 400);
      std::string settings = R"("split": {"kind": "hash"})";
      const Audited found = run(entry.audited, events);
      const json& steps = found.audit["ledger"]["steps"];
      const char* more[] = {"",
                            R"(, "events": {"duplicates": "drop"})",
                            R"(, "time": {"ties": "priority"})",
                            R"(, "session": {"gapHours": 0.5})",
                            entry.index,
                            R"("minEventsOf")",
                            R"(, "sequence": {"padding": null})",
                            R"("keep")"};
      ASSERT_EQ(steps.size(), std::size(more));
      for (std::size_t step = 0; step < std::size(more); ++step) {
        const std::string change = more[step];
        if (change.starts_with("\"index")) {
          settings += ", " + change + R"(, "outcome": {"prior": "exclude", "censored": ")" + entry.censored + "\"}";
        } else if (change == "\"minEventsOf\"") {
          settings.replace(settings.find("\"gapHours\": 0.5"), 15, R"("gapHours": 0.5, "minEvents": 1, "minEventsOf": "x")");
        } else if (change == "\"keep\"") {
          settings.replace(settings.find("\"padding\": null"), 15, R"("padding": null, "keep": "last")");
        } else {
          settings += change;
        }
        SCOPED_TRACE(settings);
        const Audited expected = run("{" + settings + "}", events);
        const json& row = steps[step];
        EXPECT_EQ(row["rows"], expected.rows.size());
        EXPECT_EQ(row["naiveDifference"], expected.report["all"]["naiveLift"]);
        EXPECT_EQ(row["aucLength"], expected.audit["leakage"]["aucOfTreatment"]["length"]);
        EXPECT_EQ(row["aucPadding"], expected.audit["leakage"]["aucOfTreatment"]["padding"]);
        EXPECT_TRUE(
            near(smd(scores(expected.rows, [](const Row& r) { return r.length(); }), arms(expected.rows)), row["lengthSmd"]));
        EXPECT_EQ(row["outcomeInX"], expected.audit["leakage"]["outcomeInHistory"]["controlOutcome"]["share"]);
      }
    }
  }
}

// Newcombe 1998, table II, method 10.
TEST(AuditStatistics, IntervalsAreNewcombes) {
  struct Case {
    std::uint64_t y1, n1, y0, n0;
    double low, high;
  };
  for (const Case& row :
       {Case{56, 70, 48, 80, 0.0524, 0.3339}, Case{9, 10, 3, 10, 0.1705, 0.8090}, Case{6, 7, 2, 7, 0.0582, 0.8062},
        Case{5, 56, 0, 29, -0.0381, 0.1926}, Case{0, 10, 0, 20, -0.1611, 0.2775}, Case{10, 10, 0, 10, 0.6075, 1.0}}) {
    Arms arms;
    arms.rows = {row.n0, row.n1};
    arms.outcomes = {row.y0, row.y1};
    const auto interval = arms.newcombe();
    ASSERT_TRUE(interval.has_value());
    EXPECT_NEAR((*interval)[0], row.low, 5e-5) << row.y1 << "/" << row.n1;
    EXPECT_NEAR((*interval)[1], row.high, 5e-5) << row.y1 << "/" << row.n1;
  }
}

TEST(AuditStatistics, ManyKeysSortAsFew) {
  std::mt19937_64 random(7);
  std::vector<std::uint64_t> keys;
  for (int i = 0; i < 6000; ++i) keys.push_back(random() >> (i % 50) << 1 | (random() & 1));
  std::vector<std::uint64_t> sorted = keys;
  std::sort(sorted.begin(), sorted.end());
  (void)auc_of_keys(keys);
  EXPECT_EQ(keys, sorted);
}

// The gradient of the penalized likelihood vanishes at the coefficients.
TEST(AuditLogistic, FindsTheMaximum) {
  std::mt19937 random(3);
  for (const std::size_t rows : {50u, 9000u}) {
    std::vector<double> x;
    std::vector<std::uint8_t> y;
    for (std::size_t i = 0; i < rows; ++i) {
      const double a = static_cast<double>(random() % 1000) / 300 - 1.6, b = static_cast<double>(random() % 1000) / 300 - 1.6;
      x.insert(x.end(), {a, b, a + b, 0});  // collinear and constant columns
      y.push_back(static_cast<double>(random() % 1000) / 1000 < 1 / (1 + std::exp(1 - a)));
    }
    const LogisticModel model = fit_logistic(x, 4, y);
    ASSERT_TRUE(model.converged);
    std::vector<double> gradient(5);
    for (std::size_t i = 0; i < rows; ++i) {
      const double off = y[i] - model.probability(std::span(x).subspan(4 * i, 4));
      gradient[0] += off;
      for (std::size_t j = 0; j < 4; ++j) gradient[j + 1] += off * x[4 * i + j];
    }
    for (std::size_t j = 1; j < 5; ++j) gradient[j] -= LogisticModel::kRidge * model.coefficients[j];
    for (const double value : gradient) EXPECT_NEAR(value / static_cast<double>(rows), 0, 1e-6);
  }
}

// A rare column of large values, as a count in units of its own small deviation is, and a start from few rows: Newton's whole steps
// lead farther away each time.
TEST(AuditLogistic, FindsTheMaximumWhereWholeStepsLeadAway) {
  std::mt19937 random(7);
  const auto share = [&] { return static_cast<double>(random() % 100'000) / 100'000; };
  for (int set = 0; set < 20; ++set) {
    std::vector<double> x;
    std::vector<std::uint8_t> y;
    for (std::size_t i = 0; i < 12'000; ++i) {
      const double rare = share() < 0.003 ? 10 + 25 * share() : -0.05, a = 3 * share() - 1.5;
      x.insert(x.end(), {rare, a});
      y.push_back(share() < 1 / (1 + std::exp(3 - a - (rare > 25 ? 6 : 0))));
    }
    std::vector<std::uint32_t> rows(y.size());
    std::iota(rows.begin(), rows.end(), 0u);
    LogisticModel far;
    far.coefficients = {2, 6, -8};
    for (const LogisticModel& model :
         {fit_logistic(x, 2, y), fit_logistic_of(x, 2, y, rows, nullptr), fit_logistic_of(x, 2, y, rows, &far)}) {
      ASSERT_TRUE(model.converged) << set;
      std::array<double, 3> gradient{};
      for (std::size_t i = 0; i < y.size(); ++i) {
        const double off = y[i] - model.probability(std::span(x).subspan(2 * i, 2));
        gradient[0] += off;
        for (std::size_t j = 0; j < 2; ++j) gradient[j + 1] += off * x[2 * i + j];
      }
      for (std::size_t j = 1; j < 3; ++j) gradient[j] -= LogisticModel::kRidge * model.coefficients[j];
      for (const double value : gradient) EXPECT_NEAR(value / static_cast<double>(y.size()), 0, 1e-6) << set;
    }
  }
}

// Where every covariate is the same in all rows there is none to fit by, and the share of treated rows is left.
TEST(AuditLogistic, FitsTheShareAloneWhereThereAreNoColumns) {
  const std::vector<std::uint8_t> y = {1, 0, 0, 0, 1, 0, 0, 0};
  const LogisticModel model = fit_logistic({}, 0, y);
  ASSERT_TRUE(model.converged);
  ASSERT_EQ(model.coefficients.size(), 1u);
  EXPECT_NEAR(model.probability({}), 0.25, 1e-6);
}

}  // namespace
}  // namespace causal_sessions
