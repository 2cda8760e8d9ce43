// Any bytes as a file: whatever pieces it comes in, a run makes the same of it, or refuses it with the same words.
#include "support.h"
#include "target.h"

namespace causal_sessions::fuzz {

void run_events(std::string_view input) {
  static const Plan kPlans[] = {
      plan_of(""),
      plan_of(R"({"profile": "causal", "events": {"unknown": "drop"}, "rows": {"bad": "drop"}})"),
      plan_of(R"({"input": {"rows": "data"}, "columns": {"item": "items[].id"}, "events": {"unknown": "add"}})"),
      plan_of(R"({"columns": {"user": ["p.u", "user"], "item": "p.items[k=a].v"}, "events": {"unknown": "add"}})"),
  };
  Dice dice = dice_of(input);
  for (const Plan& plan : kPlans) {
    const std::string one = run_file(plan, input, Access::kByRanges);
    expect_same("one piece and many", one, run_file(plan, input, Access::kByRanges, &dice));
  }
}

}  // namespace causal_sessions::fuzz
