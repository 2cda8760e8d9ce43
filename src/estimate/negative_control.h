// Negative-control outcomes: what the treatment cannot have caused, put through the same estimator. A difference that is there
// all the same tells of something that drives treatment and outcomes and is in no covariate; that there is none proves nothing.
//
// Earlier  An outcome of the user before the session, among rows of users who had been exposed by then: every log holds it. The
//          covariates that tell of it are left out of the models.
// Types    The event types that the plan names, chosen before outcomes are seen: trial/control_outcomes.h.
// Null     With ten types or more, how far the estimator is off where nothing is to be found: mean and standard deviation of the
//          log risk ratio's error beyond chance, by maximum likelihood. The estimate's own log ratio less the mean, with both
//          variances, is the calibrated one. It takes the error to be the same where there is an effect, and mean and deviation
//          to be known.
//
// Cost:    three more cross-fitted models; with types one, and two for each of them.
// Threads: one a control.
// Errors:  none; of a control that too few rows have, a sentence says so.
// Source:  Lipsitch, Tchetgen Tchetgen and Cohen 2010 (negative controls); Schuemie et al. 2014 (the null), 2018 (the interval),
//          whose error model without positive controls this is.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "audit/statistics.h"
#include "estimate/clustered_ratio.h"
#include "estimate/nuisances.h"

namespace causal_sessions {

struct Run;

struct NegativeControl {
  std::string name;
  bool earlier = false;  // else one of the plan's event types
  Arms arms;
  std::optional<Effect> effect, ratio;  // overlap-weighted; unset where too little is there to tell
  std::string too_little;               // a sentence, in place of the effect

  // Whether the interval has no difference outside of it.
  [[nodiscard]] bool excludes_none() const;
};

// A normal distribution of logarithms.
struct EmpiricalNull {
  double mean = 0, deviation = 0;
};

struct NegativeControls {
  struct Calibration {
    std::size_t controls = 0;
    EmpiricalNull null;
    Effect ratio;
  };
  std::vector<NegativeControl> controls;
  std::string meaning;  // of what the controls show, in a sentence; empty where none can be told
  std::optional<Calibration> calibration;
  std::string not_calibrated;  // why, in a sentence

  // Those whose interval excludes no difference.
  [[nodiscard]] std::size_t excluding() const;
};

inline constexpr std::size_t kLeastControls = 10;  // for a null

// Of estimates with standard errors.
[[nodiscard]] EmpiricalNull fit_null(std::span<const double> estimates, std::span<const double> errors);

// `kept`: positions in the table of the rows that are analyzed; `rows`: what is known of each of them; `propensity`:
// the estimate's of each; `ratio`: the estimate's own.
[[nodiscard]] NegativeControls look_at_controls(const Run& run, std::span<const std::uint32_t> kept, const TreatedRows& rows,
                                                const std::vector<double>& propensity, const std::optional<Effect>& ratio);

}  // namespace causal_sessions
