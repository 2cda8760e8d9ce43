#include "trial/covariates.h"

#include <algorithm>

#include "core/elapsed.h"
#include "core/minutes.h"

namespace causal_sessions {
namespace {

constexpr std::int64_t kHour = 3'600'000'000, kDay = 24 * kHour;

double minutes_between(std::int64_t from_us, std::int64_t to_us) { return minutes_from_us(elapsed_us(from_us, to_us)); }

struct DayAndHour {
  double weekday, hour;
};

DayAndHour day_and_hour(std::int64_t time_us) {
  const std::int64_t into_day = (time_us % kDay + kDay) % kDay;
  const std::int64_t day = time_us / kDay - (time_us % kDay < 0);
  return {static_cast<double>(((day + 3) % 7 + 7) % 7), static_cast<double>(into_day / kHour)};  // day 0 was a Thursday
}

}  // namespace

std::vector<std::uint8_t> absent_types(const OrderedEvents& events, const TrialSetup& setup) {
  std::vector<bool> there(256);
  for (const std::uint8_t type : events.type) there[type] = true;
  there[setup.treatment_type] = false;
  if (setup.prior == PriorOutcome::kExclude) there[setup.outcome_type] = false;
  std::vector<std::uint8_t> absent;
  for (std::size_t type = 0; type < events.types.size(); ++type) {
    if (!there[type]) absent.push_back(static_cast<std::uint8_t>(type));
  }
  return absent;
}

const CovariateTraits& covariate_traits(std::string_view name) {
  static constexpr CovariateTraits kTraits[] = {
      {"events", "Events of the history."},
      {"span_minutes", "Minutes from the first event of the history to its last."},
      {"distinct_items", "Different items in the history."},
      {"hour", "Hour of time zero, 0 to 23, UTC.", CovariateScale::kHour, CovariateGroup::kClock},
      {"weekday", "Weekday of time zero, 0 (Monday) to 6, UTC.", CovariateScale::kWeekday, CovariateGroup::kClock},
      {"earlier_sessions", "Earlier sessions of the user.", CovariateScale::kAmount, CovariateGroup::kUser},
      {"minutes_since_last_event", "Minutes from the last event at an earlier instant to time zero; 0 without one."},
      {"events_other", "Events of the history, of the types that have no column."}};
  static constexpr CovariateTraits kOfType = {"", "Events of the history, of this type."};
  for (const CovariateTraits& traits : kTraits) {
    if (traits.name == name) return traits;
  }
  return kOfType;
}

Covariates::Covariates(const OrderedEvents& events, const TrialTable& table,
                       std::span<const std::pair<std::string, std::string>> without_item, std::span<const std::uint8_t> absent)
    : events_(events), table_(table) {
  if (!table.has_time_zero()) names_.emplace_back("events");
  names_.emplace_back("span_minutes");
  const std::size_t before = names_.size();
  bool other = false;
  for (std::size_t type = 0; type < events.types.size(); ++type) {
    const bool is_absent = table.has_time_zero() && std::find(absent.begin(), absent.end(), type) != absent.end();
    const bool own = type < kMostTypes;
    column_of_type_.push_back(is_absent ? kNoColumn : static_cast<std::uint8_t>(names_.size() - before));
    if (own && !is_absent) names_.push_back(std::string("events_").append(events.types[type]));
    other |= !own && !is_absent;
    const auto is_type = [&](const auto& entry) { return entry.first == events.types[type]; };
    has_item_.push_back(std::none_of(without_item.begin(), without_item.end(), is_type));
  }
  if (other) names_.emplace_back("events_other");
  const std::size_t columns = names_.size() - before;
  by_column_.resize(columns);
  for (const char* name : {"distinct_items", "hour", "weekday", "earlier_sessions", "minutes_since_last_event"}) {
    names_.emplace_back(name);
  }
  values_.resize(names_.size());
}

// The history of the row, walked from its start unless the last row's is a part of it.
void Covariates::enter(std::size_t r) {
  const bool timed = table_.has_time_zero();
  const std::uint32_t begin = timed ? table_.history[r] : table_.begin[r];
  const bool goes_on = walk_ != 0 && begin == begin_ && timed && at_ <= table_.history_end[r];
  if (goes_on) return;
  begin_ = at_ = begin;
  ++walk_;
  distinct_ = 0;
  has_earlier_ = false;
  std::fill(by_column_.begin(), by_column_.end(), 0u);
}

void Covariates::walk_to(std::uint32_t end) {
  for (; at_ < end; ++at_) {
    const std::uint8_t type = events_.type[at_];
    if (column_of_type_[type] != kNoColumn) ++by_column_[column_of_type_[type]];
    if (at_ > begin_ && events_.time_us[at_] != events_.time_us[at_ - 1]) {
      has_earlier_ = true;
      earlier_us_ = events_.time_us[at_ - 1];
    }
    const std::uint32_t item = events_.item[at_];
    if (item == StringPool::kNone || has_item_[type] == 0) continue;
    if (item >= seen_.size()) seen_.resize(std::max<std::size_t>(item + std::size_t{1}, 2 * seen_.size()));
    distinct_ += seen_[item] != walk_;
    seen_[item] = walk_;
  }
}

std::span<const double> Covariates::row(std::size_t r) {
  enter(r);
  std::uint32_t end = table_.begin[r] + table_.count[r];
  const bool timed = table_.has_time_zero();
  if (timed) end = table_.history_end[r];
  walk_to(end);
  const bool any = at_ > begin_;
  const std::int64_t first_us = any ? events_.time_us[begin_] : table_.start_us[r];
  const std::int64_t last_us = any ? events_.time_us[at_ - 1] : first_us;
  const std::int64_t reference_us = timed ? table_.time_zero_us[r] : last_us;
  const DayAndHour clock = day_and_hour(timed ? table_.time_zero_us[r] : table_.start_us[r]);
  double* value = values_.data();
  if (!timed) *value++ = static_cast<double>(at_ - begin_);
  *value++ = minutes_between(first_us, last_us);
  for (const std::uint32_t count : by_column_) *value++ = count;
  *value++ = distinct_;
  *value++ = clock.hour;
  *value++ = clock.weekday;
  *value++ = static_cast<double>(table_.number[r] - 1);
  const std::int64_t before_us = last_us != reference_us ? last_us : has_earlier_ ? earlier_us_ : reference_us;
  *value++ = any ? minutes_between(before_us, reference_us) : 0;
  return values_;
}

}  // namespace causal_sessions
