// What the group with T = 0 is called where people read of it: untreated, or by the event type of the treatment that it has instead
// (TrialOptions::comparator). Words about the groups are written with "untreated", and go through here.
#pragma once

#include <string>
#include <string_view>

#include "trial/trial_options.h"

namespace causal_sessions {

class ControlName {
 public:
  ControlName() = default;
  explicit ControlName(const TrialOptions& trial);

  // Words that hold nothing of the data, with the name in place of "untreated".
  [[nodiscard]] std::string in(std::string_view words) const;
  [[nodiscard]] const std::string& text() const { return text_; }
  // After a comparator.
  [[nodiscard]] bool is_named() const { return is_named_; }

 private:
  std::string text_ = "untreated";
  bool is_named_ = false;
};

}  // namespace causal_sessions
