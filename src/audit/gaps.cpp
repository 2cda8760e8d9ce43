#include <array>
#include <bit>
#include <numeric>

#include "audit/duration_histogram.h"
#include "audit/topics.h"
#include "core/elapsed.h"
#include "core/ranges.h"

namespace causal_sessions {
namespace {

constexpr std::int64_t kMinute = 60'000'000, kHour = 60 * kMinute, kDay = 24 * kHour;

constexpr std::array<std::int64_t, 25> kGaps = {
    1 * kMinute,  2 * kMinute, 3 * kMinute,  5 * kMinute, 7 * kMinute, 10 * kMinute, 15 * kMinute, 20 * kMinute, 30 * kMinute,
    45 * kMinute, 1 * kHour,   90 * kMinute, 2 * kHour,   3 * kHour,   4 * kHour,    6 * kHour,    8 * kHour,    12 * kHour,
    18 * kHour,   1 * kDay,    36 * kHour,   2 * kDay,    3 * kDay,    5 * kDay,     7 * kDay};

// Sessions as the gap grows, as a difference array over the gaps of the curve: a stretch of events is a session from the gap that
// makes it one up to the gap that joins it to a neighbour, so it adds one at the first and takes one away at the second.
class SessionCurve {
 public:
  struct Run {
    std::uint32_t events = 0;
    bool treated = false, outcome = false;
  };

  explicit SessionCurve(std::uint32_t min_events) : min_events_(min_events) {
    for (std::size_t bits = 1; bits < first_.size(); ++bits) {
      const auto smallest = std::uint64_t{1} << (bits - 1);
      while (first_[bits] < kGaps.size() && static_cast<std::uint64_t>(kGaps[first_[bits]]) < smallest) ++first_[bits];
    }
  }

  // The next run of a user's events without a gap longer than the smallest; INT64_MAX: before a user's first.
  void add(std::int64_t silence_us, const Run& run) {
    if (silence_us == INT64_MAX) end_user();
    std::uint8_t level = first_[static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(silence_us)))];
    while (level < kGaps.size() && kGaps[level] < silence_us) ++level;  // to the first gap that does not cut before this run
    while (open_.size() > 1 && open_.back().level < level) join_last();
    open_.push_back({run, level, 0});
  }
  void end_user() {
    while (open_.size() > 1 && open_.back().level < kGaps.size()) join_last();
    for (const Open& open : open_) live(open, kGaps.size());
    open_.clear();
  }
  // Of the runs of other users.
  void add(const SessionCurve& others) {
    for (std::size_t level = 0; level < born_.size(); ++level) {
      for (std::size_t sort = 0; sort < kSorts; ++sort) born_[level][sort] += others.born_[level][sort];
    }
  }
  // Levels in order, each once.
  void raise_to(std::size_t level) {
    for (std::size_t sort = 0; sort < kSorts; ++sort) runs_[sort] += born_[level][sort];
  }
  [[nodiscard]] Arms arms() const {
    Arms arms;
    for (const bool treated : {false, true}) {
      const std::uint64_t with = runs_[sort_of(true, treated, true)];
      arms.rows[treated] = with + runs_[sort_of(true, treated, false)];
      arms.outcomes[treated] = with;
    }
    return arms;
  }
  [[nodiscard]] std::uint64_t created() const { return std::accumulate(runs_.begin(), runs_.end(), std::uint64_t{0}); }

 private:
  // The gap before each joins it to the one before it; behind the first, each at a smaller gap than the one before.
  struct Open {
    Run run;
    std::uint8_t level;  // of that gap
    std::uint8_t since;  // of the gap that made it
  };
  // Runs by whether they are long enough, treated and with an outcome.
  static constexpr std::size_t kSorts = 8;
  static std::size_t sort_of(bool long_enough, bool treated, bool outcome) {
    return (long_enough ? 4u : 0u) | (treated ? 2u : 0u) | (outcome ? 1u : 0u);
  }

  void join_last() {
    const Open more = open_.back();
    open_.pop_back();
    Open& left = open_.back();
    live(left, more.level);
    live(more, more.level);
    left.run.events += more.run.events;
    left.run.treated |= more.run.treated;
    left.run.outcome |= more.run.outcome;
    left.since = more.level;
  }
  void live(const Open& open, std::size_t until) {
    const std::size_t sort = sort_of(open.run.events >= min_events_, open.run.treated, open.run.outcome);
    ++born_[open.since][sort];
    --born_[until][sort];
  }

  std::uint32_t min_events_;
  std::array<std::uint8_t, 65> first_{};  // by bit width: gaps shorter than every number of that width
  std::vector<Open> open_;
  std::array<std::array<std::uint64_t, kSorts>, kGaps.size() + 1> born_{};  // differences from the level before, modulo 2^64
  std::array<std::uint64_t, kSorts> runs_{};                                // of the level that was raised to
};

// Counts all gaps, and the runs between those longer than the smallest of the curve.
void look_at_gaps(const OrderedEvents& events, const TrialSetup& setup, IndexRange users, DurationHistogram& histogram,
                  SessionCurve& curve) {
  const std::int64_t* time = events.time_us.data();
  const std::uint8_t* type = events.type.data();
  for (std::uint32_t user = users.begin; user < users.end; ++user) {
    const std::uint32_t end = events.user_begin[user + 1];
    std::int64_t silence = INT64_MAX;
    for (std::uint32_t i = events.user_begin[user]; i < end;) {
      const std::uint32_t begin = i;
      const std::int64_t before = silence;
      SessionCurve::Run run;
      do {
        run.treated |= type[i] == setup.treatment_type;
        run.outcome |= type[i] == setup.outcome_type;
        if (++i == end) break;
        silence = elapsed_us(time[i - 1], time[i]);
        histogram.add(silence);
      } while (silence <= kGaps[0]);
      run.events = i - begin;
      curve.add(before, run);
    }
  }
  curve.end_user();
}

}  // namespace

GapsAudit audit_gaps(const OrderedEvents& events, const TrialSetup& setup, const Workers& workers) {
  const std::vector<IndexRange> users = cut_groups(events.user_begin, workers);
  std::vector<DurationHistogram> histograms(users.size());
  std::vector<SessionCurve> curves(users.size(), SessionCurve(setup.session.min_events));
  workers.each(users.size(), [&](std::size_t i) { look_at_gaps(events, setup, users[i], histograms[i], curves[i]); });
  DurationHistogram& histogram = histograms.front();
  SessionCurve& sessions_by_gap = curves.front();
  for (std::size_t i = 1; i < users.size(); ++i) {
    histogram.add(histograms[i]);
    sessions_by_gap.add(curves[i]);
  }
  GapsAudit audit{histogram.counts(), {}};
  for (std::size_t level = 0; level < kGaps.size(); ++level) {
    sessions_by_gap.raise_to(level);
    audit.curve.push_back({static_cast<double>(kGaps[level]) / kHour, sessions_by_gap.created(), sessions_by_gap.arms()});
  }
  return audit;
}

}  // namespace causal_sessions
