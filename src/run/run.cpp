#include "run/run.h"

#include "formats/json/fields.h"

namespace causal_sessions {

TrialSetup Run::setup() const {
  TrialSetup setup = trial_setup(plan, events.types, data_end_us);
  if (plan.split.kind == SplitKind::kHash) {  // nothing of other users decides what training users get
    setup.part_of = [this](std::uint32_t user) { return part_by_hash(events.users[user], plan.split); };
  }
  return setup;
}

std::vector<const Plan*> Run::other_plans() const {
  const auto own = plan_json(plan);
  std::vector<const Plan*> others;
  for (const Plan& one : reading->tried) {
    Plan written_alike = one;  // how files are written is no matter of an effect
    written_alike.write = plan.write;
    if (plan_json(written_alike) != own) others.push_back(&one);
  }
  return others;
}

void Run::note_estimate() const {
  if (other_plans().size() == reading->tried.size()) reading->tried.push_back(plan);
}

}  // namespace causal_sessions
