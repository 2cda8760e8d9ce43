// Numbers in the column of the time: which are refused, which are told.
#include "ingest/build/epoch_numbers.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/run.h"

namespace causal_sessions {
namespace {

using support::contains;
using support::plan_of;

// One user's clicks at these times, in a column "time" beside a column "date" where one is wanted.
support::Outcome run_times(const std::vector<std::string>& times, const std::string& plan = "", bool with_date = false) {
  std::string text = with_date ? "user_id,time,event_type,date\n" : "user_id,time,event_type\n";
  for (const std::string& time : times) text += "u," + time + ",click" + (with_date ? ",2025-09-01" : "") + "\n";
  return support::run(plan_of(plan), text);
}

TEST(EpochNumbers, DigitsThatReadAsCalendarDates) {
  struct Case {
    const char* name;
    std::int64_t value;
    bool calendar;
  };
  for (const Case& row : {
           Case{"YYYYMMDD", 20250901, true},
           Case{"YYYYMMDDHH", 2025090110, true},
           Case{"YYYYMMDDHHMM", 202509011030, true},
           Case{"YYYYMMDDHHMMSS", 20250901103059, true},
           Case{"YYYYMMDDHHMMSSmmm", 20250901103059999, true},
           Case{"a leap second", 20161231235960, true},
           Case{"the end of a day", 2025090124, true},
           Case{"DDMMYYYY", 15092025, true},
           Case{"DDMMYYYY, its zero lost", 1092025, true},
           Case{"MMDDYYYY", 9152025, true},
           Case{"DDMMYYYYHHMMSS", 15092025103059, true},
           Case{"month 13", 20251301, false},
           Case{"day 32", 20250932, false},
           Case{"hour 25", 2025090125, false},
           Case{"minute 60", 202509011060, false},
           Case{"year 1899", 18990901, false},
           Case{"seconds of 2025", 1756720000, false},
           Case{"milliseconds of 2025", 1756720000123, false},
           Case{"microseconds of 2025", 1756720000123456, false},
           Case{"nanoseconds of 2025", 1756720000123456789, false},
           Case{"seconds of 1997", 874724710, false},
           Case{"zero", 0, false},
           Case{"before 1970", -20250901, false},
       }) {
    EXPECT_EQ(EpochNumbers::calendar_forms(row.value) != 0, row.calendar) << row.name;
  }
}

TEST(EpochNumbersRefusal, NumbersThatAreNoUnixTimes) {
  struct Case {
    const char* name;
    std::vector<std::string> times;
    const char* message;
  };
  for (const Case& row : {
           Case{"days",
                {"20250901", "20250902"},
                "events.csv, row 1, column \"time\": \"20250901\" reads as a calendar date, not as a Unix time, and so does "
                "every time of the column: set time.format to \"%Y%m%d\""},
           Case{"hours", {"2025090110", "2025090111"}, "reads as a calendar date"},
           Case{"seconds packed", {"20250901100000", "20250901103000"}, "reads as a calendar date"},
           Case{"milliseconds packed",
                {"20250901100000123"},
                "\"20250901100000123\" reads as a calendar date, not as a Unix time: set time.format to \"%Y%m%d%H%M%S%f\""},
           Case{"a spreadsheet's days",
                {"45901.41", "45902"},
                "\"45901.41\" read as an epoch time in s is 1970-01-01T12:45:01.410000Z, and no time of the column lies between "
                "1991 and 2033, so they "
                "are no such times. They look like a spreadsheet's days, or like seconds of the day: name their unit in the "
                "plan, set "
                "time.unit to \"excel\" if they are days"},
           Case{"seconds of the day", {"36000", "86399"}, "They look like times of the day without their date, or like a count"},
           Case{"minutes of the day", {"600", "610"}, "They look like times of the day without their date, or like a count"},
           Case{".NET ticks",
                {"638923104000000000", "638923105000000000"},
                "They look like .NET ticks (100 ns since the year 1): name their unit in the plan, set time.unit to \"dotnet\""},
           Case{"FILETIME", {"134012736000000000"}, "set time.unit to \"filetime\""},
           Case{"WebKit's microseconds", {"13401273600000000"}, "set time.unit to \"webkit\""},
           Case{"a counter", {"1", "2", "3"}, "count"},
           Case{"zeros", {"0", "0"}, "1970-01-01T00:00:00Z"},
       }) {
    const support::Outcome outcome = run_times(row.times);
    ASSERT_FALSE(outcome.ok()) << row.name;
    EXPECT_EQ(outcome.error->code, ErrorCode::kBadTimes) << row.name;
    EXPECT_EQ(outcome.error->where.row, 1u) << row.name;
    EXPECT_EQ(outcome.error->where.column, "time") << row.name;
    EXPECT_TRUE(contains(outcome.message(), row.message)) << row.name;
    EXPECT_TRUE(contains(outcome.message(), "name its unit in the plan: time.unit") ||
                contains(outcome.message(), "name their unit in the plan"))
        << row.name;
  }
}

TEST(EpochNumbersRefusal, AColumnOfTheDateBesideTimesOfTheDay) {
  for (const std::vector<std::string>& times : {std::vector<std::string>{"10.30", "11.15"}, {"36000", "40000"}}) {
    const support::Outcome outcome = run_times(times, "", true);
    EXPECT_TRUE(contains(
        outcome.message(),
        "They look like times of the day; the column \"date\" may hold the date: set columns.time to [\"date\", \"time\"]"));
  }
  const support::Outcome clock = run_times({"10:00:00", "10:30:00"}, "", true);
  EXPECT_TRUE(
      contains(clock.message(), "\"10:00:00\" is a time of the day without its date; the column \"date\" may hold the date"));
}

TEST(EpochNumbers, APlanThatNamesTheUnitSettlesIt) {
  for (const char* time : {"20250901", "45901.41", "7"}) {
    const support::Outcome outcome = run_times({time}, R"({"time": {"unit": "s"}})");
    EXPECT_TRUE(outcome.ok()) << time << outcome.message();
    EXPECT_TRUE(contains(outcome.report, "timesOutOfRange")) << time;
  }
}

TEST(EpochNumbers, NumbersOfEachUnit) {
  struct Case {
    const char *unit, *number, *time;
  };
  for (const Case& row : {
           Case{"s", "-0.5", "1969-12-31T23:59:59.500000Z"},
           Case{"ns", "-1", "1969-12-31T23:59:59.999999Z"},
           Case{"excel", "45905.294000000002", "2025-09-05T07:03:21.600000Z"},
           Case{"excel", "45905", "2025-09-05T00:00:00Z"},
           Case{"excel", "45904.99999999999", "2025-09-05T00:00:00Z"},
           Case{"excel", "0", "1899-12-30T00:00:00Z"},
           Case{"excel", "2958465.9999", "9999-12-31T23:59:51.360000Z"},
           Case{"dotnet", "0", "0001-01-01T00:00:00Z"},
           Case{"dotnet", "638926525800000000", "2025-09-05T07:03:00Z"},
           Case{"dotnet", "3155378975999999999", "9999-12-31T23:59:59.999999Z"},
           Case{"filetime", "0", "1601-01-01T00:00:00Z"},
           Case{"filetime", "134015293800000000", "2025-09-05T07:03:00Z"},
           Case{"webkit", "13401529380000000", "2025-09-05T07:03:00Z"},
       }) {
    const std::string plan = std::string(R"({"time": {"unit": ")") + row.unit + R"("}, "session": {"minEvents": 1}})";
    for (const bool json : {false, true}) {
      const std::string text = json ? R"({"user": "u", "type": "click", "time": )" + std::string(row.number) + "}\n"
                                    : "user,time,type\nu," + std::string(row.number) + ",click\n";
      const support::Outcome outcome = support::run(plan_of(plan), text);
      ASSERT_TRUE(outcome.ok()) << row.unit << outcome.message();
      EXPECT_TRUE(contains(outcome.report, row.time)) << row.unit << " " << row.number << " " << outcome.report.substr(0, 400);
    }
  }
}

TEST(EpochNumbers, DaysOfASpreadsheetAreLocal) {
  const std::string plan = R"({"time": {"unit": "excel", "zone": "+02:00"}})";
  EXPECT_TRUE(contains(run_times({"45905.5", "45905.5"}, plan).report, "2025-09-05T10:00:00Z"));
}

TEST(EpochNumbers, BeyondTheYear9999AreNoDays) {
  const support::Outcome outcome = run_times({"45905", "1757030400"}, R"({"time": {"unit": "excel"}})");
  EXPECT_TRUE(contains(outcome.message(), "\"1757030400\" is no number of days, which time.unit, \"excel\", asks for"));
}

TEST(EpochNumbers, OneDateAmongUnixTimesIsNoCalendar) {
  const support::Outcome outcome = run_times({"1756720000", "1756720100"});
  ASSERT_TRUE(outcome.ok()) << outcome.message();
  EXPECT_FALSE(contains(outcome.report, "timesOutOfRange"));
}

TEST(EpochNumbers, MixedUnitsOfTwoFilesNameBoth) {
  const std::string header = "user_id,time,event_type\n";
  const support::Outcome outcome = support::run(
      Plan(), {{header + "u,1756720000,click\n", {}, "jan.csv"}, {header + "u,1756720000123,click\n", {}, "feb.csv"}});
  EXPECT_TRUE(contains(
      outcome.message(),
      "feb.csv, row 1, column \"time\": \"1756720000123\" looks like an epoch time in ms, but \"1756720000\" in row 1 of "
      "jan.csv like one in s"));
}

}  // namespace
}  // namespace causal_sessions
