#include "audit/audit_json.h"

#include "core/civil_time.h"
#include "formats/json/notices.h"
#include "plan/choices.h"
#include "report/report_json.h"

namespace causal_sessions {
namespace {

// Of the figures of rows by T and Y.
constexpr const char* kCellNames[2][2] = {{"controlNoOutcome", "controlOutcome"}, {"treatedNoOutcome", "treatedOutcome"}};

Json or_null(const std::optional<std::uint64_t>& value) { return value ? Json(*value) : Json(); }
Json or_null(const std::optional<std::array<double, 2>>& ends) { return ends ? Json::array({(*ends)[0], (*ends)[1]}) : Json(); }
Json time_or_null(const std::optional<std::int64_t>& us) { return us ? Json(format_utc(*us)) : Json(); }

std::string rule_name(TieRule rule) { return std::string(name_of(kTieRules, rule)); }
std::string kind_name(IndexKind kind) { return std::string(rule_of(kind).name); }

Fields& put_arms(Fields& fields, const Arms& arms) {
  return fields.count("rows", arms.rows[0] + arms.rows[1])
      .count("control", arms.rows[0])
      .count("treated", arms.rows[1])
      .count("controlOutcomes", arms.outcomes[0])
      .count("treatedOutcomes", arms.outcomes[1])
      .number("naiveDifference", arms.difference());
}

Json json_of(const std::vector<Finding>& findings) {
  Json out = Json::array();
  for (const Finding& finding : findings) out.push_back(finding_json(finding));
  return out;
}

Json json_of(const EventCounts& events) {
  Json by_type = Json::object();
  for (const auto& [type, count] : events.by_type) by_type[type] = count;
  return Fields().count("events", events.events).count("users", events.users).put("byType", std::move(by_type)).done();
}

Json json_of(const Attrition::Left& left) {
  return Fields()
      .count("rows", left.rows)
      .count("sessions", left.sessions)
      .count("users", left.users)
      .count("control", left.arm[0])
      .count("treated", left.arm[1])
      .count("controlOutcomes", left.outcomes[0])
      .count("treatedOutcomes", left.outcomes[1])
      .share("treatmentRate", left.arm[1], left.rows)
      .share("controlOutcomeRate", left.outcomes[0], left.arm[0])
      .share("treatedOutcomeRate", left.outcomes[1], left.arm[1])
      .done();
}

Json json_of(const AttritionAudit& attrition) {
  Json filters = Json::array();
  for (const AttritionAudit::Step& step : attrition.steps) {
    filters.push_back(Fields()
                          .text("filter", kFilterNames[static_cast<std::size_t>(step.filter)])
                          .count("removed", step.removed)
                          .flag("looksPastTimeZero", step.looks_past)
                          .put("before", json_of(step.before))
                          .put("after", json_of(step.after))
                          .done());
  }
  return Fields()
      .count("read", attrition.read)
      .count("leftOut", attrition.left_out->total())
      .put("leftOutByReason", issue_counts_json(*attrition.left_out))
      .count("duplicatesDropped", attrition.duplicates)
      .count("events", attrition.events)
      .put("start", json_of(attrition.start))
      .put("filters", std::move(filters))
      .put("end", json_of(attrition.end))
      .done();
}

Json json_of(const LeakageAudit& leakage) {
  Json padding = Fields()
                     .put("rows", figures_of(leakage.padding))
                     .count("controlTokens", leakage.padding_tokens[0])
                     .count("treatedTokens", leakage.padding_tokens[1])
                     .done();
  Json auc = Fields()
                 .number("length", leakage.auc_length)
                 .number("span", leakage.auc_span)
                 .number("lastEvent", leakage.auc_last_event)
                 .number("padding", leakage.auc_padding)
                 .done();
  Json of_outcome = Fields().number("control", leakage.auc_of_outcome[0]).number("treated", leakage.auc_of_outcome[1]).done();
  return Fields()
      .put("outcomeInX", figures_of(leakage.outcome_in_x))
      .put("outcomeInHistory", figures_of(leakage.outcome_in_history))
      .put("treatmentInX", figures_of(leakage.treatment_in_x))
      .put("treatmentInHistory", figures_of(leakage.treatment_in_history))
      .put("padding", std::move(padding))
      .put("aucOfTreatment", std::move(auc))
      .put("aucOfOutcomeFromToken", std::move(of_outcome))
      .put("outcomeBeforeTreatment", figures_of(leakage.before))
      .put("immortalTime", leakage.immortal_time ? figures_of(*leakage.immortal_time) : Json())
      .done();
}

Json json_of(const std::vector<BalanceRow>& balance) {
  Json out = Json::array();
  for (const BalanceRow& row : balance) {
    out.push_back(Fields()
                      .text("covariate", row.covariate)
                      .number("control", row.control)
                      .number("treated", row.treated)
                      .number("smd", row.smd)
                      .number("weightedSmd", row.weighted_smd)
                      .done());
  }
  return out;
}

Json json_of(const OverlapAudit::Arm& arm) {
  return Fields()
      .count("rows", arm.rows)
      .share("outside1Percent", arm.outside1, arm.rows)
      .share("outside5Percent", arm.outside5, arm.rows)
      .number("effectiveSampleSize", arm.effective_sample_size)
      .put("histogram", arm.histogram)
      .done();
}

Json json_of(const OverlapAudit& overlap) {
  const auto &control = overlap.arms[0], &treated = overlap.arms[1];
  return Fields()
      .count("fittedRows", overlap.fitted_rows)
      .flag("converged", overlap.converged)
      .number("auc", overlap.auc)
      .number("outside1Percent", overlap.outside1())
      .number("outside5Percent", overlap.outside5())
      .put("control", json_of(control))
      .put("treated", json_of(treated))
      .done();
}

Json json_of(const LengthsAudit& lengths) {
  return Fields().put("edges", lengths.edges).put("control", lengths.counts[0]).put("treated", lengths.counts[1]).done();
}

Json json_of(const TiesAudit& ties) {
  Json under = Json::array();
  for (const TieDifference& difference : ties.under) under.push_back(figures_of(difference));
  return Fields()
      .text("rule", rule_name(ties.rule))
      .count("tiedEvents", ties.tied)
      .share("tiedShare", ties.tied, ties.events)
      .count("sessions", ties.sessions)
      .put("under", std::move(under))
      .done();
}

// `over`: whether durations of more than 30 days are counted.
Json json_of(const DurationCounts& counts, const char* name, bool over) {
  Fields fields;
  fields.count("zero", counts.zero).count("underASecond", counts.under_a_second);
  if (over) fields.count("over30Days", counts.over_30_days);
  return fields.put("edgesSeconds", counts.edges_seconds).put(name, counts.counts).done();
}

Json json_of(const GapsAudit& gaps) {
  Json curve = Json::array();
  for (const GapsAudit::Point& point : gaps.curve) {
    const auto& [rows, outcomes] = point.sessions;
    curve.push_back(Fields()
                        .number("gapHours", point.gap_hours)
                        .count("created", point.created)
                        .count("sessions", rows[0] + rows[1])
                        .share("treatmentRate", rows[1], rows[0] + rows[1])
                        .share("outcomeRate", outcomes[0] + outcomes[1], rows[0] + rows[1])
                        .number("naiveDifference", point.sessions.difference())
                        .done());
  }
  return Fields().put("histogram", json_of(gaps.histogram, "gaps", true)).put("curve", std::move(curve)).done();
}

Json json_of(const std::optional<DelaysAudit::Waits>& waits) {
  if (!waits) return nullptr;
  Fields within;
  for (std::size_t i = 0; i < waits->within.size(); ++i)
    within.number(std::to_string(DelaysAudit::kPercents[i]).c_str(), waits->within[i]);
  return Fields()
      .text("from", kDelayFromNames[static_cast<std::size_t>(waits->from)])
      .text("type", waits->type)
      .count("starts", waits->starts)
      .count("followed", waits->followed)
      .count("notFollowed", waits->starts - waits->followed)
      .put("secondsByPercent", within.done())
      .number("limitSeconds", waits->limit_seconds)
      .put("beyondLimit", waits->limit_seconds ? Json(waits->beyond_limit) : Json())
      .put("histogram", json_of(waits->histogram, "delays", false))
      .done();
}

Json json_of(const VocabularyAudit& vocabulary) {
  Json parts = Json::object();
  for (std::size_t part = 0; part < kParts; ++part) {
    const VocabularyAudit::PartCounts& counts = vocabulary.parts[part];
    parts[kPartNames[part]] = Fields()
                                  .count("tokens", counts.tokens)
                                  .count("withoutItem", counts.without_item)
                                  .count("known", counts.known())
                                  .count("unknown", counts.unknown)
                                  .number("unknownShare", counts.unknown_share())
                                  .count("belowMinCount", counts.below_min_count)
                                  .count("unknownTypes", counts.unknown_types)
                                  .done();
  }
  return Fields()
      .count("itemsInData", vocabulary.items_in_data)
      .count("items", vocabulary.items)
      .count("neverInTrainX", vocabulary.never_in_train_x)
      .number("neverInTrainXShare", vocabulary.never_in_train_x_share())
      .count("belowMinCount", vocabulary.below_min_count)
      .put("parts", std::move(parts))
      .done();
}

Json json_of(const SplitAudit& split) {
  Json parts = Json::object();
  for (std::size_t part = 0; part < kParts; ++part) {
    const SplitAudit::PartRows& rows = split.parts[part];
    Fields fields;
    fields.count("users", rows.users);
    parts[kPartNames[part]] = put_arms(fields, rows.arms)
                                  .put("interval95", or_null(rows.interval95))
                                  .put("firstTimeZero", time_or_null(rows.first_us))
                                  .put("lastTimeZero", time_or_null(rows.last_us))
                                  .done();
  }
  Fields all;
  put_arms(all, split.all.arms)
      .put("interval95", or_null(split.all.interval95))
      .put("outcomeEvents", split.outcome_events ? Json(split.outcome_events->all) : Json());
  return Fields()
      .count("usersInSeveralParts", split.users_in_several_parts)
      .count("purged", split.purged)
      .put("all", all.done())
      .put("parts", std::move(parts))
      .done();
}

Json json_of(const WindowAudit& window) {
  return Fields()
      .count("sessions", window.sessions)
      .count("beginWithinGapOfFirstEvent", window.begin_within_gap)
      .count("openAtLastEvent", window.open_at_end)
      .count("rows", window.rows)
      .count("censoredRows", window.censored_rows)
      .count("censoredLeftOut", window.censored_left_out)
      .number("dataHours", window.data_hours)
      .number("followUpHours", window.follow_up_hours)
      .number("longestFollowUpHours", window.longest_follow_up_hours)
      .put("windowHoldsExposure", or_null(window.holds_exposure))
      .put("treatedAfterLaterExposure", or_null(window.treated_after_exposure))
      .put("treatedAtExposureInstant", or_null(window.treated_at_once))
      .put("controlsAfterTreatment", or_null(window.controls_after_treatment))
      .done();
}

Json json_of(const LedgerAudit& ledger) {
  Json steps = Json::array();
  for (const LedgerAudit::Step& step : ledger.steps) {
    Fields fields;
    fields.text("step", step.name).put("key", step.key == nullptr ? Json() : Json(step.key)).put("value", step.value);
    steps.push_back(put_arms(fields, step.arms)
                        .number("lengthSmd", step.length_smd)
                        .number("aucLength", step.auc_length)
                        .number("aucPadding", step.auc_padding)
                        .number("outcomeInX", step.outcome_in_x)
                        .done());
  }
  return Fields()
      .text("indexKind", kind_name(ledger.end))
      .count("duplicates", ledger.duplicates)
      .put("steps", std::move(steps))
      .done();
}

}  // namespace

Json finding_json(const Finding& finding) {
  Json repair;
  if (finding.repair) repair = Fields().text("key", finding.repair->key).put("value", finding.repair->value).done();
  return Fields()
      .text("code", finding.code)
      .text("severity", kSeverityNames[static_cast<std::size_t>(finding.severity)])
      .text("title", finding.title)
      .text("message", finding.message)
      .put("figures", finding.figures)
      .text("consequence", finding.consequence)
      .put("repair", std::move(repair))
      .done();
}

Json rows_and_share(std::uint64_t rows, std::uint64_t of) { return Fields().count("rows", rows).share("share", rows, of).done(); }

Json figures_of(const CellsOf& cells) {
  const auto& [with, all] = cells;
  Fields fields;
  fields.count("rows", with.all()).share("share", with.all(), all.all());
  fields.put("control", rows_and_share(with.arm(0), all.arm(0))).put("treated", rows_and_share(with.arm(1), all.arm(1)));
  for (int t = 0; t < 2; ++t) {
    for (int y = 0; y < 2; ++y) fields.put(kCellNames[t][y], rows_and_share(with.rows[t][y], all.rows[t][y]));
  }
  return fields.done();
}

Json figures_of(const OutcomeBeforeTreatment& before) {
  return Fields()
      .count("rows", before.rows)
      .count("first", before.first)
      .share("firstShare", before.first, before.rows)
      .count("all", before.all)
      .share("allShare", before.all, before.rows)
      .done();
}

Json figures_of(const ImmortalTime& immortal) {
  return Fields()
      .count("leftOut", immortal.left_out)
      .count("untreatedWindowOutcomes", immortal.untreated_window_outcomes)
      .number("naiveDifference", immortal.naive_difference)
      .put("interval", or_null(immortal.interval))
      .number("usualDelayMinutes", immortal.usual_delay_minutes)
      .done();
}

Json figures_of(const TieDifference& difference) {
  return Fields()
      .text("rule", rule_name(difference.rule))
      .count("changed", difference.changed)
      .count("treatment", difference.treatment)
      .count("outcome", difference.outcome)
      .count("cut", difference.cut)
      .count("order", difference.order)
      .done();
}

std::string audit_json(const Audit& audit) {
  const Json json =
      Fields()
          .text("profile", audit.profile)
          .text("indexKind", kind_name(audit.kind))
          .put("findings", json_of(audit.findings))
          .put("notices", notices_json(audit.notices))
          .put("events", json_of(audit.events))
          .put("attrition", json_of(audit.attrition))
          .put("leakage", json_of(audit.leakage))
          .put("balance", json_of(audit.balance))
          .put("overlap", audit.overlap ? json_of(*audit.overlap) : Json())
          .put("lengths", json_of(audit.lengths))
          .put("ties", json_of(audit.ties))
          .put("gaps", json_of(audit.gaps))
          .put("delays",
               Fields().put("treatment", json_of(audit.delays.treatment)).put("outcome", json_of(audit.delays.outcome)).done())
          .put("vocabulary", json_of(audit.vocabulary))
          .put("split", json_of(audit.split))
          .put("window", json_of(audit.window))
          .put("ledger", json_of(audit.ledger))
          .done();
  return document_of(json);
}

namespace {

Json rows_of(const Attrition::Left& left) {
  return Fields()
      .count("rows", left.rows)
      .count("sessions", left.sessions)
      .count("users", left.users)
      .count("control", left.arm[0])
      .count("treated", left.arm[1])
      .done();
}

Json rows_of(const SplitAudit& split) {
  Json parts = Json::object();
  for (std::size_t part = 0; part < kParts; ++part) {
    const SplitAudit::PartRows& rows = split.parts[part];
    parts[kPartNames[part]] = Fields()
                                  .count("users", rows.users)
                                  .count("control", rows.arms.rows[0])
                                  .count("treated", rows.arms.rows[1])
                                  .put("firstTimeZero", time_or_null(rows.first_us))
                                  .put("lastTimeZero", time_or_null(rows.last_us))
                                  .done();
  }
  return Fields()
      .count("usersInSeveralParts", split.users_in_several_parts)
      .count("purged", split.purged)
      .put("parts", std::move(parts))
      .done();
}

}  // namespace

std::vector<Finding> findings_without_outcomes(const Audit& audit) {
  std::vector<Finding> findings;
  for (const Finding& finding : audit.findings) {
    if (finding.of_outcomes) continue;
    findings.push_back(finding);
    for (const auto& of_arm : kCellNames) {
      for (const char* name : of_arm) findings.back().figures.erase(name);
    }
  }
  return findings;
}

Json audit_without_outcomes(const Audit& audit) {
  return Fields()
      .text("profile", audit.profile)
      .text("indexKind", kind_name(audit.kind))
      .put("findings", json_of(findings_without_outcomes(audit)))
      .put("notices", notices_json(audit.notices))
      .put("start", rows_of(audit.attrition.start))
      .put("end", rows_of(audit.attrition.end))
      .put("balance", json_of(audit.balance))
      .put("overlap", audit.overlap ? json_of(*audit.overlap) : Json())
      .put("lengths", json_of(audit.lengths))
      .put("treatmentDelays", json_of(audit.delays.treatment))
      .put("vocabulary", json_of(audit.vocabulary))
      .put("split", rows_of(audit.split))
      .put("window", json_of(audit.window))
      .done();
}

std::string audit_json(const Run& run) { return run.audit ? audit_json(*run.audit) : ""; }

}  // namespace causal_sessions
