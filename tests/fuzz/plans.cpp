// Tables as text under many plans, with an audit, a list of the sessions and a look at some: the same from one piece and
// from many, in one file and in two, read anew and started from kept events.
#include "tables.h"
#include "target.h"

namespace causal_sessions::fuzz {
namespace {

// Another plan of the table that reads as this one does.
const Plan* reads_alike(const Plan& plan, Dice& dice) {
  const std::vector<Plan>& plans = table_plans();
  const std::size_t first = dice.below(plans.size());
  for (std::size_t i = 0; i < plans.size(); ++i) {
    const Plan& other = plans[(first + i) % plans.size()];
    if (plan.reading == other.reading) return &other;
  }
  return nullptr;
}

}  // namespace

void run_plans(std::string_view input) {
  const std::optional<TableInput> table = table_input(input);
  if (!table) return;
  Dice dice = dice_of(input);
  const Dice shown = dice;
  const MadeRun one = make_run(table->plan, table->files, nullptr);
  expect_same("one piece and many", everything(one, shown), everything(make_run(table->plan, table->files, &dice), shown));
  if (!one.status.ok()) return;
  const Plan* const other = reads_alike(table->plan, dice);
  if (other == nullptr) return;
  MadeRun started{std::make_unique<Run>(*other, WithAudit::kYes), {}};
  started.run->keep_events = true;
  expect(start_from(*started.run, *one.run), "a run starts from events that are read alike");
  started.status = run_to_end(*started.run);
  expect_same("read anew and started from kept events", everything(make_run(*other, table->files, nullptr), shown),
              everything(started, shown));
}

}  // namespace causal_sessions::fuzz
