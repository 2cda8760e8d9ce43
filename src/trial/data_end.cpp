#include "trial/data_end.h"

#include <algorithm>
#include <functional>
#include <vector>

#include "core/elapsed.h"

namespace causal_sessions {

DataEnd find_data_end(std::span<const std::int64_t> times_us, std::int64_t first_us, std::int64_t last_us) {
  const std::size_t last_thousandth = times_us.size() / 1000;
  const std::int64_t tenth = elapsed_us(first_us, last_us) / 10;
  if (last_thousandth == 0 || tenth == 0) return {last_us, 0};
  const auto late = static_cast<std::size_t>(
      std::count_if(times_us.begin(), times_us.end(), [&](std::int64_t time) { return elapsed_us(time, last_us) <= tenth; }));
  if (late > last_thousandth) return {last_us, 0};
  std::vector<std::int64_t> times(times_us.begin(), times_us.end());
  const auto end = times.begin() + static_cast<std::ptrdiff_t>(last_thousandth);
  std::nth_element(times.begin(), end, times.end(), std::greater<>());
  return {*end, last_thousandth};
}

}  // namespace causal_sessions
