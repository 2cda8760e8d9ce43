// What the models of the estimate see of a row: its covariates on scales that suit a linear predictor, each with mean 0 and
// variance 1 over the rows that are analyzed. Neither T nor Y is looked at.
//
// Amounts (counts, minutes) become log(1 + x), since their tails are long; the others are what they are; numbers of the input's
// columns are both, where none is negative and there are more than two. What does not vary is left out.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/workers.h"
#include "trial/covariates.h"

namespace causal_sessions {

struct Features {
  struct Column {
    std::string name;  // the covariate's, with what was made of it: "log span_minutes"
    std::string group;
  };
  std::vector<Column> columns;
  std::vector<double> values;  // rows x columns, row by row

  [[nodiscard]] std::size_t size() const { return columns.size(); }
  [[nodiscard]] const double* row(std::size_t r) const { return values.data() + r * columns.size(); }
  // Without the columns of a group.
  [[nodiscard]] Features without(std::string_view group) const;
};

// Puts columns on one scale, one after the other.
class FeatureMaker {
 public:
  // `values`: of all rows, finite.
  void add(std::string name, std::string_view group, std::vector<double> values);
  // Amounts, which are not below 0.
  void add_log(const std::string& name, std::string_view group, std::vector<double> values);
  // The columns of another one, behind its own.
  void add(FeatureMaker more);
  // Of so many rows.
  [[nodiscard]] Features done(std::size_t rows);

 private:
  std::vector<Features::Column> columns_;
  std::vector<std::vector<double>> made_;
};

// A covariate of a run, by its name.
void add_covariate(FeatureMaker& maker, const std::string& name, std::vector<double> values);

// `covariates`: values of all rows by name, row by row; `rows`: those that are analyzed. Threads: covariates, side by side.
[[nodiscard]] Features make_features(std::span<const std::string> names, std::span<const double> covariates,
                                     std::span<const std::uint32_t> rows, const Workers& workers = Workers());

}  // namespace causal_sessions
