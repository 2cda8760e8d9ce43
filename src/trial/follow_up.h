// What follows a time zero: the window in which a treatment makes T = 1, and the outcomes that make Y = 1. Rows, audit
// and a look at one session all ask here, so that what T and Y are stands in one place.
//
// "Behind" is by position: later, or at the same instant and later by the tie rule.
//
// Needs:   one user's ordered events at a time; they and the options outlive the object.
// Cost:    linear in the user's events to enter, logarithmic a question.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "session/order.h"
#include "trial/rules.h"
#include "trial/trial_setup.h"

namespace causal_sessions {

class FollowUp {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFFu;

  // Where a window begins: at an instant, and at the first position that a treatment in it may have.
  struct Start {
    std::int64_t time_us = 0;
    std::uint32_t position = 0;
    // Of the exposure's events, whose items a treatment must have with TrialOptions::same_item; else not looked at.
    std::uint32_t exposed_begin = 0, exposed_end = 0;
  };
  // What a window holds: its last instant, and the first position that is no longer in it.
  struct Window {
    std::int64_t end_us = 0;
    std::uint32_t end = 0;
    std::uint32_t next_exposure = kNone;  // behind the start, in the window or not
    bool holds_exposure = false;          // by its minutes alone
  };

  // What of all treatments comes first in a window, and so decides the arm of its row.
  enum class Arm : std::uint8_t { kNone, kTreatment, kComparator, kOther };
  struct Assigned {
    Arm arm = Arm::kNone;
    std::uint32_t at = kNone;  // the treatment; kNone without one
  };

  // An instant at which the user has exposures, and the marks around it; kNone where there is none.
  struct Exposure {
    Start start;
    std::uint32_t x_end = 0;  // of a history that ends with it: up to a treatment or outcome behind it
    std::uint32_t last_treatment = kNone, last_outcome = kNone;  // before it; the comparator is a treatment, others are not
    std::uint32_t next_treatment = kNone, next_outcome = kNone;  // behind it; treatments of any kind
    std::uint32_t next_exposure = kNone;                         // of the next instant
  };

  FollowUp(const OrderedEvents& events, const TrialSetup& setup);

  // The events [begin, end) are those of a user.
  void enter(std::uint32_t begin, std::uint32_t end);

  // Calls visit(Exposure) for every instant of exposures in [begin, end), a session of the user. Sessions come in their order.
  template <class Visit>
  void each_exposure(std::uint32_t begin, std::uint32_t end, Visit visit) {
    while (exposure_ < exposures_.size() && exposures_[exposure_] < begin) ++exposure_;
    for (; exposure_ < exposures_.size() && exposures_[exposure_] < end; ++exposure_)
      visit(exposure_at(exposures_[exposure_], end));
  }

  [[nodiscard]] Window window(const Start& start) const;
  [[nodiscard]] Window window(const Exposure& exposure) const { return window(exposure.start, exposure.next_exposure); }
  [[nodiscard]] Assigned assigned(const Start& start, const Window& window) const;
  // The treatment that makes T = 1: the first one of any kind in the window, kNone if it is another one or there is none.
  [[nodiscard]] std::uint32_t treatment(const Start& start, const Window& window) const {
    const Assigned first = assigned(start, window);
    return first.arm == Arm::kTreatment ? first.at : kNone;
  }
  // The one that makes T = 1 in a row whose X ends at a position; of a treated row.
  [[nodiscard]] std::uint32_t treatment_of_row(std::uint32_t x_end, const Start& start, const Window& window) const {
    return rule_.controls ? next(treatments_, x_end) : treatment(start, window);
  }
  // The last treatment of the user before a position, or the comparator; kNone without one.
  [[nodiscard]] std::uint32_t last_treatment(std::uint32_t position) const;
  // The last instant of exposures before a position, which there must be.
  [[nodiscard]] std::int64_t last_exposure_us(std::uint32_t position) const;
  // The first outcome in the window of a row whose X ends at a position; with OutcomeFrom::kWindowEnd in all its minutes.
  [[nodiscard]] std::uint32_t outcome_in_window(std::uint32_t x_end, std::int64_t time_zero_us, const Window& window) const;
  // The one that makes Y = 1, kNone where Y = 0.
  [[nodiscard]] std::uint32_t outcome(std::uint32_t x_end, std::int64_t time_zero_us) const;
  // All that count: it, and the others up to the end of the follow-up. Good until another user is entered.
  [[nodiscard]] std::span<const std::uint32_t> outcomes(std::uint32_t x_end, std::int64_t time_zero_us) const;
  // From when to when it may be.
  [[nodiscard]] std::int64_t outcomes_from_us(std::int64_t time_zero_us) const;
  [[nodiscard]] std::int64_t outcomes_until_us(std::int64_t time_zero_us) const;

 private:
  using Marks = std::vector<std::uint32_t>;  // positions, ascending

  [[nodiscard]] static std::uint32_t next(const Marks& marks, std::uint32_t position);
  // Of the first so many treatments of any kind the last one whose arm is a row's; kNone without one.
  [[nodiscard]] std::uint32_t last_of(std::size_t treatments) const;
  // The position behind the last event of the session that holds the one before a position.
  [[nodiscard]] std::uint32_t session_end_at(std::uint32_t position) const;
  [[nodiscard]] Exposure exposure_at(std::uint32_t position, std::uint32_t session_end);
  [[nodiscard]] Window window(const Start& start, std::uint32_t next_exposure) const;
  [[nodiscard]] std::uint32_t outcome_between(std::uint32_t position, std::int64_t after_us, std::int64_t until_us) const;
  // Behind an exposure an outcome stands by position, behind any other time zero by time.
  [[nodiscard]] std::int64_t behind(std::int64_t time_zero_us) const { return rule_.exposure ? INT64_MIN : time_zero_us; }

  const OrderedEvents& events_;
  const TrialSetup& setup_;
  const Rule& rule_;
  std::array<Arm, 256> arm_{};  // by event type
  std::uint32_t end_ = 0;
  Marks treatments_, outcomes_, exposures_;                 // treatments of any kind; of exposures the first of each instant
  Marks session_ends_;                                      // where outcomes are those of a session
  std::size_t exposure_ = 0, treatment_ = 0, outcome_ = 0;  // each_exposure() has passed those before
};

// Where the window of a row begins whose history is the events [begin, end): at its exposure, the last one in there, or at
// time zero.
[[nodiscard]] FollowUp::Start start_of_row(const OrderedEvents& events, const TrialSetup& setup, std::uint32_t begin,
                                           std::uint32_t end, std::int64_t time_zero_us);

}  // namespace causal_sessions
