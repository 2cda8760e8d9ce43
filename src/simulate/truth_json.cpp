#include <array>
#include <utility>

#include "formats/json/write.h"
#include "simulate/behaviour.h"
#include "simulate/simulate.h"

namespace causal_sessions {
namespace {

// An object written key by key, indented by two spaces a level.
class ObjectWriter {
 public:
  explicit ObjectWriter(ByteSink& sink, int level = 1) : sink_(sink), level_(level) { sink_.put("{"); }
  ~ObjectWriter() {
    line(level_ - 1);
    sink_.put("}");
  }
  ObjectWriter(const ObjectWriter&) = delete;
  ObjectWriter& operator=(const ObjectWriter&) = delete;

  ByteSink& key(std::string_view name) {
    if (!std::exchange(first_, false)) sink_.put(",");
    line(level_);
    put_json_string(sink_, name);
    sink_.put(": ");
    return sink_;
  }
  void text(std::string_view name, std::string_view value) { put_json_string(key(name), value); }
  void number(std::string_view name, double value) { put_float(key(name), value); }
  void whole(std::string_view name, std::uint64_t value) { put_int(key(name), value); }

 private:
  void line(int level) {
    sink_.put("\n");
    for (int i = 0; i < level; ++i) sink_.put("  ");
  }

  ByteSink& sink_;
  int level_;
  bool first_ = true;
};

constexpr std::string_view kEstimand =
    "The probability that the user buys within 24 hours after an exposure, in this session or a later one, if the "
    "exposure is clicked, minus that probability if it is not, with natural behaviour afterwards, averaged over the "
    "exposures that no click and no purchase of their session precedes, nor a click of the user in the 24 hours before.";
constexpr std::string_view kSymbols =
    "Of the session up to and including the exposure: L = log(1 + impressions), M = hours since its first event, "
    "C = log(1 + clicks), B = log(1 + purchases); T = 1 if the exposure is clicked; K = 1 if the user clicked in the 24 hours "
    "before; U is a trait of the user with mean 0 and "
    "variance 1.";

void put_click_model(ByteSink& sink) {
  ObjectWriter out(sink, 3);
  out.text("formula", "logit P(click) = intercept + logImpressions L + hours M + logClicks C + overlap (L - 2) + hidden U");
  out.number("intercept", kClickModel.intercept);
  out.number("logImpressions", kClickModel.log_impressions);
  out.number("hours", kClickModel.hours);
  out.number("logClicks", kClickModel.log_clicks);
}

void put_purchase_model(ByteSink& sink, const SimulateOptions& options) {
  ObjectWriter out(sink, 3);
  out.text("formula",
           "logit P(purchase) = intercept + confounding (logImpressions (L - centerLogImpressions) + hours (M - centerHours)) "
           "+ logPurchases B + (effect + varying (L - centerLogImpressions)) T + carryover K + hidden U");
  out.number("intercept", kPurchaseModel.intercept);
  out.number("confounding", options.confounding);
  out.number("logImpressions", kPurchaseModel.log_impressions);
  out.number("centerLogImpressions", kPurchaseModel.center_log_impressions);
  out.number("hours", kPurchaseModel.hours);
  out.number("centerHours", kPurchaseModel.center_hours);
  out.number("logPurchases", kPurchaseModel.log_purchases);
  out.number("effect", options.effect);
}

void put_options(ByteSink& sink, const SimulateOptions& options) {
  ObjectWriter out(sink, 2);
  out.whole("events", options.events);
  out.whole("users", options.users);
  out.whole("items", options.items);
  out.number("days", options.days);
  out.number("effect", options.effect);
  out.number("confounding", options.confounding);
  out.number("pace", options.pace);
  out.number("linger", options.linger);
  out.number("impulse", options.impulse);
  out.number("hidden", options.hidden);
  out.number("overlap", options.overlap);
  out.number("carryover", options.carryover);
  out.number("varying", options.varying);
  out.number("coarseClock", options.coarse_clock);
  out.number("lateShare", options.late_share);
  out.whole("seed", options.seed);
  out.whole("draws", options.draws);
}

}  // namespace

void write_truth_json(const SimulateOptions& options, const Truth& truth, ByteSink& sink) {
  {
    ObjectWriter out(sink);
    out.text("estimand", kEstimand);
    out.number("effect", truth.effect);
    out.number("effectOnTreated", truth.effect_on_treated);
    out.number("effectOnOverlap", truth.effect_on_overlap);
    out.number("standardError", truth.standard_error);
    out.number("riskTreated", truth.risk_treated);
    out.number("riskUntreated", truth.risk_untreated);
    out.whole("eligibleExposures", truth.eligible_exposures);
    out.whole("pairsFollowed", truth.pairs);
    out.whole("horizonHours", kTruthHorizonHours);
    {
      ObjectWriter model(out.key("model"), 2);
      model.text("symbols", kSymbols);
      put_click_model(model.key("click"));
      put_purchase_model(model.key("purchase"), options);
      model.text("adjustFor", options.hidden == 0 ? "L and M" : "L and M, and the hidden trait U, which no row tells of");
    }
    put_options(out.key("options"), options);
  }
  sink.put("\n");
}

}  // namespace causal_sessions
