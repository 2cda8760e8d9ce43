#include "sequence/build_sequences.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

#include "support/events.h"
#include "trial/trials.h"

namespace causal_sessions {
namespace {

using support::Event;
using support::ordered_events;

using WithoutItem = std::vector<std::pair<std::string, std::string>>;
const WithoutItem kWithoutItem = {{"auction", "[AUCTION]"}};
constexpr std::int64_t kMinute = 60'000'000;
constexpr std::uint8_t kAuction = 0, kImpression = 1, kClick = 2, kPurchase = 3;

// One session of one user as "T Y: event/item/minutes ..."; times in whole minutes here.
std::string row_of(const std::vector<Event>& events, const TrialSetup& options, const VocabularyOptions& vocabulary = {},
                   std::uint8_t padding_event = kAuction, const WithoutItem& without_item = kWithoutItem) {
  std::vector<Event> scaled = events;
  for (Event& event : scaled) event.time_us *= kMinute;
  OrderedEvents ordered = ordered_events(scaled, options.ties);
  const Sessions sessions = sessionize(ordered, {Duration{0, 1'000'000 * kMinute}, 1});
  Trials trials = build_trials(ordered, sessions, options);
  const std::vector<IndexRange> ranges = session_ranges(sessions, trials.table, std::vector<std::uint32_t>{0});
  const Vocabulary words = fit_vocabulary(ordered, ranges, vocabulary, {without_item});
  const std::optional<std::uint8_t> padding_type =
      !options.sequence.padding.empty() ? std::optional(padding_event) : std::nullopt;
  const SequenceTable table = build_sequences(std::move(ordered), std::move(trials.table), words, padding_type);
  EXPECT_EQ(table.rows(), 1u);
  std::string text = "T" + std::to_string(table.treatment[0]) + " Y" + std::to_string(table.outcome[0]) + ":";
  for (std::uint32_t i = 0; i < table.length(0); ++i) {
    const std::size_t at = table.begin[0] + i;
    const bool padding = i >= table.count[0];
    char minutes[32] = "pad";
    if (!padding) std::snprintf(minutes, sizeof(minutes), "%g", table.minutes(0, at));
    text += " " + std::to_string(padding ? table.padding_event_id : table.event_id[at]) + "/" +
            std::string(words.text(padding ? table.padding_item_id : table.item_id[at])) + "/" + minutes;
  }
  return text;
}

TrialSetup with(std::uint32_t max_events, std::uint32_t min_events = 2, bool keep_last = false, bool pad = true) {
  TrialSetup options;
  options.sequence.max_events = max_events;
  options.sequence.min_events = min_events;
  options.session.min_events = 1;
  options.sequence.keep = keep_last ? KeepEvents::kLast : KeepEvents::kFirst;
  if (!pad) options.sequence.padding.clear();
  return options;
}

TEST(Sequence, BeforeTheFirstTreatment) {
  struct Row {
    const char* name;
    TrialSetup options;
    std::vector<Event> events;
    const char* expected;
  };
  const TrialSetup plain = with(500);
  for (const Row& row : {
           Row{"no treatment: all events",
               plain,
               {{"u", 0, kAuction}, {"u", 1, kImpression, "a"}, {"u", 3, kImpression, "b"}},
               "T0 Y0: 0/[AUCTION]/0 1/a/1 1/b/3"},
           Row{"the treatment and what follows is not in X",
               plain,
               {{"u", 0, kAuction}, {"u", 1, kImpression, "a"}, {"u", 2, kClick, "a"}, {"u", 3, kImpression, "b"}},
               "T1 Y0: 0/[AUCTION]/0 1/a/1"},
           Row{"the first of several treatments",
               plain,
               {{"u", 0, kAuction}, {"u", 1, kImpression, "a"}, {"u", 2, kClick, "a"}, {"u", 3, kClick, "a"}},
               "T1 Y0: 0/[AUCTION]/0 1/a/1"},
           Row{"treatment first: that event alone, then padding",
               plain,
               {{"u", 0, kClick, "a"}, {"u", 1, kImpression, "a"}},
               "T1 Y0: 2/a/0 0/[AUCTION]/pad"},
           Row{"treatment second: padding",
               plain,
               {{"u", 0, kImpression, "a"}, {"u", 1, kClick, "a"}},
               "T1 Y0: 1/a/0 0/[AUCTION]/pad"},
           Row{"outcome after the treatment",
               plain,
               {{"u", 0, kAuction}, {"u", 0, kImpression, "a"}, {"u", 1, kClick, "a"}, {"u", 2, kPurchase, "a"}},
               "T1 Y1: 0/[AUCTION]/0 1/a/0"},
           Row{"an outcome before the treatment stays in X",
               plain,
               {{"u", 0, kPurchase, "a"}, {"u", 1, kImpression, "a"}, {"u", 2, kClick, "a"}},
               "T1 Y1: 3/a/0 1/a/1"},
           Row{"outcome without treatment", plain, {{"u", 0, kImpression, "a"}, {"u", 9, kPurchase, "a"}}, "T0 Y1: 1/a/0 3/a/9"},
           Row{"one event is padded", plain, {{"u", 7, kImpression, "a"}}, "T0 Y0: 1/a/0 0/[AUCTION]/pad"},
           Row{"a missing item", plain, {{"u", 0, kImpression}, {"u", 1, kPurchase}}, "T0 Y1: 1/[UNK]/0 3/[UNK]/1"},
           Row{"an auction's item is not looked at",
               plain,
               {{"u", 0, kAuction, "a"}, {"u", 1, kImpression, "a"}},
               "T0 Y0: 0/[AUCTION]/0 1/a/1"},
       }) {
    EXPECT_EQ(row_of(row.events, row.options), row.expected) << row.name;
  }
}

TEST(Sequence, PaddingThenTheLongestLength) {
  const std::vector<Event> events = {
      {"u", 0, kImpression, "a"}, {"u", 1, kImpression, "b"}, {"u", 2, kImpression, "c"}, {"u", 4, kImpression, "d"}};
  struct Row {
    const char* name;
    TrialSetup options;
    const char* expected;
  };
  for (const Row& row : {
           Row{"first two", with(2), "T0 Y0: 1/a/0 1/b/1"},
           Row{"last two, minutes from the session's start", with(2, 2, true), "T0 Y0: 1/c/2 1/d/4"},
           Row{"exactly as long", with(4), "T0 Y0: 1/a/0 1/b/1 1/c/2 1/d/4"},
           Row{"last of as many", with(4, 2, true), "T0 Y0: 1/a/0 1/b/1 1/c/2 1/d/4"},
           Row{"padded to six", with(500, 6), "T0 Y0: 1/a/0 1/b/1 1/c/2 1/d/4 0/[AUCTION]/pad 0/[AUCTION]/pad"},
           Row{"padded to six, cut at five", with(5, 6), "T0 Y0: 1/a/0 1/b/1 1/c/2 1/d/4 0/[AUCTION]/pad"},
           Row{"padding behind the last events too", with(500, 5, true), "T0 Y0: 1/a/0 1/b/1 1/c/2 1/d/4 0/[AUCTION]/pad"},
           Row{"no padding", with(500, 6, false, false), "T0 Y0: 1/a/0 1/b/1 1/c/2 1/d/4"},
           Row{"one", with(1, 0), "T0 Y0: 1/a/0"},
       }) {
    EXPECT_EQ(row_of(events, row.options), row.expected) << row.name;
  }
  EXPECT_EQ(row_of(events, with(500, 5), {}, kImpression), "T0 Y0: 1/a/0 1/b/1 1/c/2 1/d/4 1/[PAD]/pad")
      << "a type without a token";
}

TEST(Sequence, OtherTypesAndRareItems) {
  TrialSetup options = with(500);
  options.treatment_type = kPurchase;
  options.outcome_type = kAuction;
  EXPECT_EQ(row_of({{"u", 0, kImpression, "a"}, {"u", 1, kClick, "b"}, {"u", 2, kPurchase, "a"}, {"u", 3, kAuction}}, options),
            "T1 Y1: 1/a/0 2/b/1");
  EXPECT_EQ(row_of({{"u", 0, kImpression, "a"}, {"u", 1, kImpression, "b"}, {"u", 2, kImpression, "a"}}, options,
                   {FitOn::kAll, 2}, kAuction, {}),
            "T0 Y0: 1/a/0 1/[UNK]/1 1/a/2");
}

TEST(Sequence, PriorityPutsTiedEventsInOrderOfType) {
  TrialSetup options = with(500);
  options.ties = TieRule::kPriority;
  EXPECT_EQ(row_of({{"u", 5, kClick, "a"}, {"u", 5, kImpression, "a"}, {"u", 5, kAuction}}, options),
            "T1 Y0: 0/[AUCTION]/0 1/a/0");
}

// pandas: (b - a).total_seconds() / 60.0 of two Timestamps so far apart. The last five differ in their last bit from
// microseconds / 1e6 / 60.
TEST(Sequence, MinutesAreThoseOfPandas) {
  struct Row {
    std::int64_t us;
    double expected;
  };
  for (const Row& row : {
           Row{0, 0.0},
           Row{1, 1.6666666666666667e-08},
           Row{60'000'000, 1.0},
           Row{123456, 0.0020576},
           Row{1234567, 0.020576116666666665},
           Row{59999999, 0.9999999833333334},
           Row{3600000001, 60.00000001666667},
           Row{86399999999, 1439.9999999833335},
           Row{2848429, 0.04747381666666666},
           Row{7940782, 0.1323463666666667},
           Row{11768764, 0.19614606666666667},
           Row{3436056, 0.057267599999999995},
           Row{160501334, 2.675022233333333},
           Row{9778607, 0.16297678333333335},
       }) {
    EXPECT_EQ(minutes_from_us(row.us), row.expected) << row.us;
  }
}

// numpy.zeros(20, "datetime64[ns]").argsort() is far from the identity, applied twice it is the identity: were the
// session not sorted once more, X would hold other events.
TEST(Sequence, SortsEachSessionOnceMore) {
  const std::string_view names = "abcdefghijklmnopqrst";
  std::vector<Event> events;
  for (std::size_t i = 0; i < 20; ++i) events.push_back({"u", 0, i == 12 ? kClick : kImpression, names.substr(i, 1)});
  EXPECT_EQ(row_of(events, TrialSetup()), "T1 Y0: 1/a/0 1/b/0 1/c/0 1/d/0 1/e/0 1/f/0 1/g/0 1/h/0 1/i/0 1/j/0 1/k/0 1/l/0");
}

}  // namespace
}  // namespace causal_sessions
