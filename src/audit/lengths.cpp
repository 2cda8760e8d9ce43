#include <algorithm>

#include "audit/topics.h"

namespace causal_sessions {

LengthsAudit audit_lengths(const TrialTable& table) {
  std::uint32_t longest = 0;
  for (std::size_t row = 0; row < table.rows(); ++row) longest = std::max(longest, table.length(row));
  LengthsAudit audit;
  std::vector<std::uint64_t>& edges = audit.edges;
  edges = {0};
  while (edges.back() <= longest) edges.push_back(edges.back() + std::max<std::uint64_t>(1, edges.back() / 4));
  for (auto& counts : audit.counts) counts.resize(edges.size() - 1);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto above = std::upper_bound(edges.begin(), edges.end(), std::uint64_t{table.length(row)});
    ++audit.counts[table.treatment[row]][static_cast<std::size_t>(above - edges.begin()) - 1];
  }
  return audit;
}

}  // namespace causal_sessions
