// What a run tells of data that it took although something may be wrong.
#include "ingest/build/reading_notices.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "support/run.h"

namespace causal_sessions {
namespace {

using nlohmann::json;
using support::contains;
using support::plan_of;

const std::string kHeader = "user_id,event_timestamp,event_type,product_id\n";

// The notices of a run, by code; the whole of what went wrong as a failure.
json notices_of(const std::string& plan, const std::vector<support::Input>& inputs) {
  const support::Outcome outcome = support::run(plan_of(plan), inputs);
  EXPECT_TRUE(outcome.ok()) << outcome.message();
  json by_code = json::object();
  if (!outcome.ok()) return by_code;
  const json report = json::parse(outcome.report);
  for (const json& notice : report["notices"]) by_code[notice["code"].get<std::string>()] = notice;
  return by_code;
}
json notices_of(const std::string& plan, const std::string& rows) {
  return notices_of(plan, std::vector<support::Input>{{kHeader + rows}});
}

TEST(ReadingNotices, CleanDataHasNone) {
  json notices =
      notices_of("", "u,2025-09-01 10:00:00,impression,7\nu,2025-09-01 10:00:01,click,7\nu,2025-09-01 10:00:02,purchase,7\n");
  EXPECT_TRUE(notices.empty()) << notices;
}

TEST(ReadingNotices, TextsThatStandForAMissingValue) {
  const std::string rows =
      "\\N,2025-09-01 10:00:00,impression,\\N\n\\N,2025-09-01 10:00:01,click,1\nNULL,2025-09-01 "
      "10:00:02,purchase,1\nu,2025-09-01 10:00:03,click,1\n";
  const json notice = notices_of("", rows)["nullMarkers"];
  EXPECT_EQ(notice["counts"], json::parse(R"({"users": 3, "items": 1})"));
  EXPECT_EQ(notice["key"], "input.nulls");
  EXPECT_TRUE(contains(notice["message"].get<std::string>(),
                       "3 events of 4 have the user \"\\N\", \"NULL\", each of which counts as one person"));
  // Named in the plan, they are missing: rows without a user are bad rows, an item may be missing.
  const support::Outcome refused = support::run(plan_of(R"({"input": {"nulls": ["\\N", "NULL"]}})"), kHeader + rows);
  EXPECT_TRUE(contains(refused.message(), "the user is missing. 3 rows of 4 cannot be used: 3 with no user"));
  const json dropped = notices_of(R"({"input": {"nulls": ["\\N", "NULL"]}, "rows": {"bad": "drop"}})", rows);
  EXPECT_FALSE(dropped.contains("nullMarkers"));
  EXPECT_EQ(dropped["rowsLeftOut"]["counts"], json::parse(R"({"rows": 3, "of": 4})"));
}

TEST(ReadingNotices, NullsStandForAMissingTimeTypeAndItem) {
  const std::string rows =
      "u,-,click,1\nu,2025-09-01 10:00:01,-,1\nu,2025-09-01 10:00:02,purchase,-\nu,2025-09-01 10:00:03,click,1\n";
  const support::Outcome outcome = support::run(plan_of(R"({"input": {"nulls": "-"}, "rows": {"bad": "drop"}})"), kHeader + rows);
  ASSERT_TRUE(outcome.ok()) << outcome.message();
  EXPECT_TRUE(contains(outcome.report, "\"missingTime\": 1"));
  EXPECT_TRUE(contains(outcome.report, "\"missingType\": 1"));
  EXPECT_FALSE(contains(outcome.vocabulary, "\"-\""));
}

TEST(ReadingNotices, OneIdInTwoForms) {
  const json notice = notices_of(
      "",
      "7,2025-09-01 10:00:00,impression,101.0\n7.0,2025-09-01 10:00:01,click,101\nTrue,2025-09-01 10:00:02,purchase,1\n"
      "true,2025-09-01 10:00:02,purchase,2.0\n")["idsInTwoForms"];
  EXPECT_EQ(notice["counts"], json::parse(R"({"users": 2, "items": 1})"));
  EXPECT_TRUE(contains(notice["message"].get<std::string>(),
                       "2 users may be written in two ways, as in \"7\" and \"7.0\"; 1 item may be written in two ways"));
}

TEST(ReadingNotices, IdsThatDifferByWhatASpreadsheetTakesAway) {
  for (const char* id : {"007", "+7", "7.00", "0007.0",
                         "\xE2\x80\x8B"
                         "7",
                         "7\xC2\xA0"}) {
    const json notices = notices_of(
        "",
        std::string(id) + ",2025-09-01 10:00:00,impression,1\n7,2025-09-01 10:00:01,click,1\n7,2025-09-01 10:00:02,purchase,1\n");
    ASSERT_TRUE(notices.contains("idsInTwoForms")) << id;
    EXPECT_EQ(notices["idsInTwoForms"]["counts"], json::parse(R"({"users": 1, "items": 0})")) << id;
  }
  for (const char* id : {"0", "00x7", "+", "70", "0x7", "+x", "-7"}) {
    EXPECT_FALSE(
        notices_of("", std::string(id) +
                           ",2025-09-01 10:00:00,impression,1\n7,2025-09-01 10:00:01,click,1\n7,2025-09-01 10:00:02,purchase,1\n")
            .contains("idsInTwoForms"))
        << id;
  }
}

// SQL Server writes UUIDs in capitals, most others in small letters. Of other ids case may be all that tells them apart.
TEST(ReadingNotices, UuidsAndAddressesInTwoCases) {
  const auto counts = [](const std::string& one, const std::string& other) {
    return notices_of("", one + ",2025-09-01 10:00:00,impression,1\n" + other + ",2025-09-01 10:00:01,click,1\n")
        .value("idsInTwoForms", json::object());
  };
  EXPECT_EQ(counts("a1b2c3d4-0000-4000-8000-00000000000a", "A1B2C3D4-0000-4000-8000-00000000000A")["counts"]["users"], 1);
  EXPECT_EQ(counts("ann@example.org", "Ann@Example.org")["counts"]["users"], 1);
  EXPECT_TRUE(counts("dQw4w9WgXcQ", "dqw4w9wgxcq").empty());
  EXPECT_TRUE(counts("A1B2C3D4-0000-4000-8000-00000000000A", "A1B2C3D4-0000-4000-8000-00000000000B").empty());
}

TEST(ReadingNotices, BlanksAroundValues) {
  const std::string rows =
      "u,2025-09-01 10:00:00,impression,7\n u,2025-09-01 10:00:01,click ,7\t\nu\xC2\xA0, 2025-09-01 10:00:02 ,click, \n"
      "\xE3\x80\x80u\xE2\x80\x83,2025-09-01 10:00:03,click,7\xE2\x80\xAF\n\vu\f\xC2\x85,2025-09-01 10:00:04,click,7\n";
  const std::string add = R"({"events": {"unknown": "add"}})";
  json notices = notices_of(add, rows);
  EXPECT_EQ(notices["idsInTwoForms"]["counts"], json::parse(R"({"users": 4, "items": 2})"));
  EXPECT_EQ(notices["idsInTwoForms"]["key"], "input.trim");
  EXPECT_EQ(notices["typesInTwoForms"]["key"], "input.trim");
  const support::Outcome refused = support::run(plan_of(""), kHeader + rows);
  EXPECT_TRUE(contains(refused.message(), "set input.trim to true")) << refused.message();
  for (const char* plan : {R"({"input": {"trim": true}})", R"({"input": {"trim": true, "nulls": ["NULL"]}})"}) {
    notices = notices_of(plan, rows);
    EXPECT_FALSE(notices.contains("idsInTwoForms") || notices.contains("typesInTwoForms")) << notices;
    EXPECT_TRUE(contains(support::run(plan_of(plan), kHeader + rows).report, "\"users\": 1")) << plan;
  }
  notices = notices_of("", "7.0,2025-09-01 10:00:00,impression,7\n7,2025-09-01 10:00:01,click,7\n");
  EXPECT_EQ(notices["idsInTwoForms"]["key"], nullptr);
}

// 10^17 as a whole number and as a float were two users without a word, and of floats beyond 2^53 several may be one.
TEST(ReadingNotices, IdsThatHaveLostDigits) {
  json notices = notices_of(
      "",
      "100000000000000000,2025-09-01 10:00:00,impression,9007199254740992.0\n1e+17,2025-09-01 10:00:01,click,9007199254740992\n"
      "1.23457E+11,2025-09-01 10:00:02,purchase,9007199254740991.0\n1e+10,2025-09-01 10:00:02,purchase,1.5e+17x\n");
  EXPECT_EQ(notices["idsInTwoForms"]["counts"], json::parse(R"({"users": 1, "items": 1})"));
  EXPECT_TRUE(contains(notices["idsInTwoForms"]["message"].get<std::string>(),
                       "1 user may be written in two ways, as in \"100000000000000000\" and \"1e+17\""));
  EXPECT_EQ(notices["idsLostDigits"]["counts"], json::parse(R"({"users": 2, "items": 1})"));
  EXPECT_TRUE(contains(notices["idsLostDigits"]["message"].get<std::string>(),
                       "2 user ids have lost digits, as in \"1e+17\"; 1 item id has lost digits, as in \"9007199254740992.0\"; "
                       "so floating-point columns"));
  for (const char* id : {"1e+9", "+", "e+17", "1e17", "1.5.5e+17", "1x5e+17", "abcde+17", "1.234567890123e+11", "2e+10", "-e+17",
                         "1234567890123456.0", "x234567890123456789.0"}) {
    EXPECT_FALSE(
        notices_of("", std::string(id) +
                           ",2025-09-01 10:00:00,impression,1\nu,2025-09-01 10:00:01,click,1\nu,2025-09-01 10:00:02,purchase,1\n")
            .contains("idsLostDigits"))
        << id;
  }
}

TEST(ReadingNotices, TimesWhereNobodyWas) {
  const json notice =
      notices_of("", "u,1756720000123,impression,1\nu,0,click,1\nu,1756720000200,purchase,1\n")["timesOutOfRange"];
  EXPECT_EQ(notice["counts"]["events"], 1);
  EXPECT_EQ(notice["key"], "time.unit");
  EXPECT_TRUE(contains(notice["message"].get<std::string>(), "the first of all is at 1970-01-01T00:00:00Z"));
  EXPECT_EQ(
      notices_of(
          "", "u,2099-01-01,impression,1\nu,2025-09-01 10:00:00,click,1\nu,2025-09-01 10:00:00,purchase,1\n")["timesOutOfRange"]
                                                                                                             ["key"],
      nullptr);
}

TEST(ReadingNotices, TimesThatASpreadsheetHasRounded) {
  const json notice =
      notices_of("", "u,1.75672E+12,impression,1\nu,1.75673E+12,click,1\nu,1.75674E+12,purchase,1\n")["roundedTimes"];
  EXPECT_TRUE(contains(notice["message"].get<std::string>(), "multiple of 1,000 seconds"));
  EXPECT_FALSE(
      notices_of("", "u,1756720800,impression,1\nu,1756724400,click,1\nu,1756728000,purchase,1\n").contains("roundedTimes"))
      << "whole hours";
}

TEST(ReadingNotices, TimesThatAreDays) {
  const std::string rows = "u,2025-09-01,impression,1\nu,2025-09-02,click,1\nu,2025-09-03,purchase,1\n";
  EXPECT_TRUE(notices_of("", rows).contains("timesAreDays"));
  EXPECT_TRUE(notices_of(R"({"time": {"zone": "+05:30"}})", rows).contains("timesAreDays"));
  EXPECT_FALSE(notices_of("", rows + "u,2025-09-03 00:00:01,click,1\n").contains("timesAreDays"));
}

TEST(ReadingNotices, TypesThatNoEventHas) {
  json notices = notices_of("", "u,2025-09-01 10:00:00,impression,1\nu,2025-09-01 10:00:01,auction,\n");
  EXPECT_TRUE(contains(
      notices["noTreatmentEvents"]["message"].get<std::string>(),
      "No event has the type \"click\" of treatment.type, so T is 0 in every row; the data has \"auction\" 1, \"impression\" 1"));
  EXPECT_EQ(notices["noOutcomeEvents"]["key"], "outcome.type");
}

TEST(ReadingNoticesRefusal, TheTreatmentInOtherLetters) {
  for (const char* policy : {"add", "drop"}) {
    const support::Outcome outcome = support::run(
        plan_of(R"({"events": {"unknown": ")" + std::string(policy) + "\"}}"),
        kHeader + "u,2025-09-01 10:00:00,impression,1\nu,2025-09-01 10:00:01,Click,1\nu,2025-09-01 10:00:01,impression,1\n");
    ASSERT_FALSE(outcome.ok()) << policy;
    EXPECT_EQ(outcome.error->code, ErrorCode::kBadPlan);
    EXPECT_TRUE(
        contains(outcome.message(),
                 "treatment.type is \"click\", but no row has that event type; the data has \"Click\", in other letters. Set "
                 "treatment.type to \"Click\""))
        << policy;
  }
}

TEST(ReadingNotices, TypesThatDifferByCase) {
  const json notice = notices_of(
      R"({"events": {"unknown": "add"}})",
      "u,2025-09-01 10:00:00,Click,1\nu,2025-09-01 10:00:01,click,1\nu,2025-09-01 10:00:02,purchase,1\n")["typesDifferByCase"];
  EXPECT_EQ(notice["counts"], json::parse(R"({"events": 1, "others": 1})"));
}

TEST(ReadingNotices, FilesWithoutRowsAmongOthers) {
  const std::string rows = kHeader + "u,2025-09-01 10:00:00,click,1\nu,2025-09-01 10:00:01,purchase,1\n";
  json notices = notices_of("", std::vector<support::Input>{{rows, {}, "a.csv"}, {kHeader, {}, "b.csv"}, {"", {}, "_SUCCESS"}});
  EXPECT_EQ(notices["emptyFiles"]["counts"], json::parse(R"({"files": 2, "of": 3})"));
  EXPECT_EQ(notices["emptyFiles"]["message"], "2 of 3 files have no rows of data (b.csv and others)");
}

TEST(RowIssues, BadRowsAndUnknownTypesHaveKeysOfTheirOwn) {
  const std::string rows =
      "u,2025-09-01 10:00:00,click,1\nu,2025-09-01 10:00:01,purchase,1\nu,2025-09-01 10:00:02,click,1\n"
      ",2025-09-01 10:00:03,click,1\nu,2025-09-01 10:00:04,view,1\n";
  const support::Outcome both =
      support::run(plan_of(R"({"events": {"unknown": "add"}, "rows": {"bad": "drop"}})"), kHeader + rows);
  EXPECT_TRUE(both.ok()) << both.message();
  const support::Outcome bad = support::run(plan_of(R"({"events": {"unknown": "add"}})"), kHeader + rows);
  EXPECT_TRUE(
      contains(bad.message(),
               "1 row of 5 cannot be used: 1 with no user. Set rows.bad to \"drop\" to leave such rows out and count them"));
  const support::Outcome unknown = support::run(plan_of(R"({"rows": {"bad": "drop"}})"), kHeader + rows);
  EXPECT_TRUE(contains(unknown.message(), "row 5 (line 6), column \"event_type\": \"view\" is not one of events.types"));
  EXPECT_TRUE(contains(unknown.message(), "Add the types to events.types, or set events.unknown to \"add\" or \"drop\""));
  // Plans from before rows.bad meant both.
  EXPECT_TRUE(support::run(plan_of(R"({"events": {"unknown": "drop"}})"), kHeader + rows).ok());
  EXPECT_FALSE(support::run(plan_of(R"({"events": {"unknown": "drop"}, "rows": {"bad": "error"}})"), kHeader + rows).ok());
}

TEST(RowIssuesRefusal, DropIsNotAdvisedWhereMostRowsFail) {
  const support::Outcome all = support::run(Plan(), kHeader + "u,soon,click,1\nu,later,purchase,1\n");
  EXPECT_TRUE(contains(all.message(), "\"soon\" is not a time that is read here"));
  EXPECT_TRUE(
      contains(all.message(), "2 rows of 2 cannot be used: 2 with a time that cannot be read. No row is left without them"));
  EXPECT_FALSE(contains(all.message(), "\"drop\""));
}

TEST(RowIssuesRefusal, NothingIsLeft) {
  const support::Outcome none =
      support::run(plan_of(R"({"events": {"unknown": "drop"}})"), kHeader + "u,2025-09-01,view,1\nu,2025-09-02,cart,1\n");
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error->code, ErrorCode::kBadRows);
  EXPECT_TRUE(
      contains(none.message(),
               "2 rows of 2 cannot be used: 2 with an unknown event type (\"cart\" 1, \"view\" 1). No row is left without them"));
}

TEST(RowIssuesRefusal, MoreTypesThanARunKnows) {
  std::string rows;
  for (int i = 0; i < 300; ++i) rows += "u,2025-09-01 10:00:00,t" + std::to_string(i) + ",1\nu,2025-09-01 10:00:00,click,1\n";
  const support::Outcome outcome = support::run(plan_of(R"({"events": {"unknown": "add"}})"), kHeader + rows);
  EXPECT_TRUE(contains(outcome.message(), "\"t250\" is one event type too many: a run knows at most 254"));
  EXPECT_TRUE(contains(outcome.message(), "Name the column of the event type in columns.type"));
}

TEST(RowIssuesRefusal, AHeaderThatIsRepeated) {
  const support::Outcome outcome =
      support::run(Plan(), kHeader + "u,2025-09-01,click,1\nu,2025-09-01,click,1\n" + kHeader + "u,2025-09-01,click,1\n");
  EXPECT_TRUE(contains(outcome.message(), "events.csv, row 3 (line 4), column \"event_timestamp\": the row repeats the header"));
}

// The rows below it would be read by the wrong columns, whatever becomes of rows that cannot be used.
TEST(RowIssuesRefusal, AnotherHeaderIsNoRowToLeaveOut) {
  const std::string rows = "p1,2025-09-05 07:00:00,impression,u1\np1,2025-09-05 07:01:00,click,u2\n";
  for (const char* header :
       {"product_id,event_timestamp,event_type,user_id", "\xEF\xBB\xBFproduct_id,event_timestamp,event_type,user_id",
        "PRODUCT_ID,Event_Timestamp,EVENT_TYPE,USER_ID", "product_id, event_timestamp, event_type, user_id",
        "item_id,ts,event,visitor_id", "user_id,event_timestamp,event_type,variant_number"}) {
    const support::Outcome outcome = support::run(
        plan_of(R"({"rows": {"bad": "drop"}})"), kHeader + "u,2025-09-01,click,1\nu,2025-09-01,click,1\n" + header + "\n" + rows);
    EXPECT_TRUE(contains(outcome.message(), "another header begins here, whose columns are not those of the first"))
        << header << ": " << outcome.message();
  }
  for (const char* header :
       {"user_id,event_timestamp,event_type,product_id", "\xEF\xBB\xBFuser_id,event_timestamp,event_type,product_id",
        "USER_ID,EVENT_TIMESTAMP,EVENT_TYPE,PRODUCT_ID"}) {
    const std::string text = kHeader + "u,2025-09-01,click,1\nu,2025-09-01,click,1\n" + header + "\nu,2025-09-01,click,1\n";
    EXPECT_TRUE(contains(support::run(Plan(), text).message(), "the row repeats the header")) << header;
    EXPECT_TRUE(support::run(plan_of(R"({"rows": {"bad": "drop"}})"), text).ok()) << header;
  }
}

TEST(ReadingNotices, CopiesThatAreLeftOut) {
  const std::string rows =
      "u,2025-09-05 07:00:00,impression,p\nu,2025-09-05 07:00:00,impression,p\nu,2025-09-05 07:01:00,click,p\nu,2025-09-05 "
      "07:02:00,purchase,p\n";
  const json notice = notices_of(R"({"events": {"duplicates": "drop"}})", rows)["duplicatesLeftOut"];
  EXPECT_EQ(notice["message"],
            "1 event of 4 equals another one in user, time, type and item, and was left out by events.duplicates");
  EXPECT_FALSE(notices_of("", rows).contains("duplicatesLeftOut"));
}

TEST(ReadingNotices, ColumnsByNumberThatAreNamedOtherwise) {
  const std::string by_number = R"({"columns": {"user": 1, "time": 2, "type": 3, "item": 4}})";
  const std::string rows =
      "u1,2025-09-05 07:00:00,impression,p1\nu1,2025-09-05 07:01:00,click,p1\nu1,2025-09-05 07:02:00,purchase,p1\n";
  const json notice = notices_of(
      by_number,
      {{rows, {}, "a.csv"}, {"product_id,event_timestamp,event_type,user_id\n" + rows, {}, "b.csv"}})["numbersAgainstNames"];
  EXPECT_TRUE(contains(notice["message"].get<std::string>(),
                       "b.csv: column 1, which columns.user takes by its number, is named \"product_id\""));
  EXPECT_EQ(notice["key"], "columns.user");
  EXPECT_FALSE(notices_of(by_number, {{rows, {}, "a.csv"}, {kHeader + rows, {}, "b.csv"}}).contains("numbersAgainstNames"));
}

TEST(ReadingNotices, IdsThatStandForNobody) {
  for (const char* user : {"unknown", "[null]", "NULL ", "'NULL'", "00000000-0000-0000-0000-000000000000"}) {
    const json notices = notices_of(
        "", std::string(user) +
                ",2025-09-05 07:00:00,impression,p\nu,2025-09-05 07:01:00,click,p\nu,2025-09-05 07:02:00,purchase,p\n");
    ASSERT_TRUE(notices.contains("nullMarkers")) << user;
    EXPECT_EQ(notices["nullMarkers"]["counts"], json::parse(R"({"users": 1, "items": 0})")) << user;
  }
}

// A log that was being written when its machine stopped: beyond the first bytes, nobody looks for zeros in the text.
TEST(ReadingNotices, ZeroBytesInIds) {
  const std::string rows = "u1,2025-09-05 07:00:00,impression,p1\nu1,2025-09-05 07:01:00,click,p1\n";
  const std::string last = std::string(64, '\0') + "u1,2025-09-05 07:03:00,purchase,p1\n";
  std::string many = rows;
  while (many.size() < 400'000) many += "u2,2025-09-05 07:02:00,impression,p2\n";
  const json notices = notices_of("", many + last);
  ASSERT_TRUE(notices.contains("idsWithZeroBytes"));
  EXPECT_EQ(notices["idsWithZeroBytes"]["counts"]["users"], 1);
  EXPECT_FALSE(support::run(plan_of(""), kHeader + rows + last).ok());
}

TEST(ReadingNotices, TheSameFileTwice) {
  const std::string rows =
      "u1,2025-09-05 07:00:00,impression,p1\nu1,2025-09-05 07:01:00,click,p1\nu1,2025-09-05 07:02:00,purchase,p1\n";
  const std::string other =
      "u1,2025-09-05 07:00:00,impression,p1\nu1,2025-09-05 07:01:00,click,p1\nu1,2025-09-05 07:02:01,purchase,p1\n";
  const json notices =
      notices_of("", {{kHeader + rows, {}, "a.csv"}, {kHeader + other, {}, "b.csv"}, {kHeader + rows, {}, "c.csv"}});
  ASSERT_TRUE(notices.contains("sameFiles"));
  EXPECT_EQ(notices["sameFiles"]["message"],
            "c.csv holds the same events as a.csv; 3 rows count twice for that. Leave such a file out, or set events.duplicates "
            "to \"drop\"");
  EXPECT_EQ(notices["sameFiles"]["counts"], json::parse(R"({"files": 1, "rows": 3})"));
  EXPECT_FALSE(notices_of("", {{kHeader + rows, {}, "a.csv"}, {kHeader + other, {}, "b.csv"}}).contains("sameFiles"));
  // Rows that were left out do not make two files alike.
  const std::string bad = "u1,,impression,p1\n";
  EXPECT_FALSE(notices_of(R"({"rows": {"bad": "drop"}})",
                          {{kHeader + rows, {}, "a.csv"}, {kHeader + bad, {}, "b.csv"}, {kHeader + bad, {}, "c.csv"}})
                   .contains("sameFiles"));
}

TEST(ReadingNotices, TimesWithAndWithoutAZone) {
  const auto times = [](const char* a, const char* b, const char* c) {
    return notices_of("", std::string("u,") + a + ",impression,1\nu," + b + ",click,1\nu," + c + ",purchase,1\n");
  };
  const json notices = times("2025-09-05T07:00:00Z", "2025-09-05T07:00:01", "2025-09-05T07:00:02+00:00");
  ASSERT_TRUE(notices.contains("timesWithAndWithoutZone"));
  EXPECT_EQ(notices["timesWithAndWithoutZone"]["counts"], json::parse(R"({"with": 2, "without": 1})"));
  EXPECT_EQ(notices["timesWithAndWithoutZone"]["key"], "time.zone");
  EXPECT_FALSE(
      times("2025-09-05T07:00:00Z", "2025-09-05 07:00:01 UTC", "2025-09-05T07:00:02+02:00").contains("timesWithAndWithoutZone"));
  EXPECT_FALSE(times("2025-09-05T07:00:00", "2025-09-05 07:00:01", "2025-09-05").contains("timesWithAndWithoutZone"));
  EXPECT_FALSE(times("1757055600", "1757055601", "1757055602").contains("timesWithAndWithoutZone"));
}

TEST(ReadingNotices, NoRowAtAll) {
  const json notices = notices_of("", "u1,2025-09-05 07:00:00,click,p1\nu2,2025-09-05 07:00:00,purchase,p1\n");
  ASSERT_TRUE(notices.contains("noRows"));
  EXPECT_EQ(notices["noRows"]["key"], "session.minEvents");
  const json day =
      notices_of(R"({"profile": "causal"})", "u1,2025-09-05 07:00:00,impression,p1\nu1,2025-09-05 07:01:00,click,p1\n");
  EXPECT_EQ(day["noRows"]["key"], "index.horizonHours");
  EXPECT_EQ(
      day["noRows"]["message"],
      "The data end before the follow-up of the one row does, so every table is empty; set index.horizonHours to less, or add "
      "later data");
}

TEST(ReadingNotices, MarkersAmongTypes) {
  const json notices =
      notices_of(R"({"events": {"unknown": "add"}})",
                 "u1,2025-09-05 07:00:00,NULL,p1\nu1,2025-09-05 07:01:00,click,p1\nu1,2025-09-05 07:02:00,purchase,p1\n");
  ASSERT_TRUE(notices.contains("nullMarkers"));
  EXPECT_EQ(notices["nullMarkers"]["counts"]["events"], 1);
}

}  // namespace
}  // namespace causal_sessions
