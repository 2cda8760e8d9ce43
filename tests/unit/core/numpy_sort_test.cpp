#include "core/numpy_sort.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <vector>

#include "support/events.h"

namespace causal_sessions {
namespace {

using support::fingerprint;
using Keys = std::vector<std::int64_t>;
using Order = std::vector<std::uint32_t>;

// Expected values are those of NumPy 1.24.4, numpy.array(keys).view("datetime64[ns]").argsort(kind="quicksort").
// NumPy 2.4.6 gives the same, also on a processor with AVX-512 (whose vector sort it uses for int64, not for dates).

Order argsort(const Keys& keys) {
  Order order(keys.size());
  std::iota(order.begin(), order.end(), 0u);
  numpy_argsort(keys.data(), order);
  return order;
}

Keys pseudo_random(std::uint64_t seed, std::size_t count, std::uint64_t distinct) {
  Keys keys;
  for (std::uint64_t state = seed; keys.size() < count;) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    keys.push_back(static_cast<std::int64_t>((state >> 33) % distinct));
  }
  return keys;
}

template <class Rule>
Keys keys_of(std::int64_t count, Rule rule) {
  Keys keys;
  for (std::int64_t i = 0; i < count; ++i) keys.push_back(rule(i));
  return keys;
}

// M. D. McIlroy, "A Killer Adversary for Quicksort", 1999: keys that decide what they are only when they are
// compared, so that each partition takes off as little as can be.
struct Adversary {
  Keys solid;  // -1: not decided yet
  std::int64_t next = 0;
  std::uint32_t candidate = 0;
};

struct AdversaryKey {
  Adversary* adversary;
  std::uint32_t index;

  friend bool operator<(const AdversaryKey& a, const AdversaryKey& b) {
    Adversary& all = *a.adversary;
    std::int64_t &x = all.solid[a.index], &y = all.solid[b.index];
    if (x < 0 && y < 0) (a.index == all.candidate ? x : y) = all.next++;
    if (x < 0) {
      all.candidate = a.index;
    } else if (y < 0) {
      all.candidate = b.index;
    }
    return x >= 0 && (y < 0 || x < y);
  }
};

// Halved, so that there are ties: only then does the order show which algorithm made it.
Keys halved_killer(std::uint32_t count) {
  Adversary adversary{Keys(count, -1)};
  std::vector<AdversaryKey> keys;
  for (std::uint32_t i = 0; i < count; ++i) keys.push_back({&adversary, i});
  Order order(count);
  std::iota(order.begin(), order.end(), 0u);
  numpy_argsort(keys.data(), order);
  for (std::int64_t& key : adversary.solid) key = (key < 0 ? adversary.next : key) / 2;
  return adversary.solid;
}

TEST(NumpySort, SmallArraysAsNumpy) {
  struct Row {
    const char* name;
    Keys keys;
    Order expected;
  };
  for (const Row& row : {
           Row{"empty", {}, {}},
           Row{"one", {7}, {0}},
           Row{"15 keys: insertion sort, stable",
               {2, 1, 1, 3, 4, 4, 2, 4, 4, 0, 2, 2, 4, 3, 3},
               {9, 1, 2, 0, 6, 10, 11, 3, 13, 14, 4, 5, 7, 8, 12}},
           Row{"16 keys: insertion sort, stable",
               {3, 0, 0, 2, 3, 3, 4, 1, 0, 3, 2, 4, 4, 2, 2, 4},
               {1, 2, 8, 7, 3, 10, 13, 14, 0, 4, 5, 9, 6, 11, 12, 15}},
           Row{"17 keys: one partition",
               {0, 1, 0, 1, 0, 2, 2, 4, 0, 0, 2, 0, 1, 2, 4, 4, 1},
               {0, 11, 9, 4, 8, 2, 1, 12, 3, 16, 5, 6, 10, 13, 7, 15, 14}},
           Row{"18 keys",
               {4, 0, 4, 4, 4, 2, 3, 2, 4, 0, 2, 0, 3, 4, 1, 2, 4, 1},
               {1, 9, 11, 17, 14, 15, 5, 7, 10, 6, 12, 13, 0, 4, 3, 2, 16, 8}},
           Row{"40 keys",
               {4, 1, 0, 1, 3, 3, 4, 0, 0, 0, 4, 0, 0, 2, 4, 2, 1, 3, 0, 3,
                2, 4, 4, 0, 3, 4, 2, 1, 3, 1, 3, 0, 4, 3, 1, 2, 2, 0, 0, 3},
               {9,  38, 12, 11, 31, 8,  7,  18, 23, 37, 2, 34, 3,  27, 1,  16, 29, 20, 13, 26,
                35, 36, 15, 33, 30, 28, 19, 39, 24, 17, 5, 4,  22, 21, 32, 14, 10, 6,  25, 0}},
           Row{"45 keys that reach the heap sort",
               {0, 21, 1, 21, 2, 20, 3, 20, 4, 19, 5,  19, 6,  18, 7,  18, 8,  17, 9,  17, 10, 11, 0,
                1, 2,  3, 4,  5, 6,  7, 8,  9, 10, 16, 16, 15, 15, 14, 14, 13, 13, 12, 12, 22, 11},
               {0,  22, 2,  23, 4,  24, 6,  25, 8,  26, 10, 27, 12, 28, 14, 29, 16, 30, 18, 31, 20, 32, 21,
                44, 42, 41, 40, 39, 37, 38, 35, 36, 34, 33, 19, 17, 15, 13, 11, 9,  7,  5,  3,  1,  43}},
       }) {
    EXPECT_EQ(argsort(row.keys), row.expected) << row.name;
  }
}

TEST(NumpySort, PatternsAsNumpy) {
  struct Row {
    std::int64_t count;
    // constant, sorted, reversed, organ pipe, sawtooth, two values, many ties, few ties
    std::array<std::uint64_t, 8> expected;
  };
  for (const Row& row : {Row{15,
                             {13165361561973775928u, 13165361561973775928u, 17774881060663051962u, 3821443919089863040u,
                              18298661638275194994u, 9075186107782815778u, 13165361561973775928u, 1972468337196012172u}},
                         Row{16,
                             {8972538887847352181u, 8972538887847352181u, 5193835856957429241u, 5800136833685886493u,
                              16465168787512565837u, 11123182795848810639u, 13099660760971062911u, 4542156051185787993u}},
                         Row{17,
                             {2671649683233178075u, 16002370937141744165u, 3729148505203314689u, 7803748547900315531u,
                              16616820182532172279u, 17980222657603834121u, 9139048907955338551u, 5592615052416614719u}},
                         Row{18,
                             {15940914476649231882u, 16544359890156801374u, 7913132724404969732u, 13822319583001942u,
                              9845148613393898688u, 9073450443379936486u, 10092130381724175528u, 16029782323697881876u}},
                         Row{40,
                             {17604384099171581769u, 15916201643302327573u, 15765621336388350753u, 14908577694314731927u,
                              18274340647193867281u, 5971852974593485361u, 4672614215543870459u, 7806731825610166901u}},
                         Row{200,
                             {1497380667072739697u, 12101894772290227841u, 12102359071778170993u, 7612536785846970347u,
                              15954443508553259677u, 12513437804423313305u, 3484253567852891571u, 12236814801781464809u}},
                         Row{1000,
                             {12485490903105657117u, 15958826410639672831u, 10597801939929895381u, 6021810467350488683u,
                              14773450330212230173u, 14141531173870031409u, 11858559143399675489u, 8316617248095378581u}},
                         Row{20000,
                             {16752550078351021867u, 2959094091675787775u, 12960214681075059u, 908453459678402241u,
                              10574683791872720821u, 1755897565427012179u, 5117711359305861675u, 4509657400660524525u}}}) {
    const std::int64_t n = row.count;
    const auto size = static_cast<std::size_t>(n);
    const auto many = static_cast<std::uint64_t>(std::max<std::int64_t>(n / 8, 1));
    const std::array<Keys, 8> patterns = {keys_of(n, [](auto) { return 0; }),
                                          keys_of(n, [](auto i) { return i / 3; }),
                                          keys_of(n, [n](auto i) { return (n - i) / 3; }),
                                          keys_of(n, [n](auto i) { return std::min(i, n - 1 - i); }),
                                          keys_of(n, [](auto i) { return i % 7; }),
                                          pseudo_random(1, size, 2),
                                          pseudo_random(2, size, many),
                                          pseudo_random(3, size, static_cast<std::uint64_t>(n) * 2)};
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      EXPECT_EQ(fingerprint(argsort(patterns[i])), row.expected[i]) << n << " keys, pattern " << i;
    }
  }
}

TEST(NumpySort, HeapSortOfAKillerAsNumpy) {
  struct Row {
    std::uint32_t count;
    std::uint64_t keys, expected;
  };
  for (const Row& row :
       {Row{64, 14065117991686239513u, 18015466803915643487u}, Row{100, 13550624332592441373u, 11843204007092788711u},
        Row{200, 12252254857793256443u, 9789825819072470461u}, Row{1000, 8749344638249035173u, 12474085816942425657u}}) {
    const Keys keys = halved_killer(row.count);
    // The keys themselves depend on every comparison that the sort makes.
    EXPECT_EQ(fingerprint(Order(keys.begin(), keys.end())), row.keys) << row.count;
    EXPECT_EQ(fingerprint(argsort(keys)), row.expected) << row.count;
  }
}

TEST(NumpySort, SortsExtremesAndPartsOfAnOrder) {
  EXPECT_EQ(argsort({INT64_MAX, 0, INT64_MIN, -1}), (Order{2, 3, 1, 0}));
  const Keys keys = {5, 4, 3, 2, 1};
  Order some = {4, 0, 2};
  numpy_argsort(keys.data(), some);
  EXPECT_EQ(some, (Order{4, 2, 0}));
}

}  // namespace
}  // namespace causal_sessions
