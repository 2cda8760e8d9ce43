#include "audit/ties.h"

#include <algorithm>

#include "core/ranges.h"
#include "trial/rules.h"

namespace causal_sessions {
namespace {

std::uint64_t hash_events(const OrderedEvents& events, std::uint32_t begin, std::uint32_t end) {
  std::uint64_t hash = 0;
  for (std::uint32_t i = begin; i < end; ++i) {
    hash = (hash ^ (std::uint64_t{events.item[i]} << 8 | events.type[i])) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 32;
  }
  return hash;
}

TieMark mark_session(const OrderedEvents& events, std::uint32_t begin, std::uint32_t end, const TrialSetup& setup) {
  TieMark mark;
  if (rule_of(setup.kind).time_zero) {
    mark.order = hash_events(events, begin, end);
    return mark;
  }
  const auto type = events.type.begin();
  const auto find = [&](std::uint32_t from, std::uint8_t wanted) {
    return static_cast<std::uint32_t>(std::find(type + from, type + end, wanted) - type);
  };
  const std::uint32_t treatment = find(begin, setup.treatment_type), outcome = find(begin, setup.outcome_type);
  const std::uint32_t x_end = std::max(treatment, begin + 1);
  mark.cut = std::min(x_end - begin, setup.sequence.max_events);
  mark.treatment = treatment != end;
  mark.outcome = outcome != end;
  if (mark.treatment && outcome < treatment && setup.prior != PriorOutcome::kCount) {
    mark.outcome = setup.prior == PriorOutcome::kExclude ? 2 : find(treatment, setup.outcome_type) != end;
  }
  const std::uint32_t first = setup.sequence.keep == KeepEvents::kLast ? x_end - mark.cut : begin;
  mark.order = hash_events(events, first, first + mark.cut);
  return mark;
}

}  // namespace

std::vector<TieMark> mark_sessions(const OrderedEvents& events, const Sessions& sessions, const TrialSetup& setup,
                                   const Workers& workers) {
  std::vector<TieMark> marks(sessions.size());
  const std::vector<IndexRange> ranges = cut_evenly(sessions.size(), workers);
  workers.each(ranges.size(), [&](std::size_t i) {
    for (std::uint32_t s = ranges[i].begin; s < ranges[i].end; ++s) {
      marks[s] = mark_session(events, sessions.begin[s], sessions.end[s], setup);
    }
  });
  return marks;
}

TieDifference compare_marks(const std::vector<TieMark>& own, TieRule rule, const std::vector<TieMark>& other) {
  TieDifference out;
  out.rule = rule;
  for (std::size_t s = 0; s < own.size(); ++s) {
    const bool t = own[s].treatment != other[s].treatment, y = own[s].outcome != other[s].outcome;
    const bool x = own[s].cut != other[s].cut;
    out.treatment += t;
    out.outcome += y;
    out.cut += x;
    out.changed += t || y || x;
    out.order += own[s].order != other[s].order || x;
  }
  return out;
}

}  // namespace causal_sessions
