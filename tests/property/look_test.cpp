// Rows looked at one by one, on random streams: against the files that are written, and the events as they were put in.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "property/streams.h"
#include "support/run.h"

namespace causal_sessions {
namespace {

using nlohmann::json;
using reference::Event;
using streams::Dice;
using Events = std::vector<Event>;

Plan random_plan(Dice& dice) {
  static const char* const kTies[] = {"numpy", "input", "priority"};
  static const char* const kIndexes[] = {R"("kind": "session")", R"("kind": "exposure", "windowMinutes": 60)",
                                         R"("kind": "exposure", "windowMinutes": 600, "sameItem": true)",
                                         R"("kind": "landmark", "minutes": 30, "windowMinutes": 60)",
                                         R"("kind": "matched", "horizonHours": 5)"};
  static const char* const kSplits[] = {"shuffle", "hash", "time"};
  const std::string index = dice.pick(kIndexes);
  const bool session = index.find("session") != index.npos;
  static const char* const kPriors[] = {"ignore", "exclude"};
  const std::string outcome = session ? dice.chance(50) ? R"("prior": "count")" : R"("prior": "exclude")"
                                      : std::string(R"("from": ")") + (dice.chance(50) ? "timeZero" : "windowEnd") +
                                            R"(", "prior": ")" + dice.pick(kPriors) + "\"";
  return support::plan_of(
      std::string(R"({"profile": ")") + (dice.chance(50) ? "notebook" : "causal") + R"(", "time": {"ties": ")" +
      dice.pick(kTies) + R"("}, "events": {"duplicates": ")" + (dice.chance(50) ? "keep" : "drop") + R"("}, "index": {)" + index +
      R"(}, "outcome": {)" + outcome + R"(}, "session": {"minEvents": 1, "gapHours": )" + std::to_string(1 + dice.below(24)) +
      R"(, "maxHours": )" + (dice.chance(70) ? "null" : "20") + R"(}, "sequence": {"maxEvents": )" +
      std::to_string(dice.chance(50) ? 500 : 1 + dice.below(5)) + R"(, "keep": ")" + (dice.chance(50) ? "first" : "last") +
      R"(", "minEvents": )" + std::to_string(dice.below(4)) + R"(}, "split": {"kind": ")" + dice.pick(kSplits) + "\"}}");
}

struct FinishedRun {
  FinishedRun(const Plan& plan, const Events& events) : made(plan) {
    made.keep_events = true;
    EXPECT_TRUE(support::feed(made.reader(), {streams::csv_text(events)}).ok());
    const Status done = run_to_end(made);
    EXPECT_TRUE(done.ok()) << done.error().message;
    for (const char* part : {"train", "validation", "test"}) {
      std::string lines = support::output_text(made, std::string("data/").append(part).append("_sessions.jsonl"));
      for (std::size_t at = 0, end; (end = lines.find('\n', at)) != lines.npos; at = end + 1) {
        json line = json::parse(lines.substr(at, end - at), nullptr, false);
        EXPECT_FALSE(line.is_discarded()) << lines.substr(at, end - at);
        line["part"] = part;
        const auto row = line["index"].get<std::uint32_t>();
        written[row] = std::move(line);
      }
    }
  }
  [[nodiscard]] json look_at(std::uint32_t row) const { return json::parse(session_view_json(made, row)); }
  [[nodiscard]] json list(const json& query) const { return json::parse(list_sessions_json(made, query.dump())); }

  Run made;
  std::map<std::uint32_t, json> written;  // by row
};

// The tokens of X as the files have them.
json sequence_of(const json& view) {
  json sequence = json::array();
  for (const json& event : view["events"]) {
    if (event["role"] != "x") continue;
    const std::int64_t since = event["timeUs"].get<std::int64_t>() - view["startUs"].get<std::int64_t>();
    sequence.push_back({event["eventId"], event["itemId"], minutes_from_us(since)});
  }
  const json& padding = view["padding"];
  for (int i = 0; i < (padding.is_null() ? 0 : padding["tokens"].get<int>()); ++i) {
    sequence.push_back({padding["eventId"], padding["itemId"], 0.0});
  }
  return sequence;
}

using Moment = std::tuple<std::int64_t, std::string, std::string>;

// The session's events as they were put in: those of the user from its first to its last, by time; of equal ones one.
std::vector<Moment> put_in(const Plan& plan, const Events& events, const json& view) {
  std::vector<Moment> moments;
  const std::int64_t first = view["startUs"], last = view["events"].back()["timeUs"];
  for (const Event& event : events) {
    if (event.user == view["user"].get<std::string>() && event.time_us >= first && event.time_us <= last)
      moments.push_back({event.time_us, event.type, event.item});
  }
  std::sort(moments.begin(), moments.end());
  if (plan.order.duplicates == Duplicates::kDrop) moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
  return moments;
}

std::vector<Moment> seen_in(const json& view) {
  std::vector<Moment> moments;
  for (const json& event : view["events"]) {
    moments.push_back({event["timeUs"], event["type"], event["item"].is_null() ? "" : event["item"].get<std::string>()});
  }
  std::sort(moments.begin(), moments.end());
  return moments;
}

// The first time of a type of the user's events in (from, to], of some items; none: null.
json first_time(const Events& events, const json& view, const std::string& type, std::int64_t from, std::int64_t to,
                const std::set<std::string>* items = nullptr) {
  json first;
  for (const Event& event : events) {
    if (event.user != view["user"].get<std::string>() || event.type != type || event.time_us <= from || event.time_us > to)
      continue;
    if (items != nullptr && !items->contains(event.item)) continue;
    if (first.is_null() || event.time_us < first.get<std::int64_t>()) first = event.time_us;
  }
  return first;
}

// T and Y of a design with a time zero.
void expect_follow_up(const Plan& plan, const Events& events, const json& view) {
  const std::int64_t t0 = view["timeZeroUs"];
  std::int64_t exposure = INT64_MIN;
  for (const json& event : view["events"]) {
    if (event["timeUs"] <= t0 && event["type"] == plan.trial.exposure) exposure = event["timeUs"];
  }
  if (plan.trial.kind != IndexKind::kExposure) exposure = t0;
  std::int64_t window_end = exposure + plan.trial.window.us;
  const json next = first_time(events, view, plan.trial.exposure, exposure, window_end);
  if (plan.trial.window_ends == WindowEnds::kNextExposure && !next.is_null()) window_end = next;
  const bool strict = plan.trial.from == OutcomeFrom::kWindowEnd, matched = plan.trial.kind == IndexKind::kMatched;
  const std::int64_t from = strict ? t0 + plan.trial.window.us : t0;
  EXPECT_EQ(view["windowEndUs"], matched && !strict ? json() : json(window_end));
  EXPECT_EQ(view["horizonEndUs"], from + plan.trial.horizon.us);
  std::set<std::string> items;
  for (const json& event : view["events"]) {
    if (event["timeUs"] == exposure && event["type"] == plan.trial.exposure && !event["item"].is_null())
      items.insert(event["item"]);
  }
  if (plan.trial.grace == GracePeriod::kAlign && view["treatment"] == 0) {
    EXPECT_TRUE(view["treatmentUs"].is_null());  // one may follow an outcome inside the window
  } else if (!matched) {
    EXPECT_EQ(view["treatmentUs"],
              first_time(events, view, plan.trial.treatment, exposure, window_end, plan.trial.same_item ? &items : nullptr));
  } else {
    EXPECT_EQ(view["treatmentUs"], view["treatment"] == 1 ? json(t0 + 1) : json());
  }
  EXPECT_EQ(view["outcomeUs"], first_time(events, view, plan.trial.outcome, from, from + plan.trial.horizon.us));
}

// Those of the notebook's rule.
void expect_whole_session(const Plan& plan, const json& view) {
  json treatment, outcome;
  for (const json& event : view["events"]) {
    if (treatment.is_null() && event["type"] == plan.trial.treatment) treatment = event["timeUs"];
    const bool counts = plan.trial.prior == PriorOutcome::kCount || view["treatment"] == 0 || !treatment.is_null();
    if (outcome.is_null() && counts && event["type"] == plan.trial.outcome) outcome = event["timeUs"];
  }
  EXPECT_EQ(view["treatmentUs"], treatment);
  EXPECT_EQ(view["outcomeUs"], outcome);
  for (const char* key : {"timeZeroUs", "windowEndUs", "horizonEndUs", "trial"}) EXPECT_TRUE(view[key].is_null()) << key;
}

// Roles stand in order of time: cut, x or x, cut; then what is after.
void expect_roles(const Plan& plan, const json& view) {
  std::string roles;
  const bool timed = !view["timeZeroUs"].is_null();
  bool treated = false;
  for (std::size_t i = 0; i < view["events"].size(); ++i) {
    const json& event = view["events"][i];
    treated = treated || event["type"] == plan.trial.treatment;
    const bool after = timed ? event["timeUs"] > view["timeZeroUs"] : treated && i > 0;
    const std::string role = event["role"];
    EXPECT_EQ(role == "afterTimeZero" || role == "afterTreatment", after) << event;
    if (after) {
      EXPECT_EQ(role, timed ? "afterTimeZero" : "afterTreatment");
    }
    EXPECT_EQ(event["eventId"].is_null(), role != "x");
    EXPECT_EQ(event["itemId"].is_null(), role != "x");
    if (roles.empty() || roles.back() != role[0]) roles += role[0];
    if (event["decides"] == "treatment") {
      EXPECT_EQ(event["timeUs"], view["treatmentUs"]);
      EXPECT_EQ(event["type"], plan.trial.treatment);
    } else if (event["decides"] == "outcome") {
      EXPECT_EQ(event["timeUs"], view["outcomeUs"]);
      EXPECT_EQ(event["type"], plan.trial.outcome);
    }
  }
  if (plan.trial.kind == IndexKind::kMatched) {  // X ends at the last exposure, before time zero
    if (roles.ends_with("ca")) roles.erase(roles.size() - 2, 1);
    else if (roles.ends_with("xc")) roles.pop_back();
  }
  const std::set<std::string> kFirst = {"x", "xc", "xa", "xca"}, kLast = {"x", "cx", "xa", "cxa"};
  EXPECT_TRUE((plan.sequence.keep == KeepEvents::kFirst ? kFirst : kLast).contains(roles)) << roles;
}

// How often an event of the session is marked as the one that decides.
std::size_t marked(const json& view, const char* what) {
  return static_cast<std::size_t>(
      std::count_if(view["events"].begin(), view["events"].end(), [&](const json& e) { return e["decides"] == what; }));
}

TEST(LookAt, ShowsWhatWasWrittenAndWhy) {
  std::map<IndexKind, std::size_t> looked;
  for (std::uint32_t seed = 1; seed <= 450; ++seed) {
    Dice dice(seed);
    const Plan plan = random_plan(dice);
    streams::StreamOptions options;
    options.users = 1 + dice.below(12);
    options.events = 50 + dice.below(300);
    options.gap_us = plan.session.max_gap.us;
    options.types = plan.reading.events.types;
    Events events = streams::random_events(dice, options);
    // At one instant the tie rule decides what follows an exposure; that is tested elsewhere.
    for (std::size_t i = 0; i < events.size() && plan.trial.kind != IndexKind::kSession; ++i)
      events[i].time_us += static_cast<std::int64_t>(i);
    const FinishedRun run(plan, events);
    for (std::uint32_t row = 0; row < run.made.table.rows(); ++row) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ", row " + std::to_string(row));
      const json view = run.look_at(row);
      if (const auto found = run.written.find(row); found != run.written.end()) {
        const json& written = found->second;
        ASSERT_EQ(sequence_of(view), written["sequence"]);
        EXPECT_EQ(view["session"], written["session_id"]);
        EXPECT_EQ(view["user"], written["user_id"]);
        EXPECT_EQ(view["part"], written["part"]);
        EXPECT_EQ(view["length"], written["sequence_length"]);
        EXPECT_EQ(view["treatment"], written["treatment"]);
        EXPECT_EQ(view["outcome"], written["outcome"]);
      } else {
        EXPECT_EQ(plan.split.kind, SplitKind::kTime);
        EXPECT_TRUE(view["part"].is_null());
      }
      EXPECT_EQ(view["startUs"], view["events"][0]["timeUs"]);
      if (!plan.session.max_length) {  // a cut between equal times would need the order
        ASSERT_EQ(seen_in(view), put_in(plan, events, view));
      }
      expect_roles(plan, view);
      if (plan.trial.kind == IndexKind::kSession) {
        expect_whole_session(plan, view);
      } else {
        expect_follow_up(plan, events, view);
      }
      EXPECT_EQ(view["treatmentUs"].is_null(), view["treatment"] == 0);
      EXPECT_EQ(view["outcomeUs"].is_null(), view["outcome"] == 0);
      for (const char* what : {"treatment", "outcome"}) {
        const json& time = view[std::string(what) + "Us"];
        const bool inside = !time.is_null() && time <= view["events"].back()["timeUs"];
        EXPECT_EQ(marked(view, what), inside ? 1u : 0u) << what;
      }
      ++looked[plan.trial.kind];
    }
  }
  for (const IndexKind kind : {IndexKind::kSession, IndexKind::kExposure, IndexKind::kLandmark, IndexKind::kMatched}) {
    EXPECT_GT(looked[kind], 100u) << static_cast<int>(kind);
  }
}

TEST(ListSessions, FiltersAndPages) {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    Dice dice(seed);
    const Plan plan = random_plan(dice);
    streams::StreamOptions options;
    options.users = 15;
    options.events = 200;
    options.types = plan.reading.events.types;
    const FinishedRun run(plan, streams::random_events(dice, options));
    json all = json::array();
    for (std::uint32_t row = 0; row < run.made.table.rows(); ++row) all.push_back(run.look_at(row));
    for (int i = 0; i < 20; ++i) {
      json query = json::object();
      if (dice.chance(30)) query["part"] = kPartNames[dice.below(kParts)];
      if (dice.chance(30)) query["treatment"] = dice.below(2);
      if (dice.chance(30)) query["outcome"] = dice.below(2);
      if (dice.chance(60) && !all.empty()) {
        const std::string id = all[dice.below(all.size())]["session"];
        const std::size_t at = dice.below(id.size());
        query["text"] = id.substr(at, 1 + dice.below(id.size() - at));
        if (json(query["text"]).dump(-1, ' ', false, json::error_handler_t::replace).find("\xEF\xBF\xBD") != std::string::npos)
          query.erase("text");  // cut inside of a character
      }
      if (dice.chance(50)) query["offset"] = dice.below(5);
      if (dice.chance(50)) query["limit"] = dice.below(5);
      json expected = json::array();
      std::size_t total = 0;
      for (const json& view : all) {
        bool wanted = view["session"].get<std::string>().find(query.value("text", "")) != std::string::npos;
        for (const char* key : {"part", "treatment", "outcome"}) wanted &= !query.contains(key) || query[key] == view[key];
        if (!wanted) continue;
        if (total >= query.value("offset", 0u) && expected.size() < query.value("limit", 50u)) expected.push_back(view["row"]);
        ++total;
      }
      const json found = run.list(query);
      EXPECT_EQ(found["total"], total) << query;
      ASSERT_EQ(found["sessions"].size(), expected.size()) << query;
      for (std::size_t at = 0; at < expected.size(); ++at) {
        EXPECT_EQ(found["sessions"][at]["row"], expected[at]) << query;
        const json& view = all[expected[at].get<std::size_t>()];
        for (const auto& [key, value] : found["sessions"][at].items()) EXPECT_EQ(value, view[key]) << key;
      }
    }
  }
}

}  // namespace
}  // namespace causal_sessions
