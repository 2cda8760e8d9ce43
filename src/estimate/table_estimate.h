// The estimate of a table that is finished: columns of T, Y, the user and numbers that were known before T, whoever made them. The
// estimator is that of a run (estimate.h); what a run's audit proves of its rows nobody can prove of these, and a notice says so.
//
// Numbers    are taken as they are; where none is negative and there are more than two values, log(1 + x) stands beside them.
// Texts      become an indicator for each value but the most frequent one; the values of fewer than 20 rows share one. With more
//            than 20 values a column is left out, or refused where it is asked for by name.
// Missing    ones count as the mean of the others, with an indicator.
// Covariates that a run wrote are told by their names and become the features that they are for the run itself; what names a row of
//            theirs is no covariate, and rows whose follow-up is cut are left out; a propensity that it knew is known here too. So the
//            estimate is the run's.
//
// Errors:  those of PlainTable; kMissingColumn; kBadPlan for a column that is asked for as two things; kBadRows for a covariate that
//          is neither of numbers nor of texts, that is T or Y under another name, and for a row of a run that is there twice;
//          kTooLarge for too many covariates. What may be wrong is a notice.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "estimate/estimate.h"
#include "ingest/plain_table.h"
#include "plan/plan.h"

namespace causal_sessions {

struct TableRoles {
  std::string treatment = "treatment", outcome = "outcome";
  std::string user;                     // empty: user_id, if there is one
  std::string propensity;               // where it is known, as in an experiment; empty: it is fitted
  std::vector<std::string> covariates;  // empty: all other columns
};

// By an option of the command, without "--"; `covariates` are separated by commas. Others are passed over.
void set_role(TableRoles& roles, std::string_view option, std::string_view columns);

// Refuses a plan that says more than a table has use for: input, and the seed of the folds. kBadPlan.
[[nodiscard]] Status check_table_plan(const Plan& plan);

class TableEstimator {
 public:
  // Of a plan that check_table_plan() accepts.
  TableEstimator(TableRoles roles, const Plan& plan);
  TableEstimator(const TableEstimator&) = delete;  // the table asks for its roles
  TableEstimator& operator=(const TableEstimator&) = delete;

  // To be filled first.
  [[nodiscard]] PlainTable& table() { return table_; }
  [[nodiscard]] Result<EffectEstimate> estimate() const;

 private:
  const TableRoles roles_;
  const std::uint32_t seed_;
  PlainTable table_;
};

}  // namespace causal_sessions
