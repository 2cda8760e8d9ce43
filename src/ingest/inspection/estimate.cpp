#include "ingest/inspection/estimate.h"

#include <algorithm>

#include "core/string_pool.h"

namespace causal_sessions {
namespace {

constexpr double kEventBytes = 17 + 13;
constexpr double kSessionBytes = 48;  // beside its events, from sessionize to the table
constexpr double kEventsInSession = 4;
constexpr double kTextSlotBytes = 4 + 16 + 8;  // of a pool: the end, a slot of a half-empty table; the vocabulary's ids
constexpr double kFixedBytes = 32e6;

// Bytes of the different texts of a column, among so many rows.
double pool_bytes(std::span<const std::vector<std::string>> rows, std::optional<std::size_t> column, double file_rows) {
  if (!column || rows.empty()) return 0;
  StringPool seen;
  double half = 1;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].size() > *column && !rows[i][*column].empty()) seen.intern(rows[i][*column]);
    if (i + 1 == (rows.size() + 1) / 2) half = std::max(1.0, static_cast<double>(seen.size()));
  }
  if (seen.size() == 0) return 0;
  const auto distinct = static_cast<double>(seen.size());
  const double growth = std::clamp(distinct / half, 1.0, 2.0);  // by twice the rows
  double all = distinct, times = file_rows / static_cast<double>(rows.size());
  for (; times >= 2; times /= 2) all *= growth;
  if (times > 1) all *= 1 + (growth - 1) * (times - 1);
  const double text_bytes = static_cast<double>(seen.text_bytes()) / distinct;
  return std::min(all, file_rows) * (1.5 * text_bytes + kTextSlotBytes);  // a vector that grows, on average
}

Estimate estimate(double rows, double least_rows, std::span<const std::vector<std::string>> seen, const Schema& schema) {
  Estimate estimate{rows, kFixedBytes + rows * (kEventBytes + kSessionBytes / kEventsInSession), least_rows * kEventBytes};
  for (const Role role : {Role::kUser, Role::kItem}) {
    estimate.bytes += pool_bytes(seen, schema.column[static_cast<std::size_t>(role)], rows);
  }
  return estimate;
}

}  // namespace

std::optional<Estimate> estimate_text(const RowsSeen& seen, const Schema& schema) {
  const auto count = static_cast<double>(seen.rows.size());
  if (seen.rows.empty() || seen.sample_bytes <= 0) return std::nullopt;
  if (seen.whole) return estimate(count, count, seen.rows, schema);
  const double rows = count * seen.file_bytes / seen.sample_bytes;
  return estimate(rows, rows / 2, seen.rows, schema);
}

Estimate estimate_stated(std::uint64_t file_rows, std::span<const std::vector<std::string>> seen, const Schema& schema) {
  const auto rows = static_cast<double>(file_rows);
  return estimate(rows, rows, seen, schema);
}

}  // namespace causal_sessions
