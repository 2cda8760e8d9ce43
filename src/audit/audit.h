// The audit: evidence of what a run made of its events, and what stands in the way of a causal reading.
//
// It is made by two looks (auditor.h): at the ordered events before duplicates are dropped (ties, gaps, the ledger), and at the rows after the
// vocabulary (everything else; topics.h). What the figures mean stands in `findings`, worst first; see findings.h.
// audit_json.h writes it, the same bytes everywhere.
//
// Units:   rates are shares (0.25, not 25); what divides by nothing is unset. [2] is by arm, control first.
// Cost:    linear in events and rows; while it looks at the events, a second copy of them, 21 bytes each.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "audit/statistics.h"
#include "core/notice.h"
#include "formats/json/fields.h"
#include "run/run.h"
#include "trial/control_name.h"

namespace causal_sessions {

using Share = std::optional<double>;
template <class T>
using ByArm = std::array<T, 2>;

// Of the run, without the duplicates that it drops.
struct EventCounts {
  std::uint64_t events = 0, users = 0;
  std::vector<std::pair<std::string, std::uint64_t>> by_type;
};

// The rules that left rows out, of all sessions, also those that were dropped for being short before there were rows.
struct AttritionAudit {
  struct Step {
    Filter filter;
    bool looks_past;  // asks what came after the row's time zero, or is asked in one arm alone
    std::uint64_t removed;
    Attrition::Left before, after;
  };
  std::uint64_t read = 0, duplicates = 0, events = 0;
  const IssueSummary* left_out = nullptr;  // of the run
  Attrition::Left start, end;
  std::vector<Step> steps;  // that left out any
};

// Rows by T and Y: [T][Y].
struct Cells {
  std::uint64_t rows[2][2] = {};

  void add(bool treated, bool outcome) { ++rows[treated][outcome]; }
  [[nodiscard]] std::uint64_t arm(int treated) const { return rows[treated][0] + rows[treated][1]; }
  [[nodiscard]] std::uint64_t all() const { return arm(0) + arm(1); }
};

// Rows with something, among all rows.
struct CellsOf {
  Cells with, all;
};

// What an arrangement of arms inside the window can do to the difference.
struct ImmortalTime {
  std::uint64_t left_out = 0, untreated_window_outcomes = 0;
  Share naive_difference;
  std::optional<std::array<double, 2>> interval;
  std::optional<double> usual_delay_minutes;
};

// Outcomes of treated rows that stand before the treatment: the first one, or all.
struct OutcomeBeforeTreatment {
  std::uint64_t rows = 0, first = 0, all = 0;
};

// T and Y where they must not be.
struct LeakageAudit {
  CellsOf outcome_in_x, outcome_in_history, treatment_in_x, treatment_in_history, padding;  // "in x": one that counts
  ByArm<std::uint64_t> padding_tokens{};
  Share auc_length, auc_span, auc_last_event, auc_padding;  // of T
  ByArm<Share> auc_of_outcome;                              // of Y, from an outcome token
  OutcomeBeforeTreatment before;
  std::optional<ImmortalTime> immortal_time;  // where rows have a window that decides T
};

struct BalanceRow {
  std::string covariate;
  std::optional<double> control, treated, smd, weighted_smd;
};

// The propensity of a logistic model of the covariates.
struct OverlapAudit {
  static constexpr std::size_t kBins = 20;
  struct Arm {
    std::uint64_t rows = 0, outside1 = 0, outside5 = 0;  // of [0.01, 0.99] and [0.05, 0.95]
    std::optional<double> effective_sample_size;
    std::array<std::uint64_t, kBins> histogram{};
  };
  std::uint64_t fitted_rows = 0;  // 0: the propensity is known
  bool converged = false;
  Share auc;
  ByArm<Arm> arms;
  [[nodiscard]] Share outside1() const { return share_of(arms[0].outside1 + arms[1].outside1, arms[0].rows + arms[1].rows); }
  [[nodiscard]] Share outside5() const { return share_of(arms[0].outside5 + arms[1].outside5, arms[0].rows + arms[1].rows); }
};

// Rows by length of X, padding included: counts[i] have edges[i] or more and fewer than edges[i + 1].
struct LengthsAudit {
  std::vector<std::uint64_t> edges;
  ByArm<std::vector<std::uint64_t>> counts;
};

// How many sessions another order of equal times changes.
struct TieDifference {
  TieRule rule = TieRule::kNumpy;
  std::uint64_t changed = 0, treatment = 0, outcome = 0, cut = 0, order = 0;
};

struct TiesAudit {
  TieRule rule = TieRule::kNumpy;
  std::uint64_t tied = 0, events = 0, sessions = 0;
  std::vector<TieDifference> under;  // the other rules
};

// Durations by size: counts[i] lie in edges_seconds[i] .. edges_seconds[i + 1]. duration_histogram.h.
struct DurationCounts {
  std::uint64_t zero = 0, under_a_second = 0, over_30_days = 0;
  std::vector<double> edges_seconds;
  std::vector<std::uint64_t> counts;
};

struct GapsAudit {
  struct Point {
    double gap_hours;
    std::uint64_t created;
    Arms sessions;
  };
  DurationCounts histogram;
  std::vector<Point> curve;
};

// How long it takes from where a window or a follow-up may begin to the first event of a type, whatever the plan's window and
// horizon are, so that both can be chosen by it; topics.h says what begins one.
struct DelaysAudit {
  enum class From : std::uint8_t { kExposure, kLandmark, kTreatment };
  static constexpr std::array<std::uint64_t, 5> kPercents = {50, 80, 90, 95, 99};
  struct Waits {
    From from = From::kExposure;
    std::string type;                                  // of the events that are waited for
    std::uint64_t starts = 0, followed = 0;            // within 30 days
    std::array<std::optional<double>, 5> within = {};  // seconds in which so many percent of them are followed
    std::optional<double> limit_seconds;               // the plan's
    std::uint64_t beyond_limit = 0;                    // of the followed
    DurationCounts histogram;
  };
  std::optional<Waits> treatment, outcome;  // unset: nothing begins one
};
inline constexpr std::array<const char*, 3> kDelayFromNames = {"exposure", "landmark", "treatment"};

struct VocabularyAudit {
  struct PartCounts {
    std::uint64_t tokens = 0, without_item = 0, unknown = 0, below_min_count = 0, unknown_types = 0;
    [[nodiscard]] std::uint64_t known() const { return tokens - without_item - unknown; }
    [[nodiscard]] Share unknown_share() const { return share_of(unknown, tokens - without_item); }
  };
  std::uint64_t items_in_data = 0, items = 0, never_in_train_x = 0, below_min_count = 0;
  std::array<PartCounts, kParts> parts;
  [[nodiscard]] Share never_in_train_x_share() const { return share_of(never_in_train_x, items); }
};

// Rows by arm, and the interval of the difference of their outcome rates.
struct ArmsWithInterval {
  Arms arms;
  std::optional<std::array<double, 2>> interval95;
};

struct SplitAudit {
  struct PartRows : ArmsWithInterval {
    std::uint64_t users = 0;
    std::optional<std::int64_t> first_us, last_us;  // time zero, or a session's start
  };
  std::uint64_t users_in_several_parts = 0, purged = 0;
  ArmsWithInterval all;
  // Events that make Y = 1, each once, of all rows and of those of an arm; with a time zero.
  struct OutcomeEvents {
    std::uint64_t all = 0;
    ByArm<std::uint64_t> by_arm{};
  };
  std::optional<OutcomeEvents> outcome_events;
  std::array<PartRows, kParts> parts;
};

// What the begin and the end of the data cut, and how rows, treatments and exposures of a user lie to each other.
struct WindowAudit {
  std::uint64_t sessions = 0, begin_within_gap = 0, open_at_end = 0;
  std::uint64_t rows = 0, censored_rows = 0, censored_left_out = 0;
  double data_hours = 0;
  std::optional<double> follow_up_hours, longest_follow_up_hours;
  std::optional<std::uint64_t> holds_exposure, treated_after_exposure, treated_at_once, controls_after_treatment;
};

struct LedgerAudit {
  struct Step {
    const char* name;
    const char* key;  // of the plan; nullptr: none
    Json value;
    Arms arms = {};
    Share length_smd = {}, auc_length = {}, auc_padding = {}, outcome_in_x = {};
  };
  IndexKind end = IndexKind::kSession;
  std::uint64_t duplicates = 0;
  std::vector<Step> steps;
};

enum class Severity : std::uint8_t { kError, kWarning, kNote };
inline constexpr std::array<const char*, 3> kSeverityNames = {"error", "warning", "note"};

struct Finding {
  // The plan key and value that would mend it.
  struct Repair {
    const char* key;
    Json value;
  };
  const char* code;
  Severity severity;
  std::string title;
  std::string message;  // a sentence with the figures in it
  Json figures;         // by name
  std::string consequence;
  std::optional<Repair> repair;
  bool of_outcomes = false;  // it is found by the outcomes of rows or sessions
};

struct Audit {
  ControlName control;  // what rows with T = 0 are called
  std::string profile;
  IndexKind kind = IndexKind::kSession;
  std::vector<Finding> findings;  // worst first
  std::vector<Notice> notices;    // of the run
  EventCounts events;
  AttritionAudit attrition;
  LeakageAudit leakage;
  std::vector<BalanceRow> balance;
  std::optional<OverlapAudit> overlap;  // unset where the training part lacks an arm
  LengthsAudit lengths;
  TiesAudit ties;
  GapsAudit gaps;
  DelaysAudit delays;
  VocabularyAudit vocabulary;
  SplitAudit split;
  WindowAudit window;
  LateEvents late;
  LedgerAudit ledger;
};

}  // namespace causal_sessions
