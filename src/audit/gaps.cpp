#include "audit/gaps.h"

#include <array>
#include <bit>

#include "audit/statistics.h"
#include "core/elapsed.h"
#include "core/portable_math.h"

namespace causal_sessions {
namespace {

constexpr std::int64_t kSecond = 1'000'000, kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour;

constexpr std::array<std::int64_t, 25> kGaps = {
    1 * kMinute, 2 * kMinute, 3 * kMinute,  5 * kMinute, 7 * kMinute, 10 * kMinute, 15 * kMinute, 20 * kMinute, 30 * kMinute,
    45 * kMinute, 1 * kHour,  90 * kMinute, 2 * kHour,   3 * kHour,   4 * kHour,    6 * kHour,    8 * kHour,    12 * kHour,
    18 * kHour,   1 * kDay,   36 * kHour,   2 * kDay,    3 * kDay,    5 * kDay,     7 * kDay};

// Gaps by size: zero, under a second, kBins equal steps of their logarithm up to 30 days, longer ones.
class GapHistogram {
 public:
  static constexpr std::size_t kBins = 60;

  GapHistogram() {
    const double step = portable_log(30.0 * 24 * 3600) / kBins;
    for (std::size_t i = 0; i <= kBins; ++i) {
      edges_[i] = static_cast<std::int64_t>(portable_exp(step * static_cast<double>(i)) * kSecond + 0.5);
    }
    edges_.back() = edges_[kBins + 2] = edges_[kBins + 1] = INT64_MAX;
    for (std::size_t bits = 1; bits < first_.size(); ++bits) {
      std::uint8_t bin = 0;
      while (bin <= kBins && static_cast<std::uint64_t>(edges_[bin]) <= std::uint64_t{1} << (bits - 1)) ++bin;
      first_[bits] = bin;
    }
  }
  // Without branches that the data decide: a bit more of a number is at most kSteps bins.
  void add(std::int64_t gap_us) {
    zero_ += gap_us == 0;
    const std::size_t first = first_[static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(gap_us)))];
    std::size_t bin = first;
    for (std::size_t step = 0; step < kSteps; ++step) bin += edges_[first + step] <= gap_us;
    ++counts_[bin];
  }
  [[nodiscard]] Json json() const {
    Json edges = Json::array(), counts = Json::array();
    for (std::size_t i = 0; i <= kBins; ++i) edges.push_back(static_cast<double>(edges_[i]) / kSecond);
    for (std::size_t bin = 1; bin <= kBins; ++bin) counts.push_back(counts_[bin]);
    return Fields()
        .count("zero", zero_)
        .count("underASecond", counts_[0] - zero_)
        .count("over30Days", counts_[kBins + 1])
        .put("edgesSeconds", std::move(edges))
        .put("gaps", std::move(counts))
        .done();
  }

 private:
  static constexpr std::size_t kSteps = 3;  // 21.3 doublings make 60 bins
  std::array<std::int64_t, kBins + 1 + kSteps> edges_;  // the last ones beyond every gap
  std::array<std::uint8_t, 65> first_{};  // by bit width: edges at or below every number of that width
  std::array<std::uint64_t, kBins + 2> counts_{};
  std::uint64_t zero_ = 0;
};

// A run of a user's events without a gap longer than the smallest value of the curve.
struct Segment {
  std::int64_t silence_us;  // before it; INT64_MAX at a user's first
  std::uint32_t events;
  bool treated, outcome;
};

// The segments; counts all gaps.
std::vector<Segment> cut_segments(const OrderedEvents& events, const TrialOptions& options, GapHistogram& histogram) {
  std::vector<Segment> segments;
  const std::int64_t* time = events.time_us.data();
  const std::uint8_t* type = events.type.data();
  for (std::size_t user = 0; user + 1 < events.user_begin.size(); ++user) {
    const std::uint32_t end = events.user_begin[user + 1];
    std::int64_t silence = INT64_MAX;
    for (std::uint32_t i = events.user_begin[user]; i < end;) {
      Segment segment = {silence, i, false, false};
      do {
        segment.treated |= type[i] == options.treatment_type;
        segment.outcome |= type[i] == options.outcome_type;
        if (++i == end) break;
        silence = elapsed_us(time[i - 1], time[i]);
        histogram.add(silence);
      } while (silence <= kGaps[0]);
      segment.events = i - segment.events;
      segments.push_back(segment);
    }
  }
  return segments;
}

// Sessions as the gap grows. A session is a run of segments; its sum stands at its first one, and first and last know
// each other, so that joining two runs is a few steps wherever they are.
class Merger {
 public:
  Merger(std::vector<Segment> segments, std::uint32_t min_events)
      : segments_(std::move(segments)), min_events_(min_events), partner_(segments_.size()) {
    std::array<std::uint32_t, kGaps.size() + 1> counts{};
    std::vector<std::uint8_t> levels(segments_.size());
    for (std::size_t i = 0; i < segments_.size(); ++i) {
      partner_[i] = static_cast<std::uint32_t>(i);
      count(segments_[i], 1);
      std::uint8_t level = 0;  // the first gap that does not cut before this segment
      for (const std::int64_t gap : kGaps) level += gap < segments_[i].silence_us;
      levels[i] = level;
      ++counts[level];
    }
    std::uint32_t sum = 0;
    for (std::size_t level = 0; level < kGaps.size(); ++level) {
      begin_[level] = sum;
      sum += counts[level];
    }
    begin_.back() = sum;
    by_level_.resize(sum);
    auto next = begin_;
    for (std::size_t i = 0; i < segments_.size(); ++i) {
      if (levels[i] < kGaps.size()) by_level_[next[levels[i]]++] = static_cast<std::uint32_t>(i);
    }
  }
  // Levels in order.
  void raise_to(std::size_t level) {
    for (std::uint32_t at = begin_[level]; at < begin_[level + 1]; ++at) {
      const std::uint32_t right = by_level_[at], last = partner_[right], left = partner_[right - 1];
      Segment& run = segments_[left];
      const Segment& more = segments_[right];
      count(run, -1);
      count(more, -1);
      run.events += more.events;
      run.treated |= more.treated;
      run.outcome |= more.outcome;
      count(run, 1);
      partner_[left] = last;
      partner_[last] = left;
    }
    created_ -= begin_[level + 1] - begin_[level];
  }
  [[nodiscard]] const Arms& arms() const { return arms_; }
  [[nodiscard]] std::uint64_t created() const { return segments_.size() + created_; }

 private:
  void count(const Segment& run, int sign) {
    const auto one = static_cast<std::uint64_t>(run.events >= min_events_ ? sign : 0);
    arms_.rows[run.treated] += one;
    arms_.outcomes[run.treated] += run.outcome ? one : 0;
  }

  std::vector<Segment> segments_;
  std::uint32_t min_events_;
  std::vector<std::uint32_t> partner_;                        // of a run's first segment its last, and the reverse
  std::array<std::uint32_t, kGaps.size() + 1> begin_{};       // in by_level_
  std::vector<std::uint32_t> by_level_;                       // segments that join the one before
  Arms arms_;
  std::uint64_t created_ = 0;  // beyond the segments: below zero, modulo 2^64
};

}  // namespace

Json audit_gaps(const OrderedEvents& events, const TrialOptions& options) {
  GapHistogram histogram;
  Merger merger(cut_segments(events, options, histogram), options.min_events);
  Json curve = Json::array();
  for (std::size_t level = 0; level < kGaps.size(); ++level) {
    merger.raise_to(level);
    const Arms& arms = merger.arms();
    const std::uint64_t sessions = arms.rows[0] + arms.rows[1];
    curve.push_back(Fields()
                        .number("gapHours", static_cast<double>(kGaps[level]) / kHour)
                        .count("created", merger.created())
                        .count("sessions", sessions)
                        .share("treatmentRate", arms.rows[1], sessions)
                        .share("outcomeRate", arms.outcomes[0] + arms.outcomes[1], sessions)
                        .number("naiveDifference", arms.difference())
                        .done());
  }
  return Fields().put("histogram", histogram.json()).put("curve", std::move(curve)).done();
}

}  // namespace causal_sessions
