#include "audit/findings.h"

#include <array>
#include <cmath>

#include "plan/choices.h"
#include "split/split.h"
#include "trial/rules.h"

namespace causal_sessions {
namespace {

enum Severity : std::uint8_t { kError, kWarning, kNote };
constexpr std::array<const char*, 3> kSeverityNames = {"error", "warning", "note"};

enum Code : std::uint8_t {
  kNoRows, kNoExposures, kLandmarkTooLate, kHorizonTooLong, kAllCensored, kNoOutcomes, kEmptyArm,
  kOutcomeInX, kTreatmentInX, kPaddingInOneArm, kLength, kSpan, kLastEvent, kPadding, kOutcomeBeforeTreatment,
  kTies, kTiesByRule, kNeverInTrainX, kDuplicates, kImmortalTime, kWindowsOverlap, kCoarseClock, kEarlierTreatment, kLengthRule, kArmByWindow, kDonors, kFilter, kImbalance, kImbalanceAfter,
  kOverlap, kUsersShared, kUnknownItems, kCensored, kLateStart, kGap, kRowIssues
};

// Without a key there is no repair; where a value is null here, the finding gives its own.
struct Text {
  const char* code;
  Severity severity;
  const char* consequence;
  const char* key = nullptr;
  const char* value = nullptr;
};

constexpr std::array kTexts = {
    Text{"noRows", kError, "No row is left, so there is nothing to learn from."},
    Text{"noExposures", kError, "No event has the type of the exposures, so no time zero exists and there are no rows.", "index.type"},
    Text{"landmarkAfterSessions", kError, "Every session is over when the landmark comes, so none has a row.", "index.minutes"},
    Text{"horizonLongerThanData", kError, "The follow-up is longer than the data, so no row's outcome was observed to its end.", "index.horizonHours"},
    Text{"allCensored", kError, "The end of the data cuts the follow-up of every row, so a missing outcome says nothing.", "index.horizonHours"},
    Text{"noOutcomes", kError, "No row of either arm has an outcome, so there is nothing that the treatment could have changed."},
    Text{"emptyArm", kError, "One arm has no rows here, so nothing can be compared.", "split.kind", "folds"},
    Text{"outcomeInX", kError, "X holds the event that Y is made of, so a model reads the answer instead of predicting it.", "index.kind"},
    Text{"treatmentInX", kError, "X holds the event that T is made of, so the arms can be told apart by construction.", "index.kind"},
    Text{"paddingInOneArm", kError, "Only one arm has padding tokens, so a model tells the arms apart by events that never happened.", "sequence.padding"},
    Text{"lengthTellsTreatment", kWarning, "The treatment itself cuts X, so the length of X tells the arm and adjusting for it adjusts for the treatment.", "index.kind"},
    Text{"spanTellsTreatment", kWarning, "The treatment itself cuts X, so the time that X spans tells the arm.", "index.kind"},
    Text{"lastEventTellsTreatment", kWarning, "X ends at the treatment in one arm alone, so its last event tells the arm.", "index.kind"},
    Text{"paddingTellsTreatment", kWarning, "The number of padding tokens tells the arm.", "sequence.padding"},
    Text{"outcomeBeforeTreatment", kWarning, "These outcomes happened before the treatment that they are counted for, and cannot be its effect.", "outcome.prior", "exclude"},
    Text{"tiesChangeSessions", kWarning, "The order of events at one instant, which the data do not tell, decides these sessions' rows.", "time.ties", "priority"},
    Text{"tiesDecidedByRule", kNote, "Events at one instant stand in the order of their types, and another order would change these sessions' rows; with a time zero only what shares the instant of an exposure depends on it.", "index.kind"},
    Text{"neverInTrainX", kWarning, "These ids never occur in X of the training part, so their embeddings stay as they were initialized, and the vocabulary tells of other parts.", "vocabulary.fitOn", "trainX"},
    Text{"duplicates", kWarning, "Events that were logged twice count twice in X and in every length.", "events.duplicates", "drop"},
    Text{"immortalTime", kNote, "Outcomes inside the treatment window decide who counts as treated; the interval is what any arrangement of the arms inside it can make of the naive difference, confounding apart."},
    Text{"windowsOverlap", kNote, "Windows hold the user's next exposure, so one treatment can count for several rows, and T says who stayed and saw more.", "index.windowEnds", "nextExposure"},
    Text{"coarseClock", kWarning, "These treatments have the instant of their exposure, so the tie rule alone says that they came after it; the clock may be too coarse."},
    Text{"earlierTreatment", kWarning, "These control rows lie within the follow-up of an earlier treatment of their user, so its effect counts for the wrong arm.", "index.washoutHours"},
    Text{"lengthRule", kWarning, "A rule of length leaves out exposures that are eligible, most of all the first of a session.", "session.minEvents"},
    Text{"armDecidedInWindow", kWarning, "Who is treated is decided after time zero, so whatever keeps a session going in the window leads to T, perhaps to Y too, and is not in X to adjust for.", "index.kind"},
    Text{"donorsInOtherParts", kWarning, "What was drawn for controls came from users of every part, so the training rows depend on validation and test.", "split.kind", "hash"},
    Text{"filterLooksPastTimeZero", kWarning, "This filter leaves out rows by what happened after their time zero, which selects on the treatment or the outcome."},
    Text{"imbalance", kNote, "The arms differed before time zero, so their naive difference is not an effect; adjust for the covariates."},
    Text{"imbalanceAfterWeighting", kWarning, "Weighting by a logistic propensity leaves the arms different, so a linear model of the covariates is not enough."},
    Text{"poorOverlap", kWarning, "For many rows one of the arms is all but impossible, so their effect would be extrapolated."},
    Text{"usersInSeveralParts", kWarning, "A model can recognize these users, so results on validation and test are too good.", "split.kind", "hash"},
    Text{"unknownItems", kNote, "Many items of this part are [UNK], so X says little of them.", "vocabulary.minCount"},
    Text{"censoredRows", kWarning, "The end of the data cuts these rows' follow-up, so their Y may be 0 only because nobody looked longer.", "outcome.censored", "drop"},
    Text{"sessionsAtDataStart", kNote, "These sessions may have begun before the data do, so their X lacks a beginning."},
    Text{"gapDecidesSign", kNote, "The naive difference changes its sign with the gap that ends a session, so it says more of that choice than of the treatment."},
    Text{"rowsLeftOut", kNote, "Rows of the input could not be used; should they be missing for a reason, the rest is selected by it."},
};
static_assert(kTexts.size() == kRowIssues + 1);

constexpr double kTelling = 0.1;      // |AUC - 0.5| from which a score is said to tell the arm
constexpr double kImbalanced = 0.1;   // |SMD|, Austin 2009
constexpr double kPoorOverlap = 0.05; // share of rows with a propensity outside [0.01, 0.99]
constexpr double kManyUnknown = 0.2;  // share of a part's items
constexpr double kMuchBias = 0.1;     // reach of the interval over naive difference
constexpr double kManyOverlap = 0.05; // share of rows whose window holds a later exposure
constexpr double kManyAtOnce = 0.01;  // share of the treated at the instant of their exposure
constexpr double kManyByLength = 0.01; // share of the rows that a rule of length leaves out

class Finder {
 public:
  Finder(const Json& audit, const Plan& plan) : audit_(audit), plan_(plan), timed_(rule_of(plan.trial.kind).time_zero) {}

  Json run() {
    look_for_rows();
    look_for_leakage();
    look_at_shape();
    look_at_events();
    look_at_filters();
    look_at_balance();
    look_at_parts();
    look_at_window();
    Json all = Json::array();
    for (Json& list : found_) {
      for (Json& finding : list) all.push_back(std::move(finding));
    }
    return all;
  }

 private:
  void add(Code code, Json figures, Json value = nullptr, std::optional<Severity> severity = {}, const char* key = nullptr) {
    const Text& text = kTexts[code];
    const Severity as = severity.value_or(text.severity);
    if (text.value != nullptr && value.is_null()) value = text.value;
    if (key == nullptr) key = text.key;
    Json repair;
    const bool known = !value.is_null() || code == kPaddingInOneArm || code == kPadding;  // there null is the value
    if (key != nullptr && known) repair = Fields().text("key", key).put("value", std::move(value)).done();
    found_[as].push_back(Fields()
                             .text("code", text.code)
                             .text("severity", kSeverityNames[as])
                             .put("figures", std::move(figures))
                             .text("consequence", text.consequence)
                             .put("repair", std::move(repair))
                             .done());
  }
  [[nodiscard]] static std::uint64_t whole(const Json& value) { return value.get<std::uint64_t>(); }
  [[nodiscard]] static double number(const Json& value, double otherwise = 0) {
    return value.is_number() ? value.get<double>() : otherwise;
  }

  // 24, not 24.0: as a person would type it.
  [[nodiscard]] static Json plain(double value) {
    return value == std::floor(value) ? Json(static_cast<std::int64_t>(value)) : Json(value);
  }

  // Whether the plan takes index.gracePeriod "align" as its other keys are.
  [[nodiscard]] bool can_align() const {
    return rule_of(plan_.trial.kind).exposure && plan_.trial.window_ends == WindowEnds::kNextExposure && plan_.trial.from == OutcomeFrom::kTimeZero;
  }
  // A type that could mark exposures.
  [[nodiscard]] Json other_type() const {
    Json type;
    std::uint64_t most = 0;
    for (const auto& [name, count] : audit_["events"]["byType"].items()) {
      if (name == plan_.trial.treatment || name == plan_.trial.outcome || whole(count) <= most) continue;
      most = whole(count);
      type = name;
    }
    return type;
  }
  // Half of what the longest follow-up leaves to it, so that some row has one.
  [[nodiscard]] Json shorter_horizon() const {
    const double window = plan_.trial.from == OutcomeFrom::kWindowEnd ? plan_.trial.window.given / 60 : 0;
    const double half = (number(audit_["window"]["longestFollowUpHours"]) - window) / 2;
    if (half >= 1) return static_cast<std::uint64_t>(half);
    const double rounded = std::floor(half * 1000) / 1000;
    return rounded > 0 ? Json(rounded) : Json();
  }
  [[nodiscard]] std::uint64_t events_of(const std::string& type) const {
    const Json& counts = audit_["events"]["byType"];
    return counts.contains(type) ? whole(counts[type]) : 0;
  }
  // The time zero that does not look ahead, where the data have what it needs; else null.
  [[nodiscard]] Json exposure() const {
    const std::string& type = plan_.trial.exposure;
    const bool any = type != plan_.trial.treatment && type != plan_.trial.outcome && events_of(type) != 0;
    return any ? Json("exposure") : Json();
  }

  void look_for_rows() {
    const Json& attrition = audit_["attrition"];
    const Json& window = audit_["window"];
    const std::uint64_t rows = whole(attrition["end"]["rows"]), censored = whole(window["censoredRows"]);
    if (rule_of(plan_.trial.kind).exposure && whole(attrition["start"]["rows"]) == 0) {
      add(kNoExposures, Fields().text("type", plan_.trial.exposure).put("events", attrition["events"]).done(), other_type());
    }
    look_for_landmarks(attrition["filters"]);
    if (rows == 0) add(kNoRows, Fields().put("events", attrition["events"]).put("candidates", attrition["start"]["rows"]).done());
    const double follow_up = number(window["followUpHours"]), data = number(window["dataHours"]);
    if (timed_ && follow_up > data) {
      add(kHorizonTooLong, Fields().number("followUpHours", follow_up).number("dataHours", data).done(), shorter_horizon());
    }
    const std::uint64_t left_out = whole(window["censoredLeftOut"]);
    if ((rows != 0 && censored == rows) || (rows == 0 && left_out != 0)) {
      add(kAllCensored, Fields().count("rows", rows + left_out).done(), timed_ ? shorter_horizon() : Json());
    }
    const Json& end = attrition["end"];
    if (rows != 0 && whole(end["controlOutcomes"]) + whole(end["treatedOutcomes"]) == 0) {
      add(kNoOutcomes, Fields().count("rows", rows).text("type", plan_.trial.outcome).count("events", events_of(plan_.trial.outcome)).done());
    }
    const bool empty = rows != 0 && look_at_arms(nullptr, end);
    if (empty || rows == 0) return;
    const double shares[] = {plan_.split.train, plan_.split.validation, plan_.split.test};
    for (std::size_t part = 0; part < kParts; ++part) {
      const bool wanted = plan_.split.kind == SplitKind::kFolds ? part == 0 : shares[part] > 0;
      if (wanted) look_at_arms(kPartNames[part], audit_["split"]["parts"][kPartNames[part]]);
    }
  }
  // No later than a gap after its start a session cannot be over.
  void look_for_landmarks(const Json& filters) {
    for (const Json& filter : filters) {
      if (filter["filter"] != "sessionOver" || whole(filter["after"]["rows"]) != 0) continue;
      add(kLandmarkTooLate, Fields().number("minutes", plan_.trial.landmark.given).put("sessions", filter["before"]["sessions"]).done(),
          static_cast<std::uint64_t>(plan_.session.max_gap.given * 60));
    }
  }
  bool look_at_arms(const char* part, const Json& arms) {
    const std::uint64_t control = whole(arms["control"]), treated = whole(arms["treated"]);
    if (control != 0 && treated != 0) return false;
    Json figures = Fields().put("part", part == nullptr ? Json() : Json(part)).count("control", control).count("treated", treated).done();
    add(kEmptyArm, std::move(figures));
    if (part == nullptr) found_[kError].back()["repair"] = nullptr;  // no split mends it
    return true;
  }

  // The time zero that the ledger ends with.
  [[nodiscard]] Json kind() const { return timed_ ? Json() : audit_["ledger"]["indexKind"]; }

  void look_for_leakage() {
    const Json& leakage = audit_["leakage"];
    const auto token = [&](Code code, const Json& with) {
      if (whole(with["rows"]) != 0) add(code, with, kind());
    };
    token(kOutcomeInX, leakage["outcomeInX"]);
    token(kTreatmentInX, leakage["treatmentInX"]);
    const Json& padded = leakage["padding"]["rows"];
    const std::uint64_t control = whole(padded["control"]["rows"]), treated = whole(padded["treated"]["rows"]);
    if ((control == 0) != (treated == 0)) {
      add(kPaddingInOneArm, Fields().put("control", padded["control"]).put("treated", padded["treated"]).done());
    }
    const Json& before = leakage["outcomeBeforeTreatment"];
    if (whole(before["first"]) != 0) add(kOutcomeBeforeTreatment, before);
    const Json& immortal = leakage["immortalTime"];
    if (!immortal.is_object()) return;
    const Json& interval = immortal["interval"];
    if (!interval.is_array() || whole(immortal["leftOut"]) + whole(immortal["untreatedWindowOutcomes"]) == 0) return;
    const double naive = number(immortal["naiveDifference"]);
    const double reach = std::max(naive - number(interval[0]), number(interval[1]) - naive);
    const Severity severity = reach > kMuchBias * std::abs(naive) ? kWarning : kNote;
    const double usual = std::ceil(number(immortal["usualDelayMinutes"]) * 1000) / 1000;
    if (can_align()) {
      add(kImmortalTime, immortal, "align", severity, "index.gracePeriod");
    } else if (usual > 0 && usual < plan_.trial.window.given) {
      add(kImmortalTime, immortal, plain(usual), severity, "index.windowMinutes");
    } else {  // measured on landmarks: a shorter window leaves the interval as wide
      add(kImmortalTime, immortal, nullptr, severity);
    }
  }

  // With a time zero these are differences between the arms, which the balance shows; without one, traces of T.
  void look_at_shape() {
    if (timed_) return;
    const Json& auc = audit_["leakage"]["aucOfTreatment"];
    const auto score = [&](Code code, const char* key, double telling) {
      if (std::abs(number(auc[key], 0.5) - 0.5) < telling) return;
      add(code, Fields().put("auc", auc[key]).done(), code == kPadding ? Json() : kind());
    };
    score(kLength, "length", kTelling);
    score(kSpan, "span", kTelling);
    score(kLastEvent, "lastEvent", kTelling);
    score(kPadding, "padding", kTelling);
  }

  void look_at_events() {
    const Json& ties = audit_["ties"];
    std::uint64_t most = 0;
    const Json* worst = nullptr;
    for (const Json& other : ties["under"]) {
      if (whole(other["changed"]) <= most) continue;
      most = whole(other["changed"]);
      worst = &other;
    }
    if (worst != nullptr) {
      Json figures = *worst;
      figures["sessions"] = ties["sessions"];
      const bool declared = plan_.order.ties == TieRule::kPriority;
      add(declared ? kTiesByRule : kTies, std::move(figures), declared ? kind() : Json());
    }
    const std::uint64_t duplicates = whole(audit_["ledger"]["duplicates"]);
    if (duplicates != 0 && plan_.order.duplicates == Duplicates::kKeep) add(kDuplicates, Fields().count("events", duplicates).done());
    const Json& attrition = audit_["attrition"];
    if (whole(attrition["leftOut"]) != 0) {
      add(kRowIssues, Fields().put("rows", attrition["leftOut"]).put("byReason", attrition["leftOutByReason"]).done());
    }
    double lowest = 0, highest = 0;
    for (const Json& point : audit_["gaps"]["curve"]) {
      lowest = std::min(lowest, number(point["naiveDifference"]));
      highest = std::max(highest, number(point["naiveDifference"]));
    }
    if (lowest < 0 && highest > 0) add(kGap, Fields().number("lowest", lowest).number("highest", highest).done());
  }

  void look_at_filters() {
    for (const Json& filter : audit_["attrition"]["filters"]) {
      if (!filter["looksPastTimeZero"].get<bool>()) continue;
      const std::string name = filter["filter"];
      Json figures = Fields().text("filter", name).put("removed", filter["removed"]).put("of", filter["before"]["rows"]).done();
      const bool by_length = name == "shortSession" || name == "shortX";
      const Json value = name == "shortSession" ? Json("x") : kind();
      add(kFilter, std::move(figures), value, by_length ? kWarning : kNote,
          name == "shortSession" ? "session.minEventsOf" : "index.kind");
    }
    const Json& rows = audit_["attrition"]["end"];
    const bool excludes = rule_of(plan_.trial.kind).exposure;  // outcomes before the treatment, unless delays are drawn
    if (rule_of(plan_.trial.kind).window && !plan_.trial.draws_delays() && whole(rows["rows"]) != 0) {
      add(kArmByWindow, Fields().put("treated", rows["treated"]).put("of", rows["rows"]).number("windowMinutes", plan_.trial.window.given).done(),
          excludes && can_align() ? Json("align") : excludes ? Json() : exposure(), {}, excludes ? "index.gracePeriod" : nullptr);
    }
    const bool draws = rule_of(plan_.trial.kind).controls || plan_.trial.draws_delays();
    const bool by_user = plan_.split.kind == SplitKind::kHash || plan_.split.kind == SplitKind::kFolds;
    if (draws && timed_ && !by_user && whole(rows["control"]) != 0) {
      add(kDonors, Fields().text("split", std::string(name_of(kSplitKinds, plan_.split.kind))).put("controls", rows["control"]).done());
    }
  }

  // Without a time zero the covariates are cut by the treatment too, and tell nothing of how the arms differed before it.
  void look_at_balance() {
    if (!timed_) return;
    const auto look = [&](const char* key, Code code) {
      std::uint64_t over = 0;
      double largest = 0;
      std::string name;
      for (const Json& entry : audit_["balance"]) {
        const double size = std::abs(number(entry[key]));
        over += size > kImbalanced;
        if (size <= largest) continue;
        largest = size;
        name = entry["covariate"];
      }
      if (over != 0) add(code, Fields().count("covariates", over).number("largest", largest).text("covariate", name).done());
    };
    look("smd", kImbalance);
    look("weightedSmd", kImbalanceAfter);
    const Json& overlap = audit_["overlap"];
    if (!overlap.is_object() || number(overlap["outside1Percent"]) <= kPoorOverlap) return;
    add(kOverlap, Fields().put("outside1Percent", overlap["outside1Percent"]).put("auc", overlap["auc"]).done());
  }

  void look_at_parts() {
    const Json& vocabulary = audit_["vocabulary"];
    if (whole(vocabulary["neverInTrainX"]) != 0) {
      add(kNeverInTrainX, Fields().put("ids", vocabulary["neverInTrainX"]).put("share", vocabulary["neverInTrainXShare"]).done());
    }
    for (const auto& [part, counts] : vocabulary["parts"].items()) {
      if (whole(vocabulary["itemsInData"]) == 0 || number(counts["unknownShare"]) <= kManyUnknown) continue;
      const std::uint64_t unknown = whole(counts["unknown"]), rare = whole(counts["belowMinCount"]);
      const double without = static_cast<double>(unknown - rare) / static_cast<double>(unknown + whole(counts["known"]));
      add(kUnknownItems, Fields().text("part", part).put("unknownShare", counts["unknownShare"]).done(),
          without <= kManyUnknown ? Json(1) : Json());
    }
    const Json& shared = audit_["split"]["usersInSeveralParts"];
    if (whole(shared) != 0) add(kUsersShared, Fields().put("users", shared).done());
  }

  void look_at_window() {
    const Json& window = audit_["window"];
    const std::uint64_t censored = whole(window["censoredRows"]), rows = whole(window["rows"]);
    if (censored != 0 && censored < rows) {
      add(kCensored, Fields().count("rows", censored).share("share", censored, rows).done(), nullptr, timed_ ? kWarning : kNote);
    }
    look_at_windows(window, rows);
    const Json& begun = window["beginWithinGapOfFirstEvent"];
    if (whole(begun) != 0) add(kLateStart, Fields().put("sessions", begun).put("of", window["sessions"]).done());
  }

  // How rows, treatments and exposures of one user lie to each other.
  void look_at_windows(const Json& window, std::uint64_t rows) {
    const auto count = [&](const char* key) { return window[key].is_number() ? whole(window[key]) : 0; };
    const std::uint64_t treated = whole(audit_["attrition"]["end"]["treated"]), control = whole(audit_["attrition"]["end"]["control"]);
    if (const std::uint64_t hold = count("windowHoldsExposure"); hold != 0) {
      add(kWindowsOverlap,
          Fields().count("windowHoldsExposure", hold).count("treatedAfterLaterExposure", count("treatedAfterLaterExposure")).count("rows", rows).done(),
          nullptr, static_cast<double>(hold) > kManyOverlap * static_cast<double>(rows) ? kError : kNote);
    }
    if (const std::uint64_t at_once = count("treatedAtExposureInstant"); static_cast<double>(at_once) > kManyAtOnce * static_cast<double>(treated)) {
      add(kCoarseClock, Fields().count("treated", at_once).count("of", treated).done());
    }
    if (const std::uint64_t after = count("controlsAfterTreatment"); after != 0) {
      add(kEarlierTreatment, Fields().count("controls", after).count("of", control).done(), plain(plan_.trial.horizon.given));
    }
    if (!timed_) return;
    std::uint64_t removed = 0;
    for (const Json& filter : audit_["attrition"]["filters"]) {
      if (filter["filter"] == "shortX" || filter["filter"] == "shortSession") removed += whole(filter["removed"]);
    }
    if (static_cast<double>(removed) > kManyByLength * static_cast<double>(rows + removed)) {
      add(kLengthRule, Fields().count("removed", removed).count("of", rows + removed).done(), 1);
    }
  }

  const Json& audit_;
  const Plan& plan_;
  const bool timed_;
  std::array<Json, 3> found_ = {Json::array(), Json::array(), Json::array()};
};

}  // namespace

Json find_problems(const Json& audit, const Plan& plan) { return Finder(audit, plan).run(); }

}  // namespace causal_sessions
