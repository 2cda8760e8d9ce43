#include "trial/known_events.h"

#include "core/cold.h"

namespace causal_sessions {

ExposedInstant last_exposed(const OrderedEvents& events, std::uint8_t exposure_type, std::uint32_t begin, std::uint32_t end) {
  while (end > begin && events.type[end - 1] != exposure_type) --end;
  std::uint32_t first = end;
  while (first > begin && events.time_us[first - 1] == events.time_us[end - 1]) --first;
  return {first, end};
}

COLD void KnownEvents::enter(std::uint32_t begin, std::uint32_t end, std::int64_t time_zero_us) {
  begin_ = begin;
  end_ = end;
  time_zero_us_ = time_zero_us;
  own_ = is_of_exposures(setup_) ? last_exposed(events_, setup_.exposure_type, begin, end) : ExposedInstant{};
}

COLD void KnownEvents::find_history() {
  history_.clear();
  for (std::uint32_t at = begin_; at < end_; ++at) {
    if (!has(at)) continue;
    if (!history_.empty() && parts(history_.back(), at)) history_.clear();
    history_.push_back(at);
  }
}

}  // namespace causal_sessions
