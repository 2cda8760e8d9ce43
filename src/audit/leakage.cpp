#include <algorithm>

#include "audit/rows.h"
#include "audit/statistics.h"
#include "core/elapsed.h"
#include "trial/follow_up.h"

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
  explicit Leakage(const AuditRows& rows) : in_(rows), timed_(rows.table.has_time_zero()), time_(rows.events.time_us), follow_up_(rows.events, rows.setup) {}

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
      follow_up_.enter(in_.events.user_begin[user], in_.events.user_begin[user + 1]);
    }
    // The last treatment and outcome before the end of X; rows of a session share the walk.
    const std::uint32_t begin = in_.table.history[r], end = in_.table.begin[r] + in_.table.count[r];
    if (r == 0 || begin != in_.table.history[r - 1] || end < at_) {
      at_ = begin;
      last_treatment_ = last_outcome_ = kNowhere;
    }
    for (; at_ < end; ++at_) {
      if (in_.events.type[at_] == in_.setup.treatment_type) last_treatment_ = at_;
      if (in_.events.type[at_] == in_.setup.outcome_type) last_outcome_ = at_;
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
                                  : in_.setup.prior == PriorOutcome::kCount || !treated_ || treatment;
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
    const auto treatment = std::find(first, last, in_.setup.treatment_type);
    const bool before = std::find(first, treatment, in_.setup.outcome_type) != treatment;
    first_before_ += before;
    all_before_ += before && std::find(treatment, last, in_.setup.outcome_type) == last;
  }

  // With one: whether the first outcome stands before the treatment, and whether all do.
  void look_at_follow_up(std::size_t r) {
    if (!treated_ || !outcome_) return;
    const std::int64_t t0 = in_.table.time_zero_us[r];
    const FollowUp::Start start = start_of_row(in_.events, in_.setup, in_.table.history[r], in_.table.history_end[r], t0);
    const std::uint32_t treatment = follow_up_.treatment_of_row(in_.table.history_end[r], start, follow_up_.window(start));
    const std::uint32_t outcome = follow_up_.outcome(in_.table.history_end[r], t0);
    if (treatment == FollowUp::kNone || outcome == FollowUp::kNone || outcome >= treatment) return;
    ++first_before_;
    all_before_ += follow_up_.outcome(treatment, t0) == FollowUp::kNone;
  }

  // What an arrangement of arms inside the window can do to the difference, where rows were left out or kept by what came
  // after their time zero: L rows were left out, W of the untreated have an outcome inside the window, and any of both may
  // belong to either arm.
  [[nodiscard]] Json immortal_time() const {
    const Rule& rule = rule_of(in_.setup.kind);
    if (!rule.window || in_.setup.draws_delays()) return nullptr;
    const auto step = static_cast<std::size_t>(Filter::kOutcomeBeforeTreatment);
    const std::uint64_t left_out = in_.attrition.after[step].rows - in_.attrition.after[step + 1].rows;
    const std::uint64_t inside = in_.attrition.untreated_window_outcomes, counted = in_.attrition.untreated_window_outcomes_counted;
    Arms kept, low, high;
    for (int t = 0; t < 2; ++t) {
      kept.rows[t] = all_.arm(t);
      kept.outcomes[t] = all_.rows[t][1];
    }
    low = high = kept;
    low.rows[0] += left_out;
    low.outcomes[0] += left_out;
    high.rows[1] += left_out + inside;
    high.outcomes[1] += left_out + inside;
    high.rows[0] -= inside;
    high.outcomes[0] -= counted;
    const auto lowest = low.difference(), highest = high.difference();
    Json interval;
    if (lowest && highest) interval = Json::array({*lowest, *highest});
    return Fields()
        .count("leftOut", left_out)
        .count("untreatedWindowOutcomes", inside)
        .number("naiveDifference", kept.difference())
        .put("interval", std::move(interval))
        .number("usualDelayMinutes", rule.exposure ? std::optional(static_cast<double>(in_.attrition.usual_delay_us) / 6e7) : std::nullopt)
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
  FollowUp follow_up_;  // of its user
  // Of all.
  Cells all_, outcome_token_, any_outcome_, treatment_token_, any_treatment_, padded_;
  std::uint64_t padding_tokens_[2] = {};
  ScoreCounts length_, padding_, last_event_;
  std::vector<std::uint64_t> spans_;
  std::uint64_t first_before_ = 0, all_before_ = 0;
};

}  // namespace

Json audit_leakage(const AuditRows& rows) { return Leakage(rows).run(); }

}  // namespace causal_sessions
