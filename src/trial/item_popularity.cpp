#include "trial/item_popularity.h"

#include <algorithm>

#include "core/small_sort.h"

namespace causal_sessions {
namespace {

// Calls visit(item, time) for every exposure that teaches.
template <class Visit>
void each_exposure(const OrderedEvents& events, std::uint8_t exposure_type, const TrainingEvents& training, Visit visit) {
  for (std::size_t user = 0; user + 1 < events.user_begin.size(); ++user) {
    if (training.of_user[user] == 0) continue;
    for (std::uint32_t i = events.user_begin[user]; i < events.user_begin[user + 1]; ++i) {
      if (events.type[i] != exposure_type || events.item[i] == StringPool::kNone) continue;
      if (events.time_us[i] > training.until_us) break;
      // One that became known later counts from the instant on at which it did, not behind it.
      const bool late = !events.known_us.empty() && events.known_us[i] > events.time_us[i];
      if (!late) visit(events.item[i], events.time_us[i]);
      else if (events.known_us[i] <= training.until_us) visit(events.item[i], events.known_us[i] - 1);
    }
  }
}

}  // namespace

ItemPopularity::ItemPopularity(const OrderedEvents& events, std::uint8_t exposure_type, const TrainingEvents& training) {
  // One entry further than its own, so that they begin where those before end.
  begin_.resize(2);
  each_exposure(events, exposure_type, training, [&](std::uint32_t item, std::int64_t) {
    if (item + 2 >= begin_.size()) begin_.resize(std::max<std::size_t>(item + std::size_t{3}, 2 * begin_.size()));
    ++begin_[item + 2];
  });
  for (std::size_t i = 2; i < begin_.size(); ++i) begin_[i] += begin_[i - 1];
  times_us_.resize(begin_.back());
  each_exposure(events, exposure_type, training,
                [&](std::uint32_t item, std::int64_t time_us) { times_us_[begin_[item + 1]++] = time_us; });
  begin_.pop_back();
  for (std::size_t item = 0; item + 1 < begin_.size(); ++item) {
    small_sort(times_us_.begin() + begin_[item], times_us_.begin() + begin_[item + 1], std::less<>());
  }
}

std::uint32_t ItemPopularity::before(std::uint32_t item, std::int64_t time_us) const {
  if (item + 1 >= begin_.size()) return 0;
  const auto begin = times_us_.begin() + begin_[item], end = times_us_.begin() + begin_[item + 1];
  return static_cast<std::uint32_t>(std::lower_bound(begin, end, time_us) - begin);
}

}  // namespace causal_sessions
