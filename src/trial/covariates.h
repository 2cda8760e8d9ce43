// Covariates: what is known of a row at its time zero, as numbers; the columns that adjust for confounding.
//
// They tell of the row's history: the session's events up to time zero, also those that X leaves out because it holds
// the last ones only. Without a time zero they tell of the events in X, and "time zero" below is the session's start for
// hour and weekday, the last event of X for the rest.
//
// events                   events of the history; only without a time zero, since it is the sum of others
// span_minutes             from its first event to its last
// events_<type>            of each type, the first kMostTypes; events_other are those of the others. With a time zero no type
//                          that no history can hold: of no event, of the treatment, of outcomes that exclude a row
// distinct_items           items, those of types without an item not counted
// hour, weekday            of time zero, UTC; 0 .. 23, and 0 .. 6 from Monday
// earlier_sessions         of the user, short ones too
// minutes_since_last_event at time zero, since the last event at an earlier instant; 0 where there is none
//
// Needs:  ordered events with raw types and items, and the rows made of them; these outlive the object.
// Cost:   linear in events and rows when rows come in order, although rows of a session share their history; four bytes
//         an item.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "session/order.h"
#include "trial/trial_table.h"
#include "trial/trials.h"

namespace causal_sessions {

// Types that no history of a row with a time zero holds. Cost: one pass over the types.
[[nodiscard]] std::vector<std::uint8_t> absent_types(const OrderedEvents& events, const TrialSetup& setup);

// How a covariate counts: amounts have long tails, hours and weekdays go round.
enum class CovariateScale : std::uint8_t { kAmount, kHour, kWeekday };

// What it tells of.
enum class CovariateGroup : std::uint8_t { kSession, kUser, kClock };
inline constexpr std::array<const char*, 3> kCovariateGroupNames = {"session", "user", "clock"};

struct CovariateTraits {
  std::string_view name, meaning;
  CovariateScale scale = CovariateScale::kAmount;
  CovariateGroup group = CovariateGroup::kSession;
};

// Of a covariate by its name.
[[nodiscard]] const CovariateTraits& covariate_traits(std::string_view name);

class Covariates {
 public:
  static constexpr std::size_t kMostTypes = 32;
  static constexpr std::uint8_t kNoColumn = 0xFF;

  // `without_item`: event types whose items are not looked at, as the plan's events.withoutItem has them.
  // `absent`: with a time zero, types that no history holds, by id.
  Covariates(const OrderedEvents& events, const TrialTable& table,
             std::span<const std::pair<std::string, std::string>> without_item, std::span<const std::uint8_t> absent);

  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  // The values of a row, by name; good until the next call.
  [[nodiscard]] std::span<const double> row(std::size_t r);

 private:
  void enter(std::size_t r);
  void walk_to(std::uint32_t end);

  const OrderedEvents& events_;
  const TrialTable& table_;
  std::vector<std::string> names_;
  std::vector<double> values_;
  std::vector<std::uint8_t> column_of_type_;  // kNoColumn: none
  std::vector<std::uint8_t> has_item_;        // by type
  std::vector<std::uint32_t> seen_;           // by item: the walk that saw it last
  // Of the history at hand.
  std::uint32_t begin_ = 0, at_ = 0;  // walked: [begin_, at_)
  std::uint32_t walk_ = 0;            // number of walks begun
  std::uint32_t distinct_ = 0;
  std::vector<std::uint32_t> by_column_;
  bool has_earlier_ = false;     // an event before the instant of the last one
  std::int64_t earlier_us_ = 0;  // the last such
};

}  // namespace causal_sessions
