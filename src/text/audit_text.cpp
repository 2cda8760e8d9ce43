#include "text/audit_text.h"

#include <algorithm>
#include <cmath>

#include "core/civil_time.h"
#include "plan/choices.h"
#include "text/lines.h"

namespace causal_sessions {
namespace {

std::string time_text(const std::optional<std::int64_t>& us) { return us ? format_utc(*us) : "n/a"; }

Lines attrition_lines(const AttritionAudit& attrition, const ControlName& control, std::size_t width) {
  std::vector<Lines> rows;
  const auto add = [&](const std::string& name, const std::string& removed, const Attrition::Left& left) {
    rows.push_back({name, removed, count_text(left.rows), count_text(left.sessions), count_text(left.users),
                    share_text(share_of(left.arm[1], left.rows)), share_text(share_of(left.outcomes[0], left.arm[0])),
                    share_text(share_of(left.outcomes[1], left.arm[1]))});
  };
  add("start", "", attrition.start);
  bool any_looks = false;
  for (const AttritionAudit::Step& step : attrition.steps) {
    any_looks |= step.looks_past;
    add(kFilterNames[static_cast<std::size_t>(step.filter)] + std::string(step.looks_past ? " *" : ""), count_text(step.removed),
        step.after);
  }
  Lines lines = table(control.in("|removed|rows|sessions|users|treated|untreated Y|treated Y"), rows, width);
  if (any_looks) lines.emplace_back("  * this rule uses what happened after time zero");
  lines.insert(lines.begin(),
               filled("  {} rows read, {} skipped, {} duplicates removed",
                      {count_text(attrition.read), count_text(attrition.left_out->total()), count_text(attrition.duplicates)}));
  return lines;
}

Lines leakage_lines(const LeakageAudit& leakage, const ControlName& control, std::size_t width) {
  std::vector<Lines> rows;
  const auto add = [&](const std::string& name, const CellsOf& cells) {
    Lines texts = {name};
    for (int t = 0; t < 2; ++t) {
      for (int y = 0; y < 2; ++y) {
        const std::uint64_t with = cells.with.rows[t][y];
        texts.push_back(filled("{} ({})", {count_text(with), share_text(share_of(with, cells.all.rows[t][y]))}));
      }
    }
    rows.push_back(std::move(texts));
  };
  add("outcome that counts, in X", leakage.outcome_in_x);
  add("any outcome in X", leakage.outcome_in_history);
  add("treatment that counts, in X", leakage.treatment_in_x);
  add("any treatment in X", leakage.treatment_in_history);
  add("padding", leakage.padding);
  Lines lines = table(control.in("rows with|untreated, Y=0|untreated, Y=1|treated, Y=0|treated, Y=1"), rows, width);
  lines.push_back(filled("  AUC of T from length {}, span {}, last event {}, padding {}",
                         {decimal_text(leakage.auc_length), decimal_text(leakage.auc_span), decimal_text(leakage.auc_last_event),
                          decimal_text(leakage.auc_padding)}));
  lines.push_back(filled(control.in("  AUC of Y from an outcome token: untreated {}, treated {}"),
                         {decimal_text(leakage.auc_of_outcome[0]), decimal_text(leakage.auc_of_outcome[1])}));
  const OutcomeBeforeTreatment& before = leakage.before;
  if (before.first == 0) {
    lines.push_back(filled("  Of {} treated rows with an outcome, none had it before the treatment", {count_text(before.rows)}));
  } else {
    lines.push_back(
        filled("  Of {} treated rows with an outcome, the first one came before the treatment in {} ({}), and all did in {} ({})",
               {count_text(before.rows), count_text(before.first), share_text(share_of(before.first, before.rows)),
                count_text(before.all), share_text(share_of(before.all, before.rows))}));
  }
  if (const std::optional<ImmortalTime>& immortal = leakage.immortal_time) {
    lines.push_back(filled(
        control.in("  Immortal time: {} rows dropped, {} untreated outcomes in the window; difference {}, whichever groups "
                   "they belong to {}"),
        {count_text(immortal->left_out), count_text(immortal->untreated_window_outcomes), points_text(immortal->naive_difference),
         points_text(immortal->interval)}));
  }
  return lines;
}

Lines balance_lines(const std::vector<BalanceRow>& balance, const ControlName& control, std::size_t width) {
  std::vector<Lines> rows;
  std::uint64_t nothing = 0;
  for (const BalanceRow& row : balance) {
    if (row.control == 0.0 && row.treated == 0.0) {
      ++nothing;
      continue;
    }
    rows.push_back({row.covariate, decimal_text(row.control), decimal_text(row.treated), decimal_text(row.smd),
                    decimal_text(row.weighted_smd)});
  }
  Lines lines = table(control.in("|untreated|treated|raw|weighted"), rows, width);
  if (nothing != 0) lines.push_back(filled("  {} more are 0 in both groups", {count_text(nothing)}));
  return lines;
}

Lines overlap_lines(const std::optional<OverlapAudit>& overlap, const ControlName& name) {
  if (!overlap) return {"  n/a: one group is missing from the training set"};
  const auto &control = overlap->arms[0], &treated = overlap->arms[1];
  const std::string propensity = overlap->fitted_rows == 0
                                     ? "Known propensity"
                                     : filled("Propensity of {} training rows", {count_text(overlap->fitted_rows)});
  return {filled("  {}: AUC {}, outside 0.01 .. 0.99 {}, outside 0.05 .. 0.95 {}",
                 {propensity, decimal_text(overlap->auc), share_text(overlap->outside1()), share_text(overlap->outside5())}),
          filled(name.in("  Effective sample size: untreated {} of {}, treated {} of {}"),
                 {decimal_text(control.effective_sample_size), count_text(control.rows),
                  decimal_text(treated.effective_sample_size), count_text(treated.rows)})};
}

Lines tie_lines(const TiesAudit& ties, std::size_t width) {
  std::vector<Lines> rows;
  for (const TieDifference& row : ties.under) {
    rows.push_back({std::string(name_of(kTieRules, row.rule)), count_text(row.changed), count_text(row.treatment),
                    count_text(row.outcome), count_text(row.cut), count_text(row.order)});
  }
  return table("|changed|T|Y|cut of X|order of X", rows, width);
}

Lines gap_lines(const GapsAudit& gaps, std::size_t width) {
  std::vector<Lines> rows;
  for (const GapsAudit::Point& point : gaps.curve) {
    const auto& [arms, outcomes] = point.sessions;
    const std::uint64_t sessions = arms[0] + arms[1];
    rows.push_back({decimal_text(point.gap_hours), count_text(sessions), share_text(share_of(arms[1], sessions)),
                    share_text(share_of(outcomes[0] + outcomes[1], sessions)), points_text(point.sessions.difference())});
  }
  return table("hours|sessions|treated|outcome|difference", rows, width);
}

Lines vocabulary_lines(const VocabularyAudit& vocabulary, std::size_t width) {
  std::vector<Lines> rows;
  for (std::size_t part = 0; part < kParts; ++part) {
    const VocabularyAudit::PartCounts& counts = vocabulary.parts[part];
    rows.push_back({kPartNames[part], count_text(counts.tokens), count_text(counts.known()), count_text(counts.unknown),
                    share_text(counts.unknown_share())});
  }
  return table("|tokens|known|[UNK]|share", rows, width);
}

Lines split_lines(const SplitAudit& split, const ControlName& control, std::size_t width) {
  std::vector<Lines> rows;
  for (std::size_t part = 0; part < kParts; ++part) {
    const SplitAudit::PartRows& row = split.parts[part];
    rows.push_back({kPartNames[part], count_text(row.users), count_text(row.arms.rows[0]), count_text(row.arms.rows[1]),
                    points_text(row.arms.difference()), points_text(row.interval95), time_text(row.first_us),
                    time_text(row.last_us)});
  }
  return table(control.in("|users|untreated|treated|difference|95% interval|first time zero|last time zero"), rows, width);
}

std::string split_figures(const SplitAudit& split) {
  const std::string text =
      filled("{} users in several sets, {} rows purged", {count_text(split.users_in_several_parts), count_text(split.purged)});
  return split.outcome_events ? filled("{}, {} distinct outcome events", {text, count_text(split.outcome_events->all)}) : text;
}

Lines window_lines(const WindowAudit& window, const ControlName& control) {
  Lines lines = {
      filled("  {} sessions: {} begin within a gap of the first event, {} are open at the last",
             {count_text(window.sessions), count_text(window.begin_within_gap), count_text(window.open_at_end)}),
      filled("  {} rows: the follow-up of {} goes beyond the end of the data, {} were dropped for it",
             {count_text(window.rows), count_text(window.censored_rows), count_text(window.censored_left_out)}),
      filled("  Data of {} hours, follow-up of {}", {decimal_text(window.data_hours), decimal_text(window.follow_up_hours)})};
  std::string told;
  const auto tell = [&told](const std::optional<std::uint64_t>& value, const std::string& words) {
    if (value) told = filled("{}{}{} {}", {told, told.empty() ? "  " : ", ", count_text(*value), words});
  };
  tell(window.holds_exposure, "windows contain a later exposure");
  tell(window.treated_after_exposure, "treatments follow one");
  tell(window.treated_at_once, "treatments have the time of their exposure");
  tell(window.controls_after_treatment, control.in("untreated rows follow a treatment of their user within one follow-up"));
  if (!told.empty()) lines.push_back(std::move(told));
  return lines;
}

Lines ledger_lines(const LedgerAudit& ledger, const ControlName& control, std::size_t width) {
  std::vector<Lines> rows;
  for (const LedgerAudit::Step& step : ledger.steps) {
    rows.push_back({step.name, count_text(step.arms.rows[0]), count_text(step.arms.rows[1]), points_text(step.arms.difference()),
                    decimal_text(step.length_smd), decimal_text(step.auc_length), decimal_text(step.auc_padding),
                    share_text(step.outcome_in_x)});
  }
  // The first steps have no comparator, the last ones have: each has T.
  const std::string groups = control.is_named() ? "|T=0|T=1" : control.in("|untreated|treated");
  return table(groups + "|difference|length SMD|AUC length|AUC padding|Y in X", rows, width);
}

// One sentence, and another one where the limit leaves many out.
void tell_waits(const std::optional<DelaysAudit::Waits>& waits, const char* what, const char* limit, const char* key,
                Lines& lines) {
  constexpr double kManyBeyond = 0.2;
  if (!waits) return;
  const std::string from = kDelayFromNames[static_cast<std::size_t>(waits->from)];
  const std::string starts =
      filled("{} of {} {}s have one within 30 days", {count_text(waits->followed), count_text(waits->starts), from});
  if (waits->followed == 0) {
    lines.push_back(
        filled("  No {} ({}) follows {} {}: {}.", {what, waits->type, from == "exposure" ? "an" : "a", from, starts}));
    return;
  }
  constexpr std::size_t kShown = 3;
  static_assert(DelaysAudit::kPercents[kShown] == 95);
  const Share beyond = waits->limit_seconds ? share_of(waits->beyond_limit, waits->followed) : std::nullopt;
  const std::string rule = waits->limit_seconds ? filled("the {} is {}, and {} come later",
                                                         {limit, duration_text(*waits->limit_seconds), share_text(beyond)})
                                                : filled("this plan has no {}", {limit});
  lines.push_back(
      filled("  95% of the {}s ({}) that follow {} {} do so within {}; {}. {}.",
             {what, waits->type, from == "exposure" ? "an" : "a", from, duration_text(*waits->within[kShown]), rule, starts}));
  if (beyond.value_or(0) > kManyBeyond)
    lines.push_back(
        filled("  The {} leaves out {} of these {}s; {} says how long it is.", {limit, share_text(beyond), what, key}));
}

Lines delay_lines(const DelaysAudit& delays) {
  Lines lines;
  tell_waits(delays.treatment, "treatment", "window", "index.windowMinutes", lines);
  tell_waits(delays.outcome, "outcome", "follow-up", "index.horizonHours", lines);
  if (lines.empty()) lines.emplace_back("  n/a: no event type is named as the exposure's");
  return lines;
}

}  // namespace

Lines finding_lines(const std::vector<Finding>& findings, bool is_notebook) {
  const std::string below(11, ' ');
  Lines lines;
  bool any_error = false;
  for (const Finding& finding : findings) {
    std::string severity = kSeverityNames[static_cast<std::size_t>(finding.severity)];
    any_error |= finding.severity == Severity::kError;
    severity.resize(7, ' ');
    lines.push_back(filled("  {}  {} ({})", {severity, finding.title, finding.code}));
    lines.push_back(below + finding.message + " " + finding.consequence);
    if (!finding.repair) continue;
    const auto& [key, value] = *finding.repair;
    lines.push_back(filled("{}Repair: --set {}={}", {below, key, value.is_string() ? value.get<std::string>() : value.dump()}));
  }
  if (is_notebook && any_error) lines.emplace_back("  Every repair at once: --profile causal");
  if (lines.empty()) lines.emplace_back("  none");
  return lines;
}

std::string severities_text(const std::vector<Finding>& findings) {
  const auto of = [&](Severity severity) {
    const auto count = std::count_if(findings.begin(), findings.end(),
                                     [severity](const Finding& finding) { return finding.severity == severity; });
    return filled("{} {}{}", {count_text(static_cast<std::uint64_t>(count)), kSeverityNames[static_cast<std::size_t>(severity)],
                              count == 1 ? "" : "s"});
  };
  return filled("{}, {}, {}", {of(Severity::kError), of(Severity::kWarning), of(Severity::kNote)});
}

std::string audit_text(const Audit& audit, std::size_t width) {
  const auto kind = [](IndexKind of) { return std::string(rule_of(of).name); };
  Lines lines = {filled("Profile {}, index.kind {}: {} events of {} users, {} rows",
                        {audit.profile, kind(audit.kind), count_text(audit.events.events), count_text(audit.events.users),
                         count_text(audit.attrition.end.rows)})};
  const auto add = [&lines](const std::string& title, const Lines& section) {
    lines.insert(lines.end(), {"", title});
    lines.insert(lines.end(), section.begin(), section.end());
  };
  if (!audit.notices.empty()) {
    Lines noticed;
    for (const Notice& notice : audit.notices) noticed.push_back("  " + notice_text(notice.message, notice.key));
    add(filled("Notices ({})", {count_text(noticed.size())}), noticed);
  }
  const TiesAudit& ties = audit.ties;
  const VocabularyAudit& vocabulary = audit.vocabulary;
  add(filled("Findings ({})", {severities_text(audit.findings)}), finding_lines(audit.findings, audit.profile == "notebook"));
  add("Rows by step", attrition_lines(audit.attrition, audit.control, width));
  add("Leakage", leakage_lines(audit.leakage, audit.control, width));
  add("Balance (means by group, standardized differences raw and weighted)", balance_lines(audit.balance, audit.control, width));
  add("Overlap", overlap_lines(audit.overlap, audit.control));
  add(filled("Equal times ({} events, {}; sessions of {} that another order would change)",
             {count_text(ties.tied), share_text(share_of(ties.tied, ties.events)), count_text(ties.sessions)}),
      tie_lines(ties, width));
  add("Session gaps (how sessions change with the gap)", gap_lines(audit.gaps, width));
  add(filled("Vocabulary ({} items, {} never in X of train, {} below minCount)",
             {count_text(vocabulary.items), count_text(vocabulary.never_in_train_x), count_text(vocabulary.below_min_count)}),
      vocabulary_lines(vocabulary, width));
  add(filled("Split ({})", {split_figures(audit.split)}), split_lines(audit.split, audit.control, width));
  add("Window", window_lines(audit.window, audit.control));
  add("Delays", delay_lines(audit.delays));
  add(filled("One repair at a time (from the notebook's table to index.kind {})", {kind(audit.ledger.end)}),
      ledger_lines(audit.ledger, audit.control, width));
  return wrapped(lines, width);
}

}  // namespace causal_sessions
