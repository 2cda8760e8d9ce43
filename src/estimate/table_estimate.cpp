#include "estimate/table_estimate.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <string_view>
#include <utility>

#include "core/wording.h"
#include "ingest/build/row_issues.h"
#include "ingest/schema.h"
#include "split/split.h"

namespace causal_sessions {
namespace {

constexpr std::string_view kRunUser = "user_id", kRunIndex = "index", kRunTime = "time_zero_us", kRunCensored = "censored",
                           kRunFold = "fold", kRunPropensity = "propensity", kRunValue = "outcome_value";
// What names a row of a run's table of covariates, or tells of it later: write/tables/covariates.cpp.
constexpr std::array kRunKeys = {kRunIndex,
                                 std::string_view("session_id"),
                                 kRunUser,
                                 std::string_view("cluster"),
                                 std::string_view("trial"),
                                 kRunTime,
                                 kRunCensored,
                                 kRunFold,
                                 kRunPropensity,
                                 kRunValue};
constexpr std::uint32_t kFoldsOfTable = 5;
constexpr std::size_t kMostCovariates = 300, kLeastRowsOfText = 20;

using Table = EffectEstimate::Table;

bool is_run_key(std::string_view name) { return std::find(kRunKeys.begin(), kRunKeys.end(), name) != kRunKeys.end(); }

bool holds(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string user_column(const TableRoles& roles) { return roles.user.empty() ? std::string(kRunUser) : roles.user; }

PlainKind kind_of(const TableRoles& roles, std::string_view name) {
  if (name == roles.treatment || name == roles.outcome) return PlainKind::kFlag;
  if (name == user_column(roles)) return PlainKind::kId;
  if (name == roles.propensity) return PlainKind::kShare;
  if (roles.covariates.empty() || is_run_key(name) || holds(roles.covariates, name)) return PlainKind::kValue;
  return PlainKind::kUnread;
}

std::string named(std::string_view column) { return filled("\"{}\"", {visible(column)}); }

Error bad_covariate(const std::string& column, std::string message) {
  return {ErrorCode::kBadRows, filled("column {}: {}", {named(column), std::move(message)}), {{}, {}, {}, column}};
}

ReadingOptions reading_of(const Plan& plan) {
  ReadingOptions options;
  options.input = plan.reading.input;
  options.input.header = CsvHeader::kYes;
  return options;
}

// What it is for who reads the words of the command.
Status check_roles(const TableRoles& roles, const PlainTable& table) {
  std::vector<std::pair<std::string, std::string>> wanted = {{roles.treatment, "--treatment"}, {roles.outcome, "--outcome"}};
  if (!roles.user.empty()) wanted.emplace_back(roles.user, "--user");
  if (!roles.propensity.empty()) wanted.emplace_back(roles.propensity, "--propensity");
  for (const std::string& covariate : roles.covariates) wanted.emplace_back(covariate, "--covariates");
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto& [column, option] = wanted[i];
    for (std::size_t j = 0; j < i; ++j) {
      if (wanted[j].first != column) continue;
      return Error{ErrorCode::kBadPlan,
                   filled("{} and {} both name column {}; a column is one thing", {wanted[j].second, option, named(column)}),
                   {{}, {}, {}, column}};
    }
    if (holds(table.without_text(), column)) return bad_covariate(column, "it holds no numbers and no texts; name another one");
    if (table.find(column) == nullptr) {
      return Error{ErrorCode::kMissingColumn,
                   filled("the table has no column {}; it has {}. Name the one that is meant with {}",
                          {named(column), listed_names(table.names()), option}),
                   {{}, {}, {}, column}};
    }
  }
  return {};
}

// A covariate that the estimate has use for.
struct TableCovariate {
  const PlainColumn* column;
  bool texts = false;
};

class TableAnalysis {
 public:
  TableAnalysis(const TableRoles& roles, const PlainTable& table, std::uint32_t seed)
      : roles_(roles), table_(table), seed_(seed), treatment_(table.find(roles.treatment)), outcome_(table.find(roles.outcome)),
        user_(table.find(user_column(roles))) {
    const auto there = [&table](std::string_view name) { return table.find(name) != nullptr; };
    of_run_ = there("session_id") && there(kRunTime) && there(kRunCensored);
    propensity_ = !roles.propensity.empty()          ? roles.propensity
                  : of_run_ && there(kRunPropensity) ? std::string(kRunPropensity)
                                                     : std::string();
  }

  [[nodiscard]] Status make(EffectEstimate& estimate) {
    told_.treatment = roles_.treatment;
    told_.outcome = roles_.outcome;
    told_.propensity = propensity_;
    if (user_ != nullptr) told_.user = user_->name;
    if (Status status = order_rows(); !status.ok()) return status;
    estimate.censored_left_out = table_.rows() - order_.size();
    if (Status status = choose_covariates(); !status.ok()) return status;
    if (Status status = place_rows(); !status.ok()) return status;
    estimate.estimand = filled("The effect of {} being 1, against 0, on {} being 1, averaged over the rows of the table.",
                               {filled("“{}”", {visible(roles_.treatment)}), filled("“{}”", {visible(roles_.outcome)})});
    add_notices();
    analysis_.features = [this] { return features(); };
    analysis_.workers = &workers_;
    refuse_one_value(estimate);
    estimate_rows(analysis_, estimate);
    if (estimate.figures)
      estimate.figures->negative_controls.not_calibrated = "A finished table has no events, so none can be asked for here.";
    estimate.table = std::move(told_);
    return {};
  }

 private:
  [[nodiscard]] double number(std::string_view column, std::uint32_t row) const { return table_.find(column)->numbers[row]; }

  // Those of a user one after the other, of a run's parts in the run's order.
  [[nodiscard]] Status order_rows() {
    const PlainColumn* const censored = of_run_ ? table_.find(kRunCensored) : nullptr;
    for (std::uint32_t row = 0; row < table_.rows(); ++row) {
      if (censored == nullptr || censored->numbers[row] == 0) order_.push_back(row);
    }
    const PlainColumn* const index = of_run_ ? table_.find(kRunIndex) : nullptr;
    if (index != nullptr) {
      const auto place = [index](std::uint32_t row) { return index->numbers[row]; };
      std::stable_sort(order_.begin(), order_.end(), [&](auto one, auto other) { return place(one) < place(other); });
      const auto twice =
          std::adjacent_find(order_.begin(), order_.end(), [&](auto one, auto other) { return place(one) == place(other); });
      if (twice != order_.end())
        return bad_covariate(index->name, filled("row {} of the run is there twice; give each part once, in one format",
                                                 {count_text(static_cast<std::uint64_t>(place(*twice)))}));
    }
    if (user_ == nullptr) return {};
    std::vector<std::uint32_t> rank(user_->texts.size(), StringPool::kNone);
    std::uint32_t next = 0;
    for (const std::uint32_t row : order_) {
      std::uint32_t& own = rank[user_->codes[row]];
      if (own == StringPool::kNone) own = next++;
    }
    std::stable_sort(order_.begin(), order_.end(),
                     [&](auto one, auto other) { return rank[user_->codes[one]] < rank[user_->codes[other]]; });
    return {};
  }

  [[nodiscard]] Status choose_covariates() {
    for (const std::string& name : table_.without_text()) leave_out(name, "it holds no numbers and no texts");
    for (const PlainColumn& column : table_.columns()) {
      if (column.kind != PlainKind::kValue) continue;
      const bool asked = holds(roles_.covariates, column.name);
      if (!asked && (of_run_ || !roles_.covariates.empty()) && is_run_key(column.name)) continue;
      if (Status status = choose(column, asked); !status.ok()) return status;
    }
    if (covariates_.size() > kMostCovariates) {
      return Error{
          ErrorCode::kTooLarge,
          filled("the table has {} covariates; an estimate takes {} at most. Name those that are meant with --covariates",
                 {count_text(covariates_.size()), count_text(kMostCovariates)}),
          {}};
    }
    return {};
  }

  [[nodiscard]] Status choose(const PlainColumn& column, bool asked) {
    const bool texts = column.text_rows > column.number_rows;
    if (!texts && column.text_rows != 0) {
      Error error = bad_covariate(column.name, "");
      error.message = filled(
          "{}: {} is no number, as others of the column are; name such texts in input.nulls where they stand for "
          "a missing value, or leave the column out of --covariates",
          {column.first_text->place, column.first_text->text});
      return error;
    }
    if (texts && column.too_many_texts()) {
      const std::string rule = filled("it has more than {} different texts", {count_text(PlainColumn::kMostTexts)});
      if (asked) return bad_covariate(column.name, rule + ", which are no categories; leave it out of --covariates");
      leave_out(column.name, rule);
      return {};
    }
    if (is_constant(column, texts)) {
      leave_out(column.name, "it is the same in all rows");
      return {};
    }
    if (!texts) {
      for (const PlainColumn* label : {treatment_, outcome_}) {
        if (!is_same(column, *label)) continue;
        return bad_covariate(column.name, filled("it is {} under another name; name the covariates with --covariates, without it",
                                                 {named(label->name)}));
      }
    }
    covariates_.push_back({&column, texts});
    told_.covariates.push_back(column.name);
    return {};
  }

  [[nodiscard]] bool is_constant(const PlainColumn& column, bool texts) const {
    const auto differs = [&](std::uint32_t row) {
      if (texts) return column.codes[row] != column.codes[order_[0]];
      const double value = column.numbers[row], first = column.numbers[order_[0]];
      return std::isnan(value) != std::isnan(first) || (!std::isnan(value) && value != first);
    };
    return std::none_of(order_.begin(), order_.end(), differs);
  }

  // Or its opposite.
  [[nodiscard]] bool is_same(const PlainColumn& column, const PlainColumn& label) const {
    const auto all = [&](double whole) {
      return std::all_of(order_.begin(), order_.end(), [&](std::uint32_t row) {
        return column.numbers[row] == (whole == 0 ? label.numbers[row] : whole - label.numbers[row]);
      });
    };
    return all(0) || all(1);
  }

  void leave_out(const std::string& column, std::string reason) { told_.left_out.push_back({column, std::move(reason)}); }

  [[nodiscard]] Status place_rows() {
    const PlainColumn* const fold = of_run_ ? table_.find(kRunFold) : nullptr;
    const PlainColumn* const worth = of_run_ ? table_.find(kRunValue) : nullptr;
    analysis_.value.column = kRunValue;
    TreatedRows& rows = analysis_.rows;
    rows.folds = fold == nullptr ? kFoldsOfTable : 0;
    for (const std::uint32_t row : order_) {
      const std::uint32_t user = user_ == nullptr ? row : user_->codes[row];
      const bool same = !rows.user.empty() && rows.user.back() == user;
      if (fold != nullptr) {
        const double value = fold->numbers[row];
        if (!(value >= 0) || value >= 1000 || value != std::floor(value))
          return bad_covariate(fold->name, "it holds what is no number of a fold; leave the column out of the table");
        rows.fold.push_back(static_cast<std::uint16_t>(value));
        rows.folds = std::max<std::uint32_t>(rows.folds, rows.fold.back() + 1u);
      } else if (same) {
        rows.fold.push_back(rows.fold.back());
      } else {
        const std::string number = std::to_string(row);
        rows.fold.push_back(fold_by_hash(user_ == nullptr ? std::string_view(number) : user_->texts[user], seed_, kFoldsOfTable));
      }
      const auto arm = static_cast<std::uint8_t>(treatment_->numbers[row]);
      const bool outcome = outcome_->numbers[row] == 1;
      if (!same) users_with_outcome_ = {};
      if (outcome && !std::exchange(users_with_outcome_[arm], true)) ++analysis_.different_outcomes[arm];
      rows.user.push_back(user);
      rows.treatment.push_back(arm);
      rows.outcome.push_back(outcome);
      if (!propensity_.empty()) {
        const double share = number(propensity_, row);
        if (!(share > 0 && share < 1))
          return bad_covariate(propensity_, "a probability of treatment is a number above 0 and below 1, which a row lacks");
        rows.propensity.push_back(share);
      }
      if (worth != nullptr) {
        rows.value.push_back(worth->numbers[row]);
        if (std::isnan(rows.value.back()))
          return bad_covariate(worth->name, "a row has no number in it, as every row of a run has");
      }
      if (of_run_) analysis_.time_us.push_back(static_cast<std::int64_t>(number_or_zero(kRunTime, row)));
    }
    analysis_.one_different = "user";
    analysis_.different = "different users";
    return {};
  }

  [[nodiscard]] double number_or_zero(std::string_view column, std::uint32_t row) const {
    const double value = number(column, row);
    return std::isnan(value) ? 0 : value;
  }

  [[nodiscard]] Features features() const {
    FeatureMaker maker;
    for (const TableCovariate& covariate : covariates_) {
      if (covariate.texts) add_texts(maker, *covariate.column);
      else add_numbers(maker, *covariate.column);
    }
    return maker.done(order_.size());
  }

  void add_numbers(FeatureMaker& maker, const PlainColumn& column) const {
    std::vector<double> values, missing;
    double sum = 0, least = 0, greatest = 0;
    std::size_t known = 0, two = 0;  // `two`: rows at one of the ends
    for (const std::uint32_t row : order_) {
      const double value = column.numbers[row];
      values.push_back(value);
      missing.push_back(std::isnan(value));
      if (std::isnan(value)) continue;
      least = known == 0 ? value : std::min(least, value);
      greatest = known == 0 ? value : std::max(greatest, value);
      sum += value;
      ++known;
    }
    for (double& value : values) {
      if (std::isnan(value)) value = sum / static_cast<double>(known);
      else two += value == least || value == greatest;
    }
    if (of_run_ && known == values.size()) return add_covariate(maker, column.name, std::move(values));
    if (least >= 0 && two < known) maker.add_log(column.name, column.name, values);
    maker.add(column.name, column.name, std::move(values));
    maker.add(column.name + " missing", column.name, std::move(missing));
  }

  void add_texts(FeatureMaker& maker, const PlainColumn& column) const {
    const auto at = [&](std::uint32_t row) {
      return column.codes[row] == StringPool::kNone ? column.texts.size() : column.codes[row];
    };
    std::vector<std::size_t> rows(column.texts.size() + 1);
    for (const std::uint32_t row : order_) ++rows[at(row)];
    const auto usual = static_cast<std::size_t>(std::max_element(rows.begin(), rows.end()) - rows.begin());
    const auto add = [&](const std::string& name, auto takes) {
      std::vector<double> values;
      for (const std::uint32_t row : order_) values.push_back(takes(at(row)));
      maker.add(name, column.name, std::move(values));
    };
    for (std::size_t code = 0; code < rows.size(); ++code) {
      if (code == usual || rows[code] < kLeastRowsOfText) continue;
      const bool missing = code == column.texts.size();
      add(missing ? column.name + " missing"
                  : filled("{} = {}", {column.name, visible(column.texts[static_cast<std::uint32_t>(code)])}),
          [code](std::size_t own) { return own == code; });
    }
    add(column.name + " = any other", [&](std::size_t own) { return own != usual && rows[own] < kLeastRowsOfText; });
  }

  void note(const char* code, std::string message, std::vector<std::pair<std::string_view, std::uint64_t>> counts = {}) {
    told_.notices.push_back({code, std::move(message), std::move(counts), {}});
  }

  void add_notices() {
    note(
        "tableNotAudited",
        of_run_
            ? "A table shows neither how its rows were chosen nor what was seen after their treatment: whether they support a "
              "causal interpretation is told by audit and estimate of the events"
            : "A table shows neither how its rows were chosen nor when its columns were known: the estimate takes each covariate "
              "for something that was settled before the treatment, and no row for left out because of what came later");
    if (user_ == nullptr)
      note("rowsAreUsers",
           "No column names the user, so each row counts as a user of its own; where users have several rows, name "
           "the column with --user, or the interval is too narrow");
    if (!of_run_ && roles_.covariates.empty() && !covariates_.empty())
      note("allColumnsAreCovariates", filled("All other columns are covariates: {}. One that the treatment can change, or that "
                                             "tells of the outcome, must be none; "
                                             "name the covariates with --covariates",
                                             {listed_names(told_.covariates)}));
    if (!told_.left_out.empty()) {
      std::string list;
      for (const auto& [column, reason] : told_.left_out)
        list += filled("{}{} ({})", {list.empty() ? "" : ", ", named(column), reason});
      note("columnsLeftOut", filled("Nothing is adjusted for columns that are left out: {}", {list}));
    }
    std::uint64_t missing = 0;
    std::vector<std::string> columns;
    for (const auto& [column, texts] : covariates_) {
      if (column->missing_rows == 0) continue;
      missing += column->missing_rows;
      columns.push_back(column->name);
    }
    if (missing != 0)
      note("missingValues",
           filled(
               "{} of {} {} missing: each counts as the mean of the others, or as a text of its own, with an indicator",
               {missing == 1 ? "1 value" : count_text(missing) + " values", listed_names(columns), missing == 1 ? "is" : "are"}),
           {{"values", missing}});
    for (const auto& [column, texts] : covariates_) {
      if (!texts) note_what_tells(*column);
    }
  }

  // A column that is 0 but where T, or Y, is 1 looks like something that came after it.
  void note_what_tells(const PlainColumn& column) {
    for (const PlainColumn* label : {treatment_, outcome_}) {
      std::uint64_t other = 0, ones = 0;
      bool always = true;
      for (const std::uint32_t row : order_) {
        const double value = column.numbers[row];
        ones += label->numbers[row] == 1;
        if (std::isnan(value) || value == 0) continue;
        ++other;
        always = always && label->numbers[row] == 1;
      }
      constexpr double kLeastChance = 1e-6;
      const double share = static_cast<double>(ones) / static_cast<double>(order_.size());
      if (!always || other < kLeastRowsOfText || std::pow(share, static_cast<double>(other)) > kLeastChance) continue;
      note("tellsTheAnswer",
           filled("Wherever column {} is not 0, in {} rows, {} is 1: it looks like something that came later, which must be no "
                  "covariate; name the covariates with --covariates, without it",
                  {named(column.name), count_text(other), named(label->name)}),
           {{"rows", other}});
    }
  }

  void refuse_one_value(EffectEstimate& estimate) const {
    const auto refuse = [&](const char* code, const std::string& column, std::span<const std::uint8_t> values) {
      if (values.empty() || std::adjacent_find(values.begin(), values.end(), std::not_equal_to<>()) != values.end()) return;
      estimate.refusals.push_back(
          {code,
           filled("Column {} is {} in all rows, so there is nothing to compare; give the table rows of both "
                  "kinds",
                  {named(column), std::to_string(values[0])}),
           ""});
    };
    refuse("oneTreatment", roles_.treatment, analysis_.rows.treatment);
    refuse("oneOutcome", roles_.outcome, analysis_.rows.outcome);
  }

  const TableRoles& roles_;
  const PlainTable& table_;
  const std::uint32_t seed_;
  const PlainColumn *treatment_, *outcome_, *user_;
  bool of_run_ = false;
  std::string propensity_;            // the column of it; empty: it is fitted
  std::vector<std::uint32_t> order_;  // of the rows that are analyzed
  std::vector<TableCovariate> covariates_;
  std::array<bool, 2> users_with_outcome_{};
  const Workers workers_;
  Analysis analysis_;
  Table told_;
};

}  // namespace

void set_role(TableRoles& roles, std::string_view option, std::string_view columns) {
  if (option == "treatment") roles.treatment = columns;
  if (option == "outcome") roles.outcome = columns;
  if (option == "user") roles.user = columns;
  if (option == "propensity") roles.propensity = columns;
  if (option != "covariates") return;
  roles.covariates.clear();
  while (!columns.empty()) {
    const std::size_t end = std::min(columns.find(','), columns.size());
    if (end != 0) roles.covariates.emplace_back(columns.substr(0, end));
    columns.remove_prefix(std::min(end + 1, columns.size()));
  }
}

Status check_table_plan(const Plan& plan) {
  if (plan.reading.input.header == CsvHeader::kNo) {
    return Error{ErrorCode::kBadPlan,
                 "input.header is \"no\"; the columns of a table are told by its header, so give it one",
                 {{}, {}, {}, "input.header"}};
  }
  Plan rest = plan;
  rest.reading.input = {};
  rest.split.seed = Plan().split.seed;
  if (write_plan(rest) == write_plan(Plan())) return {};
  return Error{
      ErrorCode::kBadPlan,
      "a table is finished, so of the plan only input and split.seed have a say in its estimate; leave the other keys out",
      {}};
}

TableEstimator::TableEstimator(TableRoles roles, const Plan& plan)
    : roles_(std::move(roles)), seed_(plan.split.seed),
      table_(reading_of(plan), [this](std::string_view name) { return kind_of(roles_, name); }) {}

Result<EffectEstimate> TableEstimator::estimate() const {
  if (Status status = check_roles(roles_, table_); !status.ok()) return status.error();
  EffectEstimate estimate;
  TableAnalysis analysis(roles_, table_, seed_);
  if (Status status = analysis.make(estimate); !status.ok()) return status.error();
  return estimate;
}

}  // namespace causal_sessions
