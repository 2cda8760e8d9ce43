// The answer beside the audit: the effect that a table shows once the arms are made alike in what is recorded, with what could
// overturn it; or, where it would mislead, which rule refuses to tell one.
//
// The figure is the overlap-weighted difference of risks with cross-fitted nuisances (nuisances.h, weighted_effect.h), its
// error clustered by user. It says nothing of what is not recorded: "adjusted" is not "causal".
//
// Needs:   a finished run with an audit.
// Units:   differences of risks: 0.05 is five points; ratios are of risks; values are in the unit of their column.
// Cost:    linear in rows; each of the models takes some iterations of rows x features^2.
// Errors:  none; what cannot be told is a refusal. With a refusal every figure is unset.
// Source:  the recipe was tried on 1,300 simulated sets; web/docs/time-zero.md says how far it holds.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/audit.h"
#include "core/notice.h"
#include "estimate/clustered_ratio.h"
#include "estimate/feature_balance.h"
#include "estimate/features.h"
#include "estimate/negative_control.h"
#include "estimate/nuisances.h"
#include "estimate/sensitivity.h"

namespace causal_sessions {

// Why no figure is told; the key of the plan that would mend it, or "" where only more data would.
struct EstimateRefusal {
  std::string_view code;
  std::string message;
  const char* key;
};

struct EffectEstimate {
  // A finding of the audit that puts the effect in doubt.
  struct Warning {
    const char* code;
    std::string title;
  };
  struct WithoutGroup {
    std::string group;
    double change;  // of the main figure
  };
  struct Week {
    std::int64_t monday_us;
    std::uint64_t rows;
    Effect effect;
  };
  // What the outcomes of a row are worth: differences of mean sums, in the unit of the column.
  struct Value {
    std::string column;
    std::optional<double> cap;
    std::uint64_t capped = 0;  // rows of the table with a larger sum
    Effect overlap, naive;     // overlap-weighted, and of the rows as they are
    ByArm<double> mean{};      // overlap-weighted
  };
  struct Figures {
    std::optional<Value> value;   // where the plan asks for it
    Effect overlap, treated;      // the main figure, and the effect on the treated
    std::optional<Effect> all;    // only where few propensities had to be moved
    Effect by_user;               // the main figure, every user counted once
    ByArm<double> risk{};         // overlap-weighted
    std::optional<Effect> ratio;  // of the two; unset where one is not positive
    double clipped_share = 0;     // of the rows, propensities outside of 0.01 .. 0.99
    ByArm<double> effective_rows{};
    std::vector<FeatureBalance> balance;
    std::vector<Week> weeks;  // that hold both arms and users enough, of several
    std::optional<Strength> e_value, robustness;
    std::vector<WithoutGroup> without;  // where a group of covariates is left out: of 20,000 rows at most, not cross-fitted
    NegativeControls negative_controls;
    std::vector<double> propensity;  // of each row, fitted or known: negative controls are asked by it too
  };
  // Of the rows the shares that are treated, where the propensity is known; by users as they vary.
  struct SampleRatio {
    double expected = 0, observed = 0, p_value = 1;
  };
  // What a table that was finished is taken as; table_estimate.h.
  struct Table {
    struct LeftOut {
      std::string column, reason;
    };
    // By the names of its columns; `user` is empty where each row is one, `propensity` where it is fitted.
    std::string treatment, outcome, user, propensity;
    std::vector<std::string> covariates;
    std::vector<LeftOut> left_out;
    std::vector<Notice> notices;
  };

  std::string estimand;           // in a sentence
  ControlName control;            // what rows with T = 0 are called
  std::uint64_t other_plans = 0;  // by which effects of the same events were estimated before
  std::vector<EstimateRefusal> refusals;
  std::vector<Warning> warnings;
  std::uint64_t rows = 0, censored_left_out = 0, users = 0, users_treated = 0;
  double effective_users = 0;
  ArmsWithInterval naive;  // of the rows that are analyzed
  std::uint32_t folds = 0;
  std::optional<Figures> figures;           // unset with a refusal
  std::optional<SampleRatio> sample_ratio;  // unset where the propensity is fitted
  std::optional<Table> table;               // of a table alone
};

inline constexpr std::size_t kMostGroups = 30;  // of covariates, to be left out in turn
inline constexpr double kMostClipped = 0.05;
inline constexpr double kLeastSampleRatioP = 0.001;

[[nodiscard]] EffectEstimate estimate_effect(const Run& run);

// Rows to be analyzed, wherever they come from: those of a user one after the other.
struct Analysis {
  std::vector<std::uint32_t> kept;  // positions in a run's table; empty of other rows
  TreatedRows rows;
  std::vector<std::int64_t> time_us;   // of each row's time zero; empty: not known
  std::function<Features()> features;  // of these rows; asked for where no rule refuses before
  EffectEstimate::Value value;         // what is known of the values that rows have
  const Workers* workers = nullptr;    // that the models are fitted on
  // By arm, what has to be as many as rows with the outcome: these may share it. `different`: what they are called, one and many.
  ByArm<std::uint64_t> different_outcomes{};
  const char *one_different = "", *different = "";
};

// Those whose follow-up the data hold; of a run with a time zero.
[[nodiscard]] Analysis analyzed(const Run& run);

// Fills in what the rows tell, after what refuses for other reasons.
void estimate_rows(const Analysis& analysis, EffectEstimate& estimate);

// The same bytes everywhere.
[[nodiscard]] std::string estimate_json(const EffectEstimate& estimate);
[[nodiscard]] Json balance_json(std::span<const FeatureBalance> features);

}  // namespace causal_sessions
