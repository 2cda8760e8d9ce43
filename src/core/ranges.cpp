#include "core/ranges.h"

#include <algorithm>

namespace causal_sessions {
namespace {

// Several for each thread, so that none waits long for the others where one range takes more time.
constexpr std::size_t kEachThread = 4;

std::size_t count_of(std::size_t size, const Workers& workers) {
  if (workers.threads() == 1) return 1;
  return std::clamp<std::size_t>(size / workers.least(), 1, kEachThread * workers.threads());
}

// Calls end_of(n) for the position at which each range ends, n members of all lying before its usual end.
template <class EndOf>
std::vector<IndexRange> cut(std::size_t members, std::size_t positions, const Workers& workers, EndOf end_of) {
  const std::size_t count = count_of(members, workers);
  std::vector<IndexRange> ranges;
  std::uint32_t begin = 0;
  for (std::size_t i = 1; i < count; ++i) {
    const std::uint32_t end = end_of(static_cast<std::uint32_t>(members * i / count));
    if (end <= begin) continue;
    ranges.push_back({begin, end});
    begin = end;
  }
  if (begin != positions || ranges.empty()) ranges.push_back({begin, static_cast<std::uint32_t>(positions)});
  return ranges;
}

}  // namespace

std::vector<IndexRange> cut_evenly(std::size_t size, const Workers& workers) {
  return cut(size, size, workers, [](std::uint32_t member) { return member; });
}

std::vector<IndexRange> cut_groups(std::span<const std::uint32_t> begin, const Workers& workers) {
  return cut(begin.back(), begin.size() - 1, workers, [begin](std::uint32_t member) {
    return static_cast<std::uint32_t>(std::lower_bound(begin.begin(), begin.end() - 1, member) - begin.begin());
  });
}

std::vector<IndexRange> cut_members(std::span<const std::uint32_t> group, const Workers& workers) {
  return cut(group.size(), group.size(), workers, [group](std::uint32_t member) {
    while (member != 0 && member != group.size() && group[member] == group[member - 1]) ++member;
    return member;
  });
}

std::size_t count_shares(std::size_t members, std::size_t keys, const Workers& workers) {
  const std::size_t most = std::max<std::size_t>(1, members / std::max<std::size_t>(keys, 1));
  const std::size_t worth = std::max<std::size_t>(1, members / workers.least());
  return std::min<std::size_t>({workers.threads(), most, worth});
}

}  // namespace causal_sessions
