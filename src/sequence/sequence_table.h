// The (X, T, Y) table: the trials, and the tokens that their X are slices of.
//
// Tokens are the ordered events themselves, so nothing is copied, and trials of one session share them. A token is
// (event_id, item_id, minutes since the session's first event), and the plan's channels.
//
// Units:  time_us is microseconds since 1970-01-01 UTC; minutes are doubles.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/minutes.h"
#include "core/raw_vector.h"
#include "core/shared_texts.h"
#include "trial/trial_options.h"
#include "trial/trial_table.h"

namespace causal_sessions {

struct SequenceTable : TrialTable {
  // Tokens.
  RawVector<std::uint8_t> event_id;
  RawVector<std::uint32_t> item_id;
  RawVector<std::int64_t> time_us;

  SharedTexts users;
  std::uint8_t padding_event_id = 0;
  std::uint32_t padding_item_id = 0;
  std::vector<Channel> channels;
  KeepEvents keep = KeepEvents::kFirst;  // of X where it is too long
  // What is known of each row at its time zero: rows() x covariate_names.size(), row by row; see trial/covariates.h.
  // Empty without a time zero.
  std::vector<std::string> covariate_names;
  std::vector<double> covariates;
  std::vector<std::pair<std::string, double>> constant_covariates;  // the same in every row, so without a column
  std::vector<double> propensity;  // of treatment, where it is known by design: of each row; else empty
  // Where the plan names its column, of each row the sum over its outcomes: trial/outcome_values.h.
  bool with_outcome_value = false;
  std::vector<double> outcome_value;
  std::uint64_t values_capped = 0;  // rows whose sum was more than it counts as
  bool with_folds = false;
  std::vector<std::uint16_t> fold;  // of each row; empty without folds

  [[nodiscard]] double minutes(std::size_t row, std::size_t token) const {
    return minutes_from_us(time_us[token] - start_us[row]);
  }
};

}  // namespace causal_sessions
