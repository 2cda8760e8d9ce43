#include <gtest/gtest.h>

#include <algorithm>

#include "text/audit_text.h"
#include "unit/audit/brute_force.h"

namespace causal_sessions {
namespace {

using namespace brute;

constexpr std::int64_t kSecond = 1'000'000, kDay = 24 * 3600 * kSecond;
constexpr int kView = 1;
constexpr std::size_t kNowhere = SIZE_MAX;

// --- written by hand ---

json delays_of(const std::string& plan, const std::vector<Event>& events) { return run(plan, events).audit["delays"]; }

Event at(std::int64_t second, int type, const std::string& item = "a", const std::string& user = "u") {
  return {user, kBase + second * kSecond, type, item};
}

TEST(AuditDelays, AreFromAnExposureToTheNextTreatmentAndOutcome) {
  const std::vector<Event> events = {at(0, kView),    at(10, kClick),         at(100, kView),
                                     at(130, kView),  at(150, kClick),        at(1000, kPurchase),
                                     at(5000, kView), at(7, kView, "a", "v"), at(9, kClick, "b", "v")};
  const json delays = delays_of(R"({"profile": "causal", "index": {"windowMinutes": 0.25, "horizonHours": 0.1}})", events);
  const json& treatment = delays["treatment"];
  EXPECT_EQ(treatment["from"], "exposure");
  EXPECT_EQ(treatment["type"], "click");
  EXPECT_EQ(treatment["starts"], 5);
  EXPECT_EQ(treatment["followed"], 3);  // the view at 100 is followed by another one before the click
  EXPECT_EQ(treatment["notFollowed"], 2);
  EXPECT_EQ(treatment["secondsByPercent"], (json{{"50", 10.0}, {"80", 20.0}, {"90", 20.0}, {"95", 20.0}, {"99", 20.0}}));
  EXPECT_EQ(treatment["limitSeconds"], 15.0);
  EXPECT_EQ(treatment["beyondLimit"], 1);
  const json& outcome = delays["outcome"];
  EXPECT_EQ(outcome["starts"], 5);
  EXPECT_EQ(outcome["followed"], 3);  // 1000, 900 and 870 seconds later
  EXPECT_EQ(outcome["secondsByPercent"]["50"], 900.0);
  EXPECT_EQ(outcome["limitSeconds"], 360.0);
  EXPECT_EQ(outcome["beyondLimit"], 3);
}

TEST(AuditDelays, AskForTheItemAndForTheEndOfTheWindow) {
  const std::vector<Event> events = {at(0, kView, "a"), at(5, kClick, "b"), at(20, kView, "b"), at(60, kClick, "a")};
  const auto followed = [&](const std::string& index) {
    return delays_of(R"({"profile": "causal", "index": {"gracePeriod": "exclude", )" + index + "}}",
                     events)["treatment"]["followed"];
  };
  EXPECT_EQ(followed(R"("sameItem": false)"), 2);
  EXPECT_EQ(followed(R"("sameItem": true)"), 0);  // that of a comes behind the next exposure
  EXPECT_EQ(followed(R"("sameItem": true, "windowEnds": "window")"), 1);
}

TEST(AuditDelays, EndAfterThirtyDays) {
  for (const std::int64_t late : {0, 1}) {
    std::vector<Event> events = {at(0, kView), at(30 * 86'400, kClick)};
    events[1].time_us += late;
    const json treatment = delays_of(R"({"profile": "causal"})", events)["treatment"];
    EXPECT_EQ(treatment["followed"], 1 - late);
    EXPECT_EQ(treatment["secondsByPercent"]["99"], late == 0 ? json(30.0 * 86'400) : json());
  }
}

TEST(AuditDelays, AreToldInASentenceEach) {
  std::vector<Event> events;
  for (int i = 0; i < 20; ++i) {
    events.push_back(at(1000 * i, kView));
    events.push_back(at(1000 * i + (i < 19 ? 192 : 400), kClick));
  }
  Plan plan = support::plan_of(R"({"profile": "causal"})");
  causal_sessions::Run made(plan, WithAudit::kYes);
  ASSERT_TRUE(support::feed(made.reader(), {csv(events)}).ok());
  ASSERT_TRUE(run_to_end(made).ok());
  const std::string text = audit_text(*made.audit, std::string::npos);
  EXPECT_TRUE(
      support::contains(text,
                        "95% of the treatments (click) that follow an exposure do so within 3.2 min; the window is 5 min, "
                        "and 5.0% come later. 20 of 20 exposures have one within 30 days.\n"));
  EXPECT_TRUE(support::contains(text, "No outcome (purchase) follows an exposure: 0 of 20 exposures have one within 30 days.\n"));
}

// --- slowly ---

struct Slow {
  std::uint64_t starts = 0;
  std::vector<std::int64_t> waits;

  void add(const std::vector<Event>& user, std::int64_t start_us, std::size_t until) {
    ++starts;
    if (until != kNowhere && user[until].time_us - start_us <= 30 * kDay) waits.push_back(user[until].time_us - start_us);
  }
};

template <class Fits>
std::size_t first_of(const std::vector<Event>& user, std::size_t from, Fits fits) {
  for (std::size_t i = from; i < user.size(); ++i) {
    if (fits(user[i])) return i;
  }
  return kNowhere;
}

void expect_same(Slow slow, const json& found) {
  std::sort(slow.waits.begin(), slow.waits.end());
  EXPECT_EQ(found["starts"], slow.starts);
  ASSERT_EQ(found["followed"], slow.waits.size());
  for (const auto& [percent, seconds] : found["secondsByPercent"].items()) {
    json expected;
    for (std::size_t i = slow.waits.size(); i-- > 0;) {  // the least wait that so many are not longer than
      if (100 * (i + 1) >= std::stoul(percent) * slow.waits.size()) expected = static_cast<double>(slow.waits[i]) / 1e6;
    }
    EXPECT_EQ(seconds, expected) << percent;
  }
  const json& histogram = found["histogram"];
  std::uint64_t inside = 0;
  for (std::size_t bin = 0; bin < histogram["delays"].size(); ++bin) {
    const double low = histogram["edgesSeconds"][bin], high = histogram["edgesSeconds"][bin + 1];
    const bool last = bin + 1 == histogram["delays"].size();
    const auto in = std::count_if(slow.waits.begin(), slow.waits.end(), [&](std::int64_t wait) {
      const double seconds = static_cast<double>(wait) / 1e6;
      return seconds >= low && (seconds < high || last);
    });
    EXPECT_EQ(histogram["delays"][bin], in) << low;
    inside += static_cast<std::uint64_t>(in);
  }
  EXPECT_EQ(inside + histogram["zero"].get<std::uint64_t>() + histogram["underASecond"].get<std::uint64_t>(), slow.waits.size());
  if (found["limitSeconds"].is_null()) return;
  const double limit = found["limitSeconds"];
  EXPECT_EQ(found["beyondLimit"], std::count_if(slow.waits.begin(), slow.waits.end(),
                                                [&](std::int64_t wait) { return static_cast<double>(wait) / 1e6 > limit; }));
}

// By user, without duplicates, in the order of the rule "priority".
std::vector<std::vector<Event>> users_of(const std::vector<Event>& events) {
  std::map<std::string, std::vector<Event>> users;
  for (const Event& event : events) {
    std::vector<Event>& user = users[event.user];
    const bool known = std::any_of(user.begin(), user.end(), [&](const Event& other) {
      return other.time_us == event.time_us && other.type == event.type && other.item == event.item;
    });
    if (!known) user.push_back(event);
  }
  std::vector<std::vector<Event>> out;
  for (auto& [name, user] : users) {
    std::stable_sort(user.begin(), user.end(), [](const Event& a, const Event& b) {
      return a.time_us != b.time_us ? a.time_us < b.time_us : a.type < b.type;
    });
    out.push_back(user);
  }
  return out;
}

TEST(AuditDelays, AreThoseThatLookingAtEveryExposureFinds) {
  for (const bool same_item : {false, true}) {
    for (const bool next_exposure : {false, true}) {
      for (std::uint32_t seed = 1; seed <= 12; ++seed) {
        const std::vector<Event> events = random_events(seed, seed % 3 == 0 ? 2 : 12, 400);
        Slow treatments, outcomes;
        for (const std::vector<Event>& user : users_of(events)) {
          for (std::size_t i = 0; i < user.size(); ++i) {
            const std::int64_t time_us = user[i].time_us;
            if (user[i].type != kView ||
                first_of(user, 0, [&](const Event& e) { return e.type == kView && e.time_us == time_us; }) != i) {
              continue;
            }
            const std::size_t next =
                first_of(user, i + 1, [&](const Event& e) { return e.type == kView && e.time_us > time_us; });
            const auto exposed = [&](const std::string& item) {
              return !item.empty() && first_of(user, 0, [&](const Event& e) {
                                        return e.type == kView && e.time_us == time_us && e.item == item;
                                      }) != kNowhere;
            };
            std::size_t click =
                first_of(user, i + 1, [&](const Event& e) { return e.type == kClick && (!same_item || exposed(e.item)); });
            if (next_exposure && next != kNowhere && click != kNowhere && click > next) click = kNowhere;
            treatments.add(user, time_us, click);
            outcomes.add(user, time_us, first_of(user, i + 1, [](const Event& e) { return e.type == kPurchase; }));
          }
        }
        const std::string plan = R"({"profile": "causal", "index": {"gracePeriod": "exclude", "windowMinutes": 2, "sameItem": )" +
                                 std::string(same_item ? "true" : "false") + R"(, "windowEnds": ")" +
                                 (next_exposure ? "nextExposure" : "window") + "\"}}";
        SCOPED_TRACE(plan + " seed " + std::to_string(seed));
        const json delays = delays_of(plan, events);
        expect_same(treatments, delays["treatment"]);
        expect_same(outcomes, delays["outcome"]);
      }
    }
  }
}

TEST(AuditDelays, OfLandmarksAndOfTheTreatedAreThoseOfTheirSessions) {
  constexpr std::int64_t kGap = 30 * kMinute, kLandmark = 4 * kMinute;
  for (std::uint32_t seed = 1; seed <= 8; ++seed) {
    SCOPED_TRACE(seed);
    const std::vector<Event> events = random_events(seed, 9, 400);
    Slow treatments, outcomes, after_treatment;
    for (const std::vector<Event>& user : users_of(events)) {
      for (std::size_t begin = 0, end = 0; begin < user.size(); begin = end) {
        for (end = begin + 1; end < user.size() && user[end].time_us - user[end - 1].time_us <= kGap;) ++end;
        std::size_t click = kNowhere;
        for (std::size_t i = end; i-- > begin;) click = user[i].type == kClick ? i : click;
        if (click != kNowhere) {
          const std::int64_t time_us = user[click].time_us;
          after_treatment.add(user, time_us,
                              first_of(user, begin, [&](const Event& e) { return e.type == kPurchase && e.time_us >= time_us; }));
        }
        const std::int64_t start_us = user[begin].time_us + kLandmark;
        std::size_t x_end = begin;
        while (x_end < end && user[x_end].time_us <= start_us) ++x_end;
        if (start_us - user[x_end - 1].time_us > kGap) continue;
        const std::size_t next = first_of(user, x_end, [](const Event& e) { return e.type == kView; });
        const std::size_t treatment = first_of(user, x_end, [](const Event& e) { return e.type == kClick; });
        treatments.add(user, start_us, treatment != kNowhere && treatment < next ? treatment : kNowhere);
        outcomes.add(user, start_us, first_of(user, x_end, [](const Event& e) { return e.type == kPurchase; }));
      }
    }
    const json landmark = delays_of(R"({"profile": "causal", "index": {"kind": "landmark", "minutes": 4}})", events);
    EXPECT_EQ(landmark["treatment"]["from"], "landmark");
    expect_same(treatments, landmark["treatment"]);
    expect_same(outcomes, landmark["outcome"]);
    const json matched = delays_of(R"({"profile": "causal", "index": {"kind": "matched"}})", events);
    EXPECT_EQ(matched["outcome"]["from"], "treatment");
    EXPECT_EQ(matched["treatment"]["from"], "exposure");
    EXPECT_TRUE(matched["treatment"]["limitSeconds"].is_null());
    expect_same(after_treatment, matched["outcome"]);
  }
}

}  // namespace
}  // namespace causal_sessions
