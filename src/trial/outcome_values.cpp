#include "trial/outcome_values.h"

#include <algorithm>
#include <span>
#include <string>

#include "core/civil_time.h"
#include "core/cold.h"
#include "core/number_text.h"
#include "core/ranges.h"
#include "core/wording.h"
#include "trial/follow_up.h"

namespace causal_sessions {
namespace {

// Of a range of rows.
struct Share {
  std::uint64_t capped = 0, lacking = 0, with_outcomes = 0, refused = 0;
  std::uint32_t first_refused = 0;  // the event
  std::string text;                 // its value
};

class Adding {
 public:
  Adding(const OrderedEvents& events, const TrialSetup& setup, const TrialTable& table, std::size_t column)
      : events_(events), setup_(setup), table_(table), column_(events.values->columns[column]), follow_up_(events, setup) {}

  COLD Share add(IndexRange rows, double* to) {
    for (std::uint32_t row = rows.begin; row < rows.end; ++row) {
      const std::uint32_t user = table_.user[row];
      if (row == rows.begin || user != table_.user[row - 1])
        follow_up_.enter(events_.user_begin[user], events_.user_begin[user + 1]);
      to[row] = sum_of(row);
    }
    return std::move(share_);
  }

 private:
  double sum_of(std::uint32_t row) {
    const std::uint32_t* const of_user = column_.codes.data() + events_.values->user_begin[table_.user[row]];
    double sum = 0;
    bool lacks = false, refuses = false;
    const std::span<const std::uint32_t> outcomes = follow_up_.outcomes(table_.history_end[row], table_.time_zero_us[row]);
    for (const std::uint32_t at : outcomes) {
      const std::uint32_t code = of_user[events_.input_rank[at]];
      const std::optional<double> value = code == StringPool::kNone ? std::nullopt : read_cell_number(column_.texts[code]);
      sum += value.value_or(0);
      lacks = lacks || code == StringPool::kNone;
      if (code == StringPool::kNone || value) continue;
      if (share_.refused == 0 && !refuses) {
        share_.first_refused = at;
        share_.text = column_.texts[code];
      }
      refuses = true;
    }
    const bool capped = setup_.value_cap && sum > *setup_.value_cap;
    share_.with_outcomes += !outcomes.empty();
    share_.lacking += lacks;
    share_.refused += refuses;
    share_.capped += capped;
    return capped ? *setup_.value_cap : sum;
  }

  const OrderedEvents& events_;
  const TrialSetup& setup_;
  const TrialTable& table_;
  const GroupedValues::Column& column_;
  FollowUp follow_up_;
  Share share_;
};

COLD Error refused(const OrderedEvents& events, const TrialSetup& setup, const Share& first, std::uint64_t rows,
                   std::uint64_t of) {
  const auto user = std::upper_bound(events.user_begin.begin(), events.user_begin.end(), first.first_refused) - 1;
  return {
      ErrorCode::kBadRows,
      filled(
          "column \"{}\", user \"{}\", outcome at {}: the value is \"{}\"; what an outcome is worth is a number, which {} "
          "of {} rows with outcomes lack. Name such texts in input.nulls where they stand for a missing value, or name another "
          "column in the plan: outcome.value",
          {visible(setup.outcome_value), visible(events.users[static_cast<std::uint32_t>(user - events.user_begin.begin())]),
           format_utc(events.time_us[first.first_refused]), visible(first.text), count_text(rows), count_text(of)}),
      {{}, {}, {}, "outcome.value"}};
}

}  // namespace

COLD Result<OutcomeValues> add_up_outcomes(const OrderedEvents& events, const TrialSetup& setup, const TrialTable& table,
                                           std::size_t column, const Workers& workers) {
  OutcomeValues out;
  out.of_row.resize(table.rows());
  const std::vector<IndexRange> ranges = cut_members(table.user, workers);
  std::vector<Share> shares(ranges.size());
  workers.each(ranges.size(),
               [&](std::size_t i) { shares[i] = Adding(events, setup, table, column).add(ranges[i], out.of_row.data()); });
  const Share* first = nullptr;
  std::uint64_t rows_refused = 0;
  for (const Share& share : shares) {
    if (first == nullptr && share.refused != 0) first = &share;
    rows_refused += share.refused;
    out.capped += share.capped;
    out.lacking += share.lacking;
    out.with_outcomes += share.with_outcomes;
  }
  if (first != nullptr) return refused(events, setup, *first, rows_refused, out.with_outcomes);
  return out;
}

}  // namespace causal_sessions
