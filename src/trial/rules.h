// The rules by which sessions become rows, one file each: session.cpp, exposure.cpp, landmark.cpp, matched.cpp. trials.h says
// what each one does. Whoever needs to know of a rule asks its traits here, not which rule it is.
#pragma once

#include <array>
#include <string_view>

#include "trial/trial_options.h"

namespace causal_sessions {

class Delays;
class RowMaker;

void add_session_rows(RowMaker& rows);
void add_exposure_rows(RowMaker& rows);
void add_landmark_rows(RowMaker& rows);
void add_matched_rows(RowMaker& rows);

// What add_exposure_rows() draws from where delays are drawn, of all donors: those of the maker's sessions are added.
void gather_exposure_delays(RowMaker& rows, Delays& delays);

struct Rule {
  IndexKind kind;
  std::string_view name, label;      // as index.kind has it, and as people read it
  bool time_zero;                    // a row has one; else it is the notebook's session
  bool window;                       // a treatment inside a window after time zero makes T = 1
  bool exposure;                     // time zero belongs to an exposure of the session
  bool controls;                     // rows of treated sessions, with others that are drawn for them
  void (*add_rows)(RowMaker& rows);  // of the maker's sessions; with controls, of all sessions
};

//                                                                                          time zero  window exposure controls
inline constexpr std::array kRules = {
    Rule{IndexKind::kSession, "session", "None", false, false, false, false, add_session_rows},
    Rule{IndexKind::kExposure, "exposure", "Each exposure", true, true, true, false, add_exposure_rows},
    Rule{IndexKind::kLandmark, "landmark", "Fixed time after session start", true, true, false, false, add_landmark_rows},
    Rule{IndexKind::kMatched, "matched", "Matched to treated sessions", true, false, false, true, add_matched_rows}};

[[nodiscard]] constexpr const Rule& rule_of(IndexKind kind) { return kRules[static_cast<std::size_t>(kind)]; }

static_assert([] {
  for (const Rule& rule : kRules) {
    if (&rule_of(rule.kind) != &rule) return false;
  }
  return true;
}());

}  // namespace causal_sessions
