#include "simulate/simulate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/portable_math.h"

namespace causal_sessions {
namespace {

std::string simulate(const SimulateOptions& options) {
  std::string csv;
  ByteSink sink([&](std::span<const std::uint8_t> bytes) { csv.append(bytes.begin(), bytes.end()); });
  Simulator simulator(options);
  while (simulator.next(sink)) {
  }
  sink.flush();
  EXPECT_EQ(simulator.rows(), options.events);
  return csv;
}

std::uint64_t fnv_of(std::string_view bytes) {
  std::uint64_t hash = 14695981039346656037u;
  for (const char byte : bytes) hash = (hash ^ static_cast<std::uint8_t>(byte)) * 1099511628211u;
  return hash;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t end = 0; (end = text.find(separator)) != std::string_view::npos; text.remove_prefix(end + 1)) {
    parts.push_back(text.substr(0, end));
  }
  parts.push_back(text);
  return parts;
}

struct Row {
  std::string_view user, time, type, item, auction, placement;

  // The simulated times stay within September and October.
  [[nodiscard]] std::int64_t time_us() const {
    const auto number = [this](std::size_t at, std::size_t count) {
      return static_cast<std::int64_t>(std::stoll(std::string(time.substr(at, count))));
    };
    const std::int64_t day = (number(5, 2) == 10 ? 30 : 0) + number(8, 2);
    return (((day * 24 + number(11, 2)) * 60 + number(14, 2)) * 60 + number(17, 2)) * 1'000'000 + number(20, 6);
  }
};

// The rows after the header; every line must have six cells.
std::vector<Row> rows_of(std::string_view csv) {
  std::vector<Row> rows;
  EXPECT_TRUE(csv.ends_with('\n'));
  csv.remove_suffix(1);
  for (const std::string_view line : split(csv, '\n')) {
    const std::vector<std::string_view> cells = split(line, ',');
    EXPECT_EQ(cells.size(), 6u) << line;
    if (cells.size() == 6) rows.push_back({cells[0], cells[1], cells[2], cells[3], cells[4], cells[5]});
  }
  rows.erase(rows.begin());
  return rows;
}

SimulateOptions with(std::uint64_t events, std::uint32_t seed = 1) {
  SimulateOptions options;
  options.events = events;
  options.seed = seed;
  return options;
}

Truth truth_of(SimulateOptions options, std::uint32_t draws) {
  options.draws = draws;
  return simulate_truth(options);
}

// Pinned, so that builds for other machines and for wasm are held to the same bytes.
TEST(Simulate, BytesArePinned) {
  EXPECT_EQ(fnv_of(simulate(with(20'000))), 997185085805842156u);
  EXPECT_EQ(fnv_of(simulate(small_example())), 15807525500280969892u);
}

TEST(Simulate, TheSeedDecidesTheBytes) {
  EXPECT_EQ(simulate(with(5'000, 3)), simulate(with(5'000, 3)));
  EXPECT_NE(simulate(with(5'000, 3)), simulate(with(5'000, 4)));
}

TEST(Simulate, WritesExactlyTheRowsAskedFor) {
  for (const std::uint64_t events : {1u, 2u, 4095u, 4096u, 4097u, 10'000u}) {
    const std::string csv = simulate(with(events));
    EXPECT_EQ(static_cast<std::uint64_t>(std::count(csv.begin(), csv.end(), '\n')), events + 1);
  }
}

TEST(Simulate, CellsAreWellFormed) {
  const std::string csv = simulate(with(20'000));
  EXPECT_TRUE(csv.starts_with("USER_ID,event_timestamp,event_type,product_id,auction_id,placement\n"));
  for (const Row& row : rows_of(csv)) {
    ASSERT_TRUE(row.user.starts_with("ext1:")) << row.user;
    ASSERT_EQ(row.user.size(), 41u);
    ASSERT_TRUE(row.time.starts_with("2025-") && row.time.size() == 26) << row.time;
    ASSERT_EQ(row.item.size(), row.type == "auction" ? 0u : 36u);
    ASSERT_FALSE(row.placement.empty());
    if (row.type == "auction" || row.type == "impression") {
      ASSERT_EQ(row.auction.size(), 36u);
    }
    if (row.type == "purchase") {
      ASSERT_TRUE(row.auction.empty());
    }
  }
}

TEST(Simulate, IdsAreVersionFourUuids) {
  const std::string csv = simulate(with(1'000));
  for (const Row& row : rows_of(csv)) {
    const std::string_view id = row.user.substr(5);
    ASSERT_EQ(id[14], '4') << id;
    ASSERT_NE(std::string_view("89ab").find(id[19]), std::string_view::npos) << id;
  }
}

TEST(Simulate, LooksLikeALog) {
  const std::string csv = simulate(with(100'000));
  const std::vector<Row> rows = rows_of(csv);
  const auto share = [&](auto predicate) {
    return static_cast<double>(std::count_if(rows.begin(), rows.end(), predicate)) / static_cast<double>(rows.size());
  };
  EXPECT_NEAR(static_cast<double>(csv.size()) / 100'000, 146, 2);

  std::map<std::pair<std::string_view, std::string_view>, int> at;
  std::map<std::string_view, int> of_user;
  std::set<std::tuple<std::string_view, std::string_view, std::string_view, std::string_view>> distinct;
  for (const Row& row : rows) {
    ++at[{row.user, row.time}];
    ++of_user[row.user];
    distinct.insert({row.user, row.time, row.type, row.item});
  }
  const double tied = share([&](const Row& row) { return at[{row.user, row.time}] > 1; });
  EXPECT_GE(tied, 0.28);
  EXPECT_LE(tied, 0.40);
  // Only auctions, which have no item, could repeat.
  EXPECT_EQ(distinct.size(), rows.size());

  EXPECT_GE(of_user.size(), 100'000u / 100);
  EXPECT_LE(of_user.size(), 100'000u / 60);
  EXPECT_GT(std::max_element(of_user.begin(), of_user.end(), [](auto& a, auto& b) { return a.second < b.second; })->second, 400);
  EXPECT_NEAR(share([](const Row& row) { return row.type == "click"; }), 0.05, 0.02);
  EXPECT_NEAR(share([](const Row& row) { return row.type == "purchase"; }), 0.007, 0.004);

  std::string_view newest;
  std::size_t late = 0;
  for (const Row& row : rows) {
    late += row.time < newest ? 1 : 0;
    newest = std::max(newest, row.time);
  }
  EXPECT_GT(late, 100u);
  EXPECT_LT(late, 1000u);
}

TEST(Simulate, WithoutLateRowsTheTimesAscend) {
  SimulateOptions options = with(20'000);
  options.late_share = 0;
  const std::string csv = simulate(options);
  const std::vector<Row> rows = rows_of(csv);
  EXPECT_TRUE(std::is_sorted(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.time < b.time; }));
}

TEST(Simulate, KeepsToTheUsersGiven) {
  SimulateOptions options = with(20'000);
  for (const std::uint32_t users : {1u, 7u, 100u, 285u}) {
    options.users = users;
    const std::string csv = simulate(options);
    std::set<std::string_view> seen;
    for (const Row& row : rows_of(csv)) seen.insert(row.user);
    EXPECT_EQ(seen.size(), users);
  }
}

// What the log must hold for the rules of a trial to find the simulated trials: sessions cut at
// half an hour are the visits, and five minutes after an exposure no other has begun.
struct Recount {
  std::uint64_t eligible = 0;
  std::uint64_t sessions = 0, opened_by_click = 0, single = 0, bought_without_click = 0, gaps_over_a_day = 0;
  std::int64_t shortest_gap_us = std::numeric_limits<std::int64_t>::max();  // between two exposures of a user
  std::int64_t slowest_click_us = 0;                                        // after the exposure before it
};

struct Timed {
  std::int64_t time_us;
  int type;  // a, i, c, p in order of priority at equal times
};

void recount_user(std::vector<Timed>& events, Recount& count) {
  constexpr std::int64_t kMinute = 60'000'000;
  std::sort(events.begin(), events.end(),
            [](const Timed& a, const Timed& b) { return std::tie(a.time_us, a.type) < std::tie(b.time_us, b.type); });
  std::int64_t exposure_us = -1, last_click_us = INT64_MIN;
  int clicks = 0, purchases = 0;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const Timed& event = events[i];
    const bool opens = i == 0 || event.time_us - events[i - 1].time_us > 30 * kMinute;
    if (opens) {
      clicks = purchases = 0;
      ++count.sessions;
      count.opened_by_click += event.type == 2 ? 1 : 0;
      count.single += i + 1 == events.size() || events[i + 1].time_us - event.time_us > 30 * kMinute ? 1 : 0;
      count.gaps_over_a_day += i != 0 && event.time_us - events[i - 1].time_us > 24 * 60 * kMinute ? 1 : 0;
    }
    if (event.type == 1 && event.time_us != exposure_us) {
      if (exposure_us >= 0) count.shortest_gap_us = std::min(count.shortest_gap_us, event.time_us - exposure_us);
      exposure_us = event.time_us;
      const bool lately = last_click_us != INT64_MIN && event.time_us - last_click_us <= 24 * 60 * kMinute;
      count.eligible += clicks == 0 && purchases == 0 && !lately ? 1 : 0;
    }
    if (event.type == 2 && exposure_us >= 0 && clicks + purchases == 0 && !opens) {
      count.slowest_click_us = std::max(count.slowest_click_us, event.time_us - exposure_us);
    }
    clicks += event.type == 2 ? 1 : 0;
    if (event.type == 2) last_click_us = event.time_us;
    count.bought_without_click += event.type == 3 && clicks == 0 ? 1 : 0;
    purchases += event.type == 3 ? 1 : 0;
  }
}

TEST(Simulate, TrialsOfTheLogAreTheSimulatedOnes) {
  const SimulateOptions options = with(50'000, 5);
  const std::string csv = simulate(options);
  std::map<std::string_view, std::vector<Timed>> users;
  for (const Row& row : rows_of(csv)) {
    const auto type = std::string_view("aicp").find(row.type[0]);
    users[row.user].push_back({row.time_us(), static_cast<int>(type)});
  }
  Recount count;
  for (auto& [user, events] : users) recount_user(events, count);

  // The last exposures may be cut by the end of the file, or late.
  EXPECT_NEAR(static_cast<double>(truth_of(options, 1).eligible_exposures), static_cast<double>(count.eligible), 3);
  EXPECT_GT(count.shortest_gap_us, 300'000'000);
  EXPECT_LT(count.slowest_click_us, 60'000'000);
  EXPECT_GT(count.sessions, 2 * users.size());
  EXPECT_GT(count.gaps_over_a_day, 100u);
  EXPECT_GT(count.single, 50u);
  EXPECT_GT(count.opened_by_click, 5u);
  EXPECT_GT(count.bought_without_click, 20u);
}

TEST(SimulateTruth, IsZeroWithoutEffect) {
  SimulateOptions options = with(20'000);
  options.effect = 0;
  const Truth truth = truth_of(options, 50'000);
  EXPECT_EQ(truth.effect, 0.0);
  EXPECT_EQ(truth.standard_error, 0.0);
  EXPECT_EQ(truth.risk_treated, truth.risk_untreated);
  EXPECT_GT(truth.risk_treated, 0.05);
  EXPECT_GT(truth.eligible_exposures, 1000u);
}

TEST(SimulateTruth, HasTheSignOfTheEffect) {
  SimulateOptions options = with(20'000);
  const Truth up = truth_of(options, 50'000);
  EXPECT_GT(up.effect, 10 * up.standard_error);
  EXPECT_NEAR(up.effect, up.risk_treated - up.risk_untreated, 1e-12);
  options.effect = -2;
  const Truth down = truth_of(options, 50'000);
  EXPECT_LT(down.effect, -2 * down.standard_error);
}

TEST(SimulateTruth, IsPinned) {
  const Truth truth = truth_of(small_example(), 20'000);
  EXPECT_EQ(truth.effect, 0x1.ce76756cc44a2p-4);
  EXPECT_EQ(truth.effect_on_treated, 0x1.0a51bc3e7758fp-3);
  EXPECT_EQ(truth.effect_on_overlap, 0x1.06150a8753fd3p-3);
  EXPECT_EQ(truth.standard_error, 0x1.33e9d8faf99cep-9);
  EXPECT_EQ(truth.eligible_exposures, 1981u);
}

// The error is that of the draws: a hundred times as many have a tenth of it.
TEST(SimulateTruth, TheErrorFallsWithTheRootOfTheDraws) {
  const Truth few = truth_of(with(20'000), 5'000), many = truth_of(with(20'000), 500'000);
  EXPECT_NEAR(few.standard_error / many.standard_error, 10, 1);
  EXPECT_NEAR(few.effect, many.effect, 4 * few.standard_error);
}

// What each option does to the stream, told from its rows.
TEST(Simulate, OptionsThatBreakDesignsDoWhatTheySay) {
  const auto recount = [](auto change) {
    SimulateOptions options = with(60'000, 6);
    change(options);
    const std::string csv = simulate(options);
    std::map<std::string_view, std::vector<Timed>> users;
    for (const Row& row : rows_of(csv))
      users[row.user].push_back({row.time_us(), static_cast<int>(std::string_view("aicp").find(row.type[0]))});
    Recount count;
    for (auto& [user, events] : users) recount_user(events, count);
    return count;
  };
  const Recount plain = recount([](SimulateOptions&) {});
  const Recount fast = recount([](SimulateOptions& o) { o.pace = 10; });
  EXPECT_LT(fast.shortest_gap_us, 31'000'000);
  EXPECT_LT(fast.slowest_click_us, 6'000'000);
  const Recount slow = recount([](SimulateOptions& o) { o.linger = 5; });
  EXPECT_GT(slow.slowest_click_us, 200'000'000);
  EXPECT_GT(slow.shortest_gap_us, 500'000'000);
  EXPECT_GT(recount([](SimulateOptions& o) { o.impulse = 0.1; }).bought_without_click, 2 * plain.bought_without_click);
  SimulateOptions coarse = with(5'000);
  coarse.coarse_clock = 60;
  const std::string rows = simulate(coarse);
  for (const Row& row : rows_of(rows)) EXPECT_EQ(row.time_us() % 60'000'000, 0);
}

// Of the users' purchases without a click: with a hidden trait some buy far more often than others.
TEST(SimulateTruth, WeightsDifferWhereTheEffectDoes) {
  SimulateOptions options = with(30'000);
  options.varying = 1;
  const Truth varying = truth_of(options, 150'000);
  EXPECT_GT(varying.effect_on_treated, varying.effect + 5 * varying.standard_error)
      << "who clicks has seen more, and there it works better";
  options.varying = 0;
  options.effect = 0;
  for (double SimulateOptions::* knob : {&SimulateOptions::hidden, &SimulateOptions::overlap, &SimulateOptions::impulse}) {
    SimulateOptions broken = options;
    broken.*knob = 0.5;
    const Truth none = truth_of(broken, 20'000);
    EXPECT_EQ(none.effect, 0) << "without effect no option makes one";
    EXPECT_EQ(none.effect_on_treated, 0);
  }
  options.carryover = 1;
  EXPECT_GT(truth_of(options, 150'000).effect, 0) << "but a click that works on later exposures";
}

TEST(SimulateTruth, ManyEventsAreSampled) {
  const Truth few = truth_of(with(100'000), 2'000);
  const Truth many = truth_of(with(100'000), 100'000);
  EXPECT_EQ(few.eligible_exposures, many.eligible_exposures);
  EXPECT_GT(few.standard_error, 3 * many.standard_error);
  EXPECT_NEAR(few.effect, many.effect, 4 * few.standard_error);
}

// The events must not depend on whether somebody watches.
TEST(SimulateTruth, IsMeasuredWhileTheEventsAreWritten) {
  SimulateOptions options = with(20'000, 9);
  options.draws = 10'000;
  std::string csv;
  ByteSink sink([&](std::span<const std::uint8_t> bytes) { csv.append(bytes.begin(), bytes.end()); });
  Simulator simulator(options, WithTruth::kYes);
  while (simulator.next(sink)) {
  }
  sink.flush();
  EXPECT_EQ(csv, simulate(options));
  const Truth apart = simulate_truth(options);
  EXPECT_EQ(simulator.truth().effect, apart.effect);
  EXPECT_EQ(simulator.truth().standard_error, apart.standard_error);
  EXPECT_EQ(simulator.truth().eligible_exposures, apart.eligible_exposures);
  EXPECT_NEAR(static_cast<double>(apart.pairs), 10'000, 3'000);
  EXPECT_EQ(Simulator(options).truth().pairs, 0u);
}

TEST(SimulateTruth, IsWrittenWithWhatItIsTheTruthOf) {
  SimulateOptions options = with(20'000);
  options.effect = -0.5;
  options.confounding = 0.25;
  const Truth truth{.effect = 0.125,
                    .standard_error = 0.0625,
                    .risk_treated = 0.375,
                    .risk_untreated = 0.25,
                    .eligible_exposures = 7,
                    .pairs = 70};
  std::string text;
  ByteSink sink([&](std::span<const std::uint8_t> bytes) { text.append(bytes.begin(), bytes.end()); });
  write_truth_json(options, truth, sink);
  sink.flush();
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["effect"], 0.125);
  EXPECT_EQ(json["standardError"], 0.0625);
  EXPECT_EQ(json["riskTreated"], 0.375);
  EXPECT_EQ(json["riskUntreated"], 0.25);
  EXPECT_EQ(json["eligibleExposures"], 7);
  EXPECT_EQ(json["pairsFollowed"], 70);
  EXPECT_EQ(json["horizonHours"], 24);
  EXPECT_EQ(json["model"]["click"]["intercept"], -3.4);
  EXPECT_EQ(json["model"]["purchase"]["effect"], -0.5);
  EXPECT_EQ(json["model"]["purchase"]["confounding"], 0.25);
  // The options, read back by name, are the same.
  SimulateOptions again;
  for (const auto& [name, value] : json["options"].items()) {
    EXPECT_TRUE(set_option(again, name, value.dump()).ok()) << name;
  }
  EXPECT_EQ(json["options"].size(), 17u);
  EXPECT_EQ(again.events, options.events);
  EXPECT_EQ(again.effect, options.effect);
  EXPECT_EQ(again.confounding, options.confounding);
  EXPECT_EQ(again.late_share, options.late_share);
}

// Those who click are those who would buy anyway: without effect, and only with confounding, clicks precede purchases
// more often than their absence does.
TEST(Simulate, HistoryLeadsToClicksAndToPurchases) {
  const auto naive_difference = [](double confounding) {
    SimulateOptions options = with(150'000, 4);
    options.effect = 0;
    options.confounding = confounding;
    const std::string csv = simulate(options);
    std::map<std::string_view, std::vector<Timed>> users;
    for (const Row& row : rows_of(csv)) {
      users[row.user].push_back({row.time_us(), static_cast<int>(std::string_view("aicp").find(row.type[0]))});
    }
    double count[2] = {}, bought[2] = {};
    for (auto& [user, events] : users) {
      std::sort(events.begin(), events.end(), [](const Timed& a, const Timed& b) { return a.time_us < b.time_us; });
      for (std::size_t i = 0; i < events.size(); ++i) {
        if (events[i].type != 1 || (i != 0 && events[i - 1].type == 1 && events[i - 1].time_us == events[i].time_us)) continue;
        bool clicked = false, buys = false;
        for (std::size_t j = i + 1; j < events.size() && events[j].time_us - events[i].time_us <= 300'000'000; ++j) {
          clicked |= events[j].type == 2;
          buys |= events[j].type == 3;
        }
        ++count[clicked];
        bought[clicked] += buys;
      }
    }
    return bought[1] / count[1] - bought[0] / count[0];
  };
  EXPECT_GT(naive_difference(1), 0.004);
  EXPECT_LT(naive_difference(-1), -0.002);
  EXPECT_NEAR(naive_difference(0), 0, 0.003);
}

TEST(SimulateOptions, AreSetByNameFromText) {
  SimulateOptions options;
  for (const auto& [name, text] : std::vector<std::pair<std::string, std::string>>{{"events", "1e6"},
                                                                                   {"users", "100"},
                                                                                   {"items", "50"},
                                                                                   {"days", "2.5"},
                                                                                   {"effect", "-1.25"},
                                                                                   {"confounding", "0"},
                                                                                   {"lateShare", ".25"},
                                                                                   {"seed", "4294967295"},
                                                                                   {"draws", "10"}}) {
    EXPECT_TRUE(set_option(options, name, text).ok()) << name;
  }
  EXPECT_EQ(options.events, 1'000'000u);
  EXPECT_EQ(options.users, 100u);
  EXPECT_EQ(options.items, 50u);
  EXPECT_EQ(options.days, 2.5);
  EXPECT_EQ(options.effect, -1.25);
  EXPECT_EQ(options.confounding, 0.0);
  EXPECT_EQ(options.late_share, 0.25);
  EXPECT_EQ(options.seed, 4294967295u);
  EXPECT_EQ(options.draws, 10u);
}

TEST(SimulateOptions, RefuseWhatIsNoNumberOrNotAllowed) {
  const auto message = [](std::string_view name, std::string_view text) {
    SimulateOptions options;
    const Status status = set_option(options, name, text);
    return status.ok() ? std::string() : status.error().message;
  };
  EXPECT_EQ(message("effect", "11"), "simulate.effect is 11; it must be a number from -10 to 10");
  EXPECT_EQ(message("effect", "strong"), "simulate.effect is strong; it must be a number from -10 to 10");
  for (const char* text : {"", " 1", "1 ", "1,5", "0x1", "inf", "nan", "--1", "1e999", "1\n", "\xff"}) {
    EXPECT_NE(message("effect", text), "") << text;
  }
  EXPECT_EQ(message("effect", "\xff"), "simulate.effect is not a number; it must be a number from -10 to 10");
  EXPECT_EQ(message("events", "0.5"), "simulate.events is 0.5; it must be a whole number from 1 to 1,000,000,000");
  EXPECT_EQ(message("items", "0"), "");
  EXPECT_EQ(message("items", "9"),
            "simulate.items is 9; it must be a whole number from 10 to 100,000,000, or 0 for a number that suits the events");
  EXPECT_EQ(message("efect", "1"),
            "simulate.efect is not an option; there are events, users, items, days, effect, confounding, pace, linger, impulse, "
            "hidden, "
            "overlap, carryover, varying, coarseClock, lateShare, seed, draws");
}

TEST(SimulateOptions, AreValidated) {
  const auto refused = [](auto change) {
    SimulateOptions options;
    change(options);
    const Status status = validate(options);
    return status.ok() ? std::string() : status.error().where.column;
  };
  EXPECT_TRUE(validate({}).ok());
  EXPECT_TRUE(validate(small_example()).ok());
  EXPECT_EQ(refused([](auto& o) { o.events = 0; }), "simulate.events");
  EXPECT_EQ(refused([](auto& o) { o.users = 2'000; }), "simulate.users");
  EXPECT_EQ(refused([](auto& o) { o.events = 1'000'000, o.users = 1; }), "simulate.users");
  EXPECT_EQ(refused([](auto& o) { o.items = 5; }), "simulate.items");
  EXPECT_EQ(refused([](auto& o) { o.days = 0; }), "simulate.days");
  EXPECT_EQ(refused([](auto& o) { o.effect = std::nan(""); }), "simulate.effect");
  EXPECT_EQ(refused([](auto& o) { o.confounding = 6; }), "simulate.confounding");
  EXPECT_EQ(refused([](auto& o) { o.late_share = -0.1; }), "simulate.lateShare");
  EXPECT_EQ(refused([](auto& o) { o.draws = 0; }), "simulate.draws");
}

TEST(PortableMath, AgreesWithTheLibrary) {
  for (double x = -40; x < 40; x += 0.37) EXPECT_NEAR(portable_exp(x) / std::exp(x), 1, 1e-14) << x;
  for (double x = 1e-12; x < 1e12; x *= 1.7) EXPECT_NEAR(portable_log(x), std::log(x), 2e-14) << x;
  for (const std::uint32_t n : {0u, 1u, 2u, 10u, 1023u}) EXPECT_NEAR(log_one_plus(n), std::log(n + 1.0), 1e-13) << n;
  EXPECT_EQ(log_one_plus(5000), log_one_plus(1023));
  EXPECT_DOUBLE_EQ(logistic(0), 0.5);
}

}  // namespace
}  // namespace causal_sessions
