// Sums up what follows the exposures of an event stream in either arm, while the events are made. See simulate.h.
#pragma once

#include <cstdint>

#include "core/random.h"
#include "simulate/behaviour.h"
#include "simulate/simulate.h"

namespace causal_sessions {

class TruthMeter {
 public:
  explicit TruthMeter(const SimulateOptions& options);

  // Called at every exposure, as EventStream::OnExposure.
  void follow(const Visit& visit, std::int64_t t0_us, StreamKey visit_key);
  [[nodiscard]] Truth truth() const;

 private:
  Behaviour behaviour_;
  StreamKey root_;
  Xoshiro256 selection_;
  double wanted_;           // pairs an exposure
  std::uint32_t repeats_;   // pairs an exposure that is followed
  std::uint64_t eligible_ = 0, followed_ = 0;  // exposures
  double treated_ = 0, untreated_ = 0, difference_ = 0, difference_squared_ = 0;
};

}  // namespace causal_sessions
