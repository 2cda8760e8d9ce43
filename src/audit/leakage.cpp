#include <algorithm>

#include "audit/rows.h"
#include "audit/statistics.h"
#include "core/elapsed.h"

namespace causal_sessions {
namespace {

constexpr std::uint32_t kNowhere = 0xFFFFFFFFu;

// Rows by T and Y: [T][Y].
struct Cells {
  std::uint64_t rows[2][2] = {};

  void add(bool treated, bool outcome) { ++rows[treated][outcome]; }
  [[nodiscard]] std::uint64_t arm(int treated) const { return rows[treated][0] + rows[treated][1]; }
};

// Rows with something, and their share of all rows.
Json json_of(const Cells& with, const Cells& all) {
  constexpr const char* kNames[2][2] = {{"controlNoOutcome", "controlOutcome"}, {"treatedNoOutcome", "treatedOutcome"}};
  Fields fields;
  fields.count("rows", with.arm(0) + with.arm(1)).share("share", with.arm(0) + with.arm(1), all.arm(0) + all.arm(1));
  const auto entry = [&fields](const char* name, std::uint64_t part, std::uint64_t whole) {
    fields.put(name, Fields().count("rows", part).share("share", part, whole).done());
  };
  entry("control", with.arm(0), all.arm(0));
  entry("treated", with.arm(1), all.arm(1));
  for (int t = 0; t < 2; ++t) {
    for (int y = 0; y < 2; ++y) entry(kNames[t][y], with.rows[t][y], all.rows[t][y]);
  }
  return fields.done();
}

// AUC of Y within an arm from whether X holds an outcome token.
std::optional<double> auc_of_presence(const Cells& with, const Cells& all, int arm) {
  const double ones = static_cast<double>(all.rows[arm][1]), zeros = static_cast<double>(all.rows[arm][0]);
  if (ones == 0 || zeros == 0) return std::nullopt;
  const double hit = static_cast<double>(with.rows[arm][1]), miss = static_cast<double>(with.rows[arm][0]);
  return (2 * hit * (zeros - miss) + hit * miss + (ones - hit) * (zeros - miss)) / (2 * ones * zeros);
}

class Leakage {
 public:
  explicit Leakage(const AuditRows& rows) : in_(rows), timed_(rows.table.has_time_zero()), time_(rows.events.time_us) {}

  Json run() {
    for (std::size_t r = 0; r < in_.table.rows(); ++r) {
      enter(r);
      look_at_tokens(r);
      look_at_shape(r);
      if (timed_) {
        look_at_follow_up(r);
      } else if (treated_ && outcome_) {
        look_at_session(r);
      }
    }
    return write();
  }

 private:
  void enter(std::size_t r) {
    treated_ = in_.table.treatment[r] != 0;
    outcome_ = in_.table.outcome[r] != 0;
    all_.add(treated_, outcome_);
    const std::uint32_t user = in_.table.user[r];
    if (timed_ && (r == 0 || user != in_.table.user[r - 1])) {
      treatments_.clear();
      outcomes_.clear();
      for (std::uint32_t i = in_.events.user_begin[user]; i < in_.events.user_begin[user + 1]; ++i) {
        if (in_.events.type[i] == in_.options.treatment_type) treatments_.push_back(i);
        if (in_.events.type[i] == in_.options.outcome_type) outcomes_.push_back(i);
      }
    }
    // The last treatment and outcome before the end of X; rows of a session share the walk.
    const std::uint32_t begin = in_.table.history[r], end = in_.table.begin[r] + in_.table.count[r];
    if (r == 0 || begin != in_.table.history[r - 1] || end < at_) {
      at_ = begin;
      last_treatment_ = last_outcome_ = kNowhere;
    }
    for (; at_ < end; ++at_) {
      if (in_.events.type[at_] == in_.options.treatment_type) last_treatment_ = at_;
      if (in_.events.type[at_] == in_.options.outcome_type) last_outcome_ = at_;
    }
  }

  // In X, and not before its first event.
  [[nodiscard]] bool in_x(std::uint32_t at, std::size_t r) const { return at != kNowhere && at >= in_.table.begin[r]; }

  void look_at_tokens(std::size_t r) {
    const bool outcome = in_x(last_outcome_, r), treatment = in_x(last_treatment_, r);
    if (outcome) {
      any_outcome_.add(treated_, outcome_);
      // Without a time zero every outcome decides Y, or those from the treatment on: then a treated row's X holds none,
      // but where the treatment is its only event.
      const bool decides = timed_ ? time_[last_outcome_] > in_.table.time_zero_us[r]
                                  : in_.options.prior == PriorOutcome::kCount || !treated_ || treatment;
      if (decides) outcome_token_.add(treated_, outcome_);
    }
    if (treatment) {
      any_treatment_.add(treated_, outcome_);
      if (!timed_ || time_[last_treatment_] > in_.table.time_zero_us[r]) treatment_token_.add(treated_, outcome_);
    }
  }

  void look_at_shape(std::size_t r) {
    const TrialTable& table = in_.table;
    if (table.padding[r] != 0) padded_.add(treated_, outcome_);
    padding_tokens_[treated_] += table.padding[r];
    length_.add(table.length(r), treated_);
    padding_.add(table.padding[r], treated_);
    std::uint64_t span = 0;
    if (table.count[r] != 0) {
      const std::uint32_t last = table.begin[r] + table.count[r] - 1;
      span = static_cast<std::uint64_t>(elapsed_us(time_[table.begin[r]], time_[last]));
      last_event_.add(in_.events.type[last], treated_);
    }
    spans_.push_back(span << 1 | (treated_ ? 1u : 0u));
  }

  // Without a time zero: where outcomes stand by the first treatment.
  void look_at_session(std::size_t r) {
    const std::uint32_t begin = in_.table.history[r];
    while (session_ + 1 < in_.sessions.size() && in_.sessions.begin[session_ + 1] <= begin) ++session_;
    const auto first = in_.events.type.begin() + begin;
    const auto last = in_.events.type.begin() + in_.sessions.end[session_];
    const auto treatment = std::find(first, last, in_.options.treatment_type);
    const bool before = std::find(first, treatment, in_.options.outcome_type) != treatment;
    first_before_ += before;
    all_before_ += before && std::find(treatment, last, in_.options.outcome_type) == last;
  }

  // With one: the same by time, after time zero; and outcomes of untreated rows inside the window.
  void look_at_follow_up(std::size_t r) {
    const std::int64_t t0 = in_.table.time_zero_us[r], window_end = later(t0, in_.options.window_us);
    const auto next_after = [this](const std::vector<std::uint32_t>& marks, std::int64_t time_us) {
      return std::upper_bound(marks.begin(), marks.end(), time_us,
                              [this](std::int64_t time, std::uint32_t at) { return time < time_[at]; });
    };
    if (!treated_) {
      const auto next = next_after(outcomes_, t0);
      const bool inside = next != outcomes_.end() && time_[*next] <= window_end;
      window_outcomes_ += inside;
      window_outcomes_counted_ += inside && outcome_;
      return;
    }
    if (!outcome_) return;
    const bool strict = in_.options.from == OutcomeFrom::kWindowEnd;
    const std::int64_t from = strict ? window_end : t0, to = later(from, in_.options.horizon_us);
    const auto treatment = std::find_if(next_after(treatments_, t0), treatments_.cend(),
                                        [&](std::uint32_t at) { return !in_.options.same_item || of_exposure(at, r); });
    const auto outcome = next_after(outcomes_, from);
    if (treatment == treatments_.end() || outcome == outcomes_.end() || time_[*outcome] >= time_[*treatment]) return;
    ++first_before_;
    const auto after = next_after(outcomes_, time_[*treatment] - 1);
    all_before_ += after == outcomes_.end() || time_[*after] > to;
  }

  // Whether an event has an item of the exposure at the row's time zero.
  [[nodiscard]] bool of_exposure(std::uint32_t at, std::size_t r) const {
    const std::uint32_t item = in_.events.item[at];
    for (std::uint32_t i = in_.table.begin[r] + in_.table.count[r]; i-- > in_.table.history[r];) {
      if (time_[i] < in_.table.time_zero_us[r]) break;
      if (in_.events.type[i] == in_.options.exposure_type && in_.events.item[i] == item && item != StringPool::kNone) return true;
    }
    return false;
  }

  // What outcomes inside the window can have done to the difference: rows that were left out or kept by what came after
  // their time zero.
  [[nodiscard]] Json immortal_time() const {
    if (in_.options.kind != IndexKind::kExposure && in_.options.kind != IndexKind::kLandmark) return nullptr;
    const auto step = static_cast<std::size_t>(Filter::kOutcomeBeforeTreatment);
    const std::uint64_t left_out = in_.attrition.after[step].rows - in_.attrition.after[step + 1].rows;
    Arms kept, put_back, removed;
    for (int t = 0; t < 2; ++t) {
      kept.rows[t] = all_.arm(t);
      kept.outcomes[t] = all_.rows[t][1];
    }
    put_back = removed = kept;
    put_back.rows[1] += left_out;
    put_back.outcomes[1] += left_out;
    removed.rows[0] -= window_outcomes_;
    removed.outcomes[0] -= window_outcomes_counted_;
    const auto naive = kept.difference(), with = put_back.difference(), without = removed.difference();
    std::optional<double> bound;
    const auto widen = [&](const std::optional<double>& other) {
      if (!naive || !other) return;
      const double change = *other < *naive ? *naive - *other : *other - *naive;
      bound = std::max(bound.value_or(0), change);
    };
    widen(with);
    widen(without);
    return Fields()
        .count("leftOut", left_out)
        .count("untreatedWindowOutcomes", window_outcomes_)
        .number("naiveDifference", naive)
        .number("withLeftOut", with)
        .number("withoutWindowOutcomes", without)
        .number("bound", bound)
        .done();
  }

  Json write() {
    const Json padding = Fields()
                             .put("rows", json_of(padded_, all_))
                             .count("controlTokens", padding_tokens_[0])
                             .count("treatedTokens", padding_tokens_[1])
                             .done();
    const Json auc = Fields()
                         .number("length", length_.auc())
                         .number("span", auc_of_keys(spans_))
                         .number("lastEvent", last_event_.auc_of_shares())
                         .number("padding", padding_.auc())
                         .done();
    const Json of_outcome = Fields()
                                .number("control", auc_of_presence(any_outcome_, all_, 0))
                                .number("treated", auc_of_presence(any_outcome_, all_, 1))
                                .done();
    const std::uint64_t both = all_.rows[1][1];
    const Json before = Fields()
                            .count("rows", both)
                            .count("first", first_before_)
                            .share("firstShare", first_before_, both)
                            .count("all", all_before_)
                            .share("allShare", all_before_, both)
                            .done();
    return Fields()
        .put("outcomeInX", json_of(outcome_token_, all_))
        .put("outcomeInHistory", json_of(any_outcome_, all_))
        .put("treatmentInX", json_of(treatment_token_, all_))
        .put("treatmentInHistory", json_of(any_treatment_, all_))
        .put("padding", padding)
        .put("aucOfTreatment", auc)
        .put("aucOfOutcomeFromToken", of_outcome)
        .put("outcomeBeforeTreatment", before)
        .put("immortalTime", immortal_time())
        .done();
  }

  const AuditRows& in_;
  const bool timed_;
  const std::vector<std::int64_t>& time_;
  // Of the row at hand.
  bool treated_ = false, outcome_ = false;
  std::uint32_t at_ = 0, last_treatment_ = kNowhere, last_outcome_ = kNowhere;
  std::size_t session_ = 0;
  std::vector<std::uint32_t> treatments_, outcomes_;  // of its user: positions, ascending
  // Of all.
  Cells all_, outcome_token_, any_outcome_, treatment_token_, any_treatment_, padded_;
  std::uint64_t padding_tokens_[2] = {};
  ScoreCounts length_, padding_, last_event_;
  std::vector<std::uint64_t> spans_;
  std::uint64_t first_before_ = 0, all_before_ = 0, window_outcomes_ = 0, window_outcomes_counted_ = 0;
};

}  // namespace

Json audit_leakage(const AuditRows& rows) { return Leakage(rows).run(); }

}  // namespace causal_sessions
