#include <algorithm>
#include <cmath>

#include "plan/keys.h"
#include "trial/rules.h"

namespace causal_sessions {
namespace {

class Settler {
 public:
  Settler(Plan& plan, const std::function<bool(std::string_view)>& is_named)
      : plan_(plan), trial_(plan.trial), is_named_(is_named) {}

  Status settle() {
    give_way();
    check_reading();
    check_types();
    check_index();
    check_other_treatments();
    check_outcome();
    check_values();
    check_controls();
    check_split();
    if (error_) return *std::move(error_);
    return {};
  }

 private:
  // Defaults that make no sense beside what is named.
  void give_way() {
    ReadingOptions& reading = plan_.reading;
    // Those that name the notebook's "auction" go with it.
    if (is_named_("events.types") && !is_known_type("auction")) {
      if (!is_named_("events.withoutItem")) reading.events.without_item.clear();
      if (!is_named_("sequence.padding")) plan_.sequence.padding.clear();
    }
    // Until there was a key of their own, bad rows were left out together with unknown types: plans of that time go on.
    if (reading.events.unknown == UnknownTypes::kDrop && !is_named_("rows.bad")) reading.bad_rows = BadRows::kDrop;
    if (plan_.profile == "causal" && !is_named_("index.washoutHours")) trial_.washout = trial_.horizon;
    const bool may_align =
        exposures() && trial_.window_ends == WindowEnds::kNextExposure && trial_.from == OutcomeFrom::kTimeZero;
    // Rows that a delay, a draw or what comes first leaves out are no longer those that were assigned.
    if (!is_named_("index.gracePeriod")) {
      if (!trial_.propensity.empty() && timed()) trial_.grace = GracePeriod::kKeep;
      else if (!may_align) trial_.grace = GracePeriod::kExclude;
    }
    // Counting an outcome before time zero is the notebook's alone.
    if (timed() && trial_.prior == PriorOutcome::kCount && !is_named_("outcome.prior")) trial_.prior = PriorOutcome::kExclude;
    if (plan_.split.kind == SplitKind::kFolds && plan_.split.folds == 0) plan_.split.folds = 5;
  }

  void check_reading() {
    const ReadingOptions& reading = plan_.reading;
    if (reading.input.quote != 0 && reading.input.quote == reading.input.escape) {
      refuse("input.escape", std::string(1, reading.input.escape),
             "that is input.quote, which is doubled inside a cell in any case; leave the escape null");
    }
    const char comment = reading.input.comment;
    if (comment != 0 && (comment == reading.input.quote || comment == reading.input.escape)) {
      refuse("input.comment", std::string(1, comment),
             comment == reading.input.quote ? "that is input.quote, with which rows begin" : "that is input.escape");
    }
    if (!reading.time.format.empty() && reading.time.unit != TimeUnit::kAuto) {
      refuse("time.unit", find_key("time.unit")->write(plan_),
             "time.format already says how numbers are read, too; leave one of the two out");
    }
    for (const auto& [type, token] : reading.events.without_item) {
      if (may_be_type(type)) continue;
      refuse("events.withoutItem." + type, token,
             "\"" + type + "\" is not one of events.types (" + join(reading.events.types) + ")");
    }
  }

  void check_types() {
    check_type("treatment.type", trial_.treatment);
    if (exposures()) check_type("index.type", trial_.exposure);
    if (exposures() && trial_.exposure == trial_.treatment) {
      refuse("index.type", trial_.exposure, "that is treatment.type; an exposure is what the treatment may follow");
    }
  }

  void check_index() {
    if (rule_of(trial_.kind).window && trial_.horizon.us < trial_.window.us) {
      refuse("index.horizonHours", trial_.horizon.given,
             "it is shorter than index.windowMinutes, so the end of the data could cut T where it does not cut Y; make it at "
             "least as long");
    }
    if (trial_.same_item && !exposures()) {
      refuse("index.sameItem", true, "only an exposure has items of its own: set index.kind to \"exposure\"");
    }
    if (trial_.is_assigned() && trial_.propensity.empty()) {
      refuse("index.gracePeriod", "keep",
             "rows stay as they were assigned where chance assigned them, with a probability that is known: name its column in "
             "treatment.propensity");
    } else if (trial_.grace == GracePeriod::kAlign && !exposures()) {
      refuse("index.gracePeriod", "align", "it moves the time zero of exposures: set index.kind to \"exposure\"");
    } else if (trial_.grace == GracePeriod::kAlign && trial_.window_ends != WindowEnds::kNextExposure) {
      refuse("index.gracePeriod", "align",
             "it needs a window that ends before the next exposure: set index.windowEnds to \"nextExposure\"");
    }
  }

  void check_other_treatment(std::string_view path, const std::string& named) {
    if (!rule_of(trial_.kind).window) {
      refuse(path, named,
             "which treatment comes first is asked in a window after time zero: set index.kind to exposure or landmark");
    } else if (!trial_.propensity.empty()) {
      refuse(path, named,
             "that leaves rows out by what follows time zero, so the rows are no longer those that were assigned by "
             "treatment.propensity: leave one of the two out");
    }
  }

  // Arms beside a treatment and none.
  void check_other_treatments() {
    std::vector<std::pair<const char*, std::string>> named;
    for (const std::string& type : trial_.other_treatments) named.emplace_back("treatment.otherTypes", type);
    if (trial_.compares()) named.emplace_back("treatment.comparator", trial_.comparator);
    for (const auto& [path, type] : named) {
      check_type(path, type);
      refuse_named(path, type, "name another event type");
      check_other_treatment(path, type);
    }
    check_group();
    if (!trial_.compares()) return;
    if (trial_.grace != GracePeriod::kAlign) {
      refuse("treatment.comparator", trial_.comparator,
             "both groups need time zero just before their treatment: set index.kind to \"exposure\", index.windowEnds to "
             "\"nextExposure\" and index.gracePeriod to \"align\"");
    } else if (const auto& others = trial_.other_treatments;
               std::find(others.begin(), others.end(), trial_.comparator) != others.end()) {
      refuse("treatment.comparator", trial_.comparator,
             "it is in treatment.otherTypes, whose rows are dropped: leave it out there");
    }
  }

  // Events of other groups are other treatments.
  void check_group() {
    const std::vector<std::string>& values = trial_.group_values;
    if (trial_.group.empty()) {
      if (!values.empty())
        refuse("treatment.groupValues", values, "it says what a column is to hold: name that in treatment.group");
    } else if (values.empty()) {
      refuse("treatment.group", trial_.group, "say which of its values are the treatment: treatment.groupValues");
    } else if (is_known_type(trial_.treatment_of_others())) {
      refuse(
          "treatment.group", trial_.group,
          "events of other groups would become \"" + trial_.treatment_of_others() + "\", which is one of events.types already");
    } else {
      check_other_treatment("treatment.group", trial_.group);
    }
  }

  void check_outcome() {
    check_type("outcome.type", trial_.outcome);
    if (trial_.outcome == trial_.treatment) {
      refuse("outcome.type", trial_.outcome, "that is treatment.type; an outcome is what the treatment may lead to");
    } else if (exposures() && trial_.outcome == trial_.exposure) {
      refuse("outcome.type", trial_.outcome, "that is index.type; an outcome is what may follow an exposure");
    }
    const bool late = trial_.from == OutcomeFrom::kWindowEnd;
    if (late && trial_.grace == GracePeriod::kAlign) {
      refuse("outcome.from", "windowEnd",
             "index.gracePeriod \"align\" counts outcomes from time zero on: set one of the two otherwise");
    }
    if (timed() && trial_.prior == PriorOutcome::kCount) {
      refuse("outcome.prior", "count", "with a time zero (index.kind) only what follows it counts: ignore or exclude");
    }
    if (!timed() && late)
      refuse("outcome.from", "windowEnd", "that needs a time zero: set index.kind to exposure, landmark or matched");
    if (!timed() && plan_.sequence.has(Channel::kToTimeZero)) {
      refuse("sequence.channels", find_key("sequence.channels")->write(plan_),
             "\"toTimeZero\" needs a time zero: set index.kind to exposure, landmark or matched");
    }
  }

  void check_known() {
    const ColumnName& known = plan_.reading.columns.known_at;
    if (!known.is_set()) return;
    const Json given = find_key("columns.knownAt")->write(plan_);
    if (known.constant) {
      refuse("columns.knownAt", given, "each event became known at a time of its own, which a column holds");
    } else if (!timed()) {
      refuse("columns.knownAt", given,
             "that needs a time zero, at which an event is known or not: set index.kind to exposure, landmark or matched");
    } else if (plan_.session.max_length) {
      refuse(
          "session.maxHours", find_key("session.maxHours")->write(plan_),
          "a session is cut so long after its first event, which may not have been known then (columns.knownAt); set it to null");
    }
  }

  void check_values() {
    check_known();
    check_propensity();
    check_outcome_value();
    if (!timed() && !plan_.reading.values.covariates.empty()) {
      refuse("covariates.columns", find_key("covariates.columns")->write(plan_),
             "that needs a time zero, at which they are looked at: set index.kind to exposure, landmark or matched");
    }
  }

  void check_propensity() {
    if (trial_.propensity.empty()) return;
    if (!timed() || rule_of(trial_.kind).controls) {
      refuse("treatment.propensity", trial_.propensity,
             "that is the probability at a time zero that no treatment sets: set index.kind to exposure or landmark");
    } else if (trial_.grace == GracePeriod::kAlign) {
      refuse("treatment.propensity", trial_.propensity,
             "index.gracePeriod \"align\" leaves rows out by how long the treatment takes, so the rows are no longer those that "
             "were assigned: set it to \"keep\"");
    }
  }

  void check_outcome_value() {
    if (trial_.outcome_value.empty()) {
      if (trial_.value_cap) refuse("outcome.valueCap", *trial_.value_cap, "it bounds sums of a column: name it in outcome.value");
    } else if (!timed()) {
      refuse("outcome.value", trial_.outcome_value,
             "it is added up from a time zero on: set index.kind to exposure, landmark or matched");
    }
  }

  void check_controls() {
    for (const std::string& type : trial_.negative_controls) {
      check_type("estimate.negativeControls", type);
      refuse_named("estimate.negativeControls", type, "a negative control is what the treatment cannot cause");
    }
  }

  void check_split() {
    const SplitOptions& split = plan_.split;
    for (const auto& [path, date] :
         {std::pair("split.validationFrom", &split.validation_from), std::pair("split.testFrom", &split.test_from)}) {
      if (date->is_set() && split.kind != SplitKind::kTime) refuse(path, date->given, "that needs split.kind \"time\"");
    }
    if (split.validation_from.is_set() != split.test_from.is_set()) {
      refuse(split.test_from.is_set() ? "split.validationFrom" : "split.testFrom", nullptr,
             "give both dates, validationFrom and testFrom, or neither");
    } else if (split.test_from.us < split.validation_from.us) {
      refuse("split.testFrom", split.test_from.given, "it must not be before validationFrom");
    }
    const double sum = split.train + split.validation + split.test;
    if (error_ || std::abs(sum - 1) < 1e-6) return;  // the notebook's own tolerance
    error_ = Error{ErrorCode::kBadPlan,
                   "split.train + split.validation + split.test is " + Json(sum).dump() + "; the three shares must sum to 1",
                   {}};
    error_->where.column = "split";
  }

  [[nodiscard]] bool timed() const { return rule_of(trial_.kind).time_zero; }
  [[nodiscard]] bool exposures() const { return rule_of(trial_.kind).exposure; }
  [[nodiscard]] bool is_known_type(const std::string& type) const {
    const std::vector<std::string>& types = plan_.reading.events.types;
    return std::find(types.begin(), types.end(), type) != types.end();
  }
  [[nodiscard]] bool may_be_type(const std::string& type) const {
    return plan_.reading.events.unknown == UnknownTypes::kAdd || is_known_type(type);
  }

  void check_type(std::string_view path, const std::string& type) {
    if (may_be_type(type)) return;
    refuse(path, type,
           "it must be one of events.types (" + join(plan_.reading.events.types) +
               "); name your event types there, or set events.unknown to \"add\"");
  }

  // An event type that is the treatment, the outcome or the exposure already.
  void refuse_named(std::string_view path, const std::string& type, const std::string& rule) {
    for (const auto& [of, used] : {std::pair("treatment.type", trial_.treatment), std::pair("outcome.type", trial_.outcome),
                                   std::pair("index.type", exposures() ? trial_.exposure : "")}) {
      if (type == used) refuse(path, type, "that is " + std::string(of) + "; " + rule);
    }
  }

  // The first one stays.
  void refuse(std::string_view path, const Json& value, const std::string& rule) {
    if (!error_) error_ = refused_key(path, value, rule);
  }

  Plan& plan_;
  TrialOptions& trial_;
  const std::function<bool(std::string_view)>& is_named_;
  std::optional<Error> error_;
};

}  // namespace

Status settle_plan(Plan& plan, const std::function<bool(std::string_view)>& is_named) { return Settler(plan, is_named).settle(); }

}  // namespace causal_sessions
