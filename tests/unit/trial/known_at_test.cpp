// When events became known: how the column is read, and what a row knows by it. tests/property/known_at_test.cpp has the rules.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "ingest/inspection/inspect.h"
#include "sequence/session_row.h"
#include "support/run.h"
#include "trial/known_events.h"

namespace causal_sessions::known_at {
namespace {

using support::contains;
using support::Input;

// Each instant of exposures is a row, and all users train. `column`: columns.knownAt, as JSON.
Plan plan_of(const std::string& column, const std::string& more = "") {
  return support::plan_of(
      R"({"profile": "causal", "columns": {"knownAt": )" + column +
      R"(}, "index": {"washoutHours": 0, "gracePeriod": "exclude"}, "outcome": {"censored": "keep", "prior": "ignore"},
      "split": {"kind": "hash", "train": 1, "validation": 0, "test": 0})" +
      more + "}");
}

struct Ran : support::Ran {
  using support::Ran::Ran;

  // The items of X of each row, a bar behind each row.
  [[nodiscard]] std::string items() const {
    std::string text;
    for (std::uint32_t row = 0; row < made.table.rows(); ++row) {
      for_each_token(made.table, row, [&](const Token& token) { text.append(made.vocabulary.text(token.item_id)) += ' '; });
      text += "| ";
    }
    return text;
  }
};

// Two exposures before the third; the first became known at once, the second after the third.
std::string three(const std::vector<std::string>& times, const std::vector<std::string>& known) {
  std::string text = "user,time,type,item,seen\n";
  for (std::size_t i = 0; i < 3; ++i) text += "a," + times[i] + ",impression,i" + std::to_string(i + 1) + "," + known[i] + "\n";
  return text;
}
constexpr const char* kLate = "i1 | i1 i2 | i1 i3 | ";

TEST(KnownAtColumn, IsReadInEveryFormOfTimes) {
  const std::vector<std::string> iso = {"2025-09-05 10:00:00", "2025-09-05 10:01:00", "2025-09-05 10:02:00"};
  const auto items = [](const Plan& plan, const std::string& text) {
    const Ran ran(plan, {{text}});
    return ran.error ? ran.message() : ran.items();
  };
  const Plan plain = plan_of(R"("seen")");
  EXPECT_EQ(items(plain, three(iso, {iso[0], "2025-09-05 10:05:00", iso[2]})), kLate);
  EXPECT_EQ(items(plain, three(iso, {iso[0], "2025-09-05T12:05:00+02:00", "2025-09-05T10:02:00Z"})), kLate);
  EXPECT_EQ(items(plain, three(iso, {"1757066400", "1757066700", "1757066520"})), kLate) << "numbers beside texts";
  EXPECT_EQ(items(plain, three(iso, {"1757066400000", "1757066700123", "1757066520000"})), kLate) << "another unit";
  EXPECT_EQ(items(plain, three(iso, {"1757066400.5", "1757066520.25", "1757066520"})), kLate) << "by a quarter of a second";
  EXPECT_EQ(items(plain, three(iso, {iso[0], iso[2], iso[2]})), "i1 | i1 i2 | i1 i2 i3 | ") << "at time zero itself";
  const Plan berlin = plan_of(R"("seen")", R"(, "time": {"zone": "Europe/Berlin"})");
  EXPECT_EQ(items(berlin, three(iso, {iso[0], "2025-09-05T08:05:00Z", iso[2]})), kLate);
  EXPECT_EQ(items(berlin, three(iso, {iso[0], "2025-09-05T08:02:00Z", iso[2]})), "i1 | i1 i2 | i1 i2 i3 | ");
  const Plan formatted = plan_of(R"("seen")", R"(, "time": {"format": "%d/%m/%Y %H:%M"})");
  const std::vector<std::string> days = {"05/09/2025 10:00", "05/09/2025 10:01", "05/09/2025 10:02"};
  EXPECT_EQ(items(formatted, three(days, {days[0], "05/09/2025 10:05", days[2]})), kLate);
  EXPECT_EQ(items(formatted, three(days, {iso[0], "2025-09-05 10:05:00", iso[2]})), kLate) << "a form that the format is not of";
  const Plan milliseconds = plan_of(R"("seen")", R"(, "time": {"unit": "ms"})");
  const std::vector<std::string> ms = {"1757066400000", "1757066460000", "1757066520000"};
  EXPECT_EQ(items(milliseconds, three(ms, {ms[0], "1757066700000", ms[2]})), kLate);
}

TEST(KnownAtColumn, IsNamedByNameByNumberByPathAndInParts) {
  const auto items = [](const std::string& column, const Input& input, const std::string& more = "") {
    const Ran ran(plan_of(column, more), {input});
    return ran.error ? ran.message() : ran.items();
  };
  EXPECT_EQ(items(R"(5, "user": 1, "time": 2, "type": 3, "item": 4)",
                  {"a,2025-09-05 10:00:00,impression,i1,2025-09-05 10:00:00\n"
                   "a,2025-09-05 10:01:00,impression,i2,2025-09-05 10:05:00\n"
                   "a,2025-09-05 10:02:00,impression,i3,2025-09-05 10:02:00\n"},
                  R"(, "input": {"header": "no"})"),
            kLate);
  EXPECT_EQ(items(R"("meta.seen")", {R"({"user":"a","time":1757066400,"type":"impression","item":"i1","meta":{"seen":1757066400}}
{"user":"a","time":1757066460,"type":"impression","item":"i2","meta":{"seen":1757066700}}
{"user":"a","time":1757066520,"type":"impression","item":"i3","meta":{"seen":1757066520}}
)",
                                     {},
                                     "events.ndjson"}),
            kLate);
  EXPECT_EQ(items(R"(["day", "clock"])", {"user,time,type,item,clock,day\n"
                                          "a,2025-09-05 10:00:00,impression,i1,10:00:00,2025-09-05\n"
                                          "a,2025-09-05 10:01:00,impression,i2,10:05:00,2025-09-05\n"
                                          "a,2025-09-05 10:02:00,impression,i3,10:02:00,2025-09-05\n"}),
            kLate);
  // A name that the time may have is none of its then.
  EXPECT_EQ(items(R"("created_at")", {"user,timestamp,type,item,created_at\n"
                                      "a,1757066400,impression,i1,1757066400\na,1757066460,impression,i2,1757066700\n"
                                      "a,1757066520,impression,i3,1757066520\n"}),
            kLate);
}

TEST(KnownAtColumn, WhatCannotBeReadIsRefusedWithItsPlace) {
  const std::vector<std::string> times = {"1757066400", "1757066460", "1757066520"};
  const auto message = [&](const std::string& known, const std::string& column = R"("seen")", const std::string& more = "") {
    return Ran(plan_of(column, more), {{three(times, {times[0], known, times[2]})}}).message();
  };
  EXPECT_TRUE(contains(message(""), "events.csv, row 2 (line 3), column \"seen\": when the event became known is missing"));
  EXPECT_TRUE(contains(message("soon"), "row 2 (line 3), column \"seen\": \"soon\" is not a time that is read here"));
  EXPECT_TRUE(contains(message("2025-09-05"), "\"2025-09-05\" is not a time that is read here")) << "one kind in a column";
  EXPECT_TRUE(contains(message("1757066700000"), "looks like an epoch time in ms")) << "one unit in a column";
  EXPECT_TRUE(contains(message("soon", R"("seen")", R"(, "time": {"format": "%s"})"), "by time.format or without it"));
  EXPECT_TRUE(contains(message(times[1], R"("sewn")"), "there is no column \"sewn\" for when an event became known"));
  EXPECT_TRUE(
      contains(message(times[1], R"("time")"), "only the column \"time\" looks like the time, and columns.knownAt names it"));
  EXPECT_TRUE(
      contains(message(times[1], R"("time", "time": "time")"), "the column \"time\" is the time and can be nothing else"));
  EXPECT_TRUE(contains(message(times[1], R"("seen")", R"(, "covariates": {"columns": ["seen"]})"),
                       "is when an event became known and can be nothing else; take it out of covariates.columns"));
  const Ran dropped(plan_of(R"("seen")", R"(, "rows": {"bad": "drop"})"), {{three(times, {times[0], "", times[2]})}});
  EXPECT_EQ(dropped.items(), "i1 | i1 i3 | ");
  const Ran null(plan_of(R"("seen")", R"(, "input": {"nulls": ["NA"]})"), {{three(times, {times[0], "NA", times[2]})}});
  EXPECT_TRUE(contains(null.message(), "when the event became known is missing"));
  // Of several files each has to say it.
  const Ran lacks(plan_of(R"("seen")"),
                  {{three(times, times), {}, "a.csv"}, {"user,time,type,item\nb,1757066400,impression,i1\n", {}, "b.csv"}});
  EXPECT_TRUE(contains(lacks.message(), "b.csv: there is no column \"seen\""));
}

TEST(KnownAtColumn, WhatIsKnownBeforeItHappensIsTold) {
  const std::vector<std::string> times = {"1757066400", "1757066460", "1757066520"};
  const Ran ran(plan_of(R"("seen")"), {{three(times, {times[0], "1757066459", "1757066500"})}});
  EXPECT_EQ(ran.items(), "i1 | i1 i2 | i1 i2 i3 | ");
  EXPECT_TRUE(contains(ran.notice("knownBeforeEvent"), "2 events of 3 say to have become known before they happened"));
  EXPECT_EQ(ran.notice("arrivedAfterTimeZero"), "");
}

TEST(KnownAtColumn, FilesHaveTheirOwnUnitAndZone) {
  const std::vector<std::string> times = {"1757066400", "1757066460", "1757066520"};
  const Ran ran(plan_of(R"("seen")", R"(, "input": {"files": [{"match": "b*", "unit": "ms"}]})"),
                {{"user,time,type,item,seen\na,1757066400,impression,i1,1757066400\n", {}, "a.csv"},
                 {"user,time,type,item,seen\na,1757066460000,impression,i2,1757066700000\n"
                  "a,1757066520000,impression,i3,1757066520000\n",
                  {},
                  "b.csv"}});
  EXPECT_EQ(ran.message(), "");
  EXPECT_EQ(ran.items(), kLate);
}

TEST(KnownAtColumn, InspectDoesNotTakeItForTheTime) {
  Plan plan = plan_of(R"("created_at")");
  const std::string text =
      "user,created_at,when,type,item\na,1757066400,1757066400,impression,i1\na,1757066460,1757066460,click,i1\n";
  const auto guesses = [&](const ReadingOptions& options) {
    const std::string json = inspect_json("events.csv", text, true, options, 10);
    const std::size_t at = json.find("\"guesses\"");
    return json.substr(at, json.find('}', at) - at);
  };
  EXPECT_FALSE(contains(guesses(plan.reading), "created_at"));
  EXPECT_TRUE(contains(guesses(plan.reading), "\"time\":\"when\""));
}

// A copy of an event has been known since the first of both was.
TEST(KnownAt, ACopyIsKnownWithTheFirst) {
  const Ran ran(plan_of(R"("seen")"), {{"user,time,type,item,seen\n"
                                        "a,1757066400,auction,,1757069999\na,1757066410,impression,i1,1757066410\n"
                                        "a,1757066400,auction,,1757066405\n"}});
  EXPECT_EQ(ran.items(), "[AUCTION] i1 | ");
}

TEST(KnownAt, ASilenceThatWasNotBridgedThenEndsTheHistory) {
  const std::string rows =
      "user,time,type,item,seen\n"
      "a,1757066400,impression,i1,1757066400\n"
      "a,1757067600,auction,,1757099999\n"  // 20 minutes later, known much later
      "a,1757068800,impression,i2,1757068800\n";
  const Ran ran(plan_of(R"("seen")", R"(, "session": {"gapHours": 0.5})"), {{rows}});
  EXPECT_EQ(ran.items(), "i1 | i2 | ");
  EXPECT_EQ(ran.made.table.start_us[1], 1'757'068'800'000'000);
  const SequenceTable& table = ran.made.table;
  const auto value = [&](std::size_t row, std::string_view name) {
    for (std::size_t j = 0; j < table.covariate_names.size(); ++j) {
      if (table.covariate_names[j] == name) return table.covariates[row * table.covariate_names.size() + j];
    }
    for (const auto& [constant, at] : table.constant_covariates) {
      if (constant == name) return at;
    }
    return -1.0;
  };
  EXPECT_EQ(value(1, "earlier_sessions"), 1);
  EXPECT_EQ(value(1, "earlier_exposures"), 1);
  EXPECT_EQ(value(1, "span_minutes"), 0);
  EXPECT_EQ(value(1, "events_auction"), 0);
}

TEST(KnownAt, LateEventsAreToldWithAnAuditAndWithout) {
  const std::vector<std::string> times = {"1757066400", "1757066460", "1757066520"};
  const std::string text = three(times, {times[0], "1757066700", times[2]});
  const Ran ran(plan_of(R"("seen")"), {{text}});
  EXPECT_EQ(
      ran.notice("arrivedAfterTimeZero"),
      "1 event became known only behind the time zero of a row whose covariates and X would have used it, in 1 of 3 rows; by "
      "columns.knownAt they are left out there");
  const Ran audited(plan_of(R"("seen")"), {{text}}, WithAudit::kYes);
  EXPECT_EQ(audited.notice("arrivedAfterTimeZero"), "");
  const auto& findings = audited.made.audit->findings;
  const auto found = std::find_if(findings.begin(), findings.end(),
                                  [](const Finding& one) { return std::string_view(one.code) == "arrivedAfterTimeZero"; });
  ASSERT_NE(found, findings.end());
  EXPECT_EQ(found->severity, Severity::kWarning);
  EXPECT_EQ(found->message,
            "In 1 of 3 rows (33.3%) the user had done what became known only after time zero; 1 event came in so late.");
  EXPECT_EQ(found->figures.dump(), R"({"rows":1,"of":3,"share":0.3333333333333333,"events":1})");
}

}  // namespace
}  // namespace causal_sessions::known_at
