// The rules by which sessions become rows, one file each: session.cpp, exposure.cpp, landmark.cpp, matched.cpp. trials.h says
// what each one does. Whoever needs to know of a rule asks its traits here, not which rule it is.
#pragma once

#include "trial/trial_options.h"

namespace causal_sessions {

class RowMaker;

struct Rule {
  IndexKind kind;
  bool time_zero;  // a row has one; else it is the notebook's session
  bool window;     // a treatment inside a window after time zero makes T = 1
  bool exposure;   // time zero belongs to an exposure of the session
  bool controls;   // rows of treated sessions, with others that are drawn for them
  void (*add_rows)(RowMaker& rows);
};

[[nodiscard]] const Rule& rule_of(IndexKind kind);

void add_session_rows(RowMaker& rows);
void add_exposure_rows(RowMaker& rows);
void add_landmark_rows(RowMaker& rows);
void add_matched_rows(RowMaker& rows);

}  // namespace causal_sessions
