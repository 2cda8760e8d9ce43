#include "trial/follow_up.h"

#include <algorithm>

#include "core/cold.h"
#include "core/elapsed.h"

namespace causal_sessions {

FollowUp::FollowUp(const OrderedEvents& events, const TrialSetup& setup)
    : events_(events), setup_(setup), rule_(rule_of(setup.kind)) {
  for (const std::uint8_t type : setup.other_types) arm_[type] = Arm::kOther;
  if (setup.compares()) arm_[setup.comparator_type] = Arm::kComparator;
  arm_[setup.treatment_type] = Arm::kTreatment;
}

void FollowUp::enter(std::uint32_t begin, std::uint32_t end) {
  treatments_.clear();
  outcomes_.clear();
  exposures_.clear();
  session_ends_.clear();
  end_ = end;
  exposure_ = treatment_ = outcome_ = 0;
  const std::uint8_t* types = events_.type.data();
  for (std::uint32_t i = begin; i < end; ++i) {
    const std::uint8_t type = types[i];
    if (arm_[type] != Arm::kNone) treatments_.push_back(i);
    if (type == setup_.outcome_type) outcomes_.push_back(i);
    if (type == setup_.exposure_type && (exposures_.empty() || events_.time_us[exposures_.back()] != events_.time_us[i])) {
      exposures_.push_back(i);
    }
  }
  if (setup_.scope != OutcomeScope::kSession) return;
  for (std::uint32_t at = begin; at < end;) session_ends_.push_back(at = session_end(events_, at, end, setup_.session));
}

std::uint32_t FollowUp::last_of(std::size_t treatments) const {
  while (treatments > 0) {
    const std::uint32_t at = treatments_[--treatments];
    if (arm_[events_.type[at]] != Arm::kOther) return at;
  }
  return kNone;
}

std::uint32_t FollowUp::next(const Marks& marks, std::uint32_t position) {
  const auto found = std::lower_bound(marks.begin(), marks.end(), position);
  return found == marks.end() ? kNone : *found;
}

std::uint32_t FollowUp::last_treatment(std::uint32_t position) const {
  const auto found = std::lower_bound(treatments_.begin(), treatments_.end(), position);
  return last_of(static_cast<std::size_t>(found - treatments_.begin()));
}

std::int64_t FollowUp::last_exposure_us(std::uint32_t position) const {
  return events_.time_us[*std::prev(std::lower_bound(exposures_.begin(), exposures_.end(), position))];
}

FollowUp::Exposure FollowUp::exposure_at(std::uint32_t position, std::uint32_t session_end) {
  Exposure exposure;
  const std::int64_t time_us = events_.time_us[position];
  std::uint32_t instant_end = position + 1;
  while (instant_end < session_end && events_.time_us[instant_end] == time_us) ++instant_end;
  exposure.start = {time_us, position + 1, position, instant_end};
  while (treatment_ < treatments_.size() && treatments_[treatment_] < position) ++treatment_;
  while (outcome_ < outcomes_.size() && outcomes_[outcome_] < position) ++outcome_;
  exposure.last_treatment = last_of(treatment_);
  if (outcome_ > 0) exposure.last_outcome = outcomes_[outcome_ - 1];
  if (treatment_ < treatments_.size()) exposure.next_treatment = treatments_[treatment_];
  if (outcome_ < outcomes_.size()) exposure.next_outcome = outcomes_[outcome_];
  if (exposure_ + 1 < exposures_.size()) exposure.next_exposure = exposures_[exposure_ + 1];
  exposure.x_end = std::min({exposure.next_treatment, exposure.next_outcome, instant_end});
  return exposure;
}

FollowUp::Window FollowUp::window(const Start& start) const {
  std::uint32_t next_exposure = next(exposures_, start.position);
  while (next_exposure != kNone && events_.time_us[next_exposure] <= start.time_us) {
    next_exposure = next(exposures_, next_exposure + 1);  // of the instant itself
  }
  return window(start, next_exposure);
}

FollowUp::Window FollowUp::window(const Start& start, std::uint32_t next_exposure) const {
  Window window;
  window.end_us = later(start.time_us, setup_.window.us);
  window.end = end_;
  window.next_exposure = next_exposure;
  if (window.next_exposure == kNone) return window;
  const std::int64_t next_us = events_.time_us[window.next_exposure];
  window.holds_exposure = next_us <= window.end_us;
  if (setup_.window_ends == WindowEnds::kNextExposure && window.holds_exposure) {
    window.end_us = next_us;
    window.end = window.next_exposure;
  }
  return window;
}

FollowUp::Assigned FollowUp::assigned(const Start& start, const Window& window) const {
  auto at = std::lower_bound(treatments_.begin(), treatments_.end(), start.position);
  const auto inside = [&] { return at != treatments_.end() && *at < window.end && events_.time_us[*at] <= window.end_us; };
  if (!inside()) return {};
  if (!setup_.same_item) return {arm_[events_.type[*at]], *at};
  std::vector<std::uint32_t> items;
  for (std::uint32_t i = start.exposed_begin; i < start.exposed_end; ++i) {
    if (events_.type[i] == setup_.exposure_type && events_.item[i] != StringPool::kNone) items.push_back(events_.item[i]);
  }
  std::sort(items.begin(), items.end());
  for (; inside(); ++at) {
    if (std::binary_search(items.begin(), items.end(), events_.item[*at])) return {arm_[events_.type[*at]], *at};
  }
  return {};
}

std::int64_t FollowUp::outcomes_from_us(std::int64_t time_zero_us) const {
  return setup_.from == OutcomeFrom::kWindowEnd ? later(time_zero_us, setup_.window.us) : time_zero_us;
}

std::int64_t FollowUp::outcomes_until_us(std::int64_t time_zero_us) const {
  return later(outcomes_from_us(time_zero_us), setup_.horizon.us);
}

std::uint32_t FollowUp::outcome(std::uint32_t x_end, std::int64_t time_zero_us) const {
  const bool strict = setup_.from == OutcomeFrom::kWindowEnd;
  return outcome_between(x_end, strict ? outcomes_from_us(time_zero_us) : behind(time_zero_us), outcomes_until_us(time_zero_us));
}

COLD std::span<const std::uint32_t> FollowUp::outcomes(std::uint32_t x_end, std::int64_t time_zero_us) const {
  const std::uint32_t first = outcome(x_end, time_zero_us);
  if (first == kNone) return {};
  const std::int64_t until_us = outcomes_until_us(time_zero_us);
  const std::uint32_t end = setup_.scope == OutcomeScope::kSession ? session_end_at(x_end) : end_;
  const auto from = std::lower_bound(outcomes_.begin(), outcomes_.end(), first);
  const auto to =
      std::find_if(from, outcomes_.end(), [&](std::uint32_t at) { return at >= end || events_.time_us[at] > until_us; });
  return {from, to};
}

std::uint32_t FollowUp::outcome_in_window(std::uint32_t x_end, std::int64_t time_zero_us, const Window& window) const {
  const bool strict = setup_.from == OutcomeFrom::kWindowEnd;
  return outcome_between(x_end, behind(time_zero_us), strict ? outcomes_from_us(time_zero_us) : window.end_us);
}

std::uint32_t FollowUp::outcome_between(std::uint32_t position, std::int64_t after_us, std::int64_t until_us) const {
  auto at = std::lower_bound(outcomes_.begin(), outcomes_.end(), position);
  if (at != outcomes_.end() && events_.time_us[*at] <= after_us) {
    at = std::upper_bound(at, outcomes_.end(), after_us,
                          [this](std::int64_t time_us, std::uint32_t mark) { return time_us < events_.time_us[mark]; });
  }
  if (at == outcomes_.end() || events_.time_us[*at] > until_us) return kNone;
  return setup_.scope == OutcomeScope::kSession && *at >= session_end_at(position) ? kNone : *at;
}

std::uint32_t FollowUp::session_end_at(std::uint32_t position) const {
  return *std::lower_bound(session_ends_.begin(), session_ends_.end(), position);
}

FollowUp::Start start_of_row(const OrderedEvents& events, const TrialSetup& setup, std::uint32_t begin, std::uint32_t end,
                             std::int64_t time_zero_us) {
  if (!rule_of(setup.kind).exposure) return {time_zero_us, end, 0, 0};
  std::uint32_t exposure = end - 1;
  while (events.type[exposure] != setup.exposure_type) --exposure;
  FollowUp::Start start{events.time_us[exposure], 0, exposure, end};
  for (std::uint32_t i = exposure; i > begin && events.time_us[i - 1] == start.time_us; --i) {
    if (events.type[i - 1] == setup.exposure_type) start.exposed_begin = i - 1;
  }
  start.position = start.exposed_begin + 1;
  return start;
}

}  // namespace causal_sessions
