// The plan: everything a run depends on besides the input, as one JSON object. It is made of the options of the stages.
//
// keys.h has its keys, one row each; profiles.cpp the defaults; check_plan.cpp what no key can say alone. Every key is
// optional. Unknown keys and wrong values are refused by name, with what is allowed, so that a typing error never runs as
// something else.
//
// Errors:  kBadPlan; where.column is the key, as in "session.gapHours".
// Source:  the notebook's configuration cell for the defaults of the profile "notebook".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "core/result.h"
#include "ingest/reading_options.h"
#include "session/order.h"
#include "session/sessionize.h"
#include "split/split.h"
#include "trial/column_covariates.h"
#include "trial/trials.h"
#include "vocab/vocabulary.h"
#include "write/write_options.h"

namespace causal_sessions {

struct Plan {
  std::string profile = "notebook";
  ReadingOptions reading;
  OrderOptions order;
  SessionOptions session;
  TrialOptions trial;
  SequenceOptions sequence;
  ColumnCovariateOptions covariates;
  VocabularyOptions vocabulary;
  SplitOptions split;
  WriteOptions write;
};

// Reads a plan from JSON text; empty text is the default plan.
[[nodiscard]] Result<Plan> read_plan(std::string_view json_text);

// The defaults of a profile; nothing for a name that is none.
[[nodiscard]] std::optional<Plan> default_plan(std::string_view profile);

// The whole plan as JSON, defaults included, indented by two spaces; read_plan() of it gives the same plan.
[[nodiscard]] std::string write_plan(const Plan& plan);
[[nodiscard]] nlohmann::ordered_json plan_json(const Plan& plan);

// How sessions are made. Short ones are dropped here only where their length is asked of the whole session and no delays are
// drawn: where they are, exposures of short sessions tell of delays like all others, and Filter::kShortSession leaves out
// their rows.
[[nodiscard]] SessionOptions session_options(const Plan& plan);

// What trials are made by: the options of all stages that decide a row, the ids of the event types in `types`, and the end of
// the observation.
[[nodiscard]] TrialSetup trial_setup(const Plan& plan, const std::vector<std::string>& types, std::int64_t data_end_us);

// How long after time zero a row's follow-up lasts, which a split by time keeps out of the next part; 0 without a time zero.
[[nodiscard]] std::int64_t purged_us(const Plan& plan);

}  // namespace causal_sessions
