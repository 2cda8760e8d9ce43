#include "causal/trials.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/events.h"

namespace causal_sessions {
namespace {

using support::Event;
using support::ordered_events;

constexpr std::int64_t kMinute = 60'000'000;
constexpr std::uint8_t kAuction = 0, kImpression = 1, kClick = 2, kPurchase = 3;

// Sessions are cut at 30 minutes, the window is 5 minutes, the horizon 60.
TrialOptions with(IndexKind kind) {
  TrialOptions options;
  options.kind = kind;
  options.prior = kind == IndexKind::kSession ? PriorOutcome::kCount : PriorOutcome::kExclude;
  options.landmark_us = 10 * kMinute;
  options.window_us = 5 * kMinute;
  options.horizon_us = 60 * kMinute;
  options.max_gap_us = 30 * kMinute;
  options.data_end_us = 10'000 * kMinute;
  options.min_events = 1;
  options.min_events_of = LengthOf::kX;
  options.keep_last = true;
  options.pad = false;
  options.ties = TieRule::kPriority;
  return options;
}

Trials build(std::vector<Event> events, const TrialOptions& options) {
  for (Event& event : events) event.time_us *= kMinute;
  OrderedEvents ordered = ordered_events(events, options.ties);
  const Sessions sessions = sessionize(ordered, {options.max_gap_us, std::nullopt, 1});
  return build_trials(ordered, sessions, options);
}

// "session.trial@t0 X=events T Y; ..." then what was left out, in minutes.
std::string told(const std::vector<Event>& events, const TrialOptions& options) {
  const Trials trials = build(events, options);
  const TrialTable& table = trials.table;
  std::string text;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    text += std::to_string(table.number[row]) + "." + std::to_string(table.trial[row]) + "@" +
            std::to_string(table.time_zero_us[row] / kMinute) + " X" + std::to_string(table.count[row]) + " T" +
            std::to_string(table.treatment[row]) + " Y" + std::to_string(table.outcome[row]) +
            (table.censored[row] ? " censored; " : "; ");
  }
  for (std::size_t step = 0; step < kFilters; ++step) {
    const std::uint64_t left_out = trials.attrition.after[step].rows - trials.attrition.after[step + 1].rows;
    if (left_out != 0) text += std::to_string(left_out) + " " + kFilterNames[step] + "; ";
  }
  return text;
}

struct Case {
  const char* name;
  TrialOptions options;
  std::vector<Event> events;
  const char* expected;
};

void check(const std::vector<Case>& cases) {
  for (const Case& entry : cases) EXPECT_EQ(told(entry.events, entry.options), entry.expected) << entry.name;
}

TEST(Trials, EveryInstantWithExposuresIsOne) {
  const TrialOptions plain = with(IndexKind::kExposure);
  check({
      {"none", plain, {{"u", 0, kAuction}, {"u", 1, kClick}}, ""},
      {"two at one instant are one", plain, {{"u", 0, kAuction}, {"u", 1, kImpression, "a"}, {"u", 1, kImpression, "b"}}, "1.1@1 X3 T0 Y0; "},
      {"two instants share the first tokens", plain, {{"u", 0, kImpression}, {"u", 2, kAuction}, {"u", 9, kImpression}}, "1.1@0 X1 T0 Y0; 1.2@9 X3 T0 Y0; "},
      {"what is at t0 belongs to X", plain, {{"u", 3, kImpression}, {"u", 3, kAuction}}, "1.1@3 X2 T0 Y0; "},
      {"a later session", plain, {{"u", 0, kImpression}, {"u", 31, kImpression}}, "1.1@0 X1 T0 Y0; 2.1@31 X1 T0 Y0; "},
      {"each user alone", plain, {{"u", 0, kImpression}, {"v", 1, kClick}, {"v", 2, kPurchase}}, "1.1@0 X1 T0 Y0; "},
  });
}

TEST(Trials, TreatmentAndOutcomeFollowTimeZero) {
  const TrialOptions plain = with(IndexKind::kExposure);
  TrialOptions strict = plain;
  strict.from = OutcomeFrom::kWindowEnd;
  check({
      {"click at the window's end", plain, {{"u", 0, kImpression}, {"u", 5, kClick}}, "1.1@0 X1 T1 Y0; "},
      {"click behind it", plain, {{"u", 0, kImpression}, {"u", 6, kClick}}, "1.1@0 X1 T0 Y0; "},
      {"click at t0: not eligible", plain, {{"u", 0, kImpression}, {"u", 0, kClick}}, "1 priorTreatment; "},
      {"click before", plain, {{"u", 0, kClick}, {"u", 1, kImpression}}, "1 priorTreatment; "},
      {"click in an earlier session", plain, {{"u", 0, kClick}, {"u", 40, kImpression}}, "2.1@40 X1 T0 Y0; "},
      {"later trials of a clicker", plain, {{"u", 0, kImpression}, {"u", 1, kClick}, {"u", 9, kImpression}}, "1.1@0 X1 T1 Y0; 1 priorTreatment; "},
      {"purchase at the horizon", plain, {{"u", 0, kImpression}, {"u", 60, kPurchase}}, "1.1@0 X1 T0 Y1; "},
      {"purchase behind it", plain, {{"u", 0, kImpression}, {"u", 61, kPurchase}}, "1.1@0 X1 T0 Y0; "},
      {"purchase at t0", plain, {{"u", 0, kImpression}, {"u", 0, kPurchase}}, "1 priorOutcome; "},
      {"purchase before the click", plain, {{"u", 0, kImpression}, {"u", 1, kPurchase}, {"u", 2, kClick}}, "1 outcomeBeforeTreatment; "},
      {"at the same instant the click is first", plain, {{"u", 0, kImpression}, {"u", 2, kPurchase}, {"u", 2, kClick}}, "1.1@0 X1 T1 Y1; "},
      {"an untreated outcome in the window counts", plain, {{"u", 0, kImpression}, {"u", 2, kPurchase}}, "1.1@0 X1 T0 Y1; "},
      {"strict: an early outcome of either arm", strict, {{"u", 0, kImpression}, {"u", 2, kPurchase}, {"v", 0, kImpression}, {"v", 2, kClick}, {"v", 5, kPurchase}}, "2 outcomeInWindow; "},
      {"strict: Y behind the window", strict, {{"u", 0, kImpression}, {"u", 1, kClick}, {"u", 65, kPurchase}}, "1.1@0 X1 T1 Y1; "},
      {"strict: behind window and horizon", strict, {{"u", 0, kImpression}, {"u", 66, kPurchase}}, "1.1@0 X1 T0 Y0; "},
  });
}

TEST(Trials, PriorOutcomesItemsLengthAndCensoring) {
  const TrialOptions plain = with(IndexKind::kExposure);
  TrialOptions ignore = plain, items = plain, two = plain, drop = plain, flagged = plain, last = plain, whole = plain;
  ignore.prior = PriorOutcome::kIgnore;
  items.same_item = true;
  two.min_events = whole.min_events = 2;
  whole.min_events_of = LengthOf::kSession;
  flagged.data_end_us = drop.data_end_us = 100 * kMinute;
  drop.censored = Censored::kDrop;
  last.max_tokens = 2;
  check({
      {"a prior outcome does not count", ignore, {{"u", 0, kPurchase}, {"u", 1, kImpression}}, "1.1@1 X2 T0 Y0; "},
      {"a click on another item", items, {{"u", 0, kImpression, "a"}, {"u", 1, kClick, "b"}}, "1.1@0 X1 T0 Y0; "},
      {"a click on one of the items", items, {{"u", 0, kImpression, "a"}, {"u", 0, kImpression, "b"}, {"u", 1, kClick, "c"}, {"u", 2, kClick, "b"}}, "1.1@0 X2 T1 Y0; "},
      {"no item is no match", items, {{"u", 0, kImpression}, {"u", 1, kClick}}, "1.1@0 X1 T0 Y0; "},
      {"short up to t0, whatever follows", two, {{"u", 0, kImpression}, {"u", 1, kClick}, {"u", 2, kAuction}}, "1 shortX; "},
      {"short as a whole", whole, {{"u", 0, kImpression}, {"v", 0, kImpression}, {"v", 1, kClick}}, "1.1@0 X1 T1 Y0; 1 shortSession; "},
      {"follow-up cut by the end", flagged, {{"u", 0, kImpression}, {"u", 41, kImpression}}, "1.1@0 X1 T0 Y0; 2.1@41 X1 T0 Y0 censored; "},
      {"left out", drop, {{"u", 40, kImpression}, {"u", 41, kImpression}}, "1.1@40 X1 T0 Y0; 1 censored; "},
      {"the last tokens", last, {{"u", 0, kAuction}, {"u", 1, kAuction}, {"u", 2, kImpression}}, "1.1@2 X2 T0 Y0; "},
  });
  EXPECT_EQ(build({{"u", 0, kAuction}, {"u", 1, kAuction}, {"u", 2, kImpression}}, last).table.begin[0], 1u);
}

TEST(Trials, Landmark) {
  const TrialOptions plain = with(IndexKind::kLandmark);
  check({
      {"all of the first ten minutes", plain, {{"u", 0, kAuction}, {"u", 10, kImpression}, {"u", 11, kImpression}}, "1.1@10 X2 T0 Y0; "},
      {"treated after it", plain, {{"u", 0, kAuction}, {"u", 15, kClick}, {"u", 20, kPurchase}}, "1.1@10 X1 T1 Y1; "},
      {"treated before it", plain, {{"u", 0, kAuction}, {"u", 9, kClick}}, "1 priorTreatment; "},
      {"bought before it", plain, {{"u", 0, kAuction}, {"u", 9, kPurchase}}, "1 priorOutcome; "},
  });
  TrialOptions late = plain;
  late.landmark_us = 40 * kMinute;
  check({
      {"over by the gap", late, {{"u", 0, kAuction}, {"u", 9, kAuction}}, "1 sessionOver; "},
      {"silent for just the gap", late, {{"u", 0, kAuction}, {"u", 10, kAuction}}, "1.1@40 X2 T0 Y0; "},
  });
}

TEST(Trials, MatchedControlsStandWhereTheTreatedStood) {
  const TrialOptions plain = with(IndexKind::kMatched);
  const std::vector<Event> treated = {{"t", 0, kAuction}, {"t", 2, kImpression}, {"t", 4, kClick}, {"t", 5, kPurchase}};
  EXPECT_EQ(told(treated, plain), "1.1@3 X2 T1 Y1; ");
  std::vector<Event> both = treated;
  for (const Event& event : {Event{"c", 100, kAuction}, Event{"c", 101, kAuction}, Event{"c", 104, kAuction}, Event{"c", 150, kClick}}) both.push_back(event);
  EXPECT_EQ(told(both, plain), "1.1@3 X2 T1 Y1; 1.1@103 X2 T0 Y0; 1 shortX; ") << "a click in a later session changes no arm";
  both[6].time_us = 103;  // under way for three minutes: not as long as the treated waited
  EXPECT_EQ(told(both, plain), "1.1@3 X2 T1 Y1; 1 noMatch; 1 shortX; ");
  TrialOptions none = plain;
  none.is_donor = [](std::uint32_t) { return false; };
  EXPECT_EQ(told(both, none), "1.1@3 X2 T1 Y1; 1 noMatch; 1 shortX; ");
}

TEST(Trials, DrawnTimesDoNotDependOnOtherControls) {
  std::vector<Event> events;
  for (int i = 1; i <= 9; ++i) {
    events.push_back({"t", 1000 * i, kAuction});
    events.push_back({"t", 1000 * i + 3 * i, kClick});
  }
  for (int i = 0; i < 20; ++i) events.push_back({"c", 20'000 + i, kAuction});
  const Trials alone = build(events, with(IndexKind::kMatched));
  for (int i = 0; i < 20; ++i) events.push_back({"a", 30'000 + i, kAuction});
  const Trials more = build(events, with(IndexKind::kMatched));
  const auto drawn = [](const Trials& trials) {
    for (std::size_t row = 0; row < trials.table.rows(); ++row) {
      if (trials.table.treatment[row] == 0) return trials.table.time_zero_us[row];
    }
    return std::int64_t{-1};
  };
  EXPECT_GE(drawn(alone), 20'000 * kMinute);
  EXPECT_EQ(drawn(alone), drawn(more));
}

TEST(Trials, RepairsOfTheNotebooksRuleAlone) {
  TrialOptions count = with(IndexKind::kSession);
  TrialOptions ignore = count, exclude = count;
  ignore.prior = PriorOutcome::kIgnore;
  exclude.prior = PriorOutcome::kExclude;
  const std::vector<Event> before = {{"u", 0, kPurchase}, {"u", 1, kImpression}, {"u", 2, kClick}};
  const std::vector<Event> both = {{"u", 0, kPurchase}, {"u", 1, kClick}, {"u", 2, kPurchase}};
  const std::vector<Event> control = {{"u", 0, kImpression}, {"u", 1, kPurchase}};
  EXPECT_EQ(build(before, count).table.outcome, std::vector<std::uint8_t>{1});
  EXPECT_EQ(build(before, ignore).table.outcome, std::vector<std::uint8_t>{0});
  EXPECT_EQ(build(both, ignore).table.outcome, std::vector<std::uint8_t>{1});
  EXPECT_EQ(build(control, exclude).table.outcome, std::vector<std::uint8_t>{1}) << "a control has no time zero to be before";
  EXPECT_EQ(build(both, exclude).table.rows(), 0u);
  EXPECT_FALSE(build(both, count).table.has_time_zero());
}

TEST(Trials, AttritionCountsRowsSessionsUsersAndArms) {
  const Trials trials = build({{"u", 0, kImpression}, {"u", 1, kClick}, {"u", 2, kImpression}, {"u", 100, kImpression}, {"v", 0, kPurchase}, {"v", 1, kImpression}},
                              with(IndexKind::kExposure));
  const Attrition::Left& all = trials.attrition.after[0];
  EXPECT_EQ(all.rows, 4u);
  EXPECT_EQ(all.sessions, 3u);
  EXPECT_EQ(all.users, 2u);
  EXPECT_EQ(all.arm, (std::array<std::uint64_t, 2>{3, 1}));
  const Attrition::Left& kept = trials.attrition.after[kFilters];
  EXPECT_EQ(kept.rows, 2u);
  EXPECT_EQ(kept.sessions, 2u);
  EXPECT_EQ(kept.users, 1u);
}

// Times at both ends of 64 bits must not overflow; the sanitizer watches.
TEST(Trials, ExtremeTimes) {
  std::vector<Event> events = {{"u", INT64_MAX - 1, kImpression}, {"u", INT64_MAX, kClick}};
  for (const IndexKind kind : {IndexKind::kExposure, IndexKind::kLandmark, IndexKind::kMatched}) {
    OrderedEvents ordered = ordered_events(events);
    TrialOptions options = with(kind);
    options.data_end_us = INT64_MAX;
    const Sessions sessions = sessionize(ordered, {options.max_gap_us, std::nullopt, 1});
    EXPECT_LE(build_trials(ordered, sessions, options).table.rows(), 1u);
  }
}

}  // namespace
}  // namespace causal_sessions
