#include "audit/findings.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "audit/audit_json.h"
#include "audit/finding_words.h"
#include "plan/choices.h"
#include "report/report_json.h"
#include "trial/rules.h"

namespace causal_sessions {
namespace {

constexpr double kTelling = 0.1;        // |AUC - 0.5| from which a score is said to tell the arm
constexpr double kImbalanced = 0.1;     // |SMD|, Austin 2009
constexpr double kPoorOverlap = 0.05;   // share of rows with a propensity outside [0.01, 0.99]
constexpr double kManyUnknown = 0.2;    // share of a part's items
constexpr double kMuchBias = 0.1;       // reach of the interval over naive difference
constexpr double kManyOverlap = 0.05;   // share of rows whose window holds a later exposure
constexpr double kManyAtOnce = 0.01;    // share of the treated at the instant of their exposure
constexpr double kManyByLength = 0.01;  // share of the rows that a rule of length leaves out
constexpr double kManyLate = 0.05;      // share of the rows that lack what came in behind their time zero

constexpr const char* kNull = "";  // as the value of a repair: null

class Finder;

// A finding without a key has no repair, and none where its value is unset and it gives none of its own.
struct Row {
  const char* code;
  Severity severity;
  const char* key;
  const char* value;
  void (*when)(Finder& finder);
  bool of_outcomes = false;
};

// What a case of a finding says in place of its row.
struct Instead {
  Json value = nullptr;
  const char* key = nullptr;
  std::optional<Severity> severity = {};
};

class Finder {
 public:
  const Audit& audit;
  const Plan& plan;
  const Rule& rule;

  Finder(const Audit& of, const Plan& by) : audit(of), plan(by), rule(rule_of(by.trial.kind)) {}

  void look_for(const Row& row) {
    row_ = &row;
    row.when(*this);
  }

  // A finding of the row at hand.
  void add(Json figures, Instead instead = {}) {
    const char* key = instead.key != nullptr ? instead.key : row_->key;
    const bool is_null = instead.value.is_null() && row_->value != nullptr && std::string_view(row_->value) == kNull;
    if (instead.value.is_null() && row_->value != nullptr && !is_null) instead.value = row_->value;
    std::optional<Finding::Repair> repair;
    if (key != nullptr && (is_null || !instead.value.is_null())) repair = {key, std::move(instead.value)};
    add_without_repair(std::move(figures), instead.severity.value_or(row_->severity));
    found_.back().repair = std::move(repair);
  }
  void add_without_repair(Json figures, Severity severity) {
    const FindingWords& words = finding_words(row_->code);
    const auto named = [this](const char* text) { return audit.control.in(text); };
    std::string message = filled_with(named(words.message), figures);
    found_.push_back({row_->code, severity, named(words.title), std::move(message), std::move(figures), named(words.consequence),
                      std::nullopt, row_->of_outcomes});
  }

  [[nodiscard]] std::vector<Finding> finish() {
    std::vector<Finding> sorted;
    for (const Severity severity : {Severity::kError, Severity::kWarning, Severity::kNote}) {
      for (Finding& finding : found_) {
        if (finding.severity == severity) sorted.push_back(std::move(finding));
      }
    }
    return sorted;
  }

  [[nodiscard]] std::uint64_t rows() const { return audit.attrition.end.rows; }
  [[nodiscard]] std::uint64_t events_of(const std::string& type) const {
    for (const auto& [name, count] : audit.events.by_type) {
      if (name == type) return count;
    }
    return 0;
  }
  [[nodiscard]] bool is_other_type(const std::string& type) const {
    return type != plan.trial.treatment && type != plan.trial.outcome;
  }
  // The time zero that does not look ahead, where the data have what it needs; else null.
  [[nodiscard]] Json exposure() const {
    const std::string& type = plan.trial.exposure;
    return is_other_type(type) && events_of(type) != 0 ? Json("exposure") : Json();
  }
  // A type that could mark exposures: the most frequent one.
  [[nodiscard]] Json other_type() const {
    Json type;
    std::uint64_t most = 0;
    for (const auto& [name, count] : audit.events.by_type) {
      if (!is_other_type(name) || count <= most) continue;
      most = count;
      type = name;
    }
    return type;
  }
  // The time zero that the ledger ends with.
  [[nodiscard]] Json kind() const { return rule.time_zero ? Json() : Json(std::string(rule_of(audit.ledger.end).name)); }
  // Whether the plan takes index.gracePeriod "align" as its other keys are.
  [[nodiscard]] bool can_align() const {
    return rule.exposure && plan.trial.window_ends == WindowEnds::kNextExposure && plan.trial.from == OutcomeFrom::kTimeZero;
  }
  // Half of what the longest follow-up leaves to it, so that some row has one.
  [[nodiscard]] Json shorter_horizon() const {
    const double window = plan.trial.from == OutcomeFrom::kWindowEnd ? plan.trial.window.given / 60 : 0;
    const double half = (audit.window.longest_follow_up_hours.value_or(0) - window) / 2;
    if (half >= 1) return static_cast<std::uint64_t>(half);
    const double rounded = std::floor(half * 1000) / 1000;
    return rounded > 0 ? Json(rounded) : Json();
  }

 private:
  const Row* row_ = nullptr;
  std::vector<Finding> found_;
};

// 24, not 24.0: as a person would type it.
Json plain(double value) { return value == std::floor(value) ? Json(static_cast<std::int64_t>(value)) : Json(value); }

void look_at_arms(Finder& finder, const char* part, std::uint64_t control, std::uint64_t treated) {
  if (control != 0 && treated != 0) return;
  Json figures =
      Fields().put("part", part == nullptr ? Json() : Json(part)).count("control", control).count("treated", treated).done();
  if (part != nullptr) return finder.add(std::move(figures));
  finder.add_without_repair(std::move(figures), Severity::kError);  // no split mends it
}

void look_for_empty_arms(Finder& finder) {
  const Attrition::Left& end = finder.audit.attrition.end;
  if (end.rows == 0) return;
  if (end.arm[0] == 0 || end.arm[1] == 0) return look_at_arms(finder, nullptr, end.arm[0], end.arm[1]);
  const SplitOptions& split = finder.plan.split;
  const double shares[] = {split.train, split.validation, split.test};
  for (std::size_t part = 0; part < kParts; ++part) {
    const bool wanted = split.kind == SplitKind::kFolds ? part == 0 : shares[part] > 0;
    const Arms& arms = finder.audit.split.parts[part].arms;
    if (wanted) look_at_arms(finder, kPartNames[part], arms.rows[0], arms.rows[1]);
  }
}

void look_for_immortal_time(Finder& finder) {
  const std::optional<ImmortalTime>& immortal = finder.audit.leakage.immortal_time;
  if (!immortal || !immortal->interval || immortal->left_out + immortal->untreated_window_outcomes == 0) return;
  const double naive = immortal->naive_difference.value_or(0);
  const auto [low, high] = *immortal->interval;
  const double reach = std::max(naive - low, high - naive);
  const Severity severity = reach > kMuchBias * std::abs(naive) ? Severity::kWarning : Severity::kNote;
  const double usual = std::ceil(immortal->usual_delay_minutes.value_or(0) * 1000) / 1000;
  if (finder.can_align()) {
    finder.add(figures_of(*immortal), {"align", "index.gracePeriod", severity});
  } else if (usual > 0 && usual < finder.plan.trial.window.given) {
    finder.add(figures_of(*immortal), {plain(usual), "index.windowMinutes", severity});
  } else {  // measured on landmarks: a shorter window leaves the interval as wide
    finder.add(figures_of(*immortal), {nullptr, nullptr, severity});
  }
}

// With a time zero these are differences between the arms, which the balance shows; without one, traces of T.
void look_at_score(Finder& finder, const Share& auc, const Json& value) {
  if (finder.rule.time_zero || std::abs(auc.value_or(0.5) - 0.5) < kTelling) return;
  finder.add(Fields().number("auc", auc).done(), {value});
}

void look_at_ties(Finder& finder, bool declared, const Json& value) {
  if ((finder.plan.order.ties == TieRule::kPriority) != declared) return;
  const TieDifference* worst = nullptr;
  for (const TieDifference& other : finder.audit.ties.under) {
    if (other.changed > (worst == nullptr ? 0 : worst->changed)) worst = &other;
  }
  if (worst == nullptr) return;
  Json figures = figures_of(*worst);
  figures["sessions"] = finder.audit.ties.sessions;
  finder.add(std::move(figures), {value});
}

void look_at_filters(Finder& finder) {
  for (const AttritionAudit::Step& step : finder.audit.attrition.steps) {
    if (!step.looks_past) continue;
    Json figures = Fields()
                       .text("filter", kFilterNames[static_cast<std::size_t>(step.filter)])
                       .count("removed", step.removed)
                       .count("of", step.before.rows)
                       .done();
    if (step.filter == Filter::kShortSession) {
      finder.add(std::move(figures), {"x", "session.minEventsOf"});
    } else {
      finder.add(std::move(figures),
                 {finder.kind(), nullptr, step.filter == Filter::kShortX ? Severity::kWarning : Severity::kNote});
    }
  }
}

// Three standard errors of a weighted difference. Of thirty covariates one is beyond 0.1 by chance where the arms are small.
double chance_of(const Audit& audit) {
  double variance = 0;
  for (const std::size_t arm : {0, 1}) {
    if (audit.overlap && audit.overlap->arms[arm].effective_sample_size)
      variance += 1 / *audit.overlap->arms[arm].effective_sample_size;
  }
  return 3 * std::sqrt(variance);
}

void look_at_balance(Finder& finder, std::optional<double> BalanceRow::* smd, double least) {
  if (!finder.rule.time_zero) return;  // then the covariates are cut by the treatment too
  std::uint64_t over = 0;
  double largest = 0;
  std::string name;
  for (const BalanceRow& row : finder.audit.balance) {
    const double size = std::abs((row.*smd).value_or(0));
    over += size > least;
    if (size <= largest) continue;
    largest = size;
    name = row.covariate;
  }
  if (over != 0) finder.add(Fields().count("covariates", over).number("largest", largest).text("covariate", name).done());
}

// In their order; a finding of one severity stands before those of the same severity below it.
constexpr Row kRows[] = {
    {"noExposures", Severity::kError, "index.type", nullptr,
     [](Finder& f) {
       if (!f.rule.exposure || f.audit.attrition.start.rows != 0) return;
       f.add(Fields().text("type", f.plan.trial.exposure).count("events", f.audit.attrition.events).done(), {f.other_type()});
     }},
    {"landmarkAfterSessions", Severity::kError, "index.minutes", nullptr,
     [](Finder& f) {
       for (const AttritionAudit::Step& step : f.audit.attrition.steps) {
         if (step.filter != Filter::kSessionOver || step.after.rows != 0) continue;
         // A landmark at the gap or before it falls inside of every session.
         f.add(Fields().number("minutes", f.plan.trial.landmark.given).count("sessions", step.before.sessions).done(),
               {static_cast<std::uint64_t>(f.plan.session.max_gap.given * 60)});
       }
     }},
    {"noRows", Severity::kError, nullptr, nullptr,
     [](Finder& f) {
       if (f.rows() == 0)
         f.add(Fields().count("events", f.audit.attrition.events).count("candidates", f.audit.attrition.start.rows).done());
     }},
    {"horizonLongerThanData", Severity::kError, "index.horizonHours", nullptr,
     [](Finder& f) {
       const WindowAudit& window = f.audit.window;
       const double follow_up = window.follow_up_hours.value_or(0);
       if (!f.rule.time_zero || follow_up <= window.data_hours) return;
       f.add(Fields().number("followUpHours", follow_up).number("dataHours", window.data_hours).done(), {f.shorter_horizon()});
     }},
    {"allCensored", Severity::kError, "index.horizonHours", nullptr,
     [](Finder& f) {
       const WindowAudit& window = f.audit.window;
       const bool all = f.rows() == 0 ? window.censored_left_out != 0 : window.censored_rows == f.rows();
       if (all)
         f.add(Fields().count("rows", f.rows() + window.censored_left_out).done(),
               {f.rule.time_zero ? f.shorter_horizon() : Json()});
     }},
    {"noOutcomes", Severity::kError, nullptr, nullptr,
     [](Finder& f) {
       const auto& outcomes = f.audit.attrition.end.outcomes;
       if (f.rows() == 0 || outcomes[0] + outcomes[1] != 0) return;
       const std::string& type = f.plan.trial.outcome;
       f.add(Fields().count("rows", f.rows()).text("type", type).count("events", f.events_of(type)).done());
     },
     true},
    {"emptyArm", Severity::kError, "split.kind", "folds", look_for_empty_arms},

    {"outcomeInX", Severity::kError, "index.kind", nullptr,
     [](Finder& f) {
       if (f.audit.leakage.outcome_in_x.with.all() != 0) f.add(figures_of(f.audit.leakage.outcome_in_x), {f.kind()});
     },
     true},
    {"treatmentInX", Severity::kError, "index.kind", nullptr,
     [](Finder& f) {
       if (f.audit.leakage.treatment_in_x.with.all() != 0) f.add(figures_of(f.audit.leakage.treatment_in_x), {f.kind()});
     }},
    {"paddingInOneArm", Severity::kError, "sequence.padding", kNull,
     [](Finder& f) {
       const auto& [with, all] = f.audit.leakage.padding;
       if ((with.arm(0) == 0) == (with.arm(1) == 0)) return;
       f.add(Fields()
                 .put("control", rows_and_share(with.arm(0), all.arm(0)))
                 .put("treated", rows_and_share(with.arm(1), all.arm(1)))
                 .done());
     }},
    {"outcomeBeforeTreatment", Severity::kWarning, "outcome.prior", "exclude",
     [](Finder& f) {
       if (f.audit.leakage.before.first != 0 && !f.plan.trial.is_assigned()) f.add(figures_of(f.audit.leakage.before));
     },
     true},
    {"immortalTime", Severity::kNote, nullptr, nullptr, look_for_immortal_time, true},

    {"lengthTellsTreatment", Severity::kWarning, "index.kind", nullptr,
     [](Finder& f) { look_at_score(f, f.audit.leakage.auc_length, f.kind()); }},
    {"spanTellsTreatment", Severity::kWarning, "index.kind", nullptr,
     [](Finder& f) { look_at_score(f, f.audit.leakage.auc_span, f.kind()); }},
    {"lastEventTellsTreatment", Severity::kWarning, "index.kind", nullptr,
     [](Finder& f) { look_at_score(f, f.audit.leakage.auc_last_event, f.kind()); }},
    {"paddingTellsTreatment", Severity::kWarning, "sequence.padding", kNull,
     [](Finder& f) { look_at_score(f, f.audit.leakage.auc_padding, nullptr); }},

    {"tiesChangeSessions", Severity::kWarning, "time.ties", "priority", [](Finder& f) { look_at_ties(f, false, nullptr); }, true},
    {"tiesDecidedByRule", Severity::kNote, "index.kind", nullptr, [](Finder& f) { look_at_ties(f, true, f.kind()); }, true},
    {"duplicates", Severity::kWarning, "events.duplicates", "drop",
     [](Finder& f) {
       const std::uint64_t events = f.audit.ledger.duplicates;
       if (events != 0 && f.plan.order.duplicates == Duplicates::kKeep) f.add(Fields().count("events", events).done());
     }},
    {"rowsLeftOut", Severity::kNote, nullptr, nullptr,
     [](Finder& f) {
       const IssueSummary& left_out = *f.audit.attrition.left_out;
       if (left_out.total() != 0)
         f.add(Fields().count("rows", left_out.total()).put("byReason", issue_counts_json(left_out)).done());
     }},
    {"gapDecidesSign", Severity::kNote, nullptr, nullptr,
     [](Finder& f) {
       double lowest = 0, highest = 0, at_lowest = 0, at_highest = 0;
       for (const GapsAudit::Point& point : f.audit.gaps.curve) {
         const double difference = point.sessions.difference().value_or(0);
         if (difference < lowest) lowest = difference, at_lowest = point.gap_hours;
         if (difference > highest) highest = difference, at_highest = point.gap_hours;
       }
       if (lowest < 0 && highest > 0) {
         f.add(Fields()
                   .number("lowest", lowest)
                   .number("highest", highest)
                   .number("lowestGapHours", at_lowest)
                   .number("highestGapHours", at_highest)
                   .done());
       }
     },
     true},

    {"filterLooksPastTimeZero", Severity::kWarning, "index.kind", nullptr, look_at_filters, true},
    {"armDecidedInWindow", Severity::kWarning, "index.kind", nullptr,
     [](Finder& f) {
       if (!f.rule.window || f.plan.trial.draws_delays() || f.plan.trial.is_assigned() || f.rows() == 0) return;
       Json figures = Fields()
                          .count("treated", f.audit.attrition.end.arm[1])
                          .count("of", f.rows())
                          .number("windowMinutes", f.plan.trial.window.given)
                          .done();
       if (!f.rule.exposure) return f.add(std::move(figures), {f.exposure()});
       f.add(std::move(figures), {f.can_align() ? Json("align") : Json(), "index.gracePeriod"});
     }},
    {"donorsInOtherParts", Severity::kWarning, "split.kind", "hash",
     [](Finder& f) {
       const SplitKind split = f.plan.split.kind;
       const bool draws = f.rule.controls || f.plan.trial.draws_delays(),
                  by_user = split == SplitKind::kHash || split == SplitKind::kFolds;
       const std::uint64_t controls = f.audit.attrition.end.arm[0];
       if (!draws || !f.rule.time_zero || by_user || controls == 0) return;
       f.add(Fields().text("split", name_of(kSplitKinds, split)).count("controls", controls).done());
     }},

    {"imbalance", Severity::kNote, nullptr, nullptr, [](Finder& f) { look_at_balance(f, &BalanceRow::smd, kImbalanced); }},
    {"imbalanceAfterWeighting", Severity::kWarning, nullptr, nullptr,
     [](Finder& f) { look_at_balance(f, &BalanceRow::weighted_smd, std::max(kImbalanced, chance_of(f.audit))); }},
    {"poorOverlap", Severity::kWarning, nullptr, nullptr,
     [](Finder& f) {
       const std::optional<OverlapAudit>& overlap = f.audit.overlap;
       if (!f.rule.time_zero || !overlap || overlap->outside1().value_or(0) <= kPoorOverlap) return;
       f.add(Fields().number("outside1Percent", overlap->outside1()).number("auc", overlap->auc).done());
     }},

    {"neverInTrainX", Severity::kWarning, "vocabulary.fitOn", "trainX",
     [](Finder& f) {
       const VocabularyAudit& vocabulary = f.audit.vocabulary;
       if (vocabulary.never_in_train_x == 0) return;
       f.add(Fields().count("ids", vocabulary.never_in_train_x).number("share", vocabulary.never_in_train_x_share()).done());
     }},
    {"unknownItems", Severity::kNote, "vocabulary.minCount", nullptr,
     [](Finder& f) {
       for (std::size_t part = 0; part < kParts; ++part) {
         const VocabularyAudit::PartCounts& counts = f.audit.vocabulary.parts[part];
         if (f.audit.vocabulary.items_in_data == 0 || counts.unknown_share().value_or(0) <= kManyUnknown) continue;
         const double without =
             static_cast<double>(counts.unknown - counts.below_min_count) / static_cast<double>(counts.unknown + counts.known());
         f.add(Fields().text("part", kPartNames[part]).number("unknownShare", counts.unknown_share()).done(),
               {without <= kManyUnknown ? Json(1) : Json()});
       }
     }},
    {"usersInSeveralParts", Severity::kWarning, "split.kind", "hash",
     [](Finder& f) {
       if (const std::uint64_t users = f.audit.split.users_in_several_parts; users != 0)
         f.add(Fields().count("users", users).done());
     }},

    {"censoredRows", Severity::kWarning, "outcome.censored", "drop",
     [](Finder& f) {
       const std::uint64_t censored = f.audit.window.censored_rows, rows = f.audit.window.rows;
       if (censored == 0 || censored == rows) return;
       f.add(rows_and_share(censored, rows), {nullptr, nullptr, f.rule.time_zero ? Severity::kWarning : Severity::kNote});
     }},
    {"windowsOverlap", Severity::kNote, "index.windowEnds", "nextExposure",
     [](Finder& f) {
       const std::uint64_t hold = f.audit.window.holds_exposure.value_or(0), rows = f.audit.window.rows;
       if (hold == 0) return;
       const bool many = static_cast<double>(hold) > kManyOverlap * static_cast<double>(rows);
       f.add(Fields()
                 .count("windowHoldsExposure", hold)
                 .count("treatedAfterLaterExposure", f.audit.window.treated_after_exposure.value_or(0))
                 .count("rows", rows)
                 .done(),
             {nullptr, nullptr, many ? Severity::kError : Severity::kNote});
     }},
    {"coarseClock", Severity::kWarning, nullptr, nullptr,
     [](Finder& f) {
       const std::uint64_t at_once = f.audit.window.treated_at_once.value_or(0), treated = f.audit.attrition.end.arm[1];
       if (static_cast<double>(at_once) > kManyAtOnce * static_cast<double>(treated))
         f.add(Fields().count("treated", at_once).count("of", treated).done());
     }},
    {"earlierTreatment", Severity::kWarning, "index.washoutHours", nullptr,
     [](Finder& f) {
       const std::uint64_t after = f.audit.window.controls_after_treatment.value_or(0);
       if (after == 0) return;
       f.add(Fields().count("controls", after).count("of", f.audit.attrition.end.arm[0]).done(),
             {plain(f.plan.trial.horizon.given)});
     }},
    {"arrivedAfterTimeZero", Severity::kNote, nullptr, nullptr,
     [](Finder& f) {
       const auto [rows, events] = f.audit.late;
       const std::uint64_t of = f.audit.window.rows;
       if (rows == 0) return;
       const bool many = static_cast<double>(rows) > kManyLate * static_cast<double>(of);
       f.add_without_repair(Fields().count("rows", rows).count("of", of).share("share", rows, of).count("events", events).done(),
                            many ? Severity::kWarning : Severity::kNote);
     }},
    {"lengthRule", Severity::kWarning, "session.minEvents", nullptr,
     [](Finder& f) {
       if (!f.rule.time_zero) return;
       std::uint64_t removed = 0;
       for (const AttritionAudit::Step& step : f.audit.attrition.steps) {
         if (step.filter == Filter::kShortX || step.filter == Filter::kShortSession) removed += step.removed;
       }
       const std::uint64_t of = f.audit.window.rows + removed;
       if (static_cast<double>(removed) > kManyByLength * static_cast<double>(of))
         f.add(Fields().count("removed", removed).count("of", of).done(), {1});
     }},
    {"sessionsAtDataStart", Severity::kNote, nullptr, nullptr,
     [](Finder& f) {
       const WindowAudit& window = f.audit.window;
       if (window.begin_within_gap != 0)
         f.add(Fields().count("sessions", window.begin_within_gap).count("of", window.sessions).done());
     }},
};

}  // namespace

std::vector<Finding> find_problems(const Audit& audit, const Plan& plan) {
  Finder finder(audit, plan);
  for (const Row& row : kRows) finder.look_for(row);
  return finder.finish();
}

}  // namespace causal_sessions
