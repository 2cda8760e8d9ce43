// How often items had been shown by then: exposures of training users before an instant, and known by it. It is fitted on the training part and
// applied to all rows; that later exposures do not count keeps what is known at a time zero free of what follows it.
//
// Needs:   ordered events. Once fitted, it does not change, so any number of threads may ask.
// Cost:    two passes over the events of training users and a sort of each item's instants; eight bytes an exposure and four
//          an item; a search a question.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "session/order.h"

namespace causal_sessions {

// Whose exposures teach popularity, and until when.
struct TrainingEvents {
  std::vector<std::uint8_t> of_user;  // 1: a training user
  std::int64_t until_us = INT64_MAX;
};

class ItemPopularity {
 public:
  ItemPopularity(const OrderedEvents& events, std::uint8_t exposure_type, const TrainingEvents& training);

  // Exposures of an item before an instant.
  [[nodiscard]] std::uint32_t before(std::uint32_t item, std::int64_t time_us) const;

 private:
  std::vector<std::uint32_t> begin_;  // of each item's instants; one more entry for the end
  std::vector<std::int64_t> times_us_;
};

}  // namespace causal_sessions
