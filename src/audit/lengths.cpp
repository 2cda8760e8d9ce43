#include <algorithm>

#include "audit/rows.h"

namespace causal_sessions {

Json audit_lengths(const AuditRows& rows) {
  const TrialTable& table = rows.table;
  std::uint32_t longest = 0;
  for (std::size_t row = 0; row < table.rows(); ++row) longest = std::max(longest, table.length(row));
  std::vector<std::uint64_t> edges = {0};
  while (edges.back() <= longest) edges.push_back(edges.back() + std::max<std::uint64_t>(1, edges.back() / 4));
  std::vector<std::uint64_t> arms[2];
  for (auto& counts : arms) counts.resize(edges.size() - 1);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto above = std::upper_bound(edges.begin(), edges.end(), std::uint64_t{table.length(row)});
    ++arms[table.treatment[row]][static_cast<std::size_t>(above - edges.begin()) - 1];
  }
  return Fields().put("edges", edges).put("control", arms[0]).put("treated", arms[1]).done();
}

}  // namespace causal_sessions
