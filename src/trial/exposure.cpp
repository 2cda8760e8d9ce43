// IndexKind::kExposure: a row for each instant at which a session has exposures.
#include <algorithm>

#include "core/elapsed.h"
#include "trial/delays.h"
#include "trial/row_maker.h"
#include "trial/rules.h"

namespace causal_sessions {
namespace {

class ExposureRows {
 public:
  explicit ExposureRows(RowMaker& rows) : rows_(rows) {}

  void add() {
    for (std::uint32_t s = rows_.range.begin; s < rows_.range.end; ++s) {
      rows_.enter_user_of(s);
      add_rows(s);
    }
  }

  void gather(Delays& delays) {
    for (std::uint32_t s = rows_.range.begin; s < rows_.range.end; ++s) {
      if (!rows_.is_donor(s)) continue;
      rows_.enter_user_of(s);
      rows_.follow_up.each_exposure(rows_.sessions.begin[s], rows_.sessions.end[s], [&](const Exposure& exposure) {
        if (at_exposure(exposure, s).left_out) return;
        const FollowUp::Assigned first = rows_.follow_up.assigned(exposure.start, rows_.follow_up.window(exposure));
        if (!comes_first(exposure, first.at)) {
          delays.add_untreated(free_us(exposure));
        } else if (first.arm == FollowUp::Arm::kTreatment) {
          delays.add_treated(delay_us(exposure.start, first.at));
        } else {
          delays.add_otherwise_treated(delay_us(exposure.start, first.at));
        }
      });
    }
  }

 private:
  using Start = FollowUp::Start;
  using Window = FollowUp::Window;
  using Exposure = FollowUp::Exposure;
  static constexpr std::uint32_t kNone = FollowUp::kNone;

  // What is known at an exposure of a session: whether it is eligible.
  [[nodiscard]] Candidate at_exposure(const Exposure& exposure, std::uint32_t s) const {
    const auto in_session = [&](std::uint32_t mark) { return mark != kNone && mark >= rows_.sessions.begin[s]; };
    Candidate row;
    row.time_zero_us = exposure.start.time_us;
    row.x_end = exposure.x_end;
    row.leave_out(Filter::kPriorTreatment, in_session(exposure.last_treatment));
    row.leave_out(Filter::kPriorOutcome, rows_.setup.prior == PriorOutcome::kExclude && in_session(exposure.last_outcome));
    rows_.look_for_washout(row, exposure.last_treatment);
    return row;
  }

  void add_rows(std::uint32_t s) {
    rows_.follow_up.each_exposure(rows_.sessions.begin[s], rows_.sessions.end[s], [&](const Exposure& exposure) {
      Candidate row = at_exposure(exposure, s);
      const Start& start = exposure.start;
      const Window window = rows_.follow_up.window(exposure);
      FollowUp::Assigned first = rows_.follow_up.assigned(start, window);
      if (rows_.setup.draws_delays() && !comes_first(exposure, first.at)) first = {};
      if (rows_.setup.draws_delays()) align(row, exposure, first.at, s);
      const std::uint32_t treatment = rows_.treatment_of(row, first);
      rows_.follow(row, window, treatment);
      row.treated_at_once = treatment != kNone && rows_.events.time_us[treatment] == start.time_us;
      row.censored |= later(start.time_us, rows_.setup.window.us) > rows_.setup.data_end_us;
      if (treatment != kNone && !rows_.setup.draws_delays() &&
          (!row.left_out || *row.left_out == Filter::kOutcomeBeforeTreatment)) {
        rows_.note_delay(elapsed_us(rows_.follow_up.last_exposure_us(treatment), rows_.events.time_us[treatment]));
      }
      rows_.finish(row, s);
    });
  }

  // The last delay at which an exposure could still be treated, at least 0: nothing that ends the wait has happened by
  // then. A treatment that is none of T's ends it too. One in the instant of the next exposure would be that one's, so the
  // next exposure must be later than the instant after the delay, where a treated row has its treatment.
  [[nodiscard]] std::int64_t free_us(const Exposure& exposure) const {
    const auto until = [&](std::uint32_t mark) { return elapsed_us(exposure.start.time_us, rows_.events.time_us[mark]); };
    std::int64_t free = rows_.setup.window.us;
    const std::uint32_t first = std::min(exposure.next_treatment, exposure.next_outcome);
    if (first != kNone) free = std::min(free, until(first) - 1);
    if (exposure.next_exposure != kNone) free = std::min(free, until(exposure.next_exposure) - 2);
    return std::max<std::int64_t>(free, 0);
  }

  // Whether nothing ends the wait for a treatment before it comes.
  [[nodiscard]] static bool comes_first(const Exposure& exposure, std::uint32_t treatment) {
    return treatment != kNone && exposure.next_treatment == treatment && exposure.next_outcome > treatment;
  }

  // From an exposure to the microsecond before its treatment.
  [[nodiscard]] std::int64_t delay_us(const Start& start, std::uint32_t treatment) const {
    return std::max<std::int64_t>(elapsed_us(start.time_us, rows_.events.time_us[treatment]) - 1, 0);
  }

  // Moves time zero from the exposure to the treatment, or by a delay like those of the treated.
  void align(Candidate& row, const Exposure& exposure, std::uint32_t treatment, std::uint32_t s) {
    const Start& start = exposure.start;
    std::int64_t delay = 0;
    if (treatment != kNone) {
      delay = delay_us(start, treatment);
    } else {
      Xoshiro256 random(rows_.key_of(s).child(static_cast<std::uint64_t>(start.time_us)));
      const std::int64_t free = free_us(exposure);
      delay = rows_.delays->draw(random.uniform());
      if (delay > free) {
        const bool over = exposure.next_exposure != kNone &&
                          elapsed_us(start.time_us, rows_.events.time_us[exposure.next_exposure]) - 2 < delay;
        row.leave_out(over ? Filter::kNextExposure : Filter::kEventBeforeTimeZero, true);
      } else {
        row.leave_out(Filter::kThinned, random.uniform() >= rows_.delays->stays(free));
      }
    }
    row.time_zero_us = later(start.time_us, delay);
    const std::uint32_t end = std::min(rows_.sessions.end[s], treatment);
    while (delay > 0 && row.x_end < end && rows_.events.time_us[row.x_end] <= row.time_zero_us) ++row.x_end;
  }

  RowMaker& rows_;
};

}  // namespace

void gather_exposure_delays(RowMaker& rows, Delays& delays) { ExposureRows(rows).gather(delays); }

void add_exposure_rows(RowMaker& rows) { ExposureRows(rows).add(); }

}  // namespace causal_sessions
