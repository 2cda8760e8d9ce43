#include "causal/covariates.h"

#include <algorithm>

#include "causal/sequence_table.h"
#include "core/elapsed.h"

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

Covariates::Covariates(const OrderedEvents& events, const Sessions& sessions, const TrialTable& table,
                       std::span<const std::pair<std::string, std::string>> without_item)
    : events_(events), sessions_(sessions), table_(table), names_{"events", "span_minutes"} {
  const std::size_t types = std::min(events.types.size(), kMostTypes);
  for (std::size_t type = 0; type < types; ++type) names_.push_back(std::string("events_").append(events.types[type]));
  if (types < events.types.size()) names_.emplace_back("events_other");
  const std::size_t columns = names_.size() - 2;
  for (std::size_t type = 0; type < events.types.size(); ++type) {
    column_of_type_.push_back(static_cast<std::uint8_t>(std::min(type, columns - 1)));
    const auto is_type = [&](const auto& entry) { return entry.first == events.types[type]; };
    has_item_.push_back(std::none_of(without_item.begin(), without_item.end(), is_type));
  }
  by_column_.resize(columns);
  for (const char* name : {"distinct_items", "hour", "weekday", "earlier_sessions", "minutes_since_last_event"}) {
    names_.emplace_back(name);
  }
  values_.resize(names_.size());
}

// The session of the row, walked from its start unless the last row's history is a part of this one's.
void Covariates::enter(std::size_t r) {
  if (sessions_.begin[session_] > table_.history[r]) session_ = 0;
  while (session_ + 1 < sessions_.size() && sessions_.begin[session_ + 1] <= table_.history[r]) ++session_;
  const bool timed = table_.has_time_zero();
  const std::uint32_t begin = timed ? table_.history[r] : table_.begin[r];
  const bool goes_on = walk_ != 0 && begin == begin_ && timed && at_ > begin && events_.time_us[at_ - 1] <= table_.time_zero_us[r];
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
    ++by_column_[column_of_type_[type]];
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
  if (timed) {
    end = std::max(at_, begin_);
    while (end < sessions_.end[session_] && events_.time_us[end] <= table_.time_zero_us[r]) ++end;
  }
  walk_to(end);
  const bool any = at_ > begin_;
  const std::int64_t first_us = any ? events_.time_us[begin_] : table_.start_us[r];
  const std::int64_t last_us = any ? events_.time_us[at_ - 1] : first_us;
  const std::int64_t reference_us = timed ? table_.time_zero_us[r] : last_us;
  const DayAndHour clock = day_and_hour(timed ? table_.time_zero_us[r] : table_.start_us[r]);
  double* value = values_.data();
  *value++ = static_cast<double>(at_ - begin_);
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
