// Time zones as tables: local times to UTC, around changes of the clock, against the slow way; and what the host knows.
#include "core/time_zone.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "core/civil_time.h"

namespace causal_sessions {
namespace {

constexpr std::int64_t kS = 1'000'000, kHourS = 3600;
constexpr std::int64_t kSpring = 1'743'296'400, kAutumn = 1'761'440'400;  // of Berlin in 2025

// Berlin in 2025 alone.
std::int64_t summer(std::int64_t utc) { return utc >= kSpring && utc < kAutumn ? 2 * kHourS : kHourS; }
// A day that was left out, as at Apia in 2011; and two changes that are as near as zones have them.
std::int64_t dateline(std::int64_t utc) { return utc < 1'325'239'200 ? -10 * kHourS : 14 * kHourS; }
std::int64_t ramadan(std::int64_t utc) {
  return utc < 1'284'069'600 ? 3 * kHourS : utc < 1'284'069'600 + 20 * 86'400 ? 2 * kHourS : 3 * kHourS;
}
std::int64_t two_in_one_step(std::int64_t utc) { return utc < 900'000'000 ? 0 : utc < 900'000'000 + 86'400 ? 1800 : 3600; }
std::int64_t half_hour(std::int64_t utc) { return utc >= kSpring && utc < kAutumn ? 39'600 : 37'800; }
std::int64_t fixed(std::int64_t) { return 19'800; }

// The first instant that the clock shows so; else, by the offset before, the one it would have been.
std::pair<std::int64_t, ClockChange> slowly(TimeZone::OffsetAt offset, std::int64_t local) {
  std::optional<std::int64_t> first;
  for (const std::int64_t near : {std::int64_t{-100'000}, std::int64_t{100'000}}) {
    const std::int64_t utc = local - offset(local + near);
    if (utc + offset(utc) != local) continue;
    if (first && *first != utc) return {std::min(*first, utc), ClockChange::kRepeated};
    first = utc;
  }
  if (first) return {*first, ClockChange::kNone};
  return {local - offset(local - 100'000), ClockChange::kSkipped};
}

TEST(TimeZone, LocalTimesAroundAChange) {
  struct Row {
    const char* name;
    TimeZone::OffsetAt offset;
    std::vector<std::int64_t> changes;
  };
  for (const Row& row : {
           Row{"summer", summer, {kSpring, kAutumn}},
           Row{"a day left out", dateline, {1'325'239'200}},
           Row{"20 days", ramadan, {1'284'069'600, 1'284'069'600 + 20 * 86'400}},
           Row{"half an hour", half_hour, {kSpring, kAutumn}},
       }) {
    const TimeZone zone(row.offset);
    std::size_t near = 0;
    for (const std::int64_t change : row.changes) {
      for (std::int64_t local = change - 90'000; local < change + 130'000; local += 599) {
        const auto expected = slowly(row.offset, local);
        for (const std::int64_t us : {std::int64_t{0}, std::int64_t{999'999}}) {
          const auto [utc, state] = zone.to_utc(local * kS + us, near);
          EXPECT_EQ(utc, expected.first * kS + us) << row.name << " " << format_utc(local * kS);
          EXPECT_EQ(state, expected.second) << row.name << " " << format_utc(local * kS);
        }
      }
      for (const std::int64_t side : {-1, 0, 1}) EXPECT_EQ(zone.offset_at((change + side) * kS), row.offset(change + side) * kS);
    }
  }
}

TEST(TimeZone, EdgesToTheSecond) {
  const TimeZone zone(summer);
  struct Row {
    std::int64_t local, utc;
    ClockChange change;
  };
  const std::int64_t skipped = kSpring + kHourS, repeated = kAutumn + kHourS;  // 02:00 in spring, 02:00 in autumn
  std::size_t near = 77;
  for (const Row& row : {
           Row{skipped - 1, kSpring - 1, ClockChange::kNone},
           Row{skipped, kSpring, ClockChange::kSkipped},
           Row{skipped + kHourS - 1, kSpring + kHourS - 1, ClockChange::kSkipped},
           Row{skipped + kHourS, kSpring, ClockChange::kNone},
           Row{repeated - 1, kAutumn - kHourS - 1, ClockChange::kNone},
           Row{repeated, kAutumn - kHourS, ClockChange::kRepeated},
           Row{repeated + kHourS - 1, kAutumn - 1, ClockChange::kRepeated},
           Row{repeated + kHourS, kAutumn + kHourS, ClockChange::kNone},
       }) {
    const auto [utc, change] = zone.to_utc(row.local * kS, near);
    EXPECT_EQ(utc, row.utc * kS) << format_utc(row.local * kS);
    EXPECT_EQ(change, row.change) << format_utc(row.local * kS);
  }
}

TEST(TimeZone, TablesAreCompared) {
  EXPECT_TRUE(TimeZone(fixed).is_fixed());
  EXPECT_FALSE(TimeZone(summer).is_fixed());
  EXPECT_TRUE(TimeZone(summer) == TimeZone(summer));
  EXPECT_FALSE(TimeZone(summer) == TimeZone(half_hour));
  std::size_t near = 0;
  EXPECT_EQ(TimeZone(fixed).to_utc(INT64_MIN / 2, near).first, INT64_MIN / 2 - 19'800 * kS);
  EXPECT_EQ(TimeZone(summer).to_utc(0, near).first, -kHourS * kS);
  EXPECT_EQ(TimeZone(two_in_one_step).offset_at((900'000'000 + 40'000) * kS), 1800 * kS);
}

TEST(TimeZone, TheHostKnowsZones) {
  const auto berlin = TimeZone::load("Europe/Berlin");
  ASSERT_NE(berlin, nullptr) << "a machine without data of zones";
  EXPECT_EQ(TimeZone::load("Europe/Berlin"), berlin) << "it is asked for once";
  for (const std::int64_t side : {-1, 0, 1}) {
    EXPECT_EQ(berlin->offset_at((kSpring + side) * kS), summer(kSpring + side) * kS);
    EXPECT_EQ(berlin->offset_at((kAutumn + side) * kS), summer(kAutumn + side) * kS);
  }
  const auto kolkata = TimeZone::load("asia/kolkata");
  ASSERT_NE(kolkata, nullptr);
  EXPECT_TRUE(kolkata->is_fixed());
  EXPECT_EQ(kolkata->offset_at(0), 19'800 * kS);
  for (const char* name : {"",
                           "Z",
                           "Europe",
                           "Europe/",
                           "Europe/Atlantis",
                           "PST",
                           "IST",
                           "CTT",
                           "localtime",
                           "posixrules",
                           "Factory",
                           "posix/Europe/Berlin",
                           "right/UTC",
                           "SystemV/AST4",
                           "US/Pacific-New",
                           "../Berlin",
                           "/usr/share/zoneinfo/UTC",
                           "Europe/Berlin ",
                           "Europe//Berlin",
                           "zone.tab",
                           "+VERSION",
                           "Etc/Unknown",
                           "Europe/Berlin/UTC"}) {
    EXPECT_EQ(TimeZone::load(name), nullptr) << name;
  }
}

#ifndef __EMSCRIPTEN__
TEST(TimeZone, TheEnvironmentStaysAsItWas) {
  const char* const before = std::getenv("TZ");
  const std::optional<std::string> kept = before != nullptr ? std::optional<std::string>(before) : std::nullopt;
  for (const bool set : {true, false}) {
    if (set) setenv("TZ", "Asia/Tokyo", 1);
    else unsetenv("TZ");
    ASSERT_NE(TimeZone::load(set ? "America/New_York" : "Europe/Paris"), nullptr);
    const char* const after = std::getenv("TZ");
    EXPECT_EQ(after != nullptr ? std::string(after) : "", set ? "Asia/Tokyo" : "");
  }
  if (kept) setenv("TZ", kept->c_str(), 1);
}
#endif

}  // namespace
}  // namespace causal_sessions
