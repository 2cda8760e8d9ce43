#include "run/run.h"

namespace causal_sessions {

TrialSetup Run::setup() const {
  TrialSetup setup = trial_setup(plan, events.types, data_end_us);
  if (plan.split.kind == SplitKind::kHash) {  // nothing of other users decides what training users get
    setup.part_of = [this](std::uint32_t user) { return part_by_hash(events.users[user], plan.split); };
  }
  return setup;
}

}  // namespace causal_sessions
