// IndexKind::kMatched, risk sets: the treated sessions, and for each of them others that are not yet treated at the same point.
#include <algorithm>
#include <numeric>

#include "core/elapsed.h"
#include "core/small_sort.h"
#include "trial/row_maker.h"
#include "trial/rules.h"

namespace causal_sessions {
namespace {

class MatchedRows {
 public:
  explicit MatchedRows(RowMaker& rows) : rows_(rows) {}

  void add() {
    gather_risk_sets();
    std::vector<MatchedRow> controls;
    std::vector<bool> has_control;
    for (const MatchedRow& treated : matched_) has_control.push_back(draw_controls(treated, controls));
    std::vector<MatchedRow> all = matched_;
    all.insert(all.end(), controls.begin(), controls.end());
    std::vector<std::uint32_t> order(all.size());
    std::iota(order.begin(), order.end(), 0u);
    small_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      const MatchedRow &one = all[a], &other = all[b];
      if (one.session != other.session) return one.session < other.session;
      return one.time_zero_us != other.time_zero_us ? one.time_zero_us < other.time_zero_us : a < b;
    });
    for (const std::uint32_t i : order) {
      const MatchedRow& at = all[i];
      const std::uint32_t session = at.session;
      rows_.enter_user_of(session);
      Candidate row;
      row.x_end = at.x_end;
      row.time_zero_us = at.time_zero_us;
      if (at.treatment != kNone) {
        row.leave_out(Filter::kNoMatch, !has_control[i]);
        row.leave_out(Filter::kPriorOutcome, rows_.setup.prior == PriorOutcome::kExclude &&
                                                 rows_.find_type(session, rows_.setup.outcome_type) < at.treatment);
      }
      rows_.look_for_washout(row, rows_.follow_up.last_treatment(at.treatment == kNone ? at.x_end : at.treatment));
      rows_.follow(row, rows_.follow_up.window(FollowUp::Start{at.time_zero_us, at.x_end, 0, 0}), at.treatment);
      rows_.finish(row, session);
    }
  }

 private:
  static constexpr std::uint32_t kNone = FollowUp::kNone;

  // A session from one of its exposures on: one that a treated one may be compared with.
  struct AtRisk {
    std::uint64_t key;      // they are passed in its order
    std::int64_t age_us;    // of the session at the exposure
    std::int64_t until_us;  // after the exposure; from then on no more
    std::uint32_t session, x_end;
    std::int64_t exposure_us;
    std::uint32_t last_treatment;  // of the user, in an earlier session
  };
  struct MatchedRow {
    std::uint32_t session, x_end;
    std::int64_t time_zero_us;
    std::uint32_t treatment;  // kNone: a control
    std::int64_t exposure_us = 0;
    std::size_t exposures = 0;
  };

  // Those at risk by their number of exposures, and the treated.
  void gather_risk_sets() {
    for (std::uint32_t s = rows_.range.begin; s < rows_.range.end; ++s) {
      rows_.enter_user_of(s);
      const std::uint32_t begin = rows_.sessions.begin[s], end = rows_.sessions.end[s];
      const std::uint32_t treatment = rows_.find_type(s, rows_.setup.treatment_type),
                          outcome = rows_.find_type(s, rows_.setup.outcome_type);
      std::int64_t over_us = later(later(rows_.events.time_us[end - 1], rows_.setup.session.max_gap.us), 1);
      if (treatment != end) over_us = std::min(over_us, rows_.events.time_us[treatment]);
      if (outcome != end && rows_.setup.prior == PriorOutcome::kExclude)
        over_us = std::min(over_us, rows_.events.time_us[outcome]);
      const std::uint64_t key = rows_.key_of(s).value;
      MatchedRow treated{s, begin, treatment == end ? 0 : rows_.events.time_us[treatment] - 1, treatment};
      rows_.follow_up.each_exposure(begin, end, [&](const FollowUp::Exposure& at) {
        if (at.last_treatment != kNone && at.last_treatment >= begin) return;
        const FollowUp::Start& exposure = at.start;
        if (treated.exposures != 0) {
          AtRisk& before = risk_sets_[treated.exposures - 1].back();
          before.until_us = std::min(before.until_us, elapsed_us(before.exposure_us, exposure.time_us));
        }
        if (++treated.exposures > risk_sets_.size()) risk_sets_.emplace_back();
        const std::int64_t until = over_us > exposure.time_us ? elapsed_us(exposure.time_us, over_us) : 0;
        risk_sets_[treated.exposures - 1].push_back({key, elapsed_us(rows_.events.time_us[begin], exposure.time_us), until, s,
                                                     at.x_end, exposure.time_us, rows_.follow_up.last_treatment(begin)});
        treated.x_end = at.x_end;
        treated.exposure_us = exposure.time_us;
        treated.time_zero_us = std::max(treated.time_zero_us, exposure.time_us);
      });
      if (treatment != end) matched_.push_back(treated);
    }
    for (std::vector<AtRisk>& set : risk_sets_) {
      small_sort(set.begin(), set.end(),
                 [](const AtRisk& a, const AtRisk& b) { return a.key != b.key ? a.key < b.key : a.session < b.session; });
    }
    rows_.start_over();
  }

  // Whether one at risk may be compared with a treated one, `waited_us` after the exposure of each.
  [[nodiscard]] bool fits(const AtRisk& other, const MatchedRow& treated, std::int64_t waited_us) const {
    constexpr std::int64_t kMinute = 60'000'000;
    const std::uint32_t user = rows_.sessions.user[treated.session], other_user = rows_.sessions.user[other.session];
    const std::int64_t age = elapsed_us(rows_.events.time_us[rows_.sessions.begin[treated.session]], treated.exposure_us);
    const std::int64_t apart = other.age_us > age ? other.age_us - age : age - other.age_us;
    if (waited_us >= other.until_us || user == other_user || apart > std::max(age / 10, kMinute)) return false;
    if (rows_.setup.part_of && rows_.setup.part_of(other_user) != rows_.setup.part_of(user)) return false;
    return other.last_treatment == kNone || rows_.setup.washout.us == 0 ||
           elapsed_us(rows_.events.time_us[other.last_treatment], later(other.exposure_us, waited_us)) > rows_.setup.washout.us;
  }

  // Rows of a treated session's controls, the first ones that fit from a hash on.
  bool draw_controls(const MatchedRow& treated, std::vector<MatchedRow>& drawn) {
    if (treated.exposures == 0) return false;
    const std::vector<AtRisk>& set = risk_sets_[treated.exposures - 1];
    const std::int64_t waited = elapsed_us(treated.exposure_us, treated.time_zero_us);
    const std::uint64_t from = rows_.key_of(treated.session).child(1).value;
    const auto first =
        std::lower_bound(set.begin(), set.end(), from, [](const AtRisk& one, std::uint64_t key) { return one.key < key; });
    const auto begin = static_cast<std::size_t>(first - set.begin());
    std::uint32_t found = 0;
    for (std::size_t i = 0; i < set.size() && found < rows_.setup.controls; ++i) {
      const AtRisk& other = set[(begin + i) % set.size()];
      if (!fits(other, treated, waited)) continue;
      drawn.push_back({other.session, other.x_end, later(other.exposure_us, waited), kNone});
      ++found;
    }
    return found != 0;
  }

  RowMaker& rows_;
  std::vector<std::vector<AtRisk>> risk_sets_;  // by number of exposures, from 1
  std::vector<MatchedRow> matched_;             // the treated ones
};

}  // namespace

void add_matched_rows(RowMaker& rows) { MatchedRows(rows).add(); }

}  // namespace causal_sessions
