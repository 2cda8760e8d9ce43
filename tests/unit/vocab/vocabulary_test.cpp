#include "vocab/vocabulary.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

#include "support/events.h"

namespace causal_sessions {
namespace {

using support::Event;
using support::ordered_events;

using WithoutItem = std::vector<std::pair<std::string, std::string>>;
const WithoutItem kNotebook = {{"auction", "[AUCTION]"}};

struct Fitting {
  VocabularyOptions options;
  WithoutItem without_item;
};

Fitting with(const WithoutItem& without_item, std::uint32_t min_count) {
  Fitting fitting{{}, without_item};
  fitting.options.min_count = min_count;
  return fitting;
}

// Fits on all sessions, or on those at `rows`.
Vocabulary fit(const std::vector<Event>& events, const Fitting& fitting,
               std::optional<std::vector<std::uint32_t>> rows = std::nullopt, std::uint32_t min_events = 1) {
  OrderedEvents ordered = ordered_events(events);
  const Sessions sessions = sessionize(ordered, {Duration{0, 100}, min_events});
  if (!rows) {
    rows.emplace(sessions.size());
    std::iota(rows->begin(), rows->end(), 0u);
  }
  std::vector<IndexRange> ranges;
  for (const std::uint32_t row : *rows) ranges.push_back({sessions.begin[row], sessions.end[row]});
  return fit_vocabulary(ordered, ranges, fitting.options, {fitting.without_item});
}

std::vector<std::string> texts(const Vocabulary& vocabulary) {
  std::vector<std::string> all;
  for (std::uint32_t id = 0; id < vocabulary.size(); ++id) all.emplace_back(vocabulary.text(id));
  return all;
}

using Texts = std::vector<std::string>;

TEST(Vocabulary, SpecialTokensThenItemsByCodePoint) {
  struct Row {
    const char* name;
    std::vector<Event> events;
    Texts items;
  };
  for (const Row& row : {
           Row{"no items", {{"u", 0, 0}}, {}},
           Row{"numbers are texts", {{"u", 0, 1, "10"}, {"u", 1, 1, "9"}, {"u", 2, 1, "1"}}, {"1", "10", "9"}},
           Row{"capitals first", {{"u", 0, 1, "b"}, {"u", 1, 1, "a"}, {"u", 2, 1, "B"}}, {"B", "a", "b"}},
           Row{"ids that other tools change",
               {{"u", 0, 1, "NA"}, {"u", 0, 1, "-1"}, {"u", 0, 1, "00"}, {"u", 0, 1, "a_1"}, {"u", 0, 1, "0"}},
               {"-1", "0", "00", "NA", "a_1"}},
           Row{"beyond ASCII",
               {{"u", 0, 1, "🛒"}, {"u", 0, 1, "日本"}, {"u", 0, 1, "é"}, {"u", 0, 1, "z"}, {"u", 0, 1, "｡"}},
               {"z", "é", "日本", "｡", "🛒"}},
           Row{"first eight bytes equal",
               {{"u", 0, 1, "12345678b"}, {"u", 0, 1, "12345678"}, {"u", 0, 1, "12345678a"}},
               {"12345678", "12345678a", "12345678b"}},
           Row{"a prefix comes first", {{"u", 0, 1, "ab"}, {"u", 0, 1, "a"}, {"u", 0, 1, "a b"}}, {"a", "a b", "ab"}},
           Row{"once each", {{"u", 0, 1, "a"}, {"v", 0, 2, "a"}}, {"a"}},
           Row{"an auction's item counts too", {{"u", 0, 0, "x"}}, {"x"}},
       }) {
    Texts expected = {"[PAD]", "[AUCTION]", "[UNK]"};
    expected.insert(expected.end(), row.items.begin(), row.items.end());
    const Vocabulary vocabulary = fit(row.events, with(kNotebook, 1));
    EXPECT_EQ(texts(vocabulary), expected) << row.name;
    EXPECT_EQ(vocabulary.types, (Texts{"auction", "impression", "click", "purchase"})) << row.name;
    for (std::uint32_t item = 0; item < vocabulary.item_id.size(); ++item) {
      EXPECT_EQ(vocabulary.text(vocabulary.item_id[item]), vocabulary.pool[item]) << row.name;
    }
  }
}

TEST(Vocabulary, OnlyItemsOfKeptSessions) {
  const std::vector<Event> events = {{"u", 0, 1, "short"}, {"v", 0, 1, "b"}, {"v", 1, 1, "a"}};
  EXPECT_EQ(texts(fit(events, with(kNotebook, 1), std::nullopt, 2)), (Texts{"[PAD]", "[AUCTION]", "[UNK]", "a", "b"}));
}

TEST(Vocabulary, FittedOnSomeSessionsAndRareItemsAreUnknown) {
  const std::vector<Event> events = {{"u", 0, 1, "a"}, {"u", 1, 1, "b"}, {"u", 2, 1, "b"}, {"v", 0, 1, "c"}, {"v", 1, 1, "b"}};
  const Vocabulary first = fit(events, with(kNotebook, 1), std::vector<std::uint32_t>{0});
  EXPECT_EQ(texts(first), (Texts{"[PAD]", "[AUCTION]", "[UNK]", "a", "b"}));
  EXPECT_EQ(first.item_id, (std::vector<std::uint32_t>{3, 4, kUnknownId})) << "by first appearance: a, b, c";
  EXPECT_EQ(texts(fit(events, with(kNotebook, 2))), (Texts{"[PAD]", "[AUCTION]", "[UNK]", "b"}));
  EXPECT_EQ(texts(fit(events, with(kNotebook, 2), std::vector<std::uint32_t>{1})), (Texts{"[PAD]", "[AUCTION]", "[UNK]"}));
  EXPECT_EQ(texts(fit(events, with(kNotebook, 1), std::vector<std::uint32_t>{})), (Texts{"[PAD]", "[AUCTION]", "[UNK]"}));
}

TEST(Vocabulary, TypesWithoutItemsHaveTokens) {
  struct Row {
    const char* name;
    WithoutItem without_item;
    Texts tokens;
    std::vector<std::uint32_t> of_type;
  };
  constexpr std::uint32_t kNone = StringPool::kNone;
  for (const Row& row : {
           Row{"the notebook's", kNotebook, {"[PAD]", "[AUCTION]", "[UNK]"}, {1, kNone, kNone, kNone}},
           Row{"none", {}, {"[PAD]", "[AUCTION]", "[UNK]"}, {kNone, kNone, kNone, kNone}},
           Row{"one of its own", {{"click", "[C]"}}, {"[PAD]", "[AUCTION]", "[UNK]", "[C]"}, {kNone, kNone, 3, kNone}},
           Row{"shared", {{"click", "[X]"}, {"purchase", "[X]"}}, {"[PAD]", "[AUCTION]", "[UNK]", "[X]"}, {kNone, kNone, 3, 3}},
           Row{"in order of event type",
               {{"click", "[C]"}, {"auction", "[A]"}},
               {"[PAD]", "[AUCTION]", "[UNK]", "[A]", "[C]"},
               {3, kNone, 4, kNone}},
       }) {
    const Vocabulary vocabulary = fit({{"u", 0, 1, "i"}}, with(row.without_item, 1));
    EXPECT_EQ(vocabulary.tokens, row.tokens) << row.name;
    EXPECT_EQ(vocabulary.token_of_type, row.of_type) << row.name;
    EXPECT_EQ(vocabulary.item_id[0], row.tokens.size()) << row.name;
  }
}

}  // namespace
}  // namespace causal_sessions
