#include "plan/plan.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/utf8.h"
#include "support/run.h"

namespace causal_sessions {
namespace {

using support::contains;
using support::plan_of;

// Section 3 of the design, and the keys of its repairs; the four columns are found by their names.
constexpr const char* kDefaults = R"({
  "profile": "notebook",
  "preset": null,
  "input": {
    "format": "auto",
    "separator": "auto",
    "header": "auto",
    "quote": "\"",
    "escape": null,
    "comment": null,
    "skipLines": 0,
    "encoding": "auto",
    "trim": false,
    "nulls": [],
    "rows": null,
    "files": []
  },
  "columns": {
    "user": null,
    "time": null,
    "type": null,
    "item": null,
    "knownAt": null
  },
  "time": {
    "unit": "auto",
    "zone": "UTC",
    "format": null,
    "ties": "numpy"
  },
  "events": {
    "types": [
      "auction",
      "impression",
      "click",
      "purchase"
    ],
    "withoutItem": {
      "auction": "[AUCTION]"
    },
    "unknown": "error",
    "duplicates": "keep"
  },
  "rows": {
    "bad": "error"
  },
  "data": {
    "end": null
  },
  "session": {
    "gapHours": 24,
    "minEvents": 2,
    "minEventsOf": "session",
    "maxHours": null
  },
  "treatment": {
    "type": "click",
    "propensity": null,
    "group": null,
    "groupValues": [],
    "otherTypes": [],
    "comparator": null
  },
  "outcome": {
    "type": "purchase",
    "from": "timeZero",
    "scope": "user",
    "prior": "count",
    "censored": "keep",
    "value": null,
    "valueCap": null
  },
  "index": {
    "kind": "session",
    "type": "impression",
    "minutes": 10,
    "windowMinutes": 5,
    "horizonHours": 24,
    "sameItem": false,
    "windowEnds": "window",
    "gracePeriod": "exclude",
    "washoutHours": 0,
    "controls": 1,
    "seed": 42
  },
  "sequence": {
    "maxEvents": 500,
    "keep": "first",
    "minEvents": 2,
    "padding": "auction",
    "channels": []
  },
  "covariates": {
    "columns": [],
    "minCount": 20
  },
  "vocabulary": {
    "fitOn": "all",
    "minCount": 1,
    "specialEvents": false
  },
  "split": {
    "kind": "shuffle",
    "seed": 42,
    "train": 0.7,
    "validation": 0.15,
    "test": 0.15,
    "folds": null,
    "validationFrom": null,
    "testFrom": null
  },
  "estimate": {
    "negativeControls": []
  },
  "output": {
    "csvFormulas": "harmless",
    "padTo": null
  }
})";

TEST(Plan, DefaultsAreTheNotebooks) {
  EXPECT_EQ(write_plan(Plan()), kDefaults);
  for (const char* text : {"", " \n\t", "{}", kDefaults}) EXPECT_EQ(write_plan(plan_of(text)), kDefaults) << text;
}

TEST(Plan, ReadsEveryKeyAndWritesItBack) {
  const Plan plan = plan_of(R"({
    "profile": "notebook", "input": {"format": "csv", "separator": "\t", "header": "no", "quote": "'", "escape": "\\", "comment": "#", "skipLines": 2, "encoding": "gbk", "trim": true, "nulls": ["\\N", "NULL"]},
    "columns": {"user": "Kunde", "time": 2, "type": "event", "item": null},
    "time": {"unit": "ms", "zone": "+05:30", "ties": "priority"},
    "events": {"types": ["view", "cart", "pay"], "withoutItem": {"view": "[VIEW]"}, "unknown": "drop",
               "duplicates": "keep"},
    "rows": {"bad": "error"},
    "session": {"gapHours": 0.5, "minEvents": 1, "maxHours": 12},
    "treatment": {"type": "cart"}, "outcome": {"type": "pay"}, "index": {"kind": "session"},
    "sequence": {"maxEvents": 7, "keep": "last", "minEvents": 3, "padding": "view"},
    "vocabulary": {"fitOn": "train", "minCount": 4},
    "split": {"kind": "shuffle", "seed": 4294967295, "train": 0.5, "validation": 0.25, "test": 0.25}})");
  EXPECT_EQ(plan.reading.input.format, TextFormat::kCsv);
  EXPECT_EQ(plan.reading.input.separator, '\t');
  EXPECT_EQ(plan.reading.input.header, CsvHeader::kNo);
  EXPECT_EQ(plan.reading.input.quote, '\'');
  EXPECT_EQ(plan.reading.input.escape, '\\');
  EXPECT_EQ(plan.reading.input.comment, '#');
  EXPECT_EQ(plan.reading.input.skip_lines, 2u);
  EXPECT_EQ(plan.reading.input.encoding, TextEncoding::kGbk);
  EXPECT_TRUE(plan.reading.input.trim);
  EXPECT_EQ(plan.reading.input.nulls, (std::vector<std::string>{"\\N", "NULL"}));
  EXPECT_EQ(plan.reading.bad_rows, BadRows::kError);
  EXPECT_EQ(plan.reading.columns.user.name, "Kunde");
  EXPECT_EQ(plan.reading.columns.time.number, 2u);
  EXPECT_FALSE(plan.reading.columns.item.is_set());
  EXPECT_EQ(plan.reading.time.unit, TimeUnit::kMilliseconds);
  EXPECT_EQ(plan.reading.time.zone_offset_us, 19'800'000'000);
  EXPECT_EQ(plan.order.ties, TieRule::kPriority);
  EXPECT_EQ(plan.reading.events.types, (std::vector<std::string>{"view", "cart", "pay"}));
  ASSERT_EQ(plan.reading.events.without_item.size(), 1u);
  EXPECT_EQ(plan.reading.events.without_item[0].second, "[VIEW]");
  EXPECT_EQ(plan.reading.events.unknown, UnknownTypes::kDrop);
  EXPECT_EQ(plan.session.max_gap.given, 0.5);
  EXPECT_EQ(plan.session.min_events, 1u);
  EXPECT_EQ(plan.session.max_length->us, 43'200'000'000);
  EXPECT_EQ(plan.trial.treatment, "cart");
  EXPECT_EQ(plan.trial.outcome, "pay");
  EXPECT_EQ(plan.sequence.max_events, 7u);
  EXPECT_EQ(plan.sequence.keep, KeepEvents::kLast);
  EXPECT_EQ(plan.sequence.min_events, 3u);
  EXPECT_EQ(plan.sequence.padding, "view");
  EXPECT_EQ(plan.vocabulary.fit_on, FitOn::kTrain);
  EXPECT_EQ(plan.vocabulary.min_count, 4u);
  EXPECT_EQ(plan.split.seed, 4294967295u);
  EXPECT_EQ(plan.split.train, 0.5);
  const std::string written = write_plan(plan);
  EXPECT_EQ(write_plan(plan_of(written)), written);
}

TEST(Plan, NullIsNoColumnNoPaddingAndNoLongestSession) {
  const Plan plan = plan_of(R"({"columns": {"user": null}, "sequence": {"padding": null}, "session": {"maxHours": null}})");
  EXPECT_FALSE(plan.reading.columns.user.is_set());
  EXPECT_EQ(plan.sequence.padding, "");
  EXPECT_FALSE(plan.session.max_length.has_value());
  EXPECT_EQ(write_plan(plan_of(write_plan(plan))), write_plan(plan));
}

TEST(Plan, OtherTypesNeedNoAuctions) {
  const Plan plan = plan_of(R"({"events": {"types": ["view", "cart", "pay"]}, "treatment": {"type": "cart"},
                                "outcome": {"type": "pay"}})");
  EXPECT_TRUE(plan.reading.events.without_item.empty());
  EXPECT_EQ(plan.sequence.padding, "");
  EXPECT_EQ(write_plan(plan_of(write_plan(plan))), write_plan(plan));
}

TEST(Plan, UnknownTypesThatAreAddedMayBeNamed) {
  const Plan plan = plan_of(R"({"events": {"unknown": "add", "withoutItem": {"banner": "[BANNER]"}},
                                "treatment": {"type": "cart"}, "outcome": {"type": "payment_done"}})");
  EXPECT_EQ(plan.trial.treatment, "cart");
  EXPECT_EQ(plan.reading.events.without_item[0].first, "banner");
  EXPECT_EQ(write_plan(plan_of(write_plan(plan))), write_plan(plan));
}

TEST(Plan, UnknownTypesThatAreDroppedTakeBadRowsAlong) {
  EXPECT_EQ(plan_of(R"({"events": {"unknown": "drop"}})").reading.bad_rows, BadRows::kDrop);
  EXPECT_EQ(plan_of(R"({"events": {"unknown": "add"}})").reading.bad_rows, BadRows::kError);
  EXPECT_EQ(plan_of(R"({"events": {"unknown": "drop"}, "rows": {"bad": "error"}})").reading.bad_rows, BadRows::kError);
}

TEST(Plan, NumbersMayBeEventTypes) {
  const Plan plan = plan_of(
      R"({"events": {"types": [1, 2, -3]}, "treatment": {"type": 2}, "outcome": {"type": "1"}, "sequence": {"padding": -3}})");
  EXPECT_EQ(plan.reading.events.types, (std::vector<std::string>{"1", "2", "-3"}));
  EXPECT_EQ(plan.trial.treatment, "2");
  EXPECT_EQ(plan.sequence.padding, "-3");
  EXPECT_EQ(write_plan(plan_of(write_plan(plan))), write_plan(plan));
}

TEST(Plan, WordsThatAShellHandsOver) {
  for (const char* tab : {R"("\t")", R"("tab")", R"("\t")"}) {
    EXPECT_EQ(plan_of(std::string(R"({"input": {"separator": )") + tab + "}}").reading.input.separator, '\t') << tab;
  }
  EXPECT_EQ(plan_of(R"({"input": {"nulls": "\\N"}})").reading.input.nulls, std::vector<std::string>{"\\N"});
  EXPECT_EQ(plan_of(R"({"input": {"quote": null}})").reading.input.quote, '\0');
  EXPECT_EQ(plan_of(R"({"time": {"format": "%F"}})").reading.time.format, std::vector<std::string>{"%F"});
  EXPECT_EQ(plan_of(R"({"time": {"format": null}})").reading.time.format, std::vector<std::string>());
  for (const char* format : {"\"%F\"", "[\"%F\",\"%b %d, %Y\"]"}) {
    const std::string plan = std::string(R"({"time": {"format": )") + format + "}}";
    EXPECT_TRUE(contains(write_plan(plan_of(plan)), "format")) << plan;
    EXPECT_EQ(plan_of(write_plan(plan_of(plan))).reading.time.format, plan_of(plan).reading.time.format) << plan;
  }
}

TEST(PlanRefusal, MoreLevelsOrKeysThanAnyPlanHas) {
  std::string deep = R"({"profile": )";
  for (int i = 0; i < 100'000; ++i) deep += '[';
  for (int i = 0; i < 100'000; ++i) deep += ']';
  std::string wide = R"({"events": {)";
  for (int i = 0; i < 100'000; ++i) wide += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":0";
  for (const std::string& text : {deep + "}", wide + "}}"}) {
    const Result<Plan> plan = read_plan(text);
    ASSERT_FALSE(plan.ok());
    EXPECT_EQ(plan.error().message, "the plan has more than 64 levels, or more than 1,000 keys in one object");
  }
}

// pandas.Timedelta(hours=...), whole nanoseconds of it; events have whole microseconds.
TEST(Plan, GapsAreThoseOfPandas) {
  struct Row {
    const char* hours;
    std::int64_t expected_us;
  };
  for (const Row& row :
       {Row{"24", 86'400'000'000}, Row{"0", 0}, Row{"0.5", 1'800'000'000}, Row{"0.1", 360'000'000}, Row{"2.3", 8'280'000'000},
        Row{"1.15", 4'140'000'000}, Row{"0.29", 1'044'000'000}, Row{"4.6", 16'560'000'000}, Row{"18.4", 66'240'000'000},
        Row{"4.1", 14'759'999'999}, Row{"8.2", 29'519'999'999}, Row{"586.4285714285714", 2'111'142'857'142}, Row{"1e-9", 3},
        Row{"1000000", 3'600'000'000'000'000}}) {
    const std::string hours = row.hours;
    EXPECT_EQ(plan_of(R"({"session": {"gapHours": )" + hours + "}}").session.max_gap.us, row.expected_us) << hours;
    EXPECT_EQ(plan_of(R"({"session": {"maxHours": )" + hours + "}}").session.max_length->us, row.expected_us) << hours;
  }
}

struct Refusal {
  const char* name;
  const char* plan;
  const char* column;                // where.column
  std::vector<const char*> message;  // parts of it
};

void expect_refused(const Refusal& row) {
  const Result<Plan> plan = read_plan(row.plan);
  ASSERT_FALSE(plan.ok()) << row.name;
  EXPECT_EQ(plan.error().code, ErrorCode::kBadPlan) << row.name;
  EXPECT_EQ(plan.error().where.column, row.column) << row.name;
  for (const char* part : row.message) EXPECT_TRUE(contains(plan.error().message, part)) << row.name;
}

TEST(Plan, TheCausalProfileGivesWayWhereTheRuleDoesNotFit) {
  const auto index_of = [](const char* text) { return plan_of(text).trial; };
  const Plan causal = plan_of(R"({"profile": "causal"})");
  EXPECT_EQ(causal.trial.window_ends, WindowEnds::kNextExposure);
  EXPECT_EQ(causal.trial.grace, GracePeriod::kAlign);
  EXPECT_EQ(causal.trial.washout.given, 24);
  EXPECT_EQ(causal.trial.censored, Censored::kDrop);
  EXPECT_EQ(causal.session.min_events, 1u);
  EXPECT_EQ(index_of(R"({"profile": "causal", "index": {"horizonHours": 48}})").washout.given, 48)
      << "by default it is the horizon";
  EXPECT_EQ(index_of(R"({"profile": "causal", "index": {"horizonHours": 48, "washoutHours": 0}})").washout.given, 0);
  for (const char* text :
       {R"({"profile": "causal", "index": {"windowEnds": "window"}})", R"({"profile": "causal", "index": {"kind": "landmark"}})",
        R"({"profile": "causal", "outcome": {"from": "windowEnd"}})", R"({"index": {"kind": "exposure"}})"}) {
    EXPECT_EQ(index_of(text).grace, GracePeriod::kExclude) << text;
  }
}

TEST(PlanRefusal, AnUnknownKeyAtTheTopNamesWhatIsAllowed) {
  expect_refused({"top",
                  R"({"sesion": {"gapHours": 12}})",
                  "sesion",
                  {"sesion is not a plan key; the plan has profile, preset, input, columns, time, events, rows, data, session, "
                   "treatment, outcome, "
                   "index, sequence, covariates, vocabulary, split"}});
}

TEST(PlanRefusal, RulesThatDoNotGoTogetherNameTheKey) {
  for (const Refusal& row :
       {Refusal{"align by the window",
                R"({"profile": "causal", "index": {"windowEnds": "window", "gracePeriod": "align"}})",
                "index.gracePeriod",
                {"set index.windowEnds to \"nextExposure\""}},
        Refusal{"align of a landmark",
                R"({"index": {"kind": "landmark", "gracePeriod": "align"}})",
                "index.gracePeriod",
                {"set index.kind to \"exposure\""}},
        Refusal{"align with outcomes from the window's end",
                R"({"profile": "causal", "index": {"gracePeriod": "align"}, "outcome": {"from": "windowEnd"}})",
                "outcome.from",
                {"index.gracePeriod"}},
        Refusal{"a horizon shorter than the window",
                R"({"profile": "causal", "index": {"windowMinutes": 60, "horizonHours": 0.05}})",
                "index.horizonHours",
                {"it is shorter than index.windowMinutes"}},
        Refusal{"an end that is no date", R"({"data": {"end": "soon"}})", "data.end", {"it must be a date"}},
        Refusal{"no controls", R"({"index": {"controls": 0}})", "index.controls", {"from 1 to 100"}}}) {
    expect_refused(row);
  }
}

TEST(PlanRefusal, AnUnknownNestedKeyNamesWhatIsAllowed) {
  for (const Refusal& row : {
           Refusal{"session",
                   R"({"session": {"gap": 12}})",
                   "session.gap",
                   {"session.gap is not a plan key; session has gapHours, minEvents, minEventsOf, maxHours"}},
           Refusal{"columns", R"({"columns": {"product": "x"}})", "columns.product", {"columns has user, time, type, item"}},
           Refusal{"time", R"({"time": {"timezone": "UTC"}})", "time.timezone", {"time has unit, zone, format, ties"}},
           Refusal{"events", R"({"events": {"type": []}})", "events.type", {"types, withoutItem, unknown, duplicates"}},
           Refusal{"treatment", R"({"treatment": {"types": []}})", "treatment.types", {"treatment has type"}},
           Refusal{"index", R"({"index": {"sort": "x"}})", "index.sort", {"index has kind"}},
           Refusal{"sequence", R"({"sequence": {"max": 5}})", "sequence.max", {"maxEvents, keep, minEvents, padding"}},
           Refusal{"vocabulary", R"({"vocabulary": {"min": 5}})", "vocabulary.min", {"vocabulary has fitOn, minCount"}},
           Refusal{"split", R"({"split": {"val": 0.1}})", "split.val", {"kind, seed, train, validation, test"}},
           Refusal{"other case", R"({"session": {"gaphours": 12}})", "session.gaphours", {"gapHours"}},
           Refusal{"empty name", R"({"session": {"": 12}})", "session", {"gapHours"}},
       }) {
    expect_refused(row);
  }
}

TEST(PlanRefusal, ANegativeGap) {
  expect_refused({"gap",
                  R"({"session": {"gapHours": -1}})",
                  "session.gapHours",
                  {"session.gapHours is -1; it must be a number of hours from 0"}});
}

TEST(PlanRefusal, AGapThatIsNotANumber) {
  for (const Refusal& row :
       {Refusal{"text", R"({"session": {"gapHours": "NaN"}})", "session.gapHours", {"\"NaN\"", "number of hours"}},
        Refusal{"null", R"({"session": {"gapHours": null}})", "session.gapHours", {"null", "number of hours"}},
        Refusal{"number as text", R"({"session": {"gapHours": "24"}})", "session.gapHours", {"\"24\""}},
        Refusal{"bare word", R"({"session": {"gapHours": NaN}})", "", {"not valid JSON"}},
        Refusal{"infinite", R"({"session": {"gapHours": 1e999}})", "", {"not valid JSON"}},
        Refusal{"too long", R"({"session": {"gapHours": 1000001}})", "session.gapHours", {"1000001", "1,000,000"}}}) {
    expect_refused(row);
  }
}

TEST(PlanRefusal, SharesThatDoNotSumToOne) {
  for (const Refusal& row :
       {Refusal{"above",
                R"({"split": {"train": 0.5, "validation": 0.25, "test": 0.5}})",
                "split",
                {"split.train + split.validation + split.test is 1.25; the three shares must sum to 1"}},
        Refusal{"below", R"({"split": {"train": 0.5, "validation": 0, "test": 0}})", "split", {"is 0.5"}},
        Refusal{"one share alone", R"({"split": {"train": 0.25}})", "split", {"is 0.55"}},
        Refusal{"negative", R"({"split": {"train": 1.15, "validation": -0.15}})", "split.train", {"from 0 to 1"}},
        Refusal{"share as text", R"({"split": {"train": "0.7"}})", "split.train", {"\"0.7\""}}}) {
    expect_refused(row);
  }
  EXPECT_TRUE(read_plan(R"({"split": {"train": 0.7, "validation": 0.2, "test": 0.1}})").ok());
  EXPECT_TRUE(read_plan(R"({"split": {"train": 0, "validation": 0, "test": 1}})").ok());
}

TEST(PlanRefusal, WrongTypesAndValues) {
  for (const Refusal& row : {
           Refusal{"not JSON", "{", "", {"the plan is not valid JSON"}},
           Refusal{"not UTF-8", "{\"profile\": \"caf\xE9\"}", "", {"not valid JSON"}},
           Refusal{"a list", "[]", "", {"the plan is []; it must be a JSON object"}},
           Refusal{"a number", "7", "", {"the plan is 7"}},
           Refusal{"section is a number", R"({"session": 5})", "session", {"session is 5; it must be an object"}},
           Refusal{"section is null", R"({"split": null})", "split", {"split is null; it must be an object"}},
           Refusal{"profile", R"({"profile": "other"})", "profile", {"\"other\"", "\"notebook\""}},
           Refusal{"column name empty", R"({"columns": {"user": ""}})", "columns.user", {"column name"}},
           Refusal{"column number 0", R"({"columns": {"time": 0}})", "columns.time", {"column number from 1"}},
           Refusal{"column number negative", R"({"columns": {"time": -1}})", "columns.time", {"-1"}},
           Refusal{"column list", R"({"columns": {"type": []}})", "columns.type", {"[]"}},
           Refusal{"column list of none", R"({"columns": {"type": ["a", null]}})", "columns.type", {"[\"a\",null]"}},
           Refusal{"column list of lists", R"({"columns": {"type": [["a"]]}})", "columns.type", {"[[\"a\"]]"}},
           Refusal{"column constant", R"({"columns": {"type": {"value": 3}}})", "columns.type", {"{\"value\":3}"}},
           Refusal{"rows", R"({"input": {"rows": "a..b"}})", "input.rows", {"a..b"}},
           Refusal{"rows behind a list", R"({"input": {"rows": "a[].b"}})", "input.rows", {"a list may come last"}},
           Refusal{"files", R"({"input": {"files": [{"match": "*"}]}})", "input.files", {"a list such as"}},
           Refusal{"files without a pattern",
                   R"({"input": {"files": [{"type": "a", "unit": "s"}]}})",
                   "input.files",
                   {"a list such as"}},
           Refusal{
               "files, another key", R"({"input": {"files": [{"match": "*", "kind": "a"}]}})", "input.files", {"a list such as"}},
           Refusal{"files, no type", R"({"input": {"files": [{"match": "*", "type": ""}]}})", "input.files", {"a list such as"}},
           Refusal{"files, no unit",
                   R"({"input": {"files": [{"match": "*", "unit": "auto"}]}})",
                   "input.files",
                   {"must be one of s, ms"}},
           Refusal{
               "files, no zone", R"({"input": {"files": [{"match": "*", "zone": "PST"}]}})", "input.files", {"Europe/Berlin"}},
           Refusal{"preset", R"({"preset": "ga5"})", "preset", {"\"ga4\""}},
           Refusal{"unit", R"({"time": {"unit": "minutes"}})", "time.unit", {"\"auto\", \"s\", \"ms\", \"us\", \"ns\""}},
           Refusal{"zone of no place", R"({"time": {"zone": "Europe/Atlantis"}})", "time.zone", {"Europe/Atlantis", "+02:00"}},
           Refusal{"zone, an abbreviation", R"({"time": {"zone": "PST"}})", "time.zone", {"Europe/Berlin"}},
           Refusal{"zone, a path", R"({"time": {"zone": "../../etc/passwd"}})", "time.zone", {"Europe/Berlin"}},
           Refusal{"zone, a folder", R"({"time": {"zone": "Europe"}})", "time.zone", {"Europe/Berlin"}},
           Refusal{"zone, the machine's own", R"({"time": {"zone": "localtime"}})", "time.zone", {"Europe/Berlin"}},
           Refusal{"format, a letter", R"({"time": {"format": "%d/%m/%Q"}})", "time.format", {"\"%d/%m/%Q\"", "%Q is none of"}},
           Refusal{"format, one of a list", R"({"time": {"format": ["%F", "%H:%M"]}})", "time.format", {"\"%H:%M\"", "%Y %m %d"}},
           Refusal{"format, no evening", R"({"time": {"format": "%F %H:%M %p"}})", "time.format", {"%p stands without %I"}},
           Refusal{"format empty", R"({"time": {"format": ""}})", "time.format", {"%d/%m/%Y %H:%M"}},
           Refusal{"format, no list", R"({"time": {"format": []}})", "time.format", {"at most 20"}},
           Refusal{"format number", R"({"time": {"format": 7}})", "time.format", {"time.format is 7"}},
           Refusal{"format and unit", R"({"time": {"format": "%F", "unit": "ms"}})", "time.unit", {"time.format"}},
           Refusal{"zone number", R"({"time": {"zone": 2}})", "time.zone", {"time.zone is 2"}},
           Refusal{"ties", R"({"time": {"ties": "stable"}})", "time.ties", {"\"numpy\", \"input\", \"priority\""}},
           Refusal{"no types", R"({"events": {"types": []}})", "events.types", {"1 to 254"}},
           Refusal{"types as text", R"({"events": {"types": "click"}})", "events.types", {"list"}},
           Refusal{"type twice", R"({"events": {"types": ["a", "b", "a"]}})", "events.types", {"different"}},
           Refusal{"type empty", R"({"events": {"types": ["a", ""]}})", "events.types", {"event types"}},
           Refusal{"type a fraction", R"({"events": {"types": ["a", 1.5]}})", "events.types", {"event types"}},
           Refusal{"type twice, once as a number", R"({"events": {"types": ["1", 1]}})", "events.types", {"different"}},
           Refusal{"rows.bad", R"({"rows": {"bad": "skip"}})", "rows.bad", {"\"error\", \"drop\""}},
           Refusal{"quote of two", R"({"input": {"quote": "''"}})", "input.quote", {"one printable character"}},
           Refusal{"quote a separator", R"({"input": {"quote": ";"}})", "input.quote", {"no separator"}},
           Refusal{"escape is the quote", R"({"input": {"escape": "\""}})", "input.escape", {"input.quote"}},
           Refusal{"comment of two", R"({"input": {"comment": "//"}})", "input.comment", {"one printable character"}},
           Refusal{"comment is the quote", R"({"input": {"comment": "\""}})", "input.comment", {"input.quote"}},
           Refusal{"comment is the escape", R"({"input": {"escape": "\\", "comment": "\\"}})", "input.comment", {"input.escape"}},
           Refusal{"half a line to skip", R"({"input": {"skipLines": 0.5}})", "input.skipLines", {"a whole number from 0"}},
           Refusal{"an encoding that is not read",
                   R"({"input": {"encoding": "big5"}})",
                   "input.encoding",
                   {"\"gbk\"", "\"shift_jis\""}},
           Refusal{"nulls empty text", R"({"input": {"nulls": [""]}})", "input.nulls", {"list of at most 100 texts"}},
           Refusal{"covariates.columns twice",
                   R"({"profile": "causal", "covariates": {"columns": ["a", "a"]}})",
                   "covariates.columns",
                   {"list of at most 50 different column names"}},
           Refusal{"covariates.columns a number",
                   R"({"profile": "causal", "covariates": {"columns": [3]}})",
                   "covariates.columns",
                   {"column names or paths"}},
           Refusal{"covariates.columns without a time zero",
                   R"({"covariates": {"columns": ["a"]}})",
                   "covariates.columns",
                   {"needs a time zero", "index.kind"}},
           Refusal{"columns.knownAt without a time zero",
                   R"({"columns": {"knownAt": "seen"}})",
                   "columns.knownAt",
                   {"needs a time zero", "index.kind"}},
           Refusal{"columns.knownAt of a constant",
                   R"({"profile": "causal", "columns": {"knownAt": {"value": "2025-09-05"}}})",
                   "columns.knownAt",
                   {"a time of its own"}},
           Refusal{"columns.knownAt and sessions that are cut by their length",
                   R"({"profile": "causal", "columns": {"knownAt": "seen"}, "session": {"maxHours": 3}})",
                   "session.maxHours",
                   {"columns.knownAt", "null"}},
           Refusal{"treatment.propensity with moved time zeros",
                   R"({"profile": "causal", "index": {"gracePeriod": "align"}, "treatment": {"propensity": "p"}})",
                   "treatment.propensity",
                   {"\"keep\""}},
           Refusal{"index.gracePeriod keep without a known propensity",
                   R"({"profile": "causal", "index": {"gracePeriod": "keep"}})",
                   "index.gracePeriod",
                   {"treatment.propensity"}},
           Refusal{"treatment.propensity of matches",
                   R"({"index": {"kind": "matched"}, "treatment": {"propensity": "p"}})",
                   "treatment.propensity",
                   {"exposure or landmark"}},
           Refusal{"treatment.otherTypes without a window",
                   R"({"treatment": {"otherTypes": ["auction"]}})",
                   "treatment.otherTypes",
                   {"in a window", "exposure or landmark"}},
           Refusal{"treatment.otherTypes the treatment",
                   R"({"profile": "causal", "treatment": {"otherTypes": ["click"]}})",
                   "treatment.otherTypes",
                   {"that is treatment.type"}},
           Refusal{"treatment.otherTypes unknown",
                   R"({"profile": "causal", "treatment": {"otherTypes": ["call"]}})",
                   "treatment.otherTypes",
                   {"one of events.types"}},
           Refusal{"treatment.otherTypes of an experiment",
                   R"({"profile": "causal", "treatment": {"otherTypes": ["auction"], "propensity": "p"}})",
                   "treatment.otherTypes",
                   {"no longer those that were assigned"}},
           Refusal{"treatment.comparator the exposure",
                   R"({"profile": "causal", "treatment": {"comparator": "impression"}})",
                   "treatment.comparator",
                   {"that is index.type"}},
           Refusal{"treatment.comparator without moved time zeros",
                   R"({"profile": "causal", "index": {"gracePeriod": "exclude"}, "treatment": {"comparator": "auction"}})",
                   "treatment.comparator",
                   {"just before their treatment", "\"align\""}},
           Refusal{"treatment.comparator that is dropped",
                   R"({"profile": "causal", "treatment": {"comparator": "auction", "otherTypes": ["auction"]}})",
                   "treatment.comparator",
                   {"treatment.otherTypes", "leave it out there"}},
           Refusal{"treatment.comparator empty",
                   R"({"profile": "causal", "treatment": {"comparator": ""}})",
                   "treatment.comparator",
                   {"event type"}},
           Refusal{"outcome.scope", R"({"outcome": {"scope": "visit"}})", "outcome.scope", {"\"user\"", "\"session\""}},
           Refusal{"covariates.minCount 0", R"({"covariates": {"minCount": 0}})", "covariates.minCount", {"whole number from 1"}},
           Refusal{"nulls number", R"({"input": {"nulls": 0}})", "input.nulls", {"list"}},
           Refusal{"unknown", R"({"events": {"unknown": "ignore"}})", "events.unknown", {"\"error\", \"drop\", \"add\""}},
           Refusal{"duplicates", R"({"events": {"duplicates": "perhaps"}})", "events.duplicates", {"\"keep\""}},
           Refusal{"withoutItem list", R"({"events": {"withoutItem": ["auction"]}})", "events.withoutItem", {"object"}},
           Refusal{"withoutItem [PAD]",
                   R"({"events": {"withoutItem": {"click": "[PAD]"}}})",
                   "events.withoutItem.click",
                   {"not [PAD] or [UNK]"}},
           Refusal{"withoutItem null", R"({"events": {"withoutItem": {"click": null}}})", "events.withoutItem.click", {"null"}},
           Refusal{"withoutItem of no type",
                   R"({"events": {"withoutItem": {"view": "[VIEW]"}}})",
                   "events.withoutItem.view",
                   {"\"view\" is not one of events.types (auction, impression, click, purchase)"}},
           Refusal{"minEvents 0", R"({"session": {"minEvents": 0}})", "session.minEvents", {"whole number from 1"}},
           Refusal{"minEvents 1.5", R"({"session": {"minEvents": 1.5}})", "session.minEvents", {"1.5"}},
           Refusal{"minEvents text", R"({"session": {"minEvents": "2"}})", "session.minEvents", {"\"2\""}},
           Refusal{"minEvents true", R"({"session": {"minEvents": true}})", "session.minEvents", {"true"}},
           Refusal{"maxHours", R"({"session": {"maxHours": -2}})", "session.maxHours", {"-2"}},
           Refusal{"treatment of no type",
                   R"({"treatment": {"type": "cart"}})",
                   "treatment.type",
                   {"\"cart\"", "auction, impression, click, purchase", "events.unknown"}},
           Refusal{"treatment empty", R"({"treatment": {"type": ""}})", "treatment.type", {"not empty", "whole number"}},
           Refusal{"outcome of no type",
                   R"({"events": {"types": ["view", "click"]}})",
                   "outcome.type",
                   {"\"purchase\"", "view, click"}},
           Refusal{"index kind", R"({"index": {"kind": "weekly"}})", "index.kind", {"\"session\""}},
           Refusal{"maxEvents 0", R"({"sequence": {"maxEvents": 0}})", "sequence.maxEvents", {"from 1"}},
           Refusal{"keep", R"({"sequence": {"keep": "middle"}})", "sequence.keep", {"\"first\", \"last\""}},
           Refusal{"sequence minEvents", R"({"sequence": {"minEvents": -1}})", "sequence.minEvents", {"-1"}},
           Refusal{"padding of no type", R"({"sequence": {"padding": "view"}})", "sequence.padding", {"null (no padding)"}},
           Refusal{"padding false", R"({"sequence": {"padding": false}})", "sequence.padding", {"false"}},
           Refusal{"fitOn", R"({"vocabulary": {"fitOn": "test"}})", "vocabulary.fitOn", {"\"all\", \"train\""}},
           Refusal{"minCount", R"({"vocabulary": {"minCount": 0}})", "vocabulary.minCount", {"from 1"}},
           Refusal{"split kind", R"({"split": {"kind": "random"}})", "split.kind", {"\"shuffle\""}},
           Refusal{"seed negative", R"({"split": {"seed": -1}})", "split.seed", {"0 to 4294967295"}},
           Refusal{"seed too large", R"({"split": {"seed": 4294967296}})", "split.seed", {"4294967296"}},
           Refusal{"seed fraction", R"({"split": {"seed": 0.5}})", "split.seed", {"0.5"}},
       }) {
    expect_refused(row);
  }
}

TEST(PlanRefusal, AsManyTypesAsAnIdHolds) {
  const auto plan = [](int count) {
    std::string text = R"({"events": {"types": ["click", "purchase")";
    for (int i = 2; i < count; ++i) text += ", \"t" + std::to_string(i) + '"';
    return read_plan(text + "]}}");
  };
  EXPECT_TRUE(plan(254).ok());
  EXPECT_FALSE(plan(255).ok());
}

TEST(PlanRefusal, ShowsLongValuesShortAndValid) {
  for (std::size_t before = 50; before < 60; ++before) {
    const std::string zone = std::string(before, 'x') + "日本日本日本日本";
    const Result<Plan> plan = read_plan(R"({"time": {"zone": ")" + zone + R"("}})");
    ASSERT_FALSE(plan.ok());
    EXPECT_LT(plan.error().message.size(), 200u);
    EXPECT_EQ(find_invalid_utf8(plan.error().message), plan.error().message.size()) << before;
  }
}

TEST(Plan, TheProfileCausalHasDefaultsOfItsOwn) {
  const Plan plan = plan_of(R"({"profile": "causal"})");
  EXPECT_EQ(plan.trial.kind, IndexKind::kExposure);
  EXPECT_EQ(plan.session.max_gap.given, 0.5);
  EXPECT_EQ(plan.session.min_events_of, LengthOf::kX);
  EXPECT_EQ(plan.order.ties, TieRule::kPriority);
  EXPECT_EQ(plan.order.duplicates, Duplicates::kDrop);
  EXPECT_EQ(plan.trial.prior, PriorOutcome::kExclude);
  EXPECT_EQ(plan.sequence.keep, KeepEvents::kLast);
  EXPECT_EQ(plan.sequence.padding, "");
  EXPECT_EQ(plan.vocabulary.fit_on, FitOn::kTrainX);
  EXPECT_TRUE(plan.vocabulary.special_events);
  EXPECT_EQ(plan.split.kind, SplitKind::kHash);
  EXPECT_EQ(plan.trial.follow_up_us(), 24LL * 3600 * 1'000'000);
  EXPECT_EQ(write_plan(plan_of(write_plan(plan))), write_plan(plan));
  EXPECT_EQ(plan_of(R"({"profile": "causal", "session": {"gapHours": 2}})").session.max_gap.given, 2) << "keys come after it";
}

TEST(Plan, EveryRepairCanBeSetAlone) {
  for (const char* json :
       {R"({"time": {"ties": "priority"}})", R"({"events": {"duplicates": "drop"}})", R"({"session": {"minEventsOf": "x"}})",
        R"({"outcome": {"prior": "ignore"}})", R"({"outcome": {"prior": "exclude"}})", R"({"outcome": {"censored": "drop"}})",
        R"({"index": {"kind": "exposure"}})", R"({"index": {"kind": "landmark", "minutes": 3}})",
        R"({"index": {"kind": "matched", "seed": 7}})", R"({"index": {"kind": "exposure", "sameItem": true}})",
        R"({"index": {"kind": "exposure"}, "outcome": {"from": "windowEnd"}})", R"({"sequence": {"padding": null}})",
        R"({"sequence": {"channels": ["gap", "hour", "weekday"]}})", R"({"vocabulary": {"fitOn": "trainX", "minCount": 2}})",
        R"({"vocabulary": {"specialEvents": true}})", R"({"split": {"kind": "hash", "folds": 4}})",
        R"({"split": {"kind": "folds"}})", R"({"split": {"kind": "time"}})",
        R"({"split": {"kind": "time", "validationFrom": "2025-09-12", "testFrom": "2025-09-14 12:00"}})"}) {
    const Plan plan = plan_of(json);
    EXPECT_EQ(write_plan(plan_of(write_plan(plan))), write_plan(plan)) << json;
    EXPECT_NE(write_plan(plan), write_plan(Plan())) << json;
    EXPECT_EQ(plan.profile, "notebook") << json;
  }
  EXPECT_EQ(plan_of(R"({"index": {"kind": "landmark"}})").trial.prior, PriorOutcome::kExclude) << "with a time zero, by default";
  EXPECT_EQ(plan_of(R"({"split": {"kind": "folds"}})").split.folds, 5u);
}

TEST(PlanRefusal, OfWhatHasNoMeaning) {
  for (const auto& [json, part] : std::vector<std::pair<const char*, const char*>>{
           {R"({"profile": "Causal"})", R"(profile is "Causal"; allowed: "notebook", "causal")"},
           {R"({"index": {"kind": "exposure"}, "outcome": {"prior": "count"}})",
            "with a time zero (index.kind) only what follows it counts"},
           {R"({"outcome": {"from": "windowEnd"}})", "that needs a time zero"},
           {R"({"index": {"sameItem": true}})", "only an exposure has items of its own"},
           {R"({"index": {"kind": "exposure", "type": "view"}})", "it must be one of events.types"},
           {R"({"index": {"kind": "exposure", "type": "click"}})", "that is treatment.type"},
           {R"({"treatment": {"type": "purchase"}})", R"(outcome.type is "purchase"; that is treatment.type)"},
           {R"({"index": {"kind": "exposure"}, "outcome": {"type": "impression"}})",
            R"(outcome.type is "impression"; that is index.type)"},
           {R"({"index": {"windowMinutes": 0}})", "it must be a number of minutes above 0"},
           {R"({"index": {"horizonHours": -1}})", "it must be a number of hours above 0"},
           {R"({"sequence": {"channels": ["gap", "gap"]}})", "a channel is named twice"},
           {R"({"sequence": {"channels": ["day"]}})", "allowed: \"gap\", \"hour\", \"weekday\", \"toTimeZero\""},
           {R"({"sequence": {"channels": "gap"}})", "it must be a list"},
           {R"({"sequence": {"channels": ["toTimeZero"]}})", "needs a time zero"},
           {R"({"split": {"testFrom": "2025-09-14"}})", "that needs split.kind \"time\""},
           {R"({"split": {"kind": "time", "testFrom": "2025-09-14"}})", "give both dates"},
           {R"({"split": {"kind": "time", "validationFrom": "soon", "testFrom": "2025-09-14"}})", "it must be a date such as"},
           {R"({"split": {"kind": "time", "validationFrom": "2025-09-15", "testFrom": "2025-09-14"}})",
            "it must not be before validationFrom"},
           {R"({"split": {"folds": 1}})", "it must be a whole number from 2 to 1000"},
           {R"({"vocabulary": {"specialEvents": 1}})", "it must be true or false"}}) {
    const Result<Plan> plan = read_plan(json);
    ASSERT_FALSE(plan.ok()) << json;
    EXPECT_TRUE(contains(plan.error().message, part)) << json;
  }
}

}  // namespace
}  // namespace causal_sessions
