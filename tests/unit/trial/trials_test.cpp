#include "trial/trials.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "core/random.h"
#include "support/events.h"
#include "trial/delays.h"

namespace causal_sessions {
namespace {

using support::Event;
using support::ordered_events;

constexpr std::int64_t kMinute = 60'000'000;
constexpr std::uint8_t kAuction = 0, kImpression = 1, kClick = 2, kPurchase = 3;

// Sessions are cut at 30 minutes, the window is 5 minutes, the horizon 60.
TrialSetup with(IndexKind kind) {
  TrialSetup options;
  options.kind = kind;
  options.prior = kind == IndexKind::kSession ? PriorOutcome::kCount : PriorOutcome::kExclude;
  options.landmark.us = 10 * kMinute;
  options.window.us = 5 * kMinute;
  options.horizon.us = 60 * kMinute;
  options.session.max_gap.us = 30 * kMinute;
  options.data_end_us = 10'000 * kMinute;
  options.session.min_events = 1;
  options.session.min_events_of = LengthOf::kX;
  options.sequence.keep = KeepEvents::kLast;
  options.sequence.padding.clear();
  options.ties = TieRule::kPriority;
  return options;
}

Trials build(std::vector<Event> events, const TrialSetup& options) {
  for (Event& event : events) event.time_us *= kMinute;
  OrderedEvents ordered = ordered_events(events, options.ties);
  SessionOptions all = options.session;
  all.min_events = 1;
  const Sessions sessions = sessionize(ordered, all);
  return build_trials(ordered, sessions, options);
}

// "session.trial@t0 X=events T Y; ..." then what was left out, in minutes.
std::string told(const std::vector<Event>& events, const TrialSetup& options) {
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
  TrialSetup options;
  std::vector<Event> events;
  const char* expected;
};

void check(const std::vector<Case>& cases) {
  for (const Case& entry : cases) EXPECT_EQ(told(entry.events, entry.options), entry.expected) << entry.name;
}

TEST(Trials, EveryInstantWithExposuresIsOne) {
  const TrialSetup plain = with(IndexKind::kExposure);
  check({
      {"none", plain, {{"u", 0, kAuction}, {"u", 1, kClick}}, ""},
      {"two at one instant are one",
       plain,
       {{"u", 0, kAuction}, {"u", 1, kImpression, "a"}, {"u", 1, kImpression, "b"}},
       "1.1@1 X3 T0 Y0; "},
      {"two instants share the first tokens",
       plain,
       {{"u", 0, kImpression}, {"u", 2, kAuction}, {"u", 9, kImpression}},
       "1.1@0 X1 T0 Y0; 1.2@9 X3 T0 Y0; "},
      {"what is at t0 belongs to X", plain, {{"u", 3, kImpression}, {"u", 3, kAuction}}, "1.1@3 X2 T0 Y0; "},
      {"a later session", plain, {{"u", 0, kImpression}, {"u", 31, kImpression}}, "1.1@0 X1 T0 Y0; 2.1@31 X1 T0 Y0; "},
      {"each user alone", plain, {{"u", 0, kImpression}, {"v", 1, kClick}, {"v", 2, kPurchase}}, "1.1@0 X1 T0 Y0; "},
  });
}

TEST(Trials, TreatmentAndOutcomeFollowTimeZero) {
  const TrialSetup plain = with(IndexKind::kExposure);
  TrialSetup strict = plain;
  strict.from = OutcomeFrom::kWindowEnd;
  check({
      {"click at the window's end", plain, {{"u", 0, kImpression}, {"u", 5, kClick}}, "1.1@0 X1 T1 Y0; "},
      {"click behind it", plain, {{"u", 0, kImpression}, {"u", 6, kClick}}, "1.1@0 X1 T0 Y0; "},
      {"click at the exposure's instant, behind it by the tie rule",
       plain,
       {{"u", 0, kImpression}, {"u", 0, kClick}},
       "1.1@0 X1 T1 Y0; "},
      {"the next exposure comes after that click",
       plain,
       {{"u", 0, kImpression}, {"u", 0, kClick}, {"u", 9, kImpression}},
       "1.1@0 X1 T1 Y0; 1 priorTreatment; "},
      {"click before", plain, {{"u", 0, kClick}, {"u", 1, kImpression}}, "1 priorTreatment; "},
      {"click in an earlier session", plain, {{"u", 0, kClick}, {"u", 40, kImpression}}, "2.1@40 X1 T0 Y0; "},
      {"later trials of a clicker",
       plain,
       {{"u", 0, kImpression}, {"u", 1, kClick}, {"u", 9, kImpression}},
       "1.1@0 X1 T1 Y0; 1 priorTreatment; "},
      {"purchase at the horizon", plain, {{"u", 0, kImpression}, {"u", 60, kPurchase}}, "1.1@0 X1 T0 Y1; "},
      {"purchase behind it", plain, {{"u", 0, kImpression}, {"u", 61, kPurchase}}, "1.1@0 X1 T0 Y0; "},
      {"purchase at the exposure's instant, behind it", plain, {{"u", 0, kImpression}, {"u", 0, kPurchase}}, "1.1@0 X1 T0 Y1; "},
      {"click and purchase there", plain, {{"u", 0, kImpression}, {"u", 0, kClick}, {"u", 0, kPurchase}}, "1.1@0 X1 T1 Y1; "},
      {"purchase before the click",
       plain,
       {{"u", 0, kImpression}, {"u", 1, kPurchase}, {"u", 2, kClick}},
       "1 outcomeBeforeTreatment; "},
      {"at the same instant the click is first",
       plain,
       {{"u", 0, kImpression}, {"u", 2, kPurchase}, {"u", 2, kClick}},
       "1.1@0 X1 T1 Y1; "},
      {"an untreated outcome in the window counts", plain, {{"u", 0, kImpression}, {"u", 2, kPurchase}}, "1.1@0 X1 T0 Y1; "},
      {"strict: an early outcome of either arm",
       strict,
       {{"u", 0, kImpression}, {"u", 2, kPurchase}, {"v", 0, kImpression}, {"v", 2, kClick}, {"v", 5, kPurchase}},
       "2 outcomeInWindow; "},
      {"strict: Y behind the window",
       strict,
       {{"u", 0, kImpression}, {"u", 1, kClick}, {"u", 65, kPurchase}},
       "1.1@0 X1 T1 Y1; "},
      {"strict: behind window and horizon", strict, {{"u", 0, kImpression}, {"u", 66, kPurchase}}, "1.1@0 X1 T0 Y0; "},
  });
}

TEST(Trials, PriorOutcomesItemsLengthAndCensoring) {
  const TrialSetup plain = with(IndexKind::kExposure);
  TrialSetup ignore = plain, items = plain, two = plain, drop = plain, flagged = plain, last = plain, whole = plain;
  ignore.prior = PriorOutcome::kIgnore;
  items.same_item = true;
  two.session.min_events = whole.session.min_events = 2;
  whole.session.min_events_of = LengthOf::kSession;
  flagged.data_end_us = drop.data_end_us = 100 * kMinute;
  drop.censored = Censored::kDrop;
  last.sequence.max_events = 2;
  check({
      {"a prior outcome does not count", ignore, {{"u", 0, kPurchase}, {"u", 1, kImpression}}, "1.1@1 X2 T0 Y0; "},
      {"a click on another item", items, {{"u", 0, kImpression, "a"}, {"u", 1, kClick, "b"}}, "1.1@0 X1 T0 Y0; "},
      {"a click on one of the items",
       items,
       {{"u", 0, kImpression, "a"}, {"u", 0, kImpression, "b"}, {"u", 1, kClick, "c"}, {"u", 2, kClick, "b"}},
       "1.1@0 X2 T1 Y0; "},
      {"no item is no match", items, {{"u", 0, kImpression}, {"u", 1, kClick}}, "1.1@0 X1 T0 Y0; "},
      {"short up to t0, whatever follows", two, {{"u", 0, kImpression}, {"u", 1, kClick}, {"u", 2, kAuction}}, "1 shortX; "},
      {"short as a whole",
       whole,
       {{"u", 0, kImpression}, {"v", 0, kImpression}, {"v", 1, kClick}},
       "1.1@0 X1 T1 Y0; 1 shortSession; "},
      {"follow-up cut by the end",
       flagged,
       {{"u", 0, kImpression}, {"u", 41, kImpression}},
       "1.1@0 X1 T0 Y0; 2.1@41 X1 T0 Y0 censored; "},
      {"left out", drop, {{"u", 40, kImpression}, {"u", 41, kImpression}}, "1.1@40 X1 T0 Y0; 1 censored; "},
      {"the last tokens", last, {{"u", 0, kAuction}, {"u", 1, kAuction}, {"u", 2, kImpression}}, "1.1@2 X2 T0 Y0; "},
  });
  EXPECT_EQ(build({{"u", 0, kAuction}, {"u", 1, kAuction}, {"u", 2, kImpression}}, last).table.begin[0], 1u);
}

TEST(Trials, Landmark) {
  const TrialSetup plain = with(IndexKind::kLandmark);
  check({
      {"all of the first ten minutes",
       plain,
       {{"u", 0, kAuction}, {"u", 10, kImpression}, {"u", 11, kImpression}},
       "1.1@10 X2 T0 Y0; "},
      {"treated after it", plain, {{"u", 0, kAuction}, {"u", 15, kClick}, {"u", 20, kPurchase}}, "1.1@10 X1 T1 Y1; "},
      {"treated before it", plain, {{"u", 0, kAuction}, {"u", 9, kClick}}, "1 priorTreatment; "},
      {"bought before it", plain, {{"u", 0, kAuction}, {"u", 9, kPurchase}}, "1 priorOutcome; "},
  });
  TrialSetup late = plain;
  late.landmark.us = 40 * kMinute;
  check({
      {"over by the gap", late, {{"u", 0, kAuction}, {"u", 9, kAuction}}, "1 sessionOver; "},
      {"silent for just the gap", late, {{"u", 0, kAuction}, {"u", 10, kAuction}}, "1.1@40 X2 T0 Y0; "},
  });
}

// Where the tie rule leaves a click before its exposure, it is an earlier one.
TEST(Trials, AtOneInstantTheOrderDecides) {
  TrialSetup input = with(IndexKind::kExposure);
  input.ties = TieRule::kInput;
  check({
      {"the click first", input, {{"u", 0, kClick}, {"u", 0, kImpression}}, "1 priorTreatment; "},
      {"the exposure first", input, {{"u", 0, kImpression}, {"u", 0, kClick}}, "1.1@0 X1 T1 Y0; "},
      {"between two exposures of the instant",
       input,
       {{"u", 0, kImpression}, {"u", 0, kClick}, {"u", 0, kImpression}},
       "1.1@0 X1 T1 Y0; "},
      {"a purchase before the click",
       input,
       {{"u", 0, kImpression}, {"u", 0, kPurchase}, {"u", 0, kClick}},
       "1 outcomeBeforeTreatment; "},
  });
}

TEST(Trials, ATreatmentBelongsToOneTrial) {
  TrialSetup one = with(IndexKind::kExposure), several = one, landmark = with(IndexKind::kLandmark);
  one.window_ends = landmark.window_ends = WindowEnds::kNextExposure;
  const std::vector<Event> three = {
      {"u", 0, kImpression, "x"}, {"u", 1, kImpression, "y"}, {"u", 2, kImpression, "z"}, {"u", 3, kClick, "z"}};
  check({
      {"three exposures and a click on the last", one, three, "1.1@0 X1 T0 Y0; 1.2@1 X2 T0 Y0; 1.3@2 X3 T1 Y0; "},
      {"by the window alone", several, three, "1.1@0 X1 T1 Y0; 1.2@1 X2 T1 Y0; 1.3@2 X3 T1 Y0; "},
      {"a click at the next exposure's instant is that one's",
       one,
       {{"u", 0, kImpression}, {"u", 2, kImpression}, {"u", 2, kClick}},
       "1.1@0 X1 T0 Y0; 1.2@2 X2 T1 Y0; "},
      {"an exposure of another session ends it too",
       one,
       {{"u", 0, kImpression}, {"u", 40, kImpression}, {"u", 41, kClick}},
       "1.1@0 X1 T0 Y0; 2.1@40 X1 T1 Y0; "},
      {"of a landmark", landmark, {{"u", 0, kAuction}, {"u", 12, kImpression}, {"u", 13, kClick}}, "1.1@10 X1 T0 Y0; "},
  });
  const Attrition counted = build(three, several).attrition, apart = build(three, one).attrition;
  EXPECT_EQ(counted.window_holds_exposure, 2u);
  EXPECT_EQ(counted.treated_after_exposure, 2u);
  EXPECT_EQ(apart.window_holds_exposure, 0u);
  EXPECT_EQ(apart.treated_after_exposure, 0u);
}

// The auction is another treatment.
TEST(Trials, TheFirstTreatmentOfAnyTypeDecides) {
  TrialSetup exposure = with(IndexKind::kExposure), landmark = with(IndexKind::kLandmark);
  exposure.other_types = landmark.other_types = {kAuction};
  TrialSetup items = exposure;
  items.same_item = true;
  check({
      {"another one first", exposure, {{"u", 0, kImpression}, {"u", 1, kAuction}, {"u", 2, kClick}}, "1 otherTreatment; "},
      {"another one behind it", exposure, {{"u", 0, kImpression}, {"u", 1, kClick}, {"u", 2, kAuction}}, "1.1@0 X1 T1 Y0; "},
      {"another one alone", exposure, {{"u", 0, kImpression}, {"u", 5, kAuction}}, "1 otherTreatment; "},
      {"behind the window", exposure, {{"u", 0, kImpression}, {"u", 6, kAuction}}, "1.1@0 X1 T0 Y0; "},
      {"before the exposure it is history",
       exposure,
       {{"u", 0, kAuction}, {"u", 1, kImpression}, {"u", 2, kClick}},
       "1.1@1 X2 T1 Y0; "},
      {"in the exposure's instant it is not X's",
       with(IndexKind::kExposure),
       {{"u", 0, kImpression}, {"u", 0, kAuction}},
       "1.1@0 X2 T0 Y0; "},
      {"of another item",
       items,
       {{"u", 0, kImpression, "a"}, {"u", 1, kAuction, "b"}, {"u", 2, kClick, "a"}},
       "1.1@0 X1 T1 Y0; "},
      {"of this one", items, {{"u", 0, kImpression, "a"}, {"u", 1, kAuction, "a"}, {"u", 2, kClick, "a"}}, "1 otherTreatment; "},
      {"of a landmark",
       landmark,
       {{"u", 0, kImpression}, {"u", 11, kAuction}, {"u", 12, kClick}, {"v", 0, kImpression}, {"v", 11, kClick}},
       "1.1@10 X1 T1 Y0; 1 otherTreatment; "},
  });
  exposure.washout.us = 60 * kMinute;
  EXPECT_EQ(told({{"u", 0, kAuction}, {"u", 40, kImpression}}, exposure), "2.1@40 X1 T0 Y0; ") << "it is asked of the treatment";
}

TEST(Trials, AnotherTreatmentEndsTheWait) {
  TrialSetup aligned = with(IndexKind::kExposure);
  aligned.window_ends = WindowEnds::kNextExposure;
  aligned.grace = GracePeriod::kAlign;
  aligned.other_types = {kAuction};
  const std::vector<Event> both = {{"t", 0, kImpression},    {"t", 2, kClick},      {"free", 0, kImpression},
                                   {"free", 9, kImpression}, {"o", 0, kImpression}, {"o", 3, kAuction}};
  EXPECT_NE(told(both, aligned).find("otherTreatment"), std::string::npos);
  EXPECT_EQ(build(both, aligned).table.treatment, (std::vector<std::uint8_t>{1, 0, 0}));
  aligned.other_types.clear();
  EXPECT_EQ(build(both, aligned).table.treatment.size(), 4u) << "without it, the auction is one event of many";
}

// Kaplan and Meier's share counts treatments of any type: half are treated after one minute, half of those otherwise.
TEST(Delays, OtherTreatmentsTellWhoIsStillUntreated) {
  Delays delays;
  for (int i = 0; i < 2; ++i) delays.add_untreated(5 * kMinute);
  delays.add_treated(kMinute);
  delays.add_otherwise_treated(kMinute);
  delays.finish();
  EXPECT_EQ(delays.draw(0.99), kMinute) << "the other one is not drawn";
  EXPECT_DOUBLE_EQ(delays.stays(0), 0.5);
  EXPECT_DOUBLE_EQ(delays.stays(5 * kMinute), 1);
}

// T = 0 are rows whose first treatment is the auction; time zero is just before the treatment in both arms.
TEST(Trials, ATreatmentIsComparedWithAnother) {
  TrialSetup compared = with(IndexKind::kExposure);
  compared.window_ends = WindowEnds::kNextExposure;
  compared.grace = GracePeriod::kAlign;
  compared.comparator = "auction";
  compared.comparator_type = kAuction;
  check({
      {"each in its arm, none in neither",
       compared,
       {{"u", 0, kImpression}, {"u", 3, kClick}, {"v", 0, kImpression}, {"v", 2, kAuction}, {"w", 0, kImpression}},
       "1.1@2 X1 T1 Y0; 1.1@1 X1 T0 Y0; 1 otherTreatment; "},
      {"the first of the two", compared, {{"u", 0, kImpression}, {"u", 1, kAuction}, {"u", 2, kClick}}, "1.1@0 X1 T0 Y0; "},
      {"nobody who has had either",
       compared,
       {{"u", 0, kAuction}, {"u", 1, kImpression}, {"u", 2, kClick}},
       "1 priorTreatment; "},
      {"an outcome first", compared, {{"u", 0, kImpression}, {"u", 1, kPurchase}, {"u", 2, kAuction}}, "1 otherTreatment; "},
      {"Y of either arm",
       compared,
       {{"u", 0, kImpression},
        {"u", 3, kClick},
        {"u", 9, kPurchase},
        {"v", 0, kImpression},
        {"v", 2, kAuction},
        {"v", 4, kPurchase}},
       "1.1@2 X1 T1 Y1; 1.1@1 X1 T0 Y1; "},
  });
  compared.washout.us = 60 * kMinute;
  EXPECT_EQ(told({{"u", 0, kAuction}, {"u", 40, kImpression}, {"u", 41, kClick}}, compared), "1 washout; ");
}

TEST(Trials, OutcomesOfTheSessionAloneCanCount) {
  TrialSetup user = with(IndexKind::kExposure);
  user.session.max_gap.us = 20 * kMinute;
  TrialSetup session = user, cut = user, landmark = with(IndexKind::kLandmark);
  session.scope = cut.scope = landmark.scope = OutcomeScope::kSession;
  cut.session.max_length = minutes(25);
  const std::vector<Event> later = {{"u", 0, kImpression}, {"u", 20, kAuction}, {"u", 41, kPurchase}};
  check({
      {"in a later session", user, later, "1.1@0 X1 T0 Y1; "},
      {"which is not asked", session, later, "1.1@0 X1 T0 Y0; "},
      {"in the same one", session, {{"u", 0, kImpression}, {"u", 20, kAuction}, {"u", 40, kPurchase}}, "1.1@0 X1 T0 Y1; "},
      {"which the longest duration cuts",
       cut,
       {{"u", 0, kImpression}, {"u", 20, kAuction}, {"u", 40, kPurchase}},
       "1.1@0 X1 T0 Y0; "},
      {"a short session between",
       session,
       {{"u", 0, kImpression}, {"u", 30, kPurchase}, {"u", 55, kImpression}, {"u", 56, kPurchase}},
       "1.1@0 X1 T0 Y0; 3.1@55 X1 T0 Y1; "},
      {"of a landmark",
       landmark,
       {{"u", 0, kImpression}, {"u", 5, kAuction}, {"u", 36, kPurchase}},
       "1.1@10 X2 T0 Y0; 1 priorOutcome; "},
  });
}

TEST(Trials, WashoutLooksAtTheUser) {
  TrialSetup washed = with(IndexKind::kExposure), unwashed = washed;
  washed.washout.us = 60 * kMinute;
  const std::vector<Event> two = {{"u", 0, kImpression}, {"u", 1, kClick}, {"u", 61, kImpression}};
  check({
      {"a click of an earlier session", washed, two, "1.1@0 X1 T1 Y0; 1 washout; "},
      {"a minute later",
       washed,
       {{"u", 0, kImpression}, {"u", 1, kClick}, {"u", 62, kImpression}},
       "1.1@0 X1 T1 Y0; 2.1@62 X1 T0 Y0; "},
      {"of another user",
       washed,
       {{"v", 0, kImpression}, {"v", 1, kClick}, {"u", 2, kImpression}},
       "1.1@0 X1 T1 Y0; 1.1@2 X1 T0 Y0; "},
      {"not asked", unwashed, two, "1.1@0 X1 T1 Y0; 2.1@61 X1 T0 Y0; "},
  });
  EXPECT_EQ(build(two, unwashed).attrition.controls_after_treatment, 1u);
}

// One delay to draw, two minutes less a microsecond, so that what becomes of the others is known.
TEST(Trials, AlignedTimeZeroIsAtTheTreatmentOrAsLate) {
  TrialSetup aligned = with(IndexKind::kExposure);
  aligned.window_ends = WindowEnds::kNextExposure;
  aligned.grace = GracePeriod::kAlign;
  const auto beside = [](std::vector<Event> others) {
    std::vector<Event> events = {{"t", 0, kImpression}, {"t", 2, kClick}};
    // The delay has a weight because one exposure is free for longer.
    events.insert(events.end(), {{"free", 0, kImpression}, {"free", 500, kAuction}});
    events.insert(events.end(), others.begin(), others.end());
    return events;
  };
  const std::string kept = "1.1@1 X1 T1 Y0; 1.1@1 X1 T0 Y0; ";
  const auto expect = [&](const char* name, std::vector<Event> others, const std::string& more) {
    EXPECT_EQ(told(beside(std::move(others)), aligned), kept + more) << name;
  };
  expect("alone", {}, "");
  expect("a purchase before the delay is over", {{"u", 0, kImpression}, {"u", 1, kPurchase}}, "1 eventBeforeTimeZero; ");
  expect("after it", {{"u", 0, kImpression}, {"u", 3, kPurchase}}, "1.1@1 X1 T0 Y1; ");
  expect("an exposure before it is over", {{"u", 0, kImpression}, {"u", 1, kImpression}}, "1.1@2 X2 T0 Y0; 1 nextExposure; ");
  expect("an exposure in the instant in which the treated are treated", {{"u", 0, kImpression}, {"u", 2, kImpression}},
         "1.1@3 X2 T0 Y0; 1 nextExposure; ");
  expect("what comes before it belongs to X", {{"u", 0, kImpression}, {"u", 1, kAuction}, {"u", 3, kAuction}},
         "1.1@1 X2 T0 Y0; ");
  expect("a purchase before the click", {{"u", 0, kImpression}, {"u", 1, kPurchase}, {"u", 4, kClick}},
         "1 eventBeforeTimeZero; ");
  TrialSetup items = aligned;
  items.same_item = true;
  EXPECT_EQ(told({{"t", 0, kImpression, "a"}, {"t", 1, kClick, "b"}, {"t", 2, kClick, "a"}}, items), "1.1@0 X1 T0 Y0; ")
      << "another item's click comes first, and ends the wait";
  TrialSetup none = aligned;
  none.part_of = [](std::uint32_t) { return Part::kTest; };
  EXPECT_EQ(told(beside({}), none), "1.1@1 X1 T1 Y0; 1.1@0 X1 T0 Y0; ") << "without a delay to draw it is the exposure";
}

// Delays of 1, 2 and 3 minutes, as many of each; of the others half meet the next exposure before the second. Those that stay have the
// delays of the treated all the same.
TEST(Trials, RowsThatStayHaveTheDelaysOfTheTreated) {
  TrialSetup aligned = with(IndexKind::kExposure);
  aligned.window_ends = WindowEnds::kNextExposure;
  aligned.grace = GracePeriod::kAlign;
  std::vector<std::string> names;
  for (int i = 0; i < 4000; ++i) names.push_back("user " + std::to_string(i));
  std::vector<Event> events;
  for (int i = 0; i < 4000; ++i) {
    events.push_back({names[static_cast<std::size_t>(i)], 0, kImpression});
    if (i % 10 == 0) events.push_back({names[static_cast<std::size_t>(i)], 1 + i / 10 % 3, kClick});
    else if (i % 2 == 0) events.push_back({names[static_cast<std::size_t>(i)], 2, kImpression});
  }
  const Trials trials = build(events, aligned);
  double delays[2][3] = {};
  for (std::size_t r = 0; r < trials.table.rows(); ++r) {
    const std::int64_t exposure_us = trials.table.count[r] == 1 ? 0 : 2 * kMinute;
    ++delays[trials.table.treatment[r]][(trials.table.time_zero_us[r] - exposure_us) / kMinute];
  }
  const double controls = delays[0][0] + delays[0][1] + delays[0][2];
  ASSERT_GT(controls, 1500);
  for (int d = 0; d < 3; ++d) EXPECT_NEAR(delays[0][d] / controls, 1.0 / 3, 0.04) << d;
}

// Clicks and purchases come at times of their own, so that a click does nothing. Those who never clicked are those who
// bought early more often than others; the rows that stay are not.
TEST(Trials, WhoWasNeverTreatedIsNoBetterThanWhoWasNotYet) {
  TrialSetup aligned = with(IndexKind::kExposure);
  aligned.window_ends = WindowEnds::kNextExposure;
  aligned.grace = GracePeriod::kAlign;
  aligned.window.us = 400 * kMinute;
  aligned.horizon.us = 10'000 * kMinute;
  aligned.data_end_us = 100'000 * kMinute;
  aligned.session.max_gap.us = 1000 * kMinute;
  Xoshiro256 random(StreamKey{5});
  std::vector<std::string> names;
  for (int i = 0; i < 30'000; ++i) names.push_back("user " + std::to_string(i));
  std::vector<Event> events;
  for (const std::string& name : names) {
    events.push_back({name, 0, kImpression});
    if (random.uniform() < 0.6) events.push_back({name, 1 + random.below(300), kClick});
    if (random.uniform() < 0.3) events.push_back({name, 1 + random.below(300), kPurchase});
  }
  const Trials trials = build(events, aligned);
  double rows[2] = {}, outcomes[2] = {};
  for (std::size_t r = 0; r < trials.table.rows(); ++r) {
    ++rows[trials.table.treatment[r]];
    outcomes[trials.table.treatment[r]] += trials.table.outcome[r];
  }
  ASSERT_GT(rows[0], 3000);
  EXPECT_NEAR(outcomes[1] / rows[1], outcomes[0] / rows[0], 0.025);
}

TEST(Trials, MatchedControlsAreAtTheSamePointOfTheirSession) {
  const TrialSetup plain = with(IndexKind::kMatched);
  const std::vector<Event> treated = {{"t", 0, kAuction}, {"t", 2, kImpression}, {"t", 4, kClick}, {"t", 5, kPurchase}};
  const auto beside = [&](std::vector<Event> others) {
    std::vector<Event> events = treated;
    events.insert(events.end(), others.begin(), others.end());
    return told(events, plain);
  };
  EXPECT_EQ(beside({}), "1 noMatch; ");
  const std::string found = "1.1@3 X2 T1 Y1; 1.1@102 X2 T0 ";
  EXPECT_EQ(beside({{"c", 100, kAuction}, {"c", 101, kImpression}, {"c", 110, kAuction}}), found + "Y0; ");
  EXPECT_EQ(beside({{"c", 100, kAuction}, {"c", 101, kImpression}, {"c", 105, kClick}, {"c", 106, kPurchase}}),
            "1.1@3 X2 T1 Y1; 1.1@102 X2 T0 Y1; 1 noMatch; ")
      << "it may be treated later, and then wants a control of its own";
  EXPECT_EQ(beside({{"c", 100, kAuction}, {"c", 101, kImpression}}), found + "Y0; ") << "that its session goes on is not asked";
  EXPECT_EQ(beside({{"c", 100, kAuction}, {"c", 101, kImpression}, {"c", 102, kImpression}}), "1 noMatch; ")
      << "another number of exposures";
  EXPECT_EQ(beside({{"c", 100, kAuction}, {"c", 104, kImpression}}), "1 noMatch; ") << "another age of the session";
  EXPECT_EQ(beside({{"c", 100, kAuction}, {"c", 101, kImpression}, {"c", 102, kPurchase}}), "1 noMatch; ") << "has bought";
  EXPECT_EQ(beside({{"t", 100, kAuction}, {"t", 101, kImpression}}), "1 noMatch; ") << "of the same user";
  EXPECT_EQ(told({{"t", 0, kClick}, {"t", 1, kImpression}, {"c", 0, kImpression}}, plain), "1 noMatch; ")
      << "no exposure before the treatment";
}

TEST(Trials, DrawnControlsDoNotDependOnTheOrderOfUsers) {
  TrialSetup two = with(IndexKind::kMatched);
  two.controls = 2;
  std::vector<std::string> names;
  for (int i = 0; i < 60; ++i) names.push_back("user " + std::to_string(i));
  std::vector<Event> events;
  for (int i = 0; i < 60; ++i) {
    const std::string& name = names[static_cast<std::size_t>(i)];
    events.push_back({name, 0, kAuction});
    events.push_back({name, 3 + i % 3, kImpression});
    if (i % 4 == 0) events.push_back({name, 8 + i % 7, kClick});
  }
  const auto rows = [&](bool backwards) {
    std::vector<Event> stream;
    for (int i = 0; i < 60; ++i) {
      for (const Event& event : events) {
        if (event.user == names[static_cast<std::size_t>(backwards ? 59 - i : i)]) stream.push_back(event);
      }
    }
    for (Event& event : stream) event.time_us *= kMinute;
    OrderedEvents ordered = ordered_events(stream, two.ties);
    const Sessions sessions = sessionize(ordered, {two.session.max_gap, 1});
    const Trials trials = build_trials(ordered, sessions, two);
    std::multiset<std::string> lines;
    for (std::size_t r = 0; r < trials.table.rows(); ++r) {
      lines.insert(std::string(ordered.users[trials.table.user[r]]) + " " + std::to_string(trials.table.time_zero_us[r]) + " " +
                   std::to_string(trials.table.treatment[r]));
    }
    return lines;
  };
  EXPECT_EQ(rows(false), rows(true));
  EXPECT_EQ(rows(false).size(), 15u * 3);
}

TEST(Trials, RepairsOfTheNotebooksRuleAlone) {
  TrialSetup count = with(IndexKind::kSession);
  TrialSetup ignore = count, exclude = count;
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
  const Trials trials = build({{"u", 0, kImpression},
                               {"u", 1, kClick},
                               {"u", 2, kImpression},
                               {"u", 100, kImpression},
                               {"v", 0, kPurchase},
                               {"v", 1, kImpression}},
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
    TrialSetup options = with(kind);
    options.data_end_us = INT64_MAX;
    SessionOptions all = options.session;
    all.min_events = 1;
    const Sessions sessions = sessionize(ordered, all);
    EXPECT_LE(build_trials(ordered, sessions, options).table.rows(), 1u);
  }
}

}  // namespace
}  // namespace causal_sessions
