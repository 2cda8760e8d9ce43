#include "trial/trials.h"

#include "trial/row_maker.h"
#include "trial/rules.h"

namespace causal_sessions {

Trials build_trials(OrderedEvents& events, const Sessions& sessions, const TrialSetup& setup) {
  RowMaker rows(events, sessions, setup);
  rule_of(setup.kind).add_rows(rows);
  return rows.take();
}

}  // namespace causal_sessions
