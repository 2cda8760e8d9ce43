#include "ingest/reading_options.h"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "support/run.h"

namespace causal_sessions {
namespace {

using nlohmann::ordered_json;

// Every key of a plan as section.key; events.withoutItem, whose keys are types, is one.
std::set<std::string> all_keys() {
  std::set<std::string> keys;
  const ordered_json plan = ordered_json::parse(write_plan(Plan()));
  for (const auto& [section, values] : plan.items()) {
    if (!values.is_object()) {
      keys.insert(section);
      continue;
    }
    for (const auto& [key, value] : values.items()) keys.insert(section + "." + key);
  }
  return keys;
}

struct Other {
  const char* plan;  // differs from the default in this key alone
  bool same;
};

// A key that is new in the plan has to be added here: whoever adds it decides whether reading asks for it.
const std::map<std::string, Other>& others() {
  static const std::map<std::string, Other> kOthers = {
      {"input.format", {R"({"input": {"format": "json"}})", false}},
      {"input.separator", {R"({"input": {"separator": ";"}})", false}},
      {"input.header", {R"({"input": {"header": "no"}})", false}},
      {"columns.user", {R"({"columns": {"user": "who"}})", false}},
      {"columns.time", {R"({"columns": {"time": "when"}})", false}},
      {"columns.type", {R"({"columns": {"type": 3}})", false}},
      {"columns.item", {R"({"columns": {"item": 4}})", false}},
      {"time.unit", {R"({"time": {"unit": "ms"}})", false}},
      {"input.quote", {R"({"input": {"quote": null}})", false}},
      {"input.escape", {R"({"input": {"escape": "\\"}})", false}},
      {"input.comment", {R"({"input": {"comment": "#"}})", false}},
      {"input.skipLines", {R"({"input": {"skipLines": 1}})", false}},
      {"input.encoding", {R"({"input": {"encoding": "gbk"}})", false}},
      {"input.trim", {R"({"input": {"trim": true}})", false}},
      {"input.nulls", {R"({"input": {"nulls": ["NULL"]}})", false}},
      {"rows.bad", {R"({"rows": {"bad": "drop"}})", false}},
      {"time.zone", {R"({"time": {"zone": "+02:00"}})", false}},
      {"time.format", {R"({"time": {"format": "%d/%m/%Y"}})", false}},
      {"time.ties", {R"({"time": {"ties": "priority"}})", true}},
      {"events.types", {R"({"events": {"types": ["auction", "click", "impression", "purchase"]}})", false}},
      {"events.withoutItem", {R"({"events": {"withoutItem": {"auction": "[OTHER]"}}})", false}},
      {"events.unknown", {R"({"events": {"unknown": "drop"}})", false}},
      {"events.duplicates", {R"({"events": {"duplicates": "drop"}})", true}},
      {"profile", {R"({"profile": "causal"})", true}},
      {"session.gapHours", {R"({"session": {"gapHours": 1}})", true}},
      {"session.minEvents", {R"({"session": {"minEvents": 3}})", true}},
      {"preset", {R"({"preset": "rees46"})", false}},
      {"input.rows", {R"({"input": {"rows": "data"}})", false}},
      {"input.files", {R"({"input": {"files": [{"match": "*", "type": "click"}]}})", false}},
      {"session.minEventsOf", {R"({"session": {"minEventsOf": "x"}})", true}},
      {"session.maxHours", {R"({"session": {"maxHours": 5}})", true}},
      {"treatment.type", {R"({"treatment": {"type": "impression"}})", true}},
      {"treatment.propensity", {R"({"index": {"kind": "exposure"}, "treatment": {"propensity": "p"}})", false}},
      {"treatment.group",
       {R"({"index": {"kind": "exposure"}, "treatment": {"group": "category", "groupValues": ["shoes"]}})", false}},
      {"treatment.groupValues",
       {R"({"index": {"kind": "exposure"}, "treatment": {"group": "category", "groupValues": ["hats"]}})", false}},
      {"treatment.otherTypes", {R"({"index": {"kind": "exposure"}, "treatment": {"otherTypes": ["auction"]}})", true}},
      {"treatment.comparator", {R"({"profile": "causal", "treatment": {"comparator": "auction"}})", true}},
      {"outcome.type", {R"({"outcome": {"type": "impression"}})", true}},
      {"outcome.value", {R"({"index": {"kind": "exposure"}, "outcome": {"value": "price"}})", false}},
      {"outcome.valueCap", {R"({"index": {"kind": "exposure"}, "outcome": {"value": "price", "valueCap": 5}})", false}},
      {"outcome.scope", {R"({"outcome": {"scope": "session"}})", true}},
      {"outcome.from", {R"({"index": {"kind": "landmark"}, "outcome": {"from": "windowEnd"}})", true}},
      {"outcome.prior", {R"({"outcome": {"prior": "exclude"}})", true}},
      {"outcome.censored", {R"({"outcome": {"censored": "drop"}})", true}},
      {"index.kind", {R"({"index": {"kind": "matched"}})", true}},
      {"index.type", {R"({"index": {"type": "auction"}})", true}},
      {"index.minutes", {R"({"index": {"minutes": 3}})", true}},
      {"index.windowMinutes", {R"({"index": {"windowMinutes": 3}})", true}},
      {"index.horizonHours", {R"({"index": {"horizonHours": 3}})", true}},
      {"index.sameItem", {R"({"index": {"kind": "exposure", "sameItem": true}})", true}},
      {"index.windowEnds", {R"({"index": {"windowEnds": "nextExposure"}})", true}},
      {"index.gracePeriod", {R"({"index": {"kind": "exposure", "windowEnds": "nextExposure", "gracePeriod": "align"}})", true}},
      {"index.washoutHours", {R"({"index": {"washoutHours": 3}})", true}},
      {"index.controls", {R"({"index": {"controls": 3}})", true}},
      {"data.end", {R"({"data": {"end": "2025-09-20"}})", true}},
      {"index.seed", {R"({"index": {"seed": 7}})", true}},
      {"sequence.maxEvents", {R"({"sequence": {"maxEvents": 7}})", true}},
      {"sequence.keep", {R"({"sequence": {"keep": "last"}})", true}},
      {"sequence.minEvents", {R"({"sequence": {"minEvents": 7}})", true}},
      {"sequence.padding", {R"({"sequence": {"padding": null}})", true}},
      {"sequence.channels", {R"({"sequence": {"channels": ["gap"]}})", true}},
      {"columns.knownAt", {R"({"index": {"kind": "exposure"}, "columns": {"knownAt": "seen"}})", false}},
      {"covariates.columns", {R"({"index": {"kind": "exposure"}, "covariates": {"columns": ["price"]}})", false}},
      {"covariates.minCount", {R"({"covariates": {"minCount": 7}})", true}},
      {"vocabulary.fitOn", {R"({"vocabulary": {"fitOn": "train"}})", true}},
      {"vocabulary.minCount", {R"({"vocabulary": {"minCount": 2}})", true}},
      {"vocabulary.specialEvents", {R"({"vocabulary": {"specialEvents": true}})", true}},
      {"split.kind", {R"({"split": {"kind": "hash"}})", true}},
      {"split.seed", {R"({"split": {"seed": 7}})", true}},
      {"split.train", {R"({"split": {"train": 0.6, "test": 0.25}})", true}},
      {"split.validation", {R"({"split": {"validation": 0.1, "test": 0.2}})", true}},
      {"split.test", {R"({"split": {"test": 0.1, "train": 0.75}})", true}},
      {"split.folds", {R"({"split": {"folds": 3}})", true}},
      {"split.validationFrom",
       {R"({"split": {"kind": "time", "validationFrom": "2025-01-01", "testFrom": "2025-02-01"}})", true}},
      {"split.testFrom", {R"({"split": {"kind": "time", "validationFrom": "2025-01-01", "testFrom": "2025-03-01"}})", true}},
      {"estimate.negativeControls", {R"({"estimate": {"negativeControls": ["auction"]}})", true}},
      {"output.csvFormulas", {R"({"output": {"csvFormulas": "keep"}})", true}},
      {"output.padTo", {R"({"output": {"padTo": 7}})", true}},
  };
  return kOthers;
}

TEST(ReadingOptions, EveryKeyOfAPlanIsDecided) {
  for (const std::string& key : all_keys()) EXPECT_TRUE(others().contains(key)) << key;
  for (const auto& [key, other] : others()) {
    EXPECT_TRUE(all_keys().contains(key)) << key;
    const Plan plan = support::plan_of(other.plan);
    EXPECT_NE(write_plan(plan), write_plan(Plan())) << key;
    EXPECT_EQ(Plan().reading == plan.reading, other.same) << key;
    EXPECT_EQ(plan.reading == Plan().reading, other.same) << key;
    EXPECT_TRUE(plan.reading == plan.reading) << key;
  }
}

TEST(ReadingOptions, WhatIsWrittenOtherwiseReadsAlike) {
  const auto same = [](const char* one, const char* other) {
    return support::plan_of(one).reading == support::plan_of(other).reading;
  };
  EXPECT_TRUE(same(R"({"time": {"zone": "UTC"}})", R"({"time": {"zone": "+00:00"}})"));
  EXPECT_TRUE(same(R"({"time": {"zone": "Etc/UTC"}})", R"({"time": {"zone": "UTC"}})"));
  EXPECT_TRUE(same(R"({"time": {"zone": "Asia/Kolkata"}})", R"({"time": {"zone": "+05:30"}})"));
  EXPECT_TRUE(same(R"({"time": {"zone": "Europe/Berlin"}})", R"({"time": {"zone": "europe/berlin"}})"));
  EXPECT_FALSE(same(R"({"time": {"zone": "Europe/Berlin"}})", R"({"time": {"zone": "+01:00"}})"));
  EXPECT_FALSE(same(R"({"time": {"zone": "Europe/Berlin"}})", R"({"time": {"zone": "Europe/London"}})"));
  EXPECT_TRUE(same(R"({"time": {"format": ["%F"]}})", R"({"time": {"format": "%F"}})"));
  // Reading asks for the tokens alone, which no item may be named like.
  EXPECT_TRUE(same(R"({"events": {"withoutItem": {"auction": "[A]"}}})", R"({"events": {"withoutItem": {"click": "[A]"}}})"));
  EXPECT_FALSE(same(R"({"events": {"withoutItem": {"auction": "[A]"}}})", R"({"events": {"withoutItem": {}}})"));
}

}  // namespace
}  // namespace causal_sessions
