// Sums up what follows the exposures of an event stream in either arm, while the events are made. See simulate.h.
#pragma once

#include <cstdint>
#include <map>

#include "core/random.h"
#include "simulate/behaviour.h"
#include "simulate/options.h"
#include "simulate/true_effect.h"

namespace causal_sessions {

class TruthMeter {
 public:
  explicit TruthMeter(const SimulateOptions& options);

  // Called at every exposure, as EventStream::OnExposure.
  void follow(const Visit& visit, std::int64_t t0_us, StreamKey visit_key);
  [[nodiscard]] Truth truth() const;

 private:
  struct UserSums {
    double count = 0, difference = 0;
  };
  class WeightedMean {
   public:
    void add(double weight, double value) {
      weights_ += weight;
      sum_ += weight * value;
    }
    [[nodiscard]] double mean() const { return weights_ == 0 ? 0 : sum_ / weights_; }

   private:
    double weights_ = 0, sum_ = 0;
  };

  [[nodiscard]] double standard_error() const;

  Behaviour behaviour_;
  StreamKey root_;
  Xoshiro256 selection_;
  double share_ = 1;                           // of the exposures that are followed
  std::uint32_t repeats_ = 2;                  // pairs an exposure that is followed
  std::uint64_t eligible_ = 0, followed_ = 0;  // exposures
  double treated_ = 0, untreated_ = 0, difference_ = 0;
  double within_ = 0;  // sum of the variances of each exposure's mean difference
  WeightedMean on_treated_, on_overlap_;
  std::map<std::uint32_t, UserSums> users_;
};

}  // namespace causal_sessions
