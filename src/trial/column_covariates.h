// Column covariates: what columns of the input say at a row's time zero, as numbers.
//
// A row's value is that of the exposure which time zero belongs to (of the exposures of its instant the first that has one, by the
// tie rule); where rows are not made of exposures, that of the last event of the session up to time zero which has one and was
// known then (known_events.h). No later event is looked at.
//
// Numbers  a column in which every value is a number: as they are, 0 where there is none.
// Texts    any other column: 0 or 1 for each of its categories, the texts that at least min_count training rows have, the most
//          frequent kMostCategories of them; all other texts share one. The most frequent category is what the others are compared
//          with, and has no covariate of its own.
// Missing  of either: 1 where there is no value.
//
// Which of both a column is, all of its values decide, used or not; the categories, rows of the training part.
//
// Needs:   ordered events with their input ranks, and the rows made of them; these outlive the object.
// Cost:    a look at each different text; four bytes a row and column.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/notice.h"
#include "trial/trial_setup.h"
#include "trial/trial_table.h"

namespace causal_sessions {

struct ColumnCovariateOptions {
  std::uint32_t min_count = 20;  // training rows of a text that is a category of its own
};

// By row, the code of a column's value; StringPool::kNone where there is none.
[[nodiscard]] std::vector<std::uint32_t> codes_at_time_zero(const OrderedEvents& events, const TrialSetup& setup,
                                                            const TrialTable& table, std::size_t column);

class ColumnCovariates {
 public:
  static constexpr std::size_t kMostCategories = 20;

  // `columns`: the names of the events' further columns, as many as become covariates; `train`: rows of the training part.
  ColumnCovariates(std::span<const std::string> columns, const OrderedEvents& events, const TrialSetup& setup,
                   const TrialTable& table, std::span<const std::uint32_t> train, const ColumnCovariateOptions& options);

  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  // Of a row, by name.
  void put(std::size_t row, double* values) const;
  // What the columns were taken as, and what of them is hardly of use.
  [[nodiscard]] std::vector<Notice> take_notices() { return std::move(notices_); }

 private:
  struct Column {
    std::vector<std::uint32_t> codes;    // by row
    std::vector<double> numbers;         // by code; empty of texts
    std::vector<std::uint8_t> category;  // by code, of texts
    std::size_t categories = 0;          // that have a covariate
  };
  void add_texts(const std::string& name, const SharedTexts& texts, Column& column, std::span<const std::uint32_t> train,
                 std::uint32_t min_count);
  void note(const char* code, const char* key, std::string message) { notices_.push_back({code, std::move(message), {}, key}); }

  std::vector<Column> columns_;
  std::vector<std::string> names_;
  std::vector<Notice> notices_;
};

}  // namespace causal_sessions
