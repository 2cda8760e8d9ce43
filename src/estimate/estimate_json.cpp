#include "core/civil_time.h"
#include "estimate/estimate.h"
#include "formats/json/notices.h"

namespace causal_sessions {
namespace {

Json json_of(const Effect& effect) {
  return Fields()
      .number("effect", effect.effect)
      .number("standardError", effect.standard_error)
      .put("interval95", effect.interval95)
      .done();
}

Json json_of(const Strength& strength) {
  return Fields().number("estimate", strength.estimate).number("limit", strength.limit).done();
}

Json json_of(const EffectEstimate::SampleRatio& ratio) {
  return Fields().number("expected", ratio.expected).number("observed", ratio.observed).number("pValue", ratio.p_value).done();
}

Json by_arm(const ByArm<double>& values) { return Fields().number("control", values[0]).number("treated", values[1]).done(); }

Json json_of(const EffectEstimate::Value& value) {
  return Fields()
      .text("column", value.column)
      .put("cap", value.cap ? Json(*value.cap) : Json())
      .count("cappedRows", value.capped)
      .put("overlap", json_of(value.overlap))
      .put("mean", by_arm(value.mean))
      .put("naive", json_of(value.naive))
      .done();
}

template <class T>
Json json_or_null(const std::optional<T>& value) {
  return value ? json_of(*value) : Json();
}

Json ratio_json(const Effect& ratio) { return Fields().number("ratio", ratio.effect).put("interval95", ratio.interval95).done(); }

Json arm_json(const Arms& arms, std::size_t arm) {
  return Fields().count("rows", arms.rows[arm]).count("outcomes", arms.outcomes[arm]).done();
}

Json json_of(const NegativeControls& controls) {
  Json list = Json::array();
  for (const NegativeControl& control : controls.controls) {
    list.push_back(Fields()
                       .text("name", control.name)
                       .text("kind", control.earlier ? "earlierOutcome" : "eventType")
                       .put("control", arm_json(control.arms, 0))
                       .put("treated", arm_json(control.arms, 1))
                       .put("overlap", json_or_null(control.effect))
                       .put("riskRatio", control.ratio ? ratio_json(*control.ratio) : Json())
                       .text_or_null("tooLittle", control.too_little)
                       .done());
  }
  Json calibration;
  if (const auto& made = controls.calibration) {
    calibration = Fields()
                      .count("controls", made->controls)
                      .put("logRatio", Fields().number("mean", made->null.mean).number("deviation", made->null.deviation).done())
                      .put("riskRatio", ratio_json(made->ratio))
                      .done();
  }
  return Fields()
      .put("controls", std::move(list))
      .count("excluding", controls.excluding())
      .text_or_null("meaning", controls.meaning)
      .put("calibration", std::move(calibration))
      .text_or_null("notCalibrated", controls.not_calibrated)
      .done();
}

Json json_of(const EffectEstimate::Figures& figures) {
  Json weeks = Json::array(), without = Json::array();
  for (const EffectEstimate::Week& week : figures.weeks) {
    Fields fields;
    fields.text("from", format_utc(week.monday_us)).count("rows", week.rows);
    weeks.push_back(fields.put("overlap", json_of(week.effect)).done());
  }
  for (const EffectEstimate::WithoutGroup& group : figures.without) {
    without.push_back(Fields().text("group", group.group).number("change", group.change).done());
  }
  return Fields()
      .put("overlap", json_of(figures.overlap))
      .put("treated", json_of(figures.treated))
      .put("all", json_or_null(figures.all))
      .put("byUser", json_of(figures.by_user))
      .put("risk", by_arm(figures.risk))
      .put("riskRatio", figures.ratio ? ratio_json(*figures.ratio) : Json())
      .put("value", json_or_null(figures.value))
      .number("clippedShare", figures.clipped_share)
      .put("effectiveRows", by_arm(figures.effective_rows))
      .put("balance", balance_json(figures.balance))
      .put("weeks", std::move(weeks))
      .put("eValue", json_or_null(figures.e_value))
      .put("robustnessValue", json_or_null(figures.robustness))
      .put("withoutGroup", std::move(without))
      .put("negativeControls", json_of(figures.negative_controls))
      .done();
}

Json json_of(const EffectEstimate::Table& table) {
  Json left_out = Json::array();
  for (const auto& [column, reason] : table.left_out)
    left_out.push_back(Fields().text("column", column).text("reason", reason).done());
  return Fields()
      .text("treatment", table.treatment)
      .text("outcome", table.outcome)
      .text_or_null("user", table.user)
      .text_or_null("propensity", table.propensity)
      .put("covariates", table.covariates)
      .put("leftOut", std::move(left_out))
      .put("notices", notices_json(table.notices))
      .done();
}

}  // namespace

Json balance_json(std::span<const FeatureBalance> features) {
  Json balance = Json::array();
  for (const FeatureBalance& row : features) {
    balance.push_back(Fields()
                          .text("feature", row.feature)
                          .number("smd", row.smd)
                          .number("weightedSmd", row.weighted_smd)
                          .number("weightedError", row.weighted_error)
                          .done());
  }
  return balance;
}

std::string estimate_json(const EffectEstimate& estimate) {
  Json refusals = Json::array();
  for (const EstimateRefusal& refusal : estimate.refusals) {
    refusals.push_back(
        Fields().text("code", refusal.code).text("message", refusal.message).text_or_null("key", refusal.key).done());
  }
  Json warnings = Json::array();
  for (const auto& [code, title] : estimate.warnings) {
    warnings.push_back(Fields().text("code", code).text("title", title).done());
  }
  Json naive;  // a refusal tells no difference at all
  if (estimate.figures) {
    const auto& [arms, interval] = estimate.naive;
    naive = Fields()
                .put("control", arm_json(arms, 0))
                .put("treated", arm_json(arms, 1))
                .number("difference", arms.difference())
                .put("interval95", interval ? Json(*interval) : Json())
                .done();
  }
  Fields fields;
  fields.text("estimand", estimate.estimand)
      .count("otherPlans", estimate.other_plans)
      .put("refusals", std::move(refusals))
      .put("warnings", std::move(warnings))
      .put("adjusted", estimate.figures ? json_of(*estimate.figures) : Json())
      .put("naive", std::move(naive))
      .count("rows", estimate.rows)
      .count("censoredLeftOut", estimate.censored_left_out)
      .count("users", estimate.users)
      .count("usersTreated", estimate.users_treated)
      .number("effectiveUsers", estimate.effective_users)
      .count("folds", estimate.folds)
      .put("sampleRatio", json_or_null(estimate.sample_ratio));
  if (estimate.table) fields.put("table", json_of(*estimate.table));
  return document_of(fields.done());
}

}  // namespace causal_sessions
