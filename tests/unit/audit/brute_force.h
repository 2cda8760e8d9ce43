// The audit's figures once more, by slow and plain code from the events as they were written down and the rows of a run.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "audit/audit_json.h"
#include "look/session_list.h"
#include "look/session_view.h"
#include "report/manifest_json.h"
#include "report/report_json.h"
#include "steps/outputs.h"
#include "steps/steps.h"
#include "support/run.h"

namespace causal_sessions::brute {

using nlohmann::json;

struct Event {
  std::string user;
  std::int64_t time_us;
  int type;  // auction, impression, click, purchase
  std::string item;
};
inline constexpr int kClick = 2, kPurchase = 3;
inline constexpr const char* kTypes[] = {"auction", "impression", "click", "purchase"};
inline constexpr std::int64_t kBase = 1'757'030'400'000'000;  // 2025-09-05
inline constexpr std::int64_t kMinute = 60'000'000;

inline std::string csv(const std::vector<Event>& events) {
  std::string text = "user,time,type,item\n";
  for (const Event& event : events) {
    text += event.user + "," + std::to_string(event.time_us) + "," + kTypes[event.type] + "," + event.item + "\n";
  }
  return text;
}

// Few instants, so many ties; gaps around half an hour and a day; every type and item often.
inline std::vector<Event> random_events(std::uint32_t seed, int users, int events) {
  std::mt19937 random(seed);
  const auto below = [&](unsigned n) { return static_cast<int>(random() % n); };
  std::map<int, std::int64_t> clock;
  std::vector<Event> stream;
  for (int i = 0; i < events; ++i) {
    const int user = below(static_cast<unsigned>(users));
    std::int64_t& time = clock.try_emplace(user, kBase + below(600) * kMinute).first->second;
    constexpr std::int64_t kSteps[] = {0, 0, 0, 10, 40, 60, 120, 400, 900, 1800, 1801, 7200, 40'000, 86'400, 86'401};
    time += kSteps[below(below(3) == 0 ? 15 : 9)] * 1'000'000;
    constexpr int kOften[] = {0, 0, 1, 1, 1, 1, 2, 3};
    const int type = kOften[below(8)];
    stream.push_back({"u" + std::to_string(user), time, type, below(9) == 0 ? "" : "i" + std::to_string(below(12))});
    if (below(12) == 0) stream.push_back(stream.back());
    if (below(10) == 0) std::swap(stream.back(), stream[static_cast<std::size_t>(below(static_cast<unsigned>(stream.size())))]);
  }
  return stream;
}

struct Token {
  int type;  // -1 for one without an id that is not told by the events at its instant
  std::uint32_t item;
  std::int64_t time_us;
};
struct Row {
  std::string user;
  std::uint32_t number;
  bool treated, outcome;
  std::int64_t start_us, t0_us;  // t0 is the start where there is none
  std::vector<Token> x, history;
  std::uint32_t padding;
  [[nodiscard]] double length() const { return static_cast<double>(x.size() + padding); }
};

struct Audited {
  Plan plan;
  std::vector<Event> events;
  std::vector<Row> rows;
  std::vector<std::vector<std::uint32_t>> parts;
  json audit, report;
  std::string text;
};

inline Audited run(const std::string& plan, std::vector<Event> events) {
  Audited out{support::plan_of(plan), std::move(events), {}, {}, {}, {}, {}};
  Run made(out.plan, WithAudit::kYes);
  EXPECT_TRUE(support::feed(made.reader(), {csv(out.events)}).ok());
  const Status status = run_to_end(made);
  EXPECT_TRUE(status.ok()) << (status.ok() ? "" : status.error().message);
  const SequenceTable& table = made.table;
  // By name; a type that no training X holds has no id, and is told by the events of its user at its instant.
  const std::vector<std::string>& names = made.vocabulary.types;
  const auto type_named = [](const std::string& name) {
    for (int type = 0; type < 4; ++type) {
      if (name == kTypes[type]) return type;
    }
    return -1;
  };
  const auto type_of = [&](const std::string& user, std::uint8_t id, std::int64_t time_us) {
    int type = type_named(names[id]);
    if (type >= 0) return type;
    for (const Event& event : out.events) {
      const bool unnamed = std::find(names.begin(), names.end(), kTypes[event.type]) == names.end();
      if (type < 0 && unnamed && event.user == user && event.time_us == time_us) type = event.type;
    }
    return type;
  };
  for (std::size_t r = 0; r < table.rows(); ++r) {
    Row row{std::string(table.users[table.user[r]]),
            table.number[r],
            table.treatment[r] == 1,
            table.outcome[r] == 1,
            table.start_us[r],
            table.has_time_zero() ? table.time_zero_us[r] : table.start_us[r],
            {},
            {},
            table.padding[r]};
    for (std::uint32_t i = table.history[r]; i < table.begin[r] + table.count[r]; ++i) {
      const Token token = {type_of(row.user, table.event_id[i], table.time_us[i]), table.item_id[i], table.time_us[i]};
      row.history.push_back(token);
      if (i >= table.begin[r]) row.x.push_back(token);
    }
    out.rows.push_back(std::move(row));
  }
  for (const auto& part : made.split.rows) out.parts.push_back(part);
  out.text = audit_json(made);
  out.audit = json::parse(out.text, nullptr, false);
  out.report = json::parse(report_json(made), nullptr, false);
  EXPECT_FALSE(out.audit.is_discarded());
  return out;
}

inline bool holds(const std::vector<Token>& tokens, int type) {
  for (const Token& token : tokens) {
    if (token.type == type) return true;
  }
  return false;
}

// Every pair of a treated and an untreated row.
inline json auc(const std::vector<double>& scores, const std::vector<bool>& arm) {
  double won = 0, pairs = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    for (std::size_t j = 0; j < scores.size(); ++j) {
      if (!arm[i] || arm[j]) continue;
      won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
      ++pairs;
    }
  }
  return pairs == 0 ? json() : json(won / pairs);
}

inline json smd(const std::vector<double>& values, const std::vector<bool>& arm) {
  double n[2] = {}, mean[2] = {}, variance[2] = {};
  for (std::size_t i = 0; i < values.size(); ++i) ++n[arm[i]], mean[arm[i]] += values[i];
  if (n[0] == 0 || n[1] == 0) return nullptr;
  for (int t = 0; t < 2; ++t) mean[t] /= n[t];
  for (std::size_t i = 0; i < values.size(); ++i) variance[arm[i]] += std::pow(values[i] - mean[arm[i]], 2);
  for (int t = 0; t < 2; ++t) variance[t] = n[t] > 1 ? variance[t] / (n[t] - 1) : 0;
  const double pooled = std::sqrt((variance[0] + variance[1]) / 2);
  if (pooled < 1e-12) return std::abs(mean[1] - mean[0]) < 1e-12 ? json(0) : json();
  return (mean[1] - mean[0]) / pooled;
}

inline ::testing::AssertionResult near(const json& expected, const json& found, double within = 1e-9) {
  if (expected.is_number() && found.is_number() &&
      std::abs(expected.get<double>() - found.get<double>()) <= within * (1 + std::abs(expected.get<double>()))) {
    return ::testing::AssertionSuccess();
  }
  if (expected == found) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << "expected " << expected.dump() << ", found " << found.dump();
}

template <class Value>
std::vector<double> scores(const std::vector<Row>& rows, Value value) {
  std::vector<double> all;
  for (const Row& row : rows) all.push_back(static_cast<double>(value(row)));
  return all;
}
inline std::vector<bool> arms(const std::vector<Row>& rows) {
  std::vector<bool> all;
  for (const Row& row : rows) all.push_back(row.treated);
  return all;
}

}  // namespace causal_sessions::brute
