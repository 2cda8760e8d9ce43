// Trials: sessions -> rows with their X, T and Y, by one declared rule for both arms.
//
// kSession   the notebook's rule, one row a session: T = 1 if it has a treatment event, Y = 1 if it has an outcome
//            event anywhere. X = the events before the first treatment event (that one alone if it comes first), or all
//            events where there is none; padded to min_tokens, cut to max_tokens. Each session is ordered once more by
//            the tie rule before it is cut, as the notebook does: NumPy's unstable sort can move ties again.
// kExposure  one row for each instant at which the session has exposures.
// kLandmark  one row a session, t0 = its start + landmark_us, while the session is not over by the gap.
// kMatched   risk sets: a row for each session that is treated, t0 = the microsecond before its first treatment; and for each
//            of them `controls` rows of other users' sessions with as many exposures, at the same time after the last of them,
//            not over by the gap, without treatment and outcome so far, and about as old (by a tenth or a minute). They may be
//            treated later, and be drawn again. X ends at the last exposure in both arms.
// With a time zero t0:
//   X = the session's events up to t0. T = 1 if the user has a treatment event in (t0, t0 + window], and with
//   WindowEnds::kNextExposure before the user's next exposure, so that a treatment belongs to one trial.
//   Y = 1 if the user has an outcome event in (t0, t0 + horizon], or in (t0 + window, t0 + window + horizon] with
//   OutcomeFrom::kWindowEnd. At the instant of an exposure, treatments and outcomes behind it by the tie rule follow it.
//   Not eligible: a treatment event of the session before it, one of the user within washout_us before it, an outcome
//   event before it (PriorOutcome::kExclude), with kWindowEnd any outcome in the window.
// What happens between an exposure and its treatment, by GracePeriod:
//   kExclude   t0 = the exposure; a row whose outcome comes before its treatment is left out. That is asked in the treated
//              arm alone, so it selects.
//   kAlign     Treated is whose wait for an outcome, the next exposure or the window's end a treatment ends first; its t0 =
//              the microsecond before. t0 of every other row = its exposure + a delay d, drawn from the delays of donors'
//              treated exposures; it is left out if its wait was over by then. Those that were not treated are more often
//              those that had little time to be, so one whose wait took u stays with probability K(window) / K(u), K(u)
//              being Kaplan and Meier's share of donors' exposures not treated by u; which is to weight it by the inverse
//              probability of not being treated. A delay is drawn with weight 1 / S(d), S(d) being the sum of 1 / K(u) over
//              donors' untreated exposures still there at d, so that the rows that stay have the delays of the treated.
//              Lengths are no matter of donors: they are asked of a row once its time zero is known, in both arms alike.
//   kKeep      t0 = the exposure, or the landmark; every row stays. For treatments that chance assigned at t0, whose probability is
//              known: the rows as they were assigned (intention to treat), whether the treatment's event or an outcome comes first.
// Outcomes inside the window under kExclude, and that share under kAlign, look past t0; nothing else does.
//
// Every row that is left out is counted, by the first rule that it meets.
//
// Needs:   ordered events and their sessions.
// Threads: ranges of users, once for donors' delays and once for the rows; kMatched is not cut.
// Cost:    linear in the events of users with sessions, twice with kAlign; with kMatched also
//          in the sessions that a draw passes over; 50 bytes a row, 37 without a time zero.
// Draws are made by hash of seed, user, session and time, so that neither the order of users nor other users move them;
// kMatched's by the hashes of the sessions that are there.
//
// Source:  the notebook's transform_session_to_sequence; Hernan et al. 2016 for one time zero in both arms; for the grace
//          period Cain et al. 2010, Maringe et al. 2020; for risk sets Li, Propert and Rosenbaum 2001.
#pragma once

#include "session/order.h"
#include "session/sessionize.h"
#include "trial/attrition.h"
#include "trial/trial_setup.h"
#include "trial/trial_table.h"

namespace causal_sessions {

[[nodiscard]] Trials build_trials(OrderedEvents& events, const Sessions& sessions, const TrialSetup& setup,
                                  const Workers& workers = Workers());

}  // namespace causal_sessions
