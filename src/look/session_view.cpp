#include "look/session_view.h"

#include <algorithm>
#include <optional>

#include "core/elapsed.h"
#include "formats/json/fields.h"
#include "look/session_list.h"
#include "sequence/session_row.h"
#include "session/duplicates.h"
#include "trial/follow_up.h"
#include "trial/rules.h"

namespace causal_sessions {
namespace {

Json or_null(const std::optional<std::int64_t>& value) { return value ? Json(*value) : Json(); }

class SessionView {
 public:
  SessionView(const Run& run, std::uint32_t row)
      : run_(run), kept_(*run.kept), setup_(trial_setup(run.plan, kept_.types, run.data_end_us)), table_(run.table), row_(row) {
    take_events();
    find_session();
    if (table_.has_time_zero()) {
      follow_up();
    } else {
      look_at_session();
    }
  }

  [[nodiscard]] Json json() const {
    Json events = Json::array();
    for (std::uint32_t i = begin_; i < end_; ++i) events.push_back(event_json(i));
    std::string buffer;
    const bool timed = table_.has_time_zero();
    return Fields()
        .count("row", row_)
        .text("session", session_id(table_, row_, buffer))
        .text("user", table_.users[table_.user[row_]])
        .text_or_null("part", part_name(run_.split, row_))
        .count("length", table_.length(row_))
        .count("treatment", table_.treatment[row_])
        .count("outcome", table_.outcome[row_])
        .flag("censored", table_.censored[row_] != 0)
        .put("trial", timed ? Json(table_.trial[row_]) : Json())
        .put("startUs", table_.start_us[row_])
        .put("timeZeroUs", timed ? Json(table_.time_zero_us[row_]) : Json())
        .put("windowEndUs", or_null(window_end_))
        .put("horizonEndUs", or_null(horizon_end_))
        .put("treatmentUs", treatment_ ? Json(events_.time_us[*treatment_]) : Json())
        .put("outcomeUs", outcome_ ? Json(events_.time_us[*outcome_]) : Json())
        .put("padding", padding_json())
        .put("events", std::move(events))
        .done();
  }

 private:
  // The user's alone, in the order of the run.
  void take_events() {
    const std::uint32_t user = table_.user[row_], first = kept_.user_begin[user], last = kept_.user_begin[user + 1];
    events_.time_us.assign(kept_.time_us.begin() + first, kept_.time_us.begin() + last);
    events_.type.assign(kept_.type.begin() + first, kept_.type.begin() + last);
    events_.item.assign(kept_.item.begin() + first, kept_.item.begin() + last);
    events_.user_begin = {0, last - first};
    order_users(events_, setup_.ties, InputRank::kForget);
    if (run_.plan.order.duplicates == Duplicates::kDrop) drop_duplicates(events_);
  }

  void find_session() {
    SessionOptions all = run_.plan.session;
    all.min_events = 1;
    const Sessions sessions = sessionize(events_, all);
    begin_ = sessions.begin[table_.number[row_] - 1];
    end_ = sessions.end[table_.number[row_] - 1];
  }

  [[nodiscard]] std::optional<std::uint32_t> find_type(std::uint8_t type, std::uint32_t from, std::uint32_t to) const {
    const auto last = events_.type.begin() + to;
    const auto found = std::find(events_.type.begin() + from, last, type);
    if (found == last) return std::nullopt;
    return static_cast<std::uint32_t>(found - events_.type.begin());
  }

  // By the notebook's rule, which orders each session once more.
  void look_at_session() {
    SegmentSorter(setup_.ties).sort(events_, begin_, end_);
    treatment_ = find_type(setup_.treatment_type, begin_, end_);
    x_end_ = treatment_ ? std::max(*treatment_, begin_ + 1) : end_;
    const bool counts_prior = setup_.prior == PriorOutcome::kCount;
    outcome_ = find_type(setup_.outcome_type, counts_prior || !treatment_ ? begin_ : *treatment_, end_);
  }

  // By a time zero; whether there was a treatment or an outcome stands in the table.
  void follow_up() {
    const std::int64_t t0 = table_.time_zero_us[row_];
    x_end_ = begin_ + (table_.history_end[row_] - table_.history[row_]);
    FollowUp follow_up(events_, setup_);
    follow_up.enter(0, static_cast<std::uint32_t>(events_.size()));
    const FollowUp::Start start = start_of_row(events_, setup_, begin_, x_end_, t0);
    const FollowUp::Window window = follow_up.window(start);
    if (!rule_of(setup_.kind).controls || setup_.from == OutcomeFrom::kWindowEnd) window_end_ = window.end_us;
    horizon_end_ = follow_up.outcomes_until_us(t0);
    const auto where = [](std::uint32_t at) { return at == FollowUp::kNone ? std::nullopt : std::optional(at); };
    if (table_.treatment[row_]) treatment_ = where(follow_up.treatment_of_row(x_end_, start, window));
    if (table_.outcome[row_]) outcome_ = where(follow_up.outcome(x_end_, t0));
  }

  [[nodiscard]] Json event_json(std::uint32_t i) const {
    const std::uint32_t at = table_.history[row_] + (i - begin_);  // among the tokens
    const bool in_x = at >= table_.begin[row_] && at < table_.begin[row_] + table_.count[row_];
    const char* const after = table_.has_time_zero() ? "afterTimeZero" : "afterTreatment";
    const std::uint32_t item = events_.item[i];
    return Fields()
        .put("timeUs", events_.time_us[i])
        .text("type", kept_.types[events_.type[i]])
        .put("item", item == StringPool::kNone ? Json() : Json(kept_.items[item]))
        .put("eventId", in_x ? Json(table_.event_id[at]) : Json())
        .put("itemId", in_x ? Json(table_.item_id[at]) : Json())
        .text("role", in_x                                ? "x"
                      : i < x_end_ || before_time_zero(i) ? "cut"
                                                          : after)
        .text_or_null("decides", i == treatment_ ? "treatment"
                                 : i == outcome_ ? "outcome"
                                                 : "")
        .done();
  }

  // Of a matched row, whose X ends at its last exposure, earlier than time zero.
  [[nodiscard]] bool before_time_zero(std::uint32_t i) const {
    return rule_of(setup_.kind).controls && events_.time_us[i] <= table_.time_zero_us[row_];
  }

  [[nodiscard]] Json padding_json() const {
    if (table_.padding[row_] == 0) return {};
    Fields fields;
    return fields.count("tokens", table_.padding[row_])
        .count("eventId", table_.padding_event_id)
        .count("itemId", table_.padding_item_id)
        .done();
  }

  const Run& run_;
  const OrderedEvents& kept_;  // as group_events() left them
  const TrialSetup setup_;
  const SequenceTable& table_;
  const std::uint32_t row_;
  OrderedEvents events_;
  std::uint32_t begin_ = 0, end_ = 0, x_end_ = 0;  // of the session, of the part of it that X is of
  std::optional<std::uint32_t> treatment_, outcome_;
  std::optional<std::int64_t> window_end_, horizon_end_;
};

}  // namespace

std::string session_view_json(const Run& run, std::uint32_t row) {
  return SessionView(run, row).json().dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace causal_sessions
