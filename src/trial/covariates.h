// Covariates: what is known of a row at its time zero, as numbers; the columns that adjust for confounding.
//
// They tell of five things, covariate_traits() of each one: of the session up to time zero, also of events that X leaves out
// because it holds the last ones only; of the exposure that time zero belongs to, the last one up to then; of the user before
// the session, in short sessions too; of the local time; and what columns of the input say that the plan names. Nothing after time zero changes one. An exposure's items are not
// unlike the others for being popular later, so their popularity counts exposures of training users before it alone.
//
// Without a time zero they tell of the events in X and of the session's start, and nothing of exposures and of the user's
// earlier events.
//
// Where the data say when events became known, a covariate tells of those alone that were known at time zero, as known_events.h
// has it, and of the sessions that these make.
//
// Needs:  ordered events with raw types and items, and the rows made of them; these outlive the object.
// Cost:   linear in the events of users with rows; a search among the user's and the item's exposures a row; twelve bytes an
//         item. Rows may come in any order; where those of a user come in theirs, no event is looked at twice. Objects share
//         nothing that is written, so each may take a range of users.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trial/history_walk.h"
#include "trial/item_popularity.h"
#include "trial/local_clock.h"
#include "trial/trial_setup.h"
#include "trial/trial_table.h"

namespace causal_sessions {

// How a covariate counts: amounts have long tails, the others are taken as they are.
enum class CovariateScale : std::uint8_t { kAmount, kPlain };

// What it tells of.
enum class CovariateGroup : std::uint8_t { kSession, kExposure, kUser, kClock, kColumns };
inline constexpr std::array kCovariateGroups = {CovariateGroup::kSession, CovariateGroup::kExposure, CovariateGroup::kUser,
                                                CovariateGroup::kClock, CovariateGroup::kColumns};
inline constexpr std::array<const char*, kCovariateGroups.size()> kCovariateGroupNames = {"session", "exposure", "user", "clock",
                                                                                          "columns"};

struct CovariateTraits {
  std::string_view name, unit, meaning;
  CovariateScale scale = CovariateScale::kAmount;
  CovariateGroup group = CovariateGroup::kSession;
  bool of_outcome = false;  // of the user's earlier outcomes
};

// The names of those that the plan's columns become (column_covariates.h): "column_price", "column_device=mobile",
// "column_device_other", "column_price_missing".
inline constexpr std::string_view kOfColumn = "column_", kOtherValues = "_other", kMissingValue = "_missing";

// Those that tell whether the user was exposed before the session, and had the outcome.
inline constexpr std::string_view kEarlierExposures = "earlier_exposures", kEarlierOutcomes = "earlier_outcomes";

// Of a covariate by its name.
[[nodiscard]] const CovariateTraits& covariate_traits(std::string_view name);

// What they are told by, besides the rows.
struct CovariateSources {
  const OrderedEvents& events;
  const TrialSetup& setup;
  // Event types whose items are not looked at, as the plan's events.withoutItem has them.
  std::span<const std::pair<std::string, std::string>> without_item;
  LocalClock clock;
  std::int64_t first_event_us = 0;             // of all users
  const ItemPopularity* popularity = nullptr;  // with a time zero
};

// Events that happened before the time zero of a row of their user and became known behind it: how many rows would have used one,
// and how many of them there are.
struct LateEvents {
  std::uint64_t rows = 0, events = 0;
};

class Covariates {
 public:
  static constexpr std::size_t kMostTypes = 32;  // with a column of their own

  Covariates(const CovariateSources& sources, const TrialTable& table);

  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  // The values of a row, by name; good until the next call.
  [[nodiscard]] std::span<const double> row(std::size_t r);
  // Of the rows so far.
  [[nodiscard]] LateEvents late() const { return {late_rows_, walk_.late_events()}; }

 private:
  void walk_to(std::size_t r);

  const CovariateSources sources_;
  const TrialTable& table_;
  HistoryWalk walk_;
  KnownEvents known_;
  std::uint64_t late_rows_ = 0;
  std::int64_t first_day_;
  std::vector<std::string> names_;
  std::vector<double> values_;
};

// The covariates of all rows. One that is the same in all of them tells nothing of T and Y, and would be a second intercept, so
// it has no column.
struct CovariateTable {
  std::vector<std::string> names;
  std::vector<double> values;                            // rows x names, row by row
  std::vector<std::pair<std::string, double>> left_out;  // the same in all rows

  // Moves them from the columns; a single row keeps all, as it tells nothing of others.
  void leave_out_constants();
};

}  // namespace causal_sessions
