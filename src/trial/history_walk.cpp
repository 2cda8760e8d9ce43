#include "trial/history_walk.h"

#include <algorithm>
#include <utility>

namespace causal_sessions {

HistoryWalk::HistoryWalk(const OrderedEvents& events, std::vector<std::uint8_t> column_of_type,
                         std::vector<std::uint8_t> has_item, std::array<std::uint8_t, kKinds> type_of_kind)
    : events_(events), column_of_type_(std::move(column_of_type)), has_item_(std::move(has_item)), type_of_kind_(type_of_kind) {
  if (!column_of_type_.empty()) by_column_.resize(*std::max_element(column_of_type_.begin(), column_of_type_.end()) + 1u);
}

void HistoryWalk::go(std::uint32_t user_begin, std::uint32_t session_begin, std::uint32_t end) {
  const bool same_user = begun_ && user_begin == user_begin_;
  const bool same_session = same_user && session_begin == session_begin_ && end >= at_;
  if (!same_session) {
    if (!same_user || session_begin < at_) enter_user(user_begin);
    in_earlier_session_ = true;
    walk_to(session_begin);
    enter_session(session_begin);
  }
  walk_to(end);
}

void HistoryWalk::enter_user(std::uint32_t begin) {
  begun_ = true;
  user_begin_ = user_first_ = session_begin_ = at_ = begin;
  all_ = {};
  exposures_us_.clear();
}

void HistoryWalk::enter_session(std::uint32_t begin) {
  in_earlier_session_ = false;
  session_begin_ = begin;
  earlier_ = all_;
  std::fill(by_column_.begin(), by_column_.end(), 0u);
  in_session_count_ = distinct_ = 0;
  has_earlier_ = has_index_ = false;
  index_items_.clear();
}

// A walk goes on where what it has passed is what is known of it now.
void HistoryWalk::go(std::uint32_t user_begin, std::uint32_t end, const KnownEvents& known) {
  const bool goes_on =
      begun_ && user_begin == user_begin_ && end >= at_ && unknown_ == 0 && known_until_us_ <= known.time_zero_us();
  if (!goes_on) {
    if (begun_) forget_items(user_begin_, at_);
    enter_user(user_begin);
    number_ = unknown_ = 0;
    known_until_us_ = INT64_MIN;
  }
  late_.resize(events_.size());
  for (; at_ < end; ++at_) {
    if (!known.has(at_)) {
      ++unknown_;
      late_[at_] = true;
      continue;
    }
    if (number_ == 0) user_first_ = at_;
    if (number_ == 0 || known.parts(last_, at_)) {
      enter_session(at_);
      ++number_;
    }
    known_until_us_ = std::max(known_until_us_, known.since_us(at_));
    pass(at_);
  }
}

std::uint64_t HistoryWalk::late_events() const {
  return static_cast<std::uint64_t>(std::count(late_.begin(), late_.end(), true));
}

// Positions that a walk over other events of the user has noted would be taken for this one's.
void HistoryWalk::forget_items(std::uint32_t begin, std::uint32_t end) {
  for (std::uint32_t at = begin; at < end; ++at) {
    for (FirstPositions* const first : {&in_session_, &shown_, &treated_}) {
      if (events_.item[at] < first->size()) (*first)[events_.item[at]] = StringPool::kNone;
    }
  }
}

void HistoryWalk::walk_to(std::uint32_t end) {
  for (; at_ < end; ++at_) pass(at_);
}

void HistoryWalk::pass(std::uint32_t position) {
  const std::uint8_t type = events_.type[position];
  const std::int64_t time_us = events_.time_us[position];
  const std::uint32_t item = has_item_[type] != 0 ? events_.item[position] : StringPool::kNone;
  if (!in_earlier_session_) {
    ++by_column_[column_of_type_[type]];
    if (in_session_count_++ != 0 && time_us != events_.time_us[last_]) {
      has_earlier_ = true;
      earlier_us_ = events_.time_us[last_];
    }
    if (item != StringPool::kNone) distinct_ += is_first(in_session_, item, session_begin_);
  }
  last_ = position;
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    if (type_of_kind_[kind] != type) continue;
    ++all_[kind].count;
    all_[kind].last_us = time_us;
  }
  if (is(kTreatment, type) && item != StringPool::kNone) static_cast<void>(is_first(treated_, item, user_begin_));
  if (!is(kExposure, type)) return;
  exposures_us_.push_back(time_us);
  enter_index(time_us);
  if (item == StringPool::kNone) return;
  static_cast<void>(is_first(shown_, item, user_begin_));
  if (std::find(index_items_.begin(), index_items_.end(), item) == index_items_.end()) index_items_.push_back(item);
}

void HistoryWalk::enter_index(std::int64_t time_us) {
  if (has_index_ && index_us_ == time_us) return;
  has_index_ = true;
  index_us_ = time_us;
  index_begin_ = at_;
  index_items_.clear();
}

bool HistoryWalk::is_first(FirstPositions& first, std::uint32_t item, std::uint32_t begin) const {
  if (item >= first.size()) first.resize(std::max<std::size_t>(item + std::size_t{1}, 2 * first.size()), StringPool::kNone);
  if (had(first, item, begin, at_)) return false;
  first[item] = at_;
  return true;
}

std::uint32_t HistoryWalk::exposures_after(std::int64_t time_us) const {
  return static_cast<std::uint32_t>(exposures_us_.end() - std::upper_bound(exposures_us_.begin(), exposures_us_.end(), time_us));
}

bool HistoryWalk::shown_before() const {
  return std::any_of(index_items_.begin(), index_items_.end(),
                     [this](std::uint32_t item) { return had(shown_, item, user_begin_, index_begin_); });
}

bool HistoryWalk::treated_before() const {
  if (all_[kTreatment].count == 0) return false;
  return std::any_of(index_items_.begin(), index_items_.end(),
                     [this](std::uint32_t item) { return had(treated_, item, user_begin_, at_); });
}

}  // namespace causal_sessions
